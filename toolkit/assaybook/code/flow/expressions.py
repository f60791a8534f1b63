"""Expressions: what each of them gives."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .. import ir
from ..knowledge.terms import SECRET
from .data import ENVIRONMENT, element_of, format_percent, part_of, passed
from .guards import compared, negated, truth
from .machine import Machine
from .objects import Arguments, Frame, Site
from .sinks import judge
from .taint import Taint, merge_taints
from .values import CLEAN, FIXED, UNSET, Value, changed, constant, filtered, is_tainted, join, named, text_of

_COMPARED = frozenset(("==", "!=", "===", "!==", "<", "<=", ">", ">=", "in", "not in", "is", "is not", "instanceof"))
_NUMERIC: Mapping[str, Callable[[Any, Any], Any]] = {"-": operator.sub, "*": operator.mul, "+": operator.add}


def _constant(machine: Machine, node: ir.Constant, frame: Frame) -> Value:
    return constant(node.value)


def _name(machine: Machine, node: ir.Name, frame: Frame) -> Value:
    value = frame.look(node.id)
    if value is None:
        if node.id == "__name__":
            return constant(frame.scope.path)
        if node.id in ("undefined", "NaN"):
            return constant(None)
        whole = machine.lookup.renamed(node.id)
        return environment(machine, whole, node, frame) or named(whole)
    return filtered(value, frame.facts)


def environment(machine: Machine, name: str, node: ir.Expression, frame: Frame) -> Value | None:
    """The whole environment: its secrets are one untold thing."""
    if name not in machine.lookup.environment:
        return None
    return named(name).but(taints=(environment_taint(frame, node.place.line),))


def environment_taint(frame: Frame, line: int) -> Any:
    """The environment as a source of secrets."""
    return Taint(SECRET, ENVIRONMENT, "the environment").step(
        frame.scope.path, line, frame.function, "reads the environment"
    )


def _member(machine: Machine, node: ir.Member, frame: Frame) -> Value:
    return machine.member(machine.evaluate(node.of, frame), node.name, node.place, frame)


def _item(machine: Machine, node: ir.Item, frame: Frame) -> Value:
    value = machine.evaluate(node.of, frame)
    if node.key is None:
        return sliced(value)
    key = machine.evaluate(node.key, frame)
    if key.taints and value.name:
        place = node.place
        site = Site(frame.scope.path, place.line, place.column, frame.function, written(node), place.end)
        judge(machine, f"{value.name}.[]", Arguments((key,)), site, frame)
    return machine.item(value, key, node.place, frame)


def sliced(value: Value) -> Value:
    """A part of a text or list: what is told of a part is not told of the whole."""
    if value.constant is not UNSET or value.pieces is not None:
        value = value.but(constant=UNSET, pieces=None if is_tainted(value) else (FIXED,))
    if value.items is not None:
        element = join(*value.items, *((value.element,) if value.element is not None else ()))
        value = value.but(items=None, element=element)
    return changed(value, lambda each: each if each.path.endswith("[]") else replace(each, path=each.path + "[]"))


def _call(machine: Machine, node: ir.Call, frame: Frame) -> Value:
    callee = node.function
    if isinstance(callee, ir.Closure) and not node.arguments:
        return machine.call(machine.evaluate(callee, frame), Arguments(), site_of(node, frame), frame)
    return machine.evaluate_call(node, frame)


def site_of(node: ir.Call, frame: Frame) -> Site:
    """Where a call is."""
    place = node.place
    return Site(frame.scope.path, place.line, place.column, frame.function, written(node.function), place.end)


def written(node: ir.Expression) -> str:
    """How a callee is written, shortened."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Member):
        before = written(node.of)
        return f"{before}.{node.name}" if before else node.name
    if isinstance(node, ir.Call):
        before = written(node.function)
        return f"{before}()" if before else ""
    if isinstance(node, ir.Item):
        before = written(node.of)
        return f"{before}[]" if before else ""
    return ""


def _text(machine: Machine, node: ir.Text, frame: Frame) -> Value:
    return stepped_text(text_of([machine.evaluate(each, frame) for each in node.parts]), node, frame)


