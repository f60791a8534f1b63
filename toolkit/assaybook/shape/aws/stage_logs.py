"""What stages of APIs write down, which variables they hold, and what their caches keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import ABSENT, Captures
from ...evidence import Hole, Row
from ...tables.gateway import ApiCache, StageLogging, StageVariable
from ..open_values import holds
from ..records import Listing, Record, loose_part, part, shaped, text
from ..tags import TagWords, tag_map
from .apis import Api, apis, holes, inner

# What tells each part in an access-log format. Source: API Gateway developer guide, "Variables for access logging".
PARTS = {
    "request id": r"\$context\.(?:requestId|extendedRequestId)\b",
    "time": r"\$context\.requestTime(?:Epoch)?\b",
    "address": r"\$context\.identity\.sourceIp\b",
    "identity": r"\$context\.(?:authorizer\.|identity\.(?:caller|user|userArn|accountId|cognito\w+|apiKeyId|principalOrgId|clientCert\b))",
    "status": r"\$context\.status\b",
    "request": r"\$context\.(?:routeKey|resourcePath|path|httpMethod|eventType)\b",
}
LEVELS = ("OFF", "ERROR", "INFO")
EVERY = "*"
EVERY_METHOD = "every method"


def shape_stage_logs(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """StageLogging, StageVariable and ApiCache rows."""
    for found, whole in apis(captures, words, "rest", "v2"):
        yield from holes(found, StageLogging, StageVariable)
        if found.capture.call == "apigateway:GetRestApis":
            yield from holes(found, ApiCache)
        for api in whole:
            yield from _stages(api, words)
    for found, whole in apis(captures, words, "graphql"):
        yield from holes(found, ApiCache)
        for api in whole:
            yield from shaped(api.capture, ApiCache, partial(_graph_cache, api), api.subject)


def _stages(api: Api, words: TagWords) -> Iterator[Row | Hole]:
    rest = api.kind == "rest"
    found = inner(api, "apigateway:GetStages" if rest else "apigatewayv2:GetStages")
    tables: tuple[type[Row], ...] = (StageLogging, StageVariable, ApiCache) if rest else (StageLogging, StageVariable)
    yield from found.holes(*tables, about=api.subject)
    for record in found.records:
        logging = _rest_logging if rest else _v2_logging
        yield from shaped(found.capture, StageLogging, partial(logging, api, record, found, words), api.subject)
        yield from _variables(api, record, found, words, "variables" if rest else "StageVariables")
        if rest:
            yield from shaped(found.capture, ApiCache, partial(_rest_cache, api, record, found), api.subject)


def _common(api: Api, stage: str, found: Listing) -> dict[str, Any]:
    arn = f"{api.arn}/stages/{stage}"
    return {
        "key": arn,
        "subject": replace(api.subject, kind="api-stage", native=arn, name=f"{api.name}/{stage}"),
        "sources": tuple(each for each in (api.capture.ref, found.capture.ref) if each),
        # What is written down or kept here is read by those with rights in the account, wherever the API can be reached from.
        "setting": replace(api.setting, internet=False),
    }


def _production(api: Api, tags: object, words: TagWords) -> bool | None:
    """What the stage's own tags say, else those of its API."""
    own = words.production(tag_map(tags))
    return api.setting.production if own is None else own


def _rest_logging(api: Api, record: Record, found: Listing, words: TagWords) -> StageLogging:
    settings = [(name, each) for name, each in part(record, "methodSettings").items() if isinstance(each, Mapping)]
    traced = [(name, each) for name, each in settings if each.get("dataTraceEnabled") is True]
    access = part(record, "accessLogSettings")
    stage = text(record, "stageName")
    return StageLogging(
        **_common(api, stage, found),
        api=api.arn,
        api_name=api.name,
        kind=api.kind,
        stage=stage,
        production=_production(api, record.get("tags"), words),
        access_log=text(access, "destinationArn", ""),
        format_has=_parts(text(access, "format", "")),
        execution_level=_highest(each.get("loggingLevel") for _, each in settings),
        data_trace=bool(traced),
        traced_routes=tuple(sorted(_route(name) for name, each in traced if each.get("loggingLevel") in LEVELS[1:])),
        tracing=record.get("tracingEnabled") is True,
    )


