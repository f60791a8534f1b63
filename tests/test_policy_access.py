"""Who may reach a resource when both sides speak: one account, two accounts, limits, services, and those who are left out."""

from __future__ import annotations

from typing import Any

import pytest

from assaybook.policy.access import Resource, decide, who_can
from assaybook.policy.document import parse_policy
from assaybook.policy.functions import who_changes, who_invokes
from assaybook.policy.identity import permissions
from assaybook.policy.layers import resource_control_layers
from assaybook.policy.request import RequestContext
from assaybook.policy.requester import Naming, Requester, naming
from assaybook.policy.truth import Truth
from policies import OTHER, OWN, allow, deny, policy

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
ROLE, USER = f"arn:aws:iam::{OWN}:role/api", f"arn:aws:iam::{OWN}:user/ann"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/api/api"
ROOT = f"arn:aws:iam::{OWN}:root"
SECRET = f"arn:aws:secretsmanager:us-east-1:{OWN}:secret:db-AbCdEf"
READ = "secretsmanager:GetSecretValue"
NOTHING, ALL = policy(), policy(allow("*"))
ONLY_S3 = policy(allow("s3:*"))


def names(principal: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": READ, "Resource": "*", **more}


def spares(*arns: str) -> dict[str, Any]:
    return {"Effect": "Deny", "NotPrincipal": {"AWS": list(arns)}, "Action": READ, "Resource": "*"}


def granted(
    own: Any = NOTHING,
    *statements: dict[str, Any],
    arn: str = ROLE,
    account: str = OWN,
    alone: bool = False,
    controls: Any = (),
    linked: bool = False,
    context: dict[str, str] | None = None,
    **limits: Any,
) -> Truth:
    document = parse_policy(policy(*statements)) if statements else None
    resource = Resource(SECRET, account, document, "its policy", alone, resource_control_layers(controls))
    who = Requester(arn, permissions([own], **limits), service_linked=linked)
    return decide(who, READ, resource, RequestContext(context or {})).granted


IN_AWS = {"AWS": ROLE}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        # one account: either side allows
        pytest.param(granted(), F, id="nobody says anything"),
        pytest.param(granted(ALL), T, id="its own policy"),
        pytest.param(granted(NOTHING, names(IN_AWS)), T, id="the resource's policy names the role"),
        pytest.param(granted(NOTHING, names({"AWS": USER}), arn=USER), T, id="names the user"),
        pytest.param(granted(NOTHING, names("*")), T, id="names everyone"),
        pytest.param(granted(NOTHING, names({"AWS": ROOT})), F, id="names the account only"),
        pytest.param(granted(NOTHING, names({"AWS": OWN})), F, id="names the account by its id only"),
        pytest.param(granted(NOTHING, names({"AWS": SESSION}), arn=SESSION), T, id="names the session"),
        pytest.param(granted(NOTHING, names({"AWS": SESSION})), U, id="names one session of the role"),
        pytest.param(granted(NOTHING, names(IN_AWS), arn=SESSION), T, id="names the role of the session"),
        pytest.param(granted(NOTHING, names({"AWS": USER})), F, id="names somebody else"),
        # a Deny anywhere wins
        pytest.param(granted(policy(allow("*"), deny(READ)), names(IN_AWS)), F, id="own Deny"),
        pytest.param(granted(ALL, names(IN_AWS, "Deny")), F, id="the resource's Deny"),
        pytest.param(granted(ALL, names({"AWS": ROOT}, "Deny")), F, id="a Deny for the account"),
        pytest.param(granted(ALL, names("*", "Deny")), F, id="a Deny for everyone"),
        pytest.param(granted(ALL, names({"AWS": USER}, "Deny")), T, id="a Deny for somebody else"),
        pytest.param(granted(ALL, names({"AWS": SESSION}, "Deny")), U, id="a Deny for one session"),
        pytest.param(granted(ALL, spares(ROLE, ROOT)), T, id="a Deny that spares the role and its account"),
        pytest.param(granted(ALL, spares(ROLE)), U, id="a Deny that spares the role and not its account"),
        pytest.param(granted(ALL, spares(USER)), F, id="a Deny that spares somebody else"),
        pytest.param(
            granted(ALL, names("*", "Deny", Condition={"StringNotEquals": {"aws:PrincipalArn": ROLE}})),
            T,
            id="a Deny for all but the role, by condition",
        ),
        pytest.param(
            granted(ALL, names("*", "Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})),
            T,
            id="only plaintext",
        ),
        # limits of the principal
        pytest.param(granted(ALL, boundary=ONLY_S3), F, id="boundary"),
        pytest.param(granted(NOTHING, names(IN_AWS), boundary=ONLY_S3), F, id="a boundary binds a role that is named"),
        pytest.param(
            granted(NOTHING, names({"AWS": USER}), arn=USER, boundary=ONLY_S3), T, id="a boundary does not bind a user"
        ),
        pytest.param(
            granted(NOTHING, names({"AWS": SESSION}), arn=SESSION, boundary=ONLY_S3, session=[ONLY_S3]),
            T,
            id="neither boundary nor session policy binds a session that is named",
        ),
        pytest.param(granted(NOTHING, names(IN_AWS), session=[ONLY_S3]), F, id="a session policy binds a named role"),
        pytest.param(granted(NOTHING, names("*"), boundary=ONLY_S3), U, id="everyone, and a boundary"),
        pytest.param(
            granted(NOTHING, names({"AWS": USER}), arn=USER, boundary=policy(allow("*"), deny(READ))),
            F,
            id="a Deny of the boundary binds a user",
        ),
        pytest.param(granted(ALL, names(IN_AWS), scps=[[ONLY_S3]]), F, id="organisation"),
        pytest.param(
            granted(NOTHING, names({"AWS": USER}), arn=USER, scps=[[ONLY_S3]]), F, id="organisation, named user"
        ),
        pytest.param(granted(ALL, scps=[[ONLY_S3]], linked=True), T, id="no organisation binds a service-linked role"),
        pytest.param(granted(ALL, scps=[[policy(deny("*"))]], linked=True), T, id="nor does its Deny"),
        # limits of the resource
        pytest.param(granted(ALL, controls=[[policy(names("*"))]]), T, id="a resource control that allows"),
        pytest.param(granted(ALL, controls=[[policy(names("*"))], [policy()]]), F, id="a level that allows nothing"),
        pytest.param(
            granted(ALL, controls=[[policy(names("*"), names("*", "Deny"))]]), F, id="a Deny of a resource control"
        ),
        pytest.param(
            granted(ALL, controls=[[policy(names("*", "Deny"))]], linked=True),
            T,
            id="which spares service-linked roles",
        ),
        pytest.param(
            granted(
                ALL,
                controls=[
                    [
                        policy(
                            names("*"),
                            names("*", "Deny", Condition={"StringNotEquals": {"aws:PrincipalAccount": OWN}}),
                        )
                    ]
                ],
            ),
            T,
            id="a resource control that keeps out strangers",
        ),
        # two accounts: both sides allow
        pytest.param(granted(ALL, account=OTHER), F, id="abroad: own policy alone"),
        pytest.param(granted(NOTHING, names(IN_AWS), account=OTHER), F, id="abroad: the resource's policy alone"),
        pytest.param(granted(ALL, names(IN_AWS), account=OTHER), T, id="abroad: both"),
        pytest.param(granted(ALL, names({"AWS": ROOT}), account=OTHER), T, id="abroad: both, by the account"),
        pytest.param(granted(ALL, names("*"), account=OTHER), T, id="abroad: both, everyone"),
        pytest.param(granted(ALL, names(IN_AWS), account=OTHER, boundary=ONLY_S3), F, id="abroad: boundary"),
        # keys and roles: their own policy must say so
        pytest.param(granted(ALL, alone=True), F, id="key without a policy"),
        pytest.param(granted(ALL, names({"AWS": ROOT}), alone=True), T, id="key that leaves it to the account"),
        pytest.param(granted(NOTHING, names({"AWS": ROOT}), alone=True), F, id="which says nothing"),
        pytest.param(granted(NOTHING, names(IN_AWS), alone=True), T, id="key that names the role"),
        pytest.param(granted(ALL, names({"AWS": USER}), alone=True), F, id="key that names somebody else"),
        # what is not known
        pytest.param(
            granted(NOTHING, names(IN_AWS, Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})),
            U,
            id="open condition",
        ),
        pytest.param(
            granted(ALL, names(IN_AWS, Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})), T, id="not decisive"
        ),
        pytest.param(
            granted(
                NOTHING,
                names(IN_AWS, Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}),
                context={"aws:SourceVpc": "vpc-2"},
            ),
            F,
            id="decided by the request",
        ),
        pytest.param(
            granted(NOTHING, names("*", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:x"}})),
            F,
            id="a principal's own call has no source",
        ),
    ],
)
def test_decisions(found: Truth, wanted: Truth) -> None:
    assert found is wanted


