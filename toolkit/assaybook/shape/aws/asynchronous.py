"""Asynchronous invocation: who may invoke a function without waiting, by alias or version, and where failed events go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...capture import ABSENT, NOT_COLLECTED
from ...evidence import Gap, Hole, Row
from ...plan.aws.compute import NEVER_WAIT
from ...policy.document import ALLOW, parse_policy
from ...policy.sources import service_name
from ...tables.compute import Delivery
from ..records import MALFORMED, Listing, Record, hole, listing, part, text
from .functions import LATEST, Function, qualifier
from .permissions import plain_policy

UNNAMED = "callers who do not wait"
# What starts each function, by its ARN and the qualifier that is named.
Started = Mapping[str, Mapping[str, set[str]]]


def asynchronous(started: Started, function: Function) -> Iterator[Row | Hole]:
    """One row for the function and each alias or version that something invokes without waiting."""
    ways, unseen = _ways(started, function)
    configured = listing(function.about("lambda:ListFunctionEventInvokeConfigs"))
    destinations: dict[str, str] = {}
    for record in configured.records:
        try:
            name = qualifier(text(record, "FunctionArn"))
            destinations[name] = text(part(part(record, "DestinationConfig"), "OnFailure"), "Destination", "")
        except MALFORMED as problem:
            yield hole(Delivery, configured.capture.unexpected(str(problem)), function.subject)
            return
        ways.setdefault(name, set())
    if _dead_letters(function.record):
        ways.setdefault("", set())
    for name, senders in sorted(ways.items()):
        yield _asynchronous_row(function, configured, name, senders, destinations.get(name, ""))
    yield from unseen
    # Nothing that was read may invoke it without waiting, so that the plan had no reason to ask.
    if not ways and configured.capture.reason != NOT_COLLECTED:
        yield from configured.holes(Delivery, about=function.subject)


def _ways(started: Started, function: Function) -> tuple[defaultdict[str, set[str]], list[Hole]]:
    """Who invokes the function without waiting, by alias or version, and holes where that could not be read and nothing else tells."""
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for name, senders in started.get(function.arn, {}).items():
        ways[name] |= senders
    unseen: list[tuple[str, Hole]] = [("*", each) for each in function.aliases.holes(Delivery, about=function.subject)]
    asked = [("", function.about("lambda:GetPolicy"))]
    target = function.capture.target
    for alias in function.aliases.records:
        name = str(alias.get("Name"))
        about = function.captures.about("lambda:GetPolicy/alias", target, FunctionName=function.name, Qualifier=name)
        asked.append((name, about))
    for version in function.used:
        about = function.captures.about(
            "lambda:GetPolicy/version", target, FunctionName=function.name, Qualifier=version
        )
        asked.append((version, about))
    for name, about in asked:
        found: Any = frozenset() if about.state == ABSENT else about.read(_services)
        if isinstance(found, Gap):
            unseen.append((name, hole(Delivery, found, function.subject)))
        elif found:
            ways[name] |= found
    return ways, [each for name, each in unseen if name not in ways]


def _services(answer: Record) -> frozenset[str]:
    """The services that a policy allows to invoke and that do not wait."""
    return frozenset(
        NEVER_WAIT[name]
        for statement in parse_policy(plain_policy(text(answer, "Policy"))).statements
        if statement.effect == ALLOW
        for principal in statement.principals or ()
        if principal.kind == "Service" and (name := service_name(principal.name)) in NEVER_WAIT
    )


def _asynchronous_row(
    function: Function, configured: Listing, name: str, senders: set[str], destination: str
) -> Delivery:
    dead = [_dead_letters(record) for record in _versions(function, name)]
    kept: Any = destination or (dead[0] if dead and all(dead) else "") or configured.gap or ""
    return Delivery(
        key=f"{function.arn}:{name or LATEST}/asynchronous",
        subject=replace(function.subject, release=name),
        setting=function.setting,
        sources=function.sources(configured.capture, function.about("lambda:GetPolicy")),
        workload=function.arn,
        path="asynchronous",
        source=_callers(senders),
        failure_destination=kept,
        retries_bounded=True,
    )


def _callers(senders: set[str]) -> str:
    """Who hands over events, in words; a rule or topic that is known by name stands for its service."""
    named = {
        service
        for service, word in (
            ("Amazon EventBridge", "rule "),
            ("Amazon SNS", "topic "),
            ("EventBridge Scheduler", "schedule "),
        )
        if any(each.startswith(word) for each in senders)
    }
    return " and ".join(sorted(senders - named)) or UNNAMED


def _versions(function: Function, name: str) -> list[Record]:
    """The records of what runs under an alias or version; those of the unpublished version under no name."""
    if not name:
        return [function.record]
    return [record for version, aliases, record in function.releases if name == version or name in aliases]


def _dead_letters(record: Record) -> str:
    found = record.get("DeadLetterConfig")
    target = found.get("TargetArn") if isinstance(found, Mapping) else ""
    return target if isinstance(target, str) else ""
