"""Values of every kind that stand, one after the other, in the place of one that a template does not tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

ABSENT = object()


class AnyText(str):
    """A text that equals every other, and an object whose members are such texts, so that code that reads either takes it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, str)

    __hash__ = str.__hash__

    def __str__(self) -> str:
        return self

    def __contains__(self, other: object) -> bool:
        return True

    def __getitem__(self, place: Any) -> Any:
        return self if isinstance(place, str) else str.__getitem__(self, place)

    def get(self, name: object, default: object = None) -> Any:
        """As of an object: any member is there."""
        return self

    def items(self) -> tuple[()]:
        """As of an object: there is none that could be named."""
        return ()

    keys = values = items

    def _same(self, *_: object) -> Any:
        return self

    lower = upper = casefold = strip = lstrip = rstrip = removesuffix = removeprefix = _same

    def startswith(self, *_: object) -> bool:
        """It begins, and ends, with whatever is asked for."""
        return True

    endswith = startswith


class AnyLists(AnyText):
    """The same, with lists for members."""

    __slots__ = ()

    def get(self, name: object, default: object = None) -> Any:
        """As of an object: any member is there, and a list."""
        return [AnyText(self)]


class AnyFlags(AnyText):
    """The same, with switches that are on for members."""

    __slots__ = ()

    def get(self, name: object, default: object = None) -> Any:
        """As of an object: any member is there, and on."""
        return True


class AnyNumbers(AnyText):
    """The same, with numbers for members."""

    __slots__ = ()

    def get(self, name: object, default: object = None) -> Any:
        """As of an object: any member is there, and a number."""
        return 1


class OtherText(str):
    """A text that equals no other, told from plain ones when rows are compared."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = str.__hash__

    def __str__(self) -> str:
        return self


Mapping.register(AnyText)


# What is put in the place of an open value, each made of its symbol, by kind. Only a kind of which all values make a row, or a field, tells anything: of a kind
# that is a wrong one, a single value may pass for a right one by chance.
KINDS: tuple[tuple[Callable[[str], Any], ...], ...] = (
    (lambda symbol: False, lambda symbol: True),
    (AnyText, OtherText),
    (lambda symbol: 0, lambda symbol: 10**6),
    (lambda symbol: [], lambda symbol: [AnyText(symbol)], lambda symbol: [AnyLists(symbol)]),
    (lambda symbol: {}, AnyLists, AnyFlags, AnyNumbers),
)


# An open value may also be left out, which says nothing by itself.
VALUES: tuple[tuple[int, Callable[[str], Any]], ...] = (
    (-1, lambda symbol: ABSENT),
    *((kind, make) for kind, values in enumerate(KINDS) for make in values),
)


def holds(pattern: str, text: str) -> bool:
    """Whether a text holds what a pattern looks for; one that stands for any other does."""
    return isinstance(text, AnyText) or re.search(pattern, text) is not None


def known(text: str) -> str:
    """A text that is going to be searched. Raises TypeError for one that stands for another, as what it does not hold says nothing."""
    if isinstance(text, (AnyText, OtherText)):
        raise TypeError(f"{text} stands for a text that is not known")
    return text
