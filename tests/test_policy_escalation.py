"""Paths to more rights: the rows of the reference's truth table, every path of the data file both ways, and what ends a path."""

from __future__ import annotations

from typing import Any

import pytest

from assaybook.policy.access import Resource
from assaybook.policy.actions import action, services
from assaybook.policy.bearers import Account, bearer
from assaybook.policy.document import parse_policy
from assaybook.policy.escalation import Escalation, escalations
from assaybook.policy.gains import Gain, administers, gain, holds_everything
from assaybook.policy.identity import permissions
from assaybook.policy.steps import OF_TARGET, Path, paths
from assaybook.policy.truth import Truth
from assaybook.tables.identity import Principal
from policies import OTHER, OWN, allow, arn_of, deny, policy, principal

T, U = Truth.TRUE, Truth.UNKNOWN
TABLE = f"arn:aws:dynamodb:us-east-1:{OWN}:table/orders"
ADMIN = principal("admin", allow("*"), functions=("ops",))
LOW = principal("app-low", allow("dynamodb:PutItem", TABLE), functions=("orders",))
STATES_ADMIN = principal("flows", allow("*"), trust="states.amazonaws.com")
OTHERS = (ADMIN, LOW, STATES_ADMIN)
KEY = Resource(
    f"arn:aws:kms:us-east-1:{OWN}:key/k",
    OWN,
    parse_policy(
        policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": arn_of("x").replace("role/x", "root")},
                "Action": "kms:*",
                "Resource": "*",
            }
        )
    ),
    "the key policy",
    decides_alone=True,
)


def walked(
    *statements: dict[str, Any], others: tuple[Principal, ...] = OTHERS, keys: tuple[Resource, ...] = (), **more: Any
) -> tuple[Escalation, ...]:
    one = principal("walker", *statements, **more)
    return escalations(bearer(one), Account([bearer(each) for each in (one, *others)], keys))


def ids(found: tuple[Escalation, ...]) -> set[str]:
    return {one.path for one in found if one.certain is T}


ESCALATION = allow(["iam:Pa*ole", "lambda:Create*", "lambda:*nvoke*"])
NAMED = allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])
WORK = allow(["lambda:CreateFunction", "lambda:InvokeFunction"])
INVOKE = "lambda-create-function-invoke"


def passing(service: str) -> dict[str, Any]:
    return allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": service}})


@pytest.mark.parametrize(
    ("found", "escalates", "towards"),
    [
        pytest.param(walked(ESCALATION), True, "role admin", id="2"),
        pytest.param(walked(NAMED, deny("iam:Pass*")), False, "", id="3"),
        pytest.param(walked(NAMED, deny("iam:PassRole", arn_of("other"))), True, "role admin", id="3b"),
        pytest.param(walked(passing("states.amazonaws.com"), WORK), False, "", id="4"),
        pytest.param(walked(passing("lambda.amazonaws.com"), WORK), True, "role admin", id="4b"),
        pytest.param(walked(allow("iam:PassRole", arn_of("app-low")), WORK), True, "role app-low", id="8"),
        pytest.param(
            walked(allow("iam:PassRole", arn_of("flows")), WORK), False, "", id="8, a role of another service"
        ),
        pytest.param(walked(allow("iam:PassRole", arn_of("walker")), WORK), False, "", id="8, its own role"),
        pytest.param(walked(ESCALATION, boundary=policy(allow("s3:*"))), False, "", id="9a"),
        pytest.param(walked(ESCALATION, control=(policy(allow("*"), deny("lambda:*")),)), False, "", id="9b"),
        pytest.param(walked(ESCALATION, others=(STATES_ADMIN,)), False, "", id="2, no role that Lambda may assume"),
        pytest.param(
            walked(ESCALATION, deny("lambda:CreateFunction", Condition={"Bool": {"a:b": "true"}})),
            False,
            "",
            id="2, an open Deny",
        ),
    ],
)
def test_creating_a_function(found: tuple[Escalation, ...], escalates: bool, towards: str) -> None:
    assert (INVOKE in ids(found)) is escalates
    if escalates:
        assert towards in next(one.leads_to for one in found if one.path == INVOKE)


