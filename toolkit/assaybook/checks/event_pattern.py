"""Whether a pattern of EventBridge matches an event of which only some members are known.

Source: Amazon EventBridge User Guide, "Creating event patterns" and "Comparison operators for use in event patterns".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from ..policy.truth import Truth, every, some
from .known_event import Event, Said, look

MALFORMED = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)


def matches(pattern: str, event: Event) -> Truth:
    """Whether the pattern lets the event through; unknown where it asks for what is not known, and for a pattern that is not understood."""
    try:
        return _object(_parsed(pattern), event, ())
    except MALFORMED:
        return Truth.UNKNOWN


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> Any:
    # One rule is held against many events.
    return json.loads(pattern)


def _object(pattern: Mapping[str, Any], event: Event, path: tuple[str, ...]) -> Truth:
    """All members must match; under `$or` one of several patterns."""
    return every(_members(pattern, event, path))


def _members(pattern: Mapping[str, Any], event: Event, path: tuple[str, ...]) -> Iterator[Truth]:
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list):
            yield some(_object(each, event, path) for each in wanted)
        elif isinstance(wanted, Mapping):
            yield _object(wanted, event, (*path, name))
        elif isinstance(wanted, list):
            yield some(_condition(each, look(event, (*path, name))) for each in wanted)
        else:
            raise TypeError(f"{name} is neither an object nor a list")


def _condition(wanted: Any, value: Any) -> Truth:
    """One alternative against the value of a member, which may be a list of which one element has to match."""
    if isinstance(wanted, Mapping) and "exists" in wanted:
        if value is Said.OPEN:
            return Truth.UNKNOWN
        return Truth.of((value is not Said.ABSENT) is bool(wanted["exists"]))
    if value is Said.OPEN:
        return Truth.UNKNOWN
    if value is Said.ABSENT:
        return Truth.FALSE
    return some(_one(wanted, each) for each in (value if isinstance(value, list) else [value]))


def _one(wanted: Any, value: Any) -> Truth:
    if not isinstance(wanted, Mapping):
        return Truth.of((type(wanted) is type(value) and wanted == value) or _equal_numbers(wanted, value))
    if len(wanted) != 1:
        return Truth.UNKNOWN
    ((operator, operand),) = wanted.items()
    if operator == "anything-but":
        return _other_than(operand, value)
    decide = _OPERATORS.get(operator)
    return Truth.UNKNOWN if decide is None else Truth.of(decide(operand, value))


def _equal_numbers(one: Any, other: Any) -> bool:
    return _is_number(one) and _is_number(other) and one == other


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _other_than(operand: Any, value: Any) -> Truth:
    if isinstance(operand, Mapping):
        ((operator, inner),) = operand.items()
        options = inner if isinstance(inner, list) else [inner]
        return some(_one({operator: each}, value) for each in options).negated()
    options = operand if isinstance(operand, list) else [operand]
    return some(_one(each, value) for each in options).negated()


def _folded(operand: Any) -> tuple[str, bool]:
    """A text to compare with, and whether its case counts."""
    if isinstance(operand, Mapping):
        return str(operand["equals-ignore-case"]).casefold(), True
    return str(operand), False


def _prefix(operand: Any, value: Any) -> bool:
    wanted, fold = _folded(operand)
    return isinstance(value, str) and (value.casefold() if fold else value).startswith(wanted)


def _suffix(operand: Any, value: Any) -> bool:
    wanted, fold = _folded(operand)
    return isinstance(value, str) and (value.casefold() if fold else value).endswith(wanted)


def _same_text(operand: Any, value: Any) -> bool:
    return isinstance(value, str) and value.casefold() == str(operand).casefold()


def _wildcard(operand: Any, value: Any) -> bool:
    # A backslash takes an asterisk by its word.
    parts = re.split(r"(?<!\\)\*", str(operand))
    expression = ".*".join(re.escape(each.replace("\\*", "*").replace("\\\\", "\\")) for each in parts)
    return isinstance(value, str) and re.fullmatch(expression, value, re.DOTALL) is not None


def _numeric(operand: Any, value: Any) -> bool:
    if not _is_number(value):
        return False
    return all(_COMPARE[sign](value, bound) for sign, bound in zip(operand[::2], operand[1::2], strict=True))


def _within(operand: Any, value: Any) -> bool:
    try:
        return ip_address(str(value)) in ip_network(str(operand), strict=False)
    except ValueError:
        return False


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, bound: bool(value == bound),
    "<": lambda value, bound: bool(value < bound),
    "<=": lambda value, bound: bool(value <= bound),
    ">": lambda value, bound: bool(value > bound),
    ">=": lambda value, bound: bool(value >= bound),
}
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _same_text,
    "wildcard": _wildcard,
    "numeric": _numeric,
    "cidr": _within,
}
