"""What is known of a request: its context keys, and the policy variables that are filled in from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

from ..capture import has_symbol
from .match import literal


class Absent(Enum):
    """Why a context key has no value."""

    MISSING = "missing"
    """The request is known not to carry the key."""
    UNKNOWN = "unknown"
    """Nothing is known about the key."""


MISSING = Absent.MISSING
UNKNOWN_VALUE = Absent.UNKNOWN
Value = str | Sequence[str] | Absent


class RequestContext:
    """Context keys (upper and lower case alike) and their values; a key that is not named has the value `otherwise`.

    An empty sequence is the same as a missing key.
    """

    __slots__ = ("_otherwise", "_values")

    def __init__(self, values: Mapping[str, Value] = MappingProxyType({}), otherwise: Absent = UNKNOWN_VALUE) -> None:
        self._otherwise: Absent = otherwise
        self._values = {key.lower(): _several(value) for key, value in values.items()}

    def get(self, key: str) -> tuple[str, ...] | Absent:
        """The values of the key, never an empty tuple."""
        return self._values.get(key.lower(), self._otherwise)

    def filled(self, values: Mapping[str, Value]) -> RequestContext:
        """The same request with these values for keys of which nothing was said; what was said stays."""
        made = RequestContext(values, self._otherwise)
        made._values.update(self._values)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._values))


def _several(value: Value) -> tuple[str, ...] | Absent:
    if isinstance(value, Absent):
        return value
    if isinstance(value, str):
        return (value,)
    return tuple(value) or MISSING


NOTHING_KNOWN = RequestContext()

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?")
_ESCAPES = ("*", "?", "$")


def substitute(pattern: str, context: RequestContext) -> tuple[str, bool] | None:
    """The pattern with its `${...}` filled in, and whether that is exact.

    A variable of which nothing is known becomes `*`, and the result is not exact. None if a variable has no
    value in this request and no default: then the pattern matches nothing. `${*}`, `${?}` and `${$}` stand for
    themselves. Source: IAM User Guide, "IAM policy elements: Variables and tags".
    """
    if "${" not in pattern:
        return pattern, True
    exact, at, pieces = True, 0, []
    for found in _VARIABLE.finditer(pattern):
        value = _value(found.group(1), context)
        if value is MISSING:
            return None
        exact = exact and value is not UNKNOWN_VALUE
        pieces += [pattern[at : found.start()], "*" if isinstance(value, Absent) else value]
        at = found.end()
    return "".join([*pieces, pattern[at:]]), exact


def _value(inside: str, context: RequestContext) -> str | Absent:
    if inside in _ESCAPES:
        return literal(inside)
    named = _DEFAULT.fullmatch(inside)
    if named is None or has_symbol(f"${{{inside}}}"):
        return UNKNOWN_VALUE
    values = context.get(named.group(1))
    if values is MISSING and named.group(2) is not None:
        return literal(named.group(2))
    if isinstance(values, Absent):
        return values
    return literal(values[0]) if len(values) == 1 else UNKNOWN_VALUE
