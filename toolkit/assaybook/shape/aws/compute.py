"""Functions of AWS Lambda to rows: workloads, releases in use, environment variables, layers, function URLs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import ABSENT, DENIED, OK, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.compute import Endpoint, EnvironmentVariable, LayerUse, Release, Workload
from ..records import MALFORMED, Record, hole, items, loose_items, part, shaped, text
from ..tags import TagWords
from .functions import LATEST, Function, functions, odd_functions, qualifier

# What IAM says when the owner of a thing has not shared it, as against a permission that the reader lacks. Source: IAM User Guide, "Troubleshoot access denied error messages".
_REFUSED = "no resource-based policy allows"
TABLES = (Workload, Release, EnvironmentVariable, LayerUse, Endpoint)


def shape_compute(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Workload, Release, EnvironmentVariable, LayerUse and Endpoint rows."""
    for found, whole in functions(captures, words):
        yield from found.holes(*TABLES)
        odd = odd_functions(found, whole)
        if odd is not None:
            yield from replace(found, gap=odd).holes(*TABLES)
        for function in whole:
            yield from shaped(function.capture, Workload, partial(_workload, function), function.subject)
            yield from _releases(function)
            yield from _variables(function)
            yield from _layers(function)
            yield from _urls(function)


def _workload(function: Function) -> Workload:
    record, words, detail = function.record, function.words, function.about("lambda:GetFunction")
    tags: Any = function.tags
    known = not isinstance(tags, Gap)
    return Workload(
        key=function.arn,
        subject=function.subject,
        sources=function.sources(detail),
        setting=function.setting,
        name=function.name,
        package=_package(record),
        runtime=text(record, "Runtime", ""),
        role=text(record, "Role"),
        tags=tags,
        critical=words.critical(tags) if known else tags,
        production=words.production(tags) if known else tags,
        sensitive=words.sensitive(tags) if known else tags,
        reserved_concurrency=function.reserved,
        tracing=part(record, "TracingConfig").get("Mode") == "Active",
        network=bool(part(record, "VpcConfig").get("VpcId")),
        log_group=text(part(record, "LoggingConfig"), "LogGroup", f"/aws/lambda/{function.name}"),
        templated=words.templated(tags) if known else tags,
    )


def _package(record: Record) -> str:
    return "image" if record.get("PackageType") == "Image" else "zip"


def _releases(function: Function) -> Iterator[Release | Hole]:
    aliases = function.aliases
    yield from aliases.holes(Release, about=function.subject)
    for version, names, record in function.releases:
        yield from shaped(
            function.capture,
            Release,
            partial(_release, function, version, names, record),
            function.subject,
        )


def _release(function: Function, version: str, names: tuple[str, ...], record: Record) -> Release:
    return Release(
        key=f"{function.arn}:{version}",
        subject=_released(function, version),
        sources=function.sources(function.aliases.capture),
        setting=function.setting,
        workload=function.arn,
        version=version,
        aliases=names,
        package=_package(record),
        runtime=text(record, "Runtime", ""),
    )


def _released(function: Function, version: str) -> Subject:
    return function.subject if version == LATEST else replace(function.subject, release=version)


def _variables(function: Function) -> Iterator[EnvironmentVariable | Hole]:
    yield from function.aliases.holes(EnvironmentVariable, about=function.subject)
    seen: set[tuple[str, str]] = set()
    for version, _, record in function.releases:
        try:
            environment = part(record, "Environment")
            variables = part(environment, "Variables")
            refused = part(environment, "Error")
        except MALFORMED as problem:
            yield Hole(EnvironmentVariable, function.capture.unexpected(str(problem)), function.subject)
            continue
        if refused:
            gap = Gap(
                function.capture.call,
                "denied",
                f"the environment could not be decrypted ({refused.get('ErrorCode', '')})",
                "kms:Decrypt",
                function.capture.target.account,
                function.capture.target.region,
                function.capture.ref,
            )
            yield hole(EnvironmentVariable, gap, function.subject)
        for name, value in sorted(variables.items()):
            same = (name, str(value.get("fingerprint")) if isinstance(value, Mapping) else "")
            if same not in seen:
                seen.add(same)
                yield from shaped(
                    function.capture,
                    EnvironmentVariable,
                    partial(_variable, function, version, name, value),
                    function.subject,
                )


def _variable(function: Function, version: str, name: str, value: Record) -> EnvironmentVariable:
    if value["redacted"] is not True:
        raise ValueError("an environment value that was not redacted")
    return EnvironmentVariable(
        key=f"{function.arn}:{version}/{name}",
        subject=_released(function, version),
        sources=function.sources(),
        setting=function.setting,
        workload=function.arn,
        name=name,
        secret=str(value["secret"]),
        placeholder=bool(value["placeholder"]),
        length=int(value["length"]),
        fingerprint=str(value["fingerprint"]),
        resource=str(value["resource"]),
        clear=str(value.get("clear", "")),
    )


def _layers(function: Function) -> Iterator[LayerUse | Hole]:
    yield from function.aliases.holes(LayerUse, about=function.subject)
    for version, _, record in function.releases:
        try:
            layers = items(record, "Layers")
        except MALFORMED as problem:
            yield Hole(LayerUse, function.capture.unexpected(str(problem)), function.subject)
            continue
        for layer in layers:
            yield from shaped(
                function.capture,
                LayerUse,
                partial(_layer, function, version, layer),
                function.subject,
            )


def _layer(function: Function, version: str, layer: Record) -> LayerUse:
    arn = text(layer, "Arn")
    owner = arn.split(":")[4]
    about = function.captures.about("lambda:GetLayerVersionByArn", function.capture.target, Arn=arn)
    return LayerUse(
        key=f"{function.arn}:{version}/{arn}",
        subject=_released(function, version),
        sources=function.sources(about),
        setting=function.setting,
        workload=function.arn,
        version=version,
        layer=arn,
        owner=owner,
        own=owner == function.capture.target.account,
        exists=about.read(lambda _: about.state == OK) if about.state != ABSENT else False,
        refused=about.state == DENIED and owner != function.capture.target.account and _REFUSED in about.message,
    )


def _urls(function: Function) -> Iterator[Endpoint | Hole]:
    found = function.urls
    yield from found.holes(Endpoint, about=function.subject)
    for record in found.records:
        yield from shaped(
            found.capture,
            Endpoint,
            partial(_endpoint, function, found.capture, record),
            function.subject,
        )


def _endpoint(function: Function, capture: Capture, record: Record) -> Endpoint:
    arn, auth = text(record, "FunctionArn"), {"NONE": "none", "AWS_IAM": "iam"}[text(record, "AuthType")]
    return Endpoint(
        key=f"{arn}/url",
        subject=replace(function.subject, release=qualifier(arn)),
        sources=function.sources(capture),
        setting=replace(function.setting, internet=True),
        workload=function.arn,
        url=text(record, "FunctionUrl"),
        public=True,
        auth=auth,
        cors_origins=tuple(map(str, loose_items(part(record, "Cors"), "AllowOrigins"))),
    )
