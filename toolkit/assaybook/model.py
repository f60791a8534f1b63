"""The words of an assessment: outcomes, severities, verdicts, findings, statuses. Values only, standard library only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What one check says of one row. Only a person can conclude a `review`."""

    PASS = "pass"
    FAIL = "fail"
    REVIEW = "review"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class Status(StrEnum):
    """What all findings and answers together say of one control."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How bad a failure is; `weight` is what it counts in the score."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical."""
        return _RANKS[self]

    @property
    def weight(self) -> int:
        """Weight in the score; info weighs nothing."""
        return _WEIGHTS[self]

    def step(self, by: int) -> Severity:
        """The severity `by` steps worse (or, negative, milder), kept inside the scale."""
        return _SCALE[max(0, min(len(_SCALE) - 1, self.rank + by))]


_SCALE = (Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
_RANKS: Mapping[Severity, int] = {severity: rank for rank, severity in enumerate(_SCALE)}
_WEIGHTS: Mapping[Severity, int] = dict(zip(_SCALE, (0, 1, 3, 6, 10), strict=True))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about, normalised alike for each provider.

    `native` is the provider's own id (an ARN where there is one), `name` what a person would search for,
    `release` the alias or version if the finding is about one, `same_as` other subjects that are the same thing.
    """

    provider: str
    account: str
    region: str
    kind: str
    native: str
    name: str
    organisation: str = ""
    release: str = ""
    same_as: tuple[str, ...] = ()
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The stable identity that ids and selectors use; read several times for each finding, so made once.
        parts = (self.provider, self.account, self.region, self.kind, self.native, self.release)
        object.__setattr__(self, "key", "|".join(parts))

    def __str__(self) -> str:
        return f"{self.name}:{self.release}" if self.release else self.name


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's word on one row: an outcome and one sentence why.

    `severity` is set where the control's own severity rule moves the severity; `used` names the facts
    ("internet", "sensitive", "environment") which that rule has used up, so that context does not count them again.
    """

    outcome: Outcome
    because: str
    severity: Severity | None = None
    used: frozenset[str] = frozenset()


def ok(because: str) -> Verdict:
    """The row is as the control demands."""
    return Verdict(Outcome.PASS, because)


def fail(because: str, *, severity: Severity | None = None, used: frozenset[str] = frozenset()) -> Verdict:
    """The row is not as the control demands."""
    return Verdict(Outcome.FAIL, because, severity, used)


def review(because: str, *, severity: Severity | None = None, used: frozenset[str] = frozenset()) -> Verdict:
    """Only a person can conclude."""
    return Verdict(Outcome.REVIEW, because, severity, used)


def na(because: str) -> Verdict:
    """The control does not concern this row."""
    return Verdict(Outcome.NOT_APPLICABLE, because)


class Fact(NamedTuple):
    """One value that a check read: table, key of the row, field, value."""

    table: str
    key: str
    field: str
    value: object


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome on one row (or on a hole in its table), with the facts it rests on.

    `id` hashes check, subject and row key only, so that it is the same in each run. `evidence` holds the
    references of the captures that the facts came from. `missing` is the gap behind an `unknown`. `where` is the file and line that
    it is about, if it was read from one.
    """

    id: str
    check: str
    subject: Subject
    row: str
    outcome: Outcome
    because: str
    severity: Severity
    severity_why: str = ""
    relied_on: Sequence[Fact] = ()
    evidence: tuple[str, ...] = ()
    missing: Missing | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a fact is missing: the call, what became of it, and the permission that would have answered it."""

    call: str
    state: str
    reason: str
    permission: str = ""
    account: str = ""
    region: str = ""


def finding_id(check: str, subject: Subject, row: str) -> str:
    """The stable id of a finding: 16 hexadecimal digits over check, subject and row key."""
    return hashlib.sha256("\x1f".join((check, subject.key, row)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Document:
    """A document that an answer rests on, with the digest it had when the answer was given."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's conclusion on a control (or on one finding that awaits review).

    `conclusion` is met, not_met or not_applicable. `until` is the last day on which the answer holds.
    """

    control: str
    conclusion: Status
    statement: str
    by: str
    on: date
    until: date
    finding: str = ""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiver:
    """Accepted risk: an overlay that never changes an outcome and never raises a score.

    `check` and `subject` are patterns (`*` and `?`) on the check id and on the subject's name or native id.
    """

    id: str
    check: str
    subject: str
    owner: str
    approver: str
    reason: str
    on: date
    expires: date
    ticket: str = ""
    compensating_control: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """A person's signature under the digests of evidence, answers and results."""

    role: str
    name: str
    at: datetime
    digests: Mapping[str, str] = field(default_factory=dict)
