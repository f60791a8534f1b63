"""Area D: whether it is recorded who read and wrote objects of sensitive buckets."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.truth import Truth, every, some
from ..tables.data import Store
from ..tables.monitoring import EventDataStore, Trail, TrailArchive
from ..tables.scope import Region
from ..watched import Watched
from .trail_events import records_objects

WAYS = {False: "reads", True: "writes"}


@check("sensitive-bucket-without-data-events", over=Store)
def sensitive_bucket_without_data_events(store: Store, evidence: Watched) -> Verdict:
    """A trail or event data store records who read and who wrote objects of each sensitive bucket."""
    if store.kind != "bucket":
        return na(f"{store.name} is no bucket")
    if not store.sensitive:
        return na(f"{store.name} is not tagged sensitive, and data events cost")
    if evidence.any(TrailArchive, bucket=store.name) is not None:
        return na(f"{store.name} holds the records of a trail, which would record itself")
    account, region = store.subject.account, store.subject.region
    evidence.one(Region, f"{account}/{region}")
    trails = evidence.all(Trail, lambda each: each.logging, account=account, region=region)
    lakes = evidence.all(EventDataStore, lambda each: each.status == "ENABLED", account=account)
    found = [each.selectors for each in trails]
    found += [each.selectors for each in lakes if each.all_regions or each.subject.region == region]
    answers = {WAYS[writes]: some(records_objects(each, store.key, writes=writes) for each in found) for writes in WAYS}
    missing = [way for way, answer in answers.items() if answer is Truth.FALSE]
    if missing:
        return fail(
            f"{store.name} is tagged sensitive, and no trail that is logging records {' and '.join(missing)} of its objects",
            # That the bucket is sensitive is why the control asks, and so no reason to count the failure twice.
            used=frozenset({"sensitive"}),
        )
    if every(answers.values()) is Truth.UNKNOWN:
        return review(f"a trail records some reads and writes of {store.name}: its selectors narrow them further")
    return ok(f"reads and writes of objects of {store.name} are recorded")
