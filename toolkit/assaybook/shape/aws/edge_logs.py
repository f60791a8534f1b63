"""Whether what stands between callers and functions logs: GraphQL APIs, distributions, web ACLs, load balancers, state machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.gateway import EdgeLog
from ..records import Record, items, listing, loose_items, loose_part, part, place, shaped, text
from ..tags import TagWords
from .apis import Api, apis, holes
from .balancers import Balancer, balancers
from .firewalls import GUARDED_BY

WRITTEN_BY = {"S3": "a bucket", "CWL": "a log group", "FH": "a delivery stream"}
ENOUGH = frozenset({"ERROR", "ALL"})


def shape_edge_logs(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """EdgeLog rows."""
    for found, whole in apis(captures, words, "graphql"):
        yield from holes(found, EdgeLog)
        for api in whole:
            yield from shaped(api.capture, EdgeLog, partial(_graph, api), api.subject)
    for capture in captures.expect("cloudfront:ListDistributions", "aws", scope=GLOBAL):
        fronts = listing(capture)
        yield from fronts.holes(EdgeLog)
        for record in fronts.records:
            if record.get("Enabled") is not False:
                yield from shaped(capture, EdgeLog, partial(_distribution, captures, capture, record))
    yield from _firewalls(captures)
    for found, known in balancers(captures):
        yield from found.holes(EdgeLog)
        for balancer in known:
            yield _balancer(captures, balancer)
    for capture in captures.expect("stepfunctions:ListStateMachines", "aws"):
        machines = listing(capture)
        yield from machines.holes(EdgeLog)
        for record in machines.records:
            yield from shaped(capture, EdgeLog, partial(_machine, captures, capture, record))


def _row(kind: str, subject: Subject, sources: tuple[str, ...], writes: Any, lacks: Any = "") -> EdgeLog:
    return EdgeLog(
        key=f"{kind} {subject.native}",
        subject=subject,
        sources=tuple(dict.fromkeys(each for each in sources if each)),
        kind=kind,
        name=subject.name,
        writes=writes,
        lacks=lacks,
    )


def _graph(api: Api) -> EdgeLog:
    level = text(part(api.record, "logConfig"), "fieldLogLevel", "NONE")
    writes = {"NONE": "", "ERROR": "errors of its fields"}.get(level, "its fields")
    return _row("GraphQL API", api.subject, (api.capture.ref,), writes)


def _distribution(captures: Captures, capture: Capture, record: Record) -> EdgeLog:
    target = capture.target
    arn, name = text(record, "ARN"), text(record, "DomainName")
    aliases = [str(each) for each in loose_items(loose_part(record, "Aliases"), "Items")]
    subject = Subject("aws", target.account, GLOBAL, "distribution", arn, aliases[0] if aliases else name)
    config = captures.about("cloudfront:GetDistributionConfig", target, Id=text(record, "Id"))
    newer, more = _delivered(captures, target, arn)
    # Any one of the ways is enough, so that what could not be read matters only if no other shows a log.
    real_time = loose_part(record, "DefaultCacheBehavior").get("RealtimeLogConfigArn")
    ways = (config.read(_standard_log), newer, "each request in real time" if real_time else "")
    writes: Any = next((each for each in ways if isinstance(each, str) and each), None)
    if writes is None:
        writes = next((each for each in ways if isinstance(each, Gap)), "")
    sources = (capture.ref, config.ref, *more)
    return _row("distribution", subject, sources, writes)


def _standard_log(answer: Record) -> str:
    log = answer["Logging"]
    return f"to {text(log, 'Bucket')}" if log["Enabled"] is True else ""


def _delivered(captures: Captures, target: Target, arn: str) -> tuple[Any, list[str]]:
    """Where standard logs of the second version go, empty if nowhere; or the gap."""
    sources = listing(captures.about("logs:DescribeDeliverySources/edge", target))
    deliveries = listing(captures.about("logs:DescribeDeliveries/edge", target))
    refs = [sources.capture.ref, deliveries.capture.ref]
    named = {each.get("name") for each in sources.records if arn in loose_items(each, "resourceArns")}
    for each in deliveries.records:
        if each.get("deliverySourceName") in named:
            kind = str(each.get("deliveryDestinationType"))
            return f"to {WRITTEN_BY.get(kind, 'a delivery destination')}", refs
    return sources.gap or (deliveries.gap if named else None) or "", refs


def _firewalls(captures: Captures) -> Iterator[EdgeLog | Hole]:
    """The web ACLs that stand before something; one that is attached to nothing has nothing to log."""
    for target in (*captures.targets("aws"), *captures.targets("aws", scope=GLOBAL)):
        used, missing = _in_use(captures, target)
        for gap in missing:
            yield Hole(EdgeLog, gap, place(target))
        if not used:
            continue
        suffix = "/cloudfront" if target.region == GLOBAL else ""
        scope = "CLOUDFRONT" if suffix else "REGIONAL"
        logs = listing(captures.about(f"wafv2:ListLoggingConfigurations{suffix}", target, Scope=scope))
        places = {str(each.get("ResourceArn")): loose_items(each, "LogDestinationConfigs") for each in logs.records}
        for arn, sources in sorted(used.items()):
            name = arn.split("/")[-2] if arn.count("/") > 1 else arn
            subject = Subject("aws", target.account, target.region, "web-acl", arn, name)
            found = next(iter(places.get(arn, [])), "")
            writes: Any = f"to {str(found).rpartition(':')[2]}" if found else logs.gap or ""
            yield _row("web ACL", subject, (*sources, logs.capture.ref), writes)


def _in_use(captures: Captures, target: Target) -> tuple[dict[str, tuple[str, ...]], list[Gap]]:
    used: dict[str, tuple[str, ...]] = {}
    missing: list[Gap] = []
    for call in GUARDED_BY:
        for each in captures.of(call, target):
            gap = each.gap()
            if gap is not None:
                missing.append(gap)
            elif each.state != ABSENT:
                arn = loose_part(each.answer, "WebACL").get("ARN")
                if isinstance(arn, str) and arn:
                    used.setdefault(arn, (each.ref,))
    for call, member in (("appsync:ListGraphqlApis", "wafWebAclArn"), ("cloudfront:ListDistributions", "WebACLId")):
        for each in captures.of(call, target):
            for record in listing(each).records:
                arn = record.get(member)
                if isinstance(arn, str) and ":wafv2:" in arn:
                    used.setdefault(arn, (each.ref,))
    return used, missing


def _balancer(captures: Captures, balancer: Balancer) -> EdgeLog:
    call = "elbv2:DescribeLoadBalancerAttributes"
    attributes = captures.about(call, balancer.target, LoadBalancerArn=balancer.arn)
    writes = attributes.read(_access_log)
    return _row("load balancer", balancer.subject, (*balancer.sources, attributes.ref), writes)


def _access_log(answer: Record) -> str:
    """Where a load balancer writes. An attribute that was never set has its default, false (Elastic Load Balancing API Reference, LoadBalancerAttribute)."""
    held = {str(each["Key"]): str(each["Value"]) for each in answer["Attributes"]}
    enabled = held.get("access_logs.s3.enabled", "false") == "true"
    return f"to the bucket {held.get('access_logs.s3.bucket', '')}" if enabled else ""


def _machine(captures: Captures, capture: Capture, record: Record) -> EdgeLog:
    arn, target = text(record, "stateMachineArn"), capture.target
    detail = captures.about("stepfunctions:DescribeStateMachine", target, stateMachineArn=arn)
    subject = Subject("aws", target.account, target.region, "state-machine", arn, text(record, "name"))
    express = text(record, "type") == "EXPRESS"
    made = detail.read(partial(_machine_log, express))
    writes, lacks = made if isinstance(made, tuple) else (made, made)
    return _row("state machine", subject, (capture.ref, detail.ref), writes, lacks)


def _machine_log(express: bool, answer: Mapping[str, Any]) -> tuple[str, str]:
    log = part(answer, "loggingConfiguration")
    level = text(log, "level")
    if level == "OFF" or not items(log, "destinations"):
        return "", ""
    writes = {"ALL": "every step", "ERROR": "errors"}.get(level, "fatal errors")
    if express and level != "ALL":
        return writes, "an express state machine keeps no history of its own, so that it must log everything"
    return writes, "" if level in ENOUGH else "not the errors that it catches"
