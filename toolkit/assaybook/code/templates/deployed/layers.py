"""Layers of a stack, and what it demands of signed code."""

from __future__ import annotations

from ..resources import Resource
from .answers import Answers, Stack, members, word

FUNCTION, LAYER = "AWS::Lambda::Function", "AWS::Lambda::LayerVersion"
LAYER_PERMISSION = "AWS::Lambda::LayerVersionPermission"

ANSWERED = (
    "lambda:GetLayerVersionByArn",
    "lambda:ListLayers",
    "lambda:ListCodeSigningConfigs",
    "lambda:ListFunctionsByCodeSigningConfig",
    "signer:ListSigningProfiles",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about layers and code signing."""
    _layers(stack, answers)
    _signing(stack, answers)


def _layers(stack: Stack, answers: Answers) -> None:
    versions = {}
    for resource in stack.of(LAYER):
        arn = layer_arn(stack, resource)
        versions[arn] = resource
        name, _, number = arn.rpartition(":")
        answers.told(
            "lambda:GetLayerVersionByArn",
            {"LayerArn": name, "LayerVersionArn": arn, "Version": int(number)},
            resource.where,
            Arn=arn,
        )
        record = {
            "LayerName": resource.name,
            "LayerArn": name,
            "LatestMatchingVersion": {"Version": int(number), "LayerVersionArn": arn},
        }
        answers.listed("lambda:ListLayers", record, where=resource.where)
        answers.place(arn, resource.where, resource.conditional)


def layer_arn(stack: Stack, resource: Resource) -> str:
    """The ARN of a layer's version: its own if that has a number, else the first version under its name."""
    if ":layer:" in resource.arn and resource.arn.rpartition(":")[2].isdecimal():
        return resource.arn
    return stack.arn("lambda", f"layer:{resource.name}:1")


def _signing(stack: Stack, answers: Answers) -> None:
    for resource in stack.of("AWS::Lambda::CodeSigningConfig"):
        properties = resource.properties
        policies = {"UntrustedArtifactOnDeployment": "Warn", **members(properties.get("CodeSigningPolicies"))}
        record = {
            "CodeSigningConfigArn": resource.arn,
            "AllowedPublishers": properties.get("AllowedPublishers", {}),
            "CodeSigningPolicies": policies,
        }
        answers.listed("lambda:ListCodeSigningConfigs", record, where=resource.where)
        bound = [
            each.arn
            for each in stack.of(FUNCTION)
            if word(each.properties.get("CodeSigningConfigArn")) in (resource.arn, resource.id)
        ]
        answers.listed(
            "lambda:ListFunctionsByCodeSigningConfig", *bound, where=resource.where, CodeSigningConfigArn=resource.arn
        )
    for resource in stack.of("AWS::Signer::SigningProfile"):
        version = resource.arn if resource.arn.count("/") > 2 else f"{resource.arn}/1"
        record = {"profileName": resource.name, "arn": resource.arn, "profileVersionArn": version, "status": "Active"}
        answers.listed("signer:ListSigningProfiles", record, where=resource.where)
