"""Who may invoke functions and use layers: the policies that permissions of a template add up to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, policy_answer, switch, word
from .functions import FUNCTION, LATEST, aliases_of, split_name, versions_of
from .layers import LAYER, LAYER_PERMISSION, layer_arn

PERMISSION = "AWS::Lambda::Permission"
ANSWERED = (
    "lambda:GetPolicy",
    "lambda:GetPolicy/alias",
    "lambda:GetPolicy/version",
    "lambda:GetPolicy/unaliased",
    "lambda:GetLayerVersionPolicy",
)
_SERVICE = re.compile(r"[\w.${}:-]+\.(?:amazonaws\.com(?:\.cn)?|amazon\.com)")
# The conditions that Lambda makes of the arguments of a permission. Source: AWS Lambda API Reference, "AddPermission".
_CONDITIONS = (
    ("SourceArn", "ArnLike", "AWS:SourceArn"),
    ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about policies of functions and layers."""
    grants: dict[tuple[str, str], list[Resource]] = {}
    for each in stack.of(PERMISSION):
        grants.setdefault(split_name(stack, each.properties.get("FunctionName")), []).append(each)
    for function in stack.of(FUNCTION):
        aliases, versions = aliases_of(stack, function), versions_of(stack, function)
        _tell(
            stack,
            answers,
            "lambda:GetPolicy",
            grants.get((function.name, ""), []) + grants.get((function.name, LATEST), []),
            function,
        )
        for alias in aliases:
            name = word(alias.properties.get("Name"))
            _tell(stack, answers, "lambda:GetPolicy/alias", grants.get((function.name, name), []), function, name)
        for version in versions:
            for call in ("lambda:GetPolicy/version", "lambda:GetPolicy/unaliased"):
                _tell(stack, answers, call, grants.get((function.name, version), []), function, version)
    for layer in stack.of(LAYER):
        _layer(stack, answers, layer)


def _tell(
    stack: Stack, answers: Answers, call: str, grants: Iterable[Resource], function: Resource, qualifier: str = ""
) -> None:
    params = {"FunctionName": function.name, **({"Qualifier": qualifier} if qualifier else {})}
    found = list(grants)
    if not found:
        answers.absent(call, function.where, **params)
        return
    resource = f"{function.arn}:{qualifier}" if qualifier else function.arn
    statements = [statement(stack, each, resource) for each in found]
    for each in found:
        label = each.id
        for grant in (f"{resource}#{label}", f"{function.arn}#{label}"):
            answers.place(grant, each.where, each.conditional)
    document = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
    answers.told(call, {"Policy": policy_answer(document), "RevisionId": ""}, found[0].where, **params)


def statement(stack: Stack, permission: Resource, resource: str) -> dict[str, Any]:
    """The statement that Lambda makes of a permission."""
    properties = permission.properties
    conditions: dict[str, dict[str, Any]] = {}
    for name, operator, key in _CONDITIONS:
        if properties.get(name) is not None:
            conditions.setdefault(operator, {})[key] = properties[name]
    if properties.get("InvokedViaFunctionUrl") is not None:
        conditions.setdefault("Bool", {})["lambda:InvokedViaFunctionUrl"] = switch(properties["InvokedViaFunctionUrl"])
    made: dict[str, Any] = {
        "Sid": permission.id,
        "Effect": "Allow",
        "Principal": principal(properties.get("Principal")),
        "Action": properties.get("Action", "lambda:InvokeFunction"),
        "Resource": resource,
    }
    return {**made, **({"Condition": conditions} if conditions else {})}


def principal(value: Any) -> Any:
    """A principal as a policy has it: `*`, a service, or an account, role or user."""
    if not isinstance(value, str):
        return value if value is None or isinstance(value, Mapping) else {"AWS": value}
    if value == "*":
        return value
    return {"Service" if _SERVICE.fullmatch(value) else "AWS": value}


def _layer(stack: Stack, answers: Answers, layer: Resource) -> None:
    arn = layer_arn(stack, layer)
    name, _, number = arn.rpartition(":")
    grants = [
        each
        for each in stack.of(LAYER_PERMISSION)
        if word(each.properties.get("LayerVersionArn")) in (arn, layer.arn, layer.id)
    ]
    statements = []
    for each in grants:
        properties = each.properties
        made: dict[str, Any] = {
            "Sid": each.id,
            "Effect": "Allow",
            "Principal": principal(properties.get("Principal")),
            "Action": properties.get("Action", "lambda:GetLayerVersion"),
            "Resource": arn,
        }
        if properties.get("OrganizationId") is not None:
            made["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": properties["OrganizationId"]}}
        statements.append(made)
    # The version is a number where the listing gives it, and a text where it comes out of an ARN.
    params = {"LayerName": name, "VersionNumber": int(number)}
    if statements:
        document = policy_answer({"Version": "2012-10-17", "Id": "default", "Statement": statements})
        answers.told("lambda:GetLayerVersionPolicy", {"Policy": document}, grants[0].where, **params)
    else:
        answers.absent("lambda:GetLayerVersionPolicy", layer.where, **params)