def stepped_text(value: Value, node: ir.Expression, frame: Frame) -> Value:
    """A text that was put together, with that as a step of what is in it."""
    if not value.taints:
        return value
    line = node.place.line
    return changed(value, lambda each: each.step(frame.scope.path, line, frame.function, "puts it into a text"))


def _binary(machine: Machine, node: ir.Binary, frame: Frame) -> Value:
    left, right = machine.evaluate(node.left, frame), machine.evaluate(node.right, frame)
    sign = node.operator
    if sign in _COMPARED:
        return truth() if sign in ("<", "<=", ">", ">=", "instanceof") else compared(sign, left, right)
    return stepped_text(combined(machine, sign, left, right, frame), node, frame)


def combined(machine: Machine, sign: str, left: Value, right: Value, frame: Frame) -> Value:
    """The result of an operation on two values."""
    if sign in _NUMERIC and _is_number(left) and _is_number(right):
        return constant(_NUMERIC[sign](left.constant, right.constant))
    if sign == "+":
        if any(each.items is not None or each.element is not None for each in (left, right)):
            return concatenated(left, right)
        return text_of((left, right))
    if frame.scope.language != ir.PYTHON:
        return Value(pieces=(FIXED,))  # a number, whatever it is made of
    if sign == "%" and frame.scope.language == ir.PYTHON:
        return format_percent(left, right, machine.lookup)
    if sign == "/" and frame.scope.language == ir.PYTHON and (is_tainted(right) or is_tainted(left)):
        return text_of((left, constant("/"), right)).but(name="pathlib.Path")
    if sign == "*" and (is_tainted(left) or is_tainted(right)):
        return passed(left, right)
    if sign == "|" and (left.fields is not None or right.fields is not None or left.taints or right.taints):
        return merged(left, right)
    return Value(pieces=(FIXED,))


def merged(left: Value, right: Value) -> Value:
    """Two records in one, the second one's entries before the first one's."""
    fields = {**(left.fields or {}), **(right.fields or {})}
    return join(left.but(fields=fields or None), right.but(fields=None))


def concatenated(left: Value, right: Value) -> Value:
    """Two lists in one."""
    if left.items is not None and right.items is not None:
        both = join(left.but(items=None), right.but(items=None))
        return both.but(items=(*left.items, *right.items)[:32])
    return join(left, right)


def _is_number(value: Value) -> bool:
    known = value.constant
    return isinstance(known, int | float) and not isinstance(known, bool) and abs(known) < 1_000_000


def _unary(machine: Machine, node: ir.Unary, frame: Frame) -> Value:
    value = machine.evaluate(node.operand, frame)
    if node.operator == "not":
        return negated(value)
    if node.operator == "await":
        return value
    if node.operator == "yield":
        frame.yielded.append(value)
        return CLEAN
    if node.operator == "typeof":
        return Value(name="typeof", items=(value,))
    if node.operator == "*":
        return element_of(value, machine.lookup, frame.scope.language)
    return Value(pieces=(FIXED,))


def _record(machine: Machine, node: ir.Record, frame: Frame) -> Value:
    fields: dict[str, Value] = {}
    unknown: list[Value] = []
    spread: list[Value] = []
    keys: list[Value] = []
    for entry in node.entries:
        value = machine.evaluate(entry.value, frame)
        if entry.key is None:
            for name in fields:
                if value.taints and name not in (value.fields or {}):
                    fields[name] = join(fields[name], part_of(Value(taints=value.taints), name, machine.lookup))
            spread.append(value)
            fields.update(value.fields or {})
            continue
        key = machine.evaluate(entry.key, frame)
        if isinstance(key.constant, str | int) and not isinstance(key.constant, bool):
            fields[str(key.constant)] = value
        else:
            unknown.append(value)
            if key.taints:
                keys.append(Value(taints=key.taints))
    taints = merge_taints(*(each.taints for each in spread))
    elements = [*unknown, *keys, *(each.element for each in spread if each.element is not None)]
    return Value(taints, fields=fields, element=join(*elements) if elements else None)


