"""Remedies for pipelines: a file for each check and tool with every exception's snippet, and the templates in `findings.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from ...assess import Assessment
from ...checks import ALL
from ...files import write_atomically
from ...model import Finding, Outcome
from ...remedy import filled, remedy_of

FOLDER = "remedies"
SUFFIXES: Mapping[str, str] = {"code": "txt", "cli": "sh", "cloudformation": "yaml", "terraform": "tf"}
MOST = 200
_SEPARATORS = {"cloudformation": "---\n"}
_ADVICE = "Read, adapt and choose: words in capitals are yours to fill in."
# A file of commands is read and copied from. Whoever runs it as a whole changes nothing.
_STOP = "echo 'Nothing was changed: read this file and run the parts that you have chosen.' >&2\nexit 1\n"


def remedy_entries(assessment: Assessment) -> dict[str, Any]:
    """The templates of every check that failed, once each, with their placeholders."""
    entries: dict[str, Any] = {}
    for name in sorted({each.check for each in to_mend(assessment)}):
        remedy = remedy_of(name)
        if remedy is not None:
            variants = {
                value: {tool: template.text for tool, template in templates.items()}
                for value, templates in remedy.variants.items()
            }
            entries[name] = {"note": remedy.note, "by": remedy.by, "variants": variants}
    return entries


def to_mend(assessment: Assessment) -> Iterator[Finding]:
    """The failures that nobody has accepted."""
    return (each for each in assessment.findings if each.outcome is Outcome.FAIL and assessment.waiver_of(each) is None)


def remedy_files(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """The name and the text of each file of the folder `remedies`."""
    for check, found in groupby(to_mend(assessment), key=lambda each: each.check):
        failed = list(found)
        snippets = [(each, filled(each, assessment.evidence)) for each in failed[:MOST]]
        for tool, suffix in SUFFIXES.items():
            parts = [_part(tool, each, texts[tool]) for each, texts in snippets if tool in texts]
            if parts:
                yield f"{check}.{suffix}", _head(check, tool, len(parts), len(failed)) + "\n".join(parts)


def _head(check: str, tool: str, shown: int, failed: int) -> str:
    remedy = remedy_of(check)
    said = [f"{check}: {ALL[check].summary}", _ADVICE, *([remedy.note] if remedy and remedy.note else [])]
    if failed > MOST:
        said.append(f"The first {MOST} of {failed:,} exceptions; the template in findings.json serves for the others.")
    lines = "".join(f"# {line}\n" for line in said)
    return lines + (_STOP if tool == "cli" else "") + "\n"


def _part(tool: str, each: Finding, text: str) -> str:
    subject = each.subject
    place = "/".join(part for part in (subject.account, subject.region) if part)
    said = _one_line(f"{subject} in {place}, finding {each.id}")
    return f"{_SEPARATORS.get(tool, '')}# {said}\n{text}"


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)


def write_remedies(assessment: Assessment, out: Path) -> None:
    """Write the folder `remedies` anew: what an earlier run left there may be mended by now. Raises OSError."""
    folder = out / FOLDER
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.stem in ALL and path.suffix.removeprefix(".") in SUFFIXES.values():
            path.unlink()
    for name, text in remedy_files(assessment):
        write_atomically(folder / name, text)
