"""What names stand for, as far as the text of whole modules tells: imports, clients that are made once, constants. No flow is followed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from . import ir
from .package import Program

DEPTH = 12
Node = ir.Expression | ir.Statement


class Unset:
    """The value of what is no constant."""

    def __bool__(self) -> bool:
        return False


UNSET = Unset()
Value = str | int | float | bool | None | Unset


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
_ERROR_NAMES = frozenset({"err", "error", "e", "ex", "exception"})


_DECLARED = re.compile(r"\b(?:let|var|const)\s[^;()]*$")
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
    def top(self) -> Scope:
        """The scope of the module."""
        found = self
        while found.outer is not None:
            found = found.outer
        return found

    def nest(self) -> Iterator[Scope]:
        """This scope and those within it."""
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


@lru_cache(maxsize=128)
def _slots(kind: type) -> tuple[str, ...]:
    found = [name for each in reversed(kind.__mro__) for name in getattr(each, "__slots__", ())]
    return tuple(name for name in found if name not in ("place", "lines"))


_PARTS = (ir.Expression, ir.Statement, ir.Argument, ir.Entry, ir.Handler, ir.Function, ir.Class, ir.Parameter)


def children(node: object) -> Iterator[object]:
    """What a part of a program consists of, in the order of the text."""
    for name in _slots(type(node)):
        value = getattr(node, name)
        if isinstance(value, _PARTS):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, _PARTS))


def within(node: object) -> Iterator[object]:
    """A part and all its parts, functions in it included."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(list(children(each))))


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
        parts = list(children(node))
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
            scope.names[name] = [CAUGHT if error else Given(name, position)]
    return scope


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
    return node.value is None or bool(_DECLARED.search(line[: place.column]) or _DECLARES.match(line[place.column :]))


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
        return scope.top
    if scope.module.language != ir.PYTHON and name not in scope.names:
        around = scope.outer
        while around is not None:
            if name in around.names:
                return around
            around = around.outer
    return scope


