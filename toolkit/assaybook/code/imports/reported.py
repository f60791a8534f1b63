"""What another tool reported, in one form for all of them, and the bounds within which its files are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

LARGEST = 64_000_000
MOST_RESULTS, MOST_RUNS, LONGEST, LAST_LINE = 20_000, 100, 300, 10_000_000
_WEAKNESS = re.compile(r"\bcwe[-/_ :]?0*([1-9]\d{0,4})\b", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


class RefusedImport(ValueError):
    """A file of results cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One result of another tool.

    `path` and `line` to `end` say where, relative to whatever the tool was started in; `resource` is the provider's id of the thing, where the tool asked an account.
    `weaknesses` are of the Common Weakness Enumeration (`CWE-78`); `dismissed` is why somebody set the result aside, empty if nobody did.
    """

    rule: str
    level: str
    said: str
    path: str = ""
    line: int = 0
    end: int = 0
    resource: str = ""
    weaknesses: tuple[str, ...] = ()
    dismissed: str = ""

    def document(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {name: list(held) if isinstance(held := getattr(self, name), tuple) else held for name in _MEMBERS}


_MEMBERS = tuple(Reported.__slots__)


@dataclass(frozen=True, slots=True)
class Results:
    """What one run of a tool gave. `passed` counts the results that say that all is well: they are left out, as nobody here saw what they rest on.

    `complete` is False if the tool itself says that its run failed; `cut` counts results beyond the most that are read.
    """

    tool: str
    version: str
    form: str
    reported: tuple[Reported, ...]
    passed: int = 0
    complete: bool = True
    cut: int = 0

    def document(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "tool": self.tool,
            "version": self.version,
            "form": self.form,
            "passed": self.passed,
            "complete": self.complete,
            "cut": self.cut,
            "results": [each.document() for each in self.reported],
        }


def read_results(data: bytes) -> tuple[Results, ...]:
    """The runs in a file of SARIF 2.1.0, or of OCSF findings as JSON or JSON lines. Raises RefusedImport."""
    from .ocsf import is_ocsf, read_ocsf
    from .sarif import is_sarif, read_sarif

    document = _document(data)
    if is_sarif(document):
        return read_sarif(document)
    if is_ocsf(document):
        return read_ocsf(document)
    raise RefusedImport("is neither SARIF 2.1.0 nor findings of OCSF; export one of these from the tool")


def results_of(answer: Mapping[str, Any]) -> Iterator[Results]:
    """The runs that a capture holds. Raises KeyError, TypeError or ValueError for what no reader wrote."""
    for run in answer["runs"]:
        reported = tuple(Reported(**{**each, "weaknesses": tuple(each["weaknesses"])}) for each in run["results"])
        yield Results(
            str(run["tool"]),
            str(run["version"]),
            str(run["form"]),
            reported,
            int(run["passed"]),
            bool(run["complete"]),
            int(run["cut"]),
        )


def _document(data: bytes) -> Any:
    if len(data) > LARGEST:
        raise RefusedImport(f"has {len(data):,} bytes; at most {LARGEST:,} are read")
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as problem:
        raise RefusedImport(f"is not UTF-8 text (byte {problem.start})") from problem
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as problem:
        if problem.msg == "Extra data" and (lines := _json_lines(text)) is not None:
            return lines
        raise RefusedImport(f"is not JSON: line {problem.lineno}: {problem.msg}") from problem
    except (ValueError, RecursionError) as problem:
        raise _unusual(problem) from problem


def _json_lines(text: str) -> list[Any] | None:
    try:
        return [json.loads(line, parse_constant=_no_constant) for line in text.split("\n") if line.strip()]
    except json.JSONDecodeError:
        return None
    except (ValueError, RecursionError) as problem:
        raise _unusual(problem) from problem


def _unusual(problem: ValueError | RecursionError) -> RefusedImport:
    return RefusedImport(
        "is nested too deeply" if isinstance(problem, RecursionError) else f"is not JSON: {problem}"[:200]
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def plain(value: object, longest: int = LONGEST) -> str:
    """A text of theirs on one line, without control characters and cut; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    line = " ".join(_UNPRINTABLE.sub(" ", value[: longest * 4]).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def part(value: object, *names: str) -> Mapping[str, Any]:
    """The object under these names; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def parts(value: object, name: str) -> list[Mapping[str, Any]]:
    """The objects of the list under a name."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def number(value: object) -> int:
    """A line or an index; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LAST_LINE else 0


def weaknesses(said: Iterable[object]) -> tuple[str, ...]:
    """The weaknesses that texts name, however a tool writes them: `CWE-78: ...`, `external/cwe/cwe-078`."""
    found = {int(each) for text in said if isinstance(text, str) for each in _WEAKNESS.findall(text[:LONGEST])}
    return tuple(f"CWE-{each}" for each in sorted(found))
