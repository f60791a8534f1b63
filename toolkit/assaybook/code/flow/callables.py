"""Methods of functions of JavaScript: `bind`, `call`, `apply`, and those of middleware that give the function itself back."""

from __future__ import annotations

from dataclasses import replace

from .data import element_of
from .machine import Machine
from .objects import Arguments, Frame, FunctionRef, Site
from .values import CLEAN, Value

# `middy(handler).use(...).onError(...)` is the handler still.
_CHAINED = frozenset(("use", "before", "after", "onError", "useRequest"))


def of_function(
    machine: Machine, name: str, receiver: Value, arguments: Arguments, site: Site, frame: Frame
) -> Value | None:
    """What a method of a function gives; None if it is not one that is known."""
    if not receiver.refs or not all(isinstance(each, FunctionRef) for each in receiver.refs):
        return None
    first = arguments.at(0) or CLEAN
    if name in _CHAINED:
        return receiver
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


def _with(receiver: Value, this: Value) -> Value:
    return receiver.but(refs=tuple(_bound(each, this, ()) for each in receiver.refs))


def _bound(reference: object, this: Value, given: tuple[Value, ...]) -> FunctionRef:
    assert isinstance(reference, FunctionRef)
    if reference.bound is None and this.refs:
        reference = replace(reference, bound=this, bound_key=this.key)
    if given:
        keys = (*reference.given, *(each.key for each in given))
        reference = replace(reference, before=(*reference.before, *given), given=keys)
    return reference
