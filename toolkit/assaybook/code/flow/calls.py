"""Calls: of functions of the program, and of what libraries offer."""

from __future__ import annotations

from .. import ir
from .callables import of_function, with_this
from .classes import construct, validated, validates
from .data import PATTERN as _PATTERN
from .data import element_of, passed
from .expressions import site_of
from .functions import NAMED
from .guards import about, begins, contains, matched, tested, truth
from .library import outside
from .machine import Machine
from .methods import CHANGING, GIVING
from .objects import Arguments, ClassRef, Frame, FunctionRef, Instance, Site
from .sinks import judge
from .values import MOST_MEANT, UNSET, Value, is_tainted, join, named

# Methods by which a text takes up other texts, whatever it is that has them.
_ARRANGING = frozenset(("joinpath", "replace", "format", "join", "concat"))


def evaluate_call(machine: Machine, node: ir.Call, frame: Frame) -> Value:
    """What a call gives, and what it does to what it is called on."""
    written = node.function
    receiver: Value | None = None
    if isinstance(written, ir.Member):
        receiver = machine.evaluate(written.of, frame)
        callee = machine.member(receiver, written.name, written.place, frame)
    else:
        callee = machine.evaluate(written, frame)
    arguments = given(machine, node.arguments, frame)
    site = site_of(node, frame)
    if receiver is not None and isinstance(written, ir.Member):
        _switch(machine, written, receiver, callee, arguments, frame)
        _fill(machine, written, receiver, callee, arguments, frame)
        schema = validates(machine, receiver, written.name)
        if schema is not None:
            return validated(machine, schema, join(*arguments.all()), site, frame)
        if frame.scope.language != ir.PYTHON:
            made = of_function(machine, written.name, receiver, arguments, site, frame)
            if made is not None:
                return made
            callee = with_this(callee, receiver)
        if not callee.refs or receiver.taints or receiver.fields is not None or receiver.items is not None:
            special = _method(machine, written, receiver, callee, arguments, site, frame)
            if special is not None:
                return special
    return call(machine, callee, arguments, site, frame, receiver)


def _switch(
    machine: Machine, written: ir.Member, receiver: Value, callee: Value, arguments: Arguments, frame: Frame
) -> None:
    """A call that changes what an object allows: external entities, say."""
    for name, feature, value in machine.lookup.knowledge.switches:
        first, second = arguments.at(0), arguments.at(1)
        if callee.name != name or first is None or second is None or not isinstance(written.of, ir.Name):
            continue
        if first.name.rsplit(".", 1)[-1] == feature and second.constant is not UNSET and bool(second.constant) is value:
            machine.assign(written.of, named(f"{receiver.name}.unhardened"), frame)


def _fill(
    machine: Machine, written: ir.Member, receiver: Value, callee: Value, arguments: Arguments, frame: Frame
) -> None:
    """A call that puts data into what it is called on: a text into a parser that is asked for its parts later."""
    if callee.name in machine.lookup.knowledge.filling and isinstance(written.of, ir.Name):
        data = join(*arguments.all())
        if is_tainted(data):
            machine.assign(written.of, join(receiver, passed(data)), frame)


def given(machine: Machine, written: tuple[ir.Argument, ...], frame: Frame) -> Arguments:
    """The arguments of a call."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    rest: Value | None = None
    rest_keywords: Value | None = None
    for each in written:
        value = machine.evaluate(each.value, frame)
        if each.name:
            keywords[each.name] = value
        elif each.spread == "**":
            keywords.update(value.fields or {})
            if value.taints or value.element is not None:
                loose = value.but(fields=None)
                rest_keywords = loose if rest_keywords is None else join(rest_keywords, loose)
        elif each.spread == "*":
            if value.items is not None and value.element is None and rest is None:
                positional.extend(value.items)
            else:
                element = element_of(value, machine.lookup, frame.scope.language)
                rest = element if rest is None else join(rest, element)
        elif rest is not None:
            rest = join(rest, value)
        else:
            positional.append(value)
    return Arguments(tuple(positional), keywords, rest, rest_keywords)


def call(
    machine: Machine, callee: Value, arguments: Arguments, site: Site, frame: Frame, receiver: Value | None = None
) -> Value:
    """What calling a value gives."""
    results: list[Value] = []
    if len(callee.refs) > MOST_MEANT:
        machine.note_limit("functions that a call may mean")
    for each in callee.refs[:MOST_MEANT]:
        if isinstance(each, FunctionRef):
            results.append(machine.invoke(each, arguments, site, frame))
        elif isinstance(each, ClassRef):
            results.append(construct(machine, each, arguments, site, frame))
        elif isinstance(each, Instance):
            method = each.of.find("__call__")
            if method is not None:
                bound = machine.member(Value(refs=(each,)), "__call__", ir.Place(site.line), frame)
                results.append(call(machine, bound, arguments, site, frame))
    if results:
        return join(*results)
    if callee.name == "super":
        return named("<super>")
    return outside(machine, callee, arguments, site, frame, receiver)


def _method(
    machine: Machine, written: ir.Member, receiver: Value, callee: Value, arguments: Arguments, site: Site, frame: Frame
) -> Value | None:
    """Methods of data: of texts, lists and records, not of what a library offers under the same name."""
    name = written.name
    arranges = name in _ARRANGING and callee.name not in NAMED and any(is_tainted(each) for each in arguments.all())
    if not arranges and receiver.name and not receiver.name.startswith("?") and not is_tainted(receiver):
        return None
    if receiver.refs and not is_tainted(receiver):
        return None
    whole = callee.name or f"?.{name}"
    if is_tainted(receiver):
        judge(machine, whole, arguments, site, frame, receiver)
    if receiver.taints and name in ("startswith", "startsWith"):
        return begins(receiver, arguments.at(0))
    if name in ("includes", "__contains__", "has", "indexOf", "some"):
        part = arguments.at(0)
        if receiver.taints and part is not None:
            return contains(receiver, part)
        if part is not None and part.taints and not is_tainted(receiver) and name != "some":
            return truth(about(part))
    known = tested(whole, receiver, arguments, machine.lookup)
    if known is not None:
        return known
    if machine.lookup.callbacks.of(whole) and any(each.refs for each in arguments.all()):
        return None
    if name == "match" and receiver.taints:
        return matched(pattern_of(arguments.at(0)), receiver, False).but(taints=receiver.taints)
    if name in ("update", "append") and receiver.plain:
        return None
    changing = CHANGING.get(name)
    if changing is not None:
        result, after = changing(receiver, arguments, machine.lookup, frame.scope.language)
        if (
            after is not receiver
            and isinstance(written.of, ir.Name | ir.Member | ir.Item)
            and after.key != receiver.key
        ):
            machine.assign(written.of, after, frame)
        return result
    giving = GIVING.get(name)
    if giving is not None and not (receiver.plain and not arguments.positional):
        return giving(receiver, arguments, machine.lookup, frame.scope.language)
    return None


def pattern_of(value: Value | None) -> Value | None:
    """The text of a regular expression, compiled or not."""
    if value is not None and value.fields and _PATTERN in value.fields:
        return value.fields[_PATTERN]
    return value
