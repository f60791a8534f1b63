"""Wildcards of the policy language: does a pattern match a value, cover another pattern, or overlap with one.

`*` stands for any text, also none, and `?` for one character. Nothing is expanded, so that a pattern never
costs more than its length times the length of what it is compared with.
Sources: IAM User Guide, "IAM JSON policy elements: Resource" and "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

# A literal * or ? (from ${*} and ${?}, or from a substituted value) travels as a private-use character.
LITERAL_STAR = "\ue02a"
LITERAL_MARK = "\ue03f"
_LITERALS = {LITERAL_STAR: "*", LITERAL_MARK: "?"}
_ARN_PARTS = 6
_STEPS = 20_000


def literal(text: str) -> str:
    """The pattern that matches exactly this text."""
    return text.replace("*", LITERAL_STAR).replace("?", LITERAL_MARK)


def has_wildcard(pattern: str) -> bool:
    """Whether the pattern can match more than one value."""
    return "*" in pattern or "?" in pattern


@lru_cache(maxsize=16384)
def _compiled(pattern: str) -> Callable[[str], object]:
    fixed = ["".join(_piece(one) for one in part) for part in pattern.split("*")]
    if len(fixed) == 1:
        return re.compile(fixed[0], re.DOTALL).fullmatch
    # Atomic groups: each piece is taken where it comes first and never tried again, so hostile patterns stay cheap.
    middle = "".join(f"(?>.*?{piece})" for piece in fixed[1:-1] if piece)
    return re.compile(f"{fixed[0]}{middle}.*{fixed[-1]}", re.DOTALL).fullmatch


def _piece(character: str) -> str:
    if character == "?":
        return "."
    return re.escape(_LITERALS.get(character, character))


def matches(pattern: str, value: str) -> bool:
    """Whether the pattern matches the whole value, upper and lower case told apart."""
    return pattern in ("*", value) or _compiled(pattern)(value) is not None


def action_matches(pattern: str, action: str) -> bool:
    """Whether the action pattern matches the action; actions know no upper and lower case."""
    return matches(pattern.lower(), action.lower())


@lru_cache(maxsize=65536)
def covers(wide: str, narrow: str) -> bool:
    """Whether every text that `narrow` matches is also matched by `wide`; exact for any two patterns."""
    if wide in ("*", narrow):
        return True
    if not has_wildcard(narrow):
        return matches(wide, "".join(_LITERALS.get(character, character) for character in narrow))
    return _included(_collapsed(wide), _collapsed(narrow))


def _collapsed(pattern: str) -> str:
    return re.sub(r"\*+", "*", pattern)


def _included(wide: str, narrow: str) -> bool:
    """Walk both patterns at once; a wildcard of `narrow` reads a character that no literal of `wide` equals.

    That character is the hardest one to match, so it decides for all. A position set of `wide` is a bit mask.
    """
    accept = 1 << len(wide)
    stars = sum(1 << place for place, character in enumerate(wide) if character == "*")
    pending = [(0, _closure(1, stars))]
    seen = set(pending)
    while pending:
        place, states = pending.pop()
        if place == len(narrow):
            if not states & accept:
                return False
            continue
        character = narrow[place]
        following = [(place + 1, states)] if character == "*" else []
        step = (place if character == "*" else place + 1, _closure(_read(wide, states, character), stars))
        for one in [*following, step]:
            if one not in seen:
                seen.add(one)
                pending.append(one)
        if len(seen) > _STEPS:
            return False
    return True


def _closure(states: int, stars: int) -> int:
    """A star may match nothing: whoever stands before one also stands after it."""
    while True:
        grown = states | ((states & stars) << 1)
        if grown == states:
            return states
        states = grown


def _read(wide: str, states: int, character: str) -> int:
    result = 0
    for place, expected in enumerate(wide):
        if not states >> place & 1:
            continue
        if expected == "*":
            result |= 1 << place
        elif expected == "?" or (expected == character and character not in "*?"):
            result |= 1 << (place + 1)
    return result


@lru_cache(maxsize=65536)
def overlaps(one: str, other: str) -> bool:
    """Whether some text is matched by both patterns; exact for any two patterns."""
    reachable = {0}
    reachable = _skipped(reachable, one)
    for character in other:
        reachable = _skipped(_advanced(reachable, one, character), one)
        if not reachable:
            return False
    return len(one) in reachable


def _skipped(places: set[int], pattern: str) -> set[int]:
    grown = set(places)
    for place in sorted(places):
        while place < len(pattern) and pattern[place] == "*":
            place += 1
            grown.add(place)
    return grown


def _advanced(places: set[int], pattern: str, character: str) -> set[int]:
    if character == "*":
        return set(range(min(places), len(pattern) + 1)) if places else set()
    moved: set[int] = set()
    for place in places:
        if place == len(pattern):
            continue
        expected = pattern[place]
        if expected == "*":
            moved.add(place)
        elif "?" in (expected, character) or expected == character:
            moved.add(place + 1)
    return moved


def action_covers(wide: str, narrow: str) -> bool:
    """Whether the first action pattern allows all that the second allows."""
    return covers(wide.lower(), narrow.lower())


def action_overlaps(one: str, other: str) -> bool:
    """Whether the two action patterns have an action in common."""
    return overlaps(one.lower(), other.lower())


def arn_parts(text: str) -> tuple[str, ...] | None:
    """The six parts of an ARN or ARN pattern (the resource keeps its colons), or None for anything else."""
    parts = text.split(":", _ARN_PARTS - 1)
    return tuple(parts) if len(parts) == _ARN_PARTS else None


def arn_matches(pattern: str, arn: str) -> bool:
    """Whether an Arn condition value matches: each of the six parts for itself, so that no star spans a colon.

    The Resource element is wider, there a star may run past colons: use `matches` for it.
    """
    wanted, found = arn_parts(pattern), arn_parts(arn)
    if wanted is None or found is None:
        return matches(pattern, arn)
    return all(matches(part, value) for part, value in zip(wanted, found, strict=True))
