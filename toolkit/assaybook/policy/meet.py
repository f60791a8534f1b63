"""What two wildcard patterns have in common, as a pattern, and a text that a pattern stands for."""

from __future__ import annotations

import re
from functools import lru_cache

from .match import arn_parts, covers

_ACCOUNT = re.compile(r"[0-9*?]*|aws")
# Stands where a pattern leaves the name open: no policy that names things names this one.
ANY_NAME = "any-name"
ANY_REGION = "us-east-1"


@lru_cache(maxsize=65536)
def meet(one: str, other: str) -> str | None:
    """A pattern within both, the widest that is easily told; None if no text is matched by both.

    Where one covers the other, the result is the narrower one. Otherwise it is a pattern for part of what they share:
    what matches it matches both, which is what a search for a witness needs. Of two ARNs each part is met for itself, since no
    region or account holds a colon.
    """
    if covers(one, other):
        return other
    if covers(other, one):
        return one
    parts, others = _whole_arn(one), _whole_arn(other)
    if parts and others:
        shared = [_walk(part, another) for part, another in zip(parts, others, strict=True)]
        return None if None in shared else ":".join(part for part in shared if part is not None)
    return _walk(one, other)


def _whole_arn(pattern: str) -> tuple[str, ...] | None:
    """The six parts of an ARN pattern in which each star stays within its part, as far as the account's place shows."""
    parts = arn_parts(pattern)
    return parts if parts and _ACCOUNT.fullmatch(parts[4]) else None


def _walk(one: str, other: str) -> str | None:
    """Read both patterns side by side; `pending` holds places in both and the text that led there."""
    pending = [(0, 0, "")]
    seen = {(0, 0)}
    while pending:
        left, right, text = pending.pop()
        if left == len(one) and right == len(other):
            return text
        for step_left, step_right, more in _steps(one[left : left + 1], other[right : right + 1]):
            place = (left + step_left, right + step_right)
            if place not in seen:
                seen.add(place)
                pending.append((*place, text + more))
    return None


def _steps(left: str, right: str) -> list[tuple[int, int, str]]:
    """How to go on, last one first: how far in each pattern, and the text that is read on the way."""
    if left == "*" and right == "*":
        return [(1, 0, "*"), (0, 1, "*")]
    if left == "*":
        return [(1, 0, ""), (0, 1, right)] if right else [(1, 0, "")]
    if right == "*":
        return [(0, 1, ""), (1, 0, left)] if left else [(0, 1, "")]
    if not left or not right:
        return []
    if left == right or right == "?":
        return [(1, 1, left)]
    return [(1, 1, right)] if left == "?" else []


def witness(pattern: str) -> str:
    """A text that the pattern matches, made so that no other pattern matches it by chance."""
    parts = arn_parts(pattern)
    if parts and parts[3] == "*":
        pattern = ":".join((*parts[:3], ANY_REGION, *parts[4:]))
    return pattern.replace("*", ANY_NAME).replace("?", "x")
