"""Parameters of a template: the values that they have unless somebody says otherwise."""

from __future__ import annotations

import re
from typing import Any

from .located import Block, Series, block
from .resources import Unresolved
from .values import NOTHING, text_of

_WHOLE = re.compile(r"[-+]?\d{1,18}")
_DECIMAL = re.compile(r"[-+]?\d{1,18}\.\d{1,18}")


def declared_value(name: str, declaration: Any, given: Any, where: str) -> Any:
    """The value of a parameter: what it is given, else its default, else the only value that is allowed."""
    said = block(declaration)
    kind = text_of(said.get("Type")) or "String"
    secret = text_of(said.get("NoEcho")).lower() == "true"
    if given is not NOTHING:
        return given if isinstance(given, Unresolved) else typed(given, kind, where)
    if kind.startswith("AWS::SSM::Parameter::Value"):
        return Unresolved(f"${{{name}}}", f"the parameter {name} is read from the parameter store", where, secret)
    allowed = said.get("AllowedValues")
    if "Default" in said:
        return typed(said["Default"], kind, where)
    if isinstance(allowed, list) and len(allowed) == 1:
        return typed(allowed[0], kind, where)
    return Unresolved(f"${{{name}}}", f"the parameter {name} has no default", where, secret)


def typed(value: Any, kind: str, where: str) -> Any:
    """A value as the type of its parameter has it."""
    if isinstance(value, Block):
        return text_of(value)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        items = value if isinstance(value, list) else [each.strip() for each in text_of(value).split(",")]
        file, _, line = where.rpartition(":")
        series = Series(file, int(line) if line.isdigit() else 0)
        for each in items if items != [""] else []:
            series.add(each)
        return series
    if isinstance(value, list):
        return ",".join(text_of(each) for each in value)
    text = text_of(value)
    if kind == "Number":
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
    return text
