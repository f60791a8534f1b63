"""One way into a program, and what its parameters are given."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import ir
from ..knowledge.terms import EVENT
from ..package import Entry
from .interpreter import Interpreter
from .objects import Arguments, FunctionRef, Site
from .taint import Taint
from .values import CLEAN, Value, named


@dataclass(frozen=True)
class Start:
    """One way in that is run. `reference` is what is run, with `arguments`; without it, `why` says why nothing is.

    `validates` are the libraries that check what it gets, `before` functions of the program that run first and may do so.
    """

    entry: Entry
    path: str = ""
    reference: FunctionRef | None = None
    arguments: Arguments = field(default_factory=Arguments)
    said: str = ""
    http: bool | None = None
    html: bool = False
    why: str = ""
    validates: tuple[str, ...] = ()
    before: tuple[FunctionRef, ...] = ()
    wraps: bool = False  # the handler is known, and is no function of the program: a wrapper around an application


def stand_for(stands: str, reference: FunctionRef, parameter: ir.Parameter, machine: Interpreter) -> Value:
    """What a parameter gets: untrusted data, an object that is known, or nothing of interest."""
    if stands == "event":
        return Value(taints=(Taint(EVENT, "event", "the event"),))
    return named(stands) if stands else CLEAN


def site_of(reference: FunctionRef) -> Site:
    """Where a function begins."""
    function = reference.function
    return Site(reference.scope.path, function.place.line, function.place.column, function.qualified, function.name)
