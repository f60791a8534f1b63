"""Trust in issuers, how people sign in, password policies, sessions, pipelines, builds and the use of rights, out of captures."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assaybook.capture import Capture
from assaybook.evidence import Gap, Row
from assaybook.tables.federation import ConsoleAccess, FederatedTrust, PasswordPolicy, RoleSession, SignIn
from assaybook.tables.identity import RoleUse
from assaybook.tables.pipelines import BuildTrigger, BuildVariable, Pipeline
from shaped_account import ACCOUNT, GLOBE, HERE, ROLE, Shaped, absent, account, answered, denied, having, variable

DETAILS = "iam:GetAccountAuthorizationDetails"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
OKTA = f"arn:aws:iam::{ACCOUNT}:saml-provider/Okta"


def trusting(*principals: Any, **change: Any) -> Capture:
    """The account's details, with a role that trusts these principals, one for each statement."""
    (answer,) = [each for each in account() if each.call == DETAILS]
    statements = [{"Effect": "Allow", "Principal": each, "Action": "sts:AssumeRole"} for each in principals]
    trust = {"Version": "2012-10-17", "Statement": statements}
    role = {**answer.answer["RoleDetailList"][0], "AssumeRolePolicyDocument": trust, **change}
    return answered(DETAILS, GLOBE, **{**answer.answer, "RoleDetailList": [role]})


def providers(oidc: list[str], saml: list[str]) -> list[Capture]:
    """What the account says of its providers."""
    return [
        answered("iam:ListOpenIDConnectProviders", GLOBE, OpenIDConnectProviderList=[{"Arn": each} for each in oidc]),
        answered("iam:ListSAMLProviders", GLOBE, SAMLProviderList=[{"Arn": each} for each in saml]),
    ]


def test_one_row_for_each_issuer_that_a_role_trusts() -> None:
    found = having(
        trusting(
            {"Service": ["lambda.amazonaws.com", "pods.eks.amazonaws.com"]},
            {"Federated": [GITHUB, OKTA, "cognito-identity.amazonaws.com"]},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        ),
        *providers([GITHUB], []),
    )
    rows = {(each.issuer, each.statement): each.registered for each in found.rows(FederatedTrust).values()}
    assert rows == {
        ("pods.eks.amazonaws.com", 0): True,
        ("token.actions.githubusercontent.com", 1): True,
        ("saml-provider/Okta", 1): False,
        ("cognito-identity.amazonaws.com", 1): True,
    }


def test_providers_that_cannot_be_listed_are_a_gap_of_those_that_need_one() -> None:
    oidc, saml = providers([GITHUB], [])
    found = having(trusting({"Federated": [GITHUB, "cognito-identity.amazonaws.com"]}), denied(oidc), saml)
    rows = {each.issuer: each.registered for each in found.rows(FederatedTrust).values()}
    assert isinstance(rows["token.actions.githubusercontent.com"], Gap)
    assert rows["cognito-identity.amazonaws.com"] is True


@pytest.mark.parametrize("document", ["garbage", {"Statement": 7}])
def test_a_trust_policy_that_cannot_be_read_is_a_hole(document: Any) -> None:
    found = having(trusting(AssumeRolePolicyDocument=document))
    assert not found.rows(FederatedTrust)
    assert [each.subject.native for each in found.holes(FederatedTrust)] == [ROLE]


def test_a_role_without_a_trust_policy_is_a_hole() -> None:
    (answer,) = [each for each in account() if each.call == DETAILS]
    assert having(answered(DETAILS, GLOBE, **{**answer.answer, "RoleDetailList": [{"Arn": 7}]})).holes(FederatedTrust)


REPORT = (
    "user,arn,password_enabled,password_last_used,mfa_active\n"
    f"<root_account>,arn:aws:iam::{ACCOUNT}:root,not_supported,2026-03-02T08:15:00+00:00,false\n"
    f"anna,arn:aws:iam::{ACCOUNT}:user/anna,true,2026-11-10T08:15:00+00:00,true\n"
    f"bert,arn:aws:iam::{ACCOUNT}:user/bert,false,N/A,false\n"
)


def people(*more: Capture) -> Shaped:
    """The account with three users in its credential report."""
    return having(answered("iam:GetCredentialReport", GLOBE, Content=REPORT), *more)


def test_who_signs_in_and_with_what() -> None:
    rows = {each.user: each for each in people().rows(ConsoleAccess).values()}
    assert {name: (each.password, each.mfa, each.root) for name, each in rows.items()} == {
        "root": (True, False, True),
        "anna": (True, True, False),
        "bert": (False, False, False),
    }
    assert rows["anna"].password_last_used == datetime(2026, 11, 10, 8, 15, tzinfo=UTC)


