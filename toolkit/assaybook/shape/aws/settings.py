"""How functions of AWS Lambda are set, out of the list of functions; and the settings for which each of them is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from ...capture import NOT_COLLECTED, Capture
from ...evidence import Gap, Hole, Row
from ...tables.functions import FunctionSettings, RuntimeUpdates
from ..records import Listing, Record, items, part, shaped, text
from .functions import Function, odd_functions

# Names of layers that carry OpenTelemetry, such as aws-otel-python and AWSOpenTelemetryDistroPython.
# Source: AWS Distro for OpenTelemetry, "Getting started with ADOT Lambda layers".
_OPEN_TELEMETRY = re.compile(r"otel|opentelemetry", re.IGNORECASE)
_UPDATES = {"Auto": "Auto", "FunctionUpdate": "FunctionUpdate", "Manual": "Manual"}


def shape_settings(found: Listing, whole: tuple[Function, ...]) -> Iterator[Row | Hole]:
    """FunctionSettings and RuntimeUpdates rows of a target."""
    yield from listed_holes(found, whole, FunctionSettings, RuntimeUpdates)
    for function in whole:
        yield from shaped(function.capture, FunctionSettings, partial(_settings, function), function.subject)
        about = function.about("lambda:GetRuntimeManagementConfig")
        # A smaller plan leaves this out, since it costs a call for each function.
        if about.reason != NOT_COLLECTED:
            yield from shaped(about, RuntimeUpdates, partial(_updates, function, about), function.subject)


def listed_holes(found: Listing, whole: tuple[Function, ...], *tables: type[Row]) -> Iterator[Hole]:
    """The holes of a listing of functions: where it could not be read, and where records of it are no functions."""
    yield from found.holes(*tables)
    odd = odd_functions(found, whole)
    if odd is not None:
        yield from Listing(found.capture, (), odd).holes(*tables)


def standing(function: Function) -> Any:
    """Whether a function is production by its tags, None where none says so; or the gap."""
    tags: Any = function.tags
    return tags if isinstance(tags, Gap) else function.words.production(tags)


def about(function: Function, *others: Capture) -> dict[str, Any]:
    """The members that every row about a function has, its key its ARN."""
    return {
        "key": function.arn,
        "subject": function.subject,
        "sources": function.sources(*others),
        "setting": function.setting,
        "workload": function.arn,
        "name": function.name,
    }


def package_of(record: Record) -> str:
    """The kind of package: zip or image."""
    return "image" if record.get("PackageType") == "Image" else "zip"


def _settings(function: Function) -> FunctionSettings:
    record = function.record
    versions = sorted(function.published, key=lambda each: (len(each), each))
    digests = {text(each, "CodeSha256") for each in function.published.values()}
    return FunctionSettings(
        **about(function),
        package=package_of(record),
        runtime=text(record, "Runtime", ""),
        production=standing(function),
        tracing=text(part(record, "TracingConfig"), "Mode", "PassThrough"),
        telemetry=tuple(_layer_name(each) for each in _layers(record) if _OPEN_TELEMETRY.search(_layer_name(each))),
        log_format=text(part(record, "LoggingConfig"), "LogFormat", "Text"),
        timeout=_number(record, "Timeout"),
        memory=_number(record, "MemorySize"),
        versions=tuple(versions),
        kept=bool(digests) and text(record, "CodeSha256") in digests,
    )


def _layers(record: Record) -> Iterable[str]:
    return (text(each, "Arn") for each in items(record, "Layers"))


def _layer_name(arn: str) -> str:
    return arn.split(":")[6]


def _number(record: Record, name: str) -> Any:
    value = record.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def _updates(function: Function, asked: Capture) -> RuntimeUpdates:
    read: Callable[[Callable[[Record], str]], str] = asked.read
    return RuntimeUpdates(
        **about(function, asked),
        mode=read(lambda answer: _UPDATES[text(answer, "UpdateRuntimeOn")]),
        held=read(lambda answer: text(answer, "RuntimeVersionArn", "").rpartition(":")[2]),
    )
