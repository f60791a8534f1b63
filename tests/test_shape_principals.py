"""Roles and users with all that decides what they may do, and the policies of their organisation, out of captures."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assaybook.capture import ABSENT, Capture
from assaybook.evidence import Gap
from assaybook.tables.identity import Principal, Role
from assaybook.tables.organisation import Guardrails
from shaped_account import (
    ACCOUNT,
    GLOBE,
    ORDERS,
    ROLE,
    Shaped,
    absent,
    account,
    answered,
    denied,
    having,
    lacking,
    policy,
    report,
)

DETAILS = "iam:GetAccountAuthorizationDetails"
USER = f"arn:aws:iam::{ACCOUNT}:user/deploy"
EVERYTHING = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
NO_LEAVING = policy({"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"})
SCP, RCP = {"Filter": "SERVICE_CONTROL_POLICY"}, {"Filter": "RESOURCE_CONTROL_POLICY"}
LISTED = "organizations:ListPoliciesForTarget"


def member(**more: Any) -> list[Capture]:
    """What an account is told that lies in a unit under the root, where another account manages the organisation."""
    told = {
        "organisation": answered(
            "organizations:DescribeOrganization",
            GLOBE,
            Organization={"Id": "o-exampleorg1", "MasterAccountId": "999900001111"},
        ),
        "parents": answered(
            "organizations:ListParents",
            GLOBE,
            {"ChildId": ACCOUNT},
            Parents=[{"Id": "ou-shop", "Type": "ORGANIZATIONAL_UNIT"}],
        ),
        "above": answered(
            "organizations:ListParents/above", GLOBE, {"ChildId": "ou-shop"}, Parents=[{"Id": "r-1", "Type": "ROOT"}]
        ),
        "own": answered(LISTED, GLOBE, {"TargetId": ACCOUNT, **SCP}, Policies=[{"Id": "p-all"}]),
        "unit": answered(
            f"{LISTED}/above", GLOBE, {"TargetId": "ou-shop", **SCP}, Policies=[{"Id": "p-all"}, {"Id": "p-stay"}]
        ),
        "root": answered(f"{LISTED}/above", GLOBE, {"TargetId": "r-1", **SCP}, Policies=[{"Id": "p-all"}]),
        "own resource": answered(f"{LISTED}/resource", GLOBE, {"TargetId": ACCOUNT, **RCP}, Policies=[]),
        "unit resource": answered(f"{LISTED}/resource-above", GLOBE, {"TargetId": "ou-shop", **RCP}, Policies=[]),
        "root resource": answered(f"{LISTED}/resource-above", GLOBE, {"TargetId": "r-1", **RCP}, Policies=[]),
        "all": described("p-all", "FullAWSAccess", EVERYTHING, AwsManaged=True),
        "stay": described("p-stay", "stay", NO_LEAVING),
    }
    return [{**told, **more}[name] for name in told]


def described(policy_id: str, name: str, content: Any, **summary: Any) -> Capture:
    """The answer of DescribePolicy."""
    told = {"PolicySummary": {"Id": policy_id, "Name": name, **summary}, "Content": content}
    return answered("organizations:DescribePolicy", GLOBE, {"PolicyId": policy_id}, Policy=told)


def details(list_name: str, **change: Any) -> Shaped:
    """The account with other members in its first role, user or group."""
    (answer,) = [each for each in account() if each.call == DETAILS]
    records = {**answer.answer, list_name: [{**answer.answer[list_name][0], **change}]}
    return having(answered(DETAILS, GLOBE, **records))


def test_a_role_and_a_user_with_the_policies_of_its_group() -> None:
    found = Shaped(account()).rows(Principal)
    role, user = found[ROLE], found[USER]
    assert (role.kind, role.workloads, role.service_linked, role.console) == ("role", (ORDERS,), False, False)
    assert role.last_used == datetime(2026, 11, 15, 8, tzinfo=UTC)
    assert role.trust is not None
    assert [each.name for each in user.policies] == ["own", "update of group pipeline", "logs of group pipeline"]
    # A group's name is no part of the ARN of its policy, and inline policies have none.
    assert [each.arn for each in user.policies] == ["", "", f"arn:aws:iam::{ACCOUNT}:policy/logs"]
    assert (user.kind, user.groups, user.trust, user.workloads) == ("user", ("pipeline",), None, ())
    assert user.last_used == datetime(2026, 11, 15, 10, tzinfo=UTC)
    assert user.console is False


def test_a_role_of_a_service_is_told_and_has_no_service_control_policies() -> None:
    found = details("RoleDetailList", Path="/aws-service-role/replicator.lambda.amazonaws.com/").rows(Principal)
    assert found[ROLE].service_linked
    assert (found[ROLE].service_control, found[ROLE].service_control_known) == ((), True)


def test_a_role_that_was_never_used_and_one_of_which_that_is_not_told() -> None:
    assert details("RoleDetailList", RoleLastUsed={}).rows(Principal)[ROLE].last_used is None
    assert isinstance(details("RoleDetailList", RoleLastUsed=None).rows(Principal)[ROLE].last_used, Gap)
    assert isinstance(
        details("RoleDetailList", RoleLastUsed={"LastUsedDate": "soon"}).rows(Principal)[ROLE].last_used, Gap
    )


def test_a_role_without_functions_is_not_said_to_have_none_where_some_could_not_be_listed() -> None:
    assert isinstance(lacking("lambda:ListFunctions").rows(Principal)[ROLE].workloads, Gap)


@pytest.mark.parametrize(
    ("list_name", "change"),
    [
        ("UserDetailList", {"GroupList": ["gone"]}),
        (
            "UserDetailList",
            {"AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/X"}]},
        ),
        ("GroupDetailList", {"GroupPolicyList": [{"PolicyName": "odd", "PolicyDocument": {"Statement": 7}}]}),
    ],
)
def test_policies_of_a_user_that_cannot_be_read_are_a_gap(list_name: str, change: dict[str, Any]) -> None:
    assert isinstance(details(list_name, **change).rows(Principal)[USER].policies, Gap)


@pytest.mark.parametrize("change", [{"Path": None}, {"RolePolicyList": 7}, {"CreateDate": "soon"}])
def test_a_principal_of_another_shape_is_a_hole(change: dict[str, Any]) -> None:
    found = details("RoleDetailList", **change)
    assert ROLE not in found.rows(Principal)
    assert found.holes(Principal)


def test_a_user_whom_the_credential_report_leaves_out() -> None:
    user = having(report("<root_account> false N/A N/A false N/A N/A")).rows(Principal)[USER]
    assert isinstance(user.console, Gap)
    assert isinstance(user.last_used, Gap)


def test_denied_calls() -> None:
    assert [each.gap.state for each in lacking(DETAILS).holes(Principal)] == ["denied"]
    assert isinstance(lacking("iam:GetCredentialReport").rows(Principal)[USER].last_used, Gap)


def test_service_control_policies_from_the_root_to_the_account() -> None:
    found = having(*member())
    names = [[each.name for each in level] for level in found.rows(Principal)[ROLE].service_control]
    assert names == [["FullAWSAccess"], ["FullAWSAccess", "stay"], ["FullAWSAccess"]]
    assert found.rows(Principal)[ROLE].service_control_known
    assert found.rows(Role)[ROLE].service_control == found.rows(Principal)[USER].service_control
    row = found.one(Guardrails)
    assert (row.organisation, row.management, row.resource_control) == ("o-exampleorg1", False, ())
    assert row.service_control == found.rows(Principal)[ROLE].service_control
    assert row.service_control[0][0].managed_by_provider


def test_resource_control_policies_name_principals() -> None:
    content = policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
    listed = answered(f"{LISTED}/resource", GLOBE, {"TargetId": ACCOUNT, **RCP}, Policies=[{"Id": "p-rcp"}])
    found = having(*member(**{"own resource": listed}), described("p-rcp", "RCPFullAWSAccess", content))
    assert [[each.name for each in level] for level in found.one(Guardrails).resource_control] == [["RCPFullAWSAccess"]]


def test_the_management_account_is_not_limited() -> None:
    found = having(*member()[1:])
    assert (found.rows(Principal)[ROLE].service_control, found.rows(Principal)[ROLE].service_control_known) == (
        (),
        True,
    )
    assert found.one(Guardrails).management is True


def test_an_account_that_stands_alone() -> None:
    alone = absent("organizations:DescribeOrganization", GLOBE)
    row = having(alone).one(Guardrails)
    assert alone.state == ABSENT
    assert (row.organisation, row.management, row.service_control, row.resource_control) == ("", False, (), ())


def test_what_a_member_is_denied_limits_nothing_and_is_not_known() -> None:
    told = member()
    found = having(told[0], *(denied(each) for each in told[1:]))
    assert (found.rows(Principal)[ROLE].service_control, found.rows(Principal)[ROLE].service_control_known) == (
        (),
        False,
    )
    assert isinstance(found.one(Guardrails).service_control, Gap)


@pytest.mark.parametrize(
    "change",
    [
        {"stay": described("p-stay", "stay", "garbage")},
        {"stay": described("p-stay", "stay", None)},
        {"unit": answered(f"{LISTED}/above", GLOBE, {"TargetId": "ou-shop", **SCP}, Policies=[{"Id": None}])},
        {"unit": answered(f"{LISTED}/above", GLOBE, {"TargetId": "ou-shop", **SCP}, Policies=7)},
        {"above": answered("organizations:ListParents/above", GLOBE, {"ChildId": "ou-shop"}, Parents=[])},
    ],
)
def test_a_level_that_cannot_be_read_is_left_out(change: dict[str, Capture]) -> None:
    found = having(*member(**change))
    role = found.rows(Principal)[ROLE]
    assert not role.service_control_known
    assert not found.rows(Role)[ROLE].service_control_known
    assert all(each.name != "stay" for level in role.service_control for each in level) or "above" in change
    assert isinstance(found.one(Guardrails).service_control, Gap)