class View:
    """A program with its names: the scopes of its own modules."""

    def __init__(self, program: Program, leave_out: frozenset[str] = frozenset()) -> None:
        self.program = program
        self.tops = {path: scope_of(module) for path, module in sorted(program.modules.items()) if path not in leave_out}
        self.scopes = tuple(each for top in self.tops.values() for each in top.nest())
        self._modules = {_stem(path): top for path, top in self.tops.items()}
        self.imported = frozenset(
            each.lstrip(".") for scope in self.scopes for each in scope.imports.values() if not each.startswith(".")
        )

    def imports(self, *modules: str) -> bool:
        """Whether any module of the package imports one of these, or something of it."""
        return any(name == each or name.startswith((f"{each}.", f"{each}/")) for name in self.imported for each in modules)

    def bound(self, name: str, scope: Scope) -> tuple[Scope, list[ir.Expression | None]] | None:
        """Where a name is bound as a value, and to what; None if it is an import, a function or one of the language's own."""
        found: Scope | None = scope
        while found is not None:
            if name in found.names and name not in found.foreign:
                return found, found.names[name]
            if name in found.imports or name in found.functions:
                return None
            found = found.outer
        return None

    def once(self, expression: ir.Expression, scope: Scope, depth: int = DEPTH) -> tuple[ir.Expression, Scope]:
        """What a name is bound to, if it is bound once; else the expression itself."""
        while depth and isinstance(expression, ir.Name | ir.Member | ir.Unary):
            depth -= 1
            if isinstance(expression, ir.Unary):
                if expression.operator not in ("await", "yield"):
                    break
                expression = expression.operand
                continue
            found = self._once(expression, scope)
            if found is None:
                break
            expression, scope = found
        return expression, scope

    def _once(self, expression: ir.Name | ir.Member, scope: Scope) -> tuple[ir.Expression, Scope] | None:
        if isinstance(expression, ir.Member):
            if isinstance(expression.of, ir.Name) and expression.of.id in ("self", "this"):
                values = scope.top.attributes.get(expression.name, [])
                return (values[0], scope) if len(values) == 1 and values[0] is not None else None
            return None
        bound = self.bound(expression.id, scope)
        if bound is None:
            return self._elsewhere(expression.id, scope)
        where, values = bound
        # A declaration with nothing, and a client that is made later (`client = None`), are no second value.
        told = [each for each in values if not (isinstance(each, ir.Constant) and each.value is None)]
        return (told[0], where) if len(told) == 1 and told[0] is not None else None

    def _elsewhere(self, name: str, scope: Scope) -> tuple[ir.Expression, Scope] | None:
        """A value that another module of the package gives."""
        found: Scope | None = scope
        while found is not None and name not in found.imports:
            found = found.outer
        if found is None:
            return None
        module, _, taken = found.imports[name].rpartition(".")
        top = self.module(module or ".", scope)
        if top is None or not taken:
            return None
        if taken in top.names and len(top.names[taken]) == 1 and top.names[taken][0] is not None:
            return top.names[taken][0], top  # type: ignore[return-value]
        return (top.exports[taken], top) if taken in top.exports else None

    def module(self, name: str, scope: Scope) -> Scope | None:
        """The module of the package that an import names, None for others."""
        here = posixpath.dirname(scope.module.path)
        if scope.module.language != ir.PYTHON:
            if not name.startswith((".", "/")):
                return None
            path = _stem(posixpath.normpath(posixpath.join(here, name)))
            return self._modules.get(path) or self._modules.get(f"{path}/index")
        level = len(name) - len(name.lstrip("."))
        dotted = name.lstrip(".").replace(".", "/")
        for _ in range(level - 1):
            here = posixpath.dirname(here)
        for start in (here,) if level else (here, ""):
            path = posixpath.normpath(posixpath.join(start, dotted)) if dotted or start else "."
            found = self._modules.get(path) or self._modules.get(f"{path}/__init__")
            if found is not None:
                return found
        ends = [top for stem, top in self._modules.items() if not level and stem.endswith(f"/{dotted}")]
        return ends[0] if len(ends) == 1 else None

    def named(self, expression: ir.Expression, scope: Scope, depth: int = DEPTH) -> str:
        """The full dotted name of what an expression stands for; `?` stands for what is not known."""
        if depth == 0:
            return "?"
        if isinstance(expression, ir.Name):
            return self._name(expression, scope, depth)
        if isinstance(expression, ir.Member):
            if isinstance(expression.of, ir.Name) and expression.of.id in ("self", "this"):
                found = self._once(expression, scope)
                return self.named(*found, depth - 1) if found else f"self.{expression.name}"
            return f"{self.named(expression.of, scope, depth - 1)}.{expression.name}"
        if isinstance(expression, ir.Item):
            key = self.value(expression.key, scope, depth - 1) if expression.key else UNSET
            before = self.named(expression.of, scope, depth - 1)
            if isinstance(key, str) and key.isidentifier() and expression.of and scope.module.language != ir.PYTHON:
                return f"{before}.{key}"
            return f"{before}[{key if not isinstance(key, Unset) else ''}]"
        if isinstance(expression, ir.Call):
            return self._made(expression, scope, depth - 1)
        if isinstance(expression, ir.Unary) and expression.operator in ("await", "yield"):
            return self.named(expression.operand, scope, depth - 1)
        if isinstance(expression, ir.Choice):
            yes, no = (self.named(each, scope, depth - 1) for each in (expression.yes, expression.no))
            return no if yes.startswith("?") else yes
        return "?"

    def _name(self, name: ir.Name, scope: Scope, depth: int) -> str:
        found: Scope | None = scope
        while found is not None:
            if name.id in found.names and name.id not in found.foreign:
                values = [each for each in found.names[name.id] if not (isinstance(each, ir.Constant) and each.value is None)]
                if any(each is None or isinstance(each, Given) for each in values) or not values:
                    return "?"
                said = {self.named(each, found, depth - 1) for each in values if each is not None}
                return said.pop() if len(said) == 1 else "?"
            if name.id in found.imports:
                return found.imports[name.id]
            if name.id in found.functions:
                return f"<{found.functions[name.id].qualified}>"
            found = found.outer
        return name.id

    def _made(self, call: ir.Call, scope: Scope, depth: int) -> str:
        made = self.named(call.function, scope, depth)
        first = self.value(call.arguments[0].value, scope, depth) if call.arguments else UNSET
        last = made.rpartition(".")[2]
        if made in ("require", "import") and isinstance(first, str):
            return first.removeprefix("node:")
        if last in ("client", "resource") and ("boto3" in made or "Session" in made or "session" in made.lower()):
            service = self.value(argument(call, "service_name", 0) or ir.Opaque(), scope, depth)
            return f"boto3.{last}({service if isinstance(service, str) else '?'})"
        return f"{made}()"

    def value(self, expression: ir.Expression, scope: Scope, depth: int = DEPTH) -> Value:
        """The constant that an expression is, UNSET if it is none."""
        if depth == 0:
            return UNSET
        if isinstance(expression, ir.Constant):
            return expression.value
        if isinstance(expression, ir.Text):
            parts = [self.value(each, scope, depth - 1) for each in expression.parts]
            return UNSET if any(isinstance(each, Unset) for each in parts) else "".join(map(str, parts))
        if isinstance(expression, ir.Binary):
            return self._reckoned(expression, scope, depth)
        if isinstance(expression, ir.Unary) and expression.operator in ("-", "not"):
            inner = self.value(expression.operand, scope, depth - 1)
            if isinstance(inner, Unset):
                return UNSET
            if expression.operator == "not":
                return not inner
            return -inner if isinstance(inner, int | float) else UNSET
        if isinstance(expression, ir.Name | ir.Member):
            found, where = self.once(expression, scope, 1)
            if found is not expression:
                return self.value(found, where, depth - 1)
        if isinstance(expression, ir.Member | ir.Item):
            part = self._part(expression, scope, depth - 1)
            return self.value(*part, depth - 1) if part else UNSET
        if isinstance(expression, ir.Call):
            return self._passed(expression, scope, depth)
        return UNSET

    def _passed(self, call: ir.Call, scope: Scope, depth: int) -> Value:
        """A constant that a call only turns into another form (`"text".encode()`, `Buffer.from("text")`, `bytes("text", "utf-8")`)."""
        if isinstance(call.function, ir.Member) and call.function.name in ("encode", "strip", "trim", "toString", "lower", "upper"):
            return self.value(call.function.of, scope, depth - 1)
        if ir.dotted(call.function) in ("Buffer.from", "bytes", "str", "String", "bytearray", "b64decode", "base64.b64decode", "bytes.fromhex") and call.arguments:
            return self.value(call.arguments[0].value, scope, depth - 1)
        return UNSET

    def _reckoned(self, expression: ir.Binary, scope: Scope, depth: int) -> Value:
        left, right = (self.value(each, scope, depth - 1) for each in (expression.left, expression.right))
        if expression.operator == "+" and isinstance(left, str) and isinstance(right, str | int):
            return f"{left}{right}"
        if isinstance(left, int | float) and isinstance(right, int | float):
            if expression.operator == "*":
                return left * right if abs(left) < 1e9 and abs(right) < 1e9 else UNSET
            if expression.operator == "+":
                return left + right
        return UNSET

    def _part(self, expression: ir.Member | ir.Item, scope: Scope, depth: int) -> tuple[ir.Expression, Scope] | None:
        """The part of a record that is written out."""
        key: Value = expression.name if isinstance(expression, ir.Member) else UNSET
        if isinstance(expression, ir.Item) and expression.key is not None:
            key = self.value(expression.key, scope, depth)
        record, where = self.once(expression.of, scope, depth) if depth > 0 else (expression.of, scope)
        if isinstance(record, ir.Record) and isinstance(key, str):
            for entry in reversed(record.entries):
                if entry.key is not None and key_of(entry.key) == key:
                    return entry.value, where
        return None

    def leading(self, expression: ir.Expression, scope: Scope, depth: int = DEPTH) -> str:
        """The constant text with which a value begins, as far as it is known."""
        if depth == 0:
            return ""
        whole = self.value(expression, scope, depth)
        if isinstance(whole, str):
            return whole
        if isinstance(expression, ir.Text):
            found = ""
            for each in expression.parts:
                part = self.value(each, scope, depth - 1)
                if isinstance(part, Unset):
                    return found + self.leading(each, scope, depth - 1)
                found += str(part)
            return found
        if isinstance(expression, ir.Binary) and expression.operator in ("+", "%"):
            return self.leading(expression.left, scope, depth - 1)
        if isinstance(expression, ir.Call) and isinstance(expression.function, ir.Member) and expression.function.name == "format":
            return self.leading(expression.function.of, scope, depth - 1).partition("{")[0]
        if isinstance(expression, ir.Name | ir.Member):
            found_value, where = self.once(expression, scope, 1)
            if found_value is not expression:
                return self.leading(found_value, where, depth - 1)
        if isinstance(expression, ir.Call) and expression.new and expression.arguments:
            return self.leading(expression.arguments[0].value, scope, depth - 1)
        return ""

    def called(self, call: ir.Call, scope: Scope) -> Scope | None:
        """The function of the package that a call runs, if it is known."""
        return self.function(call.function, scope)

    def function(self, expression: ir.Expression, scope: Scope, depth: int = DEPTH) -> Scope | None:
        """The function of the package that an expression stands for."""
        if depth == 0:
            return None
        if isinstance(expression, ir.Closure):
            return next((each for each in scope.top.nest() if each.function is expression.function), None)
        if isinstance(expression, ir.Name):
            return self._function_named(expression, scope, depth)
        if isinstance(expression, ir.Member):
            if isinstance(expression.of, ir.Name) and expression.of.id in ("self", "this"):
                owner = scope
                while owner.outer is not None and not (owner.function and owner.function.method_of):
                    owner = owner.outer
                of = owner.function.method_of if owner.function else ""
                return scope.top.functions.get(f"{of}.{expression.name}")
            top = self.module(self.named(expression.of, scope, depth - 1), scope)
            return self._given(top, expression.name, depth) if top else None
        return None

    def _function_named(self, name: ir.Name, scope: Scope, depth: int) -> Scope | None:
        found: Scope | None = scope
        while found is not None:
            if name.id in found.functions:
                return found.functions[name.id]
            if name.id in found.names:
                value, where = self.once(name, scope, 1)
                return self.function(value, where, depth - 1) if value is not name else None
            if name.id in found.imports:
                module, _, taken = found.imports[name.id].rpartition(".")
                top = self.module(module or ".", scope)
                return self._given(top, taken, depth) if top else None
            found = found.outer
        return None

    def _given(self, top: Scope, name: str, depth: int) -> Scope | None:
        if name in top.functions:
            return top.functions[name]
        if name in top.exports:
            return self.function(top.exports[name], top, depth - 1)
        values = top.names.get(name, [])
        return self.function(values[0], top, depth - 1) if len(values) == 1 and values[0] is not None else None


