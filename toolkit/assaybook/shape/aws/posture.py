"""What the security services of AWS find and record, to rows: Security Hub, Access Analyzer, Config, Inspector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.posture import (
    Analyzer,
    RecordedScope,
    Recorder,
    ScannerStatus,
    SecurityStandards,
)
from ..records import Record, items, listing, part, place, shaped, text
from .alerting import HOME
from .resources import arn_of, partition_of, sources

OPEN = {"status": {"eq": ["ACTIVE"]}}
# Source: IAM Access Analyzer API Reference, "AnalyzerSummary" (type).
LOOKS_AT = {
    "ACCOUNT": ("outside", False),
    "ORGANIZATION": ("outside", True),
    "ACCOUNT_UNUSED_ACCESS": ("unused", False),
    "ORGANIZATION_UNUSED_ACCESS": ("unused", True),
    "ACCOUNT_INTERNAL_ACCESS": ("inside", False),
    "ORGANIZATION_INTERNAL_ACCESS": ("inside", True),
}
# Standards that are in force, though some controls may be switched off or not ready. Source: Security Hub API Reference, "StandardsSubscription".
IN_FORCE = ("READY", "INCOMPLETE", "PENDING")
# Source: AWS Config API Reference, "RecordingStrategy" (useOnly).
CHOICES = {
    "ALL_SUPPORTED_RESOURCE_TYPES": "all",
    "INCLUSION_BY_RESOURCE_TYPES": "named",
    "EXCLUSION_BY_RESOURCE_TYPES": "all_but",
}
REGIONAL_TYPES = (
    "AWS::Lambda::Function",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGatewayV2::Api",
)
IDENTITY_TYPES = ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::User")


def shape_posture(captures: Captures) -> Iterator[Row | Hole]:
    """SecurityStandards, Analyzer, Recorder, RecordedScope and ScannerStatus rows."""
    for capture in captures.expect("securityhub:DescribeHub", "aws"):
        yield _standards(captures, capture)
    for capture in captures.expect("accessanalyzer:ListAnalyzers", "aws"):
        found = listing(capture)
        yield from found.holes(Analyzer)
        for record in found.records:
            yield from shaped(capture, Analyzer, partial(_analyzer, captures, capture, record))
    for capture in captures.expect("config:DescribeConfigurationRecorders", "aws"):
        found = listing(capture)
        yield from found.holes(Recorder)
        for record in found.records:
            # What a service records for itself is for that service alone.
            if not record.get("servicePrincipal"):
                yield from shaped(capture, Recorder, partial(_recorder, captures, capture, record))
    yield from _recorded_scopes(captures)
    for capture in captures.expect("inspector2:BatchGetAccountStatus", "aws"):
        yield _scanner(capture)


def _standards(captures: Captures, capture: Capture) -> SecurityStandards:
    target = capture.target
    about = captures.about("securityhub:GetEnabledStandards", target)
    return SecurityStandards(
        key=str(target),
        subject=place(target),
        sources=sources(capture, about),
        region=target.region,
        hub=False if capture.state == ABSENT else capture.read(lambda answer: bool(text(answer, "HubArn"))),
        standards=() if about.state == ABSENT else about.read(_in_force),
    )


def _in_force(answer: Record) -> tuple[str, ...]:
    """The standards by the part of their ARN that names them, such as `cis-aws-foundations-benchmark/v/3.0.0`."""
    found = answer["StandardsSubscriptions"]
    arns = [text(each, "StandardsArn") for each in found if text(each, "StandardsStatus") in IN_FORCE]
    return tuple(sorted(each.split(":")[-1].partition("/")[2] for each in arns))


def _analyzer(captures: Captures, capture: Capture, record: Record) -> Analyzer:
    target, arn = capture.target, text(record, "arn")
    looks_at, organisation = LOOKS_AT[text(record, "type")]
    active = text(record, "status") == "ACTIVE"
    asked = active and looks_at == "outside"
    about = captures.about("accessanalyzer:ListFindingsV2", target, analyzerArn=arn, filter=OPEN) if asked else capture
    found: Any = about.read(_open) if asked and about.state != ABSENT else ()
    things: Any = found if isinstance(found, Gap) else tuple(each for _, each in found)
    oldest: Any = found if isinstance(found, Gap) else min((day for day, _ in found), default="")
    return Analyzer(
        key=arn,
        subject=Subject("aws", target.account, target.region, "analyzer", arn, text(record, "name")),
        sources=sources(capture, about),
        name=text(record, "name"),
        looks_at=looks_at,
        active=active,
        organisation=organisation,
        findings=things,
        oldest=oldest,
    )


def _open(answer: Record) -> tuple[tuple[str, str], ...]:
    """Day and thing of each open finding, by thing."""
    found = [(text(each, "createdAt")[:10], text(each, "resource", text(each, "id"))) for each in answer["findings"]]
    return tuple(sorted(found, key=lambda each: each[1]))


def _recorder(captures: Captures, capture: Capture, record: Record) -> Recorder:
    target, name = capture.target, text(record, "name")
    status = captures.about("config:DescribeConfigurationRecorderStatus", target)
    channel = captures.about("config:DescribeDeliveryChannelStatus", target)
    group = part(record, "recordingGroup")
    choice = _choice(group)
    left_out = items(part(group, "exclusionByResourceTypes"), "resourceTypes")
    native = text(record, "arn", "") or arn_of(target, "config", f"configuration-recorder/{name}")
    return Recorder(
        key=native,
        subject=Subject("aws", target.account, target.region, "recorder", native, name),
        sources=sources(capture, status, channel),
        name=name,
        recording=status.read(partial(_recording, name)),
        choice=choice,
        types=tuple(sorted(map(str, left_out if choice == "all_but" else items(group, "resourceTypes")))),
        identities=choice == "all_but" or group.get("includeGlobalResourceTypes") is True,
        problem=channel.read(_problem),
    )


def _choice(group: Record) -> str:
    strategy = part(group, "recordingStrategy").get("useOnly")
    if strategy is not None:
        return CHOICES[str(strategy)]
    return "all" if group["allSupported"] is True else "named"


def _recording(name: str, answer: Record) -> bool:
    for each in answer["ConfigurationRecordersStatus"]:
        if each["name"] == name:
            return each["recording"] is True
    raise KeyError(name)


def _problem(answer: Record) -> str:
    """What went wrong with the last delivery of the history or of the stream of changes; that there is no way to deliver is wrong as well."""
    channels = answer["DeliveryChannelsStatus"]
    if not channels:
        return "there is no delivery channel"
    for channel in channels:
        for name in ("configHistoryDeliveryInfo", "configStreamDeliveryInfo"):
            about = part(channel, name)
            if text(about, "lastStatus", "").upper() == "FAILURE":
                return f"the last delivery failed ({text(about, 'lastErrorCode', 'no code')})"
    return ""


def _recorded_scopes(captures: Captures) -> Iterator[Row]:
    accounts: defaultdict[str, list[Target]] = defaultdict(list)
    for target in captures.targets("aws"):
        accounts[target.account].append(target)
    for account, targets in sorted(accounts.items()):
        home = HOME[partition_of(targets[0].region)]
        for target in targets:
            yield _recorded_scope(place(target), REGIONAL_TYPES, home)
        yield _recorded_scope(Subject("aws", account, GLOBAL, "account", account, account), IDENTITY_TYPES, home)


def _recorded_scope(subject: Subject, types: tuple[str, ...], home: str) -> RecordedScope:
    return RecordedScope(
        key=f"{subject.account}/{subject.region}",
        subject=subject,
        account=subject.account,
        region=subject.region,
        types=types,
        home=home,
    )


def _scanner(capture: Capture) -> ScannerStatus:
    target = capture.target
    ask = partial(_scans, capture, target.account)
    return ScannerStatus(
        key=f"{target.account}/{target.region}",
        subject=place(target),
        sources=sources(capture),
        region=target.region,
        packages=ask("lambda"),
        code=ask("lambdaCode"),
    )


def _scans(capture: Capture, account: str, resource: str) -> Any:
    """Whether the scanner looks at a kind of resource; not at any where it was never switched on."""
    if capture.state == ABSENT:
        return False
    return capture.read(lambda answer: _status(answer, account, resource) == "ENABLED")


def _status(answer: Record, account: str, resource: str) -> str:
    for each in answer["accounts"]:
        if text(each, "accountId") == account:
            return text(part(part(each, "resourceState"), resource), "status")
    raise KeyError(account)
