"""Rows about the provider's security services: threat detection, vulnerability scanning."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Detection(Row):
    """Threat detection in one region of an account. `features` names the sources that it watches."""

    region: str
    threat_detection: bool
    features: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ScanCoverage(Row):
    """What a vulnerability scanner says of one workload. `scan` is package or code; `reason` is its own word for the status."""

    workload: str
    scanner: str
    scan: str
    active: bool
    reason: str
