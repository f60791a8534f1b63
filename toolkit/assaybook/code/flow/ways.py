"""The ways into a program: configured handlers, guessed ones, and the routes of frameworks; and what each of them is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .. import ir
from ..entries import Way, find, owners, parameter_names
from ..knowledge.terms import EVENT, REQUEST, Given, Route
from ..package import Entry, Program
from .classes import construct, is_plain_type, schema_of, validated
from .interpreter import Interpreter
from .objects import Arguments, ClassRef, Frame, FunctionRef, Instance, Scope, Site
from .parameters import of_annotation
from .values import CLEAN, Taint, Value, named

_TYPED_PART = re.compile(r"<(?:int|float|uuid)(?:\([^)]*\))?:(\w+)>")


@dataclass(frozen=True)
class Start:
    """One way in that is run. `reference` is what is run, with `arguments`; without it, `why` says why nothing is."""

    entry: Entry
    path: str = ""
    reference: FunctionRef | None = None
    arguments: Arguments = field(default_factory=Arguments)
    said: str = ""
    http: bool | None = None
    html: bool = False
    why: str = ""
    validates: tuple[str, ...] = ()


def starts(machine: Interpreter, program: Program) -> list[Start]:
    """All ways in, in a defined order."""
    found: list[Start] = []
    for entry in sorted(program.package.entries, key=lambda each: (each.workload, each.handler)):
        found.extend(_configured(machine, find(program, entry)))
    routes = list(_routes(machine, program))
    seen = {each.reference.uid for each in found if each.reference is not None}
    found.extend(each for each in routes if each.reference is not None and each.reference.uid not in seen)
    seen |= {each.reference.uid for each in routes if each.reference is not None}
    if not any(each.reference is not None for each in found if not each.said):
        guessed = _guessed(machine, program)
        found.extend(each for each in guessed if each.reference is not None and each.reference.uid not in seen)
    return found


def _configured(machine: Interpreter, way: Way) -> Iterator[Start]:
    if way.why:
        yield Start(way.entry, way.path, why=way.why)
        return
    scope = machine.load(way.path)
    value = _named(scope, way.name) if scope is not None else None
    if value is None:
        yield Start(way.entry, way.path, why=f"{way.path} has no {way.name}")
        return
    references = _references(machine, value)
    if not references:
        yield Start(
            way.entry, way.path, why="" if value.name else f"{way.name} of {way.path} is not known to be a function"
        )
    for each in references[:2]:
        yield of_handler(machine, way.entry, way.path, each)


def _references(machine: Interpreter, value: Value) -> list[FunctionRef]:
    found: list[FunctionRef] = []
    for each in value.refs:
        if isinstance(each, FunctionRef):
            found.append(each)
        elif isinstance(each, Instance):  # an object that is called
            method = each.of.find("__call__")
            for inner in method[0].refs if method else ():
                if isinstance(inner, FunctionRef):
                    holder = Value(refs=(each,))
                    found.append(replace(inner, bound=holder, bound_key=holder.key))
    return found


def _named(scope: Scope, name: str) -> Value | None:
    if scope.language == ir.PYTHON:
        return scope.env.get(name)
    for each in (name, "default"):
        value = scope.exports.get(each)
        if value is None:
            continue
        if each == name:
            return value
        part = value.fields.get(name) if value.fields else None
        if part is not None:
            return part
        if name in ("default", "main", "index") or not scope.exports.get(name):
            return value if value.refs else None
    return scope.env.get(name)


def of_handler(machine: Interpreter, entry: Entry, path: str, reference: FunctionRef) -> Start:
    """A handler with what its platform gives it."""
    language = reference.scope.language
    machine.lookup = machine.lookups[language]
    frame = machine.frame_of(reference.scope)
    positional: list[Value] = []
    provider = entry.provider
    http: bool | None = None
    for index, parameter in enumerate(reference.function.parameters):
        if parameter.kind == "*":  # a wrapper's: whatever the platform gives
            positional.extend(_stand_for(each, reference, parameter, machine) for each in ("event", ""))
            break
        if parameter.kind != "plain":
            continue
        if reference.bound is not None and language == ir.PYTHON:
            index += -1
            if index < 0:
                continue
        value = _given(machine, provider, index, parameter, reference, frame)
        positional.append(value)
        if value.name in ("azure.functions.HttpRequest", "flask.Request", "express.Request"):
            http = True
    validating = tuple(
        found.library for name in reference.decorators for found, _ in machine.lookup.validating.of(name)
    )
    html = provider == "google" and http is True
    return Start(entry, path, reference, Arguments(tuple(positional)), "", http, html, validates=validating)


def _given(
    machine: Interpreter, provider: str, index: int, parameter: ir.Parameter, reference: FunctionRef, frame: Frame
) -> Value:
    name = parameter.target.id if isinstance(parameter.target, ir.Name) else ""
    if parameter.annotation is not None:
        known = of_annotation(machine, parameter.annotation, frame)
        if known.name and (machine.is_known_object(known.name)):
            return known
        if known.refs:
            for each in known.refs:
                cls = each.of if hasattr(each, "of") else None
                if isinstance(cls, ClassRef) and schema_of(machine, cls) and index == 0:
                    data = _stand_for("event", reference, parameter, machine)
                    return validated(machine, cls, data, _site(reference), frame)
    for given in machine.lookup.knowledge.handlers:
        if (
            given.provider == provider
            and given.position in (-1, index)
            and re.fullmatch(given.name, name, re.IGNORECASE)
        ):
            return _stand_for(given.stands, reference, parameter, machine)
    return _stand_for("event" if index == 0 else "", reference, parameter, machine)


def _stand_for(stands: str, reference: FunctionRef, parameter: ir.Parameter, machine: Interpreter) -> Value:
    if stands == "event":
        return Value(taints=(Taint(EVENT, "event", "the event"),))
    return named(stands) if stands else CLEAN


def _site(reference: FunctionRef) -> Site:
    function = reference.function
    return Site(reference.scope.path, function.place.line, function.place.column, function.qualified, function.name)


def _routes(machine: Interpreter, program: Program) -> Iterator[Start]:
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
    for route, path, reference in machine.registered():
        if path not in tests:
            yield _start_route(machine, route, reference, workloads.get(path, ""), frozenset())


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
            this = construct(machine, each, Arguments(), _site(reference), frame)
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
        return _stand_for(stands, reference, parameter, machine)
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
            return validated(machine, cls, body, _site(reference), frame) if schema_of(machine, cls) else body
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
                return validated(machine, cls, value, _site(reference), frame)
        return value
    return CLEAN


def _guessed(machine: Interpreter, program: Program) -> Iterator[Start]:
    """Functions that look like handlers."""
    tests = frozenset(program.tests)
    for path in sorted(program.modules):
        if path in tests:
            continue
        scope = machine.load(path)
        assert scope is not None
        lookup = machine.lookups[scope.language]
        named_values = scope.env if scope.language == ir.PYTHON else scope.exports
        for name in sorted(named_values):
            value = named_values[name]
            nested = value.fields if scope.language != ir.PYTHON and value.fields and not value.refs else {name: value}
            for inner in sorted(nested):
                for each in nested[inner].refs:
                    if not isinstance(each, FunctionRef) or (each.scope is not scope and scope.language == ir.PYTHON):
                        continue
                    provider = _looks_like(machine, lookup.knowledge.guesses, inner, each)
                    if provider:
                        handler = f"{path.rsplit('.', 1)[0]}.{inner}"
                        yield of_handler(machine, Entry("", handler, provider=provider, guessed=True), path, each)


def _looks_like(machine: Interpreter, guesses: object, name: str, reference: FunctionRef) -> str:
    written = reference.function
    names = parameter_names(written)
    if any(each.kind == "*" for each in written.parameters) and len(names) == 0:
        names = ("event", "context") if re.fullmatch(r"(?:lambda_)?handler", name) else names
    for guess in machine.lookups[reference.scope.language].knowledge.guesses:
        if not re.fullmatch(guess.name, name) or len(names) < len(guess.parameters):
            continue
        if guess.when_imported and not any(each in machine.imported for each in guess.when_imported):
            continue
        if len(names) > len(guess.parameters) and any(
            each.default is None for each in written.parameters[len(guess.parameters) :]
        ):
            continue
        if all(re.fullmatch(pattern, each) for pattern, each in zip(guess.parameters, names, strict=False)):
            return guess.provider
    return ""


__all__ = ["Given", "Start", "of_handler", "starts"]
