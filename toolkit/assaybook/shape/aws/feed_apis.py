"""What APIs and sign-in start beside their routes: resolvers of GraphQL APIs, authorizers, steps of a user pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ...capture import Capture, Captures
from ...evidence import Gap, Hole, Row
from ...tables.graph import INTERNET_ANONYMOUS, INTERNET_AUTHENTICATED, OWN_ACCOUNT, Feed
from ..records import Listing, Record, listing, loose_part, shaped, text
from ..tags import TagWords
from .apis import Api, apis, inner
from .feeds import feed
from .functions import invoked

ASKED = "it is asked before anybody has proved who they are"
INSIDE = "only the own network reaches the API"
SIGNS_UP = "whoever signs up or signs in hands over what it gets"
ADMITTED = "only users that an administrator made can sign in"


def shape_feed_apis(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Feed rows of resolvers, authorizers and user pools."""
    for found, whole in apis(captures, words, "graphql"):
        yield from found.holes(Feed)
        for api in whole:
            yield from _resolvers(captures, api)
    for found, whole in apis(captures, words, "rest", "v2"):
        yield from found.holes(Feed)
        for api in whole:
            yield from _authorizers(captures, api)
    # The pools are asked where the plan names them; without the call there is nothing to say about them here.
    for capture in captures.of("cognito-idp:DescribeUserPool"):
        pool = loose_part(capture.answer, "UserPool")
        for step, to in sorted(loose_part(pool, "LambdaConfig").items()):
            arn = to.get("LambdaArn") if isinstance(to, Mapping) else to
            if isinstance(arn, str) and ":lambda:" in arn:
                yield from shaped(capture, Feed, partial(_step, capture, pool, step, arn))


def _resolvers(captures: Captures, api: Api) -> Iterator[Row | Hole]:
    found = listing(captures.about("appsync:ListDataSources", api.capture.target, apiId=api.id))
    yield from found.holes(Feed, about=api.subject)
    for record in found.records:
        to = loose_part(record, "lambdaConfig").get("lambdaFunctionArn")
        if isinstance(to, str):
            yield from shaped(found.capture, Feed, partial(_resolver, api, found, record, to), api.subject)
    signer = loose_part(api.record, "lambdaAuthorizerConfig").get("authorizerUri")
    if isinstance(signer, str):
        yield from shaped(api.capture, Feed, partial(_authorizer, api, Listing(api.capture, ()), "lambda", signer))


def _resolver(api: Api, found: Listing, record: Record, to: str) -> Feed:
    name = text(record, "name")
    return feed(
        api.capture.target, "resolver", api.arn, f"GraphQL API {api.name}", to, api.capture, found.capture, part=name
    )


def _authorizers(captures: Captures, api: Api) -> Iterator[Row | Hole]:
    rest = api.kind == "rest"
    found = inner(api, "apigateway:GetAuthorizers" if rest else "apigatewayv2:GetAuthorizers")
    if not rest and found.capture.reason == "not_collected":
        return
    yield from found.holes(Feed, about=api.subject)
    for record in found.records:
        to = invoked(str(record.get("authorizerUri") or record.get("AuthorizerUri") or ""))
        name = str(record.get("name") or record.get("Name") or "")
        if to:
            yield from shaped(found.capture, Feed, partial(_authorizer, api, found, name, to), api.subject)


def _authorizer(api: Api, found: Listing, name: str, to: str) -> Feed:
    public = api.public
    if isinstance(public, Gap):
        raise ValueError(str(public))
    return feed(
        api.capture.target,
        "authorizer",
        api.arn,
        f"authorizer {name} of API {api.name}",
        to,
        api.capture,
        found.capture,
        part=name,
        origin=INTERNET_ANONYMOUS if public else OWN_ACCOUNT,
        because=ASKED if public else INSIDE,
    )


def _step(capture: Capture, pool: Record, step: str, to: str) -> Feed:
    closed = loose_part(pool, "AdminCreateUserConfig").get("AllowAdminCreateUserOnly") is True
    name = text(pool, "Name", "") or text(pool, "Id")
    return feed(
        capture.target,
        "sign-in",
        text(pool, "Arn", "") or text(pool, "Id"),
        f"{step} of user pool {name}",
        to,
        capture,
        part=step,
        origin=INTERNET_AUTHENTICATED if closed else INTERNET_ANONYMOUS,
        because=ADMITTED if closed else SIGNS_UP,
    )
