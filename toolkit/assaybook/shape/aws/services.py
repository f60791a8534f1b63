"""Threat detection, vulnerability scanning and the security contact of an AWS account to rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, OK, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.process import SecurityContact
from ...tables.services import Detection, ScanCoverage
from ..records import Record, listing, part, place, shaped, text
from .functions import plain_arn
from .resources import NAME, names, sources

INSPECTOR = "Amazon Inspector"


def shape_services(captures: Captures) -> Iterator[Row | Hole]:
    """Detection, ScanCoverage and SecurityContact rows."""
    for capture in captures.expect("guardduty:ListDetectors", "aws"):
        yield from _detection(captures, capture)
    for capture in captures.expect("inspector2:ListCoverage", "aws"):
        yield from _coverage(captures, capture)
    for capture in captures.expect("account:GetAlternateContact", "aws", scope=GLOBAL):
        yield _contact(capture)


def _detection(captures: Captures, capture: Capture) -> Iterator[Row | Hole]:
    """One row for the region, also where there is no detector: that is what the row says."""
    found, target = names(capture, "DetectorIds"), capture.target
    yield from found.holes(Detection)
    if found.gap is not None:
        return
    details = [captures.about("guardduty:GetDetector", target, DetectorId=each[NAME]) for each in found.records]
    switched = [each.read(_on) for each in details]
    on: Any = any(each is True for each in switched) or next(
        (each for each in switched if isinstance(each, Gap)), False
    )
    running = [each for each, runs in zip(details, switched, strict=True) if runs is True]
    features: Any = [each.read(_features) for each in running]
    lost: Any = next((each for each in features if isinstance(each, Gap)), on if isinstance(on, Gap) else None)
    yield Detection(
        key=str(target),
        subject=place(target),
        sources=sources(capture, *details),
        region=target.region,
        threat_detection=on,
        features=lost or tuple(sorted({name for each in features for name in each})),
    )


def _on(answer: Record) -> bool:
    return {"ENABLED": True, "DISABLED": False}[text(answer, "Status")]


def _features(answer: Record) -> tuple[str, ...]:
    return tuple(text(each, "Name") for each in answer["Features"] if text(each, "Status") == "ENABLED")


def _coverage(captures: Captures, capture: Capture) -> Iterator[Row | Hole]:
    """Rows of the scanner's own report. Where it says itself that it does not scan functions, a refusal to report hides nothing."""
    if capture.state != OK and _switched_off(captures, capture):
        return
    found = listing(capture)
    yield from found.holes(ScanCoverage)
    for record in found.records:
        yield from shaped(capture, ScanCoverage, partial(_scan, capture, record))


def _switched_off(captures: Captures, capture: Capture) -> bool:
    for status in captures.of("inspector2:BatchGetAccountStatus", capture.target):
        if status.state == ABSENT:
            return True
        if status.state == OK:
            off = status.read(lambda answer: _scans_nothing(answer, capture.target.account))
            return off is True
    return False


def _scans_nothing(answer: Record, account: str) -> bool:
    for each in answer["accounts"]:
        if text(each, "accountId") == account:
            return text(part(part(each, "resourceState"), "lambda"), "status") == "DISABLED"
    return False


def _scan(capture: Capture, record: Record) -> ScanCoverage:
    target, arn = capture.target, plain_arn(text(record, "resourceId"))
    scan, status = text(record, "scanType", "PACKAGE").lower(), part(record, "scanStatus")
    name = arn.rpartition(":")[2]
    return ScanCoverage(
        key=f"{text(record, 'resourceId')}/{scan}",
        subject=Subject("aws", target.account, target.region, "function", arn, name),
        sources=sources(capture),
        workload=arn,
        scanner=INSPECTOR,
        scan=scan,
        active={"ACTIVE": True, "INACTIVE": False}[text(status, "statusCode")],
        reason=text(status, "reason", ""),
    )


def _contact(capture: Capture) -> SecurityContact:
    target = capture.target
    return SecurityContact(
        key=target.account,
        subject=Subject("aws", target.account, GLOBAL, "account", target.account, target.account),
        sources=sources(capture),
        account=target.account,
        security_contact=False if capture.state == ABSENT else capture.read(_named),
    )


def _named(answer: Record) -> bool:
    return bool(text(part(answer, "AlternateContact"), "EmailAddress"))