def test_services_and_strangers_have_the_resource_alone() -> None:
    document = parse_policy(
        policy(
            names(
                {"Service": "sns.amazonaws.com"},
                Condition={"StringEquals": {"aws:PrincipalServiceName": "sns.amazonaws.com"}},
            )
        )
    )
    resource = Resource(SECRET, OWN, document)
    assert decide(Requester("sns.amazonaws.com"), READ, resource).granted is T
    assert decide(Requester("sqs.amazonaws.com"), READ, resource).granted is F
    assert decide(Requester(""), READ, resource).granted is F
    assert decide(Requester(""), READ, Resource(SECRET, OWN, parse_policy(policy(names("*"))))).granted is T
    assert decide(Requester(""), READ, Resource(SECRET, OWN, parse_policy(policy(spares(ROLE))))).granted is F


def test_the_answer_names_the_statement() -> None:
    document = parse_policy(policy(names(IN_AWS, Sid="Api"), names({"AWS": USER}, "Deny", Sid="NotAnn")))
    resource = Resource(SECRET, OWN, document, "the secret's policy")
    nobody = permissions([NOTHING])
    allowed = decide(Requester(ROLE, nobody), READ, resource)
    assert (allowed.statement, allowed.because) == (
        "the secret's policy, statement 'Api'",
        f"{READ} is allowed by the secret's policy, statement 'Api'.",
    )
    refused = decide(Requester(USER, permissions([ALL])), READ, resource)
    assert (refused.granted, refused.statement) == (F, "the secret's policy, statement 'NotAnn'")


