"""How people, pipelines and partners come in: providers, roles that trust them, and roles that nobody needs any more."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from ..emulator.account import Answer
from ..emulator.clock import at
from ..emulator.exchange import Exchange
from .clusters import PODS
from .names import ACCOUNT, PARTNER, STRANGER, US, Builder, arn, pairs

GITHUB = "token.actions.githubusercontent.com"
CLUSTER = "oidc.eks.us-east-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9"
DIRECTORY = f"arn:aws:iam::{ACCOUNT}:saml-provider/northwind-directory"
ANCHOR = f"arn:aws:rolesanywhere:{US}:{ACCOUNT}:trust-anchor/1a2b3c4d-0000-4000-8000-00000000a11c"
METADATA = (
    '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://login.northwind.example">'
    + "<!-- synthetic -->" * 60
    + "</EntityDescriptor>"
)


def _provider(issuer: str) -> dict[str, str]:
    return {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}


def _token(issuer: str, **conditions: dict[str, Any]) -> dict[str, Any]:
    made = {
        operator: {f"{issuer}:{claim}": value for claim, value in each.items()} for operator, each in conditions.items()
    }
    return {"Principal": _provider(issuer), "Action": "sts:AssumeRoleWithWebIdentity", "Condition": made}


def _allow(actions: list[str], on: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": on}


OWN = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
ANY_FUNCTION = arn("lambda", "function:*", "*")
# Name, who may assume it, what it may do, hours of a session.
ROLES: tuple[tuple[str, dict[str, Any], tuple[dict[str, Any], ...], int], ...] = (
    (
        "release-pipeline",
        _token(GITHUB, StringEquals={"aud": "sts.amazonaws.com", "sub": "repo:northwind/shop:environment:production"}),
        (
            _allow(
                ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:UpdateAlias"], ANY_FUNCTION
            ),
        ),
        1,
    ),
    (
        "storybook-pipeline",
        _token(GITHUB, StringEquals={"aud": "sts.amazonaws.com"}, StringLike={"sub": "repo:northwind/*"}),
        (_allow(["s3:PutObject"], "arn:aws:s3:::northwind-shop-web/storybook/*"),),
        1,
    ),
    (
        "plan-pipeline",
        _token(GITHUB, StringEquals={"aud": "sts.amazonaws.com", "sub": "repo:northwind/shop:pull_request"}),
        (_allow(["cloudformation:DescribeStacks"], "*"),),
        1,
    ),
    (
        "stock-forecast-job",
        _token(CLUSTER, StringEquals={"aud": "sts.amazonaws.com", "sub": "system:serviceaccount:forecast:stock"}),
        (_allow(["dynamodb:Query"], arn("dynamodb", "table/stock")),),
        1,
    ),
    (
        "reporting-job",
        _token(
            CLUSTER, StringEquals={"aud": "sts.amazonaws.com"}, StringLike={"sub": "system:serviceaccount:*:reporting"}
        ),
        (_allow(["dynamodb:Query"], arn("dynamodb", "table/orders")),),
        1,
    ),
    ("label-pods", PODS, (_allow(["s3:PutObject"], "arn:aws:s3:::northwind-shop-exports/labels/*"),), 1),
    ("batch-pods", PODS, (_allow(["s3:PutObject"], "arn:aws:s3:::northwind-shop-exports/batch/*"),), 1),
    (
        "till-device",
        {
            "Principal": {"Service": "rolesanywhere.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": {"ArnEquals": {"aws:SourceArn": ANCHOR}},
        },
        (_allow(["sqs:SendMessage"], arn("sqs", "till-receipts")),),
        1,
    ),
    (
        "carrier-sync",
        {
            "Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "northwind-carrier-2025"}},
        },
        (_allow(["s3:GetObject"], "arn:aws:s3:::northwind-carrier-drop/*"),),
        1,
    ),
    (
        "stock-audit-2024",
        {"Principal": {"AWS": f"arn:aws:iam::{STRANGER}:role/auditor"}, "Action": "sts:AssumeRole"},
        (_allow(["dynamodb:Scan"], arn("dynamodb", "table/stock")),),
        1,
    ),
    (
        "platform-admin",
        {
            "Principal": {"Federated": DIRECTORY},
            "Action": "sts:AssumeRoleWithSAML",
            "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        },
        (_allow(["*"], "*"),),
        12,
    ),
    (
        "incident-response",
        {"Principal": OWN, "Action": "sts:AssumeRole", "Condition": WITH_MFA},
        (
            _allow(["lambda:PutFunctionConcurrency", "lambda:RemovePermission"], ANY_FUNCTION),
            _allow(["lambda:UpdateEventSourceMapping"], arn("lambda", "event-source-mapping:*", "*")),
            _allow(["iam:PutRolePolicy"], f"arn:aws:iam::{ACCOUNT}:role/*"),
        ),
        1,
    ),
    ("nightly-report", {"Principal": OWN, "Action": "sts:AssumeRole"}, (_allow(["dynamodb:Scan"], "*"),), 1),
    (
        "newsletter-send",
        {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
        (_allow(["ses:SendEmail"], "*"),),
        1,
    ),
)
# The day of the last use, where it is not the usual one; empty for never.
USUAL_DAY = "2026-11-15"
LAST_USED = {"nightly-report": "2026-02-11", "newsletter-send": "", "stock-audit-2024": "2026-09-30"}
# A role for functions that another service may take as well.
SHARED_TRUST = {"data-lake-ingest": "firehose.amazonaws.com"}
USERS = ("anna.lindqvist", "intern-2023", "warehouse-desk")


def build_federation(builder: Builder) -> None:
    """Make the providers, the roles that trust them, and users who sign in with a password."""
    iam = builder.client("iam")
    with at("2024-03-11"):
        for issuer in (GITHUB, CLUSTER):
            iam.create_open_id_connect_provider(
                Url=f"https://{issuer}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
            )
        iam.create_saml_provider(Name="northwind-directory", SAMLMetadataDocument=METADATA)
        for name, trust, statements, hours in ROLES:
            _build_role(iam, name, trust, statements, hours)
        for name, service in SHARED_TRUST.items():
            trust = {"Principal": {"Service": ["lambda.amazonaws.com", service]}, "Action": "sts:AssumeRole"}
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=_document({"Effect": "Allow", **trust}))
        for user in USERS:
            iam.create_user(UserName=user, Tags=pairs({"team": "shop"}))
        iam.add_user_to_group(GroupName="support", UserName="anna.lindqvist")
        iam.update_account_password_policy(MinimumPasswordLength=10, PasswordReusePrevention=5)


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _build_role(iam: Any, name: str, trust: dict[str, Any], statements: tuple[dict[str, Any], ...], hours: int) -> None:
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=_document({"Effect": "Allow", **trust}),
        MaxSessionDuration=hours * 3600,
        Tags=pairs({"team": "shop"}),
    )
    iam.put_role_policy(RoleName=name, PolicyName="own-needs", PolicyDocument=_document(*statements))


def last_used(role: str) -> dict[str, Any]:
    """When a role was last used, as IAM tells it; an emulator knows no use."""
    day = LAST_USED.get(role, USUAL_DAY)
    return {"LastUsedDate": datetime.fromisoformat(f"{day}T06:30:00").replace(tzinfo=UTC), "Region": US} if day else {}


def center(asked: Exchange) -> Answer:
    """The account has no Identity Center of its own, in any region."""
    return {"Instances": []}
