"""Grants of resource policies on functions, aliases, versions and layers, one row for each Allow statement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from ...capture import ABSENT, Capture, Captures
from ...evidence import Hole, Row, Setting
from ...model import Subject
from ...policy.document import ALLOW, PolicyError, Statement, parse_policy
from ...tables.identity import Grant
from ..records import MALFORMED, hole, listing, shaped, text
from ..tags import TagWords
from .functions import Function, functions

_ALIAS, _VERSION, _LAYER = "lambda:GetPolicy/alias", "lambda:GetPolicy/version", "lambda:GetLayerVersionPolicy"


def shape_grants(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Grant rows."""
    for found, whole in functions(captures, words):
        yield from found.holes(Grant)
        for function in whole:
            yield from _of_function(function)
    for target in captures.targets("aws"):
        for layers in captures.of("lambda:GetLayerVersionByArn", target):
            yield from listing_hole(layers)
        for capture in captures.of(_LAYER, target):
            arn = f"{capture.params.get('LayerName', '')}:{capture.params.get('VersionNumber', '')}"
            subject = Subject("aws", target.account, target.region, "layer", arn, arn.partition(":layer:")[2] or arn)
            yield from _statements(capture, "layer", arn, "", subject, None)


def listing_hole(layer: Capture) -> Iterator[Hole]:
    """A layer of our own whose version could not be read hides its policy too."""
    gap = layer.gap()
    arn = str(layer.params.get("Arn", ""))
    if gap is not None and arn.split(":")[4:5] == [layer.target.account]:
        name = arn.partition(":layer:")[2] or arn
        yield hole(Grant, gap, Subject("aws", layer.target.account, layer.target.region, "layer", arn, name))


def _of_function(function: Function) -> Iterator[Row | Hole]:
    captures, target = function.captures, function.capture.target
    yield from _statements(
        function.about("lambda:GetPolicy"), "function", function.arn, function.arn, function.subject, function
    )
    aliases = listing(function.about("lambda:ListAliases"))
    yield from aliases.holes(Grant, about=function.subject)
    for alias in sorted(str(each.get("Name", "")) for each in aliases.records):
        capture = captures.about(_ALIAS, target, FunctionName=function.name, Qualifier=alias)
        yield from _statements(
            capture, "alias", f"{function.arn}:{alias}", function.arn, _released(function, alias), function
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
            document = text(capture.answer, "Policy")
            allowed = [
                (place, each) for place, each in enumerate(parse_policy(document).statements) if each.effect == ALLOW
            ]
        except (PolicyError, *MALFORMED, json.JSONDecodeError) as problem:
            gap = capture.unexpected(f"{type(problem).__name__} {problem}")
    if gap is not None:
        yield hole(Grant, gap, subject)
        return
    for place, statement in allowed:
        yield from shaped(
            capture,
            Grant,
            partial(_grant, capture, kind, resource, workload, subject, function, document, place, statement),
            subject,
        )


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
) -> Grant:
    return Grant(
        key=f"{resource}#{statement.sid or place}",
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
