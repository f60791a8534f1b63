"""Tags of all that a stack makes, as the tagging service lists them."""

from __future__ import annotations

from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, tag_list

ANSWERED = ("resourcegroupstaggingapi:GetResources",)
MEMBERS = ("Tags", "UserPoolTags", "IdentityPoolTags", "FileSystemTags", "HostedZoneTags", "RepositoryTags")
# What CloudFormation puts on all that it makes. Source: AWS CloudFormation User Guide, "Resource tag".
STACK_NAME = "aws:cloudformation:stack-name"


def make(stack: Stack, answers: Answers) -> None:
    """The answer of the tagging service."""
    made = [{"ResourceARN": each.arn, "Tags": _tags(stack, each)} for each in stack.template.resources if each.arn]
    answers.listed("resourcegroupstaggingapi:GetResources", *made)


def _tags(stack: Stack, resource: Resource) -> list[dict[str, Any]]:
    own = [each for member in MEMBERS for each in tag_list(resource.properties.get(member))]
    managed = "terraform" if stack.template.format == "terraform" else STACK_NAME
    return [*own, {"Key": managed, "Value": stack.template.path}]
