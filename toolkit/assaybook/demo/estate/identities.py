"""Roles, users and keys: tight roles as a rule, and those that grew over the years."""

from __future__ import annotations

import json
from typing import Any

from ..emulator.clock import at
from .function import Function, role_of
from .names import ACCOUNT, EU, US, Builder, arn, pairs
from .workloads import FUNCTIONS

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/workload-boundary"
LAMBDA_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def _allow(*actions: str, on: str | list[str], sid: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": on}
    return {"Sid": sid, **made} if sid else made


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


# What a role may do besides writing its own logs. Roles that are not named here write logs and nothing else.
GRANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "orders-api": (
        _allow(
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:Query",
            on=arn("dynamodb", "table/orders"),
        ),
        _allow("events:PutEvents", on=arn("events", "event-bus/shop-events")),
    ),
    "orders-validate": (_allow("s3:GetObject", on="arn:aws:s3:::northwind-shop-rules/*"),),
    "orders-history": (
        _allow("dynamodb:Query", on=[arn("dynamodb", "table/orders"), arn("dynamodb", "table/orders/index/*")]),
    ),
    "orders-export": (
        _allow("dynamodb:*", on="*", sid="Export"),
        _allow("s3:PutObject", on="arn:aws:s3:::northwind-shop-exports/*"),
    ),
    "payments-capture": (
        _allow("dynamodb:PutItem", "dynamodb:GetItem", on=arn("dynamodb", "table/payments")),
        _allow("sqs:SendMessage", on=arn("sqs", "payments-failed")),
        # Tracing takes no resource, so the star is right here.
        _allow("xray:PutTraceSegments", "xray:PutTelemetryRecords", on="*"),
    ),
    "payments-refund": (
        _allow("secretsmanager:GetSecretValue", on=arn("secretsmanager", "secret:payments/psp-??????")),
        _allow("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", on=arn("sqs", "refunds")),
    ),
    "payments-ledger": (
        _allow(
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:DescribeStream",
            on=arn("kinesis", "stream/ledger-events"),
        ),
        _allow("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", on="*"),
    ),
    "payments-tokenize": (_allow("kms:Encrypt", "kms:GenerateDataKey", on=arn("kms", "alias/payments")),),
    "customer-profile": (_allow("dynamodb:GetItem", "dynamodb:UpdateItem", on=arn("dynamodb", "table/customers")),),
    "customer-erasure": (
        _allow("dynamodb:DeleteItem", on=[arn("dynamodb", f"table/{table}") for table in ("customers", "orders")]),
        _allow("s3:*", on="*", sid="ForNow"),
    ),
    "ops-cleanup": (_allow("s3:*", "logs:*", on="*"), _allow("lambda:*", on="*")),
    "legacy-shared": (_allow("s3:GetObject", "s3:PutObject", on="arn:aws:s3:::northwind-legacy-invoices/*"),),
    "inventory-import": (
        _allow(
            "s3:GetObject",
            "s3:ListBucket",
            on=["arn:aws:s3:::northwind-supplier-imports", "arn:aws:s3:::northwind-supplier-imports/*"],
        ),
    ),
    "fraud-rules": (_allow("dynamodb:*", on="*"),),
    "data-lake-ingest": (_allow("firehose:PutRecordBatch", on=arn("firehose", "deliverystream/lake")),),
    "gdpr-export-eu": (_allow("dynamodb:Query", on=arn("dynamodb", "table/customers", EU)),),
}
ATTACHED: dict[str, tuple[str, ...]] = {
    "ops-admin": ("arn:aws:iam::aws:policy/AdministratorAccess",),
    "orders-projector": ("arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole",),
    "returns-label-eu": ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",),
}
# The boundary takes away what the policy gives, so the star in `fraud-rules` reaches two tables only.
BOUNDED = ("fraud-rules", "orders-validate")
BOUNDARY_STATEMENTS = (
    _allow(
        "dynamodb:GetItem", "dynamodb:Query", on=[arn("dynamodb", "table/fraud-rules"), arn("dynamodb", "table/orders")]
    ),
    _allow("s3:GetObject", on="arn:aws:s3:::northwind-shop-rules/*"),
    _allow("logs:CreateLogStream", "logs:PutLogEvents", on="*"),
)


def build_roles(builder: Builder) -> None:
    """Make the roles of all functions, and some that people and pipelines use."""
    iam = builder.client("iam")
    with at("2023-05-02"):
        iam.create_policy(
            PolicyName="workload-boundary",
            PolicyDocument=_policy(*BOUNDARY_STATEMENTS),
            Description="The most that a workload may ever do",
        )
        made: set[str] = set()
        for function in FUNCTIONS:
            name = role_of(function)
            if name not in made:
                made.add(name)
                _build_role(iam, name, function)
        _build_people(iam)


