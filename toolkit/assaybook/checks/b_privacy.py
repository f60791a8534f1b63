"""Area B: personal data stays out of messages, logs and test, goes when its time is over, and is searched for."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.compute import Workload
from ..tables.copies import Origin, Retention
from ..tables.data import Store
from ..tables.privacy import DataDiscovery, LogMask, MessageSchema
from ..tables.register import RegisterEntry
from ..watched import Watched
from .data_classes import entry_of, is_sensitive
from .personal_fields import suggests_personal_data

MOST_NAMED = 5


@check("personal-data-in-message-schema", over=MessageSchema)
def personal_data_in_message_schema(schema: MessageSchema, evidence: Watched) -> Verdict:
    """Messages between functions have no field of personal data that is not a token or a hash."""
    found = [each for each in schema.fields if suggests_personal_data(each)]
    if not found:
        return ok(f"no field of the {schema.kind} {schema.name} has a name that suggests personal data")
    return review(
        f"the {schema.kind} {schema.name} has fields whose names suggest personal data ({_some(found)}); whether each is a token, a hash or "
        "meant to travel, a person concludes"
    )


@check("sensitive-log-not-masked", over=LogMask)
def sensitive_log_not_masked(log: LogMask, evidence: Watched) -> Verdict:
    """Logs of sensitive functions are masked by a data protection policy."""
    where = log.subject
    writers = evidence.all(Workload, account=where.account, region=where.region, log_group=log.name)
    sensitive = [each.name for each in writers if each.sensitive]
    if not sensitive and not log.sensitive:
        return na(f"no function that is tagged sensitive writes to the log group {log.name}")
    if log.policy:
        return ok(f"{log.policy} masks what is written to the log group {log.name}")
    who = f"{_some(sensitive)} (sensitive) writes" if sensitive else "what is tagged sensitive is written"
    return review(
        f"{who} to the log group {log.name}, which no data protection policy masks; what is logged, a person concludes"
    )


@check("data-kept-too-long", over=Retention)
def data_kept_too_long(store: Retention, evidence: Watched) -> Verdict:
    """Classified data is deleted at the latest when its class demands."""
    what = f"the {store.kind} {store.name}"
    entry = entry_of(store.name, store.subject, evidence)
    if not store.classified and not (entry and entry.data_class):
        if store.rule:
            return ok(f"{what} deletes what it holds: {store.rule}")
        return review(f"{what} has no class, and nothing deletes what it holds")
    longest = _longest(store, entry, evidence)
    if longest is None:
        return na(f"the class of {what} sets no longest time")
    if not store.rule:
        return fail(f"nothing deletes what {what} holds, though its class allows {longest} days")
    if store.days is not None and store.days > longest:
        return fail(f"{what} keeps what it holds for {store.days} days, though its class allows {longest}")
    if store.days is None:
        return ok(
            f"{what} deletes what it holds: {store.rule}, which has to lie within the {longest} days of its class"
        )
    return ok(f"{what} keeps to the {longest} days that its class allows: {store.rule}")


def _longest(store: Retention, entry: RegisterEntry | None, evidence: Watched) -> int | None:
    """What the register allows for the store, else the organisation's limit, which concerns sensitive data."""
    if entry is not None and entry.max_retention_days is not None:
        return entry.max_retention_days
    named = entry is not None and is_sensitive(entry.data_class.strip().casefold(), evidence)
    limit: int | None = evidence.parameter("log_retention_max_days")
    return limit if store.sensitive or named else None


@check("production-data-in-test", over=Origin)
def production_data_in_test(origin: Origin, evidence: Watched) -> Verdict:
    """Stores outside production do not stem from production."""
    what = f"the {origin.kind} {origin.name}"
    if origin.production is not False:
        return na(f"{what} is not tagged as lying outside production")
    if not origin.source:
        return ok(f"nothing tells that {what} stems from another store")
    source = evidence.any(Store, lambda each: _means(origin, each), account=origin.subject.account)
    name = origin.source.rpartition("/")[2]
    if source is not None and source.production is False:
        return ok(f"{what} {origin.how} of {name}, which lies outside production too")
    known = "which is production" if source is not None and source.production else "which may be production"
    return review(
        f"{what} lies outside production and {origin.how} of {name}, {known}; whether its data was made anonymous, a person concludes"
    )


def _means(origin: Origin, store: Store) -> bool:
    """Whether a store is the origin: by its ARN, or by its name among those of the same kind and region."""
    named = (store.kind, store.subject.region, store.name) == (origin.kind, origin.subject.region, origin.source)
    return named or store.key == origin.source


@check("sensitive-data-discovery-off", over=DataDiscovery)
def sensitive_data_discovery_off(discovery: DataDiscovery, evidence: Watched) -> Verdict:
    """The buckets of a region are searched for sensitive data regularly."""
    where = f"{discovery.subject.account}/{discovery.region}"
    buckets = discovery.buckets
    if not buckets:
        return na(f"no bucket lies in {where}")
    declared = evidence.parameter("declared_discovery")
    if declared:
        return ok(f"{declared} is declared to search the {_count(buckets)} of {where}")
    if not discovery.enabled:
        return fail(f"Macie is off in {where}, so nobody searches its {_count(buckets)} for sensitive data")
    if discovery.automated:
        return ok(f"Macie samples the {_count(buckets)} of {where} by itself")
    if not discovery.jobs:
        return fail(
            f"Macie is on in {where}, but no job returns to its {_count(buckets)} and automated discovery is off"
        )
    if discovery.by_criteria:
        return review(
            f"the job {_some(discovery.by_criteria)} chooses its buckets in {where} by criteria; whether they take in all {_count(buckets)}, a person concludes"
        )
    left = [each for each in buckets if each not in discovery.searched]
    if left:
        return fail(f"no job of Macie in {where} covers {_some(left)}")
    return ok(f"jobs of Macie cover the {_count(buckets)} of {where} ({_some(discovery.jobs)})")


def _count(buckets: tuple[str, ...]) -> str:
    return "one bucket" if len(buckets) == 1 else f"{len(buckets)} buckets"


def _some(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
