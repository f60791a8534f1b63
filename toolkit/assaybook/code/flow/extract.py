"""The answer of `code:Flows`: what flows from the ways into a program to where it does harm, as facts."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from .. import ir
from ..knowledge.registry import KNOWLEDGE
from ..knowledge.terms import EVENT, LOG, REQUEST, SECRET
from ..package import Program, Reading
from ..secrets import detect
from .answers import judge_answer
from .expressions import written
from .interpreter import Interpreter
from .objects import Arguments, FunctionRef, Site
from .start import Start
from .taint import Taint
from .values import Value, doubtful
from .ways import starts

_INJECTS = "logger/middleware.injectLambdaContext"
_WHOLE_REQUEST = Value(taints=(Taint(EVENT, "event", "the event"),))
MOST_SHOWN = 12
LONGEST_LINE = 200
# Each expression within another takes some frames of the interpreter that runs this.
_DEEPEST = 6_000
_HTTP = frozenset(
    [
        "body",
        "queryStringParameters",
        "pathParameters",
        "multiValueQueryStringParameters",
        "httpMethod",
        "rawPath",
        "rawQueryString",
        "headers",
        "isBase64Encoded",
        "resource",
        "path",
    ]
)
_OTHERS = frozenset(["Records", "detail", "userAttributes", "arguments"])


@dataclass(frozen=True)
class _Found:
    """A flow as it was found from one way in."""

    kind: str
    taint: Taint
    site: Site
    callee: str
    said: str
    start: Start


def flows(program: Program, reading: Reading) -> Mapping[str, Any]:
    """The flows of a program, its ways in, and the limits that cut. Plain JSON in a defined order; no line of code with a secret in clear."""
    machine = Interpreter(program, KNOWLEDGE)
    found: list[_Found] = []
    entries: list[dict[str, Any]] = []
    with _deep():
        for start in starts(machine, program):
            found.extend(_run(machine, start))
            entries.append(_entry(machine, start))
    shown = _Lines(program, reading.code_lines)
    return {
        "flows": _merged(found, shown, program),
        "entries": sorted(entries, key=lambda each: (each["workload"], each["handler"], each["file"], each["line"])),
        "limits": {name: machine.limits[name] for name in sorted(machine.limits)},
        "functions": len(machine.functions),
    }


@contextmanager
def _deep() -> Iterator[None]:
    """Room for programs that nest deeply; what nests deeper still is counted as a limit."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _run(machine: Interpreter, start: Start) -> list[_Found]:
    reference = start.reference
    if reference is None:
        return []
    machine.start(reference.scope.language)
    arguments = start.arguments
    for each in start.before:
        _check_before(machine, each, arguments)
    libraries = (*start.validates, *sorted({library for library, _, _ in machine.validated}))
    for library in start.validates:
        machine.note_validated(library, _site_of(reference), _WHOLE_REQUEST)
    why = f"it is validated by {libraries[0]}; whether the schema rules this out has to be read" if libraries else ""
    if start.validates:
        arguments = _doubted(arguments, why)
    frame = machine.enter(reference, arguments)
    _log_of_decorators(machine, reference, arguments)
    _log_of_middleware(machine, reference, arguments)
    try:
        machine.run(reference.function.body, frame)
        for value, facts, place in frame.returned:
            judge_answer(machine, value, facts, place, frame, start.html)
    except RecursionError:
        machine.note_limit("nesting")
    machine.functions.add(reference.uid)
    return [
        _Found(kind, _behind(taint, kind, why), site, callee, said, start)
        for kind, taint, site, callee, said in machine.found
    ]


def _check_before(machine: Interpreter, reference: FunctionRef, arguments: Arguments) -> None:
    """Runs what a framework runs before a handler, for what it validates; what flows in it is its own way in."""
    try:
        machine.run(reference.function.body, machine.enter(reference, arguments))
    except RecursionError:
        machine.note_limit("nesting")
    machine.found = []


