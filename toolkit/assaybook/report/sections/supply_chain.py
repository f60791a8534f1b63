"""What others wrote: the bill of materials, what it was compared with, hosts that code calls, and what nobody can see from outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ...assess import Assessment
from ...capture import Capture
from ...dated import load_dated
from ...tables.code import ExternalCall
from ...tables.supply_chain import PackageAdvisory
from ..blocks import Block, Cell, Inline, badge, bullets, code, heading, note, paragraph, table
from .code import name_of
from .wording import noun

CALL, QUERY = "code:Dependencies", "advisories:Query"
MOST_COMPONENTS = 60
MOST_HOSTS = 40
MOST_NAMED = 12
Component = tuple[str, str, str]


def bill_table(assessment: Assessment) -> list[Block]:
    """Components with their versions, where they come from, licences and advisories; the worst first, the whole list is in `sbom.cdx.json`."""
    read = [each for each in assessment.captures if each.call == CALL]
    blocks: list[Block] = [heading(3, "Bill of materials", "bill-of-materials")]
    if not read:
        return [*blocks, paragraph("No dependencies were read, so there is no bill of materials.")]
    places: defaultdict[Component, set[str]] = defaultdict(set)
    about: dict[Component, Mapping[str, Any]] = {}
    for capture in read:
        for each in members(capture, "components"):
            key = str(each.get("ecosystem", "")), str(each.get("name", "")), str(each.get("version", ""))
            places[key].add(name_of(str(capture.params.get("package", ""))))
            known = about.setdefault(key, each)
            if each.get("direct") is True and known.get("direct") is not True:
                about[key] = each
    known_by: defaultdict[Component, set[str]] = defaultdict(set)
    for row in assessment.evidence.rows(PackageAdvisory):
        if isinstance(row.advisory, str) and row.advisory:
            known_by[row.ecosystem, row.name, row.version].add(row.advisory)
    lost = [each for each in read if each.gap() is not None]
    ecosystems = Counter(key[0] for key in about)
    said = ", ".join(f"{number:,} of {name}" for name, number in sorted(ecosystems.items()))
    parts = [
        f"{noun('component', len(about))} in {noun('package', len(read) - len(lost))}" + (f": {said}." if said else ".")
    ]
    if lost:
        parts.append(f"{noun('package', len(lost))} could not be read, and what they bring is in no list.")
    parts.append("The complete list is in sbom.cdx.json." if about else "")
    blocks.append(paragraph(" ".join(filter(None, parts))))
    if about:
        ordered = sorted(about, key=lambda each: (-len(known_by[each]), about[each].get("direct") is not True, each))
        blocks.append(
            table(
                ["Component", "Version", "Kind", "From", "Direct", "Advisories", "Licence", "In"],
                [_component(each, about[each], known_by[each], places[each]) for each in ordered[:MOST_COMPONENTS]],
                caption="Components, those with known vulnerabilities first",
                total=len(about),
                widths=[24, 13, 10, 26, 9, 20, 14, 22],
            )
        )
    return [*blocks, *_invisible(read)]


def members(capture: Capture, name: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list in an answer; none of one that was not read."""
    found = capture.answer.get(name) if capture.gap() is None else None
    return (each for each in (found if isinstance(found, list) else []) if isinstance(each, Mapping))


def _component(key: Component, about: Mapping[str, Any], advisories: set[str], places: set[str]) -> list[Cell]:
    ecosystem, name, version = key
    asked = str(about.get("asked") or "")
    where = sorted(places)
    # The first of several names is enough for a reader to look it up.
    named = sorted(advisories)
    found: Cell = (
        [badge(f"{len(named):,}", "fail"), f" {', '.join(named[:2])}{' …' if len(named) > 2 else ''}"]
        if named
        else "none known"
    )
    return [
        [code(name)],
        version or (f"not fixed ({asked})" if asked else "not fixed"),
        ecosystem,
        [code(str(about.get("where") or about.get("origin") or "–"))],
        "yes" if about.get("direct") is True else "no",
        found,
        str(about.get("licence") or "not stated"),
        where[0] + (f" and {len(where) - 1:,} more" if len(where) > 1 else "") if where else "–",
    ]


