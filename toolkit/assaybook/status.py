"""The status of each control: from the findings of its own checks, and from a person's answer. Pure, no clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from .catalogue import Control
from .model import Answer, Finding, Outcome, Severity, Status
from .people import People
from .score import Tally

OPEN = (Outcome.FAIL, Outcome.REVIEW, Outcome.UNKNOWN, Outcome.ERROR)
UNDECIDED = (Outcome.REVIEW, Outcome.UNKNOWN, Outcome.ERROR)
WORST_FIRST = (
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.UNKNOWN,
    Outcome.REVIEW,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


@dataclass(frozen=True)
class ControlResult:
    """What an assessment says of one control.

    `counts` has the number of distinct subjects for each outcome (the worst outcome of a subject counts). `severity` is the worst effective severity of
    what is open, else the control's own. `why` is one sentence. `pending` says that the product has no check for it yet.
    """

    control: Control
    status: Status
    why: str
    severity: Severity
    counts: Mapping[Outcome, int]
    findings: tuple[Finding, ...]
    answer: Answer | None
    answer_problem: str
    tally: Tally
    pending: bool

    @property
    def population(self) -> int:
        """Distinct subjects that the control concerns: those not applicable are left out."""
        return sum(number for outcome, number in self.counts.items() if outcome is not Outcome.NOT_APPLICABLE)

    @property
    def awaits_person(self) -> bool:
        """Whether the control is open for want of a person's conclusion; one without any check yet waits for that first."""
        asked = self.control.kind != "auto" and self.answer is None
        return asked and self.status is Status.UNDETERMINED and not self.pending


def judge(
    control: Control, findings: Sequence[Finding], people: People, as_at: date, others: Mapping[str, ControlResult]
) -> ControlResult:
    """The status of one control from the findings of its own checks and a person's answer."""
    outcomes = _by_subject(findings, people, as_at)
    counts = MappingProxyType({each: n for each in Outcome if (n := Counter(outcomes.values())[each])})
    answer, problem = people.answer(control.id, as_at)
    case = _Case(
        control=control,
        counts=counts,
        answer=answer,
        problem=problem,
        seen=not any(each.missing and not each.row for each in findings),
        pending=bool(control.pending) and not control.checks,
        failed=tuple(each.severity for each in findings if _settled(each, people, as_at) is Outcome.FAIL),
        open=tuple(each.severity for each in findings if _settled(each, people, as_at) in OPEN),
    )
    copied = others.get(control.reference or "")
    status, why = (copied.status, f"as {copied.control.id}: {copied.why}") if copied else case.status()
    tally = case.tally()
    severity = tally.worst_open if case.open and tally.worst_open else tally.severity
    return ControlResult(control, status, why, severity, counts, tuple(findings), answer, problem, tally, case.pending)