def _behind(taint: Taint, kind: str, why: str) -> Taint:
    """Data of a request behind middleware that checks requests. A schema keeps nothing out of a log."""
    if not why or taint.why or kind in (LOG, SECRET) or taint.kind not in (EVENT, REQUEST):
        return taint
    return replace(taint, why=why)


def _log_of_middleware(machine: Interpreter, reference: FunctionRef, arguments: Arguments) -> None:
    """Powertools for TypeScript logs the event as it is, if it is told to: `middy(handler).use(injectLambdaContext(logger, { logEvent: true }))`."""
    event = arguments.at(0)
    if not event or not any(each.endswith(_INJECTS) for each in reference.decorators):
        return
    for number, line in enumerate(reference.scope.module.lines, 1):
        if "injectLambdaContext(" in line and re.search(r"\blogEvent\s*:\s*true\b", line):
            site = Site(reference.scope.path, number, 0, reference.function.qualified, "injectLambdaContext")
            for taint in event.taints:
                machine.note_flow(LOG, taint, site, f"@aws-lambda-powertools/{_INJECTS}", "writes it to the log")


def _log_of_decorators(machine: Interpreter, reference: FunctionRef, arguments: Arguments) -> None:
    """Powertools logs the event as it is, if it is told to: `@logger.inject_lambda_context(log_event=True)`."""
    for node in reference.function.decorators:
        if not isinstance(node, ir.Call) or not written(node.function).endswith("inject_lambda_context"):
            continue
        on = any(
            each.name == "log_event" and isinstance(each.value, ir.Constant) and each.value.value is True
            for each in node.arguments
        )
        event = arguments.at(0)
        if on and event is not None:
            site = Site(
                reference.scope.path,
                node.place.line,
                node.place.column,
                reference.function.qualified,
                written(node.function),
            )
            for taint in event.taints:
                machine.note_flow(
                    LOG, taint, site, "aws_lambda_powertools.Logger.inject_lambda_context", "writes it to the log"
                )


def _doubted(arguments: Arguments, why: str) -> Arguments:
    return Arguments(
        tuple(doubtful(each, why) for each in arguments.positional),
        {name: doubtful(each, why) for name, each in arguments.keywords.items()},
    )


def _site_of(reference: FunctionRef) -> Site:
    function = reference.function
    return Site(reference.scope.path, function.place.line, function.place.column, function.qualified, function.name)


def _entry(machine: Interpreter, start: Start) -> dict[str, Any]:
    reference = start.reference
    reads = sorted({path for _, path in machine.reads}) if reference is not None else []
    asked = [each for each in reads if not machine.lookup.is_clean_path(each)]
    validated = machine.validated if reference is not None else {}
    return {
        "workload": start.entry.workload,
        "handler": start.entry.handler,
        "file": machine.program.package.where(reference.scope.path if reference else start.path)
        if reference or start.path
        else "",
        "line": reference.function.place.line if reference else 0,
        "function": reference.function.qualified if reference else "",
        "found": reference is not None,
        "why": start.why,
        "guessed": start.entry.guessed,
        "http": start.http if start.http is not None else _is_http(reads),
        "reads": asked[:60],
        "validated": [
            {"library": library, "file": machine.program.package.where(file), "line": line, "whole": whole}
            for (library, file, line), whole in sorted(validated.items())
        ],
        "unquoted_key": _unquotes(machine, reads) if reference is not None else None,
    }


def _is_http(reads: list[str]) -> bool | None:
    """Whether what is read of the event is what an HTTP request has; None if nothing tells."""
    parts = {
        each.split(".")[1].removesuffix("[]") for each in reads if each.count(".") >= 1 and each.startswith("event.")
    }
    if parts & _OTHERS:
        return False
    return True if parts & _HTTP else None


def _unquotes(machine: Interpreter, reads: list[str]) -> bool | None:
    if not any(each.endswith(".s3.object.key") for each in reads):
        return None
    return machine.unquoted


class _Lines:
    """Single lines of code as they are shown: masked and shortened."""

    def __init__(self, program: Program, shown: bool) -> None:
        self.program = program
        self.shown = shown

    def of(self, path: str, line: int) -> str:
        module = self.program.modules.get(path)
        if not self.shown or module is None or not 0 < line <= len(module.lines):
            return ""
        return masked(module.lines[line - 1].strip())


