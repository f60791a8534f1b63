"""Databases, file systems, search domains and caches of AWS to rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...tables.data import DatabaseAddress, Share, Store
from ..records import Listing, Record, items, listing, part, shaped, text
from ..tags import tag_map
from .resources import Tagging, Thing, arn_of, policy_text, sources
from .stores import ACCEPTS, REFUSES, UNDECIDED, share, store

_KEY = re.compile(r"arn:.*|alias/.+|mrk-[0-9a-f]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Parameter by which an engine refuses connections without TLS, and the values that make it do so.
# Source: Amazon RDS User Guide, "Using SSL/TLS to encrypt a connection"; Amazon DocumentDB Developer Guide, "Encrypting data in transit".
TLS_PARAMETERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "postgres": ("rds.force_ssl", ("1", "on", "true")),
    "aurora-postgresql": ("rds.force_ssl", ("1", "on", "true")),
    "sqlserver": ("rds.force_ssl", ("1", "on", "true")),
    "mysql": ("require_secure_transport", ("1", "on", "true")),
    "mariadb": ("require_secure_transport", ("1", "on", "true")),
    "aurora-mysql": ("require_secure_transport", ("1", "on", "true")),
    "docdb": ("tls", ("enabled", "fips-140-3", "tls1.2+", "tls1.3+")),
}


def shape_databases(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    """Store rows of databases, file systems, search domains and caches; Share rows of search domains."""
    for capture in captures.expect("rds:DescribeDBInstances", "aws"):
        yield from _stores(capture, partial(_instance, captures, tagging), _stands_alone)
    for capture in captures.expect("rds:DescribeDBClusters", "aws"):
        yield from _stores(capture, partial(_cluster, captures, tagging))
    for call, word in (("rds:DescribeDBInstances", "DBInstance"), ("rds:DescribeDBClusters", "DBCluster")):
        for capture in captures.expect(call, "aws"):
            found = listing(capture)
            yield from found.holes(DatabaseAddress)
            for record in found.records:
                yield from shaped(capture, DatabaseAddress, partial(_address, tagging, capture, record, word))
    for capture in captures.expect("efs:DescribeFileSystems", "aws"):
        yield from _stores(capture, partial(_file_system, tagging))
    for capture in captures.expect("elasticache:DescribeReplicationGroups", "aws"):
        yield from _stores(capture, partial(_cache, tagging))
    yield from _domains(captures, tagging)


def _stores(
    capture: Capture, make: Callable[[Capture, Record], Store], wanted: Callable[[Record], bool] = lambda _: True
) -> Iterator[Row | Hole]:
    found = listing(capture)
    yield from found.holes(Store)
    for record in filter(wanted, found.records):
        yield from shaped(capture, Store, partial(make, capture, record))


def _stands_alone(instance: Record) -> bool:
    """The data of an instance of a cluster is the cluster's."""
    return not instance.get("DBClusterIdentifier")


