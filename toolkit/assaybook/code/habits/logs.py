"""With what a handler logs: a structured logger with an id that ties lines together, or printed lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from .. import ir
from ..naming import View
from ..scopes import Scope
from .fact import LOGS, Fact
from .passing import logs_something
from .reach import Started

# Libraries that write JSON. Sources: Powertools for AWS Lambda, "Logger"; the documentation of structlog, python-json-logger, pino, bunyan and winston.
_STRUCTURED = (
    "aws_lambda_powertools",
    "aws-lambda-powertools",
    "@aws-lambda-powertools/logger",
    "structlog",
    "pythonjsonlogger",
    "python_json_logger",
    "pino",
    "bunyan",
    "lambda-log",
    "json_logging",
    "loguru",
    "google.cloud.logging",
    "@google-cloud/logging",
    "opencensus",
    "azure.monitor.opentelemetry",
    "applicationinsights",
    "roarr",
    "tslog",
    "@dazn/lambda-powertools-logger",
)
_TYING = re.compile(
    r"^(?:inject_?lambda_?context|append_?keys|append_?persistent_?keys|add_?context|correlation_?id.*|x-correlation-id|x-request-id|request_?id|aws_?request_?id|trace_?id|x-amzn-trace-id|set_correlation_id|invocation_?id)$",
    re.IGNORECASE,
)


def logs(view: View, starts: tuple[Started, ...], reached: Mapping[int, tuple[str, ...]]) -> Iterator[Fact]:
    """One fact for each handler that logs anything, and one for each logger that is left at the level of debugging."""
    seen: set[int] = set()
    # Handlers share most of what they reach: each scope is looked at once.
    reaching: dict[str, list[Scope]] = {}
    for each in view.scopes:
        for mark in reached.get(id(each), ()):
            reaching.setdefault(mark, []).append(each)
    lines: dict[int, int] = {}
    ties: dict[int, bool] = {}
    libraries: dict[int, str] = {}
    made: dict[int, str] = {}
    for start in starts:
        if id(start.scope) in seen:
            continue
        seen.add(id(start.scope))
        mark = start.entry.workload or start.entry.handler
        scopes = reaching.get(mark, [])
        for each in scopes:
            if id(each) not in lines:
                lines[id(each)] = sum(_plain(view, call, each) for call in each.calls())
                ties[id(each)] = any(_ties(node) for node in each.nodes)
        plain = sum(lines[id(each)] for each in scopes)
        structured = _first(scopes, libraries, lambda one: _library([one])) or _first(
            scopes, made, lambda one: _made_json(view, [one])
        )
        tied = any(ties[id(each)] for each in scopes)
        if not plain and not structured:
            continue
        name = start.scope.shown if start.scope.function else start.entry.handler.rpartition(":")[2]
        how = f"logs with {structured}" if structured else f"logs by {plain} plain {'line' if plain == 1 else 'lines'}"
        given = (
            not tied
            and structured in ("", "JSON of its own")
            and start.scope.module.language != ir.PYTHON
            and start.entry.provider == "aws"
        )
        tied = tied or given
        # Source: AWS Lambda Developer Guide, "Log and monitor Node.js Lambda functions".
        ends = (
            "to which the runtime of Lambda adds the id of the request"
            if given
            else f"{'with' if tied else 'without'} an id of the request"
        )
        said = f"{name} {how}, {ends}"
        place = start.scope.function.place if start.scope.function else ir.NOWHERE
        yield Fact(
            LOGS,
            "logger",
            structured or "print",
            place,
            start.scope,
            said,
            True,
            {"structured": bool(structured), "tied": tied, "lines": plain},
        )


def _plain(view: View, call: ir.Call, scope: Scope) -> bool:
    return logs_something(view.named(call.function, scope), call)


def _first(scopes: list[Scope], known: dict[int, str], ask: Callable[[Scope], str]) -> str:
    """The first answer that any of the scopes gives, each being asked once."""
    for each in scopes:
        if id(each) not in known:
            known[id(each)] = ask(each)
        if known[id(each)]:
            return known[id(each)]
    return ""


def _library(scopes: list[Scope]) -> str:
    for top in {id(scope.top): scope.top for scope in scopes}.values():
        for name in top.imports.values():
            for each in _STRUCTURED:
                if name == each or name.startswith((f"{each}.", f"{each}/")):
                    if each in ("aws_lambda_powertools", "aws-lambda-powertools") and "ogg" not in name:
                        continue
                    return name
            if name.startswith("winston"):
                return name
    return ""


def _made_json(view: View, scopes: list[Scope]) -> str:
    """Lines that are written as JSON by hand or by a formatter of the standard library's logger."""
    for scope in scopes:
        for call in scope.calls():
            name = view.named(call.function, scope)
            if name.endswith(("JsonFormatter", "JSONFormatter")):
                return name
            if name in ("print", "console.log") and len(call.arguments) == 1:
                value = call.arguments[0].value
                inner = (
                    value.arguments[0].value
                    if isinstance(value, ir.Call)
                    and value.arguments
                    and view.named(value.function, scope) in ("json.dumps", "JSON.stringify")
                    else None
                )
                if isinstance(inner, ir.Record) and len(inner.entries) > 1:
                    return "JSON of its own"
    return ""


def _ties(node: object) -> bool:
    if isinstance(node, ir.Member):
        return bool(_TYING.match(node.name))
    if isinstance(node, ir.Name):
        return bool(_TYING.match(node.id))
    return isinstance(node, ir.Constant) and isinstance(node.value, str) and bool(_TYING.match(node.value))
