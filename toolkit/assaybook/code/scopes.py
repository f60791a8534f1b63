"""The scopes of a module: its functions with what is written in them, and what is bound to their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import ir

Node = ir.Expression | ir.Statement


@dataclass(frozen=True, slots=True)
class Caught(ir.Expression):
    """Stands for an error that is being handled."""


@dataclass(frozen=True, slots=True)
class Given(ir.Expression):
    """Stands for what the caller gives for a parameter."""

    name: str
    position: int


CAUGHT = Caught()
# The names that the first parameter of a callback of Node has where it is an error. Source: Node.js documentation, "Error-first callbacks".
_ERROR_NAMES = frozenset({"err", "error", "e", "ex", "exc", "exception"})


_DECLARED = re.compile(r"\b(?:let|var|const)\s")
_NEAR = 2_000
_DECLARES = re.compile(r"(?:let|var|const)\b")


@dataclass(eq=False)
class Scope:
    """A function, or a module outside its functions: what is in it, in the order of the text, and what is bound to its names."""

    module: ir.Module
    function: ir.Function | None = None
    outer: Scope | None = None
    names: dict[str, list[ir.Expression | None]] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Scope] = field(default_factory=dict)
    attributes: dict[str, list[ir.Expression | None]] = field(default_factory=dict)
    exports: dict[str, ir.Expression] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    handlers: list[ir.Handler] = field(default_factory=list)
    inner: list[Scope] = field(default_factory=list)
    parents: dict[int, object] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)

    @property
    def qualified(self) -> str:
        """The name of the function within its module; empty outside functions."""
        return self.function.qualified if self.function else ""

    @property
    def shown(self) -> str:
        """What a person would call the function."""
        name = self.function.name if self.function else ""
        return name if name and "<" not in name else "a handler"

    @property
    def top(self) -> Scope:
        """The scope of the module."""
        found = self
        while found.outer is not None:
            found = found.outer
        return found

    def nest(self) -> Iterator[Scope]:
        """The scope itself and those within it."""
        yield self
        for each in self.inner:
            yield from each.nest()

    def calls(self) -> Iterator[ir.Call]:
        """The calls that are written here, functions within it left out."""
        return (each for each in self.nodes if isinstance(each, ir.Call))

    def returned(self) -> Iterator[ir.Expression]:
        """What it returns."""
        return (each.value for each in self.nodes if isinstance(each, ir.Return) and each.value is not None)

    def around(self, node: object) -> Iterator[object]:
        """What a part stands in, from the inside to the function or module."""
        parents = self.top.parents
        found = parents.get(id(node))
        while found is not None and not isinstance(found, ir.Function):
            yield found
            found = parents.get(id(found))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its plain parameters, in their order."""
        given = self.function.parameters if self.function else ()
        return tuple(each.target.id if isinstance(each.target, ir.Name) else "" for each in given)


# What each kind of part consists of, found out once.
_SLOTS: dict[type, tuple[str, ...]] = {}


def _slots(kind: type) -> tuple[str, ...]:
    if kind not in _SLOTS:
        _SLOTS[kind] = _named_slots(kind)
    return _SLOTS[kind]


def _named_slots(kind: type) -> tuple[str, ...]:
    found = [name for each in reversed(kind.__mro__) for name in getattr(each, "__slots__", ())]
    return tuple(name for name in found if name not in ("place", "lines"))


_PARTS = (ir.Expression, ir.Statement, ir.Argument, ir.Entry, ir.Handler, ir.Function, ir.Class, ir.Parameter)


class _Parts(dict[type, bool]):
    """Whether what has a type is a part: asked a million times of some forty types."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = issubclass(kind, _PARTS)
        return self[kind]


_PART = _Parts()


def children(node: object) -> Iterator[object]:
    """What a part of a program consists of, in the order of the text."""
    return iter(_children(node))


def _children(node: object) -> list[object]:
    found: list[object] = []
    kind = type(node)
    for name in _SLOTS.get(kind) or _slots(kind):
        value = getattr(node, name)
        if value.__class__ is tuple:
            found += [each for each in value if _PART[each.__class__]]
        elif _PART[value.__class__]:
            found.append(value)
    return found


def within(node: object) -> Iterator[object]:
    """A part and all its parts, functions in it included."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(_children(each)))


def scope_of(module: ir.Module) -> Scope:
    """The scope of a module with those of its functions within."""
    top = Scope(module)
    # What stands in two places of the form (`a or b` tests what it gives) is written once.
    seen: set[int] = set()
    waiting: list[tuple[object, Scope]] = [(each, top) for each in reversed(module.body)]
    while waiting:
        node, scope = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ir.Function):
            scope = _opened(node, scope)
        elif isinstance(node, ir.Handler):
            scope.handlers.append(node)
            if node.name:
                scope.names.setdefault(node.name, []).append(CAUGHT)
        elif isinstance(node, ir.Expression | ir.Statement):
            scope.nodes.append(node)
            _bind_node(node, scope)
        parts = _children(node)
        for each in parts:
            top.parents.setdefault(id(each), node)
        waiting.extend((each, scope) for each in reversed(parts))
    return top