def _route(name: str) -> str:
    """API Gateway writes a route of method settings as `~1orders~1{id}/GET`."""
    path, _, method = name.rpartition("/")
    return EVERY if name == "*/*" else f"{method} {path.replace('~1', '/') or '/'}"


def _v2_logging(api: Api, record: Record, found: Listing, words: TagWords) -> StageLogging:
    single = [(name, each) for name, each in part(record, "RouteSettings").items() if isinstance(each, Mapping)]
    settings = [(EVERY, part(record, "DefaultRouteSettings")), *single]
    traced = [(name, each) for name, each in settings if each.get("DataTraceEnabled") is True]
    access = part(record, "AccessLogSettings")
    stage = text(record, "StageName")
    return StageLogging(
        **_common(api, stage, found),
        api=api.arn,
        api_name=api.name,
        kind=api.kind,
        stage=stage,
        production=_production(api, record.get("Tags"), words),
        access_log=text(access, "DestinationArn", ""),
        format_has=_parts(text(access, "Format", "")),
        execution_level=_highest(each.get("LoggingLevel") for _, each in settings),
        data_trace=bool(traced),
        traced_routes=tuple(sorted(name for name, each in traced if each.get("LoggingLevel") in LEVELS[1:])),
        # Only REST APIs can be traced.
        tracing=None,
    )


def _parts(given: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in PARTS.items() if holds(pattern, given))


def _highest(levels: Iterable[object]) -> str:
    return max((str(each) for each in levels if each in LEVELS), key=LEVELS.index, default="OFF")


def _variables(
    api: Api, record: Record, found: Listing, words: TagWords, member: str
) -> Iterator[StageVariable | Hole]:
    for name, value in sorted(loose_part(record, member).items()):
        yield from shaped(
            found.capture, StageVariable, partial(_variable, api, record, found, words, name, value), api.subject
        )


def _variable(api: Api, record: Record, found: Listing, words: TagWords, name: str, value: Record) -> StageVariable:
    stage = text(record, "stageName" if api.kind == "rest" else "StageName")
    common = _common(api, stage, found)
    return StageVariable(
        **{**common, "key": f"{common['key']} {name}"},
        api_name=api.name,
        stage=stage,
        name=name,
        secret=text(value, "secret"),
        placeholder=bool(value["placeholder"]),
        length=int(value["length"]),
        resource=text(value, "resource", ""),
        production=_production(api, record.get("tags", record.get("Tags")), words),
    )


def _rest_cache(api: Api, record: Record, found: Listing) -> ApiCache:
    cached = {
        name: each
        for name, each in part(record, "methodSettings").items()
        if isinstance(each, Mapping) and each.get("cachingEnabled") is True
    }
    stage = text(record, "stageName")
    bare = sorted(_route(name) for name, each in cached.items() if each.get("cacheDataEncrypted") is not True)
    return ApiCache(
        **_common(api, stage, found),
        name=f"{api.name}/{stage}",
        active=record.get("cacheClusterEnabled") is True and bool(cached),
        unencrypted=tuple(EVERY_METHOD if each == EVERY else each for each in bare),
        # API Gateway reaches its own caches.
        in_transit=True,
    )


def _graph_cache(api: Api) -> ApiCache:
    cache = api.captures.about("appsync:GetApiCache", api.capture.target, apiId=api.id)
    none = cache.state == ABSENT
    active: Any = cache.gap() or not none
    return ApiCache(
        key=f"{api.arn}/cache",
        subject=api.subject,
        sources=tuple(each for each in (api.capture.ref, cache.ref) if each),
        setting=replace(api.setting, internet=False),
        name=api.name,
        active=active,
        unencrypted=() if none else cache.read(_graph_unencrypted),
        in_transit=True
        if none
        else cache.read(lambda answer: bool(answer["apiCache"].get("transitEncryptionEnabled"))),
    )


def _graph_unencrypted(answer: Record) -> tuple[str, ...]:
    return () if answer["apiCache"].get("atRestEncryptionEnabled") is True else ("every field that is cached",)