def test_a_root_user_without_a_password() -> None:
    found = people(answered("iam:GetAccountSummary", GLOBE, SummaryMap={"AccountPasswordPresent": 0}))
    assert found.rows(ConsoleAccess)[f"arn:aws:iam::{ACCOUNT}:root"].password is False


def test_how_people_come_in() -> None:
    instances = answered("sso-admin:ListInstances", HERE, Instances=[])
    row = people(*providers([], [OKTA]), instances).one(SignIn)
    assert (row.console_users, row.saml_providers, row.identity_center) == (("anna",), ("Okta",), False)
    found = answered("sso-admin:ListInstances", HERE, Instances=[{"InstanceArn": "arn:aws:sso:::instance/ssoins-1"}])
    assert people(*providers([], []), found).one(SignIn).identity_center is True
    left = f"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"
    assert people(*providers([], [left]), denied(instances)).one(SignIn).identity_center is True
    assert isinstance(people(*providers([], []), denied(instances)).one(SignIn).identity_center, Gap)


def test_password_policies() -> None:
    call = "iam:GetAccountPasswordPolicy"
    strict = {"MinimumPasswordLength": 16, "PasswordReusePrevention": 24}
    row = people(answered(call, GLOBE, PasswordPolicy=strict)).one(PasswordPolicy)
    assert (row.present, row.min_length, row.history, row.console_users) == (True, 16, 24, ("anna",))
    row = people(answered(call, GLOBE, PasswordPolicy={"MinimumPasswordLength": 8})).one(PasswordPolicy)
    assert (row.min_length, row.history) == (8, 0)
    assert people(absent(call, GLOBE)).one(PasswordPolicy).present is False
    assert isinstance(people(answered(call, GLOBE, PasswordPolicy={})).one(PasswordPolicy).min_length, Gap)
    assert isinstance(people(denied(absent(call, GLOBE))).one(PasswordPolicy).present, Gap)


def test_a_report_that_cannot_be_read() -> None:
    found = having(denied(answered("iam:GetCredentialReport", GLOBE)))
    assert found.holes(ConsoleAccess)
    assert isinstance(found.one(SignIn).console_users, Gap)


def test_sessions() -> None:
    found = having(answered("iam:ListRoles", GLOBE, Roles=[{"Arn": ROLE, "RoleName": "r", "MaxSessionDuration": 5400}]))
    assert found.one(RoleSession).hours == 1.5
    odd = having(answered("iam:ListRoles", GLOBE, Roles=[{"Arn": ROLE, "RoleName": "r"}]))
    assert odd.holes(RoleSession)


def action(name: str, category: str, provider: str, order: int = 1) -> dict[str, Any]:
    """An action of a pipeline."""
    return {"name": name, "actionTypeId": {"category": category, "provider": provider}, "runOrder": order}


def pipeline(*stages: list[dict[str, Any]]) -> Shaped:
    """An account with one pipeline of these stages."""
    made = {"name": "shop", "stages": [{"name": "s", "actions": each} for each in stages]}
    return having(
        answered("codepipeline:ListPipelines", pipelines=[{"name": "shop"}]),
        answered("codepipeline:GetPipeline", params={"name": "shop"}, pipeline=made),
    )


def test_a_pipeline_with_and_without_an_approval() -> None:
    deploy, approve = action("deploy", "Deploy", "CloudFormation", 2), action("ask", "Approval", "Manual")
    row = pipeline([action("source", "Source", "GitHub")], [deploy]).one(Pipeline)
    assert (row.deploys, row.approved_before) == (("deploy (CloudFormation)",), False)
    assert pipeline([deploy, approve]).one(Pipeline).approved_before is True
    assert pipeline([deploy], [approve]).one(Pipeline).approved_before is False
    assert pipeline([action("site", "Deploy", "S3")]).one(Pipeline).deploys == ()


def test_a_pipeline_that_cannot_be_read_or_is_gone() -> None:
    listed = answered("codepipeline:ListPipelines", pipelines=[{"name": "shop"}])
    detail = absent("codepipeline:GetPipeline", name="shop")
    assert not having(listed, detail).rows(Pipeline) and not having(listed, detail).holes(Pipeline)
    assert having(listed, denied(detail)).holes(Pipeline)
    assert having(listed, answered("codepipeline:GetPipeline", params={"name": "shop"}, pipeline={})).holes(Pipeline)


def project(**more: Any) -> Shaped:
    """An account with one build project."""
    made = {"name": "shop", "arn": f"arn:aws:codebuild:us-east-1:{ACCOUNT}:project/shop", **more}
    return having(
        answered("codebuild:ListProjects", projects=["shop"]),
        answered("codebuild:BatchGetProjects", params={"names": ["shop"]}, projects=[made]),
    )


