"""What of an error reaches the caller: stack traces, messages, the environment; and switches that make a framework show them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..arguments import options
from ..naming import View
from ..scopes import Caught, Scope, children, within
from .answers import answering
from .fact import ERRORS, Fact

STACK, MESSAGE, ENVIRONMENT = "stack", "message", "environment"
_RANK = {STACK: 3, ENVIRONMENT: 2, MESSAGE: 1, "": 0}
_TRACES = frozenset(
    f"traceback.{each}" for each in ("format_exc", "format_exception", "format_tb", "format_stack", "format_list")
)
_TELLING = frozenset(
    {
        "message",
        "msg",
        "args",
        "detail",
        "details",
        "reason",
        "strerror",
        "toString",
        "errors",
        "sqlMessage",
        "response",
        "description",
        "cause",
        "data",
        "to_dict",
    }
)
_QUIET = frozenset({"isinstance", "type", "len", "hasattr", "getattr", "bool", "callable", "issubclass"})
# Errors that are made to be told: of the caller's own input.
_TOLD = re.compile(
    r"valid|badrequest|bad_request|notfound|not_found|http|schema|apierror|userinput|clienterror4", re.IGNORECASE
)
_DEBUG = frozenset({"DEBUG", "PROPAGATE_EXCEPTIONS", "TRAP_HTTP_EXCEPTIONS"})


def errors(view: View) -> Iterator[Fact]:
    """Every fact about errors that callers see."""
    for scope in view.scopes:
        seen: set[int] = set()
        for value, sent in answering(view, scope):
            kind = told(view, value, scope)
            if kind and id(sent) not in seen:
                # An answer within an answer is told once.
                seen |= {id(sent), *(id(each) for each in within(value))}
                yield from _fact(kind, sent, value, scope, view)
        yield from _switches(view, scope)


def _fact(kind: str, sent: ir.Expression, value: ir.Expression, scope: Scope, view: View) -> Iterator[Fact]:
    where = f"{scope.shown} "
    said = {
        STACK: f"{where}answers its caller with the stack trace of an error",
        MESSAGE: f"{where}answers its caller with the text of an error",
        ENVIRONMENT: f"{where}answers its caller with its whole environment",
    }[kind]
    place = value.place if value.place.line else sent.place
    types = sorted({ir.dotted(each) for one in scope.handlers for each in one.types} - {""})
    if kind == MESSAGE and types and all(_TOLD.search(each) for each in types):
        return
    yield Fact(ERRORS, kind, _name(view, sent, scope), place, scope, said, kind != MESSAGE)


def _name(view: View, sent: ir.Expression, scope: Scope) -> str:
    return view.named(sent.function, scope) if isinstance(sent, ir.Call) else "answer"


def told(view: View, expression: object, scope: Scope, depth: int = 24, seen: set[int] | None = None) -> str:
    """What of an error a value holds: its stack, its message, or nothing (empty)."""
    seen = set() if seen is None else seen
    if depth == 0 or id(expression) in seen:
        return ""
    seen.add(id(expression))
    deeper = depth - 1
    if isinstance(expression, ir.Closure):
        return ""
    if isinstance(expression, ir.Name):
        bound = view.bound(expression.id, scope)
        if bound is None:
            return ""
        where, values = bound
        if any(isinstance(each, Caught) for each in values):
            return MESSAGE
        return _worst(told(view, each, where, deeper, seen) for each in values if isinstance(each, ir.Expression))
    if isinstance(expression, ir.Member):
        name = view.named(expression, scope)
        if name == "process.env" or name == "os.environ":
            return ENVIRONMENT
        if told(view, expression.of, scope, deeper, seen) and _is_error(view, expression.of, scope):
            return (
                STACK
                if expression.name in ("stack", "stackTrace", "__traceback__")
                else MESSAGE
                if expression.name in _TELLING
                else ""
            )
        return "" if name.startswith(("process.env.", "os.environ")) else told(view, expression.of, scope, deeper, seen)
    if isinstance(expression, ir.Item):
        name = view.named(expression.of, scope)
        return "" if name in ("process.env", "os.environ") else told(view, expression.of, scope, deeper, seen)
    if isinstance(expression, ir.Call):
        return _of_call(view, expression, scope, deeper, seen)
    if isinstance(expression, ir.Choice):
        return _worst(told(view, each, scope, deeper, seen) for each in (expression.yes, expression.no))
    if isinstance(expression, ir.Binary) and expression.operator in (
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "in",
        "not in",
        "is",
        "is not",
        "===",
        "!==",
        "instanceof",
    ):
        return ""
    if isinstance(expression, ir.Expression | ir.Argument | ir.Entry):
        return _worst(told(view, each, scope, deeper, seen) for each in children(expression))
    return ""


def _of_call(view: View, call: ir.Call, scope: Scope, depth: int, seen: set[int]) -> str:
    name = view.named(call.function, scope)
    if name in _TRACES:
        return STACK
    if name in _QUIET or name.startswith(("os.environ", "os.getenv")):
        return ""
    called = view.called(call, scope)
    if called is not None and not any(_gives_back(each) for each in called.returned()):
        return ""
    parts = [told(view, each.value, scope, depth, seen) for each in call.arguments]
    if isinstance(call.function, ir.Member):
        parts.append(
            told(view, call.function, scope, depth, seen) or told(view, call.function.of, scope, depth, seen)
            if call.function.name not in ("get", "log", "error", "info")
            else ""
        )
    return _worst(iter(parts))


def _gives_back(value: ir.Expression) -> bool:
    return not isinstance(value, ir.Constant)


def _is_error(view: View, expression: ir.Expression, scope: Scope) -> bool:
    if not isinstance(expression, ir.Name):
        return False
    bound = view.bound(expression.id, scope)
    return bound is not None and any(isinstance(each, Caught) for each in bound[1])


def _worst(kinds: Iterator[str]) -> str:
    return max(kinds, key=lambda each: _RANK[each], default="")


def _switches(view: View, scope: Scope) -> Iterator[Fact]:
    for node in scope.nodes:
        if isinstance(node, ir.Call):
            given = options(view, node, scope)
            last = view.named(node.function, scope).rpartition(".")[2]
            if (
                last in ("run", "Flask", "FastAPI", "Chalice", "Starlette", "create_app")
                and "debug" in given
                and view.value(*given["debug"]) is True
            ):
                yield _debug(node, scope, f"{ir.dotted(node.function) or last} is called with debug=True")
        elif isinstance(node, ir.Assign) and node.value is not None and view.value(node.value, scope) is True:
            for target in node.targets:
                if (
                    isinstance(target, ir.Member)
                    and target.name == "debug"
                    and ir.dotted(target.of) in ("app", "application", "api")
                ):
                    yield _debug(node, scope, f"{ir.dotted(target)} is set to True")
                elif isinstance(target, ir.Item) and ir.dotted(target.of).endswith("config"):
                    key = view.value(target.key, scope) if target.key else ""
                    if key in _DEBUG:
                        yield _debug(node, scope, f"{ir.dotted(target.of)}[{key}] is set to True")


def _debug(node: ir.Expression | ir.Statement, scope: Scope, said: str) -> Fact:
    # What runs only when the file is started by hand does not run in a function.
    by_hand = any(
        isinstance(each, ir.If) and "__name__" in {one.id for one in within(each.test) if isinstance(one, ir.Name)}
        for each in scope.around(node)
    )
    return Fact(ERRORS, "debug", "debug", node.place, scope, said, not by_hand)
