"""Which topic a result of another tool is about, and which of our rows stand where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from ...code.imports import Reported
from ...dated import load_dated
from ...evidence import Row, words
from ...strict_yaml import load_yaml
from ...tables import code, compute, data, flows, identity, imports, secrets, supply_chain

TABLES: Mapping[str, type[imports.ImportedFinding]] = {
    "injection": imports.ReportedInjection,
    "error-details": imports.ReportedErrorDetails,
    "written-secret": imports.ReportedSecret,
    "broad-rights": imports.ReportedRights,
    "unencrypted-store": imports.ReportedPlainStore,
    "weak-cryptography": imports.ReportedCryptography,
    "logged-data": imports.ReportedLogging,
    "unverified-transport": imports.ReportedTransport,
    "open-entry": imports.ReportedEntry,
    "unverified-token": imports.ReportedToken,
    "unchecked-owner": imports.ReportedAccess,
    "vulnerable-package": imports.ReportedAdvisory,
    "unpinned-package": imports.ReportedUnpinned,
    "request-forgery": imports.ReportedRequest,
    "exposed-store": imports.ReportedExposure,
}
# Rows of ours that are judged on the same grounds.
OURS: Mapping[str, tuple[type[Row], ...]] = {
    "injection": (flows.InjectionFlow, flows.ExternalFlow),
    "error-details": (code.ErrorAnswer,),
    "written-secret": (secrets.WrittenSecret, compute.EnvironmentVariable),
    "broad-rights": (identity.Role,),
    "unencrypted-store": (data.Store,),
    "weak-cryptography": (code.CryptographicUse,),
    "logged-data": (flows.LogFlow,),
    "unverified-transport": (code.UnprotectedCall,),
    "open-entry": (compute.Route, compute.Endpoint),
    "unverified-token": (code.TokenCheck,),
    "unchecked-owner": (code.ObjectAccess,),
    "vulnerable-package": (supply_chain.PackageAdvisory,),
    "unpinned-package": (supply_chain.DependencyManifest,),
    "request-forgery": (flows.RequestFlow,),
    "exposed-store": (data.Share, data.PublicAccessBlock, data.DatabaseAddress),
}
NOTHING = ("", "none")
NEAR = 1  # line: tools differ in whether a statement begins at its first argument
# Tables whose rows are whole things, and not single places in a text: one line of them says where they begin.
WHOLE = frozenset({"broad-rights", "unencrypted-store", "open-entry", "exposed-store"})
_ADVISORY = re.compile(
    r"\b(?:CVE-\d{4}-\d{4,9}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|PYSEC-\d{4}-\d+)\b", re.IGNORECASE
)


def topic_of(tool: str, reported: Reported) -> tuple[str, str]:
    """The topic, and by what it was told; both empty if it fits none."""
    return _topic(tool, reported.rule, reported.weaknesses)


@lru_cache(maxsize=4096)
def _topic(tool: str, rule: str, weaknesses: tuple[str, ...]) -> tuple[str, str]:
    topics = load_dated("reported_topics").entries
    named = f"{_slug(tool)}:{rule}"
    for topic, entry in topics.items():
        if any(fnmatchcase(named, each) for each in entry.rules):
            return topic, f"the rule {rule}"
    ours = _peers().get((_bare(tool), rule), ())
    for topic, entry in topics.items():
        if found := next((each for each in ours if each in entry.checks), ""):
            return topic, f"our check {found}"
    for topic, entry in topics.items():
        if known := next((each for each in weaknesses if each in entry.weaknesses), ""):
            return topic, known
    return "", ""


def _slug(tool: str) -> str:
    return "-".join(tool.lower().split())


def _bare(tool: str) -> str:
    return re.sub(r"[^a-z0-9]", "", tool.lower().removeprefix("aws "))


@cache
def _peers() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Our checks by another tool and its check."""
    name = "peer_checks.yaml"
    document: Any = load_yaml((files("assaybook") / "data" / name).read_text(encoding="utf-8"), f"data/{name}")
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in document["entries"]:
        for peer, ids in entry["by"].items():
            for each in ids:
                found.setdefault((_bare(peer), each), tuple(entry["ours"]))
    return found


class Beside:
    """Our rows by the places at which they stand, for each topic."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._at: defaultdict[tuple[str, str], list[tuple[int, Row]]] = defaultdict(list)
        self._of: dict[tuple[str, str], Row] = {}
        topics: defaultdict[type[Row], list[str]] = defaultdict(list)
        for topic, tables in OURS.items():
            for table in tables:
                topics[table].append(topic)
        self.paths: set[str] = set()
        self._known_as: dict[str, str] = {}
        for row in rows:
            places = tuple(_places(row))
            self.paths.update(path for path, _ in places)
            if getattr(row, "kind", "something") in NOTHING:
                continue
            for topic in topics.get(type(row), ()):
                for path, line in places:
                    self._at[topic, path].append((line, row))
                for name in _names(row):
                    self._of.setdefault((topic, name), row)
        for found in self._at.values():
            found.sort(key=lambda each: (each[0], each[1].key))

    def path(self, said: str) -> str:
        """The path as we know it: tools may have been started above or below our tree. As it was said if none fits, or several do."""
        if said not in self._known_as:
            self._known_as[said] = self._path(said)
        return self._known_as[said]

    def _path(self, said: str) -> str:
        if not said or said in self.paths:
            return said
        ends = [each for each in self.paths if each and (said.endswith(f"/{each}") or each.endswith(f"/{said}"))]
        longest = max(map(len, ends), default=0)
        fit = [each for each in ends if said.endswith(f"/{each}") and len(each) == longest] or ends
        return fit[0] if len(fit) == 1 else said

    def found(self, topic: str, path: str, reported: Reported) -> str:
        """What of ours stands where a result stands, in words; empty if nothing does."""
        if topic == "vulnerable-package":
            names = {each.upper() for each in _ADVISORY.findall(f"{reported.rule} {reported.said}")}
            hits = [row for name in sorted(names) if (row := self._of.get((topic, name)))]
            return _said(hits[0]) if hits else ""
        if reported.resource and (row := self._of.get((topic, reported.resource))):
            return _said(row)
        if topic == "unpinned-package":
            at = self._at.get((topic, path), [])
            return _said(at[0][1]) if at else ""
        first, last = reported.line, max(reported.line, reported.end)
        near = 0 if topic in WHOLE else NEAR
        for line, row in self._at.get((topic, path), ()):
            if first and line and first - near <= line <= last + near:
                return _said(row)
        return ""


def _said(row: Row) -> str:
    if isinstance(row, supply_chain.PackageAdvisory):
        return f"{row.advisory} in {row.name}"
    place = f" at {row.where}" if row.where else ""
    return f"the {words(type(row).__name__)} of {row.subject}{place}"


def _places(row: Row) -> Iterator[tuple[str, int]]:
    if isinstance(row, flows.Flow):
        yield from ((each.file, each.line) for each in row.steps)
    path, _, line = row.where.rpartition(":")
    if path and line.isdecimal():
        yield path, int(line)
    elif row.where:
        yield row.where, 0


def _names(row: Row) -> Iterator[str]:
    if isinstance(row, supply_chain.PackageAdvisory):
        yield from (each.upper() for each in (row.advisory, *row.aliases) if each)
    elif isinstance(row, compute.EnvironmentVariable):
        yield row.workload
    elif row.subject.native.startswith("arn:"):
        yield row.subject.native
