"""Authorizers of APIs: how long their answers are kept, under what, and which tokens they take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import Captures
from ...evidence import Hole, Row
from ...tables.sign_in import Authorizer
from ..records import Listing, Record, items, loose_items, part, shaped, text
from ..tags import TagWords
from .apis import Api, apis, holes, inner, rest_methods

# Kept for five minutes where nothing is set. Source: API Gateway API reference, "Authorizer", authorizerResultTtlInSeconds.
KEPT_BY_DEFAULT = 300
PLACES = {
    "header": "header",
    "querystring": "query",
    "context": "context",
    "stagevariables": "variable",
    "path": "path",
}
REST_KINDS = {"TOKEN": "function", "REQUEST": "function", "COGNITO_USER_POOLS": "cognito", "JWT": "jwt"}


def shape_authorizers(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Authorizer rows."""
    for found, whole in apis(captures, words, "rest", "v2", "graphql"):
        yield from holes(found, Authorizer)
        for api in whole:
            if api.kind == "graphql":
                yield from _graph(api)
                continue
            rest = api.kind == "rest"
            listed = inner(api, "apigateway:GetAuthorizers" if rest else "apigatewayv2:GetAuthorizers")
            yield from listed.holes(Authorizer, about=api.subject)
            for record in listed.records:
                make = partial(_rest if rest else _v2, api, record, listed)
                yield from shaped(listed.capture, Authorizer, make, api.subject)


def _row(
    api: Api,
    id: str,
    name: str,
    *sources: str,
    kind: str,
    kept: int,
    identity: tuple[str, ...],
    routes: Any,
    issuer: str = "",
    audiences: tuple[str, ...] = (),
) -> Authorizer:
    native = f"{api.arn}/authorizers/{id}"
    return Authorizer(
        key=native,
        subject=replace(api.subject, kind="authorizer", native=native, name=f"{api.name}/{name}"),
        sources=tuple(dict.fromkeys(each for each in (api.capture.ref, *sources) if each)),
        # An authorizer stands before strangers by its nature.
        setting=replace(api.setting, internet=False),
        api_name=api.name,
        kind=kind,
        cached_seconds=kept,
        identity_sources=identity,
        routes=routes,
        issuer=issuer,
        audiences=audiences,
    )


def source(written: str) -> str:
    """An identity source in one form: `method.request.header.Authorization` and `$request.header.Authorization` are `header Authorization`."""
    parts = written.strip().lstrip("$").split(".")
    for number, each in enumerate(parts):
        if each.lower() in PLACES:
            return f"{PLACES[each.lower()]} {'.'.join(parts[number + 1 :])}"
    raise ValueError(f"{written} is no identity source")


def _rest(api: Api, record: Record, listed: Listing) -> Authorizer:
    id, written = text(record, "id"), text(record, "identitySource", "")
    methods, known = rest_methods(api)
    routes = tuple(f"{method} {path}" for path, method, each in known if each.get("authorizerId") == id)
    jwt = part(record, "jwtConfiguration")
    kept = record.get("authorizerResultTtlInSeconds", KEPT_BY_DEFAULT)
    return _row(
        api,
        id,
        text(record, "name", id),
        listed.capture.ref,
        methods.capture.ref,
        kind=REST_KINDS[text(record, "type")],
        kept=int(kept),
        identity=tuple(source(each) for each in written.split(",") if each.strip()),
        routes=methods.gap or routes,
        issuer=text(jwt, "issuer", ""),
        audiences=tuple(str(each) for each in items(jwt, "audience")),
    )


def _v2(api: Api, record: Record, listed: Listing) -> Authorizer:
    id = text(record, "AuthorizerId")
    found = inner(api, "apigatewayv2:GetRoutes")
    routes = tuple(sorted(str(each.get("RouteKey")) for each in found.records if each.get("AuthorizerId") == id))
    jwt = part(record, "JwtConfiguration")
    return _row(
        api,
        id,
        text(record, "Name", id),
        listed.capture.ref,
        found.capture.ref,
        kind={"REQUEST": "function", "JWT": "jwt"}[text(record, "AuthorizerType")],
        # Nothing is kept where nothing is set, and never by a WebSocket API.
        kept=int(record.get("AuthorizerResultTtlInSeconds") or 0) if api.kind == "http" else 0,
        identity=tuple(source(str(each)) for each in items(record, "IdentitySource")),
        routes=found.gap or routes,
        issuer=text(jwt, "Issuer", ""),
        audiences=tuple(str(each) for each in items(jwt, "Audience")),
    )


def _graph(api: Api) -> Iterator[Authorizer | Hole]:
    """A GraphQL API has its authorizers in its authentication modes: a function, or an issuer of tokens."""
    modes = [api.record, *(each for each in loose_items(api.record, "additionalAuthenticationProviders"))]
    for number, record in enumerate(modes):
        if isinstance(record, dict) and record.get("authenticationType") in ("AWS_LAMBDA", "OPENID_CONNECT"):
            yield from shaped(api.capture, Authorizer, partial(_mode, api, number, record), api.subject)


def _mode(api: Api, number: int, record: Record) -> Authorizer:
    if record["authenticationType"] == "AWS_LAMBDA":
        config = part(record, "lambdaAuthorizerConfig")
        kept = int(config.get("authorizerResultTtlInSeconds", KEPT_BY_DEFAULT))
        identity = ("header Authorization",)
        return _row(api, str(number), "function", kind="function", kept=kept, identity=identity, routes=("/graphql",))
    config = part(record, "openIDConnectConfig")
    client = text(config, "clientId", "")
    return _row(
        api,
        str(number),
        "OpenID Connect",
        kind="jwt",
        kept=0,
        identity=("header Authorization",),
        routes=("/graphql",),
        issuer=text(config, "issuer"),
        audiences=(client,) if client else (),
    )
