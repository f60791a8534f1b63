"""Our evaluator against another one, moto's, on random policies within what moto reads as AWS does.

moto differs from AWS, and from us, in these points, which are left out here: it tells upper and lower case of actions apart; it
takes `?` and `.` of a pattern for regular expressions; it has no NotResource, NotPrincipal, boundary or organisation; a statement
whose condition does not hold denies there, be it an Allow; an Allow for other principals denies too. It is a tool of development
only and no part of the package.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult

from assaybook.policy.identity import permissions
from assaybook.policy.truth import Truth
from policies import policy

SERVICES = ("s3", "sqs", "iam", "lambda")
VERBS = ("GetObject", "PutObject", "PassRole", "SendMessage", "InvokeFunction")
RESOURCES = (
    "arn:aws:s3:::shop/orders/1",
    "arn:aws:sqs:us-east-1:111122223333:orders",
    "arn:aws:iam::111122223333:role/app",
)


@st.composite
def patterns(draw: st.DrawFn, values: tuple[str, ...]) -> str:
    """A value with some of its parts replaced by stars, a star in its midst, or nothing but a star."""
    value = draw(st.sampled_from(values))
    start = draw(st.integers(0, len(value)))
    end = draw(st.integers(start, len(value)))
    return draw(
        st.sampled_from([value, value[:start] + "*", "*" + value[end:], value[:start] + "*" + value[end:], "*"])
    )


ACTIONS = tuple(f"{service}:{verb}" for service in SERVICES for verb in VERBS)
STATEMENTS = st.builds(
    lambda effect, element, actions, resources: {"Effect": effect, element: actions, "Resource": resources},
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["Action", "Action", "NotAction"]),
    st.lists(patterns(ACTIONS), min_size=1, max_size=3),
    st.one_of(patterns(RESOURCES), st.lists(patterns(RESOURCES), min_size=1, max_size=2)),
)


def by_moto(policies: list[list[dict[str, Any]]], action: str, resource: str) -> bool:
    """A Deny in any policy wins, then an Allow in any: what moto does with all policies of a principal."""
    results = {
        IAMPolicy(json.dumps(policy(*statements))).is_action_permitted(action, resource) for statements in policies
    }
    return PermissionResult.DENIED not in results and PermissionResult.PERMITTED in results


@settings(max_examples=300)
@given(st.lists(st.lists(STATEMENTS, min_size=1, max_size=4), min_size=1, max_size=3))
def test_the_same_decisions_as_moto(policies: list[list[dict[str, Any]]]) -> None:
    held = permissions([policy(*statements) for statements in policies])
    for action in ACTIONS:
        for resource in RESOURCES:
            granted = held.allows(action, resource).granted
            assert granted is Truth.of(by_moto(policies, action, resource)), (action, resource)
