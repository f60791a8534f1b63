"""The ways into a program: configured handlers, guessed ones, and the routes of frameworks; and what each of them is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .. import ir
from ..entries import Way, find, parameter_names
from ..package import Entry, Program
from .classes import schema_of, validated
from .interpreter import Interpreter
from .objects import Arguments, ClassRef, Frame, FunctionRef, Instance, Scope
from .parameters import of_annotation
from .routes import routes
from .start import Start, site_of, stand_for
from .values import Value


def starts(machine: Interpreter, program: Program) -> list[Start]:
    """All ways in, in a defined order."""
    found: list[Start] = []
    for entry in sorted(program.package.entries, key=lambda each: (each.workload, each.handler)):
        found.extend(_configured(machine, find(program, entry)))
    configured = any(each.reference is not None for each in found)
    reached = frozenset(machine.scopes) if configured else frozenset[str]()
    seen = {each.reference.uid for each in found if each.reference is not None}
    called = [
        each for each in routes(machine, program) if each.reference is not None and each.reference.uid not in seen
    ]
    # An application within a wrapper (`handler = Mangum(app)`) is entered by its routes.
    entered = {each.entry.workload for each in called}
    found = [
        each for each in found if each.reference is not None or not each.wraps or each.entry.workload not in entered
    ]
    found.extend(called)
    seen |= {each.reference.uid for each in called if each.reference is not None}
    # A zip is what its functions are configured to run. A folder may hold functions that are configured where nobody looked.
    if not configured or program.package.kind == "folder":
        guessed = _guessed(machine, program, reached)
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
        why = "" if value.name else f"{way.name} of {way.path} is not known to be a function"
        yield Start(way.entry, way.path, why=why, wraps=bool(value.name))
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
            positional.extend(stand_for(each, reference, parameter, machine) for each in ("event", ""))
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
                    data = stand_for("event", reference, parameter, machine)
                    return validated(machine, cls, data, site_of(reference), frame)
    for given in machine.lookup.knowledge.handlers:
        if (
            given.provider == provider
            and given.position in (-1, index)
            and re.fullmatch(given.name, name, re.IGNORECASE)
        ):
            return stand_for(given.stands, reference, parameter, machine)
    return stand_for("event" if index == 0 else "", reference, parameter, machine)


def _guessed(machine: Interpreter, program: Program, reached: frozenset[str]) -> Iterator[Start]:
    """Functions that look like handlers."""
    tests = frozenset(program.tests)
    for path in sorted(program.modules):
        if path in tests or path in reached:
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
