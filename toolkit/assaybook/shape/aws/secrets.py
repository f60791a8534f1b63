"""Secrets, parameters and the keys of environments of AWS to rows: names, dates and types, never a value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ...capture import Capture, Captures
from ...evidence import Hole, Row
from ...tables.secrets import EnvironmentKey, Parameter, Secret
from ..records import Record, listing, part, place, shaped, text
from ..tags import TagWords, tag_map
from .functions import Function, functions, odd_functions
from .resources import Tagging, Thing, arn_of, sources

PLAIN = {"String": True, "StringList": True, "SecureString": False}


def shape_secrets(captures: Captures, words: TagWords, tagging: Tagging) -> Iterator[Row | Hole]:
    """Secret, Parameter and EnvironmentKey rows."""
    for capture in captures.expect("secretsmanager:ListSecrets", "aws"):
        found = listing(capture)
        yield from found.holes(Secret)
        for record in found.records:
            yield from shaped(capture, Secret, partial(_secret, capture, record, words))
    for capture in captures.expect("ssm:DescribeParameters", "aws"):
        found = listing(capture)
        yield from found.holes(Parameter)
        for record in found.records:
            yield from shaped(capture, Parameter, partial(_parameter, capture, record, tagging))
    for found, whole in functions(captures, words):
        yield from found.holes(EnvironmentKey)
        odd = odd_functions(found, whole)
        if odd is not None and found.gap is None:
            yield Hole(EnvironmentKey, odd, whole[0].subject if whole else place(found.capture.target))
        for function in whole:
            yield from shaped(found.capture, EnvironmentKey, partial(_environment, function), function.subject)


def _secret(capture: Capture, record: Record, words: TagWords) -> Secret:
    arn, name = text(record, "ARN"), text(record, "Name")
    tags = tag_map(record.get("Tags"))
    thing = Thing("secret", arn, name, capture.target, sources(capture), tags, words)
    home = text(record, "PrimaryRegion", "")
    return Secret(
        **thing.row,
        name=name,
        owner=text(record, "OwningService", ""),
        replica_of=home if home != capture.target.region else "",
        rotates=record.get("RotationEnabled") is True,
        created=moment(record, "CreatedDate"),
        rotated=_moment(capture, record, "LastRotatedDate"),
        changed=moment(record, "LastChangedDate"),
        accessed=_moment(capture, record, "LastAccessedDate"),
        key_id=text(record, "KmsKeyId", ""),
        tags=tags,
    )


def _moment(capture: Capture, record: Record, name: str) -> Any:
    return capture.not_told(record, name) or moment(record, name)


def moment(record: Record, name: str) -> datetime | None:
    """A time in UTC; None if there is none. Raises TypeError or ValueError if it is no time."""
    said = text(record, name, "")
    return datetime.fromisoformat(said).astimezone(UTC) if said else None


def _parameter(capture: Capture, record: Record, tagging: Tagging) -> Parameter:
    name, kind = text(record, "Name"), text(record, "Type")
    arn = arn_of(capture.target, "ssm", f"parameter/{name.removeprefix('/')}")
    tags = tagging.of(capture.target, arn)
    thing = Thing("parameter", arn, name, capture.target, sources(capture), tags, tagging.words)
    return Parameter(**thing.row, name=name, plain=PLAIN[kind], type=kind, key_id=text(record, "KeyId", ""))


def _environment(function: Function) -> EnvironmentKey:
    tags: Any = function.tags
    variables = part(part(function.record, "Environment"), "Variables")
    unreadable = part(function.record, "Environment").get("Error") is not None
    count: Any = function.capture.unexpected("its environment could not be decrypted") if unreadable else len(variables)
    return EnvironmentKey(
        key=function.arn,
        subject=function.subject,
        sources=function.sources(function.about("lambda:GetFunction")),
        setting=function.setting,
        workload=function.arn,
        name=function.name,
        variables=count,
        key_id=text(function.record, "KMSKeyArn", ""),
        sensitive=function.words.sensitive(tags) if isinstance(tags, dict) else tags,
    )
