"""Stages of APIs: what limits the rate of requests, and which web ACL stands in front."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ...capture import Captures
from ...evidence import Gap, Hole, Row
from ...tables.compute import ApiStage
from ..records import Record, listing, loose_items, loose_part, shaped, text
from ..tags import TagWords
from .apis import Api, apis, holes, inner, rest_methods
from .firewalls import NO_FIREWALL, attached, by_arn
from .fronts import Fronts, fronts_of, way_to_api

# Requests a second that an account may make in a region before API Gateway itself throttles: "Amazon API Gateway quotas". A setting at or above it
# limits nothing, and API Gateway fills it in where a stage has other settings.
ACCOUNT_RATE = 10_000.0
EVERY_METHOD = "*/*"


def shape_stages(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """ApiStage rows; of a GraphQL API one, as it has no stages."""
    fronts = fronts_of(captures)
    for found, whole in apis(captures, words, "rest"):
        yield from holes(found, ApiStage)
        for api in whole:
            yield from _rest(api)
    for found, whole in apis(captures, words, "v2"):
        yield from holes(found, ApiStage)
        for api in whole:
            yield from _v2(api, fronts.get(api.capture.target.account))
    for found, whole in apis(captures, words, "graphql"):
        yield from holes(found, ApiStage)
        for api in whole:
            yield from shaped(api.capture, ApiStage, partial(_graphql, api), api.subject)


@dataclass(frozen=True, slots=True)
class _Limits:
    """Explicit throttles of a stage: the default of its routes, and those of single routes."""

    default: float | None
    routes: Mapping[str, float | None]

    def lowest(self) -> float | None:
        found = [rate for rate in (self.default, *self.routes.values()) if rate is not None]
        return min(found, default=None)

    def without(self, names: tuple[str, ...], exempt: frozenset[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in exempt and self.routes.get(name, self.default) is None)


def _explicit(settings: Record, name: str) -> float | None:
    value = settings.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < ACCOUNT_RATE else None


def _rest(api: Api) -> Iterator[ApiStage | Hole]:
    found = inner(api, "apigateway:GetStages")
    records = found.records or tuple(
        each for each in loose_items(found.capture.answer, "item") if isinstance(each, Mapping)
    )
    yield from found.holes(ApiStage, about=api.subject)
    for record in records:
        yield from shaped(found.capture, ApiStage, partial(_rest_stage, api, record, found.capture.ref), api.subject)


def _rest_stage(api: Api, record: Record, source: str) -> ApiStage:
    stage = text(record, "stageName")
    settings = loose_part(record, "methodSettings")
    routes = {
        _method_of(name): _explicit(each, "throttlingRateLimit")
        for name, each in settings.items()
        if isinstance(each, Mapping)
    }
    limits = _Limits(routes.pop(EVERY_METHOD, None), routes)
    methods, known = rest_methods(api)
    throttled: Any = _usage_plan(api, stage)
    plan = throttled if isinstance(throttled, Gap) else throttled[0]
    names = tuple(f"{method} {path}" for path, method, _ in known if method != "OPTIONS")
    keyed = (f"{method} {path}" for path, method, each in known if each.get("apiKeyRequired") is True)
    held = () if isinstance(throttled, Gap) else throttled[1]
    unthrottled: Any = limits.without(names, frozenset(each for each in keyed if each in held or EVERY_METHOD in held))
    guard = api.captures.about("wafv2:GetWebACLForResource", api.capture.target, ResourceArn=_stage_arn(api, stage))
    acl = attached(api.captures, api.capture.target, _stage_arn(api, stage))
    return _stage(
        api,
        stage,
        limits,
        unthrottled=methods.gap if methods.gap is not None else unthrottled,
        usage_plan=plan,
        acl=acl,
        sources=(source, methods.capture.ref, guard.ref),
    )


def _method_of(name: str) -> str:
    """API Gateway writes a route of method settings as `~1orders~1{id}/GET`."""
    path, _, method = name.rpartition("/")
    return EVERY_METHOD if name == EVERY_METHOD else f"{method} {path.replace('~1', '/') or '/'}"


def _stage_arn(api: Api, stage: str) -> str:
    return f"{api.arn}/stages/{stage}"


def _usage_plan(api: Api, stage: str) -> Any:
    """The name of a usage plan that throttles this stage, empty if none does, and the methods (or EVERY_METHOD) that every plan on it throttles."""
    name, held = "", []
    for capture in api.captures.expect("apigateway:GetUsagePlans", "aws"):
        if capture.target != api.capture.target:
            continue
        plans = listing(capture)
        if plans.gap is not None:
            return plans.gap
        for plan in plans.records:
            for place in loose_items(plan, "apiStages"):
                if isinstance(place, Mapping) and place.get("apiId") == api.id and place.get("stage") == stage:
                    held.append(_throttled_by(plan, place))
                    if held[-1] and not name:
                        name = str(plan.get("name") or plan.get("id") or "a usage plan")
    # A key of the loosest plan is enough to get past the others.
    whole = [each for each in held if EVERY_METHOD not in each]
    return name, frozenset.intersection(*whole) if whole else frozenset({EVERY_METHOD} if held else ())


def _throttled_by(plan: Record, place: Record) -> frozenset[str]:
    if _explicit(loose_part(plan, "throttle"), "rateLimit") is not None:
        return frozenset({EVERY_METHOD})
    return frozenset(
        _method_of(name)
        for name, each in loose_part(place, "throttle").items()
        if isinstance(each, Mapping) and _explicit(each, "rateLimit") is not None
    )


def _v2(api: Api, fronts: Fronts | None) -> Iterator[ApiStage | Hole]:
    found = inner(api, "apigatewayv2:GetStages")
    yield from found.holes(ApiStage, about=api.subject)
    for record in found.records:
        yield from shaped(
            found.capture, ApiStage, partial(_v2_stage, api, record, found.capture.ref, fronts), api.subject
        )


def _v2_stage(api: Api, record: Record, source: str, fronts: Fronts | None) -> ApiStage:
    default = _explicit(loose_part(record, "DefaultRouteSettings"), "ThrottlingRateLimit")
    settings = loose_part(record, "RouteSettings")
    single = {
        name: _explicit(each, "ThrottlingRateLimit") for name, each in settings.items() if isinstance(each, Mapping)
    }
    limits = _Limits(default, {name: rate if rate is not None else default for name, rate in single.items()})
    routes = inner(api, "apigatewayv2:GetRoutes")
    names = tuple(sorted(str(each.get("RouteKey", "")) for each in routes.records))
    unthrottled: Any = limits.without(names, frozenset())
    return _stage(
        api,
        text(record, "StageName"),
        limits,
        unthrottled=routes.gap if routes.gap is not None else unthrottled,
        usage_plan="",
        acl=_acl_before(api, fronts),
        sources=(source, routes.capture.ref),
    )


def _acl_before(api: Api, fronts: Fronts | None) -> Any:
    """The web ACL of a distribution through which alone an HTTP API is reached."""
    way = way_to_api(api, fronts)
    # Past an open door no rule counts, so that what could not be read matters only where the door may be shut.
    return way.acl if way.locked is True or (isinstance(way.locked, Gap) and api.execute_endpoint_off) else NO_FIREWALL


def _graphql(api: Api) -> ApiStage:
    acl = by_arn(api.captures, api.capture.target, str(api.record.get("wafWebAclArn") or ""))
    nothing = _Limits(None, {})
    made = _stage(api, "", nothing, unthrottled=("/graphql",), usage_plan="", acl=acl, sources=())
    return replace(made, key=api.arn, subject=api.subject)


def _stage(
    api: Api, stage: str, limits: _Limits, *, unthrottled: Any, usage_plan: Any, acl: Any, sources: tuple[str, ...]
) -> ApiStage:
    arn = _stage_arn(api, stage)
    known = not isinstance(acl, Gap)
    return ApiStage(
        key=arn,
        subject=replace(api.subject, kind="api-stage", native=arn, name=f"{api.name}/{stage}"),
        sources=tuple(dict.fromkeys(each for each in (api.capture.ref, *sources) if each)),
        setting=api.setting,
        api=api.arn,
        api_name=api.name,
        kind=api.kind,
        stage=stage,
        public=api.public,
        rate=limits.lowest(),
        usage_plan=usage_plan,
        unthrottled=unthrottled,
        web_acl=acl.name if known else acl,
        web_acl_acts=acl.acts if known else acl,
        web_acl_rate_rule=acl.limits if known else acl,
    )
