"""Routes of APIs: who has to say who they are before which function runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import Captures
from ...evidence import Gap, Hole, Row
from ...tables.compute import Route
from ..records import MALFORMED, Record, hole, loose_items, loose_part, shaped, text
from ..tags import TagWords
from .apis import Api, apis, holes, inner, rest_methods
from .functions import invoked

_REST = {"NONE": "none", "AWS_IAM": "iam", "COGNITO_USER_POOLS": "cognito", "CUSTOM": "custom"}
_V2 = {"NONE": "none", "AWS_IAM": "iam", "JWT": "jwt", "CUSTOM": "custom"}
_GRAPHQL = {
    "API_KEY": "key",
    "AWS_IAM": "iam",
    "AMAZON_COGNITO_USER_POOLS": "cognito",
    "OPENID_CONNECT": "jwt",
    "AWS_LAMBDA": "custom",
}


def shape_routes(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Route rows."""
    for found, whole in apis(captures, words, "rest"):
        yield from holes(found, Route)
        for api in whole:
            yield from _rest(api)
    for found, whole in apis(captures, words, "v2"):
        yield from holes(found, Route)
        for api in whole:
            yield from _v2(api)
    for found, whole in apis(captures, words, "graphql"):
        yield from holes(found, Route)
        for api in whole:
            yield from _graphql(api)


def _route(api: Api, method: str, path: str, auth: str, workload: Any, *sources: str) -> Route:
    said = f"{method} {path}".strip()
    subject = replace(api.subject, kind="api-route", native=f"{api.arn} {said}", name=f"{api.name} {said}")
    return Route(
        key=f"{api.arn} {said}",
        subject=subject,
        sources=tuple(dict.fromkeys(each for each in (api.capture.ref, *sources) if each)),
        setting=api.setting,
        api=api.arn,
        api_name=api.name,
        kind=api.kind,
        method=method,
        path=path,
        auth=auth,
        public=api.public,
        guarded=api.guarded,
        workload=workload,
    )


def _rest(api: Api) -> Iterator[Route | Hole]:
    found, methods = rest_methods(api)
    yield from found.holes(Route, about=api.subject)
    for path, method, record in methods:
        yield from shaped(
            found.capture, Route, partial(_rest_route, api, path, method, record, found.capture.ref), api.subject
        )


def _rest_route(api: Api, path: str, method: str, record: Record, source: str) -> Route:
    auth = _REST[text(record, "authorizationType", "NONE")]
    if auth == "none" and record.get("apiKeyRequired") is True:
        auth = "key"
    return _route(api, method, path, auth, invoked(str(loose_part(record, "methodIntegration").get("uri", ""))), source)


def _v2(api: Api) -> Iterator[Route | Hole]:
    found, targets = inner(api, "apigatewayv2:GetRoutes"), inner(api, "apigatewayv2:GetIntegrations")
    yield from found.holes(Route, about=api.subject)
    called = {str(each.get("IntegrationId")): invoked(str(each.get("IntegrationUri", ""))) for each in targets.records}
    for record in found.records:
        make = partial(_v2_route, api, record, called, targets.gap, found.capture.ref)
        yield from shaped(found.capture, Route, make, api.subject)


def _v2_route(api: Api, record: Record, called: dict[str, str], unread: Gap | None, source: str) -> Route:
    method, _, path = text(record, "RouteKey").partition(" ")
    auth = _V2[text(record, "AuthorizationType", "NONE")]
    if auth == "none" and record.get("ApiKeyRequired") is True:
        auth = "key"
    integration = text(record, "Target", "").rpartition("/")[2]
    workload = "" if not integration else called.get(integration, unread or "")
    return _route(api, method, path, auth, workload, source)


def _graphql(api: Api) -> Iterator[Route | Hole]:
    try:
        yield _route(api, "default", "/graphql", _GRAPHQL[text(api.record, "authenticationType")], "")
        for each in loose_items(api.record, "additionalAuthenticationProviders"):
            auth = _GRAPHQL[text(each, "authenticationType")]
            yield _route(api, f"additional {auth}", "/graphql", auth, "")
    except MALFORMED as problem:
        gap = api.capture.unexpected(f"{type(problem).__name__} {problem}")
        yield hole(Route, gap, api.subject)
