"""Calls that call what they are given, at once or when a request comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import ir
from ..knowledge.terms import Callback
from .data import element_of, passed
from .machine import Machine
from .objects import Arguments, Frame, FunctionRef, Site
from .values import CLEAN, Value, doubtful, filtered, is_tainted, join, named


def hand_over(machine: Machine, name: str, arguments: Arguments, site: Site) -> Value | None:
    """Functions that are handed over to a framework, which calls them for requests."""
    for route, exact in machine.lookup.registered.of(name):
        if not exact and route.when_imported and not any(each in machine.imported for each in route.when_imported):
            continue
        candidates = arguments.all() if route.position == -1 else (arguments.at(route.position) or CLEAN,)
        found = False
        checks: tuple[str, ...] = ()
        before: tuple[FunctionRef, ...] = ()
        for value in candidates:
            checks += tuple(_checks_in(machine, value))
            for each in _functions_in(value):
                if isinstance(each, FunctionRef):
                    found = True
                    around = replace(each, decorators=(*each.decorators, *checks)) if checks else each
                    if not any(known is each or known == around for _, _, known, _ in machine.handed):
                        machine.handed.append((route, site.file, around, before))
                    before = (*before, each)
        if found:
            return named(name)
    return None


def _checks_in(machine: Machine, value: Value) -> Iterator[str]:
    """The middleware of libraries that checks a request before the functions behind it run (`celebrate({...})`, `body("id").isUUID()`)."""
    for each in (value, *(value.items or ())):
        name = "" if each.refs else each.name
        while name:
            found = next(iter(machine.lookup.validating.of(name)), None)
            if found is not None:
                yield found[0].name
                break
            name = name.rpartition(".")[0]


def _functions_in(value: Value, depth: int = 4) -> Iterator[object]:
    """The functions in a value: itself, or in records and lists (routes with options, tables of resolvers)."""
    yield from value.refs
    if depth and not value.refs:
        for name in sorted(value.fields or {}):
            yield from _functions_in((value.fields or {})[name], depth - 1)
        for each in value.items or ():
            yield from _functions_in(each, depth - 1)


def call_back(
    machine: Machine, name: str, receiver: Value | None, arguments: Arguments, site: Site, frame: Frame
) -> Value | None:
    """Calls that call what they are given."""
    known = machine.lookup.callbacks.of(name)
    callback: Callback | None = known[0][0] if known else None
    handed = arguments.at(callback.position) if callback is not None else None
    if not any(each.refs or any(item.refs for item in each.items or ()) for each in arguments.all()) and (
        handed is None or not handed.name or handed.name == name
    ):
        return None
    language = frame.scope.language
    if callback is None:
        # Whatever it does with them: it may call them with anything that it was given.
        data = doubtful(
            passed(
                *(each for each in arguments.all() if not each.refs), *((receiver,) if receiver is not None else ())
            ),
            f"it passes through {name.lstrip('?.')}, which is not read",
        )
        results = [
            machine.call(each.but(name=""), Arguments(rest=data) if is_tainted(data) else Arguments(), site, frame)
            for argument in arguments.all()
            for each in (argument, *(argument.items or ()))
            if any(isinstance(ref, FunctionRef) for ref in each.refs)
        ]
        if not results:
            return None
        if frame.function == "" and language != ir.PYTHON:
            # At the level of a module this is how handlers are wrapped: what comes of it is called as they are.
            inner = tuple(ref for each in arguments.all() for ref in each.refs if isinstance(ref, FunctionRef))
            return Value(refs=inner, name=name)
        return join(*results).but(name=name)
    function = arguments.at(callback.position)
    if function is None or not (function.refs or function.name):
        function = next(each for each in arguments.all() if each.refs)
    data = (receiver or CLEAN) if callback.of < 0 else arguments.at(callback.of) or CLEAN
    if callback.gives == "rest":
        rest = [each for each in arguments.positional if each is not function]
        for each in ("args", "kwargs"):
            if each in arguments.keywords:
                items = arguments.keywords[each].items
                rest.extend(
                    items if items is not None else (element_of(arguments.keywords[each], machine.lookup, language),)
                )
        result = machine.call(
            function,
            Arguments(tuple(rest), {name: each for name, each in arguments.keywords.items() if not each.refs}),
            site,
            frame,
        )
    elif callback.gives == "value":
        result = machine.call(function, Arguments((data,)), site, frame)
        others = [each for each in arguments.positional if each is not function and each.refs]
        result = join(result, *(machine.call(each, Arguments((CLEAN,)), site, frame) for each in others))
    else:
        element = element_of(data, machine.lookup, language)
        extra = [each for each in arguments.positional if not each.refs and each is not data]
        parameters = (join(*extra), element) if callback.result == "value" and name.endswith("reduce") else (element,)
        result = machine.call(function, Arguments(parameters), site, frame)
    if callback.result == "list":
        return Value(element=result)
    if callback.result == "same" and result.truthy and name.endswith(("filter", "find")):
        # What is left has passed the test.
        kept = filtered(element_of(data, machine.lookup, language), result.truthy)
        return kept if name.endswith("find") else Value(element=kept)
    if callback.result == "same":
        return data
    return result if callback.result == "value" else CLEAN
