"""Missing evidence is never a pass: each call of the plan is denied, fails, or answers with garbage in turn."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from assaybook.capture import ABSENT, OK, Capture
from assaybook.model import Outcome, Status
from assaybook.score import Rating
from demo_run import assessed, demo_captures

CALLS = sorted({each.call for each in demo_captures()})
SETTLED = (Outcome.PASS, Outcome.NOT_APPLICABLE)


def denied(capture: Capture) -> Capture:
    return replace(capture, state="denied", answer={}, code="AccessDeniedException", permission="some:Permission")


def failed(capture: Capture) -> Capture:
    return replace(capture, state="failed", answer={}, reason="transient")


def emptied(capture: Capture) -> Capture:
    return replace(capture, answer={}) if capture.state == OK else capture


def garbled(capture: Capture) -> Capture:
    return replace(capture, answer=dict.fromkeys(capture.answer, 7)) if capture.state == OK else capture


def outcomes(captures: tuple[Capture, ...]) -> dict[str, Outcome]:
    return {each.id: each.outcome for each in assessed(captures).findings}


@pytest.fixture(scope="module")
def whole() -> dict[str, Outcome]:
    return outcomes(demo_captures())


# A call that failed leaves the gap of one that was denied, so every fifth is enough to see that it still does.
TRIED = [*((call, change) for call in CALLS for change in (denied, garbled)), *((call, failed) for call in CALLS[::5])]


@pytest.mark.parametrize(("call", "change"), TRIED)
def test_no_pass_rests_on_a_call_that_was_not_answered(
    whole: dict[str, Outcome], call: str, change: Callable[[Capture], Capture]
) -> None:
    changed = tuple(change(each) if each.call == call else each for each in demo_captures())
    found = outcomes(changed)
    better = {id: outcome for id, outcome in found.items() if outcome in SETTLED and whole.get(id) not in SETTLED}
    assert better == {}
    assert Outcome.ERROR not in found.values()


# Answers whose members hold something else are tried for all calls above; that members are not there at all is seen as well in every second.
@pytest.mark.parametrize("call", CALLS[::2])
def test_an_answer_without_its_members_breaks_nothing(call: str) -> None:
    found = outcomes(tuple(emptied(each) if each.call == call else each for each in demo_captures()))
    assert Outcome.ERROR not in found.values()


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_was_never_made_is_no_pass(whole: dict[str, Outcome], call: str) -> None:
    found = outcomes(tuple(each for each in demo_captures() if each.call != call))
    better = {id: outcome for id, outcome in found.items() if outcome in SETTLED and whole.get(id) not in SETTLED}
    assert better == {}


def test_with_every_call_denied_nothing_passes_and_the_summary_opens_by_saying_so() -> None:
    from assaybook.report.sections import summary_section

    assessment = assessed(tuple(map(denied, demo_captures())))
    settled = [each for each in assessment.findings if each.outcome in (Outcome.PASS, Outcome.FAIL)]
    assert settled == []
    assert {each.status for each in assessment.controls if each.control.checks} == {Status.UNDETERMINED}
    assert assessment.automatic.rating is Rating.NOT_RATED
    opening = str(summary_section(assessment)["blocks"][1])
    assert "Nothing was assessed" in opening
    assert "No call was answered" in opening
    assert {each.state for each in assessment.captures} & {OK, ABSENT} == set()
