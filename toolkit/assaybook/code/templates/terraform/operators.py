"""Operators on values that may not be known."""

from __future__ import annotations

import math
import operator as operator_module
from collections.abc import Callable, Mapping
from typing import Any

from ..resources import Unresolved
from ..values import Partly, bare, is_known, text_of
from .unknown import Missing, is_holder, missing, symbol, truth


def opened(value: Any, where: str) -> Any:
    """What stands for a condition of which it is not known whether it holds."""
    return value if isinstance(value, Unresolved) else symbol("condition", "a condition is not known", where)


def same_values(one: Any, other: Any) -> bool:
    """Whether two values are surely the same."""
    if isinstance(one, Unresolved) or isinstance(other, Unresolved):
        return isinstance(one, Unresolved) and isinstance(other, Unresolved) and one.symbol == other.symbol
    return type(one) is type(other) and not is_holder(one) and bool(one == other)


def negated(operator: str, value: Any, where: str) -> Any:
    """What an operator before a value gives."""
    if isinstance(value, Unresolved):
        return value
    if operator == "!":
        holds = truth(value)
        return not holds if holds is not None else missing("!", "a condition is not known", where)
    return -value if isinstance(value, int | float) else missing("-", "what is no number is counted with", where)


def combined(operator: str, one: Any, other: Any, where: str) -> Any:
    """What an operator between two values gives."""
    if operator in ("==", "!="):
        equal = _equal(one, other)
        if equal is None:
            said = one if isinstance(one, Unresolved) else other if isinstance(other, Unresolved) else None
            name = bare(said.symbol) if said else text_of(one if isinstance(one, Partly) else other)[:60]
            return symbol(name, said.why if said else "a part of it is not known", where)
        return equal is (operator == "==")
    for each in (one, other):
        if isinstance(each, Unresolved):
            return each
    return _counted(operator, _number(one), _number(other), where)


_COUNTING: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator_module.lt,
    ">": operator_module.gt,
    "<=": operator_module.le,
    ">=": operator_module.ge,
    "+": operator_module.add,
    "-": operator_module.sub,
    "*": operator_module.mul,
    "/": operator_module.truediv,
    "%": math.fmod,
}


def _counted(operator: str, one: float | None, other: float | None, where: str) -> Any:
    if one is None or other is None or (operator in "/%" and other == 0):
        return missing(operator, "what is no number is counted with", where)
    made: Any = _COUNTING[operator](one, other)
    if isinstance(made, float) and not math.isfinite(made):
        return missing(operator, "a number is too large", where)
    return int(made) if isinstance(made, float) and made.is_integer() else made


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if abs(value) < 10**30 else None
    if isinstance(value, str) and len(value) < 30:
        try:
            return int(value) if value.lstrip("-").isdigit() else float(value)
        except ValueError:
            return None
    return None


def _equal(one: Any, other: Any) -> bool | None:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return None
    if isinstance(one, Unresolved) or isinstance(other, Unresolved):
        return None
    if is_holder(one) or is_holder(other):
        return False if one is None or other is None else None
    if one is None or other is None:
        return one is other
    if isinstance(one, Partly) or isinstance(other, Partly):
        # What has a known part is not empty.
        return False if "" in (one, other) and not (str(one) + str(other)).startswith("${") else None
    if not is_known(one) or not is_known(other):
        return False if (isinstance(one, list | dict) and not other) or not one else None
    if isinstance(one, bool) or isinstance(other, bool):
        return truth(one) is truth(other) if truth(one) is not None and truth(other) is not None else False
    if isinstance(one, str) != isinstance(other, str) and not isinstance(one, list | dict):
        return text_of(one) == text_of(other)
    return bool(one == other)