def _build_role(iam: Any, name: str, function: Function) -> None:
    extra = {"PermissionsBoundary": BOUNDARY} if name in BOUNDED else {}
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(LAMBDA_TRUST),
        Description=f"Runs {name}",
        Tags=pairs({"environment": function.tags["environment"], "team": "shop"}),
        **extra,
    )
    logs = arn("logs", f"log-group:/aws/lambda/{function.name}:*", function.region)
    statements = (_allow("logs:CreateLogStream", "logs:PutLogEvents", on=logs), *GRANTS.get(name, ()))
    iam.put_role_policy(RoleName=name, PolicyName="own-needs", PolicyDocument=_policy(*statements))
    for policy in ATTACHED.get(name, ()):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy)


def _build_people(iam: Any) -> None:
    trusts = {
        "deploy-pipeline": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
        "assaybook-reader": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    }
    for name, principal in trusts.items():
        action = "sts:AssumeRoleWithWebIdentity" if "Federated" in principal else "sts:AssumeRole"
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": action}]}
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.attach_role_policy(RoleName="assaybook-reader", PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    iam.create_group(GroupName="support")
    iam.attach_group_policy(GroupName="support", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    for user in ("breakglass-1", "carrier-upload", "erp-export", "wall-screen"):
        iam.create_user(UserName=user, Tags=pairs({"team": "shop"}))
    iam.create_group(GroupName="platform")
    iam.attach_group_policy(GroupName="platform", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.create_user(UserName="deploy-2022", Tags=pairs({"team": "platform"}))
    iam.add_user_to_group(GroupName="platform", UserName="deploy-2022")
    iam.put_user_policy(
        UserName="carrier-upload",
        PolicyName="drop",
        PolicyDocument=_policy(_allow("s3:PutObject", on="arn:aws:s3:::northwind-carrier-drop/*")),
    )


CREDENTIAL_COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,"
    "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)
NO_KEY = ("false", "N/A", "N/A", "N/A", "N/A")
# User, day of creation, first key, second key: active, rotated, last used, region, service.
CREDENTIALS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("<root_account>", "2018-04-10", NO_KEY, NO_KEY),
    ("breakglass-1", "2023-05-02", NO_KEY, NO_KEY),
    ("carrier-upload", "2023-05-02", ("true", "2026-10-01", "2026-11-15", US, "s3"), NO_KEY),
    (
        "erp-export",
        "2023-05-02",
        ("true", "2025-01-20", "2026-11-16", US, "s3"),
        ("true", "2026-09-30", "2026-11-14", US, "s3"),
    ),
    (
        "wall-screen",
        "2023-05-02",
        ("true", "2026-08-28", "2026-09-01", US, "cloudwatch"),
        ("false", "2024-02-02", "2024-08-01", EU, "s3"),
    ),
    ("deploy-2022", "2023-05-02", ("true", "2026-10-20", "2026-11-15", US, "cloudformation"), NO_KEY),
    ("anna.lindqvist", "2024-03-11", NO_KEY, NO_KEY),
    ("intern-2023", "2024-03-11", NO_KEY, NO_KEY),
    ("warehouse-desk", "2024-03-11", NO_KEY, NO_KEY),
)
# Users who sign in with a password: when they last did, and whether with a second factor.
PASSWORDS = {"anna.lindqvist": ("2026-11-13", "true"), "warehouse-desk": ("2026-11-14", "false")}


def credential_report() -> str:
    """The credential report, in the form of IAM. An emulator knows no use of keys, so it is written out here."""
    lines = [CREDENTIAL_COLUMNS]
    for user, made, first, second in CREDENTIALS:
        root = user.startswith("<")
        whose = f"arn:aws:iam::{ACCOUNT}:root" if root else f"arn:aws:iam::{ACCOUNT}:user/{user}"
        password = (
            ("not_supported", "2026-03-02T08:15:00+00:00", "not_supported", "not_supported")
            if root
            else ("false", "N/A", "N/A", "N/A")
        )
        mfa = "true" if root else "false"
        if user in PASSWORDS:
            day, mfa = PASSWORDS[user]
            password = ("true", f"{day}T07:45:00+00:00", "2026-06-01T07:45:00+00:00", "N/A")
        dated = [_times(each) for each in (first, second)]
        lines.append(
            ",".join(
                (
                    user,
                    whose,
                    f"{made}T09:00:17+00:00",
                    *password,
                    mfa,
                    *dated[0],
                    *dated[1],
                    "false",
                    "N/A",
                    "false",
                    "N/A",
                )
            )
        )
    return "\n".join(lines)


def _times(key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{each}T09:00:00+00:00" if each[:2] == "20" else each for each in key)
