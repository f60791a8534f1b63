"""Rows about what other tools reported, read from files of theirs: one table for each topic, so that each has its control."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class ImportedRun(Row):
    """One run of another tool in one file: how many results it gave, how many of them are filed under a control of ours (`mapped`) or were set aside in the tool (`dismissed`).

    `passed` counts those that say that all is well, which are left out; `cut` those beyond the most that are read; `complete` is False if the tool says that its run failed.
    `unmapped` names the rules that fit no topic of ours, each with its number of results.
    """

    file: str
    tool: str
    version: str
    results: int
    mapped: int
    dismissed: int
    passed: int
    cut: int
    complete: bool
    unmapped: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportedFinding(Row):
    """One result of another tool; in this table itself those that fit no topic of ours.

    `level` is SARIF's (none, note, warning, error), `said` the tool's own words. `path` and `line` say where, or `resource` what, by the provider's id. `by` is what
    filed it here: its rule, a check of ours or a weakness. `dismissed` is why it was set aside in the tool, empty if it was not. `beside` says what of our own stands
    at the same place, empty if nothing does; `tests` whether it lies among tests, which are not deployed. `workloads` are keys of the Workloads that run the package in which it lies.
    """

    file: str
    tool: str
    rule: str
    level: str
    said: str
    path: str
    line: int
    resource: str
    weaknesses: tuple[str, ...]
    by: str
    dismissed: str
    beside: str
    tests: bool
    workloads: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportedInjection(ImportedFinding):
    """Data that something runs, parses or takes for a path."""


@dataclass(frozen=True, kw_only=True)
class ReportedErrorDetails(ImportedFinding):
    """An error that tells its caller about the inside."""


@dataclass(frozen=True, kw_only=True)
class ReportedSecret(ImportedFinding):
    """A secret in code, configuration or a template."""


@dataclass(frozen=True, kw_only=True)
class ReportedRights(ImportedFinding):
    """Rights that reach further than they need."""


@dataclass(frozen=True, kw_only=True)
class ReportedPlainStore(ImportedFinding):
    """Data at rest that nothing encrypts."""


@dataclass(frozen=True, kw_only=True)
class ReportedCryptography(ImportedFinding):
    """Cryptography that is broken or misused."""


@dataclass(frozen=True, kw_only=True)
class ReportedLogging(ImportedFinding):
    """Data that is written to a log and should not be."""


@dataclass(frozen=True, kw_only=True)
class ReportedTransport(ImportedFinding):
    """A connection in the clear, or to nobody knows whom."""


@dataclass(frozen=True, kw_only=True)
class ReportedEntry(ImportedFinding):
    """A way in that asks nobody who is calling."""


@dataclass(frozen=True, kw_only=True)
class ReportedToken(ImportedFinding):
    """A token that is believed unchecked."""


@dataclass(frozen=True, kw_only=True)
class ReportedAccess(ImportedFinding):
    """An object that is given to whoever names it."""


@dataclass(frozen=True, kw_only=True)
class ReportedAdvisory(ImportedFinding):
    """A package with a known vulnerability."""


@dataclass(frozen=True, kw_only=True)
class ReportedUnpinned(ImportedFinding):
    """A dependency that nothing holds to one content."""


@dataclass(frozen=True, kw_only=True)
class ReportedRequest(ImportedFinding):
    """Untrusted data that decides where a request goes."""


@dataclass(frozen=True, kw_only=True)
class ReportedExposure(ImportedFinding):
    """A store that everyone can reach."""
