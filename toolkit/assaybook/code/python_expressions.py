"""Expressions of Python, as the intermediate form has them."""

from __future__ import annotations

import ast
from collections.abc import Callable

from . import ir

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.MatMult: "@",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Not: "not",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Invert: "~",
}

Lowered = ir.Expression
# Makes a function of a lambda or a definition; given by who lowers statements, as a function has both.
FunctionMaker = Callable[[ast.Lambda], ir.Function]


def operator(node: ast.AST) -> str:
    """The sign of an operation."""
    return _OPERATORS[type(node)]


def place(node: ast.AST) -> ir.Place:
    """Where a node stands."""
    line = getattr(node, "lineno", 0)
    return ir.Place(line, getattr(node, "col_offset", 0), getattr(node, "end_lineno", None) or line)


class Expressions:
    """Lowers expressions; `function_of` makes the functions within them."""

    def __init__(self, function_of: FunctionMaker) -> None:
        self._function_of = function_of
        self._forms: dict[type[ast.expr], Callable[..., ir.Expression]] = {
            ast.Constant: self._constant,
            ast.Name: lambda node: ir.Name(node.id, place=place(node)),
            ast.Attribute: lambda node: ir.Member(self.lower(node.value), node.attr, place=place(node)),
            ast.Subscript: self._item,
            ast.Call: self._call,
            ast.JoinedStr: self._text,
            ast.FormattedValue: self._formatted,
            ast.BinOp: self._binary,
            ast.BoolOp: self._either,
            ast.UnaryOp: self._unary,
            ast.Compare: self._compare,
            ast.Dict: self._record,
            ast.List: self._sequence,
            ast.Tuple: self._sequence,
            ast.Set: self._sequence,
            ast.IfExp: lambda node: ir.Choice(
                self.lower(node.test), self.lower(node.body), self.lower(node.orelse), place=place(node)
            ),
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.NamedExpr: lambda node: ir.Assigned(self.lower(node.target), self.lower(node.value), place=place(node)),
            ast.Lambda: lambda node: ir.Closure(self._function_of(node), place=place(node)),
            ast.Await: lambda node: ir.Unary("await", self.lower(node.value), place=place(node)),
            ast.Yield: self._yield,
            ast.YieldFrom: lambda node: ir.Unary(
                "yield", ir.Item(self.lower(node.value), ir.Opaque(), place=place(node)), place=place(node)
            ),
            ast.Starred: lambda node: ir.Unary("*", self.lower(node.value), place=place(node)),
        }

    def lower(self, node: ast.expr) -> ir.Expression:
        """One expression."""
        form = self._forms.get(type(node))
        if form is None:
            parts = tuple(self.lower(each) for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
            return ir.Opaque(parts, type(node).__name__, place=place(node))
        return form(node)

    def optional(self, node: ast.expr | None) -> ir.Expression | None:
        """An expression that may be missing."""
        return None if node is None else self.lower(node)

    def _constant(self, node: ast.Constant) -> ir.Expression:
        value = node.value
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if value is None or isinstance(value, str | int | float | bool):
            return ir.Constant(value, place=place(node))
        return ir.Opaque((), repr(value), place=place(node))  # `...` and complex numbers

    def _item(self, node: ast.Subscript) -> ir.Expression:
        key = None if isinstance(node.slice, ast.Slice) else self.lower(node.slice)
        return ir.Item(self.lower(node.value), key, place=place(node))

    def _call(self, node: ast.Call) -> ir.Expression:
        arguments = []
        for each in node.args:
            if isinstance(each, ast.Starred):
                arguments.append(ir.Argument(self.lower(each.value), spread="*"))
            else:
                arguments.append(ir.Argument(self.lower(each)))
        for keyword in node.keywords:
            value = self.lower(keyword.value)
            arguments.append(
                ir.Argument(value, name=keyword.arg) if keyword.arg is not None else ir.Argument(value, spread="**")
            )
        return ir.Call(self.lower(node.func), tuple(arguments), place=place(node))

    def _text(self, node: ast.JoinedStr) -> ir.Expression:
        return ir.Text(tuple(self.lower(each) for each in node.values), place=place(node))

    def _formatted(self, node: ast.FormattedValue) -> ir.Expression:
        value = self.lower(node.value)
        if node.conversion in (-1, ord("s")):
            return value
        return ir.Call(
            ir.Name("repr" if node.conversion == ord("r") else "ascii", place=place(node)),
            (ir.Argument(value),),
            place=place(node),
        )

    def _binary(self, node: ast.BinOp) -> ir.Expression:
        return ir.Binary(operator(node.op), self.lower(node.left), self.lower(node.right), place=place(node))

    def _either(self, node: ast.BoolOp) -> ir.Expression:
        values = [self.lower(each) for each in node.values]
        both = isinstance(node.op, ast.And)
        result = values[-1]
        for each in reversed(values[:-1]):
            result = (
                ir.Choice(each, result, each, place=place(node))
                if both
                else ir.Choice(each, each, result, place=place(node))
            )
        return result

    def _unary(self, node: ast.UnaryOp) -> ir.Expression:
        if (
            isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.Constant)
            and isinstance(node.operand.value, int | float)
        ):
            return ir.Constant(-node.operand.value, place=place(node))
        return ir.Unary(operator(node.op), self.lower(node.operand), place=place(node))

    def _compare(self, node: ast.Compare) -> ir.Expression:
        parts = [self.lower(each) for each in (node.left, *node.comparators)]
        compared = [
            ir.Binary(operator(sign), parts[index], parts[index + 1], place=place(node))
            for index, sign in enumerate(node.ops)
        ]
        result: ir.Expression = compared[-1]
        for each in reversed(compared[:-1]):
            result = ir.Choice(each, result, each, place=place(node))
        return result

    def _record(self, node: ast.Dict) -> ir.Expression:
        entries = tuple(
            ir.Entry(self.optional(key), self.lower(value)) for key, value in zip(node.keys, node.values, strict=True)
        )
        return ir.Record(entries, place=place(node))

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> ir.Expression:
        kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
        return ir.Sequence(tuple(self.lower(each) for each in node.elts), kind, place=place(node))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> ir.Expression:
        loops = tuple(self._generator(each) for each in node.generators)
        kind = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator", ast.DictComp: "dict"}
        if isinstance(node, ast.DictComp):
            return ir.Comprehension(
                self.lower(node.value), loops, self.lower(node.key), kind[type(node)], place=place(node)
            )
        return ir.Comprehension(self.lower(node.elt), loops, None, kind[type(node)], place=place(node))

    def _generator(self, node: ast.comprehension) -> ir.Loop:
        tests = [self.lower(each) for each in node.ifs]
        test = tests[-1] if tests else None
        for each in reversed(tests[:-1]):
            assert test is not None
            test = ir.Choice(each, test, each, place=each.place)
        return ir.Loop(self.lower(node.target), self.lower(node.iter), test, place=place(node.target))

    def _yield(self, node: ast.Yield) -> ir.Expression:
        value = self.lower(node.value) if node.value else ir.Constant(None, place=place(node))
        return ir.Unary("yield", value, place=place(node))