def test_row_1_is_an_administrator_already() -> None:
    assert walked({"Effect": "Allow", "NotAction": ["iam:CreateUser", "s3:DeleteBucket"], "Resource": "*"}) == ()


def test_row_5_needs_a_function_under_a_role_that_holds_more() -> None:
    update = allow("lambda:UpdateFunctionCode")
    assert ids(walked(update)) == {"lambda-update-function-code"}
    assert ids(walked(update, others=(LOW,))) == {"lambda-update-function-code"}
    assert walked(update, others=()) == ()
    assert walked(update, functions=("mine",), others=()) == ()
    assert walked(update, allow("dynamodb:*"), others=(LOW,)) == ()
    elsewhere = allow("lambda:UpdateFunctionCode", f"arn:aws:lambda:us-east-1:{OWN}:function:unknown")
    assert walked(elsewhere) == ()


GROUPS = {"groups": ("staff",)}
USER_PATHS = {
    "iam-attach-user-policy",
    "iam-put-user-policy",
    "iam-attach-group-policy",
    "iam-put-group-policy",
    "iam-add-user-to-group",
    "iam-delete-user-permissions-boundary",
    "iam-put-user-permissions-boundary",
}
TRUSTED = tuple(dict.fromkeys(path.entry.service for path in paths() if path.entry.service))
CROWD = (
    *(
        principal(f"for-{service.partition('.')[0]}", allow("*"), trust=service, functions=("f",))
        for service in TRUSTED
    ),
    principal("people", allow("*"), trust={"AWS": OWN}),
    principal("boss", allow("*"), kind="user", console=True),
    principal("batch", allow("s3:*"), kind="user"),
)


def given(path: Path, **more: Any) -> tuple[Escalation, ...]:
    """The walk of one who holds the actions of a path and nothing else."""
    user = path.id in USER_PATHS
    bounded = path.entry.gains == "unbind"
    return walked(
        allow([*path.actions, *(["s3:*"] if bounded else [])]),
        others=CROWD,
        keys=(KEY,),
        kind="user" if user else "role",
        functions=() if user else ("own",),
        groups=("staff",) if user else (),
        boundary=policy(allow("iam:*")) if bounded else None,
        **more,
    )


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.id)
def test_every_path_of_the_data_file_can_be_walked(path: Path) -> None:
    found = {one.path: one for one in given(path)}
    assert path.id in found
    one = found[path.id]
    assert one.actions == path.actions
    unseen = path.entry.gains == "take" or path.id in ("iam-set-default-policy-version", "iam-add-user-to-group")
    assert one.certain is (U if unseen else T)
    assert bool(one.hangs_on) is unseen
    assert one.because.endswith(one.leads_to)


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.id)
def test_no_path_is_walked_without_one_of_its_actions(path: Path) -> None:
    for missing in path.actions:
        if missing == "sts:AssumeRole":
            continue
        control = (policy(allow("*"), deny(missing)),)
        assert path.id not in {one.path for one in given(path, control=control)}, missing


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.id)
def test_the_actions_of_a_path_exist_and_take_what_they_are_on(path: Path) -> None:
    own = {"own-role", "own-user", "own-policy", "own-group", "own-function", "other-group"}
    for step in path.steps:
        known = action(step.action)
        assert known is not None and known.name == step.action
        if step.on == "*":
            assert not known.takes
        elif step.on not in own | OF_TARGET:
            kind = step.on.removeprefix("new-")
            assert kind in known.takes
            assert kind in services()[step.action.partition(":")[0]].resources


def test_a_deny_for_a_part_leaves_the_rest() -> None:
    function = f"arn:aws:lambda:us-east-1:{OWN}:function:"
    spared = deny("lambda:CreateFunction", f"{function}prod-*")
    assert INVOKE in ids(walked(NAMED, spared))
    assert INVOKE not in ids(
        walked(NAMED, deny("lambda:CreateFunction", f"{function}*"), deny("lambda:CreateFunction", "arn:aws:lambda:*"))
    )
    only = {"Effect": "Deny", "Action": "lambda:CreateFunction", "NotResource": f"{function}dev-*"}
    assert INVOKE in ids(walked(NAMED, only))
    assert INVOKE in ids(walked(NAMED, boundary=policy(allow("iam:*"), allow("lambda:*", f"{function}dev-*"))))


