"""Calls of other parties over HTTP: to which host, with which timeout, and what is done with the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..naming import View
from ..scopes import Scope, within
from .fact import EXTERNAL, Fact
from .hosts import is_local
from .requests import Request, requests, timeout_known

# Source: the documentation of each library: it parses a value against a schema.
_SCHEMAS = ("pydantic", "jsonschema", "marshmallow", "cerberus", "voluptuous", "fastjsonschema",
     "aws_lambda_powertools.utilities.parser", "aws_lambda_powertools.utilities.validation", "msgspec", "attrs", "cattrs",
            "zod", "joi", "@hapi/joi", "ajv", "yup", "io-ts", "superstruct", "valibot", "class-validator",
            "@sinclair/typebox", "runtypes", "@aws-lambda-powertools/parser", "@middy/validator", "arktype")  # fmt: skip
_RETRIES = (
    "tenacity",
    "backoff",
    "retrying",
    "urllib3.util.retry",
    "urllib3.util.Retry",
    "requests.adapters",
    "axios-retry",
    "p-retry",
    "async-retry",
    "retry",
    "got",
    "opossum",
    "pybreaker",
    "circuitbreaker",
    "cockatiel",
    "stamina",
)
_PARTS = frozenset({"json", "text", "content", "data", "body", "read", "arrayBuffer", "raw"})
_DANGEROUS = re.compile(
    r"^(?:eval|exec|pickle\.loads?|marshal\.loads|yaml\.load|yaml\.unsafe_load|vm\.runIn\w+|node-serialize\.unserialize|Function|jsonpickle\.decode)$"
)


def external(view: View) -> Iterator[Fact]:
    """One fact for each call over HTTP that leaves the function's own surroundings."""
    schemas, retries = view.imports(*_SCHEMAS), view.imports(*_RETRIES)
    found = list(requests(view))
    for each in found:
        if each.host and is_local(each.host):
            continue
        where = f"of {each.host}" if each.host else "of an address that is decided at run time"
        used = _used(view, each)
        details = {
            "host": each.host,
            "scheme": each.scheme,
            "library": each.library.name,
            "timeout": timeout_known(view, each),
            "by_default": each.library.bounded,
            "retries": retries,
            "schema": schemas,
            "used": used,
            "dangerous": _dangerous(view, each),
        }
        yield Fact(
            EXTERNAL,
            "call",
            each.callee,
            each.call.place,
            each.scope,
            f"the call {where} with {each.callee.replace('()', '')}",
            True,
            details,
        )


def _results(view: View, request: Request) -> Iterator[tuple[ir.Expression, Scope]]:
    """The expressions that stand for the answer of a call, in its function and those within it."""
    for scope in request.scope.nest():
        for node in scope.nodes:
            if isinstance(node, ir.Member | ir.Item | ir.Name) and _is(view, node, scope, request):
                yield node, scope


def _is(view: View, node: ir.Member | ir.Item | ir.Name, scope: Scope, request: Request) -> bool:
    of: ir.Expression = node
    for _ in range(8):
        if of is request.call:
            return True
        if isinstance(of, ir.Member | ir.Item):
            of = of.of
        elif isinstance(of, ir.Call):
            of = of.function
        elif isinstance(of, ir.Unary) and of.operator in ("await", "yield"):
            of = of.operand
        elif isinstance(of, ir.Name):
            found, scope = view.once(of, scope, 1)
            if found is of:
                return False
            of = found
        else:
            return False
    return False


def _used(view: View, request: Request) -> bool:
    for node, _ in _results(view, request):
        if isinstance(node, ir.Member) and node.name in _PARTS:
            return True
        if isinstance(node, ir.Item) and isinstance(node.key, ir.Constant) and node.key.value in _PARTS:
            return True
    # `.then(({data}) => ...)`: what is done with it stands in a function of its own.
    return any(isinstance(each, ir.Member) and each.name == "then" for each in request.scope.around(request.call))


def _dangerous(view: View, request: Request) -> str:
    """A call that runs or rebuilds the answer as it is; empty if there is none."""
    for scope in request.scope.nest():
        for call in scope.calls():
            name = view.named(call.function, scope)
            if _DANGEROUS.match(name) and any(
                isinstance(each, ir.Member | ir.Item | ir.Name) and _is(view, each, scope, request)
                for argument in call.arguments
                for each in within(argument.value)
            ):
                return name
    return ""
