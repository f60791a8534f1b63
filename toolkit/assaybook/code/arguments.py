"""The arguments of a call: by name, by place, and by the keys of the records among them."""

from __future__ import annotations

from collections.abc import Mapping

from . import ir
from .naming import DEPTH, View
from .scopes import Scope, key_of


def argument(call: ir.Call, name: str, position: int | None = None) -> ir.Expression | None:
    """The argument under a keyword, or else at a position (from 0)."""
    plain = [each for each in call.arguments if not each.name]
    found = next((each.value for each in call.arguments if name and each.name == name), None)
    if found is not None or position is None:
        return found
    before = plain[: position + 1]
    return before[-1].value if len(before) == position + 1 and not any(each.spread for each in before) else None


def options(view: View, call: ir.Call, scope: Scope) -> Mapping[str, tuple[ir.Expression, Scope]]:
    """Every named argument of a call: its keywords, and the keys of the records among its arguments, nested ones with dots."""
    found: dict[str, tuple[ir.Expression, Scope]] = {}
    for each in call.arguments:
        if each.name:
            found[each.name] = (each.value, scope)
        value, where = view.once(each.value, scope)
        if isinstance(value, ir.Record):
            _entries(view, value, where, f"{each.name}." if each.name else "", found, DEPTH)
    return found


def _entries(
    view: View, record: ir.Record, scope: Scope, before: str, found: dict[str, tuple[ir.Expression, Scope]], depth: int
) -> None:
    for entry in record.entries if depth else ():
        value, where = view.once(entry.value, scope)
        if entry.key is not None:
            found[f"{before}{key_of(entry.key)}"] = (entry.value, scope)
        if isinstance(value, ir.Record):
            inner = f"{before}{key_of(entry.key)}." if entry.key is not None else before
            _entries(view, value, where, inner, found, depth - 1)


def spreads(view: View, call: ir.Call, scope: Scope) -> bool:
    """Whether a call is also given what cannot be read here: a spread, or options that are made elsewhere."""
    for each in call.arguments:
        value, _ = view.once(each.value, scope)
        if each.spread and not isinstance(value, ir.Record):
            return True
        if isinstance(value, ir.Record) and any(one.key is None for one in value.entries):
            return True
    return False