def _invisible(read: list[Capture]) -> list[Block]:
    """Code of others that stands in no list: bundled into files, or in parts that could not be read."""
    found = [
        (str(each.get("where", "")), str(each.get("why", "")))
        for capture in read
        for name in ("bundled", "unread")
        for each in members(capture, name)
    ]
    lost = [
        (name_of(str(each.params.get("package", ""))), each.message or str(each.gap()))
        for each in read
        if each.gap() is not None
    ]
    if not found and not lost:
        return []
    told = [*found, *lost]
    items: list[list[Inline | str]] = [[code(where), f": {why}"] for where, why in told[:MOST_NAMED]]
    more = [paragraph(f"… and {len(told) - MOST_NAMED:,} more.")] if len(told) > MOST_NAMED else []
    return [
        note("warning", "What follows may bring components that no list shows, so the bill of materials is not whole."),
        bullets(items),
        *more,
    ]


def advisory_sources(assessment: Assessment) -> list[Block]:
    """What components were compared with: which source was reached, of which day it is."""
    rows: list[list[Cell]] = []
    for each in assessment.captures:
        if each.call != QUERY:
            continue
        gap = each.gap()
        told = str(each.answer.get("source") or each.params.get("source") or each.call)
        dates = each.answer.get("dates") if gap is None else None
        shown = (
            ", ".join(f"{name} {_day(date)}" for name, date in sorted(dates.items())) if isinstance(dates, dict) else ""
        )
        rows.append(
            [
                told,
                [badge("not reached", "unknown"), f" {gap}"] if gap else [badge("reached", "pass")],
                shown or "not told",
                f"{len(each.answer.get('answered') or []):,}" if gap is None else "–",
            ]
        )
    own = load_dated("known_advisories")
    age = (assessment.as_at - own.read).days
    rows.append(
        [
            "What comes with assaybook: the best known advisories only",
            [badge("a part", "review"), " makes failures, never a pass"],
            f"{own.read.isoformat()}" + (f", {age:,} days before this assessment" if age > 0 else ""),
            "–",
        ]
    )
    blocks: list[Block] = [
        heading(3, "What components were compared with", "advisories"),
        table(["Source", "", "As of", "Components answered"], rows, align="lllr", widths=[36, 28, 30, 14]),
    ]
    if len(rows) == 1:
        blocks.append(
            note(
                "warning",
                "No database of advisories was given (--advisories), so a component without a known vulnerability counts as unknown and not as free of them.",
            )
        )
    return blocks


def _day(date: object) -> str:
    return str(date)[:10]


def external_hosts(assessment: Assessment) -> list[Block]:
    """Hosts that code calls, with how; and calls whose host is decided at run time."""
    calls = [each for each in assessment.evidence.rows(ExternalCall) if each.kind]
    holes = assessment.evidence.holes(ExternalCall)
    blocks: list[Block] = [heading(3, "Hosts that code calls", "external-hosts")]
    if not calls:
        said = (
            "No call of another host was found in what was read."
            if assessment.evidence.rows(ExternalCall)
            else "No code was read, so the hosts that it calls are not known."
        )
        blocks.append(paragraph(said))
    else:
        by_host: defaultdict[str, list[ExternalCall]] = defaultdict(list)
        for each in calls:
            by_host[each.host or ""].append(each)
        ordered = sorted(by_host, key=lambda each: (not each, each))
        blocks.append(
            table(
                ["Host", "Calls", "By", "Where", "Time limit", "Answer used"],
                [_host(host, by_host[host]) for host in ordered[:MOST_HOSTS]],
                caption="Hosts that code calls"
                + ("" if len(by_host) <= MOST_HOSTS else "; findings.csv has the calls"),
                align="lrllll",
                total=len(by_host),
                widths=[30, 8, 20, 26, 18, 12],
            )
        )
    if holes:
        blocks.append(
            note(
                "warning",
                f"{noun('part', len(holes))} of the code could not be read: the hosts that it calls are not known.",
            )
        )
    return blocks


def _host(host: str, calls: list[ExternalCall]) -> list[Cell]:
    without = sum(each.timeout is False for each in calls)
    open_ = sum(each.timeout is None for each in calls)
    limits = f"{without:,} without" if without else f"{open_:,} not known" if open_ else "set"
    places = [each.where for each in calls if each.where]
    return [
        [code(host)] if host else [badge("decided at run time", "review")],
        f"{len(calls):,}",
        [code(", ".join(sorted({each.callee for each in calls})[:3]))],
        [code(", ".join(places[:3]))] + ([f" and {len(places) - 3:,} more"] if len(places) > 3 else []),
        limits,
        "yes" if any(each.used for each in calls) else "no",
    ]
