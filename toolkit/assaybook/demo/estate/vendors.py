"""Products of third parties in the estate: agents on functions, old and new, and the roles through which vendors read the account."""

from __future__ import annotations

import json
from typing import Any

from ..emulator.clock import at
from .function import Function, tagged
from .names import ACCOUNT, US, Builder, pairs, secret

EXTENSION = "arn:aws:lambda:{region}:464622532012:layer:Datadog-Extension:"
LUMIGO = "arn:aws:lambda:{region}:114300393969:layer:lumigo-python-tracer:240"
EPSAGON = "arn:aws:lambda:{region}:066549572091:layer:epsagon-python-layer:11"
DATADOG, WIZ = "464622532012", "197171649850"
AGENTS = (
    Function(
        name="shipping-rates",
        does="Asks carriers for their rates",
        tags=tagged(),
        layers=(f"{EXTENSION}62",),
        variables={"DD_API_KEY": secret("agent key"), "DD_SITE": "datadoghq.eu"},
    ),
    Function(
        name="gift-cards",
        does="Issues and redeems gift cards",
        tags=tagged("confidential"),
        layers=(f"{EXTENSION}104",),
        variables={"DD_API_KEY_SECRET_ARN": f"arn:aws:secretsmanager:{US}:{ACCOUNT}:secret:shop/datadog-a1B2c3"},
    ),
    Function(name="loyalty-points", does="Counts points of customers", tags=tagged("pii"), layers=(LUMIGO,)),
    Function(name="store-locator", does="Finds the nearest pick-up point", tags=tagged(), layers=(EPSAGON,)),
)
READING = ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "lambda:ListFunctions", "logs:DescribeLogGroups")


def build_vendor_roles(builder: Builder) -> None:
    """One role that reads what its vendor needs, and one that became an administrator on the day it was made."""
    iam = builder.client("iam")
    with at("2025-04-08"):
        _build_role(iam, "datadog-integration", DATADOG, "nw-demo-datadog")
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": list(READING), "Resource": "*"}],
        }
        iam.put_role_policy(RoleName="datadog-integration", PolicyName="reading", PolicyDocument=json.dumps(document))
        _build_role(iam, "wiz-access", WIZ, "nw-demo-wiz")
        iam.attach_role_policy(RoleName="wiz-access", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")


def _build_role(iam: Any, name: str, account: str, external: str) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external}},
            }
        ],
    }
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(trust),
        Description=f"Lets account {account} read this one",
        Tags=pairs({"environment": "production", "team": "platform"}),
    )
