"""The functions that frameworks call for requests, by their decorators or as they were handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .. import ir
from ..entries import owners, parameter_names
from ..knowledge.terms import REQUEST, Route
from ..package import Entry, Program
from .classes import construct, is_plain_type, schema_of, validated
from .interpreter import Interpreter
from .objects import Arguments, ClassRef, Frame, FunctionRef
from .parameters import of_annotation
from .start import Start, site_of, stand_for
from .taint import Taint
from .values import CLEAN, Value, named

_CHECKS = re.compile(r"(?i)\b\w*(?:valid|parse|assert|check|schema|decode)\w*\s*\(|ajv")
_TYPED_PART = re.compile(r"<(?:int|float|uuid)(?:\([^)]*\))?:(\w+)>")


def routes(machine: Interpreter, program: Program) -> Iterator[Start]:
    """Functions that frameworks call, by their decorators or as they were handed over."""
    tests = frozenset(program.tests)
    workloads = owners(program)
    for path in sorted(program.modules):
        if path in tests:
            continue
        module = program.modules[path]
        scope = machine.load(path)
        assert scope is not None
        machine.lookup = machine.lookups[module.language]
        if not machine.lookup.knowledge.routes:
            continue
        frame = machine.frame_of(scope)
        for function in ir.functions_in(module.body):
            for node in function.decorators:
                route = _route(machine, node, frame)
                if route is not None:
                    yield _of_route(machine, route, node, function, frame, workloads.get(path, ""))
                    break
    for route, path, reference, before in machine.registered():
        if path not in tests:
            start = _start_route(machine, route, reference, workloads.get(path, ""), frozenset())
            yield replace(start, before=tuple(each for each in before if _may_check(each)))


def _may_check(reference: FunctionRef) -> bool:
    """Whether a function that runs before a handler looks like one that checks what the handler gets."""
    place = reference.function.place
    return any(_CHECKS.search(line) for line in reference.scope.module.lines[place.line - 1 : place.end])


def _route(machine: Interpreter, node: ir.Expression, frame: Frame) -> Route | None:
    callee = node.function if isinstance(node, ir.Call) else node
    if not ir.dotted(callee):
        return None
    value = machine.evaluate(callee, frame)
    name = value.name or ir.dotted(callee)
    for route, _ in machine.lookup.routes.of(name):
        root = name.split(".", 1)[0]
        if not route.callee.startswith("*") or any(each in machine.imported for each in route.when_imported):
            if route.callee.startswith("*") and root in machine.imported and root not in route.when_imported:
                continue
            return route
    return None


def _of_route(
    machine: Interpreter, route: Route, node: ir.Expression, function: ir.Function, frame: Frame, workload: str
) -> Start:
    known = frame.scope.env.get(function.name)
    reference = (
        next((each for each in known.refs if isinstance(each, FunctionRef) and each.function is function), None)
        if known is not None
        else None
    )
    if reference is None and known is not None and not function.method_of and function.qualified == function.name:
        reference = next((each for each in known.refs if isinstance(each, FunctionRef)), None)
    if reference is None:
        bare = replace(function, decorators=())
        machine.keep(function, bare)
        made = machine.function(bare, frame).refs[0]
        assert isinstance(made, FunctionRef)
        reference = _within_object(machine, made, frame)
    address = node.arguments[0].value if isinstance(node, ir.Call) and node.arguments else None
    numbers = (
        frozenset(_TYPED_PART.findall(address.value))
        if isinstance(address, ir.Constant) and isinstance(address.value, str)
        else frozenset[str]()
    )
    return _start_route(machine, route, reference, workload, numbers, function)


def _within_object(machine: Interpreter, reference: FunctionRef, frame: Frame) -> FunctionRef:
    """A method of a class that a framework makes an object of: what it is given to hold is known by its types."""
    holder = frame.scope.env.get(reference.function.method_of)
    if holder is None or frame.scope.language == ir.PYTHON:
        return reference
    for each in holder.refs:
        if isinstance(each, ClassRef):
            this = construct(machine, each, Arguments(), site_of(reference), frame)
            machine.settle()
            return replace(reference, bound=this, bound_key=this.key, owner=each)
    return reference


def _start_route(
    machine: Interpreter,
    route: Route,
    reference: FunctionRef,
    workload: str,
    numbers: frozenset[str],
    function: ir.Function | None = None,
) -> Start:
    machine.lookup = machine.lookups[reference.scope.language]
    frame = machine.frame_of(reference.scope)
    keywords: dict[str, Value] = {}
    positional: list[Value] = []
    function = function or reference.function
    names = parameter_names(function)
    plain = [each for each in function.parameters if each.kind in ("plain", "keyword")]
    for index, parameter in enumerate(plain):
        value = _route_parameter(machine, route, index, parameter, names[index], numbers, reference, frame)
        if value is None:
            continue
        if reference.scope.language == ir.PYTHON and names[index] not in ("self", "cls"):
            keywords[names[index]] = value
        else:
            positional.append(value)
    workloads = {each.workload for each in machine.program.package.entries}
    entry = Entry(
        workload,
        f"{reference.scope.path.rsplit('.', 1)[0]}.{function.name}",
        guessed=workload == "" and bool(workloads),
    )
    return Start(
        entry,
        reference.scope.path,
        reference,
        Arguments(tuple(positional), keywords),
        route.said or "a route",
        route.http,
        route.html,
        validates=tuple(
            dict.fromkeys(
                found.library for each in reference.decorators for found, _ in machine.lookup.validating.of(each)
            )
        ),
    )


def _route_parameter(
    machine: Interpreter,
    route: Route,
    index: int,
    parameter: ir.Parameter,
    name: str,
    numbers: frozenset[str],
    reference: FunctionRef,
    frame: Frame,
) -> Value | None:
    stands = (
        route.parameters[index] if index < len(route.parameters) else (route.parameters[-1] if route.parameters else "")
    )
    if name in ("self", "cls"):
        return CLEAN
    known = CLEAN
    if parameter.annotation is not None:
        if is_plain_type(machine, parameter.annotation, reference.scope):
            return CLEAN
        known = of_annotation(machine, parameter.annotation, frame)
        if known.name and machine.is_known_object(known.name):
            return known
    if stands == "parameter decorators":
        return _decorated_parameter(machine, parameter, known, reference, frame)
    if stands != "*":
        return stand_for(stands, reference, parameter, machine)
    if index >= len(route.parameters) - 1 and name in numbers:
        return CLEAN
    if isinstance(parameter.default, ir.Call) and ir.dotted(parameter.default.function).rsplit(".", 1)[-1] in (
        "Depends",
        "Security",
    ):
        return None
    taint = Taint(REQUEST, f"request.{name or 'parameter'}", f"the parameter {name}", text=True)
    for each in known.refs:
        cls = getattr(each, "of", None)
        if isinstance(cls, ClassRef):
            body = Value(taints=(replace(taint, path="request.body", said="the body of the request", text=False),))
            return validated(machine, cls, body, site_of(reference), frame) if schema_of(machine, cls) else body
    annotation = (
        ir.dotted(parameter.annotation.of if isinstance(parameter.annotation, ir.Item) else parameter.annotation)
        if parameter.annotation
        else ""
    )
    if annotation.rsplit(".", 1)[-1] in ("dict", "Dict", "Any", "list", "List"):
        taint = replace(taint, text=False)
    return Value(taints=(taint,))


def _decorated_parameter(
    machine: Interpreter, parameter: ir.Parameter, known: Value, reference: FunctionRef, frame: Frame
) -> Value:
    """A parameter that a decorator says the content of (`@Body() order`)."""
    for each in parameter.decorators:
        written = each.function if isinstance(each, ir.Call) else each
        stands = machine.lookup.knowledge.parameter_decorators.get(ir.dotted(written).rsplit(".", 1)[-1])
        if stands is None:
            continue
        if stands != "*":
            return named(stands)
        given = each.arguments[0].value if isinstance(each, ir.Call) and each.arguments else None
        part = str(given.value) if isinstance(given, ir.Constant) else ""
        name = ir.dotted(written).rsplit(".", 1)[-1].lower()
        path = f"request.{name}.{part}" if part else f"request.{name}"
        taint = Taint(REQUEST, path, f"the parameter {ir.dotted(parameter.target)}", text=bool(part) and name != "body")
        value = Value(taints=(taint,))
        for one in known.refs:
            cls = getattr(one, "of", None)
            if isinstance(cls, ClassRef) and schema_of(machine, cls):
                return validated(machine, cls, value, site_of(reference), frame)
        return value
    return CLEAN
