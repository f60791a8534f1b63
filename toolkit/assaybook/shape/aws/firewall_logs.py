"""How long the logs of firewalls that are written to buckets are kept, to rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.monitoring import EvidenceStore
from ..records import Record, listing, loose_items, shaped, text
from .buckets import Bucket, buckets
from .resources import sources
from .trails import elsewhere, kept_by


def shape_firewall_logs(captures: Captures) -> Iterator[Row | Hole]:
    """EvidenceStore rows of the buckets to which firewalls write. Log groups are rows already, and streams are not followed."""
    held = {bucket.name: bucket for _, whole in buckets(captures) for bucket in whole}
    unseen = next((found.gap for found, _ in buckets(captures) if found.gap is not None), None)
    asked = [(each, listing(each)) for each in captures.expect("wafv2:ListLoggingConfigurations", "aws")]
    fronts = captures.expect("wafv2:ListLoggingConfigurations/cloudfront", "aws", scope=GLOBAL)
    asked += [(each, listing(each)) for each in fronts]
    for capture, found in asked:
        yield from found.holes(EvidenceStore)
        for record in found.records:
            for destination in loose_items(record, "LogDestinationConfigs"):
                parts = str(destination).split(":")
                if len(parts) > 5 and parts[2] == "s3":
                    yield from shaped(
                        capture, EvidenceStore, partial(_kept_firewall_log, capture, record, parts[5], held, unseen)
                    )


def _kept_firewall_log(
    capture: Capture, record: Record, named: str, held: dict[str, Bucket], unseen: Gap | None
) -> EvidenceStore:
    arn, (name, _, prefix) = text(record, "ResourceArn"), named.partition("/")
    bucket = held.get(name)
    lifecycle = bucket.about("GetBucketLifecycleConfiguration") if bucket else capture
    found: Any
    if bucket is None:
        found = elsewhere(capture, name, unseen)
    elif lifecycle.state == ABSENT:
        found = (None, "no rule deletes what is in it", None, "")
    else:
        found = lifecycle.read(partial(kept_by, f"{prefix.rstrip('/')}/AWSLogs/".lstrip("/")))
    kept: tuple[Any, ...] = (found,) * 4 if isinstance(found, Gap) else found
    acl = arn.split("/")[-2] if arn.count("/") >= 2 else arn
    return EvidenceStore(
        key=f"{arn}/{named}",
        subject=Subject("aws", capture.target.account, capture.target.region, "web-acl", arn, acl),
        sources=sources(capture, lifecycle),
        kind="firewall log bucket",
        name=f"{name} of web ACL {acl}",
        retention_days=kept[0],
        because=kept[1],
        searchable_days=kept[2],
        archived_to=kept[3],
    )
