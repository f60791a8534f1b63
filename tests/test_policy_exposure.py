"""Who may reach a resource: the truth table of the reference, and near misses around each row."""

from __future__ import annotations

from typing import Any

import pytest

from assaybook.policy.document import parse_policy
from assaybook.policy.exposure import Exposure, exposure, resource_policy
from assaybook.policy.reach import Reach

OWN, FOREIGN, THIRD = "111122223333", "999988887777", "444455556666"
ORG, OTHER_ORG = "o-ownorgid12", "o-strangers1"
TOPIC = f"arn:aws:sns:us-east-1:{OWN}:orders"
ANYONE, LIMITED = ("anyone", False), ("anyone", True)
OURS, ORGANISATION = ("own_account", True), ("organisation", True)
FOREIGNERS, NOBODY = ("other_account", True), ("nobody", True)


def judged(statement: dict[str, Any], organisation: str | None = ORG, **more: Any) -> Exposure:
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", **statement}
    (found,) = resource_policy(
        {"Version": "2012-10-17", "Statement": [statement, *more.pop("denies", [])]},
        own_account=OWN,
        own_organisation=organisation,
        **more,
    )
    return found


def everyone(condition: dict[str, Any] | None = None, **statement: Any) -> Exposure:
    return judged({"Principal": "*", **({"Condition": condition} if condition else {}), **statement})


def service(name: str, condition: dict[str, Any] | None = None, **statement: Any) -> Exposure:
    return judged({"Principal": {"Service": name}, **({"Condition": condition} if condition else {}), **statement})


def verdict(found: Exposure) -> tuple[str, bool]:
    return (str(found.reach), found.constrained)


TABLE = {
    "7a": ({"Action": "lambda:InvokeFunction", "Principal": "*"}, ANYONE, False),
    "7b": (
        {
            "Action": "lambda:InvokeFunctionUrl",
            "Principal": "*",
            "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        },
        ANYONE,
        False,
    ),
    "7b-moto": (
        {"Action": "lambda:InvokeFunctionUrl", "Principal": {"AWS": "*"}, "FunctionUrlAuthType": "NONE"},
        ANYONE,
        False,
    ),
    "7c": ({"Action": "lambda:InvokeFunction", "Principal": {"Service": "s3.amazonaws.com"}}, ("service", False), True),
    "7d": ({"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": OWN}}}, OURS, False),
    "7e": ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}}, ORGANISATION, False),
    "7f": (
        {
            "Action": "s3:GetObject",
            "Principal": {"AWS": "*"},
            "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        },
        ANYONE,
        False,
    ),
    "7g": (
        {"Action": "sns:Publish", "Principal": "*", "Condition": {"ArnLikeIfExists": {"aws:SourceArn": TOPIC}}},
        ANYONE,
        False,
    ),
    "7h": ({"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:*"}}}, ANYONE, False),
    "7i": ({"Action": "s3:GetObject", "NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:user/bob"}}, ANYONE, False),
    "7j": (
        {
            "Action": "kms:Decrypt",
            "Principal": {"AWS": "*"},
            "Condition": {
                "StringEquals": {"kms:CallerAccount": OWN, "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
            },
        },
        OURS,
        False,
    ),
    "7k": (
        {"Action": "s3:GetObject", "Principal": "*", "Condition": {"StringEquals": {"aws:UserAgent": "our-client"}}},
        ANYONE,
        False,
    ),
}


