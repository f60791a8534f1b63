"""The score: three figures with bounds, and what may never raise them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.model import Severity
from assaybook.score import Rating, Tally, score

ORDER = list(Rating)
SCORED = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW]


def tally(
    control: str = "A1-01",
    severity: Severity = Severity.HIGH,
    passed: int = 0,
    failed: int = 0,
    undecided: int = 0,
    **rest: bool,
) -> Tally:
    return Tally(
        control=control,
        severity=severity,
        passed=passed,
        failed=failed,
        undecided=undecided,
        seen=rest.get("seen", True),
        concluded=rest.get("concluded", True),
        worst_failed=severity if failed else None,
        worst_open=severity
        if failed or undecided or not rest.get("seen", True) or not rest.get("concluded", True)
        else None,
    )


@st.composite
def tallies(draw: st.DrawFn) -> list[Tally]:
    count = draw(st.integers(1, 6))
    return [
        tally(
            f"A1-{number:02d}",
            draw(st.sampled_from([*SCORED, Severity.INFO])),
            draw(st.integers(0, 4)),
            draw(st.integers(0, 4)),
            draw(st.integers(0, 4)),
            seen=draw(st.booleans()),
            concluded=draw(st.booleans()),
        )
        for number in range(count)
    ]


def no_better(after: list[Tally], before: list[Tally]) -> None:
    was, now = score(before), score(after)
    # Where nothing at all was assessed there is no rating yet; the first failure gives one, and it is the worst.
    if was.rating is not Rating.NOT_RATED or (was.lower is not None and was.coverage < 0.7):
        assert ORDER.index(now.rating) >= ORDER.index(was.rating)
    assert now.coverage <= was.coverage + 1e-9
    if was.lower is not None:
        assert now.lower is not None
        assert now.lower <= was.lower + 1e-9


def worse(one: Severity | None, other: Severity) -> Severity:
    return max(filter(None, (one, other)), key=lambda each: each.rank)


@settings(max_examples=400)
@given(tallies(), st.data())
def test_a_new_failure_never_helps(given_tallies: list[Tally], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(given_tallies) - 1))
    old = given_tallies[place]
    new = replace(
        old,
        failed=old.failed + 1,
        worst_failed=worse(old.worst_failed, old.severity),
        worst_open=worse(old.worst_open, old.severity),
    )
    no_better([*given_tallies[:place], new, *given_tallies[place + 1 :]], given_tallies)


@settings(max_examples=400)
@given(tallies(), st.data())
def test_a_subject_that_can_no_longer_be_read_never_helps(given_tallies: list[Tally], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(given_tallies) - 1))
    old = given_tallies[place]
    lost_pass = data.draw(st.integers(0, old.passed))
    lost_fail = data.draw(st.integers(0, old.failed))
    unconcerned = data.draw(st.integers(0, 2))
    lost = lost_pass + lost_fail + unconcerned
    new = replace(
        old,
        passed=old.passed - lost_pass,
        failed=old.failed - lost_fail,
        undecided=old.undecided + lost,
        worst_failed=old.worst_failed if old.failed - lost_fail else None,
        worst_open=worse(old.worst_open, old.severity) if lost else old.worst_open,
    )
    no_better([*given_tallies[:place], new, *given_tallies[place + 1 :]], given_tallies)


@settings(max_examples=400)
@given(tallies(), st.data())
def test_a_listing_that_is_denied_never_helps(given_tallies: list[Tally], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(given_tallies) - 1))
    old = given_tallies[place]
    kept_pass, kept_fail = data.draw(st.integers(0, old.passed)), data.draw(st.integers(0, old.failed))
    new = replace(
        old,
        passed=kept_pass,
        failed=kept_fail,
        seen=False,
        worst_failed=old.worst_failed if kept_fail else None,
        worst_open=worse(old.worst_open, old.severity),
    )
    no_better([*given_tallies[:place], new, *given_tallies[place + 1 :]], given_tallies)


@given(tallies())
def test_bounds_enclose_and_the_order_is_nothing(given_tallies: list[Tally]) -> None:
    found = score(given_tallies)
    assert found == score(reversed(given_tallies))
    assert 0 <= found.coverage <= 1
    if found.lower is not None and found.upper is not None:
        assert 0 <= found.lower <= found.upper <= 1


def test_an_empty_account_has_no_rating() -> None:
    assert score([]).rating is Rating.NOT_RATED
    found = score([tally(), tally("A1-02", Severity.CRITICAL)])
    assert (found.rating, found.lower, found.conformity) == (Rating.NOT_RATED, None, None)


def test_all_passed_is_conforming() -> None:
    found = score([tally(passed=4), tally("A1-02", Severity.CRITICAL, passed=1)])
    assert (found.rating, found.conformity, found.lower, found.upper, found.coverage, found.worst_open) == (
        Rating.CONFORMING,
        1.0,
        1.0,
        1.0,
        1.0,
        None,
    )


@pytest.mark.parametrize(
    ("severity", "rating"),
    [
        (Severity.CRITICAL, Rating.NOT_CONFORMING),
        (Severity.HIGH, Rating.MAJOR),
        (Severity.MEDIUM, Rating.MINOR),
        (Severity.LOW, Rating.CONFORMING),
    ],
)
def test_one_failure_among_many_caps_by_its_severity(severity: Severity, rating: Rating) -> None:
    many = [tally(f"A1-{number:02d}", Severity.CRITICAL, passed=10) for number in range(20)]
    assert score([*many, tally("B1-01", severity, passed=99, failed=1)]).rating is rating


@pytest.mark.parametrize("severity", SCORED)
def test_an_unknown_caps_as_a_failure_of_its_severity_does(severity: Severity) -> None:
    many = [tally(f"A1-{number:02d}", Severity.CRITICAL, passed=10) for number in range(20)]
    failed = score([*many, tally("B1-01", severity, passed=9, failed=1)])
    unknown = score([*many, tally("B1-01", severity, passed=9, undecided=1)])
    assert unknown.rating is failed.rating
    assert unknown.worst_open is None


def test_too_little_evidence_is_not_rated() -> None:
    found = score([tally(passed=5), tally("A1-02", passed=5, seen=False)])
    assert found.rating is Rating.NOT_RATED
    assert "coverage 50%" in found.why
    assert (found.lower, found.upper) == (0.5, 1.0)


def test_controls_of_severity_info_weigh_nothing() -> None:
    plain = score([tally(passed=1)])
    assert score([tally(passed=1), tally("X1-01", Severity.INFO, failed=3)]) == plain
