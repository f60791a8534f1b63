"""From findings and answers to the status of a control, and from statuses to the gate."""

from collections.abc import Sequence
from datetime import date

import pytest

from assaybook.catalogue import Control
from assaybook.model import Answer, Finding, Missing, Outcome, Severity, Status, Subject
from assaybook.people import People
from assaybook.status import judge

DAY = date(2026, 11, 16)
SAID = "plain words"


def control(kind: str = "auto", **rest: object) -> Control:
    given: dict[str, object] = {
        "id": "C1-01",
        "title": SAID,
        "kind": kind,
        "methods": ["test"],
        "severity": "high",
        "objective": SAID,
        "why": SAID,
        "population_text": SAID,
        "evidence": [SAID],
        "procedure": SAID,
        "passes": SAID,
        "remedy": {"aws": SAID},
        "checks": ["door-unlocked"] if kind != "manual" else [],
        "question": SAID if kind != "auto" else None,
    }
    return Control.model_validate({**given, **rest})


def finding(
    outcome: Outcome, name: str = "orders", severity: Severity = Severity.HIGH, hole: bool = False, row: str = ""
) -> Finding:
    subject = Subject("aws", "111122223333", "us-east-1", "function", name, name)
    missing = Missing("lambda:GetPolicy", "denied", "") if outcome is Outcome.UNKNOWN else None
    return Finding(
        f"{name}{row}".ljust(16, "0")[:16],
        "door-unlocked",
        subject,
        "" if hole else row or name,
        outcome,
        "because",
        severity,
        missing=missing,
    )


def answer(conclusion: Status = Status.MET, **rest: object) -> Answer:
    given = {
        "control": "C1-01",
        "conclusion": conclusion,
        "statement": "seen",
        "by": "Ada",
        "on": date(2026, 11, 1),
        "until": date(2026, 12, 1),
    }
    return Answer(**{**given, **rest})


def status(of: Control, findings: Sequence[Finding] = (), *answers: Answer) -> tuple[Status, str]:
    result = judge(of, findings, People(tuple(answers)), DAY, {})
    return result.status, result.why


PASS, FAIL, REVIEW, UNKNOWN, NA, ERROR = (
    finding(Outcome.PASS, "a"),
    finding(Outcome.FAIL, "b"),
    finding(Outcome.REVIEW, "c"),
    finding(Outcome.UNKNOWN, "d"),
    finding(Outcome.NOT_APPLICABLE, "e"),
    finding(Outcome.ERROR, "f"),
)


@pytest.mark.parametrize(
    ("findings", "expected", "why"),
    [
        ([PASS], Status.MET, "all 1 passed"),
        ([PASS, NA], Status.MET, "all 1 passed"),
        ([PASS, FAIL], Status.NOT_MET, "1 of 2 failed"),
        ([PASS, FAIL, UNKNOWN, REVIEW], Status.NOT_MET, "1 of 4 failed; 2 not decided"),
        ([PASS, REVIEW], Status.UNDETERMINED, "1 await a person's review"),
        ([PASS, UNKNOWN], Status.UNDETERMINED, "1 could not be decided for lack of evidence"),
        ([PASS, ERROR], Status.UNDETERMINED, "1 met a check that broke"),
        ([], Status.NOT_APPLICABLE, "the population is empty"),
        ([NA], Status.NOT_APPLICABLE, "none of the 1 found is concerned"),
        ([finding(Outcome.UNKNOWN, "g", hole=True)], Status.UNDETERMINED, "part of the population could not be read"),
        (
            [PASS, finding(Outcome.UNKNOWN, "g", hole=True)],
            Status.UNDETERMINED,
            "part of the population could not be read",
        ),
    ],
)
def test_an_automatic_control(findings: list[Finding], expected: Status, why: str) -> None:
    found, said = status(control(), findings)
    assert found is expected
    assert why in said


def test_a_subject_counts_once_with_its_worst_outcome() -> None:
    rows = [
        finding(Outcome.PASS, "a", row="1"),
        finding(Outcome.FAIL, "a", row="2"),
        finding(Outcome.FAIL, "a", row="3"),
        finding(Outcome.PASS, "b"),
    ]
    assert status(control(), rows) == (Status.NOT_MET, "1 of 2 failed")


@pytest.mark.parametrize(
    ("findings", "answers", "expected"),
    [
        ([PASS], [], Status.UNDETERMINED),
        ([PASS], [answer()], Status.MET),
        ([PASS], [answer(Status.NOT_MET)], Status.NOT_MET),
        ([FAIL], [answer()], Status.NOT_MET),
        ([UNKNOWN], [answer()], Status.UNDETERMINED),
        ([REVIEW], [answer()], Status.UNDETERMINED),
        ([PASS], [answer(until=date(2026, 11, 15))], Status.UNDETERMINED),
        ([PASS], [answer(on=date(2026, 11, 17))], Status.UNDETERMINED),
        ([], [], Status.NOT_APPLICABLE),
        ([], [answer()], Status.MET),
    ],
)
def test_a_hybrid_control_needs_both(findings: list[Finding], answers: list[Answer], expected: Status) -> None:
    assert status(control("hybrid"), findings, *answers)[0] is expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], Status.UNDETERMINED),
        ([answer()], Status.MET),
        ([answer(Status.NOT_MET)], Status.NOT_MET),
        ([answer(Status.NOT_APPLICABLE)], Status.NOT_APPLICABLE),
        ([answer(until=date(2026, 11, 15))], Status.UNDETERMINED),
    ],
)
def test_a_manual_control_is_what_a_person_concluded(answers: list[Answer], expected: Status) -> None:
    assert status(control("manual"), [], *answers)[0] is expected


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [(Status.MET, Status.MET), (Status.NOT_MET, Status.NOT_MET), (Status.NOT_APPLICABLE, Status.NOT_APPLICABLE)],
)
def test_a_review_is_settled_by_a_conclusion_on_the_finding(conclusion: Status, expected: Status) -> None:
    assert status(control(), [REVIEW], answer(conclusion, finding=REVIEW.id))[0] is expected


def test_a_conclusion_on_a_finding_settles_reviews_only() -> None:
    assert status(control(), [FAIL], answer(Status.MET, finding=FAIL.id))[0] is Status.NOT_MET
    assert status(control(), [UNKNOWN], answer(Status.MET, finding=UNKNOWN.id))[0] is Status.UNDETERMINED


def test_a_control_without_a_check_says_so_and_is_undetermined() -> None:
    pending = control(checks=[], pending="Nothing reads code yet.")
    assert status(pending) == (Status.UNDETERMINED, "no check yet: Nothing reads code yet.")
    result = judge(pending, [], People(), DAY, {})
    assert result.pending
    assert not result.tally.concluded


def test_a_control_with_checks_for_a_part_only_is_never_met_and_its_part_counts() -> None:
    partial = control(pending="Nothing reads the other part yet.")
    found = judge(partial, [PASS], People(), DAY, {})
    assert (found.status, found.pending) == (Status.UNDETERMINED, False)
    assert found.why == "all 1 looked at passed; not looked at yet: Nothing reads the other part yet."
    assert found.tally.decided
    assert judge(partial, [FAIL], People(), DAY, {}).status is Status.NOT_MET


def test_a_reference_repeats_the_outcome_and_weighs_nothing() -> None:
    home = judge(control(), [FAIL], People(), DAY, {})
    copy = judge(control(id="C1-02", checks=[], reference="C1-01"), [], People(), DAY, {"C1-01": home})
    assert (copy.status, copy.why) == (Status.NOT_MET, "as C1-01: 1 of 1 failed")
    assert copy.control.weight == 0
