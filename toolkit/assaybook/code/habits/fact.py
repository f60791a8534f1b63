"""Facts of code that are no flows: where, what is called, and what a check needs to judge it. Never a verdict, never a secret value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import ir
from ..package import Program, Reading
from ..scopes import Scope
from ..secrets import detect, is_secret_name

LONGEST_LINE = 200
LONGEST_READ = 1000
# The groups of facts: each is a table of its own.
TRANSPORT, CRYPTOGRAPHY, LEFT_BEHIND, ERRORS, TOKENS, OBJECTS = (
    "transport",
    "cryptography",
    "left-behind",
    "errors",
    "tokens",
    "objects",
)
CREDENTIALS, LOGS, SECRETS, EXTERNAL, WEBHOOKS = "credentials", "logs", "secrets", "external", "webhooks"
GROUPS = (TRANSPORT, CRYPTOGRAPHY, LEFT_BEHIND, ERRORS, TOKENS, OBJECTS, CREDENTIALS, LOGS, SECRETS, EXTERNAL, WEBHOOKS)
Detail = str | int | bool | None
_TEXT = re.compile(r"""(?P<quote>["'`])(?P<inner>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""")
_NAMED = re.compile(
    r"""(?P<name>[\w.-]+)["']?\]?\s*(?:=|:)\s*(?:[rbuf]{0,2})(?P<quote>["'`])(?P<inner>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""",
    re.IGNORECASE,
)
_HIDDEN = "***"
_RANDOM = re.compile(r"[A-Za-z0-9+/=_-]{16,}")


@dataclass(frozen=True)
class Fact:
    """One fact. `kind` says what within its group; `certain` that nothing more is needed to believe it; `said` is the sentence part about it.

    `hidden` marks a line whose texts are not shown, as one of them is a key.
    """

    group: str
    kind: str
    callee: str
    place: ir.Place
    scope: Scope
    said: str
    certain: bool = True
    details: Mapping[str, Detail] = field(default_factory=dict)
    hidden: bool = False


def masked(line: str, *, hidden: bool = False) -> str:
    """A line of code as it may be shown: short, and without the values of secrets."""
    line = line.strip()
    if len(line) > LONGEST_READ:
        # A line of a bundle or of data: only its beginning, and not into a text, half of which could be a secret.
        line = line[:LONGEST_READ]
        line = line[: max((line.rfind(each) for each in "\"'` "), default=0)]
    if hidden:
        line = _TEXT.sub(lambda match: f"{match['quote']}{_HIDDEN}{match['quote']}", line)
    else:
        line = _TEXT.sub(_without_random, _NAMED.sub(_without_secret, line))
    for each in reversed(detect(line)):
        line = f"{line[: each.start]}{_HIDDEN}{line[each.end :]}"
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


def _without_secret(match: re.Match[str]) -> str:
    start, end = match.span("inner")
    whole, offset = match[0], match.start()
    if not match["inner"] or not is_secret_name(match["name"].rpartition(".")[2]):
        return whole
    return f"{whole[: start - offset]}{_HIDDEN}{whole[end - offset :]}"


def _without_random(match: re.Match[str]) -> str:
    inner = match["inner"]
    random = (
        bool(_RANDOM.fullmatch(inner))
        and len({each.isdigit() or each.isupper() for each in inner if each.isalnum()}) > 1
    )
    if (random and any(each.isdigit() for each in inner)) or detect(inner, "secret"):
        return f"{match['quote']}{_HIDDEN}{match['quote']}"
    return match[0]


def line_of(module: ir.Module, line: int, reading: Reading, *, hidden: bool = False) -> str:
    """The line of a module as it may be shown; empty where no lines of code are kept."""
    known = reading.code_lines and 0 < line <= len(module.lines)
    return masked(module.lines[line - 1], hidden=hidden) if known else ""


def as_answer(
    facts: Iterable[Fact], program: Program, reading: Reading, workloads: Mapping[int, tuple[str, ...]]
) -> list[dict[str, Any]]:
    """The facts as plain values, in order, each with a key that stays when lines move."""
    counts = Counter[tuple[str, ...]]()
    found = []
    for each in sorted(
        facts,
        key=lambda one: (one.group, one.scope.module.path, one.place.line, one.place.column, one.kind, one.callee),
    ):
        path, function = each.scope.module.path, each.scope.qualified
        same = (each.group, each.kind, path, function if "<" not in function else "", each.callee)
        counts[same] += 1
        found.append(
            {
                "key": "|".join((*same[1:], str(counts[same]))),
                "group": each.group,
                "kind": each.kind,
                "callee": each.callee,
                "said": each.said.replace("()", ""),
                "certain": each.certain,
                "file": path,
                "where": program.package.where(path, each.place.line),
                "line": each.place.line,
                "function": function,
                "code": line_of(each.scope.module, each.place.line, reading, hidden=each.hidden),
                "workloads": list(workloads.get(id(each.scope), ())),
                "details": dict(sorted(each.details.items())),
            }
        )
    return found
