"""Laws of the combined evaluator: a Deny never grants, a condition never widens, a wider pattern never narrows, more limits never grant."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assaybook.policy.access import Resource, decide
from assaybook.policy.bearers import Account, bearer
from assaybook.policy.document import parse_policy
from assaybook.policy.escalation import escalations
from assaybook.policy.extent import extent
from assaybook.policy.identity import permissions
from assaybook.policy.layers import resource_control_layers
from assaybook.policy.match import covers
from assaybook.policy.requester import Requester
from assaybook.policy.somewhere import allows_somewhere
from assaybook.policy.truth import Truth
from policies import OTHER, OWN, allow, policy, principal

ORDER = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}
ROLE, USER = f"arn:aws:iam::{OWN}:role/api", f"arn:aws:iam::{OWN}:user/ann"
ASKERS = (
    ROLE,
    USER,
    f"arn:aws:sts::{OWN}:assumed-role/api/one",
    f"arn:aws:iam::{OTHER}:role/far",
    "sns.amazonaws.com",
    "",
)
ACTIONS = ("s3:GetObject", "s3:PutObject", "iam:PassRole")
PLACES = ("arn:aws:s3:::b/a", "arn:aws:s3:::c/a")
CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"Bool": {"a:b": "true"}},
    {"StringEquals": {"aws:PrincipalAccount": OWN}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}},
    {"StringEqualsIfExists": {"aws:SourceAccount": OWN}},
    {"Null": {"aws:SourceArn": "true"}},
)


def element(name: str, values: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda value, negated: {f"Not{name}" if negated else name: value}, st.sampled_from(values), st.booleans()
    )


BASIC = st.builds(
    lambda effect, actions, resources, condition: {
        "Effect": effect,
        **actions,
        **resources,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    element("Action", ["*", "s3:*", "s3:Get*", "iam:Pass*", "s3:PutObject"]),
    element("Resource", ["*", "arn:aws:s3:::b*", "arn:aws:s3:::*/a", "arn:aws:s3:::c/?"]),
    st.sampled_from(CONDITIONS),
)
NAMED = [
    {"AWS": ROLE},
    {"AWS": USER},
    {"AWS": f"arn:aws:iam::{OWN}:root"},
    {"AWS": OTHER},
    {"AWS": [ROLE, f"arn:aws:iam::{OTHER}:role/far"]},
    {"AWS": f"arn:aws:sts::{OWN}:assumed-role/api/one"},
    {"Service": "sns.amazonaws.com"},
]
WITH_PRINCIPAL = st.builds(
    lambda basic, who: {**basic, **who},
    BASIC,
    st.one_of(
        st.just({"Principal": "*"}),
        st.sampled_from(NAMED).map(lambda who: {"Principal": who}),
        st.sampled_from(NAMED).map(lambda who: {"NotPrincipal": who}),
    ),
)
SIDE = st.lists(BASIC, min_size=1, max_size=3)
RESOURCE_SIDE = st.lists(WITH_PRINCIPAL, max_size=3)
LIMITS = st.fixed_dictionaries(
    {}, optional={"boundary": SIDE.map(lambda one: policy(*one)), "scps": SIDE.map(lambda one: [[policy(*one)]])}
)


def answers(
    own: list[dict[str, Any]],
    there: list[dict[str, Any]],
    limits: dict[str, Any],
    *,
    alone: bool = False,
    controls: Any = (),
) -> list[int]:
    held = permissions([policy(*own)], **limits)
    document = parse_policy(policy(*there))
    layers = resource_control_layers(controls)
    return [
        ORDER[
            decide(
                Requester(arn, held if "arn" in arn else None),
                action,
                Resource(place, OWN, document, "there", alone, layers),
            ).granted
        ]
        for arn in ASKERS
        for action in ACTIONS
        for place in PLACES
    ]


def no_more(after: list[int], before: list[int]) -> bool:
    return all(one <= other for one, other in zip(after, before, strict=True))


@given(SIDE, RESOURCE_SIDE, LIMITS, WITH_PRINCIPAL, st.booleans())
def test_a_deny_never_grants(own: Any, there: Any, limits: Any, more: Any, alone: bool) -> None:
    before = answers(own, there, limits, alone=alone)
    assert no_more(answers(own, [*there, {**more, "Effect": "Deny"}], limits, alone=alone), before)
    here = {name: value for name, value in more.items() if "Principal" not in name}
    assert no_more(answers([*own, {**here, "Effect": "Deny"}], there, limits, alone=alone), before)


@given(SIDE, RESOURCE_SIDE, LIMITS, WITH_PRINCIPAL)
def test_an_allow_never_takes_away(own: Any, there: Any, limits: Any, more: Any) -> None:
    before = answers(own, there, limits)
    assert no_more(before, answers(own, [*there, {**more, "Effect": "Allow"}], limits))
    here = {name: value for name, value in more.items() if "Principal" not in name}
    assert no_more(before, answers([*own, {**here, "Effect": "Allow"}], there, limits))


@given(SIDE, RESOURCE_SIDE, LIMITS)
def test_an_allow_without_its_condition_never_narrows(own: Any, there: Any, limits: Any) -> None:
    def loosened(one: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in one.items() if name != "Condition" or one["Effect"] == "Deny"}

    assert no_more(
        answers(own, there, limits), answers([loosened(one) for one in own], [loosened(one) for one in there], limits)
    )


@given(SIDE, RESOURCE_SIDE, LIMITS, st.sampled_from(["Action", "Resource"]))
def test_a_wider_pattern_never_narrows(own: Any, there: Any, limits: Any, name: str) -> None:
    def widened(one: dict[str, Any]) -> dict[str, Any]:
        return {**one, name: "*"} if one["Effect"] == "Allow" and name in one else one

    assert no_more(
        answers(own, there, limits), answers([widened(one) for one in own], [widened(one) for one in there], limits)
    )


@given(SIDE, RESOURCE_SIDE, SIDE)
def test_a_limit_never_grants(own: Any, there: Any, limit: Any) -> None:
    before = answers(own, there, {})
    # A boundary that says nothing leaves what is granted to everyone open, never more than without it.
    assert no_more(answers(own, there, {"boundary": policy(*limit)}), before)
    assert no_more(answers(own, there, {"scps": [[policy(*limit)]]}), before)
    everyone = [{**one, "Principal": "*"} for one in limit]
    assert no_more(answers(own, there, {}, controls=[[policy(*everyone)]]), before)


@given(SIDE, LIMITS)
def test_somewhere_has_a_witness_and_misses_none(own: Any, limits: Any) -> None:
    held = permissions([policy(*own)], **limits)
    for action in ACTIONS:
        found = allows_somewhere(held, action, "arn:aws:s3:::*")
        if found.answer.granted is not Truth.FALSE:
            assert held.allows(action, found.resource).granted is found.answer.granted
            assert covers("arn:aws:s3:::*", found.resource)
        seen = max(ORDER[held.allows(action, place).granted] for place in PLACES)
        assert seen <= ORDER[found.answer.granted]


@given(SIDE, LIMITS)
def test_what_is_allowed_lies_within_an_extent(own: Any, limits: Any) -> None:
    held = permissions([policy(*own)], **limits)
    for action in ACTIONS:
        reached = [pattern for one in extent(held, [action]) for pattern in one.resources]
        for place in PLACES:
            if held.allows(action, place).granted is Truth.TRUE:
                assert any(covers(pattern, place) for pattern in reached)


RIGHTS = [
    "iam:PassRole",
    "lambda:CreateFunction",
    "lambda:*",
    "iam:Put*",
    "lambda:UpdateFunctionCode",
    "iam:CreateAccessKey",
    "sts:AssumeRole",
]


@given(st.lists(st.sampled_from(RIGHTS), min_size=1, max_size=4), st.sampled_from(RIGHTS))
def test_a_deny_opens_no_path(rights: list[str], denied: str) -> None:
    others = (principal("admin", allow("*"), functions=("f",)), principal("ann", allow("s3:*"), kind="user"))

    def found(*statements: dict[str, Any]) -> set[str]:
        one = principal("walker", *statements)
        around = Account([bearer(each) for each in (one, *others)])
        return {each.path for each in escalations(bearer(one), around)}

    assert found(allow(rights), {**allow(denied), "Effect": "Deny"}) <= found(allow(rights))
