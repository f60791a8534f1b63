"""Facts of code that are no flows, one module for each subject: the answer of `code:Habits`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..naming import View
from ..package import Program, Reading
from .browsers import in_browsers
from .cloud_calls import cloud_calls
from .credentials import credentials
from .cryptography import cryptography
from .errors import errors
from .external import external
from .fact import GROUPS, Fact, as_answer
from .left_behind import left_behind
from .logs import logs
from .objects import objects
from .passing import passing
from .reach import Started, reached, started
from .secrets_use import manager_reads, secrets_use
from .tokens import tokens
from .transport import transport
from .webhooks import webhooks

# Written in scripts that set things up and run in no function.
_NO_FUNCTION = (".sh", ".bash", ".bat", ".cmd")


def habits(program: Program, reading: Reading) -> Mapping[str, Any]:
    """The facts of a package, in a defined order: no verdict, no secret value.

    `facts` have group, kind, callee, said (a part of a sentence), certain, file, line, function, code, workloads (those that may run it; handlers where no
    workload is known), details and a key that stays when lines move. `unread` are the files that were not read, with the reason.
    """
    view = View(program, frozenset({*program.tests, *in_browsers(program)}))
    starts = started(view)
    marks = reached(view, starts)
    facts = [*_plain(view), *objects(view, starts), *logs(view, starts, marks), *webhooks(view, starts)]
    calls = cloud_calls(view)
    return {
        "read": len(view.tops),
        "unread": [
            {"file": each.path, "line": each.line, "why": each.why}
            for each in sorted((*program.unparsed, *program.notes), key=lambda one: (one.path, one.line, one.why))
            if not each.path.endswith(_NO_FUNCTION)
        ],
        "entries": [*map(_entry, starts), *_not_found(program, starts)],
        "facts": as_answer(facts, program, reading, marks),
        "calls": calls["calls"],
        "calls_open": calls["open"],
        "manager_reads": manager_reads(view),
    }


def _plain(view: View) -> Iterator[Fact]:
    for each in (transport, cryptography, left_behind, errors, tokens, credentials, passing, secrets_use, external):
        yield from each(view)


def _not_found(program: Program, starts: tuple[Started, ...]) -> Iterator[Mapping[str, Any]]:
    """The configured entries that lead to no function of the package: the workload belongs to it all the same."""
    found = {start.entry for start in starts}
    for each in program.package.entries:
        if each not in found:
            yield {"workload": each.workload, "handler": each.handler, "file": "", "line": 0, "guessed": each.guessed}


def _entry(start: Started) -> Mapping[str, Any]:
    scope = start.scope
    return {
        "workload": start.entry.workload,
        "handler": start.entry.handler,
        "file": scope.module.path,
        "line": scope.function.place.line if scope.function else 0,
        "guessed": start.entry.guessed,
    }


__all__ = ["GROUPS", "habits"]
