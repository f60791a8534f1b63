"""Methods of functions of JavaScript: `bind`, `call`, `apply`, and those of middleware that give the function itself back."""

from __future__ import annotations

from dataclasses import replace

from .data import element_of
from .machine import Machine
from .objects import Arguments, Frame, FunctionRef, Site
from .values import CLEAN, Value

# `middy(handler).use(...).onError(...)` is the handler still.
_CHAINED = frozenset(("use", "before", "after", "onError", "useRequest"))
_MIDDLEWARE = frozenset(("@middy/core", "middy"))


def of_function(
    machine: Machine, name: str, receiver: Value, arguments: Arguments, site: Site, frame: Frame
) -> Value | None:
    """What a method of a function gives; None if it is not one that is known."""
    if name == "bind" and receiver.name and not receiver.refs and not receiver.taints:
        return receiver
    if receiver.name in _MIDDLEWARE and not receiver.refs:
        return _chained(name, receiver, arguments.at(0) or CLEAN)
    if not receiver.refs or not all(isinstance(each, FunctionRef) for each in receiver.refs):
        return None
    first = arguments.at(0) or CLEAN
    if name in _CHAINED:
        return receiver.but(refs=tuple(_around(each, first) for each in receiver.refs))
    if name == "handler" and any(isinstance(each, FunctionRef) for each in first.refs):
        return first
    if name == "bind":
        return receiver.but(refs=tuple(_bound(each, first, arguments.positional[1:]) for each in receiver.refs))
    if name == "call":
        return machine.call(
            _with(receiver, first), replace(arguments, positional=arguments.positional[1:]), site, frame
        )
    if name == "apply":
        listed = arguments.at(1) or CLEAN
        if listed.items is not None and listed.element is None:
            given = Arguments(listed.items)
        else:
            given = Arguments(rest=element_of(listed, machine.lookup, frame.scope.language))
        return machine.call(_with(receiver, first), given, site, frame)
    return None


def _chained(name: str, receiver: Value, first: Value) -> Value | None:
    """A chain of middleware that is given its handler at the end: what is around it is kept as its items."""
    around = receiver.items or ()
    if name in _CHAINED:
        return receiver.but(items=(*around, first))
    if name == "handler" and first.refs and all(isinstance(each, FunctionRef) for each in first.refs):
        return first.but(refs=tuple(_around(each, Value(items=around)) for each in first.refs))
    return None


def _around(reference: object, middleware: Value) -> FunctionRef:
    """A handler with middleware around it, of which one may validate what it gets."""
    assert isinstance(reference, FunctionRef)
    names = tuple(each.name for each in (middleware, *(middleware.items or ())) if each.name)
    return replace(reference, decorators=(*reference.decorators, *names)) if names else reference


def with_this(callee: Value, receiver: Value) -> Value:
    """A function of an object literal as its method: `this` in it is the object."""
    if receiver.fields is None or not any(_needs_this(each) for each in callee.refs):
        return callee
    return callee.but(refs=tuple(_bound(each, receiver, ()) if _needs_this(each) else each for each in callee.refs))


def _needs_this(reference: object) -> bool:
    if not isinstance(reference, FunctionRef) or reference.bound is not None:
        return False
    place = reference.function.place
    return any("this" in line for line in reference.scope.module.lines[place.line - 1 : place.end])


def _with(receiver: Value, this: Value) -> Value:
    return receiver.but(refs=tuple(_bound(each, this, ()) for each in receiver.refs))


def _bound(reference: object, this: Value, given: tuple[Value, ...]) -> FunctionRef:
    assert isinstance(reference, FunctionRef)
    if reference.bound is None and (this.refs or this.fields):
        reference = replace(reference, bound=this, bound_key=this.key)
    if given:
        keys = (*reference.given, *(each.key for each in given))
        reference = replace(reference, before=(*reference.before, *given), given=keys)
    return reference
