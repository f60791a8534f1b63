"""Keys of AWS KMS to rows, with the names by which people know them and what they encrypt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...tables.data import Key, Store
from ...tables.secrets import EnvironmentKey, Secret
from ..records import Listing, listing, part, text
from .resources import Tagging, Thing, policy_of, sources

SYMMETRIC = "SYMMETRIC_DEFAULT"
MADE_BY_KMS = "AWS_KMS"
# Only AWS itself can give such a name. Source: AWS KMS Developer Guide, "Aliases in AWS KMS".
OF_AWS = "aws/"
# The rows that name the key that encrypts them.
NAMING_KEYS = (Store, Secret, EnvironmentKey)
GOING = ("PendingDeletion", "PendingReplicaDeletion")


def shape_keys(captures: Captures, tagging: Tagging, stores: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """Key rows; `stores` are the rows that name keys."""
    users = _users(stores)
    for capture in captures.expect("kms:ListKeys", "aws"):
        found = listing(capture)
        yield from found.holes(Key)
        named = captures.about("kms:ListAliases", capture.target)
        aliases: Any = named.gap() or _aliases(named)
        for record in found.records:
            arn = record.get("KeyArn")
            if not isinstance(arn, str):
                yield from Listing(capture, (), capture.unexpected("a key without KeyArn")).holes(Key)
                continue
            detail = captures.about("kms:DescribeKey", capture.target, KeyId=arn)
            if detail.state != ABSENT:
                yield _key(captures, tagging, capture, detail, arn, aliases, users)


def _key(
    captures: Captures,
    tagging: Tagging,
    found: Capture,
    detail: Capture,
    arn: str,
    aliases: Any,
    users: Mapping[tuple[str, str, str], list[str]],
) -> Key:
    target, id = found.target, arn.rpartition("/")[2]
    policy = captures.about("kms:GetKeyPolicy", target, KeyId=arn, PolicyName="default")
    rotation = captures.about("kms:GetKeyRotationStatus", target, KeyId=arn)
    managed, state, spec, origin = (_metadata(detail, each) for each in ("KeyManager", "KeyState", "KeySpec", "Origin"))
    rotatable = detail.read(lambda answer: spec == SYMMETRIC and origin == MADE_BY_KMS)
    own: Any = aliases if isinstance(aliases, Gap) else aliases.get(id, ())
    alias = own[0] if isinstance(own, tuple) and own else ""
    if alias.startswith(OF_AWS):
        managed = "AWS"
    ours = managed == "CUSTOMER" and state not in GOING
    where = (target.account, target.region)
    called = (arn, id, *(f"alias/{each}" for each in own)) if isinstance(own, tuple) else (arn, id)
    names = {name for each in called for name in users.get((*where, each), ())}
    thing = Thing(
        "key",
        arn,
        alias or id,
        target,
        sources(found, detail, policy, rotation),
        tagging.of(target, arn),
        tagging.words,
    )
    return Key(
        **thing.row,
        name=thing.name,
        managed_by={"CUSTOMER": "customer", "AWS": "provider"}.get(managed, managed) if _said(managed) else managed,
        spec=spec,
        origin=origin,
        state=state,
        rotatable=rotatable,
        rotation=_rotates(rotation) if not _said(rotatable) or (ours and rotatable) else False,
        policy=policy_of(policy) if not _said(managed) or ours else "",
        used_by=tuple(sorted(names)),
        aliases=own,
    )


def _metadata(detail: Capture, member: str) -> Any:
    return detail.read(lambda answer: text(part(answer, "KeyMetadata"), member))


def _said(value: Any) -> bool:
    return not isinstance(value, Gap)


def _rotates(capture: Capture) -> Any:
    return capture.read(lambda answer: _flag(answer["KeyRotationEnabled"]))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"a switch is a {type(value).__name__}")
    return value


def _aliases(capture: Capture) -> dict[str, tuple[str, ...]]:
    """Names of keys by key id, sorted; only names, so that without them a key goes by its id."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in listing(capture).records:
        name, key = each.get("AliasName"), each.get("TargetKeyId")
        if isinstance(name, str) and isinstance(key, str):
            found[key].add(name.removeprefix("alias/"))
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _users(stores: Iterable[Row | Hole]) -> Mapping[tuple[str, str, str], list[str]]:
    found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in stores:
        if isinstance(row, NAMING_KEYS) and isinstance(row.key_id, str) and row.key_id:
            subject = row.subject
            for name in _as_named(row.key_id):
                found[(subject.account, subject.region, name)].append(row.name)
    return found


def _as_named(key: str) -> tuple[str, ...]:
    """A key as KMS may be told of it: as an id or an ARN of a key or of an alias; here without what leads up to it."""
    last = key.rpartition(":")[2] if key.startswith("arn:") else key
    return (key, last.removeprefix("key/"))
