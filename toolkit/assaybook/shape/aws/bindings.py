"""What invokes which release of a function: mappings, rules, topics, buckets, pipes, schedules and routes; and what bounds how much runs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ...capture import GLOBAL, Capture, Captures, has_symbol
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...tables.bindings import Binding
from ..records import Listing, Record, hole, listing, loose_items, loose_part, shaped, text
from ..tags import TagWords
from .apis import Api, apis, holes, inner, rest_methods
from .functions import Function, invoked_release, is_function, plain_arn, qualifier
from .resources import sources
from .settings import standing

SWITCHED_OFF = ("Disabled", "Disabling", "DISABLED", "STOPPED", "STOPPING")
# Seconds that an integration waits where it does not say. Source: Amazon API Gateway Developer Guide, quotas of REST, WebSocket and HTTP APIs.
REST_WAITS, HTTP_WAITS = 29.0, 30.0
EVENT = "integration.request.header.X-Amz-Invocation-Type"
STAGE_VARIABLE = "${"


@dataclass(frozen=True)
class Estate:
    """The functions of all targets by ARN, and the (account, region) pairs whose list is complete."""

    captures: Captures
    functions: dict[str, Function]
    whole: frozenset[tuple[str, str]]

    def exists(self, arn: str) -> Any:
        """Whether a function, and the alias or version that its ARN names, exist; or the gap."""
        function, release = self.functions.get(plain_arn(arn)), qualifier(arn)
        if function is None:
            _, _, _, region, account, *_ = arn.split(":")
            unseen = Gap("lambda:ListFunctions", "out_of_scope", f"{arn} was not collected", "", account, region)
            return False if (account, region) in self.whole else unseen
        if not release or release in function.published:
            return True
        if STAGE_VARIABLE in release:
            return function.capture.unexpected(f"the alias is named by a stage variable, {release}")
        known = any(each.get("Name") == release for each in function.aliases.records)
        opened = next((name for each in function.aliases.records if has_symbol(name := str(each.get("Name")))), "")
        if opened and not known:
            return function.aliases.capture.unexpected(
                f"one of its aliases is {opened}, of which the name is not known"
            )
        return True if known else function.aliases.gap or False

    def binding(self, kind: str, arn: str, key: str, source: str, *captures: Capture, **more: Any) -> Binding:
        """A row about the function that an ARN names."""
        function, plain = self.functions.get(plain_arn(arn)), plain_arn(arn)
        parts = plain.split(":")
        subject = Subject("aws", parts[4], parts[3], "function", plain, parts[6])
        unseen = Gap("lambda:ListFunctions", "out_of_scope", f"{plain} was not collected", "", parts[4], parts[3])
        exists = self.exists(arn)
        production: Any = standing(function) if function else None if exists is False else unseen
        given: dict[str, Any] = {"via": "", "active": True, "waits": None, **more}
        return Binding(
            key=key,
            subject=replace(function.subject if function else subject, release=qualifier(arn)),
            sources=sources(*captures, *([function.capture] if function else [])),
            setting=function.setting if function else Setting(internet=None, sensitive=None),
            kind=kind,
            source=source,
            workload=plain,
            qualifier=arn.split(":")[7] if len(arn.split(":")) > 7 else "",
            exists=exists,
            production=production,
            **given,
        )


def shape_bindings(estate: Estate, words: TagWords) -> Iterator[Row | Hole]:
    """Binding rows."""
    captures = estate.captures
    for capture in captures.expect("lambda:ListEventSourceMappings", "aws"):
        yield from _listed(estate, listing(capture), "FunctionArn", _mapping)
    for capture in captures.expect("sns:ListSubscriptions", "aws"):
        yield from _listed(estate, listing(capture), "Endpoint", _subscription)
    for capture in captures.expect("pipes:ListPipes", "aws"):
        yield from _listed(estate, listing(capture), "Target", _pipe)
    for capture in captures.expect("scheduler:ListSchedules", "aws"):
        yield from _listed(estate, listing(capture), "Target.Arn", _schedule)
    for capture in captures.expect("events:ListEventBuses", "aws"):
        yield from _rules(estate, listing(capture))
    for capture in captures.expect("s3:ListBuckets", "aws", scope=GLOBAL):
        yield from _buckets(estate, listing(capture))
    for kind in ("rest", "v2"):
        for found, whole in apis(captures, words, kind):
            yield from holes(found, Binding)
            for api in whole:
                yield from _rest(estate, api) if kind == "rest" else _v2(estate, api)


def _listed(
    estate: Estate, found: Listing, member: str, make: Callable[[Estate, Capture, str, Record], Binding]
) -> Iterator[Binding | Hole]:
    """The records of a listing whose member names a function."""
    yield from found.holes(Binding)
    for record in found.records:
        *above, last = member.split(".")
        inside = loose_part(record, above[0]) if above else record
        arn = str(inside.get(last, ""))
        if is_function(arn):
            yield from shaped(found.capture, Binding, partial(make, estate, found.capture, arn, record))


def _mapping(estate: Estate, capture: Capture, arn: str, record: Record) -> Binding:
    source = text(record, "EventSourceArn", "") or "self-managed Kafka"
    active = record.get("State") not in SWITCHED_OFF
    return estate.binding("mapping", arn, text(record, "UUID"), source, capture, active=active)


def _subscription(estate: Estate, capture: Capture, arn: str, record: Record) -> Binding:
    name = text(record, "SubscriptionArn")
    topic = text(record, "TopicArn")
    key = name if name.startswith("arn:") else f"{topic} {arn}"
    return estate.binding("subscription", arn, key, topic, capture, active=name.startswith("arn:"))


def _pipe(estate: Estate, capture: Capture, arn: str, record: Record) -> Binding:
    active = record.get("CurrentState") not in SWITCHED_OFF and record.get("DesiredState") not in SWITCHED_OFF
    return estate.binding("pipe", arn, text(record, "Arn"), f"pipe {text(record, 'Name')}", capture, active=active)


def _schedule(estate: Estate, capture: Capture, arn: str, record: Record) -> Binding:
    active = record.get("State") not in SWITCHED_OFF
    name = text(record, "Name")
    return estate.binding("schedule", arn, text(record, "Arn"), f"schedule {name}", capture, active=active)


def _rules(estate: Estate, buses: Listing) -> Iterator[Binding | Hole]:
    yield from buses.holes(Binding)
    target = buses.capture.target
    for bus in buses.records:
        rules = listing(estate.captures.about("events:ListRules", target, EventBusName=bus.get("Name")))
        yield from rules.holes(Binding)
        for rule in rules.records:
            asked = {"Rule": rule.get("Name"), "EventBusName": rule.get("EventBusName")}
            found = listing(estate.captures.about("events:ListTargetsByRule", target, **asked))
            yield from found.holes(Binding)
            for record in found.records:
                if is_function(str(record.get("Arn", ""))):
                    make = partial(_rule, estate, rules.capture, found.capture, rule, record)
                    yield from shaped(found.capture, Binding, make)


def _rule(estate: Estate, listed: Capture, about: Capture, rule: Record, record: Record) -> Binding:
    key, active = f"{text(rule, 'Arn')}/{text(record, 'Id')}", rule.get("State") not in SWITCHED_OFF
    name = text(rule, "Name")
    return estate.binding("rule", text(record, "Arn"), key, f"rule {name}", listed, about, active=active)


def _buckets(estate: Estate, found: Listing) -> Iterator[Binding | Hole]:
    yield from found.holes(Binding)
    for bucket in found.records:
        name = str(bucket.get("Name", ""))
        target = found.capture.target
        about = estate.captures.about("s3:GetBucketNotificationConfiguration", target, Bucket=name)
        gap = about.gap()
        subject = Subject("aws", target.account, str(bucket.get("BucketRegion", target.region)), "bucket", name, name)
        if gap is not None:
            yield hole(Binding, gap, subject)
            continue
        for place, record in enumerate(loose_items(about.answer, "LambdaFunctionConfigurations")):
            make = partial(_notification, estate, about, name, place, record)
            yield from shaped(about, Binding, make, subject)


def _notification(estate: Estate, about: Capture, bucket: str, place: int, record: Record) -> Binding:
    key = f"arn:aws:s3:::{bucket}#{text(record, 'Id', str(place))}"
    return estate.binding("notification", text(record, "LambdaFunctionArn"), key, f"bucket {bucket}", about)


def _rest(estate: Estate, api: Api) -> Iterator[Binding | Hole]:
    found, methods = rest_methods(api)
    yield from _unread(found, api)
    for path, method, record in methods:
        integration = loose_part(record, "methodIntegration")
        arn = invoked_release(str(integration.get("uri", "")))
        if arn:
            said = f"{method} {path}"
            make = partial(_route, estate, api, arn, said, _rest_waits(integration), found.capture)
            yield from shaped(found.capture, Binding, make)


def _unread(found: Listing, api: Api) -> Iterator[Hole]:
    """The hole for routes that could not be read. They may lead to any function, so that it has no parent."""
    if found.gap is not None:
        yield Hole(Binding, found.gap, api.subject)


def _rest_waits(integration: Record) -> float | None:
    """Seconds, None for an integration that hands its event over and goes on."""
    if str(loose_part(integration, "requestParameters").get(EVENT, "")).strip("'") == "Event":
        return None
    limit = integration.get("timeoutInMillis")
    return limit / 1000 if isinstance(limit, int) else REST_WAITS


def _route(estate: Estate, api: Api, arn: str, said: str, waits: float | None, *captures: Capture) -> Binding:
    key = f"{api.arn} {said}"
    return estate.binding("route", arn, key, f"{api.name} {said}", api.capture, *captures, via=api.arn, waits=waits)


def _v2(estate: Estate, api: Api) -> Iterator[Binding | Hole]:
    routes, targets = inner(api, "apigatewayv2:GetRoutes"), inner(api, "apigatewayv2:GetIntegrations")
    yield from _unread(routes, api)
    yield from _unread(targets, api)
    integrations = {str(each.get("IntegrationId")): each for each in targets.records}
    for record in routes.records:
        integration = integrations.get(str(record.get("Target", "")).rpartition("/")[2], {})
        arn = invoked_release(str(integration.get("IntegrationUri", "")))
        if arn:
            limit = integration.get("TimeoutInMillis")
            waits = limit / 1000 if isinstance(limit, int) else HTTP_WAITS if api.kind == "http" else REST_WAITS
            said = str(record.get("RouteKey", ""))
            make = partial(_route, estate, api, arn, said, waits, routes.capture, targets.capture)
            yield from shaped(routes.capture, Binding, make)


def estate_of(captures: Captures, found: Iterable[tuple[Listing, tuple[Function, ...]]]) -> Estate:
    """The estate out of what `functions` gives."""
    known: dict[str, Function] = {}
    whole: set[tuple[str, str]] = set()
    for listed, functions in found:
        known |= {each.arn: each for each in functions}
        if listed.gap is None:
            whole.add((listed.capture.target.account, listed.capture.target.region))
    return Estate(captures, known, frozenset(whole))
