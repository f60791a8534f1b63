"""`findings.sarif`: failures and reviews for code scanning, with their places, code flows and fingerprints.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; GitHub Docs, "SARIF support for code scanning" (limits, properties, fingerprints).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ...assess import Assessment
from ...catalogue import Control
from ...check import Check
from ...checks import ALL
from ...compare import Comparison
from ...model import Finding, Outcome, Severity, Waiver
from ...remedy import remedy_of
from ...tables.flows import Flow, Step
from .remedies import SUFFIXES

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "assaybookFinding/v1"
ROOT = "SRCROOT"
# Code scanning takes no more results of a run; the gravest go first and the run says how many are left out.
MOST_RESULTS = 5000
MOST_STEPS = 100
LONGEST_MESSAGE = 1000
LEVELS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# Where code scanning draws its lines: over 9.0 critical, 7.0 high, 4.0 medium.
SCORES: Mapping[Severity, str] = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}


def findings_sarif(assessment: Assessment, since: Comparison | None = None) -> str:
    """The log as text, the same bytes for the same result."""
    return json.dumps(sarif_document(assessment, since), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def sarif_document(assessment: Assessment, since: Comparison | None = None) -> dict[str, Any]:
    """The log as a JSON value: one run, a rule for each check with a result, a result for each failure and review."""
    told = sorted(
        (each for each in assessment.findings if each.outcome in (Outcome.FAIL, Outcome.REVIEW)),
        key=lambda each: (-each.severity.rank, each.outcome.value, each.check, each.where, each.subject.key, each.id),
    )
    shown = told[:MOST_RESULTS]
    names = sorted({each.check for each in shown})
    position = {name: number for number, name in enumerate(names)}
    run = {
        "tool": {
            "driver": {
                "name": "Assaybook",
                "semanticVersion": assessment.tool_version,
                "version": assessment.tool_version,
                "rules": [_rule(ALL[name], assessment.catalogue.home(name)) for name in names],
            }
        },
        "automationDetails": {"id": "assaybook/" + "/".join(assessment.selection[:3] or ("all",)) + "/"},
        "invocations": [_invocation(assessment, len(told) - len(shown))],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the source tree that was assessed."}}},
        "results": [_result(assessment, each, position[each.check], since) for each in shown],
        "properties": {"inputs": dict(assessment.inputs), "asOf": assessment.as_of.isoformat()},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(check: Check, control: Control) -> dict[str, Any]:
    severity = Severity(control.severity)
    remedy = remedy_of(check.id)
    advice = control.remedy_for("aws")
    templates = next(iter(remedy.variants.values())) if remedy else {}
    snippets = [f"```{SUFFIXES[tool]}\n{each.text.rstrip()}\n```" for tool, each in sorted(templates.items())]
    note = remedy.note if remedy else ""
    markdown = "\n\n".join(
        part
        for part in (f"**{control.id} {control.title}**", control.why, f"**What to do**: {advice}", note, *snippets)
        if part
    )
    return {
        "id": check.id,
        "name": "".join(part.capitalize() for part in check.id.split("-")),
        "shortDescription": {"text": check.summary},
        "fullDescription": {"text": f"{control.objective} {control.why}".strip()},
        "help": {"text": f"{control.id} {control.title}. {control.why} What to do: {advice}", "markdown": markdown},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {
            "tags": ["security", "serverless", control.id, control.practice],
            "security-severity": SCORES[severity],
            "precision": "high" if control.kind == "auto" else "medium",
            "version": check.version,
        },
    }


def _invocation(assessment: Assessment, left_out: int) -> dict[str, Any]:
    said = [
        f"{each.call or 'evidence'} {each.permission}: {each.reason}".strip() for each in assessment.not_assessed[:100]
    ]
    undecided = sum(each.outcome in (Outcome.UNKNOWN, Outcome.ERROR) for each in assessment.findings)
    notes = []
    if undecided:
        notes.append(f"{undecided} findings could not be decided, as evidence is missing; they are in findings.json.")
    if left_out:
        notes.append(
            f"{left_out} less grave results are left out here, as code scanning takes no more than {MOST_RESULTS}; all are in findings.json."
        )
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {"level": "warning" if number < len(notes) else "note", "message": {"text": text[:LONGEST_MESSAGE]}}
            for number, text in enumerate([*notes, *said])
        ],
    }


def _result(assessment: Assessment, finding: Finding, rule: int, since: Comparison | None) -> dict[str, Any]:
    row = assessment.evidence.find(ALL[finding.check].over, finding.row)
    steps: Sequence[Step] = row.steps if isinstance(row, Flow) else ()
    result: dict[str, Any] = {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "kind": "fail" if finding.outcome is Outcome.FAIL else "review",
        # A result of another kind than fail has no level; readers that know of no kinds take its place in the list for one.
        "level": LEVELS[finding.severity] if finding.outcome is Outcome.FAIL else "none",
        "message": {"text": _sentence(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {FINGERPRINT: finding.id},
        "properties": {
            "controls": list(assessment.controls_of(finding)),
            "severity": finding.severity.value,
            "security-severity": SCORES[finding.severity],
        },
    }
    if since is not None:
        result["baselineState"] = since.state_of(finding)
    if len(steps) > 1:
        result["codeFlows"] = [_code_flow(steps[:MOST_STEPS])]
    waiver = assessment.waiver_of(finding)
    if waiver:
        result["suppressions"] = [_suppression(waiver)]
    return result


def _sentence(finding: Finding) -> str:
    text = finding.because[:1].upper() + finding.because[1:]
    return text[:LONGEST_MESSAGE] + ("" if text.endswith(".") else ".")


def _location(finding: Finding) -> dict[str, Any]:
    subject = finding.subject
    logical = {"name": subject.name or subject.native, "fullyQualifiedName": subject.native, "kind": subject.kind}
    place = _physical(finding.where) if finding.where else _cloud(finding)
    return {"logicalLocations": [logical], "physicalLocation": place}


def _physical(place: str) -> dict[str, Any]:
    path, _, line = place.rpartition(":")
    if not path or not line.isdigit():
        path, line = place, "1"
    return {
        "artifactLocation": {"uri": _uri(path), "uriBaseId": ROOT},
        # Code scanning shows no alert without a line.
        "region": {"startLine": max(int(line), 1)},
    }


def _cloud(finding: Finding) -> dict[str, Any]:
    """What is in no file gets a path that says where it is in the cloud, as code scanning refuses results without any."""
    subject = finding.subject
    parts = (subject.provider, subject.account, subject.region, subject.kind, subject.name or subject.native)
    path = "/".join(part.replace("/", "_") for part in parts if part)
    return {"artifactLocation": {"uri": _uri(path)}, "region": {"startLine": 1}}


def _uri(path: str) -> str:
    return quote(path.lstrip("/"), safe="/-._~") or "unknown"


def _code_flow(steps: Sequence[Step]) -> dict[str, Any]:
    return {"threadFlows": [{"locations": list(_flow_locations(steps))}]}


def _flow_locations(steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    for number, step in enumerate(steps):
        physical = _physical(f"{step.file}:{step.line}")
        if step.code:
            physical["region"]["snippet"] = {"text": step.code}
        first_or_last = number in (0, len(steps) - 1)
        yield {
            "importance": "essential" if first_or_last else "important",
            "location": {"message": {"text": step.said or step.function or "…"}, "physicalLocation": physical},
        }


def _suppression(waiver: Waiver) -> dict[str, Any]:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": f"{waiver.id}: {waiver.reason} (approved by {waiver.approver}, until {waiver.expires.isoformat()})",
    }
