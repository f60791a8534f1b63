"""What a value can stand for within the program, and where its names live while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import ir
from .taint import NO_FACTS, Facts
from .values import Value


@dataclass(eq=False)
class Scope:
    """A module while it is looked at: its names, and what it exports."""

    path: str
    module: ir.Module
    env: dict[str, Value] = field(default_factory=dict)
    exports: dict[str, Value] = field(default_factory=dict)
    state: str = "new"  # new, running, done

    @property
    def language(self) -> str:
        """The language of the module."""
        return self.module.language


@dataclass(eq=False)
class Frame:
    """One run of a function, of a class body or of a module."""

    uid: int
    function: str
    scope: Scope
    env: dict[str, Value]
    shared: dict[str, Value]  # the names as functions within see them
    parent: Frame | None = None
    facts: Facts = NO_FACTS
    alive: bool = True
    depth: int = 0
    bound: Value | None = None
    owner: ClassRef | None = None
    outer: frozenset[str] = frozenset()
    returned: list[tuple[Value, Facts, ir.Place]] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    jumped: list[list[tuple[str, dict[str, Value], Facts]]] = field(default_factory=list)

    def look(self, name: str) -> Value | None:
        """What a name stands for here, if anything of the program."""
        value = self.env.get(name)
        if value is not None:
            return value
        around = self.parent
        while around is not None:
            value = around.shared.get(name)
            if value is not None:
                return value
            around = around.parent
        return self.scope.env.get(name)


@dataclass(frozen=True)
class FunctionRef:
    """A function, bound to what it is a method of, in the frame in which it was defined."""

    uid: int
    frame_uid: int = 0
    bound: Value | None = field(default=None, compare=False)
    bound_key: tuple[Any, ...] = ()
    given: tuple[Any, ...] = ()  # keys of the arguments given beforehand (partial)
    function: ir.Function = field(kw_only=True, compare=False, repr=False)
    scope: Scope = field(kw_only=True, compare=False, repr=False)
    frame: Frame | None = field(default=None, kw_only=True, compare=False, repr=False)
    owner: ClassRef | None = field(default=None, kw_only=True, compare=False, repr=False)
    before: tuple[Value, ...] = field(default=(), kw_only=True, compare=False, repr=False)
    decorators: tuple[str, ...] = field(default=(), kw_only=True, compare=False)


@dataclass(frozen=True)
class ClassRef:
    """A class of the program."""

    uid: int
    definition: ir.Class = field(kw_only=True, compare=False, repr=False)
    scope: Scope = field(kw_only=True, compare=False, repr=False)
    attributes: dict[str, Value] = field(default_factory=dict, kw_only=True, compare=False, repr=False)
    bases: tuple[ClassRef, ...] = field(default=(), kw_only=True, compare=False, repr=False)
    outside: tuple[str, ...] = field(default=(), kw_only=True, compare=False)  # names of bases that are a library's
    annotations: Mapping[str, ir.Expression] = field(default_factory=dict, kw_only=True, compare=False, repr=False)
    decorators: tuple[str, ...] = field(default=(), kw_only=True, compare=False)

    def line(self) -> list[ClassRef]:
        """The class and those it builds on, nearest first."""
        found = [self]
        for each in found:
            found.extend(base for base in each.bases if base not in found)
            if len(found) > 30:
                break
        return found

    def find(self, name: str) -> tuple[Value, ClassRef] | None:
        """An attribute of the class or of one that it builds on."""
        for each in self.line():
            if name in each.attributes:
                return each.attributes[name], each
        return None

    def all_outside(self) -> tuple[str, ...]:
        """The bases of libraries, of the whole line."""
        return tuple(name for each in self.line() for name in each.outside)


@dataclass(frozen=True)
class Instance:
    """What a construction at one place of the program gives; all that is made there counts as one."""

    uid: int
    of: ClassRef = field(compare=False, repr=False)
    attributes: dict[str, Value] = field(default_factory=dict, compare=False, repr=False)
    versions: list[int] = field(default_factory=lambda: [0], compare=False, repr=False)


@dataclass(frozen=True)
class ModuleRef:
    """A module of the program, or a package that is only a folder."""

    path: str
    scope: Scope | None = field(default=None, compare=False, repr=False)


Reference = FunctionRef | ClassRef | Instance | ModuleRef


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call is given."""

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    rest: Value | None = None  # the elements of a `*` whose number is not known
    rest_keywords: Value | None = None  # a `**` whose keys are not known

    def at(self, position: int) -> Value | None:
        """The argument at a position."""
        if 0 <= position < len(self.positional):
            return self.positional[position]
        if position == -1 and self.positional:
            return self.positional[-1]
        return self.rest

    def all(self) -> tuple[Value, ...]:
        """All of them."""
        more = tuple(each for each in (self.rest, self.rest_keywords) if each is not None)
        return (*self.positional, *(self.keywords[name] for name in sorted(self.keywords)), *more)


@dataclass(frozen=True, slots=True)
class Site:
    """A call: where it is, and how its callee is written."""

    file: str
    line: int
    column: int
    function: str
    callee: str
    end: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of a function gave."""

    result: Value
    facts: Facts
    found: tuple[Any, ...]
    returns: bool = True
    changed: tuple[tuple[int, Value], ...] = ()  # parameters whose records it changed, by position
