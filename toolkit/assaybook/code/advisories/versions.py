"""The order of versions, by the rules of each ecosystem; a version that its rules do not admit has no place in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, total_ordering
from typing import Any

from ..dependencies.components import CARGO, COMPOSER, GO, MAVEN, NPM, NUGET, PYPI, RUBYGEMS

_SEMVER = re.compile(r"^[v=]?\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$")
# Longer ones are no versions, and some orders take long over them.
LONGEST = 200


@total_ordering
class _Semantic:
    """Semantic Versioning 2.0.0, item 11; a fourth number (some registries have it) counts, and missing ones are 0."""

    __slots__ = ("_key",)

    def __init__(self, text: str) -> None:
        found = _SEMVER.match(text.strip())
        if found is None:
            raise ValueError(text)
        numbers = tuple(int(each or 0) for each in found.groups()[:4])
        self._key: tuple[Any, ...] = (numbers, *_pre(found[5]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Semantic) and self._key == other._key

    def __lt__(self, other: _Semantic) -> bool:
        return bool(self._key < other._key)

    def __hash__(self) -> int:
        return hash(self._key)


def _pre(said: str | None) -> tuple[Any, ...]:
    """Release after all its previews; numbers before words, a longer list after a shorter one that it begins with."""
    if said is None:
        return (1, ())
    return (0, tuple((0, int(each), "") if each.isdigit() else (1, 0, each) for each in said.split(".")))


# Source: Apache Maven, "Version Order Specification" (POM reference).
_QUALIFIERS = {
    "alpha": 0,
    "beta": 1,
    "milestone": 2,
    "rc": 3,
    "cr": 3,
    "snapshot": 4,
    "": 5,
    "final": 5,
    "ga": 5,
    "release": 5,
    "sp": 6,
}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}


@total_ordering
class _Maven:
    __slots__ = ("_tokens",)

    def __init__(self, text: str) -> None:
        said = text.strip().lower()
        if not re.fullmatch(r"[\w.+-]+", said, re.ASCII):
            raise ValueError(text)
        self._tokens = _maven_tokens(said)

    def _compared(self, other: _Maven) -> int:
        mine, theirs = self._tokens, other._tokens
        for place in range(max(len(mine), len(theirs))):
            one = mine[place] if place < len(mine) else _padding(theirs[place])
            two = theirs[place] if place < len(theirs) else _padding(mine[place])
            if one != two:
                return -1 if one < two else 1
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Maven) and self._compared(other) == 0

    def __lt__(self, other: _Maven) -> bool:
        return self._compared(other) < 0

    def __hash__(self) -> int:
        return hash(tuple(self._tokens))


def _maven_tokens(said: str) -> list[tuple[int, int, str]]:
    """Each token as its place in the order: qualifiers, then `-number`, then `.number`; trailing ones that say nothing are cut."""
    parts = re.findall(r"([.\-_+]?)(\d+|[a-z]+)", said)
    tokens: list[tuple[int, int, str]] = []
    before = ""
    for separator, part in parts:
        # A change between digits and letters separates as a hyphen does.
        separator = separator or ("-" if before else "")
        hyphen = separator in ("-", "_", "+")
        if hyphen or not part.isdigit():
            _cut(tokens)
        if part.isdigit():
            tokens.append((2 if hyphen else 3, int(part), ""))
        else:
            tokens.append(_qualifier(part))
        before = part
    _cut(tokens)
    return tokens


def _qualifier(part: str) -> tuple[int, int, str]:
    named = _SHORT.get(part, part)
    order = _QUALIFIERS.get(named)
    # What Maven does not know comes after what it does, by its letters.
    return (1, 0, named) if order is None else (0, order, "")


def _padding(token: tuple[int, int, str]) -> tuple[int, int, str]:
    """What a missing token counts as: 0 against a number after a dot, the release against anything else."""
    return (3, 0, "") if token[0] == 3 else (0, 5, "")


def _cut(tokens: list[tuple[int, int, str]]) -> None:
    while tokens and tokens[-1] in ((2, 0, ""), (3, 0, ""), (0, 5, "")):
        tokens.pop()


def _pypi(text: str) -> Any:
    from packaging.version import Version

    return Version(text)


@total_ordering
class _Segments:
    """Segments of numbers and words, compared one by one; what a word counts as, and what a missing segment does, is the ecosystem's."""

    __slots__ = ("_key",)

    def __init__(self, key: tuple[Any, ...]) -> None:
        self._key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Segments) and self._key == other._key

    def __lt__(self, other: _Segments) -> bool:
        return bool(self._key < other._key)

    def __hash__(self) -> int:
        return hash(self._key)


def _nuget(text: str) -> Any:
    """As semantic versions with four numbers, whatever the case. Source: NuGet documentation, "Package versioning"."""
    return _Semantic(text.lower())


def _gem(text: str) -> Any:
    """Words before numbers, and a missing number is 0. Source: RubyGems, Gem::Version."""
    said = text.strip()
    if not re.fullmatch(r"\d+(\.[0-9A-Za-z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?", said, re.ASCII):
        raise ValueError(text)
    parts = re.findall(r"\d+|[a-z]+", said.replace("-", ".pre."), re.IGNORECASE)
    first = next((place for place, each in enumerate(parts) if not each.isdigit()), len(parts))
    numbers, rest = [int(each) for each in parts[:first]], parts[first:]
    while numbers and not numbers[-1]:
        numbers.pop()
    keyed = [(2, each, "") if each else (1, 0, "") for each in numbers] + [
        (1, int(each), "") if each == "0" else (2, int(each), "") if each.isdigit() else (0, 0, each) for each in rest
    ]
    while keyed and keyed[-1] == (1, 0, ""):
        keyed.pop()
    # Nothing more counts as 0: less than a number, more than a word.
    return _Segments((*keyed, (1, 0, "")))


# Source: Composer documentation, "Versions and constraints" (stability), and PHP's version_compare.
_STABILITY = {"dev": 0, "alpha": 1, "a": 1, "beta": 2, "b": 2, "rc": 3, "": 4, "stable": 4, "patch": 5, "pl": 5, "p": 5}
_COMPOSER = re.compile(
    r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?:[._-]?(dev|alpha|a|beta|b|rc|stable|patch|pl|p)[._-]?(\d*))?(?:\+[\w.-]+)?"
)


def _composer(text: str) -> Any:
    found = _COMPOSER.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(text)
    return _Segments((*(int(each or 0) for each in found.groups()[:4]), _STABILITY[found[5] or ""], int(found[6] or 0)))


_ORDERS: Mapping[str, Callable[[str], Any]] = {
    PYPI: _pypi,
    NPM: _Semantic,
    CARGO: _Semantic,
    GO: _Semantic,
    MAVEN: _Maven,
    NUGET: _nuget,
    RUBYGEMS: _gem,
    COMPOSER: _composer,
}


@lru_cache(maxsize=50_000)
def version_of(ecosystem: str, text: str) -> Any:
    """A version that can be compared with others of its ecosystem; None for a text that is none."""
    make = _ORDERS.get(ecosystem)
    if make is None or not text or len(text) > LONGEST:
        return None
    try:
        return make(text)
    except ValueError:
        return None


def canonical_name(ecosystem: str, name: str) -> str:
    """The name under which a registry knows a package, whatever the case and separators it was written with."""
    if ecosystem == PYPI:
        return re.sub(r"[-_.]+", "-", name).lower()
    return name.lower() if ecosystem in (NUGET, COMPOSER) else name
