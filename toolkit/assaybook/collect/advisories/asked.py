"""What is asked of a source of advisories, and what it answers: plain values that become captures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...code.advisories import canonical_name, matches, read_advisory
from ...code.dependencies import package_url

# The members of a record that a judgement rests on.
_KEPT = ("id", "aliases", "published", "modified", "withdrawn", "severity")


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """A package that a source is asked about. Without a version, `range` says what is asked for."""

    ecosystem: str
    name: str
    version: str
    range: str = ""

    @property
    def shown(self) -> str:
        """As it stands in captures."""
        return package_url(self.ecosystem, self.name, self.version) or f"{self.ecosystem}/{self.name}@{self.version}"


class Unreached(Exception):
    """A source did not answer: why."""


@dataclass
class Answered:
    """What one source gave. `dates` are those of its data by ecosystem; `records` the advisories that affect something that was asked."""

    source: str
    asked: tuple[Asked, ...] = ()
    answered: set[Asked] = field(default_factory=set)
    dates: dict[str, str] = field(default_factory=dict)
    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def keep(self, record: Mapping[str, Any], wanted: Mapping[tuple[str, str], list[Asked]]) -> None:
        """Keep what is needed of a record, if it affects something that was asked."""
        try:
            advisory = read_advisory(record)
        except (ValueError, TypeError, AttributeError) as problem:
            self.problems.append(f"a record is no advisory ({problem})")
            return
        hit: list[Asked] = []
        for each in advisory.affected:
            hit += [
                one
                for one in wanted.get((each.ecosystem, canonical_name(each.ecosystem, each.name)), ())
                if next(matches([advisory], one.ecosystem, one.name, one.version, one.range), None)
            ]
        if hit:
            self.records[advisory.id] = _trimmed(record, hit, advisory.summary)

    def document(self) -> dict[str, Any]:
        """The answer of the capture."""
        missing = sorted({each.shown for each in self.asked if each not in self.answered})
        return {
            "source": self.source,
            "dates": dict(sorted(self.dates.items())),
            "answered": sorted({each.shown for each in self.answered}),
            "unanswered": missing,
            "advisories": [self.records[name] for name in sorted(self.records)],
            "problems": sorted(set(self.problems))[:20],
        }


def asked_of(components: Iterable[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """What to ask about: each component of a registry that is shipped, once. Takes components as `code:Dependencies` gives them."""
    found = {
        Asked(
            str(each["ecosystem"]),
            str(each["name"]),
            str(each.get("version", "")),
            "" if each.get("version") else str(each.get("asked", "")),
        )
        for each in components
        if not each.get("development") and each.get("source", "registry") in ("registry", "url")
    }
    return tuple(sorted(found))


def by_name(asked: Iterable[Asked]) -> dict[tuple[str, str], list[Asked]]:
    """What is asked by ecosystem and canonical name."""
    found: dict[tuple[str, str], list[Asked]] = {}
    for each in asked:
        found.setdefault((each.ecosystem, canonical_name(each.ecosystem, each.name)), []).append(each)
    return found


def _trimmed(record: Mapping[str, Any], hit: list[Asked], summary: str) -> dict[str, Any]:
    names = {(each.ecosystem, canonical_name(each.ecosystem, each.name)) for each in hit}
    versions = {each.version for each in hit}
    kept: dict[str, Any] = {name: record[name] for name in _KEPT if record.get(name)}
    kept["summary"] = summary
    said = record.get("database_specific")
    if isinstance(said, Mapping) and isinstance(said.get("severity"), str):
        kept["database_specific"] = {"severity": said["severity"]}
    kept["affected"] = []
    for each in record.get("affected") or []:
        package = each.get("package") if isinstance(each, Mapping) else None
        if not isinstance(package, Mapping):
            continue
        ecosystem = str(package.get("ecosystem", "")).partition(":")[0]
        if (ecosystem, canonical_name(ecosystem, str(package.get("name", "")))) in names:
            entry: dict[str, Any] = {
                "package": {"ecosystem": ecosystem, "name": str(package.get("name", ""))},
                "ranges": [
                    one for one in each.get("ranges") or [] if isinstance(one, Mapping) and one.get("type") != "GIT"
                ],
                "versions": sorted({str(one) for one in each.get("versions") or []} & versions),
            }
            for name in ("severity", "ecosystem_specific", "database_specific"):
                inner = each.get(name)
                if name == "severity" and isinstance(inner, list):
                    entry[name] = inner
                elif isinstance(inner, Mapping) and isinstance(inner.get("severity"), str):
                    entry[name] = {"severity": inner["severity"]}
            kept["affected"].append(entry)
    return kept
