"""Names that can be mistaken for those of well-known packages. A likeness proves nothing; it is where to look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ...dated import load_dated
from .components import NPM, PYPI

# Below this length, nearly every short name is one letter from another.
SHORTEST = 6
_LOOKALIKES = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("5", "s"), ("i", "l"), ("q", "g"))


@cache
def _known(ecosystem: str) -> tuple[Mapping[str, str], frozenset[str]]:
    """Well-known names by what they look like, and names that are near one of them and as they are meant to be."""
    entries = [each for each in load_dated("popular_packages").entries.values() if each.ecosystem == ecosystem]
    names = {name for each in entries for name in each.names}
    near = frozenset(name for each in entries for name in each.near)
    return {name: name for name in sorted(names)}, near


def resembled(ecosystem: str, name: str) -> tuple[str, str]:
    """The well-known package that a name could be mistaken for and what differs; empty texts for none."""
    if ecosystem not in (PYPI, NPM) or name.startswith("@"):
        return "", ""
    names, near = _known(ecosystem)
    if name in names or name in near or not names:
        return "", ""
    plain = _bare(name)
    for known in names:
        if plain == _bare(known):
            return known, "only separators differ"
        if len(known) >= SHORTEST - 1 and _drawn(name) == _drawn(known):
            return known, "letters that look alike differ"
    for known in names:
        if name in (f"{known}js", f"{known}-js", f"js{known}", f"python-{known}", f"{known}-python", f"py-{known}"):
            return known, "the name of the language was added"
        if len(known) >= SHORTEST and abs(len(known) - len(name)) <= 1 and one_apart(name, known):
            return known, "one letter differs"
    return "", ""


def _bare(name: str) -> str:
    return re.sub(r"[-_.]+", "", name)


@cache
def _drawn(name: str) -> str:
    """A name as it looks to a hasty reader."""
    for written, read in _LOOKALIKES:
        name = name.replace(written, read)
    return name


def one_apart(one: str, other: str) -> bool:
    """Whether one letter was added, left out, changed, or two neighbours changed places."""
    if one == other:
        return False
    start = next(
        (place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    left, right = one[start:], other[start:]
    if left[1:] == right or left == right[1:] or left[1:] == right[1:]:
        return True
    return len(left) >= 2 and len(right) >= 2 and left[0] == right[1] and left[1] == right[0] and left[2:] == right[2:]
