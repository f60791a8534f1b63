"""Advisories in the form of the Open Source Vulnerability schema, and which versions they affect.

Source: OSV Schema 1.7 ("affected[].ranges[] field", "Evaluation").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .admitted import Interval, admitted
from .severities import severity
from .versions import canonical_name, version_of

_EVENTS = ("introduced", "fixed", "last_affected", "limit")
# No advisory that is published has more, and one that did would be an attack.
MOST_RANGES, MOST_VERSIONS = 2_000, 20_000


@dataclass(frozen=True, slots=True)
class Range:
    """Versions from `introduced` (0 for the first ever) up to `end`; `closed` says that the end itself is affected, `limit` that the end is none that fixes it."""

    introduced: str
    end: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Affected:
    """A package that an advisory affects: ranges, and versions by name."""

    ecosystem: str
    name: str
    ranges: tuple[Range, ...]
    versions: frozenset[str]
    odd: bool = False  # a range that these rules do not read


@dataclass(frozen=True, slots=True)
class Advisory:
    """One advisory. `aliases` are its names in other databases; dates are ISO 8601."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    published: str
    modified: str
    withdrawn: str
    severity: str
    score: float | None
    affected: tuple[Affected, ...]

    def of(self, ecosystem: str, name: str) -> Iterator[Affected]:
        """What it says of one package."""
        wanted = canonical_name(ecosystem, name)
        return (
            each
            for each in self.affected
            if each.ecosystem == ecosystem and canonical_name(ecosystem, each.name) == wanted
        )


def read_advisory(record: Mapping[str, Any]) -> Advisory:
    """An advisory from its record. Raises ValueError for what is none."""
    if not isinstance(record.get("id"), str) or not record["id"]:
        raise ValueError("has no id")
    listed = [each for each in record.get("affected") or [] if isinstance(each, Mapping)]
    word, score = severity(record, listed)
    return Advisory(
        record["id"],
        tuple(sorted({str(each) for each in record.get("aliases") or [] if isinstance(each, str)})),
        " ".join(str(record.get("summary") or record.get("details") or "").split())[:300],
        str(record.get("published") or ""),
        str(record.get("modified") or ""),
        str(record.get("withdrawn") or ""),
        word,
        score,
        tuple(_affected(each) for each in listed[:MOST_RANGES]),
    )


def _affected(entry: Mapping[str, Any]) -> Affected:
    package = entry.get("package")
    package = package if isinstance(package, Mapping) else {}
    ranges: list[Range] = []
    odd = False
    for each in (entry.get("ranges") or [])[:MOST_RANGES]:
        if isinstance(each, Mapping) and each.get("type") in ("ECOSYSTEM", "SEMVER"):
            ranges += _ranges(
                [event for event in each.get("events") or [] if isinstance(event, Mapping)],
                str(package.get("ecosystem", "")).partition(":")[0],
            )
        else:
            odd = True
    versions = frozenset(str(each) for each in (entry.get("versions") or [])[:MOST_VERSIONS])
    return Affected(
        str(package.get("ecosystem", "")).partition(":")[0], str(package.get("name", "")), tuple(ranges), versions, odd
    )


def _ranges(events: list[Mapping[str, Any]], ecosystem: str) -> Iterator[Range]:
    """Events in the order of their versions, as the schema evaluates them; those whose version has no place are left out."""
    placed = []
    for event in events:
        for kind in _EVENTS:
            said = event.get(kind)
            version = version_of(ecosystem, said) if isinstance(said, str) and said != "0" else None
            if isinstance(said, str) and said != "*" and (said == "0" or version is not None):
                placed.append((said, version, kind))
    ordered = sorted(placed, key=_Placed)
    open_at = ""
    for said, _, kind in ordered:
        if kind == "introduced":
            open_at = open_at or said
        elif open_at:
            yield Range(open_at, said, closed=kind == "last_affected")
            open_at = ""
    if open_at:
        yield Range(open_at)


class _Placed:
    """An event in order: 0 first, then by version; an end before a beginning at the same version, but the last affected version after it."""

    __slots__ = ("kind", "version")

    def __init__(self, event: tuple[str, Any, str]) -> None:
        self.version, self.kind = event[1], {"fixed": 0, "limit": 0, "introduced": 1, "last_affected": 2}[event[2]]

    def __lt__(self, other: _Placed) -> bool:
        if self.version is None or other.version is None:
            return (self.version is not None, self.kind) < (other.version is not None, other.kind)
        if self.version == other.version:
            return self.kind < other.kind
        return bool(self.version < other.version)


