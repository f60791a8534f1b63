"""Schemas of messages, masks of logs and the search for sensitive data in AWS to rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...tables.privacy import DataDiscovery, LogMask, MessageSchema
from ..records import Listing, Record, items, listing, place, shaped, text
from .buckets import FIRST_REGION
from .resources import Tagging, Thing, arn_of, offered, sources

# The fields of a GraphQL type in the schema definition language: a name, perhaps arguments, a colon. Source: GraphQL specification, section 3.6.
_FIELD = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?:\([^)]*\))?\s*:", re.MULTILINE)
_DESCRIBED = re.compile(r'"""(?:.|\n)*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*')
# Types that hold operations and not data.
_OPERATIONS = ("Query", "Mutation", "Subscription")
# Jobs that come back: a schedule whose run is under way, or that waits for the next. Source: Amazon Macie API Reference, JobSummary.
_RETURNS = ("RUNNING", "IDLE")


def shape_privacy(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    """MessageSchema, LogMask and DataDiscovery rows."""
    yield from _schemas(captures, tagging)
    yield from _types(captures, tagging)
    for capture in captures.expect("logs:DescribeLogGroups", "aws"):
        found = listing(capture)
        yield from found.holes(LogMask)
        for record in found.records:
            yield from shaped(capture, LogMask, partial(_mask, tagging, capture, record))
    for capture in captures.expect("macie2:GetMacieSession", "aws"):
        yield _discovery(captures, capture)


def _schemas(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in offered(captures.expect("schemas:ListRegistries", "aws")):
        found = listing(capture)
        yield from found.holes(MessageSchema)
        for registry in found.records:
            inner = listing(
                captures.about("schemas:ListSchemas", capture.target, RegistryName=registry.get("RegistryName"))
            )
            yield from inner.holes(MessageSchema)
            for record in inner.records:
                make = partial(_schema, captures, tagging, inner.capture, str(registry.get("RegistryName")), record)
                yield from shaped(inner.capture, MessageSchema, make)


def _schema(captures: Captures, tagging: Tagging, capture: Capture, registry: str, record: Record) -> MessageSchema:
    name, arn = text(record, "SchemaName"), text(record, "SchemaArn")
    detail = captures.about("schemas:DescribeSchema", capture.target, RegistryName=registry, SchemaName=name)
    tags = tagging.of(capture.target, arn)
    thing = Thing("event schema", arn, name, capture.target, sources(capture, detail), tags, tagging.words)
    fields: Any = () if detail.state == ABSENT else detail.read(lambda answer: _properties(text(answer, "Content")))
    return MessageSchema(**thing.row, kind="event schema", name=name, fields=fields)


def _properties(content: str) -> tuple[str, ...]:
    """Every name under `properties` in a JSON Schema or OpenAPI document. Raises ValueError if it is no JSON, TypeError if it is no object."""
    document = json.loads(content)
    if not isinstance(document, dict):
        raise TypeError("the schema is no object")
    found: set[str] = set()
    waiting: list[Any] = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            inner = each.get("properties")
            # What stands under a field's name is a schema of its own, even if the field is called `properties`.
            fields = inner if isinstance(inner, dict) else {}
            found.update(map(str, fields))
            waiting.extend(fields.values())
            waiting.extend(value for name, value in each.items() if name != "properties")
        elif isinstance(each, list):
            waiting.extend(each)
    return tuple(sorted(found))


def _types(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("appsync:ListGraphqlApis", "aws"):
        found = listing(capture)
        yield from found.holes(MessageSchema)
        for api in found.records:
            id, name = str(api.get("apiId")), str(api.get("name"))
            inner = listing(captures.about("appsync:ListTypes", capture.target, apiId=id, format="SDL"))
            yield from inner.holes(MessageSchema)
            for record in inner.records:
                if record.get("name") not in _OPERATIONS:
                    yield from shaped(
                        inner.capture, MessageSchema, partial(_type, tagging, inner.capture, id, name, record)
                    )


def _type(tagging: Tagging, capture: Capture, id: str, api: str, record: Record) -> MessageSchema:
    name, target = text(record, "name"), capture.target
    definition = _DESCRIBED.sub("", text(record, "definition"))
    fields = () if definition.lstrip().startswith("enum") else tuple(sorted(set(_FIELD.findall(definition))))
    arn = text(record, "arn", "") or arn_of(target, "appsync", f"apis/{id}/types/{name}")
    tags = tagging.of(target, arn_of(target, "appsync", f"apis/{id}"))
    thing = Thing("GraphQL type", arn, f"{api} {name}", target, sources(capture), tags, tagging.words)
    return MessageSchema(**thing.row, kind="GraphQL type", name=thing.name, fields=fields)


def _mask(tagging: Tagging, capture: Capture, record: Record) -> LogMask:
    name = text(record, "logGroupName")
    arn = arn_of(capture.target, "logs", f"log-group:{name}")
    tags = tagging.of(capture.target, arn)
    thing = Thing("log group", arn, name, capture.target, sources(capture), tags, tagging.words)
    own = text(record, "dataProtectionStatus", "") == "ACTIVATED"
    unknown = None if own else capture.not_told(record, "inheritedProperties")
    inherited = not own and unknown is None and "ACCOUNT_DATA_PROTECTION" in items(record, "inheritedProperties")
    policy: Any = (
        "its own data protection policy" if own else "the account's data protection policy" if inherited else ""
    )
    said: Any = unknown or policy
    return LogMask(**thing.row, name=name, policy=said, sensitive=thing.standing["sensitive"])


def _discovery(captures: Captures, capture: Capture) -> DataDiscovery:
    """One row for the region, also where the search is off: that is what the row says."""
    target = capture.target
    sampling = captures.about("macie2:GetAutomatedDiscoveryConfiguration", target)
    jobs = listing(captures.about("macie2:ListClassificationJobs", target))
    here = _buckets_in(captures, target)
    automated: Any = (
        False if sampling.state == ABSENT else sampling.read(lambda answer: text(answer, "status") == "ENABLED")
    )
    returning: Any = jobs.gap or jobs.capture.read(lambda _: _returning(jobs))
    named: Any = returning if isinstance(returning, Gap) else tuple(sorted(returning))
    chosen: Any = returning if isinstance(returning, Gap) else _by_criteria(returning)
    searched: Any = chosen if isinstance(chosen, Gap) else here
    if not isinstance(searched, Gap):
        searched = _searched(returning, target.account, here)
    return DataDiscovery(
        key=str(target),
        subject=place(target),
        sources=sources(capture, sampling, jobs.capture),
        region=target.region,
        enabled=False if capture.state == ABSENT else capture.read(lambda answer: text(answer, "status") == "ENABLED"),
        automated=automated,
        jobs=named,
        by_criteria=chosen,
        buckets=here,
        searched=searched,
    )


def _by_criteria(returning: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(name for name, named in returning.items() if named is None))


def _returning(jobs: Listing) -> Mapping[str, Any]:
    """The jobs that come back, with the buckets that each names by account; None for one that chooses its buckets by criteria."""
    found = {}
    for job in jobs.records:
        if text(job, "jobType") == "SCHEDULED" and text(job, "jobStatus") in _RETURNS:
            named = [
                (text(each, "accountId"), str(name))
                for each in items(job, "bucketDefinitions")
                for name in items(each, "buckets")
            ]
            found[text(job, "name", "") or text(job, "jobId")] = None if job.get("bucketCriteria") else frozenset(named)
    return found


def _searched(returning: Mapping[str, Any], account: str, here: Any) -> Any:
    if isinstance(here, Gap):
        return here
    return tuple(name for name in here if any(named and (account, name) in named for named in returning.values()))


def _buckets_in(captures: Captures, target: Target) -> Any:
    """The names of the account's buckets that lie in a region, or the gap."""
    whole = Target("aws", target.account, GLOBAL)
    found = listing(next(iter(captures.of("s3:ListBuckets", whole)), captures.about("s3:ListBuckets", whole)))
    if found.gap is not None:
        return found.gap
    named = [each for each in found.records if str(each.get("BucketRegion") or FIRST_REGION) == target.region]
    return tuple(sorted(str(each.get("Name")) for each in named))