def test_variables_of_builds() -> None:
    listed = [
        {"name": "TOKEN", "type": "PLAINTEXT", "value": variable("npm-token", 40)},
        {"name": "KEPT", "type": "SECRETS_MANAGER", "value": "build/npm"},
    ]
    row = project(environment={"environmentVariables": listed}).one(BuildVariable)
    assert (row.project, row.name, row.secret, row.length) == ("shop", "TOKEN", "npm-token", 40)
    assert project(environment={"environmentVariables": [{"name": "TOKEN", "value": "clear"}]}).holes(BuildVariable)


@pytest.mark.parametrize(
    ("groups", "events", "actors", "pulls"),
    [
        ([], (), (), True),
        ([[{"type": "EVENT", "pattern": "PUSH"}]], ("PUSH",), (), False),
        (
            [
                [
                    {"type": "EVENT", "pattern": "PUSH, PULL_REQUEST_CREATED"},
                    {"type": "ACTOR_ACCOUNT_ID", "pattern": "^7$"},
                ]
            ],
            ("PULL_REQUEST_CREATED", "PUSH"),
            ("^7$",),
            True,
        ),
        (
            [
                [
                    {"type": "EVENT", "pattern": "PULL_REQUEST_CREATED"},
                    {"type": "ACTOR_ACCOUNT_ID", "pattern": "^7$", "excludeMatchedPattern": True},
                ]
            ],
            ("PULL_REQUEST_CREATED",),
            (),
            True,
        ),
    ],
)
def test_webhooks(groups: Any, events: Any, actors: Any, pulls: bool) -> None:
    row = project(webhook={"filterGroups": groups}, source={"location": "https://github.example/shop"}).one(
        BuildTrigger
    )
    assert (row.events, row.actors, row.pull_requests, row.approval) == (events, actors, pulls, False)


def test_a_project_without_a_webhook_is_started_by_nobody_outside() -> None:
    assert not project().rows(BuildTrigger)
    approved = {"filterGroups": [], "pullRequestBuildPolicy": {"requiresCommentApproval": "ALL_PULL_REQUESTS"}}
    assert project(webhook=approved).one(BuildTrigger).approval is True


def test_projects_that_were_listed_and_not_described() -> None:
    listed = answered("codebuild:ListProjects", projects=["shop"])
    assert having(listed).holes(BuildTrigger)
    batch = denied(answered("codebuild:BatchGetProjects", params={"names": ["shop"]}, projects=[]))
    assert [each.gap.state for each in having(listed, batch).holes(BuildVariable)] == ["denied"]


USED = {"Arn": ROLE, "Granularity": "ACTION_LEVEL"}


def used(*services: Any) -> Shaped:
    """The account with a record of what its role used."""
    return having(answered("iam:GetServiceLastAccessedDetails", HERE, USED, ServicesLastAccessed=list(services)))


def test_what_a_role_used_and_a_policy_for_it() -> None:
    day = "2026-11-01T00:00:00+00:00"
    row = used(
        {"ServiceNamespace": "logs"},
        {
            "ServiceNamespace": "dynamodb",
            "LastAuthenticated": day,
            "TrackedActionsLastAccessed": [
                {"ActionName": "GetItem", "LastAccessedTime": day},
                {"ActionName": "DeleteTable"},
            ],
        },
    ).one(RoleUse)
    assert [(each.service, each.last is None, len(each.actions)) for each in row.services] == [
        ("dynamodb", False, 1),
        ("logs", True, 0),
    ]
    assert row.created == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert [each["Action"] for each in json.loads(row.suggested_policy)["Statement"]] == [["dynamodb:GetItem"]]


def test_a_record_that_cannot_be_read() -> None:
    call = answered("iam:GetServiceLastAccessedDetails", HERE, USED, ServicesLastAccessed=[])
    assert [each.gap.state for each in having(denied(call)).holes(RoleUse)] == ["denied"]
    assert [each.gap.reason for each in Shaped(account()).holes(RoleUse)] == ["not_collected"]
    assert used({"ServiceNamespace": 7}).holes(RoleUse)
    assert used("odd").holes(RoleUse)


TABLES = (
    (DETAILS, FederatedTrust),
    (DETAILS, RoleUse),
    ("iam:ListRoles", RoleSession),
    ("codepipeline:ListPipelines", Pipeline),
    ("codebuild:ListProjects", BuildVariable),
)


@pytest.mark.parametrize(("call", "table"), TABLES)
def test_lists_that_were_not_read_are_holes(call: str, table: type[Row]) -> None:
    kept = [each for each in account() if each.call != call]
    assert {each.gap.state for each in Shaped(kept).holes(table)} <= {"unsupported", "denied"}
    assert Shaped(kept).holes(table)
