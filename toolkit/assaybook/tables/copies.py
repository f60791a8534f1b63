"""Rows about copies of data, about how a store can be recovered, how long it keeps what it holds, and where that came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Copy(Row):
    """A copy of what a store holds. `of` names the original, as far as the copy tells; `encrypted` says whether the copy is encrypted at rest, `how` with what."""

    kind: str  # database snapshot, volume snapshot, table export, bucket replica, backup vault
    name: str
    of: str
    encrypted: bool
    how: str


@dataclass(frozen=True, kw_only=True)
class Recovery(Row):
    """How a store that is the original of its data can be brought back after a loss.

    `by` names each way of its own in words (point-in-time recovery, automatic backups); `backed_up` is when a backup service copied it last, None if never.
    `deletion_protected` says whether a delete call is refused.
    """

    kind: str  # table, database, database cluster
    name: str
    production: bool | None
    by: tuple[str, ...]
    backed_up: datetime | None
    deletion_protected: bool


@dataclass(frozen=True, kw_only=True)
class Retention(Row):
    """How long a store keeps what it holds: `days`, None where items tell it themselves or nothing deletes them; `rule` says in words what deletes, empty if nothing does."""

    kind: str  # table, bucket, log group
    name: str
    rule: str
    days: int | None
    classified: bool
    sensitive: bool


@dataclass(frozen=True, kw_only=True)
class Origin(Row):
    """Where the data in a store came from, as far as the provider tells: `source` is the ARN of the original, empty if nothing tells of one."""

    kind: str  # table, database, database cluster
    name: str
    production: bool | None
    source: str
    how: str
