"""What was read of code: the population of packages, and secrets that are written into them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ...assess import Assessment
from ...capture import Capture
from ...tables.code import CodePackage
from ...tables.secrets import WrittenSecret
from ..blocks import Block, Cell, Inline, badge, bullets, code, facts, heading, note, paragraph, table
from .wording import noun

MOST_PACKAGES = 60
MOST_SECRETS = 40
MOST_NAMED = 12
PACKAGE = "code:Package"


def code_population(assessment: Assessment) -> list[Block]:
    """Packages, how many of their files were read by language, the handlers that start in them, and what was not read."""
    packages = assessment.evidence.rows(CodePackage)
    holes = assessment.evidence.holes(CodePackage)
    blocks: list[Block] = [heading(3, "Code that was read", "code")]
    if not packages and not holes:
        return [*blocks, paragraph("No code was read: every control on code is undetermined, and none is met.")]
    answers = {str(each.params.get("package", "")): each for each in assessment.captures if each.call == PACKAGE}
    languages: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for each in answers.values():
        languages.update(_counts(each, "languages"))
        others.update(_counts(each, "others"))
    started = sum(len(_entries(each)) for each in answers.values())
    guessed = sum(bool(one.get("guessed")) for each in answers.values() for one in _entries(each))
    unread = [(each.name, said) for each in packages if isinstance(each.unread, tuple) for said in each.unread]
    blocks.append(
        facts(
            [
                ("Packages", f"{len(packages):,} read, {len(holes):,} that could not be read"),
                ("Own source files read", _listed(languages) or "none"),
                ("In languages that are not read", _listed(others) or "none"),
                ("Own files not read, or only in part", f"{len(unread):,}"),
                (
                    "Of others (installed packages)",
                    f"{_sum(packages, 'vendored'):,} files, by their names and versions only",
                ),
                ("Handlers", f"{started:,}" + (f", of which {guessed:,} by their form alone" if guessed else "")),
            ]
        )
    )
    if holes or others or unread:
        blocks.append(
            note("warning", "What was not read is unknown, never passed: the controls on its code stay undetermined.")
        )
    ordered = sorted(packages, key=lambda each: (not each.unread, each.key))
    blocks.append(
        table(
            ["Package", "Kind", "Files", "Read", "Of others", "Languages", "Handlers", "Not read"],
            [_package(each, answers.get(each.name)) for each in ordered[:MOST_PACKAGES]],
            caption="Packages, those with unread files first",
            align="llrrrlll",
            total=len(packages),
            widths=[24, 8, 8, 8, 9, 16, 22, 28],
        )
    )
    if holes:
        told = {
            str(each.params.get("package", "")): each.message for each in assessment.captures if each.call == PACKAGE
        }
        rows: list[list[Cell]] = [
            [[code(name_of(str(each.subject)))], told.get(each.subject.native) or str(each.gap)]
            for each in holes[:MOST_PACKAGES]
        ]
        blocks.append(
            table(
                ["Package", "Why"], rows, caption="Packages that could not be read", total=len(holes), widths=[30, 70]
            )
        )
    if any(len(each.unread) > 1 for each in packages if isinstance(each.unread, tuple)):
        said: list[list[Inline | str]] = [[code(name_of(name)), f": {why}"] for name, why in unread[:MOST_NAMED]]
        blocks += [paragraph("Files that were not read:"), bullets(said)]
        if len(unread) > MOST_NAMED:
            blocks.append(paragraph(f"… and {len(unread) - MOST_NAMED:,} more."))
    return blocks


def name_of(package: str) -> str:
    """A package as people call it: a function by its name, a folder by its path."""
    if ":function:" in package or ":layer:" in package:
        return package.split(":", 6)[-1]
    return "the tree itself" if package in ("", ".") else package


def _package(row: CodePackage, capture: Capture | None) -> list[Cell]:
    handlers = [str(each.get("handler", "")) for each in _entries(capture)] if capture else []
    told = [*row.languages, *(f"{each} (not read)" for each in row.others)]
    return [
        [code(name_of(row.name))],
        row.kind,
        f"{row.files:,}",
        f"{row.parsed:,}",
        f"{row.vendored:,}",
        ", ".join(told) or "–",
        _few(handlers) or "none known",
        [badge(noun("file", len(row.unread)), "unknown"), f" {row.unread[0]}"] if row.unread else "–",
    ]


def _few(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _entries(capture: Capture) -> list[dict[str, Any]]:
    found = capture.answer.get("entries") if capture.gap() is None else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _counts(capture: Capture, name: str) -> dict[str, int]:
    found = capture.answer.get(name) if capture.gap() is None else None
    return {str(key): int(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[name]:,} {name}" for name in sorted(counts, key=lambda each: (-counts[each], each)))


def _sum(rows: Sequence[CodePackage], name: str) -> int:
    values = [getattr(each, name) for each in rows]
    return sum(each for each in values if isinstance(each, int))


def written_secrets(assessment: Assessment) -> list[Block]:
    """Secrets that stand in files, by where they are and of which kind they are; never their values."""
    rows = assessment.evidence.rows(WrittenSecret)
    holes = assessment.evidence.holes(WrittenSecret)
    found = sorted((each for each in rows if each.kind != "none"), key=lambda each: (_open(each), each.key))
    blocks: list[Block] = [heading(3, "Secrets written into files", "written-secrets")]
    if not rows and not holes:
        return [*blocks, paragraph("No files were searched, so nothing is known of secrets in them.")]
    searched: dict[str, int] = {}
    for each in rows:
        if isinstance(each.searched, int):
            searched[each.package] = max(searched.get(each.package, 0), each.searched)
    said = f"{noun('file', sum(searched.values()))} of {noun('package', len(searched))} were searched."
    lost = f" {noun('part', len(holes))} could not be." if holes else ""
    blocks.append(paragraph(f"{said}{lost} Values are neither kept nor shown; equal fingerprints mean equal values."))
    if found:
        blocks.append(
            table(
                ["Where", "Name", "What it is", "Certain", "Length", "Fingerprint", "The line, masked"],
                [_secret(each) for each in found[:MOST_SECRETS]],
                caption="Written secrets" + ("" if len(found) <= MOST_SECRETS else "; findings.csv has all of them"),
                align="llllrll",
                total=len(found),
                widths=[22, 15, 16, 12, 8, 13, 30],
            )
        )
    else:
        blocks.append(paragraph("None was found in what was searched."))
    return blocks


def _open(row: WrittenSecret) -> bool:
    return row.certain is not True


def _secret(row: WrittenSecret) -> list[Cell]:
    return [
        [code(row.where or row.path)],
        row.name or "–",
        re.sub("[-_]", " ", row.kind),
        [badge("yes", "fail") if row.certain is True else badge("for review", "review")],
        f"{row.length:,}" if isinstance(row.length, int) else "–",
        [code(row.fingerprint[:10])] if isinstance(row.fingerprint, str) and row.fingerprint else "–",
        [code(row.code)] if isinstance(row.code, str) and row.code else "–",
    ]
