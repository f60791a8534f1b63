"""Findings in the form of the Open Cybersecurity Schema Framework, as Prowler and others export them.

Source: OCSF schema 1.x, classes "Compliance Finding" (2003), "Detection Finding" (2004), "Vulnerability Finding" (2002) and "Application Security Posture Finding" (2007).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .reported import MOST_RESULTS, RefusedImport, Reported, Results, number, part, parts, plain, weaknesses
from .sarif import path_of

FORM = "OCSF"
CLASSES = frozenset({2001, 2002, 2003, 2004, 2006, 2007})
# By severity_id: informational, low, medium, high, critical, fatal.
LEVELS = ("warning", "note", "note", "warning", "error", "error", "error")
WELL = frozenset({"pass", "passed", "compliant", "not_applicable", "not_available"})
SUPPRESSED, RESOLVED = 3, 4


def is_ocsf(document: object) -> bool:
    """Whether a JSON value is a finding of the schema, or a list of some."""
    if isinstance(document, Mapping):
        return document.get("class_uid") in CLASSES
    return isinstance(document, list) and any(is_ocsf(each) for each in document if isinstance(each, Mapping))


def read_ocsf(document: Mapping[str, Any] | list[Any]) -> tuple[Results, ...]:
    """The findings of each tool and version in a file. Raises RefusedImport."""
    listed = document if isinstance(document, list) else [document]
    if not all(isinstance(each, Mapping) for each in listed):
        raise RefusedImport("has a finding that is no object")
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in listed:
        product = part(each, "metadata", "product")
        tool = plain(product.get("name"), 80) or plain(product.get("vendor_name"), 80)
        if not tool:
            raise RefusedImport("has a finding that does not name its tool")
        groups.setdefault((tool, plain(product.get("version"), 40)), []).append(each)
    return tuple(_results(*name, groups[name]) for name in sorted(groups))


def _results(tool: str, version: str, findings: list[Mapping[str, Any]]) -> Results:
    told = [each for each in findings if each.get("class_uid") in CLASSES and not _well(each)]
    reported = [one for each in told[:MOST_RESULTS] for one in _reported(each)]
    return Results(
        tool,
        version,
        FORM,
        tuple(reported[:MOST_RESULTS]),
        passed=len(findings) - len(told),
        cut=max(0, len(told) - MOST_RESULTS) + max(0, len(reported) - MOST_RESULTS),
    )


def _well(finding: Mapping[str, Any]) -> bool:
    said = finding.get("status_code") or part(finding, "compliance").get("status")
    return str(said).lower().replace(" ", "_") in WELL or finding.get("status_id") == RESOLVED


def _reported(finding: Mapping[str, Any]) -> Iterator[Reported]:
    about = part(finding, "finding_info") or part(finding, "finding")
    rule = plain(
        part(finding, "metadata").get("event_code") or part(about, "analytic").get("uid") or about.get("uid"), 200
    )
    severity = finding.get("severity_id")
    level = LEVELS[severity] if isinstance(severity, int) and 0 <= severity < len(LEVELS) else "warning"
    said = plain(finding.get("status_detail") or finding.get("message") or about.get("title"))
    dismissed = ""
    if finding.get("status_id") == SUPPRESSED or str(finding.get("status")).lower() in ("suppressed", "muted"):
        dismissed = "suppressed in the tool"
    flaws = parts(finding, "vulnerabilities")
    named = [plain(part(each, "cve").get("uid"), 80) for each in flaws] or [""]
    for resource in parts(finding, "resources") or [{}]:
        for flaw, name in zip(flaws or [{}], named, strict=True):
            file = next(iter(parts(flaw, "affected_code")), {})
            yield Reported(
                name or rule,
                level,
                said,
                path_of(part(file, "file").get("path")),
                number(file.get("start_line")),
                max(number(file.get("start_line")), number(file.get("end_line"))),
                plain(resource.get("uid") or resource.get("name"), 500),
                weaknesses(_weaknesses(flaw)),
                dismissed,
            )


def _weaknesses(flaw: Mapping[str, Any]) -> Iterator[object]:
    for each in (
        part(flaw, "cwe"),
        *parts(flaw, "cwes"),
        part(flaw, "cve", "cwe"),
        *parts(part(flaw, "cve"), "related_cwes"),
    ):
        yield each.get("uid")
