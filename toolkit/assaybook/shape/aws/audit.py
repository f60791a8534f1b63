"""Records of AWS to rows: who changed functions, where their logs go, which queries are saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures, Target
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...tables.audit import FunctionChange, LogForwarding, SavedQueries
from ..records import Record, hole, items, listing, part, place, shaped, text
from ..tags import TagWords
from .forwarding import by_filter, by_policy
from .functions import Function, functions, plain_arn
from .resources import arn_of, sources

# What an event changes, in words, and how its name begins, by the plan row that looks for it.
CHANGES = {
    "code": ("code", "UpdateFunctionCode"),
    "configuration": ("configuration", "UpdateFunctionConfiguration"),
    "permission": ("policy", "AddPermission"),
}
# Principals behind which people stand. Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
PEOPLE = ("Root", "IAMUser", "FederatedUser", "SAMLUser", "IdentityCenterUser")
# Roles that IAM Identity Center makes for people. Source: IAM Identity Center User Guide, "Permission sets".
PEOPLES_ROLES = "AWSReservedSSO_"
CONSOLES = ("console.amazonaws.com", "signin.amazonaws.com")


def shape_audit(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """FunctionChange, LogForwarding and SavedQueries rows."""
    known: dict[str, Function] = {}
    for listed, found in functions(captures, words):
        yield from listed.holes(LogForwarding)
        for function in found:
            known[function.arn] = function
            yield from shaped(
                function.capture, LogForwarding, partial(_forwarding, captures, function), function.subject
            )
    for row, (what, name) in CHANGES.items():
        for capture in captures.expect(f"cloudtrail:LookupEvents/{row}", "aws"):
            yield from _changes(capture, what, name, known)
    yield from _queries(captures)


def _forwarding(captures: Captures, function: Function) -> LogForwarding:
    target = function.capture.target
    group = text(part(function.record, "LoggingConfig"), "LogGroup", f"/aws/lambda/{function.name}")
    policies = captures.about("logs:DescribeAccountPolicies", target, policyType="SUBSCRIPTION_FILTER_POLICY")
    own, every = (
        captures.about(call, target, logGroupName=group)
        for call in ("logs:DescribeSubscriptionFilters", "logs:DescribeSubscriptionFilters/all")
    )
    filters = own if own.gap() is None or every.gap() is not None else every
    for_all: Any = () if policies.state == ABSENT else policies.read(partial(by_policy, group))
    for_group: Any = () if filters.state == ABSENT else filters.read(by_filter)
    found = [each for each in (for_all, for_group) if not isinstance(each, Gap)]
    lost: Any = next((each for each in (for_all, for_group) if isinstance(each, Gap)), None)
    whole: Any = tuple(sorted({arn for each in found for arn, everything in each if everything}))
    partly: Any = tuple(sorted({arn for each in found for arn, everything in each if not everything}))
    # What one of two answers shows is so whatever the other would say; that there is nothing needs both.
    known_whole: Any = whole or lost or ()
    known_partly: Any = partly if whole or not lost else lost
    return LogForwarding(
        key=function.arn,
        subject=function.subject,
        setting=Setting(),
        sources=function.sources(policies, filters),
        group=group,
        exists=True if for_all and not isinstance(for_all, Gap) else _exists(filters),
        whole=known_whole,
        partly=known_partly,
    )


def _exists(capture: Capture) -> Any:
    return capture.gap() or capture.state != ABSENT


def _changes(capture: Capture, what: str, name: str, known: dict[str, Function]) -> Iterator[Row | Hole]:
    found = listing(capture, "Events")
    yield from found.holes(FunctionChange)
    days: defaultdict[tuple[str, str, bool, bool], list[str]] = defaultdict(list)
    for record in found.records:
        try:
            detail = part(record, "Detail")
            if text(detail, "errorCode", ""):
                continue
            if not text(record, "EventName").startswith(name):
                raise ValueError(f"the event {record['EventName']} was not asked for")
            who, person = _who(part(detail, "userIdentity"))
            console = _console(detail)
            arn = _function(capture.target, text(detail, "functionName"))
            days[arn, who, person or console, console].append(text(record, "EventTime")[:10])
        except (KeyError, TypeError, ValueError, IndexError) as problem:
            yield hole(FunctionChange, capture.unexpected(f"{type(problem).__name__} {problem}"), place(capture.target))
    for (arn, who, person, console), when in sorted(days.items()):
        yield _change(capture, what, known.get(arn), arn, who, person, console, sorted(when))


def _change(
    capture: Capture,
    what: str,
    function: Function | None,
    arn: str,
    who: str,
    person: bool,
    console: bool,
    days: list[str],
) -> FunctionChange:
    target, name = capture.target, arn.rpartition(":")[2]
    tags = function.tags if function else {}
    production: Any = tags if isinstance(tags, Gap) else function.words.production(tags) if function else None
    return FunctionChange(
        key=f"{arn}/{what}/{who}/{'console' if console else 'other'}",
        subject=Subject("aws", target.account, target.region, "function", arn, name),
        setting=function.setting if function else Setting(),
        sources=sources(capture),
        workload=name,
        what=what,
        who=who,
        person=person,
        console=console,
        times=len(days),
        last=days[-1],
        production=production,
    )


def _who(identity: Record) -> tuple[str, bool]:
    """Who acted, in words, and whether a person stands behind it. Where a session belongs to a person, its name says who."""
    kind = text(identity, "type")
    if kind == "Root":
        return "the root user", True
    issuer = text(identity, "issuer", "")
    if kind == "AssumedRole" and issuer:
        session = text(identity, "arn", "").rpartition("/")[2]
        # Federations name a person's session after the mailbox; machines have none.
        person = issuer.startswith(PEOPLES_ROLES) or "@" in session
        return (f"role {issuer} as {session}" if person and session else f"role {issuer}"), person
    name = (
        text(identity, "userName", "")
        or text(identity, "invokedBy", "")
        or text(identity, "arn", "").rpartition("/")[2]
    )
    return (f"user {name}" if kind in PEOPLE else name or kind), kind in PEOPLE


def _console(detail: Record) -> bool:
    """Whether the change was made in the console. What another service did on a person's behalf was not."""
    if text(part(detail, "userIdentity"), "invokedBy", ""):
        return False
    agent = text(detail, "userAgent", "")
    return str(detail.get("sessionCredentialFromConsole")).lower() == "true" or any(each in agent for each in CONSOLES)


