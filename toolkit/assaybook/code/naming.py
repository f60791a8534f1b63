"""What names stand for, as far as the text of whole modules tells: imports, clients that are made once, constants. No flow is followed."""

from __future__ import annotations

import posixpath

from . import ir
from .package import Program
from .scopes import Given, Scope, key_of, scope_of

DEPTH = 12
MOST_VALUES = 4


class Unset:
    """The value of what is no constant."""

    def __bool__(self) -> bool:
        return False


UNSET = Unset()
Value = str | int | float | bool | None | Unset


class View:
    """A program with its names: the scopes of its own modules."""

    def __init__(self, program: Program, leave_out: frozenset[str] = frozenset()) -> None:
        self.program = program
        self.tops = {
            path: scope_of(module) for path, module in sorted(program.modules.items()) if path not in leave_out
        }
        self.scopes = tuple(each for top in self.tops.values() for each in top.nest())
        # By the identity of expressions, which live as long as the program.
        self._known: dict[int, str] = {}
        self._found: dict[tuple[str, str, str], Scope | None] = {}
        self._modules = {_stem(path): top for path, top in self.tops.items()}
        self._by_last: dict[str, list[str]] = {}
        for stem in self._modules:
            self._by_last.setdefault(posixpath.basename(stem), []).append(stem)
        self.imported = frozenset(
            each.lstrip(".") for scope in self.scopes for each in scope.imports.values() if not each.startswith(".")
        )

    def imports(self, *modules: str) -> bool:
        """Whether any module of the package imports one of these, or something of it."""
        return any(
            name == each or name.startswith((f"{each}.", f"{each}/")) for name in self.imported for each in modules
        )

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
        key = (name, scope.module.path, scope.module.language)
        if key not in self._found:
            self._found[key] = self._module(name, scope)
        return self._found[key]

    def _module(self, name: str, scope: Scope) -> Scope | None:
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
        alike = self._by_last.get(posixpath.basename(dotted), ()) if not level else ()
        ends = [self._modules[stem] for stem in alike if stem.endswith(f"/{dotted}")]
        return ends[0] if len(ends) == 1 else None

    def named(self, expression: ir.Expression, scope: Scope, depth: int = DEPTH) -> str:
        """The full dotted name of what an expression stands for; `?` stands for what is not known."""
        known = self._known.get(id(expression))
        if known is None:
            known = self._named(expression, scope, depth)
            # What was cut short is not kept, so that the order of asking changes nothing.
            if depth == DEPTH:
                self._known[id(expression)] = known
        return known

    def _named(self, expression: ir.Expression, scope: Scope, depth: int) -> str:
        if depth <= 0:
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
                values = [
                    each for each in found.names[name.id] if not (isinstance(each, ir.Constant) and each.value is None)
                ]
                if any(each is None or isinstance(each, Given) for each in values) or not values:
                    return "?"
                if len(values) > MOST_VALUES:
                    return "?"
                # Names that are bound in turns to what hangs on themselves would be followed without end.
                left = depth - 1 if len(values) == 1 else min(depth - 1, 3)
                said = {self.named(each, found, left) for each in values if each is not None}
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
            service = self.value(_service(call), scope, depth)
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
        if isinstance(call.function, ir.Member) and call.function.name in (
            "encode",
            "strip",
            "trim",
            "toString",
            "lower",
            "upper",
        ):
            return self.value(call.function.of, scope, depth - 1)
        if (
            ir.dotted(call.function)
            in ("Buffer.from", "bytes", "str", "String", "bytearray", "b64decode", "base64.b64decode", "bytes.fromhex")
            and call.arguments
        ):
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
        if (
            isinstance(expression, ir.Call)
            and isinstance(expression.function, ir.Member)
            and expression.function.name == "format"
        ):
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

    def given(self, top: Scope, name: str) -> Scope | None:
        """The function that a module gives under a name."""
        return self._given(top, name, DEPTH)

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


def _service(call: ir.Call) -> ir.Expression:
    """The argument that names the service of a client."""
    named = [each.value for each in call.arguments if each.name == "service_name"]
    plain = [each.value for each in call.arguments if not each.name and not each.spread]
    return (named + plain[:1] + [ir.Opaque()])[0]