def _opened(function: ir.Function, outer: Scope) -> Scope:
    scope = Scope(function=function, outer=outer, module=outer.module)
    outer.inner.append(scope)
    outer.functions.setdefault(function.name or function.qualified, scope)
    if function.method_of:
        outer.top.functions.setdefault(f"{function.method_of}.{function.name}", scope)
    for position, each in enumerate(function.parameters):
        for name in _target_names(each.target):
            error = name in _ERROR_NAMES and position == 0 and outer.module.language != ir.PYTHON
            error = error or (name in _ERROR_NAMES and _handles_errors(function))
            scope.names[name] = [CAUGHT if error else Given(name, position)]
    return scope


def _handles_errors(function: ir.Function) -> bool:
    """Whether a framework calls it with an error (`@app.errorhandler(Exception)`)."""
    made = [each.function if isinstance(each, ir.Call) else each for each in function.decorators]
    return any(isinstance(each, ir.Member) and each.name in ("errorhandler", "exception_handler") for each in made)


def _target_names(target: ir.Expression) -> Iterator[str]:
    if isinstance(target, ir.Name):
        yield target.id
    elif isinstance(target, ir.Sequence | ir.Record | ir.Unary):
        yield from (each.id for each in within(target) if isinstance(each, ir.Name))


def _bind_node(node: Node, scope: Scope) -> None:
    if isinstance(node, ir.Assign):
        declared = node.const or _declares(node, scope)
        for target in node.targets:
            if declared and isinstance(target, ir.Name):
                scope.names.setdefault(target.id, [])
            if node.value is not None:
                _bind(target, None if node.operator else node.value, scope)
    elif isinstance(node, ir.Assigned):
        _bind(node.target, node.value, scope)
    elif isinstance(node, ir.Loop) and node.target is not None:
        _bind(node.target, ir.Item(node.iterable, None) if node.iterable else None, scope)
    elif isinstance(node, ir.Global):
        scope.foreign.update(node.names)
    elif isinstance(node, ir.Import):
        scope.imports[node.alias or node.module.partition(".")[0]] = _imported(node)
    elif isinstance(node, ir.Export) and not node.source:
        scope.top.exports[node.name] = node.value


def _declares(node: ir.Assign, scope: Scope) -> bool:
    """Whether an assignment of JavaScript is a declaration, which the form does not tell of `let` and `var`."""
    lines, place = scope.module.lines, node.place
    if scope.module.language == ir.PYTHON or not 0 < place.line <= len(lines):
        return False
    line = lines[place.line - 1]
    # A line of a bundle can hold all of it: what declares a name stands near to it.
    near = max(0, place.column - _NEAR)
    start = max(near - 1, *(line.rfind(sign, near, place.column) for sign in ";()")) + 1
    before = line[start : place.column]
    return node.value is None or bool(_DECLARED.search(before) or _DECLARES.match(line, place.column))


def _imported(node: ir.Import) -> str:
    module = "." * node.level + node.module.removeprefix("node:")
    if node.name in ("", "*", "default"):
        # `import a.b` binds `a`, and only `import a.b as c` the module itself.
        first = module.partition(".")[0]
        return first if not node.name and node.alias in ("", first) and not node.level else module
    return f"{module}.{node.name}" if module.strip(".") else f"{module}{node.name}"


def _bind(target: ir.Expression, value: ir.Expression | None, scope: Scope) -> None:
    if isinstance(target, ir.Name):
        _owner(target.id, scope).names.setdefault(target.id, []).append(value)
    elif isinstance(target, ir.Member):
        if isinstance(target.of, ir.Name) and target.of.id in ("self", "this", "cls"):
            scope.top.attributes.setdefault(target.name, []).append(value)
        elif ir.dotted(target) == "module.exports" and value is not None:
            scope.top.exports["default"] = value
        elif ir.dotted(target.of) in ("exports", "module.exports") and value is not None:
            scope.top.exports[target.name] = value
    elif isinstance(target, ir.Sequence):
        for number, each in enumerate(target.items):
            _bind(each, ir.Item(value, ir.Constant(number)) if value else None, scope)
    elif isinstance(target, ir.Record):
        for entry in target.entries:
            part = ir.Item(value, entry.key) if value and entry.key else None
            _bind(entry.value, part, scope)


def _owner(name: str, scope: Scope) -> Scope:
    """The scope that a name belongs to: an assignment of JavaScript without declaration, and a `global`, reach those around."""
    if name in scope.foreign:
        around = scope.outer
        while around is not None and around.function is not None and name not in around.names:
            around = around.outer
        return around or scope.top
    if scope.module.language != ir.PYTHON and name not in scope.names:
        around = scope.outer
        while around is not None:
            if name in around.names:
                return around
            around = around.outer
    return scope


def key_of(expression: ir.Expression) -> str:
    """The text of a key as it is written: a constant or a plain name."""
    if isinstance(expression, ir.Constant):
        return str(expression.value)
    return expression.id if isinstance(expression, ir.Name) else ""
