"""Narrowing an assessment to the workloads that carry a tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .check import Check
from .evidence import Evidence, Gap, Row
from .model import Finding
from .tables.compute import Workload


def tagged(evidence: Evidence, tags: Sequence[str]) -> frozenset[str]:
    """Keys of the workloads that carry one of the tags (`key` or `key=value`, letter case does not matter), and of those whose tags could not be read."""
    wanted = {tag.strip().casefold() for tag in tags}
    return frozenset(row.key for row in evidence.rows(Workload) if _carries(row, wanted))


def _carries(row: Workload, wanted: set[str]) -> bool:
    if isinstance(row.tags, Gap):
        return True
    said = {f"{key}={value}".casefold() for key, value in row.tags.items()} | {key.casefold() for key in row.tags}
    return bool(said & wanted)


def narrowed(
    findings: Iterable[Finding], checks: Mapping[str, Check], evidence: Evidence, workloads: frozenset[str]
) -> tuple[Finding, ...]:
    """The findings without those about rows that belong to other workloads only; what belongs to no workload stays."""
    return tuple(each for each in findings if _concerns(each, checks, evidence, workloads))


def _concerns(finding: Finding, checks: Mapping[str, Check], evidence: Evidence, workloads: frozenset[str]) -> bool:
    row = evidence.find(checks[finding.check].over, finding.row)
    if row is None:
        # A part that could not be read: of a workload, if its subject is one.
        known = evidence.find(Workload, finding.subject.native)
        return known is None or known.key in workloads
    owners = _owners(row)
    return not owners or bool(owners & workloads)


def _owners(row: Row) -> frozenset[str]:
    if isinstance(row, Workload):
        return frozenset({row.key})
    held = getattr(row, "workload", None) or getattr(row, "workloads", None)
    if isinstance(held, str):
        return frozenset({held})
    return frozenset(held) if isinstance(held, tuple) else frozenset()
