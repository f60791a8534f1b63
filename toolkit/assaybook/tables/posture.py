"""Rows about what the provider's security services find and record, and who takes it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class FindingRouting(Row):
    """Where the findings of threat detection of one region go.

    `administrators` are other accounts that take them over, `accounts` those of them that were collected in this region, with the own one first.
    `published` counts exports to a bucket that work; `hub` says whether findings come together in a hub; `samples` counts the sample
    findings of the last 90 days.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "published": "exports of findings",
        "hub": "the hub for findings",
        "samples": "sample findings",
    }

    region: str
    threat_detection: bool
    administrators: tuple[str, ...]
    accounts: tuple[str, ...]
    published: int
    hub: bool
    samples: int


@dataclass(frozen=True, kw_only=True)
class ThreatFinding(Row):
    """A grave finding of threat detection that nobody has archived. `severity` runs from 7 to 10; `sample` marks one made for practice."""

    region: str
    type: str
    severity: float
    since: datetime
    sample: bool


@dataclass(frozen=True, kw_only=True)
class SecurityStandards(Row):
    """The hub for findings of one region, and the standards that are in force in it."""

    region: str
    hub: bool
    standards: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Analyzer(Row):
    """An analyzer of access. `looks_at` is outside, unused or inside; `findings` names the things with an open finding, and is empty but for outside access."""

    name: str
    looks_at: str
    active: bool
    organisation: bool
    findings: tuple[str, ...]
    oldest: str


@dataclass(frozen=True, kw_only=True)
class Recorder(Row):
    """A recorder of configurations that the customer manages, in one region.

    `choice` is all (every type), named (only `types`) or all_but (`types` are left out); `identities` says whether types without regions are
    recorded with all others. `problem` says what went wrong with the last delivery, empty if nothing did.
    """

    SAID: ClassVar[Mapping[str, str]] = {"problem": "the last delivery"}

    name: str
    recording: bool
    choice: str
    types: tuple[str, ...]
    identities: bool
    problem: str


@dataclass(frozen=True, kw_only=True)
class RecordedScope(Row):
    """What a recorder has to record: `types` in one region, or, if they are those of identities, in any region of the account (`region` is then `global`).

    `home` is the region in which identities can always be recorded.
    """

    account: str
    region: str
    types: tuple[str, ...]
    home: str


@dataclass(frozen=True, kw_only=True)
class ScannerStatus(Row):
    """Whether the provider's scanner looks at the packages and at the code of functions in one region."""

    SAID: ClassVar[Mapping[str, str]] = {"packages": "the scan of packages", "code": "the scan of code"}

    region: str
    packages: bool
    code: bool
