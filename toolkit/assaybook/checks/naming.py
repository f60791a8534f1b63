"""How a sentence names some things of many."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMED = 4


def some_of(names: Sequence[str], whole: Sequence[object]) -> str:
    """So many of all, with the first few by name: `7 of 9 functions (a, b, c, d and 3 more)`."""
    first = ", ".join(names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{len(names)} of {len(whole)} functions ({first}{more})"
