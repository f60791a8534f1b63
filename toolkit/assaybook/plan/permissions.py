"""Which permission each call needs, and the least policy for a plan. The names differ from those of the calls more often than one would wish."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from . import Call

# All reading of API Gateway is one action on paths.
READ_BY_METHOD = {"apigateway": "apigateway:GET"}
STATEMENT = "AssaybookRead"


@cache
def _table() -> dict[str, Any]:
    text = files("assaybook").joinpath("data", "aws_permissions.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def actions_of(name: str) -> tuple[str, ...]:
    """The IAM actions that an operation (`s3:GetBucketEncryption`) needs; none for those that AWS always allows."""
    table = _table()
    if name in table["actions"]:
        return tuple(table["actions"][name])
    client, _, operation = name.partition(":")
    prefix = table["prefixes"].get(client, client)
    return (READ_BY_METHOD.get(prefix, f"{prefix}:{operation}"),)


def permissions_of(call: Call) -> tuple[str, ...]:
    """All IAM actions that a row needs: its own, and that which starts the report it polls for."""
    names = (call.name, call.poll.start) if call.poll else (call.name,)
    return tuple(dict.fromkeys(action for name in names for action in actions_of(name)))


def permission_of(call: Call) -> str:
    """The permission that a gap names: the row's own action; empty where none is needed."""
    return next(iter(permissions_of(call)), "")


def least_policy(calls: Iterable[Call]) -> dict[str, Any]:
    """The smallest IAM policy with which these calls are answered: reading only, in all regions."""
    actions = sorted({action for call in calls for action in permissions_of(call)})
    statement = {"Sid": STATEMENT, "Effect": "Allow", "Action": actions, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
