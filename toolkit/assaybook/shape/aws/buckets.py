"""Buckets of Amazon S3 to rows: encryption, policy, access list, and Block Public Access of bucket and account together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.data import PublicAccessBlock, Share, Store
from ..records import Listing, Record, items, listing, part, text
from ..tags import TagWords, tag_map
from .resources import Thing, known, partition_of, policy_of, sources
from .stores import BY_POLICY, share, store

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
# Source: Amazon S3 User Guide, "Access control list (ACL) overview", predefined groups.
EVERYBODY = {
    "http://acs.amazonaws.com/groups/global/AllUsers": "everybody",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": "every AWS user",
}
# What AWS calls the region of buckets that have none.
FIRST_REGION = "us-east-1"


@dataclass(frozen=True)
class Bucket:
    """One bucket of an account, with the captures about it."""

    captures: Captures
    found: Capture
    name: str
    region: str

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:{partition_of(self.region)}:s3:::{self.name}"

    def about(self, operation: str) -> Capture:
        """The capture of a call about this bucket."""
        return self.captures.about(f"s3:{operation}", self.found.target, Bucket=self.name)

    @property
    def declared(self) -> bool:
        """Whether a template declares it."""
        return self.captures.declared(self.found.target.account)

    def blocks(self, which: str) -> Any:
        """Whether Block Public Access does this, at the account or at the bucket; a gap if neither is known to do it and one is not known.

        Of a bucket that a template declares, what the template says counts: it cannot rely on an account that it does not know.
        """
        account = self.found.target.account
        if self.declared:
            return _blocks(self.about("GetPublicAccessBlock"), which)
        whole = self.captures.about("s3control:GetPublicAccessBlock", self.found.target, AccountId=account)
        return known(_blocks(whole, which), _blocks(self.about("GetPublicAccessBlock"), which))

    def where_blocked(self, which: str) -> Any:
        """What does this: Block Public Access of the account or the bucket; empty if nothing does; the gap if that is not known."""
        does = self.blocks(which)
        if isinstance(does, Gap):
            return does
        return f"Block Public Access ({which})" if does else ""


def _blocks(capture: Capture, which: str) -> Any:
    if capture.state == ABSENT:
        return False
    return capture.read(lambda answer: _switch(part(answer, "PublicAccessBlockConfiguration"), which))


def _switch(configuration: Record, which: str) -> bool:
    value = configuration[which]
    if not isinstance(value, bool):
        raise TypeError(f"{which} is a {type(value).__name__}")
    return value


def buckets(captures: Captures) -> Iterator[tuple[Listing, tuple[Bucket, ...]]]:
    """The buckets of each account, with the listing that they come from."""
    for capture in captures.expect("s3:ListBuckets", "aws", scope=GLOBAL):
        found = listing(capture)
        named = [each for each in found.records if isinstance(each.get("Name"), str)]
        odd = len(found.records) - len(named)
        if odd:
            found = Listing(capture, found.records, capture.unexpected(f"{odd} buckets without Name"))
        yield (
            found,
            tuple(
                Bucket(captures, capture, each["Name"], str(each.get("BucketRegion") or FIRST_REGION)) for each in named
            ),
        )


def shape_buckets(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Store, Share and PublicAccessBlock rows of buckets, and PublicAccessBlock rows of accounts."""
    for found, whole in buckets(captures):
        yield from found.holes(Store, Share, PublicAccessBlock)
        yield _of_account(captures, found.capture.target)
        for bucket in whole:
            if bucket.about("GetBucketEncryption").code != "NoSuchBucket":
                yield from _rows(bucket, words)


