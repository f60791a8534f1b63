"""What the parts of the analysis ask of the whole, so that each can be read on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from .. import ir
from .objects import Arguments, ClassRef, Frame, FunctionRef, Instance, ModuleRef, Scope, Site
from .taint import Taint
from .values import Value

if TYPE_CHECKING:
    from ..knowledge.terms import Route
    from .lookup import Lookup
    from .modules import Files


class Machine(Protocol):
    """The whole analysis, as its parts see it."""

    @property
    def lookup(self) -> Lookup:
        """What is known of the language that runs."""

    def evaluate(self, expression: ir.Expression, frame: Frame) -> Value:
        """What an expression gives."""

    @property
    def files(self) -> Files:
        """The modules of the program, by the ways in which imports name them."""

    @property
    def imported(self) -> frozenset[str]:
        """The modules of libraries that the program imports."""

    def evaluate_call(self, node: ir.Call, frame: Frame) -> Value:
        """What a call gives."""

    def run(self, statements: Sequence[ir.Statement], frame: Frame) -> None:
        """Runs statements, until the frame is no longer alive."""

    def assign(self, target: ir.Expression, value: Value, frame: Frame) -> None:
        """Binds a name, a member or an item."""

    def call(self, callee: Value, arguments: Arguments, site: Site, frame: Frame) -> Value:
        """Calls a value."""

    def serial(self, node: object) -> int:
        """A number of its own for a node of the program."""

    def number(self) -> int:
        """The next number of a frame."""

    def function(self, function: ir.Function, frame: Frame, owner: ClassRef | None = None) -> Value:
        """A function of the program as a value."""

    def make_class(self, definition: ir.Class, frame: Frame) -> Value:
        """A class of the program as a value."""

    def member(self, value: Value, name: str, place: ir.Place, frame: Frame) -> Value:
        """`value.name`."""

    def item(self, value: Value, key: Value, place: ir.Place, frame: Frame) -> Value:
        """`value[key]`."""

    def set_attribute(self, instance: Instance | ClassRef, name: str, value: Value) -> None:
        """Keeps a member of an object, until this way in is done with."""

    def set_shared(self, shared: dict[str, Value], name: str, value: Value) -> None:
        """Keeps a name that functions share, until this way in is done with."""

    def load(self, path: str) -> Scope | None:
        """A module of the program, run."""

    def import_name(self, statement: ir.Import, frame: Frame) -> Value:
        """What an import binds."""

    def submodule(self, module: ModuleRef, name: str) -> Value | None:
        """A module within a package."""

    def frame_of(self, scope: object) -> Frame:
        """A frame in which names of a module can be looked up."""

    def instance(self, cls: ClassRef, site: Site) -> Instance:
        """The object that is made at a place."""

    unquoted: bool  # whether the key of an object was decoded

    @property
    def handed(self) -> list[tuple[Route, str, FunctionRef, tuple[FunctionRef, ...]]]:
        """The functions that were handed over to a framework, and those that it runs before them."""

    def note_limit(self, name: str) -> None:
        """Counts a limit that cut."""

    def note_path(self, kind: str, path: str) -> None:
        """Notes the path of what was read of the event."""

    def note_read(self, taint: Taint) -> None:
        """Notes that a part of the event was read."""

    def note_validated(self, library: str, site: Site, value: Value) -> None:
        """Notes that data was validated."""

    def note_flow(self, kind: str, taint: Taint, site: Site, callee: str, said: str) -> None:
        """Notes untrusted data that reached a sink."""

    def invoke(self, reference: FunctionRef, arguments: Arguments, site: Site, frame: Frame) -> Value:
        """Runs a function of the program."""
