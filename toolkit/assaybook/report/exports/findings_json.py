"""`findings.json`: everything that is not a pass, with the score, the controls and what was not assessed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from importlib.resources import files
from typing import Any

from ...assess import Assessment
from ...compare import Comparison
from ...evidence import Gap
from ...model import Fact, Finding, Outcome
from ...score import Score
from ...status import ControlResult
from .remedies import remedy_entries

SCHEMA_ID = "urn:assaybook:schema:findings:1"
LONGEST_TEXT = 400
SHOWN = (Outcome.FAIL, Outcome.REVIEW, Outcome.UNKNOWN, Outcome.ERROR)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that `findings.json` follows."""
    text = files(__package__).joinpath("findings.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def findings_json(assessment: Assessment, since: Comparison | None = None) -> str:
    """The document as indented text with sorted keys, the same bytes for the same result."""
    document = findings_document(assessment)
    if since is not None:
        document["baseline"] = _since(since)
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def findings_document(assessment: Assessment) -> dict[str, Any]:
    """The document as a JSON value."""
    return {
        "schema": SCHEMA_ID,
        "tool": {"name": "assaybook", "version": assessment.tool_version},
        "as_of": assessment.as_of.isoformat(),
        "as_at": assessment.as_at.isoformat(),
        "synthetic": assessment.synthetic,
        "inputs": dict(assessment.inputs),
        "scope": _scope(assessment),
        "parameters": {
            name: {"value": shown(value), "changed": name in assessment.changed_parameters}
            for name, value in assessment.parameters.items()
        },
        "score": {**_score(assessment.automatic), "basis": "automatic controls that have checks"}
        | {"whole_catalogue": _score(assessment.whole)},
        "controls": [_control(each) for each in assessment.controls],
        "findings": [finding_entry(assessment, each) for each in assessment.findings if each.outcome in SHOWN],
        "remedies": remedy_entries(assessment),
        "not_assessed": [
            {
                "call": each.call,
                "permission": each.permission,
                "reason": each.reason,
                "places": list(each.places),
                "affects": list(each.affects),
            }
            for each in assessment.not_assessed
        ],
        "waivers": [
            {
                **_plain(dataclasses.asdict(use.waiver)),
                "state": use.state,
                "valid": use.valid,
                "findings": list(use.findings),
            }
            for use in assessment.waivers
        ],
        "stale_data": list(assessment.stale),
    }


def _since(since: Comparison) -> dict[str, Any]:
    return {
        "tool_version": since.baseline.tool_version,
        "inputs": dict(since.baseline.digests),
        "new": sorted(since.new),
        "persisting": sorted(since.persisting),
        "moved": dict(sorted(since.moved.items())),
        "undecided": sorted(since.undecided),
        "fixed": [each.id for each in since.fixed],
        "unseen": [each.id for each in since.unseen],
    }


def _scope(assessment: Assessment) -> dict[str, Any]:
    targets = sorted({each.target for each in assessment.captures})
    return {
        "engagement": dict(assessment.engagement),
        "principals": list(assessment.principals),
        "plans": list(assessment.plans),
        "targets": [dataclasses.asdict(each) for each in targets],
        "controls": list(assessment.selection) or "all",
        "tags": list(assessment.tags),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "controls": score.controls,
        "decided": score.decided,
        "conformity": _share(score.conformity),
        "lower_bound": _share(score.lower),
        "upper_bound": _share(score.upper),
        "coverage": _share(score.coverage),
        "worst_open_severity": score.worst_open,
        "rating": score.rating,
        "why": score.why,
    }


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _control(result: ControlResult) -> dict[str, Any]:
    control = result.control
    answer = result.answer
    return {
        "id": control.id,
        "title": control.title,
        "practice": control.practice,
        "kind": control.kind,
        "status": result.status,
        "why": result.why,
        "severity": result.severity,
        "pending": result.pending,
        "counts": {outcome: result.counts.get(outcome, 0) for outcome in Outcome},
        "answer": None if answer is None else _plain(dataclasses.asdict(answer)),
    }


def result_entry(assessment: Assessment, finding: Finding) -> dict[str, Any]:
    """What any outcome says: of what, by which check, for which controls, and why."""
    subject = finding.subject
    return {
        "id": finding.id,
        "check": finding.check,
        "controls": list(assessment.controls_of(finding)),
        "subject": subject.native,
        "name": subject.name,
        "release": subject.release,
        "kind": subject.kind,
        "provider": subject.provider,
        "account": subject.account,
        "region": subject.region,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "because": finding.because,
        "where": finding.where,
        "evidence": list(finding.evidence),
    }


def finding_entry(assessment: Assessment, finding: Finding) -> dict[str, Any]:
    """One finding as a JSON value: its result, the facts that it rests on, what to do, and what is missing."""
    home = assessment.catalogue.home(finding.check)
    waiver = assessment.waiver_of(finding)
    return {
        **result_entry(assessment, finding),
        "severity_why": finding.severity_why,
        "remedy": home.remedy_for(finding.subject.provider) if finding.outcome is Outcome.FAIL else "",
        "relied_on": [fact_entry(each) for each in finding.relied_on],
        "missing": None if finding.missing is None else dataclasses.asdict(finding.missing),
        "waiver": waiver.id if waiver else None,
    }


def fact_entry(fact: Fact) -> dict[str, Any]:
    """One fact as a JSON value; long values are cut and say so."""
    return {"table": fact.table, "row": fact.key, "field": fact.field, "value": shown(fact.value)}


def shown(value: object) -> Any:
    """A value of a row as JSON; texts over 400 characters are cut and say how long they were."""
    if isinstance(value, Gap):
        return {"not_known": str(value)}
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}… ({len(value)} characters)"
    if isinstance(value, Mapping):
        return {str(key): shown(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return [shown(each) for each in sorted(value, key=str)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: shown(getattr(value, each.name)) for each in dataclasses.fields(value)}
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
