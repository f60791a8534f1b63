"""Functions and classes of the program as values: with their decorators, and their bodies run."""

from __future__ import annotations

from .. import ir
from . import calls, expressions
from .machine import Machine
from .objects import Arguments, ClassRef, Frame, FunctionRef, Site
from .values import Value


def function_value(machine: Machine, function: ir.Function, frame: Frame, owner: ClassRef | None = None) -> Value:
    """A function of the program as a value, in its decorators."""
    outer = None if frame.shared is frame.scope.env else frame
    decorators = [
        (each, machine.evaluate(each.function if isinstance(each, ir.Call) else each, frame))
        for each in function.decorators
    ]
    names = tuple(value.name for _, value in decorators if value.name)
    reference = FunctionRef(
        machine.serial(function),
        0 if outer is None else outer.uid,
        function=function,
        scope=frame.scope,
        frame=outer,
        owner=owner,
        decorators=names,
    )
    value = Value(refs=(reference,))
    for node, decorator in reversed(decorators):
        if any(isinstance(each, FunctionRef) for each in decorator.refs):
            wrapped = _decorated(machine, node, decorator, value, frame)
            if any(isinstance(each, FunctionRef) for each in wrapped.refs):
                value = Value(refs=wrapped.refs)
    return value


def _decorated(machine: Machine, node: ir.Expression, decorator: Value, value: Value, frame: Frame) -> Value:
    site = Site(frame.scope.path, node.place.line, node.place.column, frame.function, expressions.written(node))
    if isinstance(node, ir.Call):
        decorator = machine.call(decorator, calls.given(machine, node.arguments, frame), site, frame)
    return machine.call(decorator, Arguments((value,)), site, frame)


def class_value(machine: Machine, definition: ir.Class, frame: Frame) -> Value:
    """A class of the program as a value: its body is run."""
    bases = [machine.evaluate(each, frame) for each in definition.bases]
    known = tuple(each for value in bases for each in value.refs if isinstance(each, ClassRef))
    outside = tuple(value.name for value in bases if value.name)
    names = tuple(
        value.name
        for value in (
            machine.evaluate(each.function if isinstance(each, ir.Call) else each, frame)
            for each in definition.decorators
        )
        if value.name
    )
    annotations = {
        target.id: each.annotation
        for each in definition.body
        if isinstance(each, ir.Assign) and each.annotation is not None
        for target in each.targets
        if isinstance(target, ir.Name)
    }
    attributes: dict[str, Value] = {}
    cls = ClassRef(
        machine.serial(definition),
        definition=definition,
        scope=frame.scope,
        attributes=attributes,
        bases=known,
        outside=outside,
        annotations=annotations,
        decorators=names,
    )
    inner = Frame(
        machine.number(),
        definition.qualified,
        frame.scope,
        attributes,
        {},
        frame if frame.shared is not frame.scope.env else frame.parent,
        depth=frame.depth,
    )
    inner.owner = cls
    inner.bound = Value(refs=(cls,))
    machine.run(definition.body, inner)
    attributes.update(inner.env)
    return Value(refs=(cls,))
