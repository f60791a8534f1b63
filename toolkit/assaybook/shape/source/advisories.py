"""Rows of vulnerabilities in packages, and of how much of each package was compared with advisories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ...capture import NOT_ASKED, OK, Captures
from ...code.advisories import (
    Advisory,
    Match,
    Statement,
    canonical_name,
    grouped,
    latest,
    matches,
    names_of,
    read_advisory,
    statement_of,
)
from ...code.advisories.severities import WORDS
from ...code.dependencies import package_url
from ...dated import load_dated
from ...evidence import Gap, Hole, Row
from ...tables.supply_chain import PackageAdvisory
from ..records import items, part
from .dependency_packages import MALFORMED, CodePackage, missing, packages, undeclared

QUERY, VEX, EXPLOITED, LIKELIHOOD = (
    "advisories:Query",
    "advisories:Vex",
    "advisories:Exploited",
    "advisories:Likelihood",
)
# Fetched at build time from a registry: everything else has no version that an advisory could name.
_ASKED_ABOUT = ("registry", "url")


@dataclass(frozen=True)
class _Known:
    """All that the sources told."""

    advisories: Mapping[tuple[str, str], list[tuple[Advisory, str]]]  # by ecosystem and name, with the source
    answered: Mapping[str, tuple[str, ...]]  # by package URL: the sources that answered
    dates: Mapping[tuple[str, str], str]  # by source and ecosystem
    refused: tuple[Gap, ...]
    statements: tuple[Statement, ...]
    exploited: Mapping[str, str]
    likelihood: Mapping[str, int]
    refs: tuple[str, ...]
    asked: bool


def shape_advisories(captures: Captures) -> Iterator[Row | Hole]:
    """PackageAdvisory rows: those of vulnerabilities, and for each package of code one for what has none."""
    yield from missing(captures, PackageAdvisory)
    known = captures.once("advisories", lambda: _known(captures))
    seen: set[str] = set()
    for package in packages(captures):
        rows = [*_vulnerable(package, known)]
        yield _rest(captures, package, known, {(each.ecosystem, each.name, each.version) for each in rows})
        for row in rows:
            if row.key not in seen:
                seen.add(row.key)
                yield row


def _known(captures: Captures) -> _Known:
    advisories: dict[tuple[str, str], list[tuple[Advisory, str]]] = {}
    answered: dict[str, tuple[str, ...]] = {}
    dates: dict[tuple[str, str], str] = {}
    refused: list[Gap] = []
    queries = captures.of(QUERY)
    for capture in queries:
        gap = capture.gap()
        if gap is None:
            try:
                listed, told = items(capture.answer, "advisories"), items(capture.answer, "answered")
                dated = part(capture.answer, "dates")
            except TypeError as problem:
                gap = capture.unexpected(str(problem))
        if gap is not None:
            refused.append(gap)
            continue
        source = str(capture.answer.get("source", ""))
        for record in listed:
            _file(advisories, record, source)
        for url in told:
            answered[str(url)] = (*answered.get(str(url), ()), source)
        dates.update({(source, str(name)): date for name, date in dated.items()})
    data = load_dated("known_advisories")
    for name, entry in data.entries.items():
        _file(advisories, entry.record(name), f"advisories that come with assaybook, of {data.read.isoformat()}")
    return _Known(
        advisories,
        answered,
        dates,
        tuple(refused),
        tuple(_statements(captures)),
        _merged(captures, EXPLOITED, "exploited"),
        _merged(captures, LIKELIHOOD, "likelihood"),
        tuple(each.ref for each in queries if each.state == OK and each.ref),
        bool(queries),
    )


def _file(
    advisories: dict[tuple[str, str], list[tuple[Advisory, str]]], record: Mapping[str, Any], source: str
) -> None:
    try:
        advisory = read_advisory(record)
    except MALFORMED:
        return
    for ecosystem, name in {(each.ecosystem, canonical_name(each.ecosystem, each.name)) for each in advisory.affected}:
        advisories.setdefault((ecosystem, name), []).append((advisory, source))


def _statements(captures: Captures) -> Iterator[Statement]:
    for capture in captures.of(VEX):
        listed = capture.answer.get("statements") if capture.gap() is None else None
        for each in listed if isinstance(listed, list) else []:
            try:
                yield statement_of(each)
            except MALFORMED:
                continue


def _merged(captures: Captures, call: str, member: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for capture in captures.of(call):
        held = capture.answer.get(member) if capture.gap() is None else None
        found.update(held if isinstance(held, Mapping) else {})
    return found


def _shipped(package: CodePackage) -> list[Mapping[str, Any]]:
    return [
        each
        for each in package.components
        if each.get("development") is not True and each.get("source") in _ASKED_ABOUT
    ]


def _rest(
    captures: Captures, package: CodePackage, known: _Known, vulnerable: set[tuple[str, str, str]]
) -> PackageAdvisory:
    shipped = _shipped(package)
    urls = {_shown(each): str(each.get("ecosystem")) for each in shipped}
    by = sorted({(source, urls[url]) for url in urls for source in known.answered.get(url, ())})
    dates = [made for each in by if (made := _moment(known.dates.get(each, ""))) is not None]
    nobody_knows: Any = undeclared(captures, package)
    return PackageAdvisory(
        **{**package.about(package.name), "sources": (package.capture.ref, *known.refs), "key": f"{package.name}|"},
        **_NOTHING,
        name=package.subject.name,
        known_by=tuple(sorted({source for source, _ in by})),
        others=nobody_knows or _others(package, urls, known, len(urls) - len(vulnerable)),
        oldest=min(dates, default=None),
    )


# The members that say nothing where no vulnerability is spoken of.
_NOTHING: Mapping[str, Any] = {
    "ecosystem": "", "version": "", "asked": "", "advisory": "", "aliases": (), "summary": "", "severity": "", "exploited": "", "likelihood": None, "published": None, "fixed": "",
    "shipped": True, "direct": False, "status": "", "justification": "", "stated": "",
}  # fmt: skip


def _shown(component: Mapping[str, Any]) -> str:
    ecosystem, name, version = (str(component.get(each, "")) for each in ("ecosystem", "name", "version"))
    return package_url(ecosystem, name, version) or f"{ecosystem}/{name}@{version}"


def _others(package: CodePackage, urls: Iterable[str], known: _Known, count: int) -> Any:
    """How many packages have no known vulnerability; a gap if somebody did not look at each, since nothing follows from what nobody looked at."""
    hidden = [
        f"{each.get('where')}: {each.get('why')}" for name in ("bundled", "unread") for each in package.members(name)
    ]
    open_ones = sorted(url for url in urls if url not in known.answered)
    if open_ones and not known.asked:
        return Gap(QUERY, NOT_ASKED, "no source of advisories was named; name one with --advisories")
    if open_ones and known.refused:
        return known.refused[0]
    if open_ones:
        some = ", ".join(open_ones[:3]) + (f" and {len(open_ones) - 3} more" if len(open_ones) > 3 else "")
        return Gap(QUERY, "unsupported", f"{some}: declared without an exact version, or not answered by any source")
    if hidden:
        return Gap(
            package.capture.call,
            "unsupported",
            hidden[0] + (f", and {len(hidden) - 1} more" if len(hidden) > 1 else ""),
        )
    return max(count, 0)


def _vulnerable(package: CodePackage, known: _Known) -> Iterator[PackageAdvisory]:
    for each in package.components:
        ecosystem, name = str(each.get("ecosystem", "")), str(each.get("name", ""))
        listed = known.advisories.get((ecosystem, canonical_name(ecosystem, name)), [])
        if not listed or each.get("source") not in _ASKED_ABOUT:
            continue
        by_source = {id(advisory): source for advisory, source in listed}
        version, asked = str(each.get("version", "")), str(each.get("asked", ""))
        found = matches((advisory for advisory, _ in listed), ecosystem, name, version, asked)
        for group in grouped(found):
            sources = tuple(sorted({by_source[id(one.advisory)] for one in group}))
            yield _row(package, each, group, sources, known)


def _row(
    package: CodePackage,
    component: Mapping[str, Any],
    group: tuple[Match, ...],
    sources: tuple[str, ...],
    known: _Known,
) -> PackageAdvisory:
    ecosystem, name, version = (str(component.get(each, "")) for each in ("ecosystem", "name", "version"))
    names = names_of(group)
    statement = latest(known.statements, names, ecosystem, name, version)
    scores = [known.likelihood[each] for each in names if each in known.likelihood]
    where = str(component.get("where", ""))
    place = where.rpartition(":")[0] if where.rpartition(":")[2].isdigit() else where
    key = f"{place}|{ecosystem}|{name}|{version or component.get('asked', '')}|{names[0]}"
    return PackageAdvisory(
        **{**package.about(key, where), "sources": (package.capture.ref, *known.refs)},
        ecosystem=ecosystem,
        name=name,
        version=version,
        asked=group[0].asked,
        advisory=names[0],
        aliases=names[1:],
        summary=next((each.advisory.summary for each in group if each.advisory.summary), ""),
        severity=_worst(each.advisory.severity for each in group),
        exploited=next((known.exploited[each] for each in names if each in known.exploited), ""),
        likelihood=max(scores, default=None),
        published=min((made for each in group if (made := _moment(each.advisory.published)) is not None), default=None),
        fixed=next((each.fixed for each in group if each.fixed), ""),
        shipped=component.get("development") is not True,
        direct=component.get("direct") is True,
        known_by=sources,
        others=0,
        oldest=None,
        status=statement.status if statement else "",
        justification=(statement.justification or statement.said) if statement else "",
        stated=_stated(statement),
    )


def _stated(statement: Statement | None) -> str:
    if statement is None:
        return ""
    by = f" of {statement.author}" if statement.author else ", which names no author"
    return f"{statement.file}{by}" + (f" of {statement.date[:10]}" if statement.date else "")


def _worst(words: Iterable[str]) -> str:
    return max(words, key=lambda each: WORDS.index(each) if each in WORDS else -1, default="")


def _moment(said: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(said)
    except ValueError:
        return None
    return made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)
