"""How far rights reach: what patterns share, somewhere in many resources, statement by statement, and too wide to name data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.policy.actions import action, matching
from assaybook.policy.document import parse_policy
from assaybook.policy.extent import extent
from assaybook.policy.identity import permissions
from assaybook.policy.match import covers, matches, overlaps
from assaybook.policy.meet import meet, witness
from assaybook.policy.scope import data_actions, is_wide, picks, wide_resources
from assaybook.policy.somewhere import allows_somewhere
from assaybook.policy.truth import Truth
from policies import OWN, allow, deny, policy

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
TABLES = f"arn:aws:dynamodb:us-east-1:{OWN}:table/"
GET = "dynamodb:GetItem"
PATTERNS = st.text("ab*?", max_size=6)


@given(PATTERNS, PATTERNS)
def test_what_two_patterns_share_lies_within_both(one: str, other: str) -> None:
    shared = meet(one, other)
    assert (shared is not None) is overlaps(one, other)
    if shared is not None:
        assert covers(one, shared) and covers(other, shared)
        assert overlaps(shared, one)


@given(PATTERNS)
def test_a_witness_matches_its_pattern(pattern: str) -> None:
    assert matches(pattern, witness(pattern))


def test_arn_patterns_are_met_part_by_part() -> None:
    space = f"arn:aws:lambda:*:{OWN}:function:*"
    assert meet(space, "arn:aws:lambda:eu-west-1:*:function:dev-*") == f"arn:aws:lambda:eu-west-1:{OWN}:function:dev-*"
    assert meet(space, "arn:aws:lambda:*:999988887777:function:*") is None
    assert witness(space) == f"arn:aws:lambda:us-east-1:{OWN}:function:any-name"


def somewhere(*statements: dict[str, Any], **limits: Any) -> tuple[Truth, str]:
    found = allows_somewhere(permissions([policy(*statements)], **limits), GET, f"{TABLES}*")
    return found.answer.granted, found.resource.removeprefix(TABLES)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (somewhere(allow(GET)), (T, "any-name")),
        (somewhere(allow(GET, f"{TABLES}dev-*")), (T, "dev-any-name")),
        (somewhere(allow(GET, f"{TABLES}dev-*"), deny(GET, f"{TABLES}dev-*")), (F, "")),
        (somewhere(allow(GET), deny(GET, f"{TABLES}dev-*")), (T, "any-name")),
        (somewhere(allow(GET), deny(GET, f"{TABLES}*")), (F, "")),
        (somewhere(allow(GET), {"Effect": "Deny", "Action": GET, "NotResource": f"{TABLES}x"}), (T, "x")),
        (somewhere({"Effect": "Allow", "Action": GET, "NotResource": f"{TABLES}prod"}), (T, "any-name")),
        (somewhere(allow(GET, "arn:aws:dynamodb:us-east-1:999988887777:table/*")), (F, "")),
        (somewhere(allow(GET), boundary=policy(allow("dynamodb:*", f"{TABLES}b-*"))), (T, "b-any-name")),
        (somewhere(allow(GET, f"{TABLES}a*"), boundary=policy(allow(GET, f"{TABLES}*z"))), (T, "aany-namez")),
        (somewhere(allow(GET, f"{TABLES}a"), boundary=policy(allow(GET, f"{TABLES}b"))), (F, "")),
        (somewhere(allow(GET), boundary=policy(allow("s3:*"))), (F, "")),
        (somewhere(allow(GET, f"{TABLES}${{aws:PrincipalTag/app}}")), (U, "any-name")),
        (somewhere(allow(GET, Condition={"Bool": {"a:b": "true"}}), allow(GET, f"{TABLES}sure")), (T, "sure")),
    ],
)
def test_somewhere(found: tuple[Truth, str], wanted: tuple[Truth, str]) -> None:
    assert found == wanted


def reached(*statements: dict[str, Any], **limits: Any) -> list[tuple[tuple[str, ...], tuple[str, ...], Truth]]:
    held = permissions({"own": policy(*statements)}, **limits)
    return [(one.resources, one.spared, one.certain) for one in extent(held, [GET])]


ORDERS = f"{TABLES}orders"
OPEN = {"Bool": {"a:b": "true"}}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (reached(allow(GET, ORDERS)), [((ORDERS,), (), T)]),
        (reached(allow("DynamoDB:getitem", ORDERS)), [((ORDERS,), (), T)]),
        (reached(allow("dynamodb:Put*", ORDERS)), []),
        (reached({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}), [(("*",), (), T)]),
        (reached({"Effect": "Allow", "Action": "*", "NotResource": ORDERS}), [(("*",), (ORDERS,), T)]),
        (reached(allow(GET, Condition=OPEN)), [(("*",), (), U)]),
        (reached(allow(GET), deny(GET)), []),
        (reached(allow(GET), deny(GET, ORDERS)), [(("*",), (ORDERS,), T)]),
        (reached(allow(GET, [ORDERS, f"{TABLES}b"]), deny(GET, ORDERS)), [((f"{TABLES}b",), (), T)]),
        (reached(allow(GET), deny(GET, Condition=OPEN)), [(("*",), (), U)]),
        (reached(allow(GET), {"Effect": "Deny", "Action": "*", "NotResource": ORDERS}), [((ORDERS,), (), T)]),
        (reached(allow(GET), boundary=policy(allow("dynamodb:*", ORDERS))), [((ORDERS,), (), T)]),
        (reached(allow(GET), boundary=policy(allow("s3:*"))), []),
        (reached(allow(GET, ORDERS), boundary=policy(allow("*"))), [((ORDERS,), (), T)]),
        (
            reached(allow(GET), boundary=policy(allow("*", Condition=OPEN), allow(GET, ORDERS))),
            [((ORDERS, "*"), (), U)],
        ),
        (reached(allow(GET), scps=[[policy(allow("*"))], [policy(allow("*"), deny("dynamodb:*"))]]), []),
    ],
)
def test_extent(found: list[Any], wanted: list[Any]) -> None:
    assert found == wanted


def test_an_extent_names_its_statement_actions_and_conditions() -> None:
    held = permissions({"own": policy(allow(["dynamodb:*Item"], ORDERS, Sid="Items", Condition=OPEN))})
    (one,) = extent(held, [GET, "dynamodb:PutItem", "dynamodb:Query"])
    assert (one.statement, one.actions) == ("own, statement 'Items'", (GET, "dynamodb:PutItem"))
    assert one.conditions == ("Bool a:b = true",)


@pytest.mark.parametrize(
    ("pattern", "name", "wide"),
    [
        ("*", GET, True),
        ("arn:aws:*", GET, True),
        ("arn:aws:dynamodb:*", GET, True),
        (f"{TABLES}*", GET, True),
        ("arn:aws:dynamodb:*:*:table/*", GET, True),
        ("arn:aws:dynamodb:*:*:*", GET, True),
        (ORDERS, GET, False),
        (f"{TABLES}orders-*", GET, False),
        (f"{TABLES}*/index/*", "dynamodb:Query", True),
        (f"{TABLES}orders/index/*", "dynamodb:Query", False),
        ("arn:aws:s3:::*", "s3:GetObject", True),
        ("arn:aws:s3:::*/*", "s3:GetObject", True),
        ("arn:aws:s3:::shop-*", "s3:GetObject", False),
        ("arn:aws:s3:::shop/*", "s3:GetObject", False),
        ("arn:aws:s3:::shop", "s3:ListBucket", False),
        ("arn:aws:kms:*:*:key/*", "kms:Decrypt", True),
        ("arn:aws:kms:*:*:alias/*", "kms:Decrypt", False),
        (f"arn:aws:sqs:us-east-1:{OWN}:*", "sqs:SendMessage", True),
        (f"arn:aws:ssm:us-east-1:{OWN}:parameter/*", "ssm:GetParameter", True),
        (f"arn:aws:ssm:us-east-1:{OWN}:parameter/shop/*", "ssm:GetParameter", False),
        ("*", "xray:PutTraceSegments", False),
        ("*", "dynamodb:ListTables", False),
    ],
)
def test_wide_patterns(pattern: str, name: str, wide: bool) -> None:
    assert is_wide(pattern, name) is wide


def condition_picks(block: dict[str, Any]) -> bool:
    (statement,) = parse_policy(policy(allow("*", Condition=block))).statements
    return picks(statement.conditions[0])


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ({"StringEquals": {"aws:ResourceTag/team": "a"}}, True),
        ({"StringLike": {"s3:prefix": "home/*"}}, True),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}}, True),
        ({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, True),
        ({"StringEquals": {"kms:EncryptionContext:app": "a"}}, True),
        ({"StringLike": {"s3:prefix": "*"}}, False),
        ({"StringNotEquals": {"aws:ResourceTag/team": "a"}}, False),
        ({"StringEqualsIfExists": {"aws:ResourceTag/team": "a"}}, False),
        ({"ForAllValues:StringEquals": {"aws:ResourceTag/team": "a"}}, False),
        ({"Null": {"aws:ResourceTag/team": "false"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"StringEquals": {"aws:ResourceAccount": OWN}}, False),
        ({"Novel": {"aws:ResourceTag/team": "a"}}, False),
    ],
)
def test_conditions_that_pick_resources(block: dict[str, Any], wanted: bool) -> None:
    assert condition_picks(block) is wanted


def test_what_is_spared_may_leave_nothing_wide() -> None:
    held = permissions(
        [
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "sns:Publish", "NotResource": "arn:aws:sns:*:*:*"},
            }
        ]
    )
    (one,) = extent(held, ["sns:Publish"])
    assert wide_resources(one) == ()


def test_the_actions_on_data() -> None:
    found = data_actions()
    assert {
        GET,
        "s3:GetObject",
        "s3:ListBucket",
        "kms:Decrypt",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
    } <= found
    assert (
        not {
            "dynamodb:ListTables",
            "sqs:GetQueueUrl",
            "kms:GenerateRandom",
            "ssm:SendCommand",
            "dynamodb:DescribeTable",
        }
        & found
    )


def test_the_data_of_actions() -> None:
    known = action("SQS:sendmessage")
    assert known is not None
    assert (known.name, known.level, known.takes, known.changes_permissions) == (
        "sqs:SendMessage",
        "Write",
        ("queue",),
        False,
    )
    assert action("sqs:Nothing") is None and action("nothing:Nothing") is None
    assert [one.name for one in matching("sqs:Send*")] == ["sqs:SendMessage"]
    assert len(matching("*")) > 5000 > len(matching("s3:*")) > 100
    assert matching("nothing:*") == ()