@pytest.mark.parametrize("row", TABLE)
def test_truth_table(row: str) -> None:
    statement, wanted, confused = TABLE[row]
    found = judged(statement)
    assert (verdict(found), found.confused_deputy) == (wanted, confused)
    assert found.because.endswith(".")
    assert bool(found.conditions) == ("Condition" in statement or "FunctionUrlAuthType" in statement)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        # widths of addresses
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, LIMITED),
        ({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "::/0"]}}, ANYONE),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}, ANYONE),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1"]}}, ANYONE),
        ({"IpAddress": {"aws:SourceIp": "52.0.0.0/8"}}, ANYONE),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, LIMITED),
        ({"IpAddress": {"aws:SourceIp": "2001:db8::/48"}}, LIMITED),
        ({"IpAddress": {"aws:SourceIp": []}}, NOBODY),
        ({"IpAddress": {"aws:SourceIp": "office"}}, ("unknown", False)),
        ({"IpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}}, ANYONE),
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, ANYONE),
        ({"StringLike": {"aws:SourceIp": "*"}}, ANYONE),
        ({"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}}, ANYONE),
        (
            {
                "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"},
                "StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d4e5f6a7b8"},
            },
            LIMITED,
        ),
        # accounts
        ({"StringEquals": {"aws:SourceAccount": [OWN, FOREIGN]}}, FOREIGNERS),
        ({"StringEquals": {"AWS:SOURCEACCOUNT": OWN}}, OURS),
        ({"stringequals": {"aws:sourceaccount": OWN}}, OURS),
        ({"StringEquals": {"AWS:SourceOwner": OWN}}, OURS),
        ({"StringLike": {"aws:SourceAccount": "*"}}, ANYONE),
        ({"StringLike": {"aws:SourceAccount": "1111*"}}, ANYONE),
        ({"StringEquals": {"aws:SourceAccount": "*"}}, NOBODY),
        ({"StringEquals": {"aws:SourceAccount": ["*", OWN]}}, OURS),
        ({"StringEqualsIfExists": {"aws:SourceAccount": OWN}}, ANYONE),
        ({"StringNotEquals": {"aws:SourceAccount": FOREIGN}}, ANYONE),
        ({"StringEquals": {"aws:PrincipalAccount": OWN}}, OURS),
        ({"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}, OURS),
        ({"StringEquals": {"aws:PrincipalAccount": "${aws:SourceAccount}"}}, ANYONE),
        ({"StringEquals": {"kms:CallerAccount": OWN}}, OURS),
        ({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, ANYONE),
        ({"NumericEquals": {"aws:SourceAccount": OWN}}, ("unknown", False)),
        # organisations
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, ANYONE),
        ({"StringLike": {"aws:PrincipalOrgID": "o-*"}}, ANYONE),
        ({"StringEquals": {"aws:PrincipalOrgID": "*"}}, NOBODY),
        ({"StringEquals": {"aws:PrincipalOrgID": [ORG, OTHER_ORG]}}, FOREIGNERS),
        ({"StringEquals": {"aws:PrincipalOrgID": OTHER_ORG}}, FOREIGNERS),
        ({"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}, ORGANISATION),
        ({"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": ORG}}, ORGANISATION),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/r-ab12/ou-ab12-1/*"}}, ORGANISATION),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "*/r-ab12/*"}}, ANYONE),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": f"{ORG}/*"}}, NOBODY),
        ({"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/*"}}, ANYONE),
        (
            {
                "ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/*"},
                "Null": {"aws:PrincipalOrgPaths": "false"},
            },
            ORGANISATION,
        ),
        ({"Null": {"aws:PrincipalOrgID": "false"}}, ANYONE),
        ({"Null": {"aws:PrincipalOrgID": "true"}}, ANYONE),
        ({"Null": {"aws:PrincipalOrgID": "true"}, "StringEquals": {"aws:PrincipalOrgID": ORG}}, NOBODY),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": ORG}, "Null": {"aws:PrincipalOrgID": "false"}}, ORGANISATION),
        # ARNs
        ({"ArnLike": {"aws:SourceArn": TOPIC}}, OURS),
        ({"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:*:{OWN}:*"}}, OURS),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:*:orders"}}, ANYONE),
        ({"StringEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:*:orders"}}, NOBODY),
        ({"StringEquals": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{OWN}:*"}}, NOBODY),
        ({"StringLike": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{OWN}:*"}}, OURS),
        ({"StringLike": {"aws:SourceArn": "*"}}, ANYONE),
        ({"StringLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, ANYONE),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads-*"}}, ANYONE),
        ({"StringLike": {"aws:SourceArn": f"*:{OWN}:*"}}, ("unknown", False)),
        ({"ArnLike": {"aws:SourceArn": [TOPIC, "arn:aws:s3:*:*:*"]}}, ANYONE),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{FOREIGN}:t"}}, FOREIGNERS),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, ANYONE),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}, ANYONE),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}}, OURS),
        ({"StringEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}}, NOBODY),
        # networks
        ({"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f6a7b8"}}, LIMITED),
        ({"StringLike": {"aws:SourceVpce": "vpce-*"}}, ANYONE),
        ({"StringEquals": {"aws:SourceVpce": "vpce-*"}}, NOBODY),
        ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f6a7b8"}}, ANYONE),
        ({"StringEquals": {"aws:VpceAccount": OWN}}, OURS),
        # what the caller chooses, and what is not about callers
        ({"StringLike": {"aws:Referer": "https://example.com/*"}}, ANYONE),
        ({"StringLike": {"s3:prefix": "public/*"}}, ANYONE),
        ({"StringEquals": {"aws:PrincipalTag/team": "pay"}}, ANYONE),
        ({"StringEquals": {"aws:username": "bob"}}, ANYONE),
        ({"Bool": {"aws:SecureTransport": "true"}}, ANYONE),
        ({"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}, ANYONE),
        ({"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}, ANYONE),
        ({"StringEquals": {"sts:ExternalId": "partner"}}, ANYONE),
        ({"StringLike": {"aws:userid": "AROAEXAMPLEEXAMPLE12:*"}}, LIMITED),
        ({"StringLike": {"aws:userid": "*:session"}}, ANYONE),
        # what is not known
        ({"StringEquals": {"novel:Key": "x"}}, ("unknown", False)),
        ({"StringResembles": {"aws:SourceAccount": OWN}}, ("unknown", False)),
        ({"StringEquals": {"novel:Key": "x", "aws:SourceAccount": OWN}}, OURS),
        # services as callers
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, ("service", True)),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, ANYONE),
        # two conditions: both must hold
        ({"StringEquals": {"aws:PrincipalOrgID": ORG, "aws:PrincipalAccount": OWN}}, OURS),
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}, "IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, ORGANISATION),
        ({"StringEquals": {"aws:UserAgent": "x"}, "ArnLike": {"aws:SourceArn": TOPIC}}, OURS),
    ],
    ids=str,
)
def test_everyone_with_condition(condition: dict[str, Any], wanted: tuple[str, bool]) -> None:
    found = everyone(condition)
    assert verdict(found) == wanted
    assert bool(found.undecided) == (wanted[0] == "unknown")
    assert len(found.conditions) == sum(len(lines) for lines in condition.values())


@pytest.mark.parametrize(
    ("principal", "reach", "accounts"),
    [
        ({"AWS": OWN}, "own_account", ()),
        ({"AWS": f"arn:aws:iam::{OWN}:root"}, "own_account", ()),
        ({"AWS": f"arn:aws:iam::{OWN}:role/app"}, "own_account", ()),
        ({"AWS": FOREIGN}, "other_account", (FOREIGN,)),
        ({"AWS": [f"arn:aws:iam::{FOREIGN}:root", OWN]}, "other_account", (FOREIGN,)),
        ({"AWS": [f"arn:aws:sts::{FOREIGN}:assumed-role/a/b", THIRD]}, "other_account", (THIRD, FOREIGN)),
        ({"AWS": [OWN, "*"]}, "anyone", ()),
        ({"AWS": [FOREIGN, "*"]}, "anyone", (FOREIGN,)),
        ({"*": "*"}, "anyone", ()),
        ({"AWS": "AIDAEXAMPLEEXAMPLE12"}, "unknown", ()),
        ({"AWS": ["AROAEXAMPLEEXAMPLE12", FOREIGN]}, "other_account", (FOREIGN,)),
        ({"AWS": ["AROAEXAMPLEEXAMPLE12", OWN]}, "unknown", ()),
        ({"AWS": f"arn:aws:iam::{OWN}:role/app", "Service": "sns.amazonaws.com"}, "service", ()),
        ({"AWS": "*", "Service": "sns.amazonaws.com"}, "anyone", ()),
        ({"CanonicalUser": "ab" * 32}, "unknown", ()),
        ({"AWS": "arn:aws:iam::*:root"}, "unknown", ()),
        ({"AWS": []}, "nobody", ()),
        ({"Federated": f"arn:aws:iam::{OWN}:saml-provider/staff"}, "own_account", ()),
        ({"Federated": f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"}, "anyone", ()),
        ({"Federated": "cognito-identity.amazonaws.com"}, "anyone", ()),
        ({"Federated": f"arn:aws:iam::{OWN}:oidc-provider/login.example.com"}, "unknown", ()),
    ],
    ids=str,
)
def test_principals(principal: dict[str, Any], reach: str, accounts: tuple[str, ...]) -> None:
    found = judged({"Principal": principal})
    assert (found.reach, found.accounts) == (reach, accounts)
    if any("EXAMPLEEXAMPLE" in str(name) for name in principal.values()):
        assert any("deleted" in one for one in found.undecided) or reach == "other_account"


@pytest.mark.parametrize(
    ("name", "condition", "wanted"),
    [
        # (reach, constrained, confused deputy, missing keys)
        ("sns.amazonaws.com", {}, ("service", False, True, ("aws:SourceArn",))),
        ("sns.amazonaws.com", {"ArnLike": {"aws:SourceArn": TOPIC}}, ("service", True, False, ())),
        (
            "sns.amazonaws.com",
            {"ArnLikeIfExists": {"aws:SourceArn": TOPIC}},
            ("service", False, True, ("aws:SourceArn",)),
        ),
        (
            "sns.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:*:orders"}},
            ("service", False, True, ("aws:SourceArn",)),
        ),
        (
            "sns.amazonaws.com",
            {"StringEquals": {"aws:SourceAccount": OWN}},
            ("service", True, False, ("aws:SourceArn",)),
        ),
        (
            "sns.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{FOREIGN}:t"}},
            ("other_account", True, False, ()),
        ),
        ("s3.amazonaws.com", {}, ("service", False, True, ("aws:SourceAccount", "aws:SourceArn"))),
        (
            "s3.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}},
            ("service", True, True, ("aws:SourceAccount",)),
        ),
        (
            "s3.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}, "StringEquals": {"aws:SourceAccount": OWN}},
            ("service", True, False, ()),
        ),
        (
            "s3.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}, "StringLike": {"aws:SourceAccount": "*"}},
            ("service", True, True, ("aws:SourceAccount",)),
        ),
        ("alexa-appkit.amazon.com", {}, ("service", False, True, ("lambda:EventSourceToken",))),
        (
            "alexa-appkit.amazon.com",
            {"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.example-0001"}},
            ("service", True, False, ()),
        ),
        (
            "events.amazonaws.com",
            {"StringEquals": {"aws:SourceOrgID": ORG}},
            ("service", True, False, ("aws:SourceArn",)),
        ),
        (
            "events.amazonaws.com",
            {"StringEquals": {"aws:UserAgent": "x"}},
            ("service", False, True, ("aws:SourceArn",)),
        ),
        (
            "events.amazonaws.com",
            {"StringEquals": {"aws:PrincipalOrgID": ORG}},
            ("unknown", False, False, ("aws:SourceArn",)),
        ),
        ("events.amazonaws.com", {"StringEquals": {"novel:Key": "x"}}, ("unknown", False, False, ("aws:SourceArn",))),
        (
            "logs.us-east-1.amazonaws.com",
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{OWN}:*"}},
            ("service", True, False, ("aws:SourceArn",)),
        ),
        (
            "events.amazonaws.com",
            {"StringEquals": {"aws:SourceArn": "arn:aws:events:*:*:rule/r"}},
            ("nobody", True, False, ()),
        ),
    ],
    ids=str,
)
def test_services(name: str, condition: dict[str, Any], wanted: tuple[Any, ...]) -> None:
    found = service(name, condition)
    assert (found.reach, found.constrained, found.confused_deputy, found.missing) == wanted
    assert found.services == (() if wanted[0] == "nobody" else (name,))


def test_a_table_of_needs_is_passed_in() -> None:
    statement = {"Principal": {"Service": "edgelambda.amazonaws.com"}}
    assert judged(statement).confused_deputy
    assert not judged(statement, needs={"edgelambda.amazonaws.com": ()}).confused_deputy


def test_a_role_trusted_to_a_service_is_no_confused_deputy() -> None:
    found = service("lambda.amazonaws.com", Action="sts:AssumeRole")
    assert (found.reach, found.confused_deputy) == ("service", False)


@pytest.mark.parametrize(
    ("condition", "reach", "constrained"),
    [
        ({}, "anyone", False),
        ({"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}, "anyone", False),
        ({"StringLike": {"token.actions.githubusercontent.com:sub": "*"}}, "anyone", False),
        ({"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}}, "anyone", False),
        ({"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*/app:*"}}, "anyone", False),
        ({"StringLike": {"token.actions.githubusercontent.com:sub": "repo:our-org/*"}}, "own_account", True),
        ({"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:our-org/*"}}, "nobody", True),
        ({"StringEqualsIfExists": {"token.actions.githubusercontent.com:sub": "repo:our-org/a"}}, "anyone", False),
    ],
    ids=str,
)
def test_shared_identity_provider(condition: dict[str, Any], reach: str, constrained: bool) -> None:
    provider = f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"
    found = judged(
        {"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}
    )
    assert (found.reach, found.constrained) == (reach, constrained)


def deny(condition: dict[str, Any] | None = None, **statement: Any) -> dict[str, Any]:
    base = {"Sid": "Guard", "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    merged = {**base, **({"Condition": condition} if condition else {}), **statement}
    if "NotPrincipal" in statement:
        del merged["Principal"]
    return merged


@pytest.mark.parametrize(
    ("denial", "wanted"),
    [
        (deny(), NOBODY),
        (deny(Action="*"), NOBODY),
        (deny(Action="SQS:sendmessage"), NOBODY),
        (deny(Action="sqs:Send*"), NOBODY),
        (deny(Action="sqs:Receive*"), ANYONE),
        (deny(Action="s3:*"), ANYONE),
        (deny(Resource=TOPIC), ANYONE),
        (deny(Principal={"AWS": FOREIGN}), ANYONE),
        (deny(Principal={"AWS": [FOREIGN, "*"]}), NOBODY),
        (deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}}), ORGANISATION),
        (deny({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORG}}), ORGANISATION),
        (deny({"StringNotEquals": {"aws:PrincipalOrgID": OTHER_ORG}}), FOREIGNERS),
        (deny({"StringEquals": {"aws:PrincipalOrgID": OTHER_ORG}}), ANYONE),
        (deny({"StringNotLike": {"aws:PrincipalOrgID": "*"}}), ANYONE),
        (deny({"StringNotEquals": {"aws:PrincipalOrgID": "*"}}), NOBODY),
        (deny({"StringNotEquals": {"aws:PrincipalAccount": [OWN, FOREIGN]}}), FOREIGNERS),
        (deny({"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f6a7b8"}}), LIMITED),
        (deny({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), LIMITED),
        (deny({"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}), ANYONE),
        (deny({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}}), OURS),
        (deny({"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": f"{ORG}/*"}}), ORGANISATION),
        (deny({"ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": f"{ORG}/*"}}), ANYONE),
        (deny({"Bool": {"aws:SecureTransport": "false"}}), ANYONE),
        (deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}}, Action="sqs:Receive*"), ANYONE),
        (deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}, "Bool": {"aws:SecureTransport": "false"}}), ANYONE),
        (
            deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}, "Bool": {"aws:PrincipalIsAWSService": "false"}}),
            ANYONE,
        ),
        (
            deny(
                {"StringNotEquals": {"aws:PrincipalOrgID": ORG}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
            ),
            ("service", True),
        ),
        (deny(NotPrincipal={"AWS": f"arn:aws:iam::{OWN}:role/app"}), OURS),
        (deny(NotPrincipal={"AWS": [f"arn:aws:iam::{FOREIGN}:role/app", OWN]}), FOREIGNERS),
        (deny(NotPrincipal={"AWS": "*"}), ANYONE),
        (deny({"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f6a7b8"}}, NotPrincipal={"AWS": OWN}), LIMITED),
        (deny({"StringResembles": {"aws:PrincipalOrgID": ORG}}), ("unknown", False)),
        ({"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}, NOBODY),
        ({"Effect": "Deny", "Principal": "*", "NotAction": "sqs:*", "Resource": "*"}, ANYONE),
        ({"Effect": "Deny", "Principal": "*", "Action": "*", "NotResource": "arn:aws:s3:::b"}, ANYONE),
    ],
    ids=str,
)
def test_deny_on_everyone(denial: dict[str, Any], wanted: tuple[str, bool]) -> None:
    found = judged({"Principal": "*"}, denies=[denial])
    assert verdict(found) == wanted


