"""Where log groups of AWS send their events, from filters of their own and from policies of the account."""

from __future__ import annotations

import json
import re

from ...capture import Captures, Target
from ...evidence import Gap
from ..records import Record, items, text

EXCEPT = re.compile(r"\s*LogGroupName\s+NOT\s+IN\s*(\[.*\])\s*", re.DOTALL | re.IGNORECASE)


def by_policy(group: str, answer: Record) -> tuple[tuple[str, bool], ...]:
    """Destinations of the account's own policies that take in a group, and whether they get every event of it."""
    found = []
    for each in items(answer, "accountPolicies"):
        chosen = text(each, "selectionCriteria", "").strip()
        left_out = EXCEPT.fullmatch(chosen)
        if chosen and left_out is None:
            raise ValueError(f"selectionCriteria {chosen}")
        if left_out is None or group not in json.loads(left_out[1]):
            document = json.loads(text(each, "policyDocument"))
            found.append((text(document, "DestinationArn"), not text(document, "FilterPattern", "").strip()))
    return tuple(found)


def by_filter(answer: Record) -> tuple[tuple[str, bool], ...]:
    """Destinations of a group's own filters, and whether they get every event of it."""
    return tuple(
        (text(each, "destinationArn"), not text(each, "filterPattern", "").strip())
        for each in answer["subscriptionFilters"]
    )


def surely_sent(captures: Captures, target: Target, group: str) -> str:
    """A destination that certainly gets every event of a group; empty if none is known, which does not say that there is none."""
    policies = captures.about("logs:DescribeAccountPolicies", target, policyType="SUBSCRIPTION_FILTER_POLICY")
    filters = (
        captures.about(call, target, logGroupName=group)
        for call in ("logs:DescribeSubscriptionFilters", "logs:DescribeSubscriptionFilters/all")
    )
    answers = [policies.read(lambda answer: by_policy(group, answer)), *(each.read(by_filter) for each in filters)]
    found = [arn for each in answers if not isinstance(each, Gap) for arn, everything in each if everything]
    return min(found, default="")
