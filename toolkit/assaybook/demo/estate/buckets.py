"""The buckets of the estate: private ones, a website that is public on purpose or not, evidence, and one that the reader may not see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..emulator.clock import at
from .names import ACCOUNT, EU, PARTNER, PRODUCTION, US, Builder, arn, pairs

CLOSED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
OPEN = dict.fromkeys(CLOSED, False)
# Of the account as a whole: access lists are neutralised, policies are not.
ACCOUNT_BLOCK = {**OPEN, "BlockPublicAcls": True, "IgnorePublicAcls": True}
DISTRIBUTION = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E2NORTHWIND1A"


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """One bucket. `tls` adds the statement that refuses plaintext; `expires` is the day after which objects are deleted."""

    name: str
    region: str = US
    tls: bool = True
    statements: tuple[Mapping[str, Any], ...] = ()
    block: Mapping[str, bool] | None = field(default_factory=lambda: CLOSED)
    key: str = ""
    versioned: bool = False
    locked: bool = False
    expires: int = 0
    website: bool = False
    acl: str = ""
    data: str = "internal"


def _read_by(
    principal: Any, bucket: str, *, action: str = "s3:GetObject", condition: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    made = {
        "Sid": "Read",
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    return {**made, "Condition": condition} if condition else made


def _trail_writes(bucket: str, trail: str, region: str) -> tuple[dict[str, Any], ...]:
    source = {"StringEquals": {"aws:SourceArn": arn("cloudtrail", f"trail/{trail}", region)}}
    service = {"Service": "cloudtrail.amazonaws.com"}
    return (
        {
            "Sid": "Acl",
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:GetBucketAcl",
            "Resource": f"arn:aws:s3:::{bucket}",
            "Condition": source,
        },
        {
            "Sid": "Write",
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/{ACCOUNT}/*",
            "Condition": source,
        },
    )


BUCKETS = (
    Bucket(name="northwind-shop-rules"),
    Bucket(name="northwind-shop-exports", key="orders", data="confidential", expires=90),
    Bucket(
        name="northwind-shop-pictures",
        data="public",
        statements=(
            _read_by(
                {"Service": "cloudfront.amazonaws.com"},
                "northwind-shop-pictures",
                condition={"StringEquals": {"AWS:SourceArn": DISTRIBUTION}},
            ),
        ),
    ),
    Bucket(
        name="northwind-press-kit",
        data="public",
        tls=False,
        statements=(_read_by("*", "northwind-press-kit"),),
        block=OPEN,
        website=True,
    ),
    Bucket(
        name="northwind-old-campaign",
        tls=False,
        block=None,
        acl="public-read",
        statements=(_read_by({"AWS": "*"}, "northwind-old-campaign", action="s3:*"),),
    ),
    Bucket(
        name="northwind-supplier-imports",
        tls=False,
        statements=(_read_by({"AWS": f"arn:aws:iam::{ACCOUNT}:role/inventory-import"}, "northwind-supplier-imports"),),
    ),
    Bucket(name="northwind-legacy-invoices", tls=False, data="confidential"),
    Bucket(
        name="northwind-carrier-drop",
        statements=(
            _read_by({"AWS": f"arn:aws:iam::{PARTNER}:root"}, "northwind-carrier-drop", action="s3:PutObject"),
        ),
    ),
    Bucket(
        name="northwind-trail",
        statements=_trail_writes("northwind-trail", "northwind-all", US),
        versioned=True,
        locked=True,
        expires=400,
        key="trail",
    ),
    Bucket(
        name="northwind-trail-europe",
        region=EU,
        tls=False,
        statements=_trail_writes("northwind-trail-europe", "europe-writes", EU),
        expires=90,
    ),
    Bucket(name="northwind-returns-photos", region=EU, data="pii"),
    Bucket(name="northwind-gdpr-exports", region=EU, data="pii", expires=30),
)
# Its policy lets only the data protection team read even its settings.
UNREADABLE_BUCKETS = ("northwind-gdpr-exports",)
UNREADABLE_LIFECYCLES = ("northwind-trail-europe",)


def build_buckets(builder: Builder, keys: Mapping[str, str]) -> None:
    """Make the buckets; `keys` gives the ARNs of the keys by name."""
    with at("2024-06-18"):
        block = {"AccountId": ACCOUNT, "PublicAccessBlockConfiguration": ACCOUNT_BLOCK}
        builder.client("s3control").put_public_access_block(**block)
        for bucket in BUCKETS:
            _build(builder.client("s3", bucket.region), bucket, keys)


def _build(s3: Any, bucket: Bucket, keys: Mapping[str, str]) -> None:
    name: dict[str, Any] = {"Bucket": bucket.name}
    where = {} if bucket.region == US else {"CreateBucketConfiguration": {"LocationConstraint": bucket.region}}
    ownership = "ObjectWriter" if bucket.acl else "BucketOwnerEnforced"
    s3.create_bucket(**name, **where, ObjectLockEnabledForBucket=bucket.locked, ObjectOwnership=ownership)
    s3.put_bucket_tagging(**name, Tagging={"TagSet": pairs({**PRODUCTION, "data-classification": bucket.data})})
    s3.put_bucket_ownership_controls(**name, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]})
    sse = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": keys[bucket.key]} if bucket.key else {"SSEAlgorithm": "AES256"}
    rule = {"ApplyServerSideEncryptionByDefault": sse, "BucketKeyEnabled": bool(bucket.key)}
    s3.put_bucket_encryption(**name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    statements = [*bucket.statements, *([_tls_only(bucket.name)] if bucket.tls else [])]
    if statements:
        s3.put_bucket_policy(**name, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    if bucket.block is not None:
        s3.put_public_access_block(**name, PublicAccessBlockConfiguration=bucket.block)
    if bucket.acl:
        s3.put_bucket_acl(**name, ACL=bucket.acl)
    if bucket.versioned:
        s3.put_bucket_versioning(**name, VersioningConfiguration={"Status": "Enabled"})
    if bucket.locked:
        retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 400}}
        s3.put_object_lock_configuration(
            **name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention}
        )
    if bucket.expires:
        rules = [
            {"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": bucket.expires}}
        ]
        s3.put_bucket_lifecycle_configuration(**name, LifecycleConfiguration={"Rules": rules})
    if bucket.website:
        s3.put_bucket_website(**name, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})


def _tls_only(bucket: str) -> dict[str, Any]:
    both = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": both,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
