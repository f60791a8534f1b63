"""Functions of a stack: their configuration, versions, aliases, URLs, mappings, layers, and all that the template says of each of them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ....capture import NOT_TOLD
from ..resources import Resource
from . import tagging
from .answers import Answers, Stack, entries, members, number, place_of, plain, switch, untold, word

FUNCTION, VERSION, ALIAS = "AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias"
LATEST = "$LATEST"
# What Lambda takes where nothing is set. Source: AWS CloudFormation Template Reference, "AWS::Lambda::Function".
SECONDS, MEGABYTES = 3, 128

ANSWERED = (
    "lambda:ListFunctions",
    "lambda:GetFunction",
    "lambda:ListAliases",
    "lambda:ListFunctionUrlConfigs",
    "lambda:GetFunctionUrlConfig",
    "lambda:GetFunctionConcurrency",
    "lambda:ListFunctionEventInvokeConfigs",
    "lambda:GetFunctionRecursionConfig",
    "lambda:GetRuntimeManagementConfig",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers of AWS Lambda but for its policies."""
    for resource in stack.of(FUNCTION):
        _function(stack, answers, resource)


def name_of(stack: Stack, value: Any) -> str:
    """The name of the function that a property names by name, ARN or a part of an ARN, without version or alias."""
    return split_name(stack, value)[0]


def split_name(stack: Stack, value: Any) -> tuple[str, str]:
    """Name and qualifier of a function that a property names. Source: AWS Lambda API Reference, parameter FunctionName."""
    said = word(value)
    known = stack.by_arn.get(said)
    if known is not None and known.type in (ALIAS, VERSION):
        inner = word(known.properties.get("FunctionName"))
        return split_name(stack, inner)[0], word(known.properties.get("Name")) or version_of(stack, known)
    parts = said.split(":")
    if ":function:" in said:
        after = said.partition(":function:")[2].split(":")
        name, qualifier = after[0], after[1] if len(after) > 1 else ""
    elif len(parts) == 2 and not said.startswith("${"):
        name, qualifier = parts
    else:
        name, qualifier = said, ""
    found = stack.named(name, FUNCTION)
    return (found.name if found else name), qualifier


def arn_with(function: Resource, qualifier: str) -> str:
    """The ARN of a function with an alias or version; without for the unpublished version."""
    return f"{function.arn}:{qualifier}" if qualifier and qualifier != LATEST else function.arn


def version_of(stack: Stack, version: Resource) -> str:
    """The number that a published version of the stack gets: they count from 1 in the order of the template."""
    name = name_of(stack, version.properties.get("FunctionName"))
    number = 0
    for each in stack.of(VERSION):
        if name_of(stack, each.properties.get("FunctionName")) == name:
            number += 1
            if each is version:
                break
    return str(number)


def _about(stack: Stack, function: Resource, *types: str) -> list[tuple[Resource, str]]:
    """The resources of some types that name this function, with the qualifier that they name."""
    found = []
    for each in stack.of(*types):
        name = each.properties.get("FunctionName", each.properties.get("TargetFunctionArn"))
        said, qualifier = split_name(stack, name)
        if said == function.name:
            found.append((each, word(each.properties.get("Qualifier")) or qualifier))
    return found


def aliases_of(stack: Stack, function: Resource) -> list[Resource]:
    """The aliases of a function."""
    return [each for each, _ in _about(stack, function, ALIAS)]


def versions_of(stack: Stack, function: Resource) -> list[str]:
    """The numbers of a function's published versions: those of the template, and others that its aliases name."""
    numbers = [version_of(stack, each) for each, _ in _about(stack, function, VERSION)]
    for alias in aliases_of(stack, function):
        made = _alias(stack, alias, function)
        weights = members(members(made.get("RoutingConfig")).get("AdditionalVersionWeights"))
        numbers += [made["FunctionVersion"], *weights]
    return [each for each in dict.fromkeys(numbers) if each != LATEST]


