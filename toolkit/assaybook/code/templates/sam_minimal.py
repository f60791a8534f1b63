"""What can be told of a SAM resource without the transform: the resource itself and its role, but none of its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SERVERLESS = "AWS::Serverless::"
_SAME = (
    "Architectures",
    "Description",
    "Environment",
    "EphemeralStorage",
    "FunctionName",
    "Handler",
    "KmsKeyArn",
    "Layers",
    "MemorySize",
    "PackageType",
    "ReservedConcurrentExecutions",
    "Runtime",
    "Timeout",
    "VpcConfig",
)
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    ],
}
_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_MANAGED = "arn:aws:iam::aws:policy/"


def minimal(template: dict[str, Any], name: str) -> None:
    """Replace one resource of SAM by what is certain of it."""
    resource = template["Resources"][name]
    kind = str(resource.get("Type")).removeprefix(SERVERLESS)
    shared = template.get("Globals")
    defaults = shared.get(kind) if isinstance(shared, dict) else None
    own = resource.get("Properties")
    said = {**(defaults if isinstance(defaults, dict) else {}), **(own if isinstance(own, dict) else {})}
    read = _READ.get(kind)
    rest = {key: value for key, value in resource.items() if key in ("Condition", "DependsOn", "Metadata")}
    if read is None:
        template["Resources"][name] = {"Type": f"Custom::Unread{kind}", "Properties": said, **rest}
        return
    for made, each in read(name, said).items():
        template["Resources"][made] = {**each, **rest}


def _function(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    properties = {key: said[key] for key in _SAME if key in said}
    properties["Code"] = (
        {"ZipFile": said["InlineCode"]} if "InlineCode" in said else said.get("CodeUri", said.get("ImageUri", ""))
    )
    tracing = said.get("Tracing")
    if isinstance(tracing, str):
        properties["TracingConfig"] = {"Mode": tracing}
    made = {name: {"Type": "AWS::Lambda::Function", "Properties": properties}}
    if "Role" in said:
        properties["Role"] = said["Role"]
    else:
        properties["Role"] = {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        made[f"{name}Role"] = {"Type": "AWS::IAM::Role", "Properties": _role(said.get("Policies"))}
    url = said.get("FunctionUrlConfig")
    if isinstance(url, dict) and "AuthType" in url:
        target = {"TargetFunctionArn": {"Ref": name}, "AuthType": url["AuthType"], "Cors": url.get("Cors", {})}
        made[f"{name}Url"] = {"Type": "AWS::Lambda::Url", "Properties": target}
    return made


def _role(policies: Any) -> dict[str, Any]:
    managed: list[Any] = [_BASIC]
    inline: list[Any] = []
    for number, each in enumerate(policies if isinstance(policies, list) else [policies]):
        if isinstance(each, str):
            managed.append(each if each.startswith("arn:") else _managed(each))
        elif isinstance(each, dict) and "Statement" in each:
            inline.append({"PolicyName": f"policy{number}", "PolicyDocument": each})
        elif isinstance(each, dict) and ("Ref" in each or any(key.startswith("Fn::") for key in each)):
            managed.append(each)
    return {"AssumeRolePolicyDocument": _TRUST, "ManagedPolicyArns": managed, "Policies": inline}


def _managed(name: str) -> str:
    from samtranslator.internal.managed_policies import get_bundled_managed_policy_map

    known = get_bundled_managed_policy_map("aws") or {}
    return str(known.get(name, f"{_MANAGED}{name}"))


def _table(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        "TableName": said.get("TableName"),
        "SSESpecification": said.get("SSESpecification"),
        "Tags": said.get("Tags"),
    }
    properties = {key: value for key, value in kept.items() if value is not None}
    return {name: {"Type": "AWS::DynamoDB::Table", "Properties": properties}}


def _layer(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    properties = {"LayerName": said.get("LayerName", name), "Content": said.get("ContentUri", "")}
    return {name: {"Type": "AWS::Lambda::LayerVersion", "Properties": properties}}


def _machine(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {"Name": "StateMachineName", "Type": "StateMachineType", "Logging": "LoggingConfiguration"}
    kept = ("Definition", "DefinitionSubstitutions", "Role", "Name", "Type", "Logging")
    properties = {renamed.get(key, "RoleArn" if key == "Role" else key): said[key] for key in kept if key in said}
    return {name: {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}


_READ: Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
    "Function": _function,
    "SimpleTable": _table,
    "LayerVersion": _layer,
    "StateMachine": _machine,
}