def _stem(path: str) -> str:
    start, dot, end = path.rpartition(".")
    return start if dot and end in ("py", "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx") else path


def key_of(expression: ir.Expression) -> str:
    """The text of a key as it is written: a constant or a plain name."""
    if isinstance(expression, ir.Constant):
        return str(expression.value)
    return expression.id if isinstance(expression, ir.Name) else ""


def argument(call: ir.Call, name: str, position: int | None = None) -> ir.Expression | None:
    """The argument under a keyword, or else at a position (from 0)."""
    plain = [each for each in call.arguments if not each.name]
    found = next((each.value for each in call.arguments if name and each.name == name), None)
    if found is not None or position is None:
        return found
    before = plain[: position + 1]
    return before[-1].value if len(before) == position + 1 and not any(each.spread for each in before) else None


def options(view: View, call: ir.Call, scope: Scope) -> Mapping[str, tuple[ir.Expression, Scope]]:
    """Every named argument of a call: its keywords, and the keys of the records among its arguments, nested ones with dots."""
    found: dict[str, tuple[ir.Expression, Scope]] = {}
    for each in call.arguments:
        if each.name:
            found[each.name] = (each.value, scope)
        value, where = view.once(each.value, scope)
        if isinstance(value, ir.Record):
            _entries(view, value, where, f"{each.name}." if each.name else "", found, DEPTH)
    return found


def _entries(
    view: View, record: ir.Record, scope: Scope, before: str, found: dict[str, tuple[ir.Expression, Scope]], depth: int
) -> None:
    for entry in record.entries if depth else ():
        value, where = view.once(entry.value, scope)
        if entry.key is not None:
            found[f"{before}{key_of(entry.key)}"] = (entry.value, scope)
        if isinstance(value, ir.Record):
            inner = f"{before}{key_of(entry.key)}." if entry.key is not None else before
            _entries(view, value, where, inner, found, depth - 1)


def spreads(view: View, call: ir.Call, scope: Scope) -> bool:
    """Whether a call is also given what cannot be read here: a spread, or options that are made elsewhere."""
    for each in call.arguments:
        value, _ = view.once(each.value, scope)
        if each.spread and not isinstance(value, ir.Record):
            return True
        if isinstance(value, ir.Record) and any(one.key is None for one in value.entries):
            return True
    return False


def moved(place: ir.Place, line: int) -> ir.Place:
    """A place on another line."""
    return replace(place, line=line)
