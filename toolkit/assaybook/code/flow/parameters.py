"""Binding the parameters of a function to what a call gives."""

from __future__ import annotations

from .. import ir
from .classes import construct
from .machine import Machine
from .objects import Arguments, ClassRef, Frame, FunctionRef, Site
from .values import CLEAN, Value, join, named


def bind_parameters(machine: Machine, reference: FunctionRef, arguments: Arguments, frame: Frame) -> None:
    """Binds each parameter; what is left over goes to `*` and `**`."""
    function = reference.function
    positional = list(arguments.positional)
    bound = reference.bound
    if bound is not None:
        if reference.scope.language == ir.PYTHON:
            positional.insert(0, bound)
        _keep(frame, "this", bound)
    keywords = dict(arguments.keywords)
    index = 0
    for parameter in function.parameters:
        name = parameter.target.id if isinstance(parameter.target, ir.Name) else ""
        if parameter.kind == "*":
            rest = tuple(positional[index:])
            index = len(positional)
            value = Value(items=rest, element=arguments.rest)
        elif parameter.kind == "**":
            value = Value(fields=keywords, element=arguments.rest_keywords)
            if arguments.rest_keywords is not None:
                value = join(value, arguments.rest_keywords)
            keywords = {}
        else:
            value, index = _plain(machine, parameter, name, positional, index, keywords, arguments, frame)
        if value.plain and parameter.annotation is not None:
            value = of_annotation(machine, parameter.annotation, frame)
        machine.assign(parameter.target, value, frame)


def _plain(
    machine: Machine,
    parameter: ir.Parameter,
    name: str,
    positional: list[Value],
    index: int,
    keywords: dict[str, Value],
    arguments: Arguments,
    frame: Frame,
) -> tuple[Value, int]:
    if name and name in keywords:
        return keywords.pop(name), index
    if parameter.kind != "keyword" and index < len(positional):
        value = positional[index]
        if parameter.default is not None and value.constant is None:
            value = machine.evaluate(parameter.default, frame) if frame.scope.language != ir.PYTHON else value
        return value, index + 1
    loose = arguments.rest if parameter.kind != "keyword" else None
    if loose is None and arguments.rest_keywords is not None and name:
        loose = machine.item(arguments.rest_keywords, Value(constant=name), parameter.target.place, frame)
    default = machine.evaluate(parameter.default, frame) if parameter.default is not None else None
    if loose is None:
        return (CLEAN if default is None else default), index
    return (loose if default is None else join(loose, default)), index


def _keep(frame: Frame, name: str, value: Value) -> None:
    frame.env[name] = value
    frame.shared[name] = value


def of_annotation(machine: Machine, annotation: ir.Expression, frame: Frame) -> Value:
    """A value of which only the type is known: an object of a library, or of a class of the program."""
    node = annotation
    if isinstance(node, ir.Constant) and isinstance(node.value, str) and node.value.replace(".", "").isidentifier():
        first, *rest = node.value.split(".")
        node = ir.Name(first, place=annotation.place)
        for each in rest:
            node = ir.Member(node, each, place=annotation.place)
    if not ir.dotted(node):
        return CLEAN
    value = machine.evaluate(node, frame)
    for cls in value.refs:
        if isinstance(cls, ClassRef):
            place = annotation.place
            site = Site(frame.scope.path, place.line, place.column, frame.function, cls.definition.name)
            if frame.scope.language == ir.PYTHON:
                return Value(refs=(machine.instance(cls, site),))
            # A framework that hands over objects by their types makes them the same way.
            return construct(machine, cls, Arguments(), site, frame)
    if value.name and "." in value.name and not value.name.startswith(("typing.", "?")):
        return named(value.name)
    return CLEAN
