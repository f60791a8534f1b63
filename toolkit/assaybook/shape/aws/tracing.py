"""Where traces begin: stages of REST APIs, GraphQL APIs and state machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import Capture, Captures
from ...evidence import Gap, Hole, Row
from ...tables.bindings import TracedEntry
from ..records import Record, listing, part, shaped, text
from ..tags import TagWords, tag_map
from .apis import Api, apis, holes, inner
from .resources import Tagging, Thing, sources


def shape_tracing(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """TracedEntry rows."""
    for found, whole in apis(captures, words, "rest"):
        yield from holes(found, TracedEntry)
        for api in whole:
            stages = inner(api, "apigateway:GetStages")
            yield from stages.holes(TracedEntry, about=api.subject)
            for record in stages.records:
                make = partial(_stage, api, stages.capture, record, words)
                yield from shaped(stages.capture, TracedEntry, make, api.subject)
    for found, whole in apis(captures, words, "graphql"):
        yield from holes(found, TracedEntry)
        for api in whole:
            yield from shaped(api.capture, TracedEntry, partial(_graph, api, words), api.subject)
    tagging = Tagging(captures, words)
    for capture in captures.expect("stepfunctions:ListStateMachines", "aws"):
        machines = listing(capture)
        yield from machines.holes(TracedEntry)
        for record in machines.records:
            yield from shaped(capture, TracedEntry, partial(_machine, captures, tagging, capture, record))


def _stage(api: Api, capture: Capture, record: Record, words: TagWords) -> TracedEntry:
    name = text(record, "stageName")
    arn = f"{api.arn}/stages/{name}"
    return TracedEntry(
        key=arn,
        subject=replace(api.subject, kind="api-stage", native=arn, name=f"{api.name}/{name}"),
        sources=sources(api.capture, capture),
        setting=api.setting,
        kind="rest",
        name=f"{api.name}/{name}",
        api=api.arn,
        traced=record.get("tracingEnabled") is True,
        production=_standing(words, name, record.get("tags"), api.record.get("tags")),
    )


def _standing(words: TagWords, name: str, *tags: object) -> bool | None:
    """Production or not: by the tags of the stage, else by those of the API, else by a name such as `dev`."""
    for each in tags:
        said = words.production(tag_map(each))
        if said is not None:
            return said
    return words.production_by_name(name)


def _graph(api: Api, words: TagWords) -> TracedEntry:
    return TracedEntry(
        key=api.arn,
        subject=api.subject,
        sources=sources(api.capture),
        setting=api.setting,
        kind="graphql",
        name=api.name,
        api=api.arn,
        traced=api.record.get("xrayEnabled") is True,
        production=_standing(words, api.name, api.record.get("tags")),
    )


def _machine(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> TracedEntry:
    arn, name = text(record, "stateMachineArn"), text(record, "name")
    about = captures.about("stepfunctions:DescribeStateMachine", capture.target, stateMachineArn=arn)
    tags: Any = tagging.of(capture.target, arn)
    thing = Thing("state machine", arn, name, capture.target, sources(capture, about), tags, tagging.words)
    traced: Any = about.read(lambda answer: part(answer, "tracingConfiguration").get("enabled") is True)
    production: Any = tags if isinstance(tags, Gap) else tagging.words.production(tags)
    return TracedEntry(**thing.row, kind="state machine", name=name, api="", traced=traced, production=production)
