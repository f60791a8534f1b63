"""Short ways to write policies, principals and accounts for the tests of the evaluator."""

from __future__ import annotations

import json
from typing import Any

from assaybook.model import Subject
from assaybook.tables.identity import PolicyText, Principal

OWN, OTHER = "111122223333", "999988887777"


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A Deny statement."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def lets_in(principal: Any, action: str = "sts:AssumeRole") -> dict[str, Any]:
    """A trust policy, or another policy of a resource that names no resource."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": action})


def text(name: str, document: dict[str, Any], *, provider: bool = False) -> PolicyText:
    """A policy as a row holds it."""
    return PolicyText(name, json.dumps(document), provider)


def carried(name: str, document: dict[str, Any]) -> PolicyText:
    """A customer-managed policy as a row holds it."""
    return PolicyText(name, json.dumps(document), arn=f"arn:aws:iam::{OWN}:policy/teams/{name}")


def arn_of(name: str, kind: str = "role") -> str:
    """The ARN of a role or user of the own account."""
    return f"arn:aws:iam::{OWN}:{kind}/{name}"


def principal(
    name: str,
    *statements: dict[str, Any],
    kind: str = "role",
    trust: Any = "lambda.amazonaws.com",
    functions: tuple[str, ...] = (),
    boundary: dict[str, Any] | None = None,
    control: tuple[dict[str, Any], ...] = (),
    console: bool = False,
    groups: tuple[str, ...] = (),
    service_linked: bool = False,
) -> Principal:
    """A row of a role or user; `trust` is a service or the Principal element of its trust policy."""
    arn = arn_of(name, kind)
    trusted = {"Service": trust} if isinstance(trust, str) and trust != "*" else trust
    return Principal(
        key=arn,
        subject=Subject("aws", OWN, "global", kind, arn, name),
        name=name,
        kind=kind,
        path="/",
        policies=(carried("own", policy(*statements)),),
        boundary=text("limit", boundary) if boundary else None,
        service_control=tuple((text("level", each),) for each in control),
        service_control_known=True,
        trust=None if kind == "user" else text("trust policy", lets_in(trusted)),
        service_linked=service_linked,
        workloads=tuple(f"arn:aws:lambda:us-east-1:{OWN}:function:{each}" for each in functions),
        created=None,
        last_used=None,
        console=console,
        groups=groups,
    )
