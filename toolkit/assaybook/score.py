"""Three figures instead of one magic number: conformity, coverage, worst open severity, with bounds.

Built so that a new failure, a waiver or a lost permission can never raise the rating, the lower bound or the coverage
(property-tested): what is not known counts against the lower bound, a population that was not seen completely counts as nothing shown,
and an unknown caps the rating as a failure of its severity would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .model import Severity

LEAST_COVERAGE = 0.70


class Rating(StrEnum):
    """The rating in words, best first; `NOT_RATED` where too little was seen to say."""

    CONFORMING = "Conforming"
    MINOR = "Minor exceptions"
    MAJOR = "Major exceptions"
    NOT_CONFORMING = "Not conforming"
    NOT_RATED = "Not rated"


@dataclass(frozen=True, slots=True)
class Tally:
    """How the population of one control came out, in subjects.

    `undecided` counts review, unknown and error. `seen` is False if part of the population could not be read at all, `concluded` is False if a
    person's conclusion or a check is missing. `worst_open` is the worst severity of what failed or is not decided; None if nothing is open.
    """

    control: str
    severity: Severity
    passed: int
    failed: int
    undecided: int
    seen: bool
    concluded: bool
    worst_failed: Severity | None
    worst_open: Severity | None

    @property
    def applicable(self) -> bool:
        """False if nothing in scope is concerned and that is certain."""
        return bool(self.passed or self.failed or self.undecided or not self.seen or not self.concluded)

    @property
    def decided(self) -> bool:
        """Whether the whole population was decided."""
        return self.seen and self.concluded and not self.undecided


@dataclass(frozen=True, slots=True)
class Score:
    """The figures over a set of controls; shares from 0 to 1, None where there is nothing to take a share of."""

    controls: int
    decided: int
    conformity: float | None
    lower: float | None
    upper: float | None
    coverage: float
    worst_open: Severity | None
    rating: Rating
    why: str


def score(tallies: Iterable[Tally]) -> Score:
    """The score over these controls. The order does not matter.

    conformity: by severity weight, the passed share of what was decided. lower and upper: the same if all that is not known failed, or passed.
    coverage: by weight, how much of what has not failed is known to have passed; nothing of a control whose population was not read completely or that waits
    for a person or a check, all of one that is certainly empty. Failures are left out of it, so that one more of them can never look like more evidence.
    """
    counted = sorted((each for each in tallies if each.severity.weight), key=lambda each: each.control)
    weight = sum(each.severity.weight for each in counted)
    decided = [each for each in counted if each.decided]
    coverage = sum(each.severity.weight * _covered(each) for each in counted) / weight if weight else 0.0
    applicable = [each for each in counted if each.applicable]
    worst = max((each.worst_failed for each in counted if each.worst_failed), key=_rank, default=None)
    lower = _share(applicable, _least)
    rating, why = _rated(counted, lower, coverage)
    return Score(
        len(counted),
        len(decided),
        _conformity(applicable),
        lower,
        _share(applicable, _most),
        coverage,
        worst,
        rating,
        why,
    )


def _conformity(applicable: Sequence[Tally]) -> float | None:
    passed = known = 0.0
    for each in applicable:
        total = each.passed + each.failed + each.undecided
        if total:
            passed += each.severity.weight * each.passed / total
            known += each.severity.weight * (each.passed + each.failed) / total
    return passed / known if known else None


def _share(applicable: Sequence[Tally], share: Callable[[Tally], float]) -> float | None:
    weight = sum(each.severity.weight for each in applicable)
    return sum(each.severity.weight * share(each) for each in applicable) / weight if weight else None


def _covered(tally: Tally) -> float:
    if not (tally.seen and tally.concluded):
        return 0.0
    return tally.passed / (tally.passed + tally.undecided) if tally.undecided else 1.0


def _least(tally: Tally) -> float:
    total = tally.passed + tally.failed + tally.undecided
    return tally.passed / total if total and tally.seen and tally.concluded else 0.0


def _most(tally: Tally) -> float:
    total = tally.passed + tally.failed + tally.undecided
    return (tally.passed + tally.undecided) / total if total and tally.seen else 1.0


def _rated(counted: Sequence[Tally], lower: float | None, coverage: float) -> tuple[Rating, str]:
    if lower is None or not any(each.passed or each.failed for each in counted):
        return Rating.NOT_RATED, "nothing in scope was assessed"
    if coverage < LEAST_COVERAGE:
        return Rating.NOT_RATED, f"insufficient evidence: coverage {coverage:.0%} is below {LEAST_COVERAGE:.0%}"
    best = _by_share(lower)
    reason = f"the lower bound of conformity is {lower:.0%}"
    worst = max((each.worst_open for each in counted if each.worst_open), key=_rank, default=None)
    cap = _CAPS.get(worst) if worst else None
    if cap and _ORDER.index(cap) > _ORDER.index(best):
        return cap, f"capped: a {worst} matter has failed or is not known"
    return best, reason


def _by_share(lower: float) -> Rating:
    for least, rating in ((0.90, Rating.CONFORMING), (0.75, Rating.MINOR), (0.50, Rating.MAJOR)):
        if lower >= least:
            return rating
    return Rating.NOT_CONFORMING


_ORDER = tuple(Rating)
_CAPS = {
    Severity.CRITICAL: Rating.NOT_CONFORMING,
    Severity.HIGH: Rating.MAJOR,
    Severity.MEDIUM: Rating.MINOR,
}


def _rank(severity: Severity) -> int:
    return severity.rank
