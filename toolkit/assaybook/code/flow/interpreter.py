"""The analysis as a whole: it runs a program on what is known of its values, from one way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import ir
from ..knowledge.terms import EVENT, REQUEST, Knowledge, Route
from ..package import Program
from . import calls, definitions, expressions, imports, members, statements, targets
from .data import passed
from .lookup import Lookup, lookup_of
from .modules import Files
from .objects import Arguments, ClassRef, Frame, FunctionRef, Instance, ModuleRef, Scope, Site, Summary
from .parameters import bind_parameters
from .taint import NO_FACTS, Facts, Step, Taint, Trail
from .values import CLEAN, Value, changed, deep, doubtful, filtered, is_tainted, join

DEEPEST_CALL = 18
MOST_STEPS = 60_000  # evaluations for one way in
MOST_IN_ALL = 4_000_000  # evaluations for a program, after which each further way in has only few
FEW_STEPS = 3_000
MOST_RUNS = 1_500  # runs of functions for one way in


class Interpreter:
    """Runs the modules and functions of one program. What it finds is in `found`, `reads`, `validated`, `limits`."""

    def __init__(self, program: Program, knowledge: Mapping[str, Knowledge]) -> None:
        self.program = program
        self.files = Files(program.modules)
        self.lookups = {language: lookup_of(each) for language, each in knowledge.items()}
        self.lookup = next(iter(self.lookups.values()))
        self.scopes: dict[str, Scope] = {}
        self.imported = imports.imported_by(program)
        self.found: list[tuple[str, Taint, Site, str, str]] = []
        self.reads: set[tuple[str, str]] = set()
        self.validated: dict[tuple[str, str, int], bool] = {}
        self.limits: dict[str, int] = {}
        self.functions: set[int] = set()
        self.spread: list[tuple[str, Value]] = []
        self.handed: list[tuple[Route, str, FunctionRef, tuple[FunctionRef, ...]]] = []
        self._known: dict[Lookup, frozenset[str]] = {}
        self.unquoted = False
        self._serials: dict[int, int] = {}
        self._objects: dict[tuple[int, str, int, int], Instance] = {}
        self._kept: list[Any] = []
        self._memo: dict[tuple[Any, ...], Summary] = {}
        self._active: set[tuple[Any, ...]] = set()
        self._journal: list[tuple[dict[str, Value], str, Value | None]] = []
        self._frames = 0
        self._steps = self._total = 0
        self._allowed = MOST_STEPS
        self._runs = 0
        self._cut = False
        self._depth = 0

    # -- one way in ------------------------------------------------------------------------------------------------------------------------------

    def start(self, language: str) -> None:
        """Forgets what was found from the way in before, and what it left in objects and modules."""
        self.lookup = self.lookups[language]
        for holder, name, value in reversed(self._journal):
            if value is None:
                holder.pop(name, None)
            else:
                holder[name] = value
        self._journal.clear()
        self._memo.clear()
        self._active.clear()
        self.found = []
        self.reads = set()
        self.validated = {}
        self.unquoted = False
        self._total += self._steps
        self._allowed = MOST_STEPS if self._total < MOST_IN_ALL else FEW_STEPS
        self._steps = self._runs = 0
        self._cut = False

    # -- expressions and statements --------------------------------------------------------------------------------------------------------------

    def evaluate(self, expression: ir.Expression, frame: Frame) -> Value:
        """What an expression gives."""
        self._steps += 1
        if self._steps > self._allowed:
            if not self._cut:
                self._cut = True
                self.note_limit("steps")
            return CLEAN
        return expressions.FORMS[type(expression)](self, expression, frame)

    def evaluate_call(self, node: ir.Call, frame: Frame) -> Value:
        """What a call gives."""
        return calls.evaluate_call(self, node, frame)

    def run(self, body: Sequence[ir.Statement], frame: Frame) -> None:
        """Runs statements, until nothing goes on from there."""
        for each in body:
            if not frame.alive:
                return
            statements.FORMS[type(each)](self, each, frame)

    def assign(self, target: ir.Expression, value: Value, frame: Frame) -> None:
        """Binds a target."""
        targets.assign(self, target, value, frame)

    def member(self, value: Value, name: str, place: ir.Place, frame: Frame) -> Value:
        """`value.name`."""
        return members.member(self, value, name, place, frame)

    def item(self, value: Value, key: Value, place: ir.Place, frame: Frame) -> Value:
        """`value[key]`."""
        return members.item(self, value, key, place, frame)

    # -- functions and classes -------------------------------------------------------------------------------------------------------------------

    def call(self, callee: Value, arguments: Arguments, site: Site, frame: Frame) -> Value:
        """Calls a value."""
        return calls.call(self, callee, arguments, site, frame)

    def serial(self, node: object) -> int:
        """A number of its own for a node of the program, the same in each run."""
        number = self._serials.get(id(node))
        if number is None:
            number = self._serials[id(node)] = len(self._serials) + 1
            self._kept.append(node)  # so that no other node gets its address
        return number

    def function(self, function: ir.Function, frame: Frame, owner: ClassRef | None = None) -> Value:
        """A function of the program as a value, in its decorators."""
        return definitions.function_value(self, function, frame, owner)

    def number(self) -> int:
        """The next number of a frame."""
        return self._frames

    def make_class(self, definition: ir.Class, frame: Frame) -> Value:
        """A class of the program as a value: its body is run."""
        return definitions.class_value(self, definition, frame)

    def instance(self, cls: ClassRef, site: Site) -> Instance:
        """The object that is made at a place."""
        key = (cls.uid, site.file, site.line, site.column)
        known = self._objects.get(key)
        if known is None:
            known = self._objects[key] = Instance(len(self._objects) + 1, of=cls)
        return known

    def set_attribute(self, instance: Instance | ClassRef, name: str, value: Value) -> None:
        """Keeps a member of an object."""
        before = instance.attributes.get(name)
        after = value if before is None else join(before, value)
        if before is not None and before.key == after.key:
            return
        self._journal.append((instance.attributes, name, before))
        instance.attributes[name] = after
        if isinstance(instance, Instance):
            instance.versions[0] += 1

    def set_shared(self, shared: dict[str, Value], name: str, value: Value) -> None:
        """Keeps a name that functions share."""
        self._journal.append((shared, name, shared.get(name)))
        shared[name] = value

    def invoke(self, reference: FunctionRef, arguments: Arguments, site: Site, frame: Frame) -> Value:
        """Runs a function of the program, or recalls what it gave for the same arguments."""
        function = reference.function
        if reference.before:
            arguments = replace(arguments, positional=(*reference.before, *arguments.positional))
        arguments = _ready(arguments, site, function.name, frame.facts)
        key = self._key(reference, arguments)
        known = self._memo.get(key)
        if known is None:
            cut = self._why_cut(key)
            if cut:
                return doubtful(passed(*arguments.all()), cut)
            known = self._run(reference, arguments, key)
        if not known.returns:
            frame.alive = False
            return CLEAN
        frame.facts = frame.facts | known.facts
        return known.result

    def _key(self, reference: FunctionRef, arguments: Arguments) -> tuple[Any, ...]:
        version = 0
        if reference.bound is not None:
            version = sum(each.versions[0] for each in reference.bound.refs if isinstance(each, Instance))
        return (
            reference,
            version,
            tuple(each.key for each in arguments.positional),
            tuple((name, arguments.keywords[name].key) for name in sorted(arguments.keywords)),
            None if arguments.rest is None else arguments.rest.key,
            None if arguments.rest_keywords is None else arguments.rest_keywords.key,
        )

    def _why_cut(self, key: tuple[Any, ...]) -> str:
        """Why a call is not followed; empty if it is."""
        if key in self._active or sum(1 for each in self._active if each[0] == key[0]) >= 3:
            return "it passes through a recursion"
        if self._depth >= DEEPEST_CALL:
            self.note_limit("depth")
            return "calls nest deeper there than is followed"
        if self._runs >= MOST_RUNS:
            self.note_limit("runs")
            return "there are more calls than are followed"
        return ""

    def _run(self, reference: FunctionRef, arguments: Arguments, key: tuple[Any, ...]) -> Summary:
        self._active.add(key)
        self._runs += 1
        self._depth += 1
        self.functions.add(reference.uid)
        inner = self.enter(reference, arguments)
        try:
            self.run(reference.function.body, inner)
        except RecursionError:
            self.note_limit("nesting")
        self._depth -= 1
        self._active.discard(key)
        summary = self.summary(reference, inner)
        self._memo[key] = summary
        return summary

    def enter(self, reference: FunctionRef, arguments: Arguments) -> Frame:
        """The frame of a run, with its parameters bound."""
        env: dict[str, Value] = {}
        inner = Frame(
            self.number(), reference.function.qualified, reference.scope, env, {}, reference.frame, depth=self._depth
        )
        inner.owner, inner.bound = reference.owner, reference.bound
        bind_parameters(self, reference, arguments, inner)
        return inner

    def summary(self, reference: FunctionRef, inner: Frame) -> Summary:
        """What a run gave."""
        exits = [facts for _, facts, _ in inner.returned]
        values = [value for value, _, _ in inner.returned]
        if inner.alive:
            exits.append(inner.facts)
            values.append(
                Value(constant=None, truthy=None, falsy=NO_FACTS)
                if not reference.function.name.startswith("<")
                else CLEAN
            )
        facts: Facts = frozenset.intersection(*exits) if exits else NO_FACTS
        if reference.function.generator or inner.yielded:
            return Summary(Value(element=join(*inner.yielded)) if inner.yielded else CLEAN, NO_FACTS, ())
        # A function that was entered and did not come to any end was cut, if the budget is used up.
        return Summary(join(*values), facts, (), bool(exits) or self._cut)

    # -- modules ---------------------------------------------------------------------------------------------------------------------------------

    def load(self, path: str) -> Scope | None:
        """A module of the program, run once."""
        module = self.program.modules.get(path)
        if module is None:
            return None
        scope = self.scopes.get(path)
        if scope is None:
            scope = self.scopes[path] = Scope(path, module)
        if scope.state == "new":
            scope.state = "running"
            self._load(scope)
            scope.state = "done"
        return scope

    def _load(self, scope: Scope) -> None:
        lookup, depth, steps, journal, cut = self.lookup, self._depth, self._steps, self._journal, self._cut
        self.lookup = self.lookups.get(scope.language, self.lookup)
        self._journal, self._depth, self._steps, self._cut = (
            [],
            0,
            0,
            False,
        )  # what a module sets up stays for all ways in
        frame = self.frame_of(scope)
        try:
            for each in scope.module.body:
                frame.alive = True
                self.run((each,), frame)
        except RecursionError:
            self.note_limit("nesting")
        scope.env.update(frame.env)
        self.lookup, self._depth, self._journal, self._steps, self._cut = lookup, depth, journal, steps, cut
        self._memo.clear()

    def frame_of(self, scope: object) -> Frame:
        """A frame in which a module's names are looked up."""
        assert isinstance(scope, Scope)
        return Frame(self.number(), "", scope, dict(scope.env), scope.env)

    def import_name(self, statement: ir.Import, frame: Frame) -> Value:
        """What an import binds."""
        return imports.import_name(self, statement, frame)

    def submodule(self, module: ModuleRef, name: str) -> Value | None:
        """A module within a package, or none."""
        return imports.submodule(self, module, name)

    # -- ways in ---------------------------------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Lets what was set up so far stay for all ways in, as what modules set up does."""
        self._journal.clear()

    def registered(self) -> list[tuple[Route, str, FunctionRef, tuple[FunctionRef, ...]]]:
        """The functions that were handed over to a framework while modules were run, and those that it runs before them."""
        return sorted(
            self.handed, key=lambda each: (each[1], each[2].function.place.line, each[2].function.place.column)
        )

    def is_known_object(self, name: str) -> bool:
        """Whether an object of a library is one from which data is read."""
        known = self._known.get(self.lookup)
        if known is None:
            sources = self.lookup.knowledge.sources
            known = self._known[self.lookup] = frozenset(
                each.name.rsplit(".", 1)[0] for each in sources if "*" not in each.name
            )
        return name in known

    def keep(self, node: object, copy: object) -> None:
        """Gives a copy the number of what it was made of."""
        self._serials[id(copy)] = self.serial(node)
        self._kept.append(copy)

    # -- what is noted ---------------------------------------------------------------------------------------------------------------------------

    def note_limit(self, name: str) -> None:
        """Counts a limit that cut."""
        self.limits[name] = self.limits.get(name, 0) + 1

    def note_path(self, kind: str, path: str) -> None:
        """Notes the path of what was read of the event."""
        self.reads.add((kind, path))

    def note_read(self, taint: Taint) -> None:
        """Notes that a part of the event was read."""
        if taint.kind in (EVENT, REQUEST):
            self.reads.add((taint.kind, taint.path))

    def note_validated(self, library: str, site: Site, value: Value) -> None:
        """Notes that data was validated, and whether it was a whole body."""
        events = [each for each in deep(value) if each.kind in (EVENT, REQUEST)]
        if events:
            key = (library, site.file, site.line)
            whole = any(each.path.count(".") <= 1 for each in events)
            self.validated[key] = self.validated.get(key, False) or whole

    def note_flow(self, kind: str, taint: Taint, site: Site, callee: str, said: str) -> None:
        """Notes untrusted data that reached a sink."""
        last = taint.trail.step if taint.trail is not None else None
        if last is None or (last.file, last.line) != (site.file, site.line) or last.said != said:
            taint = replace(taint, trail=_ended(taint, site, said))
        self.found.append((kind, taint, site, callee, said))


def _ended(taint: Taint, site: Site, said: str) -> Any:
    before = taint.trail
    step = Step(site.file, site.line, site.function, said)
    return Trail(step, before, 1 if before is None else before.length + 1, 0 if before is None else before.cut)


def _ready(arguments: Arguments, site: Site, name: str, facts: Facts) -> Arguments:
    """Arguments as they go into a function: under the facts, and with that as a step."""
    said = f"passes it to `{name}`"

    def prepare(value: Value) -> Value:
        if not is_tainted(value):
            return value
        value = filtered(value, facts)
        return changed(value, lambda each: each.step(site.file, site.line, site.function, said))

    return Arguments(
        tuple(prepare(each) for each in arguments.positional),
        {each: prepare(value) for each, value in arguments.keywords.items()},
        None if arguments.rest is None else prepare(arguments.rest),
        None if arguments.rest_keywords is None else prepare(arguments.rest_keywords),
    )
