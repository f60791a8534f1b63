"""Certificates of the regions in scope, and those of distributions, which lie in us-east-1 whatever is in scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.transport import Certificate
from ..records import Record, items, listing, loose_part, part, shaped, text
from ..tags import TagWords
from .backends import moment
from .resources import Tagging

EDGE = "us-east-1"


def shape_certificates(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Certificate rows."""
    tagging = Tagging(captures, words)
    listed: set[str] = set()
    for capture in captures.expect("acm:ListCertificates", "aws"):
        found = listing(capture)
        yield from found.holes(Certificate)
        for record in found.records:
            listed.add(str(record.get("CertificateArn")))
            yield from shaped(capture, Certificate, partial(_listed, captures, tagging, capture, record))
    for capture in captures.expect("cloudfront:ListDistributions", "aws", scope=GLOBAL):
        fronts = listing(capture)
        yield from fronts.holes(Certificate)
        for record in fronts.records:
            arn = loose_part(record, "ViewerCertificate").get("ACMCertificateArn")
            if isinstance(arn, str) and arn and arn not in listed:
                listed.add(arn)
                detail = captures.about("acm:DescribeCertificate/edge", capture.target, CertificateArn=arn)
                gap = detail.gap()
                if gap is not None:
                    yield Hole(Certificate, gap, Subject("aws", capture.target.account, EDGE, "certificate", arn, arn))
                elif detail.state != ABSENT:
                    yield from shaped(detail, Certificate, partial(_described, detail, (capture.ref, detail.ref)))


def _listed(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Certificate:
    """A certificate as the list tells it, with what only its description tells where it is in use; what could not be read is its gap."""
    arn, target = text(record, "CertificateArn"), capture.target
    detail = captures.about("acm:DescribeCertificate", target, CertificateArn=arn)
    unused = record.get("InUse") is False
    if not unused and detail.gap() is None:
        found = _described(detail, (capture.ref, detail.ref))
        return replace(found, setting=tagging.words.setting(tagging.of(target, arn)))
    missing: Any = detail.gap()
    domain = text(record, "DomainName")
    return Certificate(
        key=arn,
        subject=Subject("aws", target.account, target.region, "certificate", arn, domain),
        sources=tuple(each for each in (capture.ref, detail.ref) if each),
        setting=tagging.words.setting(tagging.of(target, arn)),
        domain=domain,
        in_use=False if unused else missing,
        imported=text(record, "Type") == "IMPORTED",
        status=text(record, "Status"),
        expires=moment(record["NotAfter"]) if record.get("NotAfter") else None,
        renewal="" if unused else missing,
        renewal_reason="" if unused else missing,
        key_kind=text(record, "KeyAlgorithm"),
    )


def _described(detail: Capture, sources: tuple[str, ...]) -> Certificate:
    record = detail.answer["Certificate"]
    arn, domain = text(record, "CertificateArn"), text(record, "DomainName")
    region = arn.split(":")[3]
    renewal = part(record, "RenewalSummary")
    return Certificate(
        key=arn,
        subject=Subject("aws", detail.target.account, region, "certificate", arn, domain),
        sources=tuple(each for each in sources if each),
        domain=domain,
        in_use=bool(items(record, "InUseBy")),
        imported=text(record, "Type") == "IMPORTED",
        status=text(record, "Status"),
        expires=moment(record["NotAfter"]) if record.get("NotAfter") else None,
        renewal=text(renewal, "RenewalStatus", ""),
        renewal_reason=text(renewal, "RenewalStatusReason", ""),
        key_kind=text(record, "KeyAlgorithm"),
    )
