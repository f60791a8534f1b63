"""Advisories of the tests, packages that they affect, and what the checks say of both."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from assaybook.capture import OK, Capture, Captures, Target
from assaybook.catalogue import load_catalogue
from assaybook.check import put
from assaybook.checks import ALL
from assaybook.code.dependencies import dependencies
from assaybook.code.package import Package, Program, Reading
from assaybook.collect.advisories import Sources, advisories_for, components_of
from assaybook.config import load_config
from assaybook.evidence import Evidence, Hole, Row
from assaybook.model import Finding, Outcome, Severity
from assaybook.shape.source.advisories import shape_advisories
from assaybook.shape.source.dependencies import shape_dependencies

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


TARGET = Target("source", "shop", "tree")


def record(
    *events: Mapping[str, str], ecosystem: str = "npm", name: str = "demo", kind: str = "ECOSYSTEM", **more: Any
) -> dict[str, Any]:
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": kind, "events": list(events)}] if events else [],
    }
    affected |= {key: more.pop(key) for key in ("versions",) if key in more}
    return {
        "id": "DEMO-0001",
        "modified": "2026-11-20T00:00:00Z",
        "published": "2026-01-10T00:00:00Z",
        "affected": [affected],
        **more,
    }


I0 = {"introduced": "0"}


SCORES = [
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5),
    ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),
    ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),
    ("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", 7.2),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", 7.4),
    ("CVSS:2.0/AV:N", None),
    ("CVSS:3.1/AV:N", None),
    ("", None),
    ("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", None),
]


OPENVEX = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "author": "Security team",
    "timestamp": "2026-11-01T00:00:00Z",
    "statements": [
        {
            "vulnerability": {"name": "CVE-2099-10001"},
            "products": [{"@id": "pkg:oci/orders", "subcomponents": [{"@id": "pkg:npm/demo@1.0.0"}]}],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
        },
        {
            "vulnerability": "CVE-2099-10002",
            "products": ["pkg:pypi/demo"],
            "status": "under_investigation",
            "timestamp": "2026-11-02T00:00:00Z",
        },
    ],
}


MERGE = {
    **record(I0, {"fixed": "1.4.2"}, name="demo-merge"),
    "id": "GHSA-demo-0001-demo",
    "aliases": ["CVE-2099-10001"],
    "database_specific": {"severity": "HIGH", "more": "x" * 10_000},
    "details": "Prototype pollution",
}


PARSE = {
    **record(I0, {"fixed": "2.0"}, ecosystem="PyPI", name="Demo_Parse"),
    "id": "PYSEC-2099-7",
    "severity": [{"type": "CVSS_V3", "score": SCORES[0][0]}],
}


OTHER = {**record(I0, name="demo-other"), "id": "DEMO-0003", "modified": "2026-11-22T01:02:03.456Z"}


SHOP = {
    "a/package.json": '{"dependencies": {"demo-merge": "1.4.0", "demo-clean": "1.0.0"}, "devDependencies": {"demo-other": "1.0.0"}}',
    "b/requirements.txt": "demo-parse==1.0\n",
}


def captured(given: Mapping[str, str], kind: str = "folder") -> Capture:
    opened = {path: (lambda content=content: content.encode()) for path, content in sorted(given.items())}
    answer = dependencies(Program(Package("shop", kind, opened, "x"), {}), Reading(str))
    return Capture("code:Dependencies", TARGET, {"package": "shop"}, OK, answer, ref="E-0001")


def asked_about(given: Mapping[str, str], sources: Sources) -> tuple[Capture, ...]:
    first = captured(given)
    return (first, *advisories_for(components_of([first]), sources, lambda: NOW, TARGET))


def shaped(captures: Captures, parameters: Mapping[str, object]) -> Iterator[Row | Hole]:
    return chain(shape_dependencies(captures, parameters), shape_advisories(captures))


def judged(captures: tuple[Capture, ...], check: str = "vulnerable-package", **parameters: object) -> list[Finding]:
    catalogue = load_catalogue()
    effective = {**catalogue.effective(), **load_config(None).declared(), **parameters}
    evidence = Evidence(shaped(Captures(captures), effective), NOW)
    return list(put(ALL[check], evidence, effective, Severity(catalogue.home(check).severity)))


def said(findings: list[Finding]) -> list[tuple[Outcome, str]]:
    return [(each.outcome, each.because) for each in findings]
