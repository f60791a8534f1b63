"""Serverless caches, accelerators of tables, in-memory databases and proxies of AWS to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ...capture import Capture, Captures
from ...evidence import Hole, Row
from ...tables.data import DatabaseProxy, Store
from ..records import Record, flag, listing, part, shaped, text
from .resources import Tagging, Thing, offered, sources
from .stores import ACCEPTS, REFUSES, store

Make = Callable[[Tagging, Capture, Record], Store]


def shape_caches(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    """Store rows of serverless caches, accelerators and in-memory databases; DatabaseProxy rows."""
    makers: tuple[tuple[str, Make], ...] = (
        ("elasticache:DescribeServerlessCaches", _serverless),
        ("dax:DescribeClusters", _accelerator),
        ("memorydb:DescribeClusters", _in_memory),
    )
    for call, make in makers:
        for capture in offered(captures.expect(call, "aws")):
            found = listing(capture)
            yield from found.holes(Store)
            for record in found.records:
                yield from shaped(capture, Store, partial(make, tagging, capture, record))
    for capture in captures.expect("rds:DescribeDBProxies", "aws"):
        found = listing(capture)
        yield from found.holes(DatabaseProxy)
        for record in found.records:
            yield from shaped(capture, DatabaseProxy, partial(_proxy, tagging, capture, record))


def _thing(kind: str, arn: str, name: str, tagging: Tagging, capture: Capture) -> Thing:
    return Thing(kind, arn, name, capture.target, sources(capture), tagging.of(capture.target, arn), tagging.words)


def _serverless(tagging: Tagging, capture: Capture, record: Record) -> Store:
    """A serverless cache always encrypts, at rest and in transit. Source: Amazon ElastiCache User Guide, "Data security in Amazon ElastiCache"."""
    return store(
        _thing("cache", text(record, "ARN"), text(record, "ServerlessCacheName"), tagging, capture),
        encryption="a KMS key" if record.get("KmsKeyId") else "a key that ElastiCache owns",
        by_service=True,
        key_id=text(record, "KmsKeyId", ""),
        transport=REFUSES,
        transport_setting="serverless caches speak TLS only",
    )


def _accelerator(tagging: Tagging, capture: Capture, record: Record) -> Store:
    status, transit = (
        text(part(record, "SSEDescription"), "Status"),
        text(record, "ClusterEndpointEncryptionType", "NONE"),
    )
    return store(
        _thing("cache", text(record, "ClusterArn"), text(record, "ClusterName"), tagging, capture),
        encryption="a key that DynamoDB Accelerator owns" if status in ("ENABLED", "ENABLING") else "",
        transport=REFUSES if transit == "TLS" else ACCEPTS,
        transport_setting=f"the encryption of its endpoint is {transit}",
    )


def _in_memory(tagging: Tagging, capture: Capture, record: Record) -> Store:
    """What an in-memory database writes is always encrypted. Source: Amazon MemoryDB Developer Guide, "At-rest encryption in MemoryDB"."""
    asks = flag(record, "TLSEnabled")
    return store(
        _thing("in-memory database", text(record, "ARN"), text(record, "Name"), tagging, capture),
        encryption="a KMS key" if record.get("KmsKeyId") else "a key that MemoryDB owns",
        by_service=True,
        key_id=text(record, "KmsKeyId", ""),
        transport=REFUSES if asks else ACCEPTS,
        transport_setting=f"its encryption in transit is {'on' if asks else 'off'}",
    )


def _proxy(tagging: Tagging, capture: Capture, record: Record) -> DatabaseProxy:
    thing = _thing("database proxy", text(record, "DBProxyArn"), text(record, "DBProxyName"), tagging, capture)
    return DatabaseProxy(
        **thing.row, name=thing.name, engine=text(record, "EngineFamily"), demands_tls=flag(record, "RequireTLS")
    )
