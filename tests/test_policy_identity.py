"""What a principal may do: the identity rows of the reference's truth table, limits, and grants too broad by form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assaybook.policy.breadth import broad_grants
from assaybook.policy.document import PolicyError
from assaybook.policy.held import held as held_by
from assaybook.policy.identity import Permissions, passable_roles, permissions
from assaybook.policy.request import MISSING, RequestContext
from assaybook.policy.truth import Truth
from policies import allow, deny, policy, principal, text

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
OWN = "111122223333"
APP_LOW, OTHER, ADMIN = (f"arn:aws:iam::{OWN}:role/{name}" for name in ("app-low", "other", "admin"))
FUNCTION = f"arn:aws:lambda:us-east-1:{OWN}:function:pay"
LAMBDA, STATES = "lambda.amazonaws.com", "states.amazonaws.com"


def held(*statements: dict[str, Any], **limits: Any) -> Permissions:
    return permissions([policy(*statements)], **limits)


FULL = policy(allow("*"))
ESCALATION = allow(["iam:Pa*ole", "lambda:Create*", "lambda:*nvoke*"])
NAMED = allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])
WORK = allow(["lambda:CreateFunction", "lambda:InvokeFunction"])


def passing(service: str) -> dict[str, Any]:
    return allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": service}})


@pytest.mark.parametrize(
    ("subject", "roles", "works"),
    [
        pytest.param(held(ESCALATION), (ADMIN, APP_LOW, OTHER), T, id="2"),
        pytest.param(held(NAMED, deny("iam:Pass*")), (), T, id="3"),
        pytest.param(held(NAMED, deny("iam:PassRole", OTHER)), (ADMIN, APP_LOW), T, id="3b"),
        pytest.param(held(passing(STATES), WORK), (), T, id="4"),
        pytest.param(held(passing(LAMBDA), WORK), (ADMIN, APP_LOW, OTHER), T, id="4b"),
        pytest.param(held(allow("iam:PassRole", APP_LOW), WORK), (APP_LOW,), T, id="8"),
        pytest.param(held(ESCALATION, boundary=policy(allow("s3:*"))), (), F, id="9a"),
        pytest.param(held(ESCALATION, scps=[[FULL, policy(deny("lambda:*"))]]), (ADMIN, APP_LOW, OTHER), F, id="9b"),
    ],
)
def test_roles_that_reach_a_function(subject: Permissions, roles: tuple[str, ...], works: Truth) -> None:
    found = passable_roles(subject, [OTHER, APP_LOW, ADMIN], LAMBDA)
    assert tuple(role for role, _ in found) == roles
    assert all(answer.granted is T for _, answer in found)
    for action in ("lambda:CreateFunction", "lambda:InvokeFunction"):
        assert subject.allows(action, FUNCTION).granted is works


def test_row_1_is_near_admin() -> None:
    subject = held({"Effect": "Allow", "NotAction": ["iam:CreateUser", "s3:DeleteBucket"], "Resource": "*"})
    (grant,) = broad_grants(subject)
    assert (grant.breadth, grant.spared) == ("near_admin", ("iam:CreateUser", "s3:DeleteBucket"))
    assert subject.allows("iam:PassRole", ADMIN).granted is T
    assert subject.allows("IAM:createuser", ADMIN).granted is F


def test_row_5_may_change_code() -> None:
    answer = held(allow("lambda:UpdateFunctionCode")).allows("lambda:UpdateFunctionCode", FUNCTION)
    assert (answer.granted, answer.statement) == (T, "policy 1, statement 1")


def test_row_6_reads_all_other_secrets() -> None:
    secrets = f"arn:aws:secretsmanager:us-east-1:{OWN}:secret:"
    subject = held({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "NotResource": f"{secrets}prod/*"})
    assert subject.allows("secretsmanager:GetSecretValue", f"{secrets}dev/db").granted is T
    assert subject.allows("secretsmanager:GetSecretValue", f"{secrets}prod/db").granted is F


@pytest.mark.parametrize(
    ("subject", "granted", "statement"),
    [
        (held(), F, ""),
        (held(allow("lambda:Get*", FUNCTION)), F, ""),
        (held(allow("lambda:Update*", f"{FUNCTION}-two")), F, ""),
        (held(allow("lambda:Update*", FUNCTION, Sid="Deploy")), T, "policy 1, statement 'Deploy'"),
        (held(FULL["Statement"][0], deny("*", Sid="Stop")), F, "policy 1, statement 'Stop'"),
        (held(allow("*"), deny("*", "arn:aws:s3:::*")), T, "policy 1, statement 1"),
        (held(allow("*"), deny("lambda:*", Condition={"Bool": {"a:b": "true"}})), U, "policy 1, statement 2"),
        (held(allow("*", Condition={"Bool": {"a:b": "true"}})), U, "policy 1, statement 1"),
        (held(allow("*", Condition={"Bool": {"a:b": "true"}}), allow("lambda:*")), T, "policy 1, statement 2"),
        (held(allow("*", Condition={"Novel": {"a:b": "true"}})), U, "policy 1, statement 1"),
        (held(allow("*"), boundary=policy(allow("lambda:*"))), T, "policy 1, statement 1"),
        (held(allow("*"), boundary=policy(allow("*"), deny("lambda:*"))), F, "boundary, statement 2"),
        (
            held(allow("*"), boundary=policy(allow("*", Condition={"Bool": {"a:b": "true"}}))),
            U,
            "policy 1, statement 1",
        ),
        (held(allow("*"), boundary=policy()), F, ""),
        (held(boundary=FULL), F, ""),
        (held(allow("*"), scps=[[FULL], [policy(allow("s3:*"))]]), F, ""),
        (
            held(allow("*"), scps=[[FULL], [policy(allow("s3:*")), policy(allow("lambda:*"))]]),
            T,
            "policy 1, statement 1",
        ),
        (held(allow("*"), scps=[[]]), F, ""),
        (held(allow("*"), session=[policy(allow("lambda:*"))]), T, "policy 1, statement 1"),
        (held(allow("*"), session=[policy(allow("s3:*"))]), F, ""),
        (permissions({"deploy": policy(allow("*"))}), T, "deploy, statement 1"),
        (held(allow("lambda:*", "arn:aws:lambda:*:*:function:${aws:PrincipalTag/app}")), U, "policy 1, statement 1"),
        (held(allow("lambda:*", "arn:aws:lambda:*:*:layer:${aws:PrincipalTag/app}")), F, ""),
    ],
)
def test_layers(subject: Permissions, granted: Truth, statement: str) -> None:
    answer = subject.allows("lambda:UpdateFunctionCode", FUNCTION)
    assert (answer.granted, answer.statement) == (granted, statement)
    assert answer.because.startswith(("lambda:UpdateFunctionCode ", "Whether lambda:UpdateFunctionCode "))


def test_variables_decide_with_the_request() -> None:
    subject = held(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*"))
    ann = RequestContext({"aws:username": "ann"})
    assert subject.allows("s3:GetObject", "arn:aws:s3:::home/ann/a", ann).granted is T
    assert subject.allows("s3:GetObject", "arn:aws:s3:::home/bob/a", ann).granted is F
    nobody = RequestContext({"aws:username": MISSING})
    assert subject.allows("s3:GetObject", "arn:aws:s3:::home/ann/a", nobody).granted is F


def test_an_action_without_resource_needs_a_star() -> None:
    assert held(allow("s3:ListAllMyBuckets")).allows("s3:ListAllMyBuckets").granted is T
    assert held(allow("s3:ListAllMyBuckets", "arn:aws:s3:::*")).allows("s3:ListAllMyBuckets").granted is F


def test_a_pass_role_that_may_hold_is_kept_and_marked() -> None:
    subject = held(allow("iam:PassRole", Condition={"StringEquals": {"aws:RequestTag/x": "y"}}))
    assert [(role, answer.granted) for role, answer in passable_roles(subject, [ADMIN], LAMBDA)] == [(ADMIN, U)]
    assert passable_roles(subject, [ADMIN], LAMBDA, {"aws:RequestTag/x": "z"}) == ()


def test_identity_policies_name_resources_and_no_principals() -> None:
    with pytest.raises(PolicyError, match="names no principals"):
        held(allow("*", Principal="*"))
    with pytest.raises(PolicyError, match="neither Resource nor NotResource"):
        held({"Effect": "Allow", "Action": "*"})


def broad(*statements: dict[str, Any], **limits: Any) -> list[tuple[str, str, Truth]]:
    return [(str(one.breadth), one.service, one.certain) for one in broad_grants(held(*statements, **limits))]


POWER_USER = [
    {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
    allow(["iam:ListRoles", "organizations:DescribeOrganization"]),
]
ADMIN_GRANT, NEAR = ("admin", "", T), ("near_admin", "", T)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (broad(allow("*")), [ADMIN_GRANT]),
        (broad(allow("*:*")), [ADMIN_GRANT]),
        (broad(allow("**", "**")), [ADMIN_GRANT]),
        (broad(allow(["s3:GetObject", "*"])), [ADMIN_GRANT]),
        (broad(allow("*", ["arn:aws:s3:::b", "*"])), [ADMIN_GRANT]),
        (broad(allow("*", "arn:aws:s3:::b")), []),
        (broad(*POWER_USER), [NEAR]),
        (broad({"Effect": "Allow", "NotAction": [], "Resource": "*"}), [ADMIN_GRANT]),
        (broad({"Effect": "Allow", "NotAction": "*", "Resource": "*"}), []),
        (broad({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::b"}), []),
        (broad({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b"}), [NEAR]),
        (broad({"Effect": "Allow", "Action": "*", "NotResource": "*"}), []),
        (broad(allow("s3:*")), [("service", "s3", T)]),
        (broad(allow("S3:*")), [("service", "s3", T)]),
        (broad(allow("s3:?*")), [("service", "s3", T)]),
        (broad(allow(["sqs:*", "dynamodb:*"])), [("service", "dynamodb", T), ("service", "sqs", T)]),
        (broad(allow("s3:*", "arn:aws:s3:::*")), [("service", "s3", T)]),
        (broad(allow("dynamodb:*", "arn:aws:dynamodb:*:*:*")), [("service", "dynamodb", T)]),
        (broad(allow("s3:*", "arn:aws:s3:::b*")), []),
        (broad(allow("dynamodb:*", f"arn:aws:dynamodb:*:{OWN}:table/orders")), []),
        (broad(allow(["s3:Get*", "s3:*Object", "xray:PutTraceSegments"])), []),
        (broad(allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}})), [("service", "s3", U)]),
        # Deny
        (broad(allow("*"), deny("*")), []),
        (broad(allow("*"), deny("iam:*")), [NEAR]),
        (broad(allow("s3:*"), deny("S3:*")), []),
        (broad(allow("s3:*"), deny("s3:DeleteBucket")), [("service", "s3", T)]),
        (broad(allow("s3:*"), deny("s3:*", "arn:aws:s3:::prod")), [("service", "s3", T)]),
        (broad(allow("s3:*"), deny("s3:*", Condition={"Bool": {"a:b": "true"}})), [("service", "s3", T)]),
        (broad(allow("*"), {"Effect": "Deny", "NotAction": ["s3:Get*"], "Resource": "*"}), []),
        (broad(allow("*"), {"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*"}), [("service", "s3", T)]),
        (broad(allow("sqs:*"), {"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*"}), []),
        (
            broad(allow("s3:*"), {"Effect": "Deny", "NotAction": ["s3:*", "a:b"], "Resource": "*"}),
            [("service", "s3", T)],
        ),
        (broad(allow("*"), {"Effect": "Deny", "NotAction": ["*"], "Resource": "*"}), [ADMIN_GRANT]),
        # limits
        (broad(allow("*"), boundary=FULL), [ADMIN_GRANT]),
        (broad(allow("*"), boundary=policy(allow("s3:*"))), [("service", "s3", T)]),
        (broad(allow("*"), boundary=policy(allow("s3:GetObject"))), []),
        (broad(allow("*"), boundary=policy(POWER_USER[0])), [NEAR]),
        (broad(allow("*"), boundary=policy(allow("*"), deny("iam:*"))), [NEAR]),
        (broad(allow("iam:*"), boundary=policy(POWER_USER[0])), []),
        (broad(allow("s3:*"), boundary=policy(POWER_USER[0])), [("service", "s3", T)]),
        (broad(allow("s3:*"), boundary=policy(allow("sqs:*"))), []),
        (broad(POWER_USER[0], boundary=policy(allow(["iam:*", "s3:*"]))), [("service", "s3", T)]),
        (broad(allow("*"), scps=[[FULL], [FULL, policy(deny("*"))]]), []),
        (broad(allow("*"), scps=[[FULL, policy(deny("s3:*"))]]), [NEAR]),
        (broad(allow("*"), boundary=policy(allow("*", Condition={"Bool": {"a:b": "true"}}))), [("admin", "", U)]),
        (broad(allow("s3:*"), boundary=policy(allow("s3:GetObject"), allow("s3:*", "arn:aws:s3:::b"))), []),
    ],
)
def test_broad_grants(found: list[tuple[str, str, Truth]], wanted: list[tuple[str, str, Truth]]) -> None:
    assert found == wanted


def test_a_broad_grant_names_its_statement_and_conditions() -> None:
    subject = permissions(
        {"ops": policy(allow("s3:*", Sid="All", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))}
    )
    (grant,) = broad_grants(subject)
    assert grant.because == (
        "ops, statement 'All' allows every action of s3 on every resource, if StringEquals aws:RequestedRegion = eu-west-1."
    )
    (near,) = broad_grants(held(allow("*"), deny("iam:*")))
    assert near.because == ("policy 1, statement 1 allows nearly every action on every resource, all but iam:*.")


def test_rows_hold_all_their_policies_within_their_limits() -> None:
    row = principal(
        "api", allow("s3:*"), boundary=policy(allow("*")), control=(policy(allow("*"), deny("s3:PutObject")),)
    )
    twice = replace(row, policies=(*row.policies, text("own", policy(allow("sqs:*")))))
    rights = held_by(twice)
    assert rights.allows("s3:GetObject").granted is T
    assert rights.allows("s3:PutObject").granted is F
    assert rights.allows("sqs:SendMessage").statement == "own (2), statement 1"
    assert held_by(replace(twice, name="other")) is rights