@dataclass(frozen=True, slots=True)
class Match:
    """That an advisory affects a version. `fixed` is the nearest version that fixes it, empty where there is none; `asked` is set where every version of a range is affected."""

    advisory: Advisory
    fixed: str
    asked: str = ""


def matches(
    advisories: Iterable[Advisory], ecosystem: str, name: str, version: str, asked: str = ""
) -> Iterator[Match]:
    """Which advisories affect a version; without one, those that affect every version that `asked` admits. Withdrawn ones affect nothing."""
    for advisory in advisories:
        if advisory.withdrawn:
            continue
        for each in advisory.of(ecosystem, name):
            hit = affects(each, version) if version else affects_all(each, asked)
            if hit:
                yield Match(advisory, fixed_in(each, version, asked), "" if version else asked or "*")
                break


def affects(affected: Affected, version: str) -> bool:
    """Whether a version is named or lies in a range; one that has no place in the order is affected only by name."""
    if version in affected.versions:
        return True
    # A build of somebody's own (`2.0.0+cpu`) has what its version has.
    public = version.partition("+")[0] if affected.ecosystem == "PyPI" else version
    placed = version_of(affected.ecosystem, public)
    return placed is not None and any(_within(affected.ecosystem, each, placed) for each in affected.ranges)


def _within(ecosystem: str, span: Range, placed: Any) -> bool:
    if span.introduced != "0" and placed < version_of(ecosystem, span.introduced):
        return False
    if not span.end:
        return True
    end = version_of(ecosystem, span.end)
    return end is not None and bool(placed <= end if span.closed else placed < end)


def affects_all(affected: Affected, asked: str) -> bool:
    """Whether every version that a range admits is affected; False where that is not certain."""
    intervals = admitted(affected.ecosystem, asked)
    return bool(intervals) and all(
        any(_covers(affected.ecosystem, each, one) for each in affected.ranges) for one in intervals
    )


def _covers(ecosystem: str, span: Range, interval: Interval) -> bool:
    if span.introduced != "0" and (
        not interval.low or version_of(ecosystem, interval.low) < version_of(ecosystem, span.introduced)
    ):
        return False
    if not span.end:
        return True
    if not interval.high:
        return False
    high, end = version_of(ecosystem, interval.high), version_of(ecosystem, span.end)
    return bool(high < end or (high == end and (span.closed or not interval.closed)))


def fixed_in(affected: Affected, version: str, asked: str = "") -> str:
    """The first version that fixes what affects this one; empty where none does."""
    low = version
    if not low:
        intervals = admitted(affected.ecosystem, asked)
        low = intervals[0].low if intervals else ""
    placed = version_of(affected.ecosystem, low) if low else None
    for each in affected.ranges:
        if each.end and not each.closed and (placed is None or _within(affected.ecosystem, each, placed)):
            return each.end
    return ""


def grouped(found: Iterable[Match]) -> tuple[tuple[Match, ...], ...]:
    """Matches that are one vulnerability under several names, together; those with the most names first in each."""
    groups: list[tuple[set[str], list[Match]]] = []
    for match in sorted(found, key=lambda each: each.advisory.id):
        names = {match.advisory.id, *match.advisory.aliases}
        joined = [each for each in groups if each[0] & names]
        for each in joined:
            groups.remove(each)
        groups.append(
            (
                {*names, *(name for each in joined for name in each[0])},
                [*(one for each in joined for one in each[1]), match],
            )
        )
    ordered = [tuple(sorted(group, key=lambda each: _rank(each.advisory.id))) for _, group in groups]
    return tuple(sorted(ordered, key=lambda group: group[0].advisory.id))


def _rank(name: str) -> tuple[int, str]:
    order = ("GHSA-", "PYSEC-", "GO-", "RUSTSEC-", "MAL-")
    return next((place for place, each in enumerate(order) if name.startswith(each)), len(order)), name


def names_of(group: Iterable[Match]) -> tuple[str, ...]:
    """All names of a vulnerability, the CVE first, since that is what people search for."""
    names = {name for each in group for name in (each.advisory.id, *each.advisory.aliases)}
    return tuple(sorted(names, key=lambda each: (not each.startswith("CVE-"), _rank(each))))