def test_two_denies_together_leave_nothing() -> None:
    actions = {"Action": ["sqs:SendMessage", "sqs:ReceiveMessage"]}
    first, second = deny(Action="sqs:Send*"), deny(Action="sqs:Receive*")
    partly = judged({"Principal": "*", **actions}, denies=[first])
    assert (verdict(partly), partly.actions) == (ANYONE, ("sqs:ReceiveMessage",))
    assert judged({"Principal": "*", **actions}, denies=[first, second]).reach == "nobody"


def test_a_deny_on_the_named_account_covers_its_roles() -> None:
    allow = {"Principal": {"AWS": f"arn:aws:iam::{FOREIGN}:role/x"}}
    assert judged(allow, denies=[deny(Principal={"AWS": f"arn:aws:iam::{FOREIGN}:root"})]).reach == "nobody"
    assert judged(allow, denies=[deny(Principal={"AWS": f"arn:aws:iam::{FOREIGN}:role/y"})]).reach == "other_account"


def test_a_deny_with_the_conditions_of_the_allow_takes_it_away() -> None:
    condition = {"StringEquals": {"aws:UserAgent": "x"}}
    assert judged({"Principal": "*", "Condition": condition}, denies=[deny(condition)]).reach == "nobody"


def test_the_deny_is_named_in_the_conditions() -> None:
    found = judged({"Principal": "*"}, denies=[deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}})])
    assert found.conditions == (
        f"Deny statement 'Guard' unless StringEquals aws:PrincipalOrgID = {ORG} restricts to its own organisation",
    )


