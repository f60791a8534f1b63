"""What Amazon GuardDuty found, and where its findings go, to rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.posture import FindingRouting, ThreatFinding
from ..records import Record, hole, listing, part, place, shaped, text
from .resources import NAME, names, sources

GRAVE = {"Criterion": {"severity": {"GreaterThanOrEqual": 7}, "service.archived": {"Equals": ["false"]}}}
SAMPLES = {"Criterion": {"service.additionalInfo.sample": {"Equals": ["true"]}}}
# How the title of a finding begins that was made for practice. Source: Amazon GuardDuty User Guide, "Sample findings".
SAMPLE_TITLE = "[SAMPLE]"


def shape_findings(captures: Captures) -> Iterator[Row | Hole]:
    """FindingRouting and ThreatFinding rows."""
    for capture in captures.expect("guardduty:ListDetectors", "aws"):
        yield from _routing(captures, capture)


def _routing(captures: Captures, capture: Capture) -> Iterator[Row | Hole]:
    found, target = names(capture, "DetectorIds"), capture.target
    yield from found.holes(FindingRouting, ThreatFinding)
    if found.gap is not None:
        return
    asked = [partial(_of_detector, captures, target, each[NAME]) for each in found.records]
    details = [ask("guardduty:GetDetector") for ask in asked]
    on: Any = _any([each.read(lambda answer: _switch(answer, "Status", "ENABLED", "DISABLED")) for each in details])
    above = [ask("guardduty:GetAdministratorAccount").read(_administrator) for ask in asked]
    hub, over_hub = (
        captures.about(f"securityhub:{each}", target) for each in ("DescribeHub", "GetAdministratorAccount")
    )
    above.append("" if over_hub.state == ABSENT else over_hub.read(_administrator))
    lost = next((each for each in above if isinstance(each, Gap)), None)
    others = tuple(sorted({str(each) for each in above if each and not isinstance(each, Gap)} - {target.account}))
    here = [each for each in others if Target("aws", each, target.region) in captures.targets("aws")]
    published: Any = _sum([ask("guardduty:ListPublishingDestinations").read(_published) for ask in asked])
    samples: Any = _sum(
        [
            ask("guardduty:ListFindings/sample", FindingCriteria=SAMPLES).read(lambda answer: len(answer["FindingIds"]))
            for ask in asked
        ]
    )
    taken_over: Any = lost or others
    yield FindingRouting(
        key=str(target),
        subject=place(target),
        sources=sources(capture, *details, hub, over_hub),
        region=target.region,
        threat_detection=on,
        administrators=taken_over,
        accounts=(target.account, *here),
        published=published,
        hub=False if hub.state == ABSENT else hub.read(lambda answer: bool(text(answer, "HubArn"))),
        samples=samples,
    )
    for each in found.records:
        yield from _findings(captures, target, each[NAME])


def _of_detector(captures: Captures, target: Target, detector: str, call: str, **more: Any) -> Capture:
    return captures.about(call, target, DetectorId=detector, **more)


def _any(values: list[Any]) -> Any:
    """True if one is true, else the first gap, else False."""
    if any(each is True for each in values):
        return True
    return next((each for each in values if isinstance(each, Gap)), False)


def _sum(values: list[Any]) -> Any:
    """The sum, or the first gap."""
    return next((each for each in values if isinstance(each, Gap)), None) or sum(values)


def _switch(record: Record, name: str, on: str, off: str) -> bool:
    return {on: True, off: False}[text(record, name)]


def _administrator(answer: Record) -> str:
    """The account that administrates this one; empty if none does. A service leaves the member out, or empty, where there is none."""
    about = part(answer, "Administrator")
    enabled = text(about, "RelationshipStatus", text(about, "MemberStatus", "")).upper() == "ENABLED"
    return text(about, "AccountId", "") if enabled else ""


def _published(answer: Record) -> int:
    return sum(text(each, "Status") == "PUBLISHING" for each in answer["Destinations"])


def _findings(captures: Captures, target: Target, detector: str) -> Iterator[Row | Hole]:
    listed = names(
        captures.about("guardduty:ListFindings", target, DetectorId=detector, FindingCriteria=GRAVE), "FindingIds"
    )
    yield from listed.holes(ThreatFinding)
    wanted = {each[NAME] for each in listed.records}
    for capture in captures.of("guardduty:GetFindings", target):
        if capture.params.get("DetectorId") != detector:
            continue
        found = listing(capture, "Findings")
        yield from found.holes(ThreatFinding)
        asked = capture.params.get("FindingIds")
        wanted -= set(map(str, asked)) if isinstance(asked, list) else set()
        for record in found.records:
            if record.get("Archived") is not True:
                yield from shaped(capture, ThreatFinding, partial(_finding, capture, record))
    if wanted:
        said = f"{len(wanted)} findings were listed and not read"
        yield hole(
            ThreatFinding,
            Gap("guardduty:GetFindings", "unsupported", said, "", target.account, target.region),
            place(target),
        )


def _finding(capture: Capture, record: Record) -> ThreatFinding:
    target, name, severity = capture.target, text(record, "Id"), record["Severity"]
    if not isinstance(severity, (int, float)) or isinstance(severity, bool):
        raise TypeError(f"Severity is a {type(severity).__name__}")
    return ThreatFinding(
        key=f"{target}/{name}",
        subject=Subject("aws", target.account, target.region, "finding", name, text(record, "Type")),
        sources=sources(capture),
        region=target.region,
        type=text(record, "Type"),
        severity=float(severity),
        since=datetime.fromisoformat(text(record, "CreatedAt")),
        sample=text(record, "Title", "").startswith(SAMPLE_TITLE),
    )
