"""Queues, streams and brokers that functions of a service read from.

Source: Serverless Framework documentation, "AWS Lambda Events".
"""

from __future__ import annotations

import re
from typing import Any

from .located import Block, block
from .serverless_parts import At, Service, arn_of, function_id, items, logical
from .serverless_roles import reading, stream_kind


def number_of(service: Service, start: str) -> int:
    """The number of the next resource whose logical id begins so."""
    return 1 + sum(1 for each in service.resources if re.fullmatch(rf"{re.escape(start)}\d+", each))


def add_sqs(service: Service, function: str, said: Any, at: At) -> None:
    """Let a function take the messages of a queue."""
    arn = block(said).get("arn", said)
    service.statements.append((reading("sqs", arn), at.line))
    _mapping(service, function, "SQS", arn, block(said), at)


def add_stream(service: Service, function: str, said: Any, at: At) -> None:
    """Let a function read a stream."""
    arn, kind = block(said).get("arn", said), stream_kind(said)
    statement = reading(kind, arn)
    if statement is not None:
        service.statements.append((statement, at.line))
    _mapping(service, function, kind.capitalize(), arn, block(said), at)


def add_broker(service: Service, function: str, said: Any, at: At) -> None:
    """Let a function take the messages of a broker or of a Kafka cluster of the provider."""
    _mapping(service, function, "Broker", block(said).get("arn", said), block(said), at)


def add_kafka(service: Service, function: str, said: Any, at: At) -> None:
    """Let a function read a Kafka cluster of somebody else."""
    settings = block(said)
    servers = settings.get("bootstrapServers")
    properties = {
        "FunctionName": {"Ref": function_id(function)},
        "SelfManagedEventSource": {"Endpoints": {"KafkaBootstrapServers": servers}},
        "Topics": [settings.get("topic")],
        "StartingPosition": settings.get("startingPosition", "TRIM_HORIZON"),
    }
    start = f"{logical(function)}EventSourceMappingKafka"
    service.add(f"{start}{number_of(service, start)}", "AWS::Lambda::EventSourceMapping", properties, at)


def _mapping(service: Service, function: str, kind: str, arn: Any, settings: Block, at: At) -> None:
    failure = block(settings.get("destinations")).get("onFailure")
    destination = failure.get("arn", failure) if isinstance(failure, Block) else failure
    properties = {
        "EventSourceArn": arn,
        "FunctionName": arn_of(function_id(function)),
        "BatchSize": settings.get("batchSize"),
        "Enabled": settings.get("enabled", True),
        "StartingPosition": settings.get("startingPosition", None if kind in ("SQS", "Broker") else "TRIM_HORIZON"),
        "FunctionResponseTypes": [settings["functionResponseType"]] if "functionResponseType" in settings else None,
        "MaximumRetryAttempts": settings.get("maximumRetryAttempts"),
        "BisectBatchOnFunctionError": settings.get("bisectBatchOnFunctionError"),
        "FilterCriteria": {
            "Filters": [{"Pattern": {"Fn::ToJsonString": each}} for each, _ in items(settings["filterPatterns"])]
        }
        if "filterPatterns" in settings
        else None,
        "DestinationConfig": {"OnFailure": {"Destination": destination}} if destination is not None else None,
    }
    start = f"{logical(function)}EventSourceMapping{kind}"
    service.add(f"{start}{number_of(service, start)}", "AWS::Lambda::EventSourceMapping", properties, at)
