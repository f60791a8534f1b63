"""What a function answers over HTTP, as far as its text shows: records with a status and a body, and the answering calls of frameworks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..naming import View
from ..scopes import Scope, key_of

_CALLS = frozenset(
    {
        "jsonify",
        "make_response",
        "HttpResponse",
        "Response",
        "JSONResponse",
        "PlainTextResponse",
        "HTMLResponse",
        "HTTPException",
        "JsonResponse",
    }
)
_METHODS = frozenset({"send", "json", "end", "write", "text", "html", "jsonp", "status_json"})
_ROOTS = frozenset({"res", "response", "reply", "resp", "ctx", "c", "context"})
_ROUTES = frozenset(
    {
        "route",
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "head",
        "options",
        "all",
        "use",
        "api_route",
        "exception_handler",
        "errorhandler",
    }
)
_HELPERS = re.compile(
    r"respon|reply|failure|error_?result|http_?error|internal_?(?:server_?)?error|bad_?request|to_?http", re.IGNORECASE
)


def root(expression: ir.Expression) -> str:
    """The name that a chain of members and calls begins with."""
    while not isinstance(expression, ir.Name):
        if isinstance(expression, ir.Member | ir.Item):
            expression = expression.of
        elif isinstance(expression, ir.Call):
            expression = expression.function
        else:
            return ""
    return expression.id


def is_answer(record: ir.Record) -> bool:
    """Whether a record is an answer: a body beside a status or headers."""
    keys = {key_of(entry.key) for entry in record.entries if entry.key is not None}
    return "statusCode" in keys or ("body" in keys and bool(keys & {"status", "headers", "isBase64Encoded"}))


def answered(record: ir.Record) -> Iterator[ir.Expression]:
    """The parts of an answer that reach the caller."""
    for entry in record.entries:
        if entry.key is None or key_of(entry.key) not in ("statusCode", "status", "isBase64Encoded"):
            yield entry.value


def is_route(scope: Scope) -> bool:
    """Whether a function is registered as one that answers a path (`@app.route("/x")`, `app.get("/x", handler)`)."""
    function = scope.function
    if function is None:
        return False
    for each in function.decorators:
        made = each.function if isinstance(each, ir.Call) else each
        if isinstance(made, ir.Member) and made.name in _ROUTES:
            return True
    return False


def answering(view: View, scope: Scope) -> Iterator[tuple[ir.Expression, ir.Expression]]:
    """Each value that reaches a caller over HTTP, with the part of the program that sends it."""
    for node in scope.nodes:
        if isinstance(node, ir.Record) and is_answer(node):
            yield from ((each, node) for each in answered(node))
        elif isinstance(node, ir.Call) and _sends(view, node, scope):
            yield from ((each.value, node) for each in node.arguments)
        elif isinstance(node, ir.Return) and node.value is not None and is_route(scope):
            yield node.value, node.value
        elif isinstance(node, ir.Assign) and node.value is not None:
            for target in node.targets:
                if ir.dotted(target) in ("ctx.body", "context.res", "context.res.body", "response.body", "res.body"):
                    yield node.value, node.value


def _sends(view: View, call: ir.Call, scope: Scope) -> bool:
    function = call.function
    last = function.name if isinstance(function, ir.Member) else function.id if isinstance(function, ir.Name) else ""
    if last in _CALLS:
        return True
    if isinstance(function, ir.Member) and last in _METHODS and root(function) in _ROOTS:
        return True
    called = view.called(call, scope)
    if called is not None:
        return makes_answer(called)
    returned = any(isinstance(each, ir.Return) for each in scope.around(call))
    return (
        returned and bool(_HELPERS.search(last)) and not any(isinstance(each, ir.Raise) for each in scope.around(call))
    )


def makes_answer(scope: Scope) -> bool:
    """Whether a function makes an answer out of what it is given."""
    if scope.function is None or scope.function.name in ("lambda_handler", "handler"):
        return False
    return any(isinstance(each, ir.Record) and is_answer(each) for each in scope.nodes)
