"""What the tagging service would answer: the tags of all that a stack makes, and those of the stack itself."""

from __future__ import annotations

from ....capture import NOT_TOLD
from ..resources import Resource
from .answers import BORROWED, Answers, Stack, entries, members, tag_list, untold, word

ANSWERED = ("resourcegroupstaggingapi:GetResources",)
# The properties in which types keep tags of their own.
NAMES = ("Tags", "FileSystemTags", "HostedZoneTags", "UserPoolTags", "IdentityPoolTags", "BackupVaultTags")
# The tag that CloudFormation gives to all that it makes. Source: AWS CloudFormation User Guide, "Resource tag".
STACK = "aws:cloudformation:stack-name"
# Terraform leaves no tag, but knows what it made as well; a common tag stands for its state.
TERRAFORM = "terraform"


def make(stack: Stack, answers: Answers) -> None:
    """Tags by ARN."""
    for resource in stack.template.resources:
        if not resource.arn or resource.type in BORROWED:
            continue
        record = {"ResourceARN": resource.arn.removesuffix(":*"), "Tags": tags_of(stack, resource)}
        answers.listed("resourcegroupstaggingapi:GetResources", record, where=resource.where)


def tags_of(stack: Stack, resource: Resource) -> object:
    """The tags of a resource as a list, that of its stack among them; marked where they are not told."""
    said = resource.properties
    found = next((said[name] for name in NAMES if said.get(name) is not None), None)
    if resource.type == "AWS::DynamoDB::GlobalTable":
        replicas = [members(each) for each in entries(said.get("Replicas"))]
        found = next((each.get("Tags") for each in replicas if word(each.get("Region")) == stack.region), found)
    if untold(found) or any(untold(each) for each in (entries(found) if isinstance(found, (list, tuple)) else ())):
        return {NOT_TOLD: "all of its tags"}
    return [
        *tag_list(found),
        {"Key": TERRAFORM if stack.template.format == "terraform" else STACK, "Value": stack.template.path},
    ]


def tag_map_of(stack: Stack, resource: Resource) -> object:
    """The same as a map, as some services answer with them."""
    found = tags_of(stack, resource)
    return {each["Key"]: each["Value"] for each in found} if isinstance(found, list) else found
