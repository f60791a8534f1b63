"""Python, lowered to the intermediate form with the parser of the interpreter that runs this."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings

from . import ir
from .package import NotParsed
from .python_expressions import Expressions, operator, place

# Longer files are data or were made by a program.
LONGEST = 2_000_000


_YIELDS = frozenset((ast.Yield, ast.YieldFrom))
# What nothing of the function itself lies in.
_WITHOUT = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Name, ast.Constant))


def lower_python(path: str, source: bytes | str) -> ir.Module:
    """One file of Python.

    Raises NotParsed with the reason and the line, for Python 2, syntax newer than this interpreter's, unreadable encodings and hostile nesting alike.
    """
    text = source if isinstance(source, str) else _decoded(source)
    if len(text) > LONGEST:
        raise NotParsed(f"it is longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in somebody's text are not ours to report
            tree = ast.parse(text, path)
        body = _Statements().module(tree)
    except SyntaxError as error:
        raise NotParsed(error.msg or "invalid syntax", error.lineno or 0) from None
    except ValueError as error:
        raise NotParsed(str(error)) from None
    except (RecursionError, MemoryError):
        raise NotParsed("it is nested too deeply") from None
    return ir.Module(path, ir.PYTHON, body, tuple(text.splitlines()))


def _decoded(source: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise NotParsed(f"its encoding cannot be read: {error}") from None


class _Statements:
    """Lowers statements, and knows in which function and class it is."""

    def __init__(self) -> None:
        self.around: list[str] = []
        self.classes: list[str] = []
        self.taken: set[str] = set()
        self.expressions = Expressions(self._lambda)
        self.lower = self.expressions.lower
        self.optional = self.expressions.optional

    def module(self, tree: ast.Module) -> tuple[ir.Statement, ...]:
        return self.block(tree.body)

    def block(self, body: list[ast.stmt]) -> tuple[ir.Statement, ...]:
        lowered: list[ir.Statement] = []
        for each in body:
            lowered.extend(self.statement(each))
        return tuple(lowered)

    def statement(self, node: ast.stmt) -> list[ir.Statement]:
        here = place(node)
        match node:
            case ast.Expr():
                return [ir.Evaluate(self.lower(node.value), place=here)]
            case ast.Assign():
                return [ir.Assign(tuple(map(self.lower, node.targets)), self.lower(node.value), place=here)]
            case ast.AnnAssign():
                note, value = self.lower(node.annotation), self.optional(node.value)
                return [ir.Assign((self.lower(node.target),), value, annotation=note, place=here)]
            case ast.AugAssign():
                sign = operator(node.op)
                return [ir.Assign((self.lower(node.target),), self.lower(node.value), sign, place=here)]
            case ast.Return():
                return [ir.Return(self.optional(node.value), place=here)]
            case ast.Raise():
                return [ir.Raise(self.optional(node.exc), place=here)]
            case ast.If():
                return [ir.If(self.lower(node.test), self.block(node.body), self.block(node.orelse), place=here)]
            case ast.For() | ast.AsyncFor():
                target, iterable = self.lower(node.target), self.lower(node.iter)
                return [ir.Loop(target, iterable, None, self.block(node.body), self.block(node.orelse), place=here)]
            case ast.While():
                test = self.lower(node.test)
                return [ir.Loop(None, None, test, self.block(node.body), self.block(node.orelse), place=here)]
            case ast.With() | ast.AsyncWith():
                return [self._with(node)]
            case ast.Try() | ast.TryStar():
                return [self._try(node)]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return [ir.Define(self._function(node), place=here)]
            case ast.ClassDef():
                return [ir.DefineClass(self._class(node), place=here)]
            case ast.Import():
                return [self._import(each, here) for each in node.names]
            case ast.ImportFrom():
                return [
                    ir.Import(node.module or "", each.name, each.asname or each.name, node.level, place=here)
                    for each in node.names
                ]
            case ast.Global() | ast.Nonlocal():
                return [ir.Global(tuple(node.names), place=here)]
            case ast.Break():
                return [ir.Jump("break", place=here)]
            case ast.Continue():
                return [ir.Jump("continue", place=here)]
            case ast.Assert():
                refused = ir.Unary("not", self.lower(node.test), place=here)
                return [ir.If(refused, (ir.Raise(None, place=here),), place=here)]
            case ast.Delete():
                return [
                    ir.Evaluate(ir.Unary("delete", self.lower(each), place=here), place=here) for each in node.targets
                ]
            case ast.Match():
                return self._match(node)
            case ast.Pass():
                return []
        parts = tuple(self.lower(each) for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
        return [ir.Evaluate(ir.Opaque(parts, type(node).__name__, place=here), place=here)]

    def _import(self, name: ast.alias, here: ir.Place) -> ir.Import:
        return ir.Import(name.name, "", name.asname or name.name.split(".")[0], place=here)

    def _with(self, node: ast.With | ast.AsyncWith) -> ir.Statement:
        opened: list[ir.Statement] = []
        for each in node.items:
            value, here = self.lower(each.context_expr), place(each.context_expr)
            if each.optional_vars is None:
                opened.append(ir.Evaluate(value, place=here))
            else:
                opened.append(ir.Assign((self.lower(each.optional_vars),), value, place=here))
        return ir.Block(self.block(node.body), tuple(opened), place=place(node))

    def _try(self, node: ast.Try | ast.TryStar) -> ir.Statement:
        handlers = tuple(
            ir.Handler(self._caught(each.type), each.name or "", self.block(each.body), place(each))
            for each in node.handlers
        )
        return ir.Try(
            self.block(node.body), handlers, self.block(node.orelse), self.block(node.finalbody), place=place(node)
        )

    def _caught(self, node: ast.expr | None) -> tuple[ir.Expression, ...]:
        if node is None:
            return ()
        return tuple(map(self.lower, node.elts)) if isinstance(node, ast.Tuple) else (self.lower(node),)

    # -- functions and classes -------------------------------------------------------------------------------------------------------------------

    def _qualified(self, name: str) -> str:
        whole = ".".join((*self.around, name))
        chosen, count = whole, 2
        while chosen in self.taken:  # defined twice, as overloads and property setters are
            chosen, count = f"{whole}#{count}", count + 1
        self.taken.add(chosen)
        return chosen

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.Function:
        qualified = self._qualified(node.name)
        method_of = self.classes[-1] if self.classes else ""
        decorators = tuple(map(self.lower, node.decorator_list))
        parameters = self._parameters(node.args)
        self.around.append(node.name)
        self.classes.append("")
        body = self.block(node.body)
        self.classes.pop()
        self.around.pop()
        return ir.Function(
            node.name,
            qualified,
            parameters,
            body,
            decorators,
            isinstance(node, ast.AsyncFunctionDef),
            _yields(node),
            method_of,
            place(node),
        )

    def _lambda(self, node: ast.Lambda) -> ir.Function:
        name = f"<lambda {node.lineno}:{node.col_offset}>"
        body = (ir.Return(self.lower(node.body), place=place(node.body)),)
        return ir.Function(name, self._qualified(name), self._parameters(node.args), body, place=place(node))

    def _parameters(self, node: ast.arguments) -> tuple[ir.Parameter, ...]:
        plain = [*node.posonlyargs, *node.args]
        defaults: list[ast.expr | None] = [None] * (len(plain) - len(node.defaults))
        defaults.extend(node.defaults)
        lowered = [self._parameter(each, value, "plain") for each, value in zip(plain, defaults, strict=True)]
        if node.vararg:
            lowered.append(self._parameter(node.vararg, None, "*"))
        lowered.extend(
            self._parameter(each, value, "keyword")
            for each, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)
        )
        if node.kwarg:
            lowered.append(self._parameter(node.kwarg, None, "**"))
        return tuple(lowered)

    def _parameter(self, node: ast.arg, default: ast.expr | None, kind: str) -> ir.Parameter:
        name = ir.Name(node.arg, place=place(node))
        return ir.Parameter(name, self.optional(default), self.optional(node.annotation), kind)

    def _class(self, node: ast.ClassDef) -> ir.Class:
        qualified = self._qualified(node.name)
        bases = tuple(map(self.lower, node.bases))
        decorators = tuple(map(self.lower, node.decorator_list))
        self.around.append(node.name)
        self.classes.append(qualified)
        body = self.block(node.body)
        self.classes.pop()
        self.around.pop()
        return ir.Class(node.name, qualified, bases, body, decorators, place(node))

    # -- match -----------------------------------------------------------------------------------------------------------------------------------

    def _match(self, node: ast.Match) -> list[ir.Statement]:
        """As conditions over a name that holds the subject."""
        here = place(node)
        subject = self.lower(node.subject)
        before: list[ir.Statement] = []
        if not isinstance(subject, ir.Name):
            name = ir.Name(f"<match {node.lineno}:{node.col_offset}>", place=here)
            before.append(ir.Assign((name,), subject, place=here))
            subject = name
        rest: tuple[ir.Statement, ...] = ()
        for case in reversed(node.cases):
            test, bound = self._pattern(case.pattern, subject)
            body = (*bound, *self.block(case.body))
            if case.guard is not None:
                guard = self.lower(case.guard)
                body = (*bound, ir.If(guard, body[len(bound) :], rest, place=guard.place))
            if test is None:
                rest = body
            else:
                rest = (ir.If(test, body, rest, place=place(case.pattern)),)
        return [*before, *rest]

    def _pattern(
        self, node: ast.pattern, subject: ir.Expression
    ) -> tuple[ir.Expression | None, tuple[ir.Statement, ...]]:
        """What must hold for a pattern (None: always), and what it binds."""
        here = place(node)
        match node:
            case ast.MatchValue():
                return ir.Binary("==", subject, self.lower(node.value), place=here), ()
            case ast.MatchSingleton():
                return ir.Binary("is", subject, ir.Constant(node.value, place=here), place=here), ()
            case ast.MatchAs():
                inner, bound = self._pattern(node.pattern, subject) if node.pattern else (None, ())
                if node.name:
                    bound = (*bound, ir.Assign((ir.Name(node.name, place=here),), subject, place=here))
                return inner, bound
            case ast.MatchOr():
                parts = [self._pattern(each, subject) for each in node.patterns]
                values = [each.value for each in node.patterns if isinstance(each, ast.MatchValue)]
                bound = tuple(each for _, inner in parts for each in inner)
                if len(values) == len(parts):
                    choices = ir.Sequence(tuple(map(self.lower, values)), "tuple", place=here)
                    return ir.Binary("in", subject, choices, place=here), bound
                return ir.Opaque((subject,), "match", place=here), bound
            case ast.MatchMapping():
                return self._parts(
                    node,
                    subject,
                    [
                        (ir.Item(subject, self.lower(key), place=here), pattern)
                        for key, pattern in zip(node.keys, node.patterns, strict=True)
                    ],
                    node.rest,
                )
            case ast.MatchSequence():
                parted: list[tuple[ir.Expression, ast.pattern]] = [
                    (ir.Item(subject, ir.Constant(index, place=here), place=here), each)
                    for index, each in enumerate(node.patterns)
                ]
                return self._parts(node, subject, parted, None)
            case ast.MatchStar():
                name = (ir.Assign((ir.Name(node.name, place=here),), subject, place=here),) if node.name else ()
                return None, name
            case ast.MatchClass():
                named: list[tuple[ir.Expression, ast.pattern]] = [
                    (ir.Member(subject, name, place=here), each)
                    for name, each in zip(node.kwd_attrs, node.kwd_patterns, strict=True)
                ]
                positional: list[tuple[ir.Expression, ast.pattern]] = [(subject, each) for each in node.patterns]
                return self._parts(node, subject, [*positional, *named], None)
        return ir.Opaque((subject,), "match", place=here), ()

    def _parts(
        self,
        node: ast.pattern,
        subject: ir.Expression,
        parts: list[tuple[ir.Expression, ast.pattern]],
        rest: str | None,
    ) -> tuple[ir.Expression, tuple[ir.Statement, ...]]:
        here = place(node)
        test: ir.Expression = ir.Opaque((subject,), "match", place=here)
        bound: list[ir.Statement] = []
        for expression, pattern in parts:
            inner, names = self._pattern(pattern, expression)
            bound.extend(names)
            if inner is not None:
                test = ir.Choice(test, inner, test, place=here)
        if rest:
            bound.append(ir.Assign((ir.Name(rest, place=here),), subject, place=here))
        return test, tuple(bound)


def _yields(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is a generator: it yields itself, not in a function within."""
    left: list[ast.AST] = list(function.body)
    while left:
        node = left.pop()
        kind = type(node)
        if kind in _YIELDS:
            return True
        if kind not in _WITHOUT:
            for name in node._fields:
                value = getattr(node, name, None)
                if isinstance(value, list):
                    left.extend(each for each in value if isinstance(each, ast.AST))
                elif isinstance(value, ast.AST):
                    left.append(value)
    return False