def masked(line: str) -> str:
    """A line with its secrets masked, at most so long."""
    line = line[:2_000]
    for each in reversed(detect(line)):
        line = f"{line[: each.start]}***{line[each.end :]}"
    line = "".join(each if each.isprintable() else " " for each in line)
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


def _merged(found: list[_Found], shown: _Lines, program: Program) -> list[dict[str, Any]]:
    """One flow for each kind, sink and kind of source, over all ways in: the surest and shortest is shown."""
    groups: dict[tuple[str, str, int, int, str], list[_Found]] = {}
    for each in found:
        key = (each.kind, each.site.file, each.site.line, each.site.column, _source_kind(each.taint))
        groups.setdefault(key, []).append(each)
    ordinals: dict[tuple[str, str, str, str, str], int] = {}
    result = []
    for key in sorted(groups):
        best = min(groups[key], key=_rank)
        place = (best.kind, best.site.file, best.site.function, best.site.callee, key[4])
        ordinals[place] = ordinals.get(place, 0) + 1
        result.append(_flow(best, groups[key], ordinals[place], shown, program))
    return sorted(result, key=lambda each: (each["sink"]["file"], each["sink"]["line"], each["kind"], each["key"]))


def _source_kind(taint: Taint) -> str:
    return "request" if taint.kind in (EVENT, "request") else taint.kind


def _rank(each: _Found) -> tuple[Any, ...]:
    start = each.start
    return (
        bool(each.taint.why),
        start.entry.guessed,
        each.taint.length,
        start.entry.workload,
        start.entry.handler,
        each.taint.path,
        each.said,
    )


def _flow(best: _Found, group: list[_Found], ordinal: int, shown: _Lines, program: Program) -> dict[str, Any]:
    taint, site, start = best.taint, best.site, best.start
    where = program.package.where
    source_kind = _source_kind(taint)
    reference = start.reference
    assert reference is not None
    return {
        "key": "|".join((best.kind, site.file, site.function, site.callee, source_kind, str(ordinal))),
        "kind": best.kind,
        "certain": not taint.why,
        "why": taint.why,
        "source": {"kind": taint.kind, "said": _said(taint), "path": taint.path, "resource": taint.resource},
        "sink": {
            "callee": best.callee.lstrip("?."),
            "said": best.said,
            "file": where(site.file),
            "line": site.line,
            "function": site.function,
            "text": shown.of(site.file, site.line),
        },
        "entry": {
            "workload": start.entry.workload,
            "handler": start.entry.handler,
            "file": where(reference.scope.path),
            "line": reference.function.place.line,
            "guessed": start.entry.guessed,
        },
        "entries": sorted({each.start.entry.handler for each in group}),
        "workloads": sorted({each.start.entry.workload for each in group if each.start.entry.workload}),
        "sanitised": "",
        "steps": _steps(taint, shown, program),
    }


def _said(taint: Taint) -> str:
    if taint.kind == SECRET:
        return taint.said
    return f"`{taint.path}`" if taint.path.startswith(("event", "request")) else taint.said


def _steps(taint: Taint, shown: _Lines, program: Program) -> list[dict[str, Any]]:
    steps = taint.trail.steps() if taint.trail is not None else []
    cut = taint.trail.cut if taint.trail is not None else 0
    if len(steps) > MOST_SHOWN:
        cut += len(steps) - MOST_SHOWN
        steps = [*steps[: MOST_SHOWN // 2], *steps[-MOST_SHOWN // 2 :]]
    result = [
        {
            "file": program.package.where(each.file),
            "line": each.line,
            "function": each.function,
            "said": each.said,
            "code": shown.of(each.file, each.line),
        }
        for each in steps
    ]
    if cut and len(result) > MOST_SHOWN // 2:
        result[MOST_SHOWN // 2]["said"] = f"{result[MOST_SHOWN // 2]['said']} (after {cut} steps that are not shown)"
    return result
