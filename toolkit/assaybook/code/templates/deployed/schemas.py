"""What EventBridge Schemas and Athena would answer about the schemas of events and the saved queries of a stack."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .answers import Answers, Record, Stack, place_of, plain, symbolic, untold, word

REGISTRY, SCHEMA = "AWS::EventSchemas::Registry", "AWS::EventSchemas::Schema"
GROUP, QUERY = "AWS::Athena::WorkGroup", "AWS::Athena::NamedQuery"
ANSWERED = ("schemas:ListRegistries", "schemas:ListSchemas", "schemas:DescribeSchema")
AS_DECLARED: Mapping[str, str] = {"athena:ListWorkGroups": "queries are often saved by hand"}
WHERE_DECLARED: Mapping[str, str] = {"athena:ListNamedQueries": "queries are often saved by hand"}
# The group to which a query belongs that names none. Source: AWS CloudFormation Template Reference, "AWS::Athena::NamedQuery" (WorkGroup).
PRIMARY = "primary"


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every schema and saved query."""
    held: dict[str, list[Record]] = {each.name: [] for each in stack.of(REGISTRY)}
    for each in stack.of(SCHEMA):
        registry = stack.named(each.properties.get("RegistryName"), REGISTRY)
        inside = registry.name if registry else word(each.properties.get("RegistryName"))
        name, content = word(each.properties.get("SchemaName")) or each.name, each.properties.get("Content")
        arn = stack.arn("schemas", f"schema/{inside}/{name}")
        answers.place(arn, each.where, each.conditional)
        held.setdefault(inside, []).append({"SchemaName": name, "SchemaArn": arn})
        text = (
            plain(content)
            if untold(content) or isinstance(content, str)
            else json.dumps(symbolic(content), sort_keys=True)
        )
        asked = {"RegistryName": inside, "SchemaName": name}
        answers.told("schemas:DescribeSchema", {**asked, "Content": text}, place_of(each, "Content"), **asked)
    for name, records in held.items():
        answers.listed("schemas:ListRegistries", {"RegistryName": name})
        answers.listed("schemas:ListSchemas", *records, RegistryName=name)
    saved: dict[str, list[str]] = {}
    for each in stack.of(QUERY):
        group = stack.named(each.properties.get("WorkGroup"), GROUP)
        saved.setdefault(
            group.name if group else word(each.properties.get("WorkGroup"), PRIMARY) or PRIMARY, []
        ).append(each.id)
    for name, ids in saved.items():
        answers.listed("athena:ListWorkGroups", {"Name": name})
        answers.listed("athena:ListNamedQueries", *ids, WorkGroup=name)
