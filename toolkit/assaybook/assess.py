"""An assessment: checks applied to rows give findings, findings and people's answers a status for each control, those the figures. Pure, no clock."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from .capture import NOT_ASKED, PLACES, Capture
from .catalogue import Catalogue
from .check import Check, put
from .evidence import Evidence
from .model import Finding, Outcome, Severity, Status, Waiver
from .people import WaiverUse
from .score import Score, score
from .status import UNDECIDED, ControlResult


@dataclass(frozen=True)
class NotAssessed:
    """A call that was not answered, why, the permission that would have helped, and the controls that it leaves undetermined."""

    call: str
    permission: str
    reason: str
    places: tuple[str, ...]
    affects: tuple[str, ...]

    @property
    def by_plan(self) -> bool:
        """Whether nobody refused anything: the plan in use leaves the call out."""
        return self.reason.startswith(f"{NOT_ASKED}: ")

    def of_stacks(self, stacks: Collection[str]) -> bool:
        """Whether it is missing in the made-up accounts of stacks alone, so that only a real one could tell."""
        return self.by_plan and bool(self.places) and all(each.partition("/")[0] in stacks for each in self.places)


@dataclass(frozen=True)
class Assessment:
    """The whole result. `inputs` has the digests of all that it was made from; the same inputs give the same result."""

    inputs: Mapping[str, str]
    tool_version: str
    as_of: datetime
    as_at: date
    synthetic: bool
    engagement: Mapping[str, str]
    principals: tuple[str, ...]
    plans: tuple[str, ...]
    parameters: Mapping[str, object]
    changed_parameters: tuple[str, ...]
    selection: tuple[str, ...]
    tags: tuple[str, ...]
    controls: tuple[ControlResult, ...]
    findings: tuple[Finding, ...]
    waivers: tuple[WaiverUse, ...]
    not_assessed: tuple[NotAssessed, ...]
    automatic: Score
    whole: Score
    evidence: Evidence
    captures: tuple[Capture, ...]
    catalogue: Catalogue
    stale: tuple[str, ...] = ()

    def result(self, control: str) -> ControlResult:
        """The result of a control. Raises KeyError if it was not selected."""
        for each in self.controls:
            if each.control.id == control:
                return each
        raise KeyError(control)

    def waiver_of(self, finding: Finding) -> Waiver | None:
        """The valid waiver that covers a failed finding, if any."""
        if finding.outcome is not Outcome.FAIL:
            return None
        return next((use.waiver for use in self.waivers if use.valid and finding.id in use.findings), None)

    @property
    def account_only(self) -> tuple[str, ...]:
        """The controls that are open for want of an account alone: the evidence is a source tree, and neither code nor templates could tell."""
        stacks = stack_accounts(self.captures)
        return tuple(each.control.id for each in self.controls if _for_the_account(each, stacks))

    def controls_of(self, finding: Finding) -> tuple[str, ...]:
        """The controls that a finding bears on: its home first, then those that cite its check."""
        home = self.catalogue.home(finding.check).id
        return (home, *(each.id for each in self.catalogue.citing(finding.check)))


def run_checks(
    checks: Mapping[str, Check], catalogue: Catalogue, evidence: Evidence, parameters: Mapping[str, object]
) -> tuple[Finding, ...]:
    """Every check on every row, by control, check and subject."""
    found: list[Finding] = []
    with uninterrupted():
        for name, check in checks.items():
            base = Severity(catalogue.home(name).severity)
            found.extend(put(check, evidence, parameters, base))
    order = {name: catalogue.position(catalogue.home(name).id) for name in checks}
    return tuple(sorted(found, key=lambda each: (order[each.check], each.check, each.subject.key, each.row, each.id)))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """No search for garbage meanwhile, and none among the results afterwards.

    Rows and findings are kept and refer to nothing that refers back; looking through them again and again takes as long as deciding.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def not_assessed(findings: Sequence[Finding], catalogue: Catalogue) -> tuple[NotAssessed, ...]:
    """The unanswered calls behind the unknowns, one entry for each call, permission and reason."""
    places: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    affects: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for finding in findings:
        if finding.missing is None:
            continue
        missing = finding.missing
        key = (missing.call, missing.permission, f"{missing.state}: {missing.reason}".rstrip(": "))
        places[key].add("/".join(part for part in (missing.account, missing.region) if part))
        affects[key].add(catalogue.home(finding.check).id)
        affects[key].update(each.id for each in catalogue.citing(finding.check))
    return tuple(
        NotAssessed(*key, tuple(sorted(filter(None, places[key]))), tuple(sorted(affects[key], key=catalogue.position)))
        for key in sorted(places)
    )


def scores(results: Sequence[ControlResult]) -> tuple[Score, Score]:
    """The score over the automatic controls that have checks, and over every selected control."""
    counted = [each for each in results if not each.control.reference]
    automatic = [each.tally for each in counted if each.control.kind == "auto" and each.control.checks]
    return score(automatic), score(each.tally for each in counted)


def gate(assessment: Assessment, controls: str, fail_on: Severity) -> Status:
    """What a pipeline is told: not met, undetermined or met, over the controls and severities that gate.

    A failure under a valid waiver does not gate, and nor does what a source tree cannot tell because only an account could: a pipeline of a project that is not
    deployed would else never be met.
    """
    undetermined = False
    stacks = stack_accounts(assessment.captures)
    for result in assessment.controls:
        control = result.control
        if controls == "automatic" and not (control.kind == "auto" and control.checks):
            continue
        failed = [each for each in result.findings if each.outcome is Outcome.FAIL]
        if any(each.severity.rank >= fail_on.rank and not assessment.waiver_of(each) for each in failed):
            return Status.NOT_MET
        if not failed and result.status is Status.NOT_MET and result.severity.rank >= fail_on.rank:
            return Status.NOT_MET
        undecided = [each for each in result.findings if each.outcome in UNDECIDED]
        open_ones = [each for each in undecided if not _needs_account(each, stacks)]
        waiting = result.status is Status.UNDETERMINED and not undecided and not (control.pending and control.checks)
        if waiting and result.severity.rank >= fail_on.rank:
            undetermined = True
        if any(each.severity.rank >= fail_on.rank for each in open_ones):
            undetermined = True
    return Status.UNDETERMINED if undetermined else Status.MET


def stack_accounts(captures: Sequence[Capture]) -> frozenset[str]:
    """The made-up accounts in which the stacks of templates were assessed."""
    return frozenset(each.target.account for each in captures if each.call == PLACES)


def _needs_account(finding: Finding, stacks: Collection[str]) -> bool:
    missing = finding.missing
    return missing is not None and missing.state == NOT_ASKED and missing.account in stacks


def _for_the_account(result: ControlResult, stacks: Collection[str]) -> bool:
    undecided = [each for each in result.findings if each.outcome in UNDECIDED]
    return (
        result.status is Status.UNDETERMINED
        and bool(undecided)
        and all(_needs_account(each, stacks) for each in undecided)
    )
