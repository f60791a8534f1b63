"""Remedies that can be used as they stand: for each check a command, a CloudFormation fragment and a Terraform fragment, filled with the subject's names.

They are kept in `remedies/<check-id>.yaml`, apart from the check. What comes from an account is hostile and is written as data, whatever it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ..checks import ALL
from ..evidence import Evidence, Gap, Row
from ..model import Finding
from .reading import SHOWN, SUBJECT, TOOLS, Remedy, parse_remedy, shown_fields
from .template import RemedyError, Template, seen

__all__ = [
    "NOT_KNOWN",
    "SHOWN",
    "TOOLS",
    "Remedy",
    "RemedyError",
    "Template",
    "filled",
    "parse_remedy",
    "remedy_of",
    "values_of",
]

NOT_KNOWN = "NOT-KNOWN"


@cache
def remedy_of(check: str) -> Remedy | None:
    """The remedy of a check; None if it has none. Raises RemedyError with file and line for one that cannot be used."""
    path = files("assaybook").joinpath("remedies", f"{check}.yaml")
    if not path.is_file():
        return None
    return parse_remedy(path.read_text(encoding="utf-8"), f"remedies/{check}.yaml", check, ALL[check].over)


def filled(finding: Finding, evidence: Evidence) -> Mapping[str, str]:
    """The snippets that mend one finding, by tool; none where its check has no remedy for it or its row is not there."""
    remedy = remedy_of(finding.check)
    row = evidence.find(ALL[finding.check].over, finding.row)
    if remedy is None or row is None:
        return {}
    values = values_of(finding, row)
    return {tool: template.filled(values) for tool, template in remedy.templates(row).items()}


def values_of(finding: Finding, row: Row) -> Mapping[str, str]:
    """What the placeholders stand for in one finding; a field that is not known says so."""
    made = {name: seen(getattr(finding.subject, name)) for name in SUBJECT}
    made.update({f"row.{name}": seen(_said(getattr(row, name))) for name in shown_fields(type(row))})
    return made


def _said(value: object) -> str:
    if isinstance(value, Gap):
        return NOT_KNOWN
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
