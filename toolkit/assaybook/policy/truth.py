"""Three-valued logic: what is true, what is false, and what cannot be told from the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """An answer that may be open; `UNKNOWN` is neither of the others until more evidence comes."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refused: an open answer has no place in a plain `if`; compare with `is Truth.TRUE`."""
        raise TypeError("compare a Truth with Truth.TRUE, Truth.FALSE or Truth.UNKNOWN")

    @staticmethod
    def of(value: bool) -> Truth:
        """The decided answer for a plain boolean."""
        return Truth.TRUE if value else Truth.FALSE

    def negated(self) -> Truth:
        """The opposite; the opposite of unknown is unknown."""
        return _NEGATED[self]


_NEGATED = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}


def every(answers: Iterable[Truth]) -> Truth:
    """True if all are true, false as soon as one is false, else unknown. Nothing to ask is true."""
    result = Truth.TRUE
    for answer in answers:
        if answer is Truth.FALSE:
            return Truth.FALSE
        if answer is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def some(answers: Iterable[Truth]) -> Truth:
    """True as soon as one is true, false if all are false, else unknown. Nothing to ask is false."""
    result = Truth.FALSE
    for answer in answers:
        if answer is Truth.TRUE:
            return Truth.TRUE
        if answer is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result
