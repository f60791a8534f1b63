"""Who can read a secret, by environment: sure readers only, boundaries count, and what is not known is a gap."""

from dataclasses import replace
from typing import Any

from assaybook.evidence import Gap
from assaybook.tables.secrets import SecretUse
from shaped_account import ACCOUNT, GLOBE, REGION, answered, denied, function
from shaped_stores import Shaped, having, lacking, whole

PSP = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:psp"
TEST_ROLE = f"arn:aws:iam::{ACCOUNT}:role/test-role"
LIVE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/orders-api-role"


def allowing(action: str = "secretsmanager:GetSecretValue", on: str = PSP, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": on, **more}]}


def role(arn: str, *documents: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = [{"PolicyName": f"p{number}", "PolicyDocument": each} for number, each in enumerate(documents)]
    return {
        "Arn": arn,
        "RoleName": arn.rpartition("/")[2],
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
        "RolePolicyList": named,
        "AttachedManagedPolicies": [],
        "Tags": [],
        **more,
    }


def uses(*roles: dict[str, Any], policies: tuple[dict[str, Any], ...] = ()) -> Shaped:
    about = {"FunctionName": "trial"}
    return having(
        answered("lambda:ListFunctions", Functions=[function(), function("trial", Role=TEST_ROLE)]),
        answered("lambda:GetFunction", params=about, Configuration={}, Tags={"environment": "test"}),
        answered("lambda:ListAliases", params=about, Aliases=[]),
        answered("iam:GetAccountAuthorizationDetails", GLOBE, RoleDetailList=list(roles), Policies=list(policies)),
    )


def test_sure_readers_are_named_by_environment() -> None:
    row = uses(role(LIVE_ROLE, allowing()), role(TEST_ROLE, allowing("secretsmanager:*", "*"))).one(SecretUse)
    assert (row.name, row.production_roles, row.other_roles) == ("psp", ("orders-api-role",), ("test-role",))


def test_another_secret_a_condition_or_a_boundary_makes_no_sure_reader() -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/team": "shop"}}
    other = allowing(on=PSP.replace("psp", "other"))
    fence = {
        "Arn": f"arn:aws:iam::{ACCOUNT}:policy/fence",
        "PolicyName": "fence",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": allowing("logs:*", "*")}],
    }
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": fence["Arn"], "PermissionsBoundaryType": "Policy"}}
    for document, more in ((other, {}), (allowing(Condition=condition), {}), (allowing(), bounded)):
        row = uses(role(LIVE_ROLE, allowing()), role(TEST_ROLE, document, **more), policies=(fence,)).one(SecretUse)
        assert (row.production_roles, row.other_roles) == (("orders-api-role",), ())


def test_what_is_not_known_of_roles_is_a_gap() -> None:
    row = lacking("iam:GetAccountAuthorizationDetails").one(SecretUse)
    assert isinstance(row.production_roles, Gap)
    assert isinstance(row.other_roles, Gap)
    unreadable = role(TEST_ROLE, {"Version": "2012-10-17", "Statement": "none"})
    row = uses(role(LIVE_ROLE, allowing()), unreadable).one(SecretUse)
    assert row.production_roles == ("orders-api-role",)
    assert isinstance(row.other_roles, Gap)
    untagged = Shaped(
        [
            denied(each) if each.call in ("lambda:GetFunction", "resourcegroupstaggingapi:GetResources") else each
            for each in whole()
        ]
    )
    assert isinstance(untagged.one(SecretUse).production_roles, Gap)


def test_secrets_that_could_not_be_listed_are_a_hole_and_those_of_services_no_row() -> None:
    assert lacking("secretsmanager:ListSecrets").holes(SecretUse)
    (listed,) = (each for each in whole() if each.call == "secretsmanager:ListSecrets")
    record = {**listed.answer["SecretList"][0], "OwningService": "rds"}
    assert having(replace(listed, answer={"SecretList": [record]})).rows(SecretUse) == {}
