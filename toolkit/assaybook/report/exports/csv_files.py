"""`findings.csv` and `controls.csv`, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ...assess import Assessment
from ...model import Outcome
from ..glyphs import visible
from .findings_json import SHOWN, finding_entry

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_FINDINGS = (
    "id",
    "outcome",
    "severity",
    "check",
    "controls",
    "name",
    "kind",
    "account",
    "region",
    "subject",
    "because",
    "where",
    "remedy",
    "evidence",
    "waiver",
)


def findings_csv(assessment: Assessment) -> str:
    """Every fail, review, unknown and error, one a row."""
    entries = (finding_entry(assessment, each) for each in assessment.findings if each.outcome in SHOWN)
    return _csv(_FINDINGS, ([_joined(entry[name]) for name in _FINDINGS] for entry in entries))


def controls_csv(assessment: Assessment) -> str:
    """Every selected control with its status and counts, one a row."""
    columns = ("id", "title", "practice", "kind", "status", "severity", "why", *(each.value for each in Outcome))
    rows = (
        [
            each.control.id,
            each.control.title,
            each.control.practice,
            each.control.kind,
            each.status.value,
            each.severity.value,
            each.why,
            *(str(each.counts.get(outcome, 0)) for outcome in Outcome),
        ]
        for each in assessment.controls
    )
    return _csv(columns, rows)


def _joined(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return stream.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet runs: what is invisible or reorders text shown as code points, a leading formula sign quoted.

    Source: OWASP, "CSV Injection".
    """
    seen = visible(cell).replace("\t", "⟨U+0009⟩")
    return f"'{seen}" if seen.lstrip().startswith(_FORMULA) or seen.startswith(_FORMULA) else seen