def _function(stack: Stack, answers: Answers, resource: Resource) -> None:
    name = resource.name
    aliases = [_alias(stack, each, resource) for each in aliases_of(stack, resource)]
    latest = _record(stack, resource)
    published = [
        {**latest, "Version": each, "FunctionArn": f"{resource.arn}:{each}"} for each in versions_of(stack, resource)
    ]
    answers.listed("lambda:ListFunctions", latest, *published, where=resource.where)
    for variable in members(members(resource.properties.get("Environment")).get("Variables")):
        where = place_of(resource, f"Environment.Variables.{variable}", "Environment.Variables", "Environment")
        for version in (LATEST, *(each["Version"] for each in published)):
            answers.place(f"{resource.arn}:{version}/{variable}", where)
    answers.listed("lambda:ListAliases", *aliases, where=resource.where, FunctionName=name)
    if latest["PackageType"] == "Image":
        image = members(resource.properties.get("Code")).get("ImageUri")
        code = {
            "RepositoryType": "ECR",
            "ImageUri": image,
            "ResolvedImageUri": image if "@sha256:" in word(image) else None,
        }
        answers.told(
            "lambda:GetFunction",
            {
                "Code": {key: held for key, held in code.items() if held is not None},
                "Tags": tagging.tag_map_of(stack, resource),
                **_reserved(resource),
            },
            place_of(resource, "Code.ImageUri", "Code"),
            FunctionName=name,
        )
    answers.told(
        "lambda:GetFunctionConcurrency",
        _reserved(resource).get("Concurrency", {}),
        place_of(resource, "ReservedConcurrentExecutions"),
        FunctionName=name,
    )
    _urls(stack, answers, resource)
    _asynchronous(stack, answers, resource)
    # Loops are stopped unless the template says otherwise. Source: AWS Lambda Developer Guide, "Use Lambda recursive loop detection".
    answers.told(
        "lambda:GetFunctionRecursionConfig",
        {"RecursiveLoop": resource.properties.get("RecursiveLoop", "Terminate")},
        place_of(resource, "RecursiveLoop"),
        FunctionName=name,
    )
    if latest["PackageType"] != "Image":
        management = members(resource.properties.get("RuntimeManagementConfig"))
        answers.told(
            "lambda:GetRuntimeManagementConfig",
            {
                "UpdateRuntimeOn": management.get("UpdateRuntimeOn", "Auto"),
                "RuntimeVersionArn": management.get("RuntimeVersionArn"),
            },
            place_of(resource, "RuntimeManagementConfig"),
            FunctionName=name,
        )


def _record(stack: Stack, resource: Resource) -> dict[str, Any]:
    """The function's configuration as the list of functions tells it."""
    properties = resource.properties
    code = members(properties.get("Code"))
    image = properties.get("PackageType") == "Image" or "ImageUri" in code
    record: dict[str, Any] = {
        "FunctionName": resource.name,
        "FunctionArn": f"{resource.arn}:{LATEST}",
        "Version": LATEST,
        "Role": word(properties["Role"]) if properties.get("Role") is not None else None,
        "PackageType": "Image" if image else "Zip",
        "Timeout": number(properties.get("Timeout"), SECONDS),
        "MemorySize": number(properties.get("MemorySize"), MEGABYTES),
        "TracingConfig": {"Mode": members(properties.get("TracingConfig")).get("Mode", "PassThrough")},
        "Architectures": properties.get("Architectures", ["x86_64"]),
        "CodeSha256": hashlib.sha256(json.dumps(plain(properties.get("Code")), sort_keys=True).encode()).hexdigest(),
        "LoggingConfig": _logging(properties.get("LoggingConfig"), resource),
        "State": "Active",
        "LastModified": {NOT_TOLD: "when it was last changed"},
    }
    if untold(properties.get("PackageType")):
        record["PackageType"] = properties["PackageType"]
    for name in (
        "Runtime",
        "Handler",
        "KMSKeyArn",
        "DeadLetterConfig",
        "EphemeralStorage",
        "FileSystemConfigs",
        "Description",
    ):
        if properties.get(name) is not None:
            record[name] = properties[name]
    environment = properties.get("Environment")
    if environment is not None:
        variables = members(environment).get("Variables")
        record["Environment"] = (
            environment if untold(environment) else {"Variables": {} if variables is None else variables}
        )
    if properties.get("SnapStart") is not None:
        record["SnapStart"] = properties["SnapStart"]
    if properties.get("VpcConfig") is not None:
        record["VpcConfig"] = _network(stack, properties["VpcConfig"])
    layers = properties.get("Layers")
    if layers is not None:
        record["Layers"] = layers if untold(layers) else [{"Arn": word(each)} for each in entries(layers)]
    return {name: plain(value) for name, value in record.items() if value is not None}


def _logging(value: Any, resource: Resource) -> Any:
    if untold(value):
        return value
    config = members(value)
    group = config.get("LogGroup")
    return {
        "LogFormat": config.get("LogFormat", "Text"),
        "LogGroup": f"/aws/lambda/{resource.name}" if group is None else word(group),
        **{name: held for name, held in config.items() if name.endswith("LogLevel")},
    }