def test_unknown_own_organisation_is_told() -> None:
    found = judged({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}}, organisation=None)
    assert verdict(found) == ORGANISATION
    assert found.undecided == (f"whether {ORG} is the own organisation is not known",)


def test_trusted_accounts_are_listed_but_not_unlisted() -> None:
    found = judged({"Principal": {"AWS": [FOREIGN, THIRD]}}, trusted=frozenset({THIRD}))
    assert (found.accounts, found.unlisted) == ((THIRD, FOREIGN), (FOREIGN,))


def test_not_action_and_unknown_elements_are_named() -> None:
    policy = {
        "Statement": {"Effect": "Allow", "Principal": "*", "NotAction": "sqs:Purge*", "Resource": "*", "Priority": 1}
    }
    (found,) = resource_policy(policy, own_account=OWN)
    assert found.actions == ("all but sqs:Purge*",)
    assert found.undecided == ("the element Priority is not known",)


def test_a_deny_alone_lets_nobody_in() -> None:
    statement = parse_policy({"Statement": deny()}).statements[0]
    assert exposure(statement, own_account=OWN).reach == "nobody"
    assert resource_policy({"Statement": deny()}, own_account=OWN) == ()


def test_principals_of_a_named_account_are_no_services() -> None:
    def judged(**keys: object) -> Exposure:
        condition = {"StringEquals": {"aws:PrincipalAccount": ["111122223333", "999988887777"]}, **keys}
        statement = {
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": "*",
            "Principal": "*",
            "Condition": condition,
        }
        (found,) = resource_policy({"Version": "2012-10-17", "Statement": [statement]}, own_account="111122223333")
        return found

    for found in (judged(), judged(Bool={"aws:PrincipalIsAWSService": "true"})):
        assert (found.reach, found.accounts, found.confused_deputy) == (Reach.OTHER_ACCOUNT, ("999988887777",), False)


def test_a_service_that_acts_for_another_account_stays_a_service() -> None:
    condition = {"Bool": {"aws:PrincipalIsAWSService": "true"}, "StringEquals": {"aws:SourceAccount": "999988887777"}}
    statement = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Principal": "*",
        "Condition": condition,
    }
    (found,) = resource_policy({"Version": "2012-10-17", "Statement": [statement]}, own_account="111122223333")
    assert (found.reach, found.services) == (Reach.SERVICE, ("*",))
