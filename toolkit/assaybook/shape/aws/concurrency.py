"""What bounds how much of a function runs at once: reservations of functions behind a URL, the maximum of mappings that read a queue."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import Capture, Captures
from ...evidence import Hole, Row
from ...tables.bindings import ConcurrencyBound
from ..records import Listing, Record, listing, loose_part, part, shaped, text
from .bindings import SWITCHED_OFF, Estate
from .functions import Function, plain_arn
from .resources import sources

# Invocations that one poller of the provisioned mode makes at once. Source: AWS Lambda Developer Guide, "Using provisioned mode with an Amazon SQS event source mapping".
OF_ONE_POLLER = 10


def shape_concurrency(found: Listing, whole: tuple[Function, ...], estate: Estate) -> Iterator[Row | Hole]:
    """ConcurrencyBound rows of a target."""
    yield from found.holes(ConcurrencyBound)
    captures, target = estate.captures, found.capture.target
    settings = captures.about("lambda:GetAccountSettings", target)
    pool: Any = settings.read(lambda answer: int(part(answer, "AccountLimit")["UnreservedConcurrentExecutions"]))
    common = {"pool": pool, "sharers": len(whole)}
    for function in whole:
        urls = function.urls
        yield from urls.holes(ConcurrencyBound, about=function.subject)
        for record in urls.records:
            make = partial(_url, function, urls.capture, settings, record, common)
            yield from shaped(urls.capture, ConcurrencyBound, make, function.subject)
    for mappings in _mappings(captures, found):
        yield from mappings.holes(ConcurrencyBound)
        for record in mappings.records:
            source, arn = str(record.get("EventSourceArn", "")), str(record.get("FunctionArn", ""))
            function_ = estate.functions.get(plain_arn(arn))
            if ":sqs:" in source and function_ is not None:
                make = partial(_queue, function_, mappings.capture, settings, record, common)
                yield from shaped(mappings.capture, ConcurrencyBound, make, function_.subject)


def _mappings(captures: Captures, found: Listing) -> Iterator[Listing]:
    target = found.capture.target
    for capture in captures.expect("lambda:ListEventSourceMappings", "aws"):
        if capture.target == target:
            yield listing(capture)


def _url(
    function: Function, capture: Capture, settings: Capture, record: Record, common: dict[str, Any]
) -> ConcurrencyBound:
    arn, auth = text(record, "FunctionArn"), {"NONE": True, "AWS_IAM": False}[text(record, "AuthType")]
    asked = [function.about(f"lambda:{name}") for name in ("GetFunction", "GetFunctionConcurrency")]
    return ConcurrencyBound(
        key=f"{arn}/url",
        subject=function.subject,
        sources=sources(capture, settings, *asked),
        setting=function.setting,
        kind="url",
        source=text(record, "FunctionUrl"),
        workload=function.arn,
        public=auth,
        active=True,
        reserved=function.reserved,
        maximum=None,
        **common,
    )


def _queue(
    function: Function, capture: Capture, settings: Capture, record: Record, common: dict[str, Any]
) -> ConcurrencyBound:
    limit = loose_part(record, "ScalingConfig").get("MaximumConcurrency")
    pollers = loose_part(record, "ProvisionedPollerConfig").get("MaximumPollers")
    maximum = limit if isinstance(limit, int) else pollers * OF_ONE_POLLER if isinstance(pollers, int) else None
    return ConcurrencyBound(
        key=text(record, "UUID"),
        subject=function.subject,
        sources=sources(capture, settings),
        setting=function.setting,
        kind="queue",
        source=text(record, "EventSourceArn"),
        workload=function.arn,
        public=False,
        active=record.get("State") not in SWITCHED_OFF,
        reserved=None,
        maximum=maximum,
        **common,
    )
