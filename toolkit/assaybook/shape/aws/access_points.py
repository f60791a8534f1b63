"""Access points of Amazon S3 to rows: further ways into buckets, with policies and a Block Public Access of their own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...tables.data import Share
from ..records import Record, flag, listing, part, shaped, text
from .buckets import Bucket
from .resources import Tagging, Thing, known, policy_of, sources
from .stores import share

WHICH = "RestrictPublicBuckets"


def shape_access_points(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    """Share rows of access points that answer beyond a network of the account's own."""
    for capture in captures.expect("s3control:ListAccessPoints", "aws"):
        found = listing(capture)
        yield from found.holes(Share)
        for record in found.records:
            if record.get("NetworkOrigin") != "VPC":
                yield from shaped(capture, Share, partial(_access_point, captures, tagging, capture, record))


def _access_point(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Share:
    name, arn, target = text(record, "Name"), text(record, "AccessPointArn"), capture.target
    detail, policy, view = (
        captures.about(f"s3control:{call}", target, AccountId=target.account, Name=name)
        for call in ("GetAccessPoint", "GetAccessPointPolicy", "GetAccessPointPolicyStatus")
    )
    tags = tagging.of(target, arn)
    thing = Thing("access point", arn, name, target, sources(capture, detail, policy, view), tags, tagging.words)
    own = False if detail.state == ABSENT else detail.read(_blocks)
    blocked = known(own, _around(captures, capture, text(record, "Bucket")))
    return share(
        thing,
        policy=policy_of(policy),
        policy_blocked_by=blocked if isinstance(blocked, Gap) else f"Block Public Access ({WHICH})" if blocked else "",
        provider_view=""
        if captures.declared(target.account)
        else "not public"
        if view.state == ABSENT
        else view.read(_view),
    )


def _around(captures: Captures, capture: Capture, bucket: str) -> Any:
    """Whether Block Public Access of the account or of the bucket behind it closes the access point too."""
    whole = Target("aws", capture.target.account, GLOBAL)
    found = captures.of("s3:ListBuckets", whole)
    if not found:
        return capture.unexpected("the account's buckets were not listed")
    return Bucket(captures, found[0], bucket, capture.target.region).blocks(WHICH)


def _blocks(answer: Record) -> bool:
    return flag(part(answer, "PublicAccessBlockConfiguration"), WHICH)


def _view(answer: Record) -> str:
    return "public" if flag(part(answer, "PolicyStatus"), "IsPublic") else "not public"