def test_who_can_leaves_out_those_who_cannot() -> None:
    resource = Resource(SECRET, OWN, parse_policy(policy(names(IN_AWS))), "its policy")
    asked = [Requester(ROLE, permissions([NOTHING])), Requester(USER, permissions([NOTHING]))]
    (found,) = who_can(asked, ["secretsmanager:DescribeSecret", READ], resource)
    assert (found.requester.arn, found.action, found.answer.granted) == (ROLE, READ, T)


def test_who_changes_and_who_invokes_a_function() -> None:
    function = f"arn:aws:lambda:us-east-1:{OWN}:function:pay"
    rights = {
        "deploy": policy(allow("lambda:UpdateFunctionCode", function)),
        "caller": policy(allow("lambda:Invoke*", function)),
        "reader": policy(allow("lambda:Get*")),
    }
    asked = [Requester(f"arn:aws:iam::{OWN}:role/{name}", permissions([each])) for name, each in rights.items()]
    api = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "lambda:InvokeFunction"}
    resource = Resource(function, OWN, parse_policy(policy({**api, "Resource": function})))
    asked.append(Requester("apigateway.amazonaws.com"))
    assert [one.requester.arn.rpartition("/")[2] for one in who_changes(asked, resource)] == ["deploy"]
    assert [one.requester.arn.rpartition("/")[2] for one in who_invokes(asked, resource)] == [
        "caller",
        "apigateway.amazonaws.com",
    ]


def test_federated_and_canonical_principals_name_no_role() -> None:
    (statement,) = parse_policy(policy(names({"Federated": "cognito-identity.amazonaws.com"}))).statements
    assert naming(statement, Requester(ROLE)) == (Naming.NOT, F)
