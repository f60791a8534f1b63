"""Roles of workloads and long-lived keys out of captures."""

from datetime import UTC, datetime

import pytest

from assaybook.evidence import Gap
from assaybook.tables.identity import AccessKey, KeyHolder, Role
from shaped_account import (
    ACCOUNT,
    GLOBE,
    ORDERS,
    ROLE,
    Shaped,
    account,
    answered,
    having,
    lacking,
    report,
)


def details(**role: object) -> Shaped:
    """The account with other members in its role."""
    (answer,) = [each for each in account() if each.call == "iam:GetAccountAuthorizationDetails"]
    record = {**answer.answer["RoleDetailList"][0], **role}
    return having(answered(answer.call, GLOBE, RoleDetailList=[record], Policies=answer.answer["Policies"]))


def test_a_role_with_the_policies_that_hold() -> None:
    row = Shaped(account()).one(Role)
    assert (row.key, row.name, row.workloads, row.boundary) == (ROLE, "orders-api-role", (ORDERS,), None)
    assert [each.name for each in row.policies] == ["table", "logs"]
    assert "logs:PutLogEvents" in row.policies[1].text
    assert (row.setting.internet, row.setting.sensitive, row.setting.production) == (True, True, True)


def test_a_role_that_no_function_uses_is_no_row() -> None:
    other = f"arn:aws:iam::{ACCOUNT}:role/deploy"
    (answer,) = [each for each in account() if each.call == "iam:GetAccountAuthorizationDetails"]
    roles = [
        *answer.answer["RoleDetailList"],
        {**answer.answer["RoleDetailList"][0], "Arn": other, "RoleName": "deploy"},
    ]
    rows = having(answered(answer.call, GLOBE, RoleDetailList=roles, Policies=answer.answer["Policies"])).rows(Role)
    assert list(rows) == [ROLE]


def test_the_permissions_boundary_is_read() -> None:
    row = details(PermissionsBoundary={"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/logs"}).one(Role)
    assert row.boundary is not None
    assert row.boundary.name == "logs"


@pytest.mark.parametrize(
    "role",
    [
        {"AttachedManagedPolicies": [{"PolicyName": "gone", "PolicyArn": "arn:aws:iam::aws:policy/Gone"}]},
        {"RolePolicyList": [{"PolicyName": "odd", "PolicyDocument": {"Statement": [{"Effect": "Perhaps"}]}}]},
        {"RolePolicyList": [{"PolicyName": "odd", "PolicyDocument": "garbage"}]},
    ],
)
def test_a_policy_that_cannot_be_read_is_a_gap_in_the_row(role) -> None:
    assert isinstance(details(**role).one(Role).policies, Gap)


@pytest.mark.parametrize(
    "role",
    [
        {"RolePolicyList": "oops"},
        {"RolePolicyList": [{"PolicyName": "odd"}]},
        {"AttachedManagedPolicies": {"oops": 1}},
        {"RoleName": None},
    ],
)
def test_a_role_of_another_shape_is_a_hole(role) -> None:
    found = details(**role)
    assert not found.rows(Role)
    assert found.holes(Role)


def test_a_boundary_that_cannot_be_read_is_a_gap() -> None:
    row = details(PermissionsBoundary={"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/gone"}).one(Role)
    assert isinstance(row.boundary, Gap)


def test_a_role_that_is_not_there_is_a_hole() -> None:
    found = having(answered("iam:GetAccountAuthorizationDetails", GLOBE, RoleDetailList=[], Policies=[]))
    (hole,) = found.holes(Role)
    assert hole.subject.native == ROLE


@pytest.mark.parametrize("call", ["iam:GetAccountAuthorizationDetails", "lambda:ListFunctions"])
def test_denied_lists_are_holes(call) -> None:
    assert "denied" in {each.gap.state for each in lacking(call).holes(Role)}


def test_keys_of_the_credential_report() -> None:
    found = Shaped(account())
    holders = {each.user: (each.root, each.active_keys) for each in found.rows(KeyHolder).values()}
    assert holders == {"root": (True, 0), "deploy": (False, 2)}
    first, second = found.rows(AccessKey).values()
    assert (first.user, first.slot, first.active, first.rotated) == (
        "deploy",
        1,
        True,
        datetime(2026, 8, 1, tzinfo=UTC),
    )
    assert first.last_used == datetime(2026, 11, 15, 10, tzinfo=UTC)
    assert (second.slot, second.last_used) == (2, None)
    assert not found.holes(AccessKey)


def test_an_inactive_key_is_a_row_too() -> None:
    found = having(
        report(
            "<root_account> true 2020-01-01T00:00:00+00:00 N/A false N/A N/A",
            "old false 2020-01-01T00:00:00+00:00 no_information false N/A N/A",
        )
    )
    assert {(each.user, each.active, each.root) for each in found.rows(AccessKey).values()} == {
        ("root", True, True),
        ("old", False, False),
    }
    assert {each.user: each.active_keys for each in found.rows(KeyHolder).values()} == {"root": 1, "old": 0}


@pytest.mark.parametrize("content", ["", "garbage", "user,arn\n", "user\n<root_account>\n", None, 7, {"a": 1}])
def test_a_report_of_another_shape_is_a_hole(content) -> None:
    found = having(answered("iam:GetCredentialReport", GLOBE, Content=content))
    assert not found.rows(AccessKey)
    assert found.holes(KeyHolder)


def test_a_report_without_the_root_user_tells_of_the_others() -> None:
    found = having(report("deploy true 2020-01-01T00:00:00+00:00 N/A true 2020-01-01T00:00:00+00:00 N/A"))
    assert {each.user: each.active_keys for each in found.rows(KeyHolder).values()} == {"deploy": 2}
    assert ["root user" in each.gap.reason for each in (*found.holes(KeyHolder), *found.holes(AccessKey))] == [
        True,
        True,
    ]


def test_a_line_of_another_shape_is_a_hole_beside_the_others() -> None:
    found = having(report("<root_account> false N/A N/A false N/A N/A", "odd perhaps N/A N/A false N/A N/A"))
    assert [each.user for each in found.rows(KeyHolder).values()] == ["root"]
    assert found.holes(KeyHolder)


def test_a_denied_report_is_a_hole_in_both_tables() -> None:
    found = lacking("iam:GetCredentialReport")
    for table in (KeyHolder, AccessKey):
        assert [each.gap.state for each in found.holes(table)] == ["denied"]
