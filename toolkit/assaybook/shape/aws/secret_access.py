"""What decides who can read secrets and encrypted parameters: their resource policies and the policies of their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.trust import SecretAccess
from ..records import Record, listing, loose_items, loose_part, shaped, text
from ..tags import TagWords, tag_map
from .resources import policy_of, sources

SECRET, PARAMETER = "secret", "parameter"
BY_PROVIDER = "alias/aws/"


def shape_secret_access(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """SecretAccess rows, of all secrets and, where parameters were listed, of those of type SecureString."""
    for capture in captures.expect("secretsmanager:ListSecrets", "aws"):
        found = listing(capture)
        yield from found.holes(SecretAccess)
        for record in found.records:
            yield from shaped(capture, SecretAccess, partial(_secret, captures, capture, record, words))
    for capture in captures.of("ssm:DescribeParameters"):
        found = listing(capture, "Parameters")
        yield from found.holes(SecretAccess)
        for record in found.records:
            if record.get("Type") == "SecureString":
                yield from shaped(capture, SecretAccess, partial(_parameter, captures, capture, record))


def _secret(captures: Captures, capture: Capture, record: Record, words: TagWords) -> SecretAccess:
    arn, name = text(record, "ARN"), text(record, "Name")
    about = captures.about("secretsmanager:GetResourcePolicy", capture.target, SecretId=arn)
    key = _key(captures, capture, record.get("KmsKeyId"))
    return SecretAccess(
        key=arn,
        subject=Subject("aws", capture.target.account, capture.target.region, SECRET, arn, name),
        sources=sources(capture, about),
        setting=words.setting(tag_map(record.get("Tags"))),
        name=name,
        kind=SECRET,
        policy=policy_of(about, "ResourcePolicy"),
        encryption_key=key,
        key_policy=_key_policy(captures, capture, key),
    )


def _parameter(captures: Captures, capture: Capture, record: Record) -> SecretAccess:
    name, target = text(record, "Name"), capture.target
    arn = text(record, "ARN", f"arn:aws:ssm:{target.region}:{target.account}:parameter/{name.lstrip('/')}")
    key = _key(captures, capture, record.get("KeyId"))
    return SecretAccess(
        key=arn,
        subject=Subject("aws", target.account, target.region, PARAMETER, arn, name),
        sources=sources(capture),
        name=name,
        kind=PARAMETER,
        policy="",
        encryption_key=key,
        key_policy=_key_policy(captures, capture, key),
    )


def _key(captures: Captures, capture: Capture, named: object) -> Any:
    """The ARN of the customer-managed key, empty for AWS's own, or the gap if an alias cannot be followed."""
    if not isinstance(named, str) or not named or BY_PROVIDER in named:
        return ""
    arn = _key_arn(captures, capture, named)
    if isinstance(arn, Gap):
        return arn
    detail = captures.about("kms:DescribeKey", capture.target, KeyId=arn)
    return "" if loose_part(detail.answer, "KeyMetadata").get("KeyManager") == "AWS" else arn


def _key_arn(captures: Captures, capture: Capture, named: str) -> Any:
    target = capture.target
    if ":key/" in named:
        return named
    if "alias/" not in named:
        return f"arn:aws:kms:{target.region}:{target.account}:key/{named}"
    aliases = captures.about("kms:ListAliases", target)
    gap = aliases.gap()
    if gap is not None:
        return gap
    alias = named[named.index("alias/") :]
    for each in loose_items(aliases.answer, "Aliases"):
        if isinstance(each, Mapping) and each.get("AliasName") == alias and each.get("TargetKeyId"):
            return f"arn:aws:kms:{target.region}:{target.account}:key/{each['TargetKeyId']}"
    return aliases.unexpected(f"it does not hold {alias}")


def _key_policy(captures: Captures, capture: Capture, key: Any) -> Any:
    if isinstance(key, Gap) or not key:
        return key
    return policy_of(captures.about("kms:GetKeyPolicy", capture.target, KeyId=key, PolicyName="default"))