@dataclass(frozen=True)
class _Case:
    """All that decides one control."""

    control: Control
    counts: Mapping[Outcome, int]
    answer: Answer | None
    problem: str
    seen: bool
    pending: bool
    failed: tuple[Severity, ...]
    open: tuple[Severity, ...]

    @property
    def partial(self) -> bool:
        """Checks look at a part of what the control demands; the rest waits for one."""
        return bool(self.control.pending and self.control.checks)

    @property
    def undecided(self) -> int:
        return sum(self.counts.get(each, 0) for each in UNDECIDED)

    @property
    def unconcerned(self) -> bool:
        """Checks looked at everything and found nothing that the control concerns."""
        concerned = any(self.counts.get(each) for each in Outcome if each is not Outcome.NOT_APPLICABLE)
        return bool(self.control.checks) and self.seen and not concerned

    @property
    def concluded(self) -> bool:
        if self.pending:
            return False
        return self.control.kind == "auto" or self.answer is not None or self.unconcerned

    def status(self) -> tuple[Status, str]:
        """The status and one sentence why: any failure first, then what is not known, then what holds."""
        passed, failed = self.counts.get(Outcome.PASS, 0), self.counts.get(Outcome.FAIL, 0)
        if failed:
            more = f"; {self.undecided} not decided" if self.undecided else ""
            return Status.NOT_MET, f"{failed} of {passed + failed + self.undecided} failed{more}"
        if self.answer is not None and self.answer.conclusion is Status.NOT_MET:
            return Status.NOT_MET, _concluded(self.answer)
        if self.pending:
            return Status.UNDETERMINED, f"no check yet: {self.control.pending}"
        if self.undecided or not self.seen:
            return Status.UNDETERMINED, self._undecided()
        if self.control.kind != "auto" and not (self.unconcerned and self.answer is None):
            return self._by_person()
        if self.partial:
            so_far = f"all {passed} looked at passed" if passed else "nothing to look at was found so far"
            return Status.UNDETERMINED, f"{so_far}; not looked at yet: {self.control.pending}"
        if not passed:
            looked = self.counts.get(Outcome.NOT_APPLICABLE, 0)
            why = f"none of the {looked} found is concerned" if looked else "the population is empty"
            return Status.NOT_APPLICABLE, why
        return Status.MET, f"all {passed} passed"

    def _by_person(self) -> tuple[Status, str]:
        if self.answer is None:
            part = "the part that only a person can conclude" if self.control.checks else "a person's conclusion"
            return Status.UNDETERMINED, f"awaits {part}: {self.problem or 'no answer yet'}"
        return self.answer.conclusion, _concluded(self.answer)

    def _undecided(self) -> str:
        parts = [f"{self.counts[each]} {_UNDECIDED[each]}" for each in UNDECIDED if self.counts.get(each)]
        if not self.seen:
            parts.append("part of the population could not be read")
        return "; ".join(parts)

    def tally(self) -> Tally:
        """What the score counts of this control."""
        passed, failed = self.counts.get(Outcome.PASS, 0), self.counts.get(Outcome.FAIL, 0)
        if self.answer is not None and not failed:
            failed += self.answer.conclusion is Status.NOT_MET
            passed += self.answer.conclusion is Status.MET and not self.control.checks
        own = Severity(self.control.severity)
        worst_failed = _worst(self.failed or (own,)) if failed else None
        waiting = () if self.concluded and not (failed and not self.failed) else (own,)
        return Tally(
            control=self.control.id,
            severity=own,
            passed=passed,
            failed=failed,
            undecided=self.undecided,
            seen=self.seen,
            concluded=self.concluded,
            worst_failed=worst_failed,
            worst_open=_worst((*self.open, *waiting)),
        )


_UNDECIDED = {
    Outcome.REVIEW: "await a person's review",
    Outcome.UNKNOWN: "could not be decided for lack of evidence",
    Outcome.ERROR: "met a check that broke",
}


def _concluded(answer: Answer) -> str:
    said = answer.conclusion.replace("_", " ")
    return f"{answer.by} concluded {said} on {answer.on.isoformat()}, valid until {answer.until.isoformat()}"


def _worst(severities: Sequence[Severity]) -> Severity | None:
    return max(severities, key=lambda each: each.rank, default=None)


def _settled(finding: Finding, people: People, as_at: date) -> Outcome:
    if finding.outcome is not Outcome.REVIEW:
        return finding.outcome
    said = people.conclusion(finding.id, as_at)
    if said is None:
        return Outcome.REVIEW
    return {Status.MET: Outcome.PASS, Status.NOT_MET: Outcome.FAIL}.get(said.conclusion, Outcome.NOT_APPLICABLE)


def _by_subject(findings: Iterable[Finding], people: People, as_at: date) -> dict[str, Outcome]:
    worst: dict[str, Outcome] = {}
    for each in findings:
        outcome = _settled(each, people, as_at)
        before = worst.get(each.subject.key)
        if before is None or WORST_FIRST.index(outcome) < WORST_FIRST.index(before):
            worst[each.subject.key] = outcome
    return worst


def judge_all(
    selected: Sequence[Control], findings: Sequence[Finding], people: People, as_at: date
) -> tuple[ControlResult, ...]:
    """The result of each selected control, in the order of the catalogue."""
    by_check: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_check[finding.check].append(finding)
    results: dict[str, ControlResult] = {}
    for control in sorted(selected, key=lambda each: bool(each.reference)):
        own = [finding for check in control.checks for finding in by_check[check]]
        results[control.id] = judge(control, own, people, as_at, results)
    return tuple(results[control.id] for control in selected)
