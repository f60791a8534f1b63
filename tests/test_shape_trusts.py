"""Whom roles let in, and what decides who reads a secret, out of captures."""

from __future__ import annotations

from typing import Any

import pytest

from assaybook.capture import Capture, Captures
from assaybook.evidence import Gap, Hole
from assaybook.shape.aws.secret_access import shape_secret_access
from assaybook.shape.aws.trusts import shape_trusts
from assaybook.shape.tags import TagWords
from assaybook.tables.trust import SecretAccess, TrustedName
from shaped_account import ACCOUNT, GLOBE, REGION, absent, answered, denied, parameters

DETAILS = "iam:GetAccountAuthorizationDetails"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
POLICY = '{"Version": "2012-10-17", "Statement": []}'


def role(name: str, trust: Any) -> dict[str, Any]:
    return {"Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}", "RoleName": name, "AssumeRolePolicyDocument": trust}


def trusting(*principals: Any, effect: str = "Allow") -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": effect, "Principal": each, "Action": "sts:AssumeRole"} for each in principals],
    }


def named(*roles: Any) -> list[tuple[str, str]]:
    found = list(shape_trusts(Captures([answered(DETAILS, GLOBE, RoleDetailList=list(roles))])))
    return [
        (each.role.rpartition("/")[2], each.named) if isinstance(each, TrustedName) else ("gap", each.gap.state)
        for each in found
    ]


@pytest.mark.parametrize(
    ("trust", "wanted"),
    [
        (
            trusting({"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}),
            ["edgelambda.amazonaws.com", "lambda.amazonaws.com"],
        ),
        (trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), [ACCOUNT]),
        (trusting({"AWS": ACCOUNT}), [ACCOUNT]),
        (trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}, "*"), ["*", f"arn:aws:iam::{ACCOUNT}:role/ci"]),
        (trusting({"AWS": "*"}, effect="Deny"), []),
        (
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": ACCOUNT}, "Action": "*"},
            },
            ["*"],
        ),
    ],
)
def test_names_of_a_trust_policy(trust: dict[str, Any], wanted: list[str]) -> None:
    assert named(role("app", trust)) == [("app", each) for each in wanted]


@pytest.mark.parametrize(
    "odd", [role("app", "{"), role("app", {"Statement": [{"Effect": "Perhaps"}]}), {"RoleName": "app"}, {"Arn": 4}]
)
def test_a_trust_policy_that_cannot_be_read_is_a_hole(odd: dict[str, Any]) -> None:
    assert named(odd, role("good", trusting({"AWS": ACCOUNT}))) == [("gap", "failed"), ("good", ACCOUNT)]


def test_roles_that_could_not_be_listed_are_a_hole() -> None:
    (hole,) = shape_trusts(Captures([denied(answered(DETAILS, GLOBE))]))
    assert isinstance(hole, Hole) and hole.table is TrustedName and hole.gap.state == "denied"


def secrets(*captures: Capture, **record: Any) -> list[Any]:
    listed = answered("secretsmanager:ListSecrets", SecretList=[{"ARN": SECRET, "Name": "db", **record}])
    return list(shape_secret_access(Captures([listed, *captures]), TagWords.of(parameters())))


OWN_POLICY = answered("secretsmanager:GetResourcePolicy", params={"SecretId": SECRET}, ResourcePolicy=POLICY)
NO_POLICY = answered("secretsmanager:GetResourcePolicy", params={"SecretId": SECRET}, Name="db")
KEY_POLICY = answered("kms:GetKeyPolicy", params={"KeyId": KEY, "PolicyName": "default"}, Policy=POLICY)
ALIASES = answered("kms:ListAliases", Aliases=[{"AliasName": "alias/shop", "TargetKeyId": "1234"}])


@pytest.mark.parametrize("key", [KEY, "1234", "alias/shop", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/shop"])
def test_a_secret_with_its_policy_and_its_key(key: str) -> None:
    (found,) = secrets(OWN_POLICY, KEY_POLICY, ALIASES, KmsKeyId=key)
    assert isinstance(found, SecretAccess)
    assert (found.name, found.kind, found.policy) == ("db", "secret", POLICY)
    assert (found.encryption_key, found.key_policy) == (KEY, POLICY)


@pytest.mark.parametrize("record", [{}, {"KmsKeyId": "alias/aws/secretsmanager"}])
def test_a_secret_under_the_key_of_aws(record: dict[str, str]) -> None:
    (found,) = secrets(NO_POLICY, **record)
    assert (found.policy, found.encryption_key, found.key_policy) == ("", "", "")


def test_a_key_of_aws_that_is_named_by_its_arn() -> None:
    detail = answered("kms:DescribeKey", params={"KeyId": KEY}, KeyMetadata={"KeyManager": "AWS"})
    (found,) = secrets(NO_POLICY, detail, KmsKeyId=KEY)
    assert (found.encryption_key, found.key_policy) == ("", "")


def test_what_was_not_answered_is_a_gap() -> None:
    (found,) = secrets(denied(OWN_POLICY), denied(KEY_POLICY), KmsKeyId=KEY)
    assert isinstance(found.policy, Gap) and isinstance(found.key_policy, Gap)
    (unasked,) = secrets(KmsKeyId="alias/shop")
    assert isinstance(unasked.encryption_key, Gap) and isinstance(unasked.key_policy, Gap)
    (strange,) = secrets(NO_POLICY, ALIASES, KmsKeyId="alias/other")
    assert isinstance(strange.encryption_key, Gap)
    (gone,) = secrets(absent("secretsmanager:GetResourcePolicy", SecretId=SECRET))
    assert gone.policy == ""


def test_odd_records_and_denied_lists_are_holes() -> None:
    (hole,) = secrets(ARN=7)
    assert isinstance(hole, Hole)
    (none,) = shape_secret_access(Captures([denied(answered("secretsmanager:ListSecrets"))]), TagWords.of(parameters()))
    assert isinstance(none, Hole) and none.table is SecretAccess


def test_parameters_count_where_they_are_encrypted() -> None:
    listed = answered(
        "ssm:DescribeParameters",
        Parameters=[
            {"Name": "/shop/psp", "Type": "SecureString", "KeyId": "alias/aws/ssm"},
            {"Name": "/shop/region", "Type": "String"},
            {"Type": "SecureString"},
        ],
    )
    found = list(
        shape_secret_access(
            Captures([answered("secretsmanager:ListSecrets", SecretList=[]), listed]), TagWords.of(parameters())
        )
    )
    rows = [each for each in found if isinstance(each, SecretAccess)]
    assert [(each.key, each.kind, each.encryption_key) for each in rows] == [
        (f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/shop/psp", "parameter", "")
    ]
    assert [type(each) for each in found if each not in rows] == [Hole]
    refused = list(
        shape_secret_access(
            Captures([answered("secretsmanager:ListSecrets", SecretList=[]), denied(listed)]), TagWords.of(parameters())
        )
    )
    assert [type(each) for each in refused] == [Hole]
