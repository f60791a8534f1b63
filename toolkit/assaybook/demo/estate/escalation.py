"""Rights by which roles of the estate could win more, those that only look so, and who reads secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..emulator.clock import at
from .names import ACCOUNT, Builder, arn

_OWN = f"arn:aws:iam::{ACCOUNT}:role"
_RELEASE = ("lambda:CreateFunction", "lambda:InvokeFunction")


def _passing(service: str, role: str = "*") -> dict[str, Any]:
    condition = {"StringEquals": {"iam:PassedToService": service}}
    return {"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": role, "Condition": condition}


def _allow(*actions: str, on: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


# Role of a function, name of the policy, its statements.
RIGHTS: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    # Creates the functions that draw single figures; any role will do, the administrator's too.
    ("ops-metrics", "release", (_passing("lambda.amazonaws.com"), _allow(*_RELEASE, on="*"))),
    # Passes one role, to a service with which it can do nothing else.
    (
        "partner-gateway",
        "workflow",
        (
            _passing("states.amazonaws.com", f"{_OWN}/partner-gateway"),
            _allow(*_RELEASE, on=arn("lambda", "function:partner-*")),
        ),
    ),
    # Whether the role carries the tag is nobody's to see from outside.
    (
        "sandbox-playground",
        "tryout",
        (
            _allow(
                "iam:AttachRolePolicy",
                on=f"{_OWN}/sandbox-playground",
                Condition={"StringEquals": {"aws:PrincipalTag/tryout": "open"}},
            ),
        ),
    ),
    (
        "notify-email",
        "sender",
        (_allow("secretsmanager:GetSecretValue", on=arn("secretsmanager", "secret:mail/sender-??????")),),
    ),
    ("notify-push", "keys", (_allow("secretsmanager:GetSecretValue", on=arn("secretsmanager", "secret:*")),)),
)
EMERGENCY: Mapping[str, Any] = _allow("secretsmanager:GetSecretValue", on="*")


def build_escalation(builder: Builder, keys: Mapping[str, str]) -> None:
    """Write the policies into the roles and users that the estate has already."""
    iam = builder.client("iam")
    decrypt = _allow("kms:Decrypt", on=keys["payments"])
    with at("2026-04-20"):
        iam.put_role_policy(RoleName="payments-refund", PolicyName="decrypt", PolicyDocument=_policy(decrypt))
        for role, name, statements in RIGHTS:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=_policy(*statements))
        iam.put_user_policy(UserName="breakglass-1", PolicyName="emergency", PolicyDocument=_policy(dict(EMERGENCY)))


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
