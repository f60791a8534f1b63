"""Rows about what watches and records: log groups, alarms, trails, and the places in which evidence is kept."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class LogGroup(Row):
    """A log group. `retention_days` is how long it keeps events, None for without end; `log_class` is STANDARD, INFREQUENT_ACCESS or DELIVERY.

    `sent_to` is a destination that certainly gets every event; empty if none is known, which does not say that there is none.
    """

    name: str
    retention_days: int | None
    log_class: str
    key_id: str
    sent_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Alarm(Row):
    """An alarm on a metric, on an expression over several, or on other alarms (`composite`). `acts` says whether anything is told when it goes off.

    `enabled` is false while its actions are switched off; `part_of` names the composite alarms whose rule refers to it.
    """

    name: str
    composite: bool
    acts: bool
    enabled: bool = True
    part_of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AlarmMetric(Row):
    """One metric that an alarm looks at, alone or in an expression.

    `watches` names it as `namespace metric thing`, where the thing is the function or queue that its dimensions name, and `*` if it has none.
    `account_watched` is the account whose metric it is, which need not be the alarm's.
    """

    alarm: str
    watches: str
    account_watched: str


@dataclass(frozen=True, slots=True)
class FieldSelector:
    """One condition of an advanced event selector: a field and, for each operator, the values of which one must match."""

    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventSelector:
    """What a trail or an event data store records.

    A classic selector has `reads_and_writes` (All, ReadOnly or WriteOnly), `management` and `resources` as (type, ARN) pairs; an advanced one
    has `fields`, all of which must match.
    """

    advanced: bool
    reads_and_writes: str = "All"
    management: bool = False
    resources: tuple[tuple[str, str], ...] = ()
    fields: tuple[FieldSelector, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trail(Row):
    """A trail as one region sees it: its own trails, and those of other regions or of the organisation that apply to it.

    `logging` and `delivery_error` are from its status, `log_file_validation` says whether digests of its log files are made. `log_group` is the ARN of the
    log group that it also writes to, empty if there is none.
    """

    name: str
    home_region: str
    all_regions: bool
    organisation: bool
    foreign: bool  # belongs to another account
    logging: bool
    delivery_error: str
    log_file_validation: bool
    selectors: tuple[EventSelector, ...]
    bucket: str
    log_group: str = ""


@dataclass(frozen=True, kw_only=True)
class EventDataStore(Row):
    """A store of CloudTrail Lake that can be queried. `status` is ENABLED while it takes events."""

    name: str
    status: str
    all_regions: bool
    organisation: bool
    selectors: tuple[EventSelector, ...]
    retention_days: int
    deletion_protected: bool


@dataclass(frozen=True, kw_only=True)
class EvidenceStore(Row):
    """A place in which records of what happened are kept: the bucket of a trail, an event data store, a log group, the bucket or stream of a firewall's or API's log.

    `retention_days` is how long they are kept, None for without end; `searchable_days` how long they can be searched without a restore from an archive,
    None for as long as they are kept. `because` names the rule that sets `retention_days`, `archived_to` the class of storage after `searchable_days`.
    `sent_to` is a destination that certainly gets every record too; empty if none is known, which does not say that there is none.
    """

    kind: str  # trail bucket, event data store, log group, firewall log, API log
    name: str
    retention_days: int | None
    because: str
    searchable_days: int | None
    archived_to: str
    fixed_by_provider: bool = False
    sent_to: str = ""


@dataclass(frozen=True, kw_only=True)
class TrailArchive(Row):
    """A trail with the bucket that it writes to, and what keeps its records from being changed or deleted.

    `bucket_account` is the account that holds the bucket. `lock` is the mode of Object Lock's default retention, empty without one;
    `log_file_validation` says whether digests of the log files are made; `key_id` is the key of ours that encrypts them, empty if it is one of S3's.
    """

    trail: str
    bucket: str
    log_file_validation: bool
    bucket_account: str
    versioned: bool
    delete_needs_mfa: bool
    lock: str
    key_id: str = ""
