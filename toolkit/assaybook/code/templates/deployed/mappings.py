"""Mappings of a stack, through which queues and streams feed functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .answers import Answers, Stack, members, number, switch, word
from .functions import FUNCTION, arn_with, split_name

ANSWERED = ("lambda:ListEventSourceMappings",)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about mappings."""
    for resource in stack.of("AWS::Lambda::EventSourceMapping"):
        properties = resource.properties
        name, qualifier = split_name(stack, properties.get("FunctionName"))
        function = stack.named(name, FUNCTION)
        arn = arn_with(function, qualifier) if function else _foreign(stack, properties.get("FunctionName"))
        enabled = switch(properties.get("Enabled"), True)
        record: dict[str, Any] = {
            "UUID": f"{stack.template.path}#{resource.id}",
            "FunctionArn": arn,
            # Where a parameter decides, it is on in some deployment.
            "State": "Disabled" if enabled is False else "Enabled",
        }
        for each in (
            "BatchSize",
            "MaximumBatchingWindowInSeconds",
            "MaximumRetryAttempts",
            "MaximumRecordAgeInSeconds",
            "BisectBatchOnFunctionError",
            "ParallelizationFactor",
            "TumblingWindowInSeconds",
        ):
            if properties.get(each) is not None:
                record[each] = switch(properties[each]) if each.startswith("Bisect") else number(properties[each])
        for each in (
            "DestinationConfig",
            "FilterCriteria",
            "FunctionResponseTypes",
            "ScalingConfig",
            "ProvisionedPollerConfig",
            "SelfManagedEventSource",
            "SourceAccessConfigurations",
            "Topics",
            "Queues",
        ):
            if properties.get(each) is not None:
                record[each] = properties[each]
        if isinstance(record.get("SelfManagedEventSource"), Mapping):
            record["SelfManagedEventSource"] = _own_cluster(record["SelfManagedEventSource"])
        if properties.get("EventSourceArn") is not None:
            record["EventSourceArn"] = word(properties["EventSourceArn"])
        answers.listed("lambda:ListEventSourceMappings", record, where=resource.where)
        answers.place(record["UUID"], resource.where, resource.conditional)


def _own_cluster(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """CloudFormation writes the servers of a self-managed cluster in other letters than the answer has them."""
    endpoints = members(value.get("Endpoints"))
    servers = endpoints.get("KafkaBootstrapServers", endpoints.get("KAFKA_BOOTSTRAP_SERVERS"))
    return value if servers is None else {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": servers}}


def _foreign(stack: Stack, value: Any) -> str:
    """The ARN of a function that the stack does not make."""
    said = word(value)
    return said if said.startswith("arn:") else stack.arn("lambda", f"function:{said}")