def _function(target: Target, named: str) -> str:
    """The ARN of a function without version, from the name, part of an ARN or whole ARN that a caller gave."""
    if named.startswith("arn:"):
        return plain_arn(named)
    name = named.split(":function:")[-1].split(":")
    return arn_of(target, "lambda", f"function:{name[1] if name[0].isdigit() and len(name) > 1 else name[0]}")


def _queries(captures: Captures) -> Iterator[Row | Hole]:
    for capture in captures.expect("logs:DescribeQueryDefinitions", "aws"):
        found = listing(capture)
        yield from found.holes(SavedQueries)
        if found.gap is None:
            yield _saved(capture, f"CloudWatch Logs Insights in {capture.target.region}", len(found.records))
    for capture in captures.expect("athena:ListWorkGroups", "aws"):
        found = listing(capture)
        yield from found.holes(SavedQueries)
        for group in found.records:
            about = captures.about("athena:ListNamedQueries", capture.target, WorkGroup=group.get("Name"))
            place_of = f"the workgroup {group.get('Name')} of Athena in {capture.target.region}"
            yield _saved(about, place_of, about.read(lambda answer: len(items(answer, "NamedQueryIds"))))


def _saved(capture: Capture, where: str, count: int) -> SavedQueries:
    target = capture.target
    native = f"{target}/{where}"
    return SavedQueries(
        key=native,
        subject=Subject("aws", target.account, target.region, "saved-queries", native, where),
        sources=sources(capture),
        place=where,
        count=count,
    )
