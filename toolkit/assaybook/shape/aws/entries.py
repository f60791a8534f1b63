"""Public web entries and what filters them: stages of REST APIs, GraphQL APIs, distributions, HTTP APIs, function URLs, load balancers, user pools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.compute import WebEntry
from ..records import Listing, Record, listing, loose_items, loose_part, shaped, text
from ..tags import TagWords, tag_map
from .apis import Api, apis, holes, inner
from .balancers import CALL_FOR_ACL, Balancer, balancers
from .firewalls import Firewall, attached, by_arn
from .fronts import Fronts, Way, fronts_of, way_to, way_to_api
from .functions import Function, functions, qualifier
from .resources import arn_of


def shape_entries(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """WebEntry rows, for entries that the internet reaches."""
    fronts = fronts_of(captures)
    for found in (front.found for front in fronts.values()):
        yield from found.holes(WebEntry)
        for record in found.records:
            # One that is switched off answers nobody.
            if record.get("Enabled") is not False:
                yield from shaped(found.capture, WebEntry, partial(_distribution, captures, found, record))
    for found, whole in apis(captures, words, "rest", "v2", "graphql"):
        yield from holes(found, WebEntry)
        for api in whole:
            if api.public is not False:
                yield from _api_entries(api, fronts.get(api.capture.target.account))
    for found, each in functions(captures, words):
        yield from found.holes(WebEntry)
        for function in each:
            yield from _url_entries(function, fronts.get(function.capture.target.account))
    for found, known in balancers(captures):
        yield from found.holes(WebEntry)
        for balancer in known:
            if balancer.public:
                yield from shaped(found.capture, WebEntry, partial(_balancer_entry, captures, balancer))
    yield from _pool_entries(captures, words)


def _entry(
    subject: Subject,
    kind: str,
    url: str,
    sources: tuple[str, ...],
    *,
    attachable: bool,
    acl: Any,
    front: Any = "",
    locked: Any = False,
) -> WebEntry:
    effect: Any = acl
    if isinstance(acl, Firewall):
        effect = acl.effect if acl.name else "none"
    return WebEntry(
        key=f"{subject.key}/entry",
        subject=subject,
        sources=tuple(dict.fromkeys(each for each in sources if each)),
        kind=kind,
        url=url,
        attachable=attachable,
        firewall=effect,
        front=front,
        origin_locked=locked,
    )


def _distribution(captures: Captures, found: Listing, record: Record) -> WebEntry:
    target = found.capture.target
    arn, name = text(record, "ARN"), text(record, "DomainName")
    aliases = [str(each) for each in loose_items(loose_part(record, "Aliases"), "Items")]
    subject = Subject("aws", target.account, GLOBAL, "distribution", arn, aliases[0] if aliases else name)
    acl = by_arn(captures, target, str(record.get("WebACLId") or ""))
    return _entry(subject, "distribution", f"https://{name}", (found.capture.ref,), attachable=True, acl=acl)


def _api_entries(api: Api, fronts: Fronts | None) -> Iterator[WebEntry | Hole]:
    if api.kind == "rest":
        stages = inner(api, "apigateway:GetStages")
        yield from stages.holes(WebEntry, about=api.subject)
        for record in stages.records:
            yield from shaped(
                stages.capture, WebEntry, partial(_rest_entry, api, record, stages.capture.ref), api.subject
            )
    elif api.kind == "graphql":
        yield from shaped(api.capture, WebEntry, partial(_graphql_entry, api), api.subject)
    else:
        yield from shaped(api.capture, WebEntry, partial(_newer_entry, api, fronts), api.subject)


def _rest_entry(api: Api, record: Record, source: str) -> WebEntry:
    stage = text(record, "stageName")
    arn = f"{api.arn}/stages/{stage}"
    subject = replace(api.subject, kind="api-stage", native=arn, name=f"{api.name}/{stage}")
    guard = api.captures.about("wafv2:GetWebACLForResource", api.capture.target, ResourceArn=arn)
    acl = attached(api.captures, api.capture.target, arn)
    made = _entry(
        subject, "rest", f"https://{api.host}/{stage}", (api.capture.ref, source, guard.ref), attachable=True, acl=acl
    )
    return replace(made, setting=api.setting)


def _graphql_entry(api: Api) -> WebEntry:
    arn = str(api.record.get("wafWebAclArn") or "")
    acl = by_arn(api.captures, api.capture.target, arn)
    made = _entry(api.subject, "graphql", f"https://{api.host}/graphql", (api.capture.ref,), attachable=True, acl=acl)
    return replace(made, setting=api.setting)


def _newer_entry(api: Api, fronts: Fronts | None) -> WebEntry:
    """An HTTP or WebSocket API, to which no web ACL can be attached."""
    source = (api.capture.ref, *([fronts.found.capture.ref] if fronts else []))
    domains = api.domains if api.execute_endpoint_off else ()
    host = api.host if isinstance(domains, Gap) or not domains else sorted(domains)[0]
    scheme = "wss" if api.kind == "websocket" else "https"
    made = _behind(api.subject, api.kind, f"{scheme}://{host}", source, way_to_api(api, fronts))
    return replace(made, setting=api.setting)


def _behind(subject: Subject, kind: str, url: str, sources: tuple[str, ...], way: Way) -> WebEntry:
    """An entry to which no web ACL can be attached: the distribution before it decides, if it is the only way in."""
    return _entry(subject, kind, url, sources, attachable=False, acl=way.acl, front=way.front, locked=way.locked)


def _url_entries(function: Function, fronts: Fronts | None) -> Iterator[WebEntry | Hole]:
    found = function.urls
    yield from found.holes(WebEntry, about=function.subject)
    for record in found.records:
        host = urlsplit(str(record.get("FunctionUrl", ""))).netloc
        signed = record.get("AuthType") == "AWS_IAM"
        if signed and (fronts is None or fronts.before(host) is None):
            # Strangers' requests end at the signature, before any code: not a public entry.
            continue
        yield from shaped(
            found.capture, WebEntry, partial(_url_entry, function, record, found.capture.ref, fronts), function.subject
        )


def _url_entry(function: Function, record: Record, source: str, fronts: Fronts | None) -> WebEntry:
    url, arn = text(record, "FunctionUrl"), text(record, "FunctionArn")
    host = urlsplit(url).netloc
    subject = replace(function.subject, kind="function-url", native=f"{arn}/url", release=qualifier(arn))
    sources = (function.capture.ref, source, *([fronts.found.capture.ref] if fronts else []))
    before = fronts.before(host) if fronts else None
    locked = text(record, "AuthType") == "AWS_IAM"
    made = _behind(subject, "url", url, sources, way_to(before, fronts, locked))
    return replace(made, setting=replace(function.setting, internet=True))


def _balancer_entry(captures: Captures, balancer: Balancer) -> WebEntry:
    acl = attached(captures, balancer.target, balancer.arn, CALL_FOR_ACL)
    guard = captures.about(CALL_FOR_ACL, balancer.target, ResourceArn=balancer.arn)
    sources = (*balancer.sources, guard.ref)
    return _entry(balancer.subject, "balancer", f"https://{balancer.host}", sources, attachable=True, acl=acl)


def _pool_entries(captures: Captures, words: TagWords) -> Iterator[WebEntry | Hole]:
    for capture in captures.expect("cognito-idp:ListUserPools", "aws"):
        found = listing(capture)
        yield from found.holes(WebEntry)
        for record in found.records:
            yield from shaped(capture, WebEntry, partial(_pool_entry, captures, words, capture, record))


def _pool_entry(captures: Captures, words: TagWords, capture: Capture, record: Record) -> WebEntry:
    """A user pool answers sign-ins of everybody. The call for its web ACL is asked with the ARN that its description gives."""
    target, pool = capture.target, text(record, "Id")
    arn = arn_of(target, "cognito-idp", f"userpool/{pool}")
    call = "wafv2:GetWebACLForResource/pool"
    detail = captures.about("cognito-idp:DescribeUserPool", target, UserPoolId=pool)
    acl: Any = detail.gap() or attached(captures, target, arn, call)
    tags: Any = detail.read(lambda answer: tag_map(answer["UserPool"].get("UserPoolTags")))
    subject = Subject("aws", target.account, target.region, "user-pool", arn, text(record, "Name"))
    sources = (capture.ref, detail.ref, captures.about(call, target, ResourceArn=arn).ref)
    url = f"https://cognito-idp.{target.region}.amazonaws.com/{pool}"
    made = _entry(subject, "pool", url, sources, attachable=True, acl=acl)
    return replace(made, setting=words.setting(tags, True))
