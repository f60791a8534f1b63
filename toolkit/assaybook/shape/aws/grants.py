"""Grants of resource policies on functions, aliases, versions and layers, one row for each Allow statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial

from ...capture import ABSENT, NOT_COLLECTED, Capture, Captures, Target
from ...evidence import Hole, Row, Setting
from ...model import Subject
from ...policy.document import ALLOW, PolicyError, Statement, parse_policy
from ...tables.identity import Grant
from ..records import MALFORMED, hole, listing, loose_items, loose_part, shaped, text
from ..tags import TagWords
from .functions import Function, functions
from .permissions import plain_policy

_ALIAS, _VERSION, _LAYER = "lambda:GetPolicy/alias", "lambda:GetPolicy/version", "lambda:GetLayerVersionPolicy"
_UNALIASED = "lambda:GetPolicy/unaliased"


def shape_grants(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Grant rows."""
    layers: set[tuple[Target, str]] = set()
    for found, whole in functions(captures, words):
        yield from found.holes(Grant)
        for function in whole:
            yield from _of_function(function)
            layers.update((function.capture.target, arn) for arn in _own_layers(function))
    for target, arn in sorted(layers):
        yield from _of_layer(captures, target, arn)
    for capture in captures.expect("lambda:ListLayers", "aws"):
        own = listing(capture)
        yield from own.holes(Grant)
        for record in own.records:
            arn = f"{record.get('LayerArn')}:{loose_part(record, 'LatestMatchingVersion').get('Version')}"
            if (capture.target, arn) not in layers:
                yield from _policy_of_layer(captures, capture.target, arn)


def _own_layers(function: Function) -> Iterator[str]:
    """The layer versions of the function's own account that its releases use."""
    for _, _, record in function.releases:
        for layer in loose_items(record, "Layers"):
            arn = str(layer.get("Arn", "")) if isinstance(layer, Mapping) else ""
            if arn.split(":")[4:5] == [function.capture.target.account]:
                yield arn


def _of_layer(captures: Captures, target: Target, arn: str) -> Iterator[Row | Hole]:
    layer = captures.about("lambda:GetLayerVersionByArn", target, Arn=arn)
    gap = layer.gap()
    if gap is not None and _asked_of_layer(captures, target, arn).gap() is not None:
        yield hole(Grant, gap, _layer(target, arn))
    elif layer.state != ABSENT:
        yield from _policy_of_layer(captures, target, arn)


def _policy_of_layer(captures: Captures, target: Target, arn: str) -> Iterator[Row | Hole]:
    yield from _statements(_asked_of_layer(captures, target, arn), "layer", arn, "", _layer(target, arn), None)


def _asked_of_layer(captures: Captures, target: Target, arn: str) -> Capture:
    name, _, version = arn.rpartition(":")
    return captures.about(_LAYER, target, LayerName=name, VersionNumber=version)


def _layer(target: Target, arn: str) -> Subject:
    return Subject("aws", target.account, target.region, "layer", arn, arn.partition(":layer:")[2] or arn)


def _of_function(function: Function) -> Iterator[Row | Hole]:
    captures, target = function.captures, function.capture.target
    yield from _statements(
        function.about("lambda:GetPolicy"), "function", function.arn, function.arn, function.subject, function
    )
    aliases = function.aliases
    yield from aliases.holes(Grant, about=function.subject)
    for alias in sorted(str(each.get("Name", "")) for each in aliases.records):
        capture = captures.about(_ALIAS, target, FunctionName=function.name, Qualifier=alias)
        yield from _statements(
            capture, "alias", f"{function.arn}:{alias}", function.arn, _released(function, alias), function
        )
    for version in sorted(set(function.published) - set(function.used)):
        capture = captures.about(_UNALIASED, target, FunctionName=function.name, Qualifier=version)
        # A smaller plan leaves these out, since there is one for each version that was ever published.
        if capture.reason != NOT_COLLECTED:
            yield from _statements(
                capture, "version", f"{function.arn}:{version}", function.arn, _released(function, version), function
            )
    for version in function.used:
        capture = captures.about(_VERSION, target, FunctionName=function.name, Qualifier=version)
        yield from _statements(
            capture, "version", f"{function.arn}:{version}", function.arn, _released(function, version), function
        )


def _released(function: Function, release: str) -> Subject:
    subject = function.subject
    return Subject(
        subject.provider, subject.account, subject.region, subject.kind, subject.native, subject.name, release=release
    )


def _statements(
    capture: Capture, kind: str, resource: str, workload: str, subject: Subject, function: Function | None
) -> Iterator[Grant | Hole]:
    gap = capture.gap()
    if capture.state == ABSENT:
        return
    if gap is None:
        try:
            document = plain_policy(text(capture.answer, "Policy"))
            allowed = [
                (place, each) for place, each in enumerate(parse_policy(document).statements) if each.effect == ALLOW
            ]
        except (PolicyError, *MALFORMED, json.JSONDecodeError) as problem:
            gap = capture.unexpected(f"{type(problem).__name__} {problem}")
    if gap is not None:
        yield hole(Grant, gap, subject)
        return
    named: set[str] = set()
    for place, statement in allowed:
        label = statement.sid if statement.sid and statement.sid not in named else str(place)
        named.add(label)
        make = partial(_grant, capture, kind, resource, workload, subject, function, document, place, statement, label)
        yield from shaped(capture, Grant, make, subject)


def _grant(
    capture: Capture,
    kind: str,
    resource: str,
    workload: str,
    subject: Subject,
    function: Function | None,
    document: str,
    place: int,
    statement: Statement,
    label: str,
) -> Grant:
    return Grant(
        key=f"{resource}#{label}",
        subject=subject,
        sources=tuple(dict.fromkeys(each for each in (capture.ref, function.capture.ref if function else "") if each)),
        resource_kind=kind,
        resource=resource,
        workload=workload,
        sid=statement.sid,
        statement=place,
        policy=document,
        own_account=capture.target.account,
        setting=function.setting if function else Setting(),
    )