def _network(stack: Stack, value: Any) -> Any:
    """The network of a function: CloudFormation names subnets and groups only, Lambda answers with the network in which these lie."""
    if untold(value):
        return value
    config = members(value)
    subnets, groups = config.get("SubnetIds"), config.get("SecurityGroupIds")
    made: dict[str, Any] = {
        "SubnetIds": subnets if untold(subnets) else [word(each) for each in entries(subnets)],
        "SecurityGroupIds": groups if untold(groups) else [word(each) for each in entries(groups)],
        "Ipv6AllowedForDualStack": switch(config.get("Ipv6AllowedForDualStack"), False),
    }
    attached = untold(subnets) or bool(made["SubnetIds"])
    network = ""
    if attached:
        for each in entries(subnets):
            subnet = stack.named(each, "AWS::EC2::Subnet")
            network = network or (word(subnet.properties.get("VpcId")) if subnet else "")
        for each in entries(groups):
            group = stack.named(each, "AWS::EC2::SecurityGroup")
            network = network or (word(group.properties.get("VpcId")) if group else "")
        network = network or "${Network}"
    return {**made, "VpcId": network}


def _reserved(resource: Resource) -> dict[str, Any]:
    value = resource.properties.get("ReservedConcurrentExecutions")
    return {} if value is None else {"Concurrency": {"ReservedConcurrentExecutions": number(value)}}


def _alias(stack: Stack, alias: Resource, function: Resource) -> dict[str, Any]:
    name = word(alias.properties.get("Name"))
    made: dict[str, Any] = {
        "Name": name,
        "AliasArn": f"{function.arn}:{name}",
        "FunctionVersion": _release(stack, alias.properties.get("FunctionVersion"), function),
    }
    weights = {
        _release(stack, members(each).get("FunctionVersion"), function): members(each).get("FunctionWeight", 0)
        for each in entries(members(alias.properties.get("RoutingConfig")).get("AdditionalVersionWeights"))
    }
    if weights:
        made["RoutingConfig"] = {"AdditionalVersionWeights": weights}
    return made


def _release(stack: Stack, value: Any, function: Resource) -> str:
    """The version that an alias names: its number, or that of the version of the stack that is meant."""
    said = word(value)
    if said == LATEST or said.isdecimal():
        return said
    versions = [each for each, _ in _about(stack, function, VERSION)]
    meant = [
        each for each in versions if said in (each.arn, each.name) or said.strip("${}").partition(".")[0] == each.id
    ]
    if meant or len(versions) == 1:
        return version_of(stack, (meant or versions)[0])
    return said or LATEST


def _urls(stack: Stack, answers: Answers, function: Resource) -> None:
    made, where = [], ""
    for resource, qualifier in _about(stack, function, "AWS::Lambda::Url"):
        properties, where = resource.properties, resource.where
        record: dict[str, Any] = {
            "FunctionArn": arn_with(function, qualifier),
            "FunctionUrl": f"https://{_host(function, qualifier)}.lambda-url.{stack.region}.on.aws/",
            "AuthType": properties.get("AuthType"),
            "InvokeMode": properties.get("InvokeMode", "BUFFERED"),
        }
        if properties.get("Cors") is not None:
            record["Cors"] = properties["Cors"]
        made.append({name: value for name, value in record.items() if value is not None})
        answers.place(f"{record['FunctionArn']}/url", place_of(resource, "AuthType"), resource.conditional)
    answers.listed("lambda:ListFunctionUrlConfigs", *made, where=where, FunctionName=function.name)


def _host(function: Resource, qualifier: str) -> str:
    """A made-up label for the host of a URL, the same for the same function."""
    return hashlib.sha256(f"{function.arn}:{qualifier}".encode()).hexdigest()[:32]


def _asynchronous(stack: Stack, answers: Answers, function: Resource) -> None:
    made, where = [], ""
    for resource, qualifier in _about(stack, function, "AWS::Lambda::EventInvokeConfig"):
        properties, where = resource.properties, resource.where
        if resource.conditional:
            why = f"{resource.id} exists only if {resource.conditional}"
            answers.untold("lambda:ListFunctionEventInvokeConfigs", why, where, FunctionName=function.name)
            return
        record: dict[str, Any] = {"FunctionArn": f"{function.arn}:{qualifier or LATEST}"}
        for name in ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"):
            if properties.get(name) is not None:
                record[name] = number(properties[name]) if name.startswith("Maximum") else properties[name]
        made.append(record)
    answers.listed("lambda:ListFunctionEventInvokeConfigs", *made, where=where, FunctionName=function.name)
