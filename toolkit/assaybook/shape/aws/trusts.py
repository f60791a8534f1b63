"""Whom the roles of an account let in, one row for each name in a trust policy."""

from __future__ import annotations

from collections.abc import Iterator

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...policy.bearers import trusted_names
from ...policy.document import parse_policy
from ...tables.identity import PolicyText
from ...tables.trust import TrustedName
from ..records import MALFORMED, Record, hole, listing, place, text
from .policy_texts import trust_of


def shape_trusts(captures: Captures) -> Iterator[Row | Hole]:
    """TrustedName rows. A trust policy that cannot be read is a hole: nobody knows whom it lets in."""
    for capture in captures.expect("iam:GetAccountAuthorizationDetails", "aws", scope=GLOBAL):
        details = listing(capture)
        yield from details.holes(TrustedName)
        for record in details.records:
            yield from _names(capture, record)


def _names(capture: Capture, record: Record) -> Iterator[Row | Hole]:
    try:
        arn, name = text(record, "Arn"), text(record, "RoleName")
        trust: PolicyText | Gap = trust_of(capture, record)
    except MALFORMED as problem:
        gap = capture.unexpected(f"{type(problem).__name__} {problem}")
        yield hole(TrustedName, gap, place(capture.target))
        return
    about = Subject("aws", capture.target.account, GLOBAL, "role", arn, name)
    if isinstance(trust, Gap):
        # Whom this role lets in is not known, so neither is the list of those that a service or a principal may become.
        yield hole(TrustedName, trust, place(capture.target))
        return
    for named in sorted(trusted_names(parse_policy(trust.text))):
        yield TrustedName(
            key=f"{arn} {named}", subject=about, sources=(capture.ref,) if capture.ref else (), role=arn, named=named
        )