def _flag(record: Record, name: str) -> bool:
    value = record[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def _instance(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Store:
    groups = items(record, "DBParameterGroups")
    names = [text(each, "DBParameterGroupName") for each in groups]
    parameters = [
        captures.about("rds:DescribeDBParameters", capture.target, DBParameterGroupName=each) for each in names
    ]
    return _database("database", "DBInstanceIdentifier", "DBInstanceArn", tagging, capture, record, parameters)


def _cluster(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Store:
    group = text(record, "DBClusterParameterGroup", "")
    parameters = captures.about("rds:DescribeDBClusterParameters", capture.target, DBClusterParameterGroupName=group)
    return _database(
        "database cluster",
        "DBClusterIdentifier",
        "DBClusterArn",
        tagging,
        capture,
        record,
        [parameters] if group else [],
    )


def _database(
    kind: str,
    name: str,
    arn: str,
    tagging: Tagging,
    capture: Capture,
    record: Record,
    parameters: list[Capture],
) -> Store:
    engine, encrypted = text(record, "Engine"), _flag(record, "StorageEncrypted")
    transport, setting = _transport(engine, parameters)
    thing = Thing(
        kind,
        text(record, arn),
        text(record, name),
        capture.target,
        sources(capture, *parameters),
        tag_map(record.get("TagList")),
        tagging.words,
    )
    return store(
        thing,
        encryption="a KMS key" if encrypted else "",
        key_id=_key_id(capture, record),
        transport=transport,
        transport_setting=setting,
    )


def _key_id(capture: Capture, record: Record) -> Any:
    """The key of a database as RDS names it: an ARN, an id or an alias; a gap where it is none of them."""
    named = text(record, "KmsKeyId", "")
    return named if not named or _KEY.fullmatch(named) else capture.unexpected(f"KmsKeyId {named!r} names no key")


def _address(tagging: Tagging, capture: Capture, record: Record, word: str) -> DatabaseAddress:
    """Instances always say whether they are public; of clusters, only those whose storage is RDS's own have a switch."""
    kind = "database" if word == "DBInstance" else "database cluster"
    arn, name = text(record, f"{word}Arn"), text(record, f"{word}Identifier")
    tags = tag_map(record.get("TagList"))
    thing = Thing(kind, arn, name, capture.target, sources(capture), tags, tagging.words)
    public = _flag(record, "PubliclyAccessible") if word == "DBInstance" else record.get("PubliclyAccessible") is True
    return DatabaseAddress(**thing.row, kind=kind, name=name, public=public)


def _transport(engine: str, parameters: list[Capture]) -> tuple[Any, Any]:
    """What the engine's parameter does about connections without TLS, and the parameter with its value in words."""
    family = next((each for each in TLS_PARAMETERS if engine == each or engine.startswith(f"{each}-")), "")
    if not family:
        return UNDECIDED, f"the engine {engine} has no parameter for it that was read"
    name, demands = TLS_PARAMETERS[family]
    if not parameters:
        return UNDECIDED, f"no parameter group is named that would set {name}"
    values = [each.read(partial(_value, name)) if each.state != ABSENT else "" for each in parameters]
    gap = next((each for each in values if isinstance(each, Gap)), None)
    if gap is not None:
        return gap, gap
    said = [each for each in values if each]
    if not said:
        return UNDECIDED, f"{name} has no value of its own, so that the engine's default counts"
    refuses = all(each.lower() in demands for each in said)
    return REFUSES if refuses else ACCEPTS, f"{name} is {', '.join(sorted(set(said)))}"


def _value(name: str, answer: Record) -> str:
    for each in answer["Parameters"]:
        if text(each, "ParameterName") == name:
            return text(each, "ParameterValue", "")
    return ""


def _file_system(tagging: Tagging, capture: Capture, record: Record) -> Store:
    thing = Thing(
        "file system",
        text(record, "FileSystemArn"),
        text(record, "Name", "") or text(record, "FileSystemId"),
        capture.target,
        sources(capture),
        tag_map(record.get("Tags")),
        tagging.words,
    )
    encrypted = _flag(record, "Encrypted")
    return store(thing, encryption="a KMS key" if encrypted else "", key_id=text(record, "KmsKeyId", ""))


def _cache(tagging: Tagging, capture: Capture, record: Record) -> Store:
    arn = text(record, "ARN")
    transit, mode = _flag(record, "TransitEncryptionEnabled"), text(record, "TransitEncryptionMode", "")
    thing = Thing(
        "cache",
        arn,
        text(record, "ReplicationGroupId"),
        capture.target,
        sources(capture),
        tagging.of(capture.target, arn),
        tagging.words,
    )
    if transit and mode == "preferred":
        said = "its encryption in transit is only preferred, so that plaintext is taken too"
    else:
        said = f"its encryption in transit is {'on' if transit else 'off'}"
    return store(
        thing,
        encryption="a key that ElastiCache keeps" if _flag(record, "AtRestEncryptionEnabled") else "",
        key_id=text(record, "KmsKeyId", ""),
        transport=REFUSES if transit and mode != "preferred" else ACCEPTS,
        transport_setting=said,
    )


def _domains(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("opensearch:ListDomainNames", "aws"):
        found = listing(capture)
        yield from found.holes(Store, Share)
        for record in found.records:
            name = record.get("DomainName")
            if not isinstance(name, str):
                gap = capture.unexpected("a domain without DomainName")
                yield from Listing(capture, (), gap).holes(Store, Share)
                continue
            detail = captures.about("opensearch:DescribeDomain", capture.target, DomainName=name)
            if detail.state != ABSENT:
                yield from _domain(tagging, capture, detail, name)


def _domain(tagging: Tagging, capture: Capture, detail: Capture, name: str) -> Iterator[Row]:
    arn = arn_of(capture.target, "es", f"domain/{name}")
    tags = tagging.of(capture.target, arn)
    transport = detail.read(_domain_transport)
    thing = Thing("search domain", arn, name, capture.target, sources(capture, detail), tags, tagging.words)
    yield store(
        thing,
        encryption=detail.read(
            lambda answer: "a KMS key" if _flag(answer["DomainStatus"]["EncryptionAtRestOptions"], "Enabled") else ""
        ),
        key_id=detail.read(
            lambda answer: text(part(answer["DomainStatus"], "EncryptionAtRestOptions"), "KmsKeyId", "")
        ),
        transport=transport if isinstance(transport, Gap) else transport[0],
        transport_setting=transport if isinstance(transport, Gap) else transport[1],
    )
    yield share(
        thing,
        policy=detail.read(lambda answer: policy_text(_described(answer), "AccessPolicies")),
        policy_blocked_by=detail.read(_inside),
    )


def _domain_transport(answer: Record) -> tuple[str, str]:
    """What a domain does about plaintext: before its endpoint, and between its nodes."""
    status = _described(answer)
    endpoint, inside = status["DomainEndpointOptions"], status["NodeToNodeEncryptionOptions"]
    if not _flag(endpoint, "EnforceHTTPS"):
        return ACCEPTS, "its endpoint does not enforce HTTPS"
    if not _flag(inside, "Enabled"):
        return ACCEPTS, "its nodes talk to each other in plaintext"
    return REFUSES, "its endpoint enforces HTTPS, and its nodes encrypt what they tell each other"


def _described(answer: Record) -> Record:
    status: Record = answer["DomainStatus"]
    text(status, "ARN")
    return status


def _inside(answer: Record) -> str:
    """What keeps the internet away from a domain whatever its policy says: a network of the account's own."""
    return "a network of its own" if part(_described(answer), "VPCOptions").get("VPCId") else ""
