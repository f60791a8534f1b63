"""Flows of untrusted data through code, and what handlers do with their events, to rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...tables.compute import Workload
from ...tables.flows import (
    DisclosureFlow,
    EntryInput,
    ExternalFlow,
    Flow,
    InjectionFlow,
    LogFlow,
    RequestFlow,
    Step,
)
from ...tables.privacy import LogMask
from ..records import MALFORMED, Record, flag, hole, items, part, shaped, text
from .packages import PACKAGE, Workloads, package_name, package_subject, starts, uncovered

CALL = "code:Flows"
TABLES: tuple[type[Flow], ...] = (InjectionFlow, RequestFlow, LogFlow, DisclosureFlow, ExternalFlow)


def table_of(kind: str, source: str) -> type[Flow]:
    """The table of a flow: by where it ends, but for what external APIs answer."""
    if kind == "log":
        return LogFlow
    if kind == "response":
        return DisclosureFlow
    if source == "external":
        return ExternalFlow
    return RequestFlow if kind == "ssrf" else InjectionFlow


def shape_flows(captures: Captures, ground: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """Every row and hole about flows and ways in."""
    ground = tuple(ground)
    workloads = Workloads.of(ground)
    masks = {each.name: each.policy for each in ground if isinstance(each, LogMask) and isinstance(each.policy, str)}
    for gap, subject in uncovered(captures, CALL, ground):
        yield from (hole(table, gap, subject) for table in (*TABLES, EntryInput))
    for capture in captures.of(CALL):
        yield from _package(captures, capture, workloads, masks)


def _package(
    captures: Captures, capture: Capture, workloads: Workloads, masks: Mapping[str, str]
) -> Iterator[Row | Hole]:
    name = package_name(capture)
    subject = package_subject(capture, name)
    gap = capture.gap()
    if gap is not None or capture.state == ABSENT:
        yield from (hole(table, gap, subject) for table in (*TABLES, EntryInput) if gap is not None)
        return
    try:
        missing = _unread(captures, capture)
        told = [each for each in items(capture.answer, "flows") if isinstance(each, Mapping)]
        ways = [each for each in items(capture.answer, "entries") if isinstance(each, Mapping)]
    except MALFORMED as problem:
        yield from (hole(table, capture.unexpected(str(problem)), subject) for table in (*TABLES, EntryInput))
        return
    if missing is not None:
        yield from (hole(table, missing, subject) for table in TABLES)
    by_way = {(str(each.get("workload")), str(each.get("handler"))): each.get("http") for each in ways}
    found: set[type[Flow]] = set()
    for each in told:
        table = table_of(str(each.get("kind")), str(_source_kind(each)))
        found.add(table)
        yield from shaped(capture, table, partial(_flow, table, each, capture, name, workloads, by_way, masks), subject)
    if missing is None and any(each.get("found") is True for each in ways):
        for table in TABLES:
            if table not in found:
                yield from shaped(capture, table, partial(_none, table, capture, name, workloads), subject)
    for each in ways:
        yield from _way(each, capture, name, workloads)


def _source_kind(each: Mapping[str, Any]) -> object:
    source = each.get("source")
    return source.get("kind") if isinstance(source, Mapping) else ""


def _unread(captures: Captures, capture: Capture) -> Gap | None:
    """The gap for files of the package that were not read, or for handlers that were not found; None if all were."""
    told = captures.about(PACKAGE, capture.target, **capture.params)
    files: Any = told.read(
        lambda answer: [
            f"{text(each, 'path')} ({text(each, 'why')})"
            for key in ("unparsed", "partly")
            for each in items(answer, key)
        ]
    )
    if isinstance(files, Gap):
        return files
    lost = [
        f"the handler {each.get('handler')} was not found ({each.get('why') or 'it is in no file of the package'})"
        for each in items(capture.answer, "entries")
        if isinstance(each, Mapping) and each.get("found") is False and not each.get("guessed")
    ]
    others: Any = told.read(lambda answer: sorted(part(answer, "others")))
    unknown = (
        [f"code in {', '.join(others)} is not read"]
        if isinstance(others, list) and others and not _parsed(told)
        else []
    )
    said = [*files, *lost, *unknown]
    if not said:
        return None
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    target = capture.target
    return Gap(
        capture.call,
        "unsupported",
        f"not all code was read: {'; '.join(said[:3])}{more}",
        "",
        target.account,
        target.region,
        capture.ref,
    )


def _parsed(told: Capture) -> bool:
    found: Any = told.read(lambda answer: int(answer["parsed"]) > 0)
    return found is True


def _flow(
    table: type[Flow],
    each: Record,
    capture: Capture,
    name: str,
    workloads: Workloads,
    by_way: Mapping[tuple[str, str], object],
    masks: Mapping[str, str],
) -> Flow:
    source, sink, entry = part(each, "source"), part(each, "sink"), part(each, "entry")
    keys = tuple(str(key) for key in items(each, "workloads")) or starts(capture.answer)
    known = workloads.known(keys)
    one = known[0] if len(known) == 1 else None
    http = by_way.get((text(entry, "workload", ""), text(entry, "handler", "")))
    return table(
        key=f"{capture.target}/{name}|{text(each, 'key')}",
        subject=one.subject if one else package_subject(capture, name),
        sources=(capture.ref,) if capture.ref else (),
        setting=workloads.setting(row.key for row in known),
        where=f"{text(sink, 'file')}:{int(sink['line'])}",
        package=name,
        workload=one.key if one else "",
        workloads=tuple(row.key for row in known),
        handler=text(entry, "handler", ""),
        guessed=flag(entry, "guessed"),
        http=http if isinstance(http, bool) else None,
        kind=text(each, "kind"),
        certain=flag(each, "certain"),
        why=text(each, "why", ""),
        source_kind=text(source, "kind"),
        source=text(source, "said", ""),
        resource=text(source, "resource", ""),
        sink=text(sink, "callee", ""),
        sink_said=text(sink, "said", ""),
        function=text(sink, "function", ""),
        steps=tuple(_step(one_step) for one_step in items(each, "steps")),
        functions=int(capture.answer["functions"]),
        cut=_cut(capture),
        **({"masked": _mask(known, masks)} if table is LogFlow else {}),
    )


def _mask(known: Iterable[Workload], masks: Mapping[str, str]) -> str:
    """The policies that mask the logs of all these workloads; empty if one of them is not known to be masked."""
    found = [masks.get(each.log_group, "") if isinstance(each.log_group, str) else "" for each in known]
    return ", ".join(sorted(set(found))) if found and all(found) else ""


def _step(each: Record) -> Step:
    return Step(
        text(each, "file"),
        int(each["line"]),
        text(each, "function", ""),
        text(each, "said", ""),
        text(each, "code", ""),
    )


def _cut(capture: Capture) -> int:
    return sum(int(number) for number in part(capture.answer, "limits").values())


def _none(table: type[Flow], capture: Capture, name: str, workloads: Workloads) -> Flow:
    known = workloads.known(starts(capture.answer))
    one = known[0] if len(known) == 1 else None
    return table(
        key=f"{capture.target}/{name}|",
        subject=one.subject if one else package_subject(capture, name),
        sources=(capture.ref,) if capture.ref else (),
        setting=workloads.setting(row.key for row in known),
        package=name,
        workload=one.key if one else "",
        workloads=tuple(row.key for row in known),
        handler="",
        guessed=False,
        http=None,
        kind="",
        certain=True,
        why="",
        source_kind="",
        source="",
        resource="",
        sink="",
        sink_said="",
        function="",
        steps=(),
        functions=int(capture.answer["functions"]),
        cut=_cut(capture),
    )


def _way(each: Record, capture: Capture, name: str, workloads: Workloads) -> Iterator[Row | Hole]:
    """The row of a way in, or a hole for a configured one that was not found. One that was only guessed, and is not there, is nothing."""
    subject = package_subject(capture, name)
    known = workloads.known([str(each.get("workload") or "")])
    if each.get("found") is not True:
        if not each.get("guessed"):
            said = f"the handler {each.get('handler')} was not found in its package"
            target = capture.target
            gap = Gap(capture.call, "unsupported", said, "", target.account, target.region, capture.ref)
            yield hole(EntryInput, gap, known[0].subject if known else subject)
        return
    yield from shaped(capture, EntryInput, partial(_entry, each, capture, name, workloads), subject)


def _entry(each: Record, capture: Capture, name: str, workloads: Workloads) -> EntryInput:
    workload = text(each, "workload", "")
    known = workloads.known([workload])
    validated = [one for one in items(each, "validated") if isinstance(one, Mapping)]
    http, unquoted = each.get("http"), each.get("unquoted_key")
    return EntryInput(
        key=f"{capture.target}/{name}|{workload}|{text(each, 'handler', '')}|{text(each, 'file')}|{text(each, 'function')}",
        subject=known[0].subject if known else package_subject(capture, name),
        sources=(capture.ref,) if capture.ref else (),
        setting=workloads.setting([workload]),
        where=f"{text(each, 'file')}:{int(each['line'])}",
        package=name,
        workload=known[0].key if known else "",
        handler=text(each, "handler", ""),
        guessed=flag(each, "guessed"),
        function=text(each, "function", ""),
        http=http if isinstance(http, bool) else None,
        reads=tuple(str(one) for one in items(each, "reads")),
        validated=tuple(sorted({str(one.get("library")) for one in validated})),
        whole=any(one.get("whole") is True for one in validated),
        unquoted=unquoted if isinstance(unquoted, bool) else None,
    )
