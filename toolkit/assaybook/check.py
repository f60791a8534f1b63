"""What a check is, how checks are gathered, and the runner that puts every row to every check."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from .evidence import Evidence, EvidenceGap, Hole, Row, plural
from .model import Finding, Missing, Outcome, Severity, Verdict, finding_id
from .severity import effective
from .watched import Watched

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Check:
    """A pure function that decides one row of one table. `formerly` keeps the ids that it had before."""

    id: str
    over: type[Row]
    decide: Callable[[Any, Watched], Verdict]
    summary: str
    formerly: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits over the source of the function."""
        return hashlib.sha256(inspect.getsource(self.decide).encode()).hexdigest()[:12]


def check(
    id: str, *, over: type[R], formerly: tuple[str, ...] = ()
) -> Callable[[Callable[[R, Watched], Verdict]], Check]:
    """Make a check of a function. The first line of its docstring says what good looks like."""

    def make(decide: Callable[[R, Watched], Verdict]) -> Check:
        summary = (inspect.getdoc(decide) or "").partition("\n")[0]
        if not summary:
            raise ValueError(f"check {id} has no docstring")
        return Check(id, over, decide, summary, formerly)

    return make


def collect_checks(modules: Iterable[ModuleType]) -> Mapping[str, Check]:
    """The checks of these modules by id. Raises ValueError for an id that is taken twice."""
    found: dict[str, Check] = {}
    for module in modules:
        for value in vars(module).values():
            if not isinstance(value, Check) or value.decide.__module__ != module.__name__:
                continue
            for name in (value.id, *value.formerly):
                if name in found:
                    raise ValueError(f"check id {name} is taken twice")
            found[value.id] = value
    return dict(sorted(found.items()))


def put(check: Check, evidence: Evidence, parameters: Mapping[str, object], base: Severity) -> Iterator[Finding]:
    """One finding for each row of the check's table and one `unknown` for each hole in it. Nothing vanishes.

    `base` is the severity of the check's home control.
    """
    for row in evidence.rows(check.over):
        yield _decide(check, row, evidence, parameters, base)
    for hole in evidence.holes(check.over):
        yield _unknown(check, hole, base)


def _decide(check: Check, row: Row, evidence: Evidence, parameters: Mapping[str, object], base: Severity) -> Finding:
    watched = Watched(evidence, parameters)
    missing: Missing | None = None
    try:
        verdict = check.decide(watched.watch(row), watched)
    except EvidenceGap as gap:
        verdict, missing = Verdict(Outcome.UNKNOWN, str(gap)), gap.gap.missing()
    except Exception as bug:  # noqa: BLE001 - a check that breaks is a finding, never a silence
        verdict = Verdict(Outcome.ERROR, f"the check broke: {type(bug).__name__}: {bug}")
    severity, why = effective(base, verdict, row.setting)
    return Finding(
        id=finding_id(check.id, row.subject, row.key),
        check=check.id,
        subject=row.subject,
        row=row.key,
        outcome=verdict.outcome,
        because=verdict.because,
        severity=severity,
        severity_why=why,
        relied_on=watched.facts,
        # Most findings rest on the captures of their own row: one tuple serves them all.
        evidence=row.sources if watched.sources in ((), row.sources) else watched.sources,
        missing=missing,
        where=row.where,
    )


def _unknown(check: Check, hole: Hole, base: Severity) -> Finding:
    severity, why = effective(base, Verdict(Outcome.UNKNOWN, ""), None)
    return Finding(
        id=finding_id(check.id, hole.subject, f"hole {hole.gap.call}"),
        check=check.id,
        subject=hole.subject,
        row="",
        outcome=Outcome.UNKNOWN,
        because=f"{plural(check.over)} of {hole.subject} could not be read ({hole.gap})",
        severity=severity,
        severity_why=why,
        evidence=(hole.gap.evidence,) if hole.gap.evidence else (),
        missing=hole.gap.missing(),
    )