def _sequence(machine: Machine, node: ir.Sequence, frame: Frame) -> Value:
    items: list[Value] = []
    loose: list[Value] = []
    for each in node.items:
        if isinstance(each, ir.Unary) and each.operator == "*":
            value = machine.evaluate(each.operand, frame)
            if value.items is not None and value.element is None and not value.taints:
                items.extend(value.items)
            else:
                loose.append(element_of(value, machine.lookup, frame.scope.language))
        else:
            items.append(machine.evaluate(each, frame))
    if loose or len(items) > 32:
        return Value(items=tuple(items[:32]), element=join(*loose, *items[32:]))
    return Value(items=tuple(items))


def _choice(machine: Machine, node: ir.Choice, frame: Frame) -> Value:
    test = machine.evaluate(node.test, frame)
    facts = frame.facts
    found: list[Value] = []
    if test.truthy is not None:
        frame.facts = facts | test.truthy
        yes = filtered(test, frame.facts) if node.yes is node.test else machine.evaluate(node.yes, frame)
        truthy = None if yes.truthy is None else yes.truthy | test.truthy
        falsy = None if node.yes is node.test or yes.falsy is None else yes.falsy | test.truthy
        found.append(yes.but(truthy=truthy, falsy=falsy))
    if test.falsy is not None:
        frame.facts = facts | test.falsy
        # Of `data && other` the data itself is left only where it is empty.
        no = CLEAN if node.no is node.test else machine.evaluate(node.no, frame)
        truthy = None if node.no is node.test or no.truthy is None else no.truthy | test.falsy
        falsy = None if no.falsy is None else no.falsy | test.falsy
        found.append(no.but(truthy=truthy, falsy=falsy))
    frame.facts = facts
    return join(*found)


def _comprehension(machine: Machine, node: ir.Comprehension, frame: Frame) -> Value:
    env, facts = frame.env, frame.facts
    frame.env = dict(env)
    for loop in node.loops:
        if loop.iterable is not None and loop.target is not None:
            value = machine.evaluate(loop.iterable, frame)
            machine.assign(loop.target, element_of(value, machine.lookup, frame.scope.language), frame)
        if loop.test is not None:
            frame.facts = frame.facts | (machine.evaluate(loop.test, frame).truthy or frozenset())
    key = machine.evaluate(node.key, frame) if node.key is not None else None
    element = machine.evaluate(node.element, frame)
    # What a test in it tells holds for the elements, and they are filtered by it.
    element = filtered(element, frame.facts)
    frame.env, frame.facts = env, facts
    if key is not None:
        if isinstance(key.constant, str):
            return Value(fields={key.constant: element})
        return Value(element=element, taints=tuple(replace(each, text=True) for each in key.taints))
    return Value(element=element)


def _assigned(machine: Machine, node: ir.Assigned, frame: Frame) -> Value:
    value = machine.evaluate(node.value, frame)
    machine.assign(node.target, value, frame)
    return value


def _closure(machine: Machine, node: ir.Closure, frame: Frame) -> Value:
    return machine.function(node.function, frame)


def _class_value(machine: Machine, node: ir.ClassValue, frame: Frame) -> Value:
    return machine.make_class(node.definition, frame)


def _opaque(machine: Machine, node: ir.Opaque, frame: Frame) -> Value:
    values = [machine.evaluate(each, frame) for each in node.parts]
    return passed(*values)


FORMS: Mapping[type[ir.Expression], Callable[[Any, Any, Frame], Value]] = {
    ir.Constant: _constant,
    ir.Name: _name,
    ir.Member: _member,
    ir.Item: _item,
    ir.Call: _call,
    ir.Text: _text,
    ir.Binary: _binary,
    ir.Unary: _unary,
    ir.Record: _record,
    ir.Sequence: _sequence,
    ir.Choice: _choice,
    ir.Comprehension: _comprehension,
    ir.Assigned: _assigned,
    ir.Closure: _closure,
    ir.ClassValue: _class_value,
    ir.Opaque: _opaque,
}
