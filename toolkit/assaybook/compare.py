"""Two results compared: what is new since an earlier one, what was mended, what persists. For pipelines that answer for a change and not for all that was there before."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .assess import Assessment
from .errors import AssaybookError
from .model import Finding, Outcome

FINDINGS_FILE = "findings.json"
_OPEN = (Outcome.FAIL, Outcome.REVIEW)
# What changes when a file is renamed or lines move, and says nothing of what is wrong.
_PLACES = re.compile(r"\S*[/.\\]\S*|\d+")


class CompareError(AssaybookError):
    """An earlier result cannot be used: what is wrong with it and what to do."""


@dataclass(frozen=True, slots=True)
class Known:
    """An open finding of an earlier result."""

    id: str
    check: str
    outcome: Outcome
    subject: str
    because: str


@dataclass(frozen=True)
class Baseline:
    """The open findings of an earlier result by id, what made it, and the ids that it could not decide."""

    origin: str
    tool_version: str
    digests: Mapping[str, str]
    open: Mapping[str, Known] = field(repr=False)
    undecided: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Comparison:
    """A result beside an earlier one, by ids of findings.

    `new` are open now and were not, or were for a person to judge and fail now; `persisting` were open then too; `moved` are those of them that have another id and yet say
    the same of another place; `undecided` could be decided then and cannot now, or were not there; `fixed` were open, and are not any more; `unseen` were open, and
    cannot be told now, as evidence is missing.
    """

    baseline: Baseline
    new: frozenset[str]
    persisting: frozenset[str]
    moved: Mapping[str, str]
    undecided: frozenset[str]
    fixed: tuple[Known, ...]
    unseen: tuple[Known, ...]
    notes: tuple[str, ...]

    @property
    def counted(self) -> frozenset[str]:
        """The findings that a pipeline answers for which is told what is new."""
        return self.new | self.undecided

    def state_of(self, finding: Finding) -> str:
        """What became of a finding: new or unchanged; empty for one that is not open."""
        if finding.outcome not in _OPEN:
            return ""
        return "new" if finding.id in self.new else "unchanged"


def load_baseline(path: Path) -> Baseline:
    """The earlier result in a `findings.json`, or in the folder that a run left. Raises CompareError."""
    file = path / FINDINGS_FILE if path.is_dir() else path
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise CompareError(
            f"{file}: there is no such file. Name the folder or the {FINDINGS_FILE} of an earlier run."
        ) from problem
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise CompareError(
            f"{file}: cannot be read ({problem}). Name the {FINDINGS_FILE} of an earlier run."
        ) from problem
    try:
        return _baseline(document, str(file))
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise CompareError(
            f"{file}: is no {FINDINGS_FILE} of this tool ({problem}). Name that of an earlier run."
        ) from problem


def _baseline(document: Any, origin: str) -> Baseline:
    known = {
        each["id"]: Known(
            str(each["id"]), str(each["check"]), Outcome(each["outcome"]), str(each["subject"]), str(each["because"])
        )
        for each in document["findings"]
    }
    return Baseline(
        origin=origin,
        tool_version=str(document["tool"]["version"]),
        digests={str(name): str(value) for name, value in document["inputs"].items()},
        open={id: each for id, each in known.items() if each.outcome in _OPEN},
        undecided=frozenset(id for id, each in known.items() if each.outcome not in _OPEN),
    )


def compare(assessment: Assessment, baseline: Baseline) -> Comparison:
    """The assessment beside an earlier result."""
    now = {each.id: each for each in assessment.findings}
    open_now = {id: each for id, each in now.items() if each.outcome in _OPEN}
    gone = {id: each for id, each in baseline.open.items() if id not in open_now}
    fresh = [each for id, each in open_now.items() if id not in baseline.open]
    moved = _moved(fresh, {id: each for id, each in gone.items() if id not in now})
    worse = {
        id
        for id, each in open_now.items()
        if id in baseline.open and each.outcome is Outcome.FAIL and baseline.open[id].outcome is Outcome.REVIEW
    }
    new = frozenset({each.id for each in fresh} - set(moved)) | worse
    left = [each for id, each in sorted(gone.items()) if id not in moved.values()]
    unseen = tuple(each for each in left if each.id in now and now[each.id].outcome in (Outcome.UNKNOWN, Outcome.ERROR))
    return Comparison(
        baseline=baseline,
        new=new,
        persisting=frozenset(open_now) - new,
        moved=moved,
        undecided=frozenset(
            each.id
            for each in assessment.findings
            if each.outcome in (Outcome.UNKNOWN, Outcome.ERROR)
            and each.id not in baseline.undecided
            and each.id not in baseline.open
        ),
        fixed=tuple(each for each in left if each not in unseen),
        unseen=unseen,
        notes=tuple(_notes(assessment, baseline)),
    )


def _moved(fresh: list[Finding], gone: Mapping[str, Known]) -> Mapping[str, str]:
    """Which of the findings with a new id say, of another place, what one that is gone said: a file was renamed or moved. Each that is gone counts once."""
    candidates: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for id, each in sorted(gone.items()):
        candidates[each.check, _told(each.because)].append(id)
    found: dict[str, str] = {}
    for finding in sorted(fresh, key=lambda each: each.id):
        # Only what was read from a file can move; a resource of an account with another name is another resource.
        waiting = candidates.get((finding.check, _told(finding.because))) if finding.where else None
        if waiting:
            found[finding.id] = waiting.pop(0)
    return found


def _told(because: str) -> str:
    return _PLACES.sub("·", because)


def _notes(assessment: Assessment, baseline: Baseline) -> list[str]:
    said = []
    if baseline.tool_version != assessment.tool_version:
        said.append(
            f"{baseline.origin} was made by version {baseline.tool_version}, this result by {assessment.tool_version}: what is new may come from new checks"
        )
    for name, word in (
        ("catalogue", "another catalogue"),
        ("config", "another configuration"),
        ("waivers", "other waivers"),
        ("answers", "other answers"),
    ):
        if baseline.digests.get(name) != assessment.inputs.get(name):
            said.append(f"{baseline.origin} was assessed with {word}")
    return said
