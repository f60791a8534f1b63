"""Facts of code that are no flows, to rows: one for each fact, one that says so where all was read and there is none, a hole for what was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...tables.code import (
    CodedUse,
    CodeFact,
    CryptographicUse,
    ErrorAnswer,
    ExternalCall,
    Leftover,
    LoggerUse,
    ObjectAccess,
    PassedCredential,
    SecretRead,
    StaticKey,
    TokenCheck,
    UnprotectedCall,
    Webhook,
)
from ...tables.compute import Workload
from ..records import Record, flag, hole, items, part, shaped, text
from .packages import HABITS, Workloads, package_name, package_subject, starts, uncovered, unread


@dataclass(frozen=True)
class Group:
    """A table of facts: the group that they have in the answer, the kinds of it (all, if empty), and the details that are fields."""

    table: type[CodeFact]
    name: str
    kinds: tuple[str, ...] = ()
    details: Mapping[str, Callable[[object], Any]] = field(default_factory=dict)

    def takes(self, fact: Record) -> bool:
        """Whether a fact belongs here."""
        return fact.get("group") == self.name and (not self.kinds or fact.get("kind") in self.kinds)


def _number(value: object) -> object:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"{value!r} is no number")


def _switch(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    raise TypeError(f"{value!r} is no switch")


def _words(value: object) -> object:
    return "" if value is None else str(value)


GROUPS = (
    Group(UnprotectedCall, "transport"),
    Group(CryptographicUse, "cryptography"),
    Group(Leftover, "left-behind"),
    Group(ErrorAnswer, "errors"),
    Group(TokenCheck, "tokens"),
    Group(ObjectAccess, "objects"),
    Group(StaticKey, "credentials", ("static-key", "key-from-environment")),
    Group(PassedCredential, "credentials", ("logged", "answered", "presigned"), {"seconds": _number}),
    Group(LoggerUse, "logs", (), {"structured": _switch, "tied": _switch, "lines": _number}),
    Group(SecretRead, "secrets", (), {"variable": _words, "reads": _number}),
    Group(
        ExternalCall,
        "external",
        (),
        {
            "host": _words,
            "timeout": _switch,
            "by_default": _switch,
            "retries": _switch,
            "schema": _switch,
            "used": _switch,
            "dangerous": _words,
        },
    ),
    Group(Webhook, "webhooks", (), {"fresh": _switch}),
)
TABLES: tuple[type[Row], ...] = (*(each.table for each in GROUPS), CodedUse)


def shape_habits(captures: Captures, ground: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """Every row and hole about facts of code."""
    ground = tuple(ground)
    workloads = Workloads.of(ground)
    for gap, subject in uncovered(captures, HABITS, ground):
        yield from (hole(table, gap, subject) for table in TABLES)
    for capture in captures.of(HABITS):
        yield from _package(capture, workloads)


def _package(capture: Capture, workloads: Workloads) -> Iterator[Row | Hole]:
    name = package_name(capture)
    subject = package_subject(capture, name)
    gap = capture.gap()
    if gap is not None or capture.state == ABSENT:
        yield from (hole(table, gap, subject) for table in TABLES if gap is not None)
        return
    missing = unread(capture) or _compiled(capture)
    if missing is not None:
        yield from (hole(table, missing, subject) for table in TABLES)
    try:
        told = items(capture.answer, "facts")
    except TypeError as problem:
        yield from (hole(table, capture.unexpected(str(problem)), subject) for table in TABLES)
        return
    facts = [each for each in told if isinstance(each, Mapping) and any(group.takes(each) for group in GROUPS)]
    if len(facts) < len(told):
        missing = missing or capture.unexpected(f"{len(told) - len(facts)} facts are of no kind that is known")
        yield from (hole(table, missing, subject) for table in TABLES)
    for group in GROUPS:
        mine = [each for each in facts if group.takes(each)]
        for fact in mine:
            yield from shaped(capture, group.table, partial(_fact, group, fact, capture, name, workloads), subject)
        if not mine and missing is None:
            yield from shaped(capture, group.table, partial(_none, group, capture, name, workloads), subject)
    yield from _coded(capture, name, workloads, missing)


def _compiled(capture: Capture) -> Gap | None:
    """The gap for a package that workloads start in and that holds no source at all: what is compiled has habits too, and nobody read them."""
    if capture.answer.get("read") != 0 or not starts(capture.answer):
        return None
    said = "nothing that its workloads run is source that could be read"
    return Gap(capture.call, "unsupported", said, "", capture.target.account, capture.target.region, capture.ref)


def _fact(group: Group, fact: Record, capture: Capture, name: str, workloads: Workloads) -> CodeFact:
    keys = tuple(str(each) for each in items(fact, "workloads"))
    known = workloads.known(keys) or workloads.known(starts(capture.answer))
    one = known[0] if len(known) == 1 else None
    details = part(fact, "details")
    return group.table(
        key=f"{capture.target}/{name}|{text(fact, 'key')}",
        subject=one.subject if one else package_subject(capture, name),
        sources=(capture.ref,) if capture.ref else (),
        setting=workloads.setting(each.key for each in known),
        where=text(fact, "where"),
        package=name,
        workload=one.key if one else "",
        kind=text(fact, "kind"),
        callee=text(fact, "callee"),
        said=text(fact, "said"),
        certain=flag(fact, "certain"),
        function=text(fact, "function", ""),
        code=text(fact, "code", ""),
        read=int(capture.answer["read"]),
        **{key: read(details[key]) for key, read in group.details.items() if key in details},
    )


def _none(group: Group, capture: Capture, name: str, workloads: Workloads) -> CodeFact:
    known = workloads.known(starts(capture.answer))
    one = known[0] if len(known) == 1 else None
    return group.table(
        key=f"{capture.target}/{name}|",
        subject=one.subject if one else package_subject(capture, name),
        sources=(capture.ref,) if capture.ref else (),
        setting=workloads.setting(each.key for each in known),
        package=name,
        workload=one.key if one else "",
        kind="",
        callee="",
        said="",
        certain=True,
        function="",
        code="",
        read=int(capture.answer["read"]),
    )


def _coded(capture: Capture, name: str, workloads: Workloads, missing: Gap | None) -> Iterator[Row | Hole]:
    """One row for each workload of the package; nothing but the hole where not all of it was read."""
    if missing is not None:
        return
    for workload in workloads.known(starts(capture.answer)):
        yield from shaped(capture, CodedUse, partial(_use, capture, name, workload), workload.subject)


def _use(capture: Capture, name: str, workload: Workload) -> CodedUse:
    answer = capture.answer
    return CodedUse(
        key=f"{name}|{workload.key}",
        subject=workload.subject,
        sources=tuple(dict.fromkeys((*workload.sources, capture.ref))) if capture.ref else workload.sources,
        setting=workload.setting,
        workload=workload.key,
        role=workload.role,
        package=name,
        services=tuple(sorted({text(each, "service") for each in items(answer, "calls")})),
        open=tuple(sorted(str(each) for each in items(answer, "calls_open"))),
        actions=tuple(sorted({f"{text(each, 'service')}:{text(each, 'action')}" for each in items(answer, "calls")})),
    )