def _rows(bucket: Bucket, words: TagWords) -> Iterator[Row]:
    encryption, policy = bucket.about("GetBucketEncryption"), policy_of(bucket.about("GetBucketPolicy"))
    tags = bucket.about("GetBucketTagging")
    thing = Thing(
        "bucket",
        bucket.arn,
        bucket.name,
        Target("aws", bucket.found.target.account, bucket.region),
        sources(
            bucket.found, *(bucket.about(name) for name in ("GetBucketPolicy", "GetPublicAccessBlock", "GetBucketAcl"))
        ),
        {} if tags.state == ABSENT else tags.read(lambda answer: tag_map(answer["TagSet"])),
        words,
    )
    yield store(
        thing,
        encryption="keys that S3 manages" if encryption.state == ABSENT else encryption.read(_encryption),
        by_service=True,
        key_id="" if encryption.state == ABSENT else encryption.read(lambda answer: _default(answer)[1]),
        policy=policy,
        transport=BY_POLICY,
        closed=_closed(bucket),
    )
    yield PublicAccessBlock(
        **thing.row, kind="bucket", name=bucket.name, open_ways=_left(bucket.blocks(which) for which in BLOCKS)
    )
    acl, website = bucket.about("GetBucketAcl"), bucket.about("GetBucketWebsite")
    yield share(
        thing,
        policy=policy,
        policy_blocked_by=bucket.where_blocked("RestrictPublicBuckets"),
        provider_view="" if bucket.declared else _provider_view(bucket.about("GetBucketPolicyStatus")),
        access_list=acl.read(_grants),
        access_list_blocked_by=_lists_off(bucket),
        website=False if website.state == ABSENT else website.read(lambda answer: bool(answer)),
    )


def _of_account(captures: Captures, target: Target) -> PublicAccessBlock:
    capture = captures.about("s3control:GetPublicAccessBlock", target, AccountId=target.account)
    return PublicAccessBlock(
        key=target.account,
        subject=Subject("aws", target.account, GLOBAL, "account", target.account, target.account),
        sources=sources(capture),
        kind="account",
        name=target.account,
        open_ways=_left(_blocks(capture, which) for which in BLOCKS),
    )


def _left(blocks: Iterable[Any]) -> Any:
    """The switches that are not set; the first gap if one is not known."""
    found = dict(zip(BLOCKS, blocks, strict=True))
    gap = next((each for each in found.values() if isinstance(each, Gap)), None)
    return gap or tuple(which for which, blocked in found.items() if blocked is False)


def _closed(bucket: Bucket) -> bool | None:
    """Whether all four ways are blocked; None if that is not known."""
    values = [bucket.blocks(which) for which in BLOCKS]
    if any(value is False for value in values):
        return False
    return None if any(isinstance(value, Gap) for value in values) else True


def _default(answer: Record) -> tuple[str, str]:
    rule = items(part(answer, "ServerSideEncryptionConfiguration"), "Rules")[0]
    default = part(rule, "ApplyServerSideEncryptionByDefault")
    return text(default, "SSEAlgorithm"), text(default, "KMSMasterKeyID", "")


def _encryption(answer: Record) -> str:
    return "keys that S3 manages" if _default(answer)[0] == "AES256" else "a KMS key"


def _provider_view(capture: Capture) -> Any:
    if capture.state == ABSENT:
        return "not public"
    return capture.read(lambda answer: "public" if _switch(part(answer, "PolicyStatus"), "IsPublic") else "not public")


def _grants(answer: Record) -> tuple[str, ...]:
    part(answer, "Owner")["ID"]
    found = []
    for grant in items(answer, "Grants"):
        who = EVERYBODY.get(str(part(grant, "Grantee").get("URI", "")))
        if who:
            found.append(f"{text(grant, 'Permission')} for {who}")
    return tuple(sorted(found))


def _lists_off(bucket: Bucket) -> Any:
    """What makes access lists count for nothing: ownership enforced by the bucket, or Block Public Access; empty if nothing does."""
    controls = bucket.about("GetBucketOwnershipControls")
    owned = False if controls.state == ABSENT else controls.read(_enforced)
    if owned is True:
        return "ownership enforced by the bucket"
    blocked = bucket.where_blocked("IgnorePublicAcls")
    return blocked or owned if isinstance(owned, Gap) else blocked


def _enforced(answer: Mapping[str, Any]) -> bool:
    rules = items(part(answer, "OwnershipControls"), "Rules")
    return bool(rules) and all(text(rule, "ObjectOwnership") == "BucketOwnerEnforced" for rule in rules)