@pytest.mark.parametrize(
    ("condition", "certain"),
    [
        ({"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}}, {T}),
        ({"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}, set()),
        ({"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}}, {T}),
        ({"StringEquals": {"aws:PrincipalTag/team": "release"}}, {U}),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, set()),
        ({"Bool": {"aws:SecureTransport": "true"}}, {T}),
        ({"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{OWN}:policy/limit"}}, set()),
    ],
)
def test_conditions_of_a_step(condition: dict[str, Any], certain: set[Truth]) -> None:
    found = walked(allow("iam:AttachRolePolicy", arn_of("walker"), Condition=condition))
    assert {one.certain for one in found} == certain


def region(operator: str, *names: str) -> dict[str, Any]:
    return {"Condition": {operator: {"aws:RequestedRegion": list(names)}}}


@pytest.mark.parametrize(
    ("statements", "control"),
    [
        ([allow(NAMED["Action"], **region("StringEquals", "eu-west-1"))], None),
        ([allow("iam:PassRole"), allow(WORK["Action"], **region("StringLike", "eu-*"))], None),
        ([NAMED], {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", **region("StringNotEquals", "eu-west-1")}),
        ([NAMED], deny("*", **region("StringEquals", "ap-south-1"))),
    ],
)
def test_whoever_asks_picks_the_region(statements: list[dict[str, Any]], control: dict[str, Any] | None) -> None:
    # IAM sees its home region: a PassRole that is limited to another one is never allowed.
    home = statements[0].get("Condition") is None
    control_policy = (policy(allow("*"), control),) if control else ()
    assert (INVOKE in ids(walked(*statements, control=control_policy))) is home


def test_a_boundary_limits_what_a_policy_of_its_own_can_win() -> None:
    put = allow("iam:PutRolePolicy", arn_of("walker"))
    assert {one.gains for one in walked(put)} == {Gain.ADMINISTRATOR}
    wider = walked(put, boundary=policy(allow("iam:PutRolePolicy"), allow("s3:*")))
    assert {(one.gains, one.leads_to) for one in wider} == {(Gain.MORE, "any right that its limits leave")}
    assert walked(put, boundary=policy(allow("iam:PutRolePolicy", arn_of("walker")))) == ()


def test_all_steps_are_on_one_and_the_same_new_thing() -> None:
    function = f"arn:aws:lambda:us-east-1:{OWN}:function:"
    apart = [allow("lambda:CreateFunction", f"{function}dev-*"), allow("lambda:InvokeFunction", f"{function}prod-*")]
    assert INVOKE not in ids(walked(allow("iam:PassRole"), *apart))
    both = [allow("lambda:CreateFunction", f"{function}dev-*"), allow("lambda:InvokeFunction", f"{function}*-tool")]
    assert INVOKE in ids(walked(allow("iam:PassRole"), *both))


def test_a_new_role_stands_outside_the_boundary_of_its_maker() -> None:
    make = ["iam:CreateRole", "iam:PutRolePolicy"]
    made = walked(allow(make), boundary=policy(allow(make)))
    assert {(one.path, one.gains) for one in made} == {("iam-create-role-put-policy", Gain.ADMINISTRATOR)}
    # The usual guard: roles are made with a boundary or not at all.
    bounded = {"Condition": {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{OWN}:policy/limit"}}}
    assert walked(allow(make, f"arn:aws:iam::{OWN}:role/tool-*", **bounded)) == ()


def test_assuming_a_role() -> None:
    people = principal("people", allow("*"), trust={"AWS": OWN})
    chosen = principal("reports", allow("s3:GetObject"), trust={"AWS": arn_of("walker")})
    assert ids(walked(allow("sts:AssumeRole"), others=(people,))) == {"sts-assume-role"}
    assert ids(walked(allow("sts:AssumeRole"), others=(LOW,))) == set()
    assert ids(walked(deny("sts:AssumeRole"), others=(people,))) == set()
    # A trust policy that names the role lets it in without a word of its own; somebody wrote that down.
    assert ids(walked(allow("s3:PutObject"), others=(chosen,))) == set()
    assert ids(walked(allow("sts:AssumeRole", arn_of("reports")), others=(chosen,))) == set()
    named_admin = principal("people", allow("*"), trust={"AWS": arn_of("walker")})
    assert ids(walked(allow("s3:PutObject"), others=(named_admin,))) == {"sts-assume-role"}
    stranger = principal("people", allow("*"), trust={"AWS": OTHER})
    assert ids(walked(allow("sts:AssumeRole"), others=(stranger,))) == set()


def test_passwords_are_made_or_changed_according_to_what_there_is() -> None:
    has = principal("boss", allow("*"), kind="user", console=True)
    lacks = principal("boss", allow("*"), kind="user")
    both = allow(["iam:CreateLoginProfile", "iam:UpdateLoginProfile"])
    assert ids(walked(both, others=(has,))) == {"iam-update-login-profile"}
    assert ids(walked(both, others=(lacks,))) == {"iam-create-login-profile"}


def test_a_key_that_it_may_use_already_is_nothing_to_win() -> None:
    assert ids(walked(allow("kms:CreateGrant"), keys=(KEY,))) == {"kms-create-grant"}
    assert walked(allow(["kms:CreateGrant", "kms:Decrypt"]), keys=(KEY,)) == ()
    for_services = allow("kms:CreateGrant", Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}})
    assert walked(for_services, keys=(KEY,)) == ()


def test_administrators_and_roles_of_services_have_no_paths() -> None:
    assert walked(allow("*")) == ()
    assert "iam-put-role-policy" in ids(walked(allow("iam:*")))
    assert walked(ESCALATION, service_linked=True) == ()


@pytest.mark.parametrize(
    ("own", "other", "won"),
    [
        (allow("s3:GetObject", "arn:aws:s3:::a/*"), allow("s3:GetObject", "arn:aws:s3:::a/b"), Gain.NOTHING),
        (allow("s3:GetObject", "arn:aws:s3:::a/b"), allow("s3:GetObject", "arn:aws:s3:::a/*"), Gain.MORE),
        (allow("s3:Get*"), allow("s3:*"), Gain.MORE),
        (allow("s3:*"), allow("s3:Get*"), Gain.NOTHING),
        (
            allow("sqs:SendMessage"),
            allow(["logs:PutLogEvents", "xray:*", "ec2:CreateNetworkInterface", "s3:ListAllMyBuckets"]),
            Gain.NOTHING,
        ),
        (allow("sqs:SendMessage"), allow("newservice:DoThing"), Gain.MORE),
        (allow("sqs:SendMessage"), {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, Gain.ADMINISTRATOR),
        (allow("iam:*"), allow("*"), Gain.ADMINISTRATOR),
        (allow("iam:*"), {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, Gain.ADMINISTRATOR),
        (allow("sqs:SendMessage"), allow("s3:GetObject", Condition={"Bool": {"a:b": "true"}}), Gain.MORE),
        (allow("s3:GetObject", Condition={"Bool": {"a:b": "true"}}), allow("s3:GetObject"), Gain.MORE),
        (allow("s3:GetObject"), allow("s3:GetObject", Condition={"Bool": {"a:b": "true"}}), Gain.NOTHING),
    ],
)
def test_gains(own: dict[str, Any], other: dict[str, Any], won: Gain) -> None:
    assert gain(permissions([policy(own)]), permissions([policy(other)])) is won


def test_a_region_that_the_organisation_shuts_hides_no_path() -> None:
    shut = {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", **region("StringNotEquals", "eu-west-1")}
    control = (policy(allow("*"), shut),)
    low = principal("app-low", allow("dynamodb:PutItem", TABLE), functions=("orders",), control=control)
    assert INVOKE in ids(walked(NAMED, others=(low,), control=control))


def test_administering() -> None:
    assert holds_everything(permissions([policy(allow("*"))]))
    assert not holds_everything(permissions([policy(allow("iam:*"))]))
    assert administers(permissions([policy(allow("iam:*"))]))
    assert not administers(permissions([policy(allow("s3:*"))]))
    assert not administers(permissions([policy(allow("*"))], boundary=policy(allow("s3:*"))))
