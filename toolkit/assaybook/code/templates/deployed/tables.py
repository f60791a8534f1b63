"""What Amazon DynamoDB, Kinesis and Data Firehose would answer about the tables and streams of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Record, Stack, entries, members, place_of, plain, policy, switch, untold, word
from .attached import attached, tell_policy

TABLE, GLOBAL_TABLE = "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"
STREAM, STREAM_POLICY = "AWS::Kinesis::Stream", "AWS::Kinesis::ResourcePolicy"
DELIVERY_STREAM = "AWS::KinesisFirehose::DeliveryStream"
ANSWERED = (
    "dynamodb:ListTables",
    "dynamodb:DescribeTable",
    "dynamodb:GetResourcePolicy",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTimeToLive",
    "kinesis:ListStreams",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetResourcePolicy",
    "firehose:ListDeliveryStreams",
    "firehose:DescribeDeliveryStream",
)
NOT_FROM_TEMPLATES: Mapping[str, str] = dict.fromkeys(
    ("dynamodb:ListExports", "dynamodb:DescribeExport"), "exports are made while a table is in use"
)
# What feeds a delivery stream, if nobody puts records into it directly, by the property that names it.
FED_BY = {
    "KinesisStreamSourceConfiguration": "KinesisStreamAsSource",
    "MSKSourceConfiguration": "MSKAsSource",
    "DatabaseSourceConfiguration": "DatabaseAsSource",
}


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every table, stream and delivery stream."""
    for table in stack.of(TABLE, GLOBAL_TABLE):
        _table(stack, answers, table)
    for stream in stack.of(STREAM):
        _stream(stack, answers, stream)
    for stream in stack.of(DELIVERY_STREAM):
        _delivery_stream(stack, answers, stream)


def state(value: Any, on: str = "ENABLED", off: str = "DISABLED") -> Any:
    """A switch as the word in which a service tells it; what is not resolved stays marked."""
    said = switch(value, False)
    return on if said is True else off if said is False else plain(said)


def _table(stack: Stack, answers: Answers, table: Resource) -> None:
    name = table.name or table.id
    arn = stack.arn("dynamodb", f"table/{name}")
    answers.place(arn, table.where, table.conditional)
    answers.listed("dynamodb:ListTables", name, where=table.where)
    said = {**table.properties, **_here(stack, table)}
    described = {
        "TableName": name,
        "TableArn": arn,
        "TableStatus": "ACTIVE",
        "DeletionProtectionEnabled": switch(said.get("DeletionProtectionEnabled"), False),
        **_encryption(stack, said),
    }
    if said.get("StreamSpecification") is not None:
        described |= {"StreamSpecification": said["StreamSpecification"], "LatestStreamArn": f"{arn}/stream/label"}
    where = place_of(table, "SSESpecification")
    answers.told("dynamodb:DescribeTable", {"Table": described}, where, TableName=name)
    holder, call = said.get("ResourcePolicy"), "dynamodb:GetResourcePolicy"
    if untold(holder):
        answers.untold(call, "ResourcePolicy is not resolved", table.where, ResourceArn=arn)
    elif holder is None:
        answers.absent(call, table.where, ResourceArn=arn)
    elif untold(members(holder).get("PolicyDocument")):
        answers.untold(call, "PolicyDocument is not resolved", table.where, ResourceArn=arn)
    else:
        text = policy(members(holder).get("PolicyDocument") or {})
        answers.told(call, {"Policy": text}, place_of(table, "ResourcePolicy"), ResourceArn=arn)
    kept = said.get("PointInTimeRecoverySpecification")
    status = plain(kept) if untold(kept) else state(members(kept).get("PointInTimeRecoveryEnabled"))
    backups = {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status},
    }
    where = place_of(table, "PointInTimeRecoverySpecification")
    answers.told("dynamodb:DescribeContinuousBackups", {"ContinuousBackupsDescription": backups}, where, TableName=name)
    expiry = said.get("TimeToLiveSpecification")
    status = plain(expiry) if untold(expiry) else state(members(expiry).get("Enabled"))
    lives = {"TimeToLiveStatus": status, "AttributeName": word(members(expiry).get("AttributeName"))}
    where = place_of(table, "TimeToLiveSpecification")
    answers.told("dynamodb:DescribeTimeToLive", {"TimeToLiveDescription": lives}, where, TableName=name)


def _here(stack: Stack, table: Resource) -> Record:
    """What a table of several regions says of its replica in the region of the stack."""
    if table.type != GLOBAL_TABLE:
        return {}
    replicas = [members(each) for each in entries(table.properties.get("Replicas"))]
    own = [each for each in replicas if word(each.get("Region")) == stack.region]
    return own[0] if own else replicas[0] if len(replicas) == 1 else {}


def _encryption(stack: Stack, said: Record) -> Record:
    """DynamoDB encrypts with a key of its own where nothing is said. Source: Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest"."""
    chosen = said.get("SSESpecification")
    if untold(chosen):
        return {"SSEDescription": {"Status": plain(chosen), "KMSMasterKeyArn": plain(chosen)}}
    # A table of several regions names the key beside its replica.
    replica = members(said.get("ReplicaSSESpecification"))
    key = members(chosen).get("KMSMasterKeyId", replica.get("KMSMasterKeyId"))
    if switch(members(chosen).get("SSEEnabled"), False) is False:
        return {}
    managed = stack.arn("kms", "alias/aws/dynamodb")
    status = state(members(chosen).get("SSEEnabled"))
    return {
        "SSEDescription": {
            "Status": status,
            "SSEType": "KMS",
            "KMSMasterKeyArn": managed if key is None else plain(key),
        }
    }


def _stream(stack: Stack, answers: Answers, stream: Resource) -> None:
    name = stream.name or stream.id
    arn = stack.arn("kinesis", f"stream/{name}")
    answers.place(arn, stream.where, stream.conditional)
    answers.listed("kinesis:ListStreams", name, where=stream.where)
    chosen = stream.properties.get("StreamEncryption")
    kind = (
        plain(chosen)
        if untold(chosen)
        else plain(members(chosen).get("EncryptionType", "NONE" if chosen is None else "KMS"))
    )
    key = {} if members(chosen).get("KeyId") is None else {"KeyId": plain(members(chosen)["KeyId"])}
    summary = {"StreamName": name, "StreamARN": arn, "EncryptionType": kind, **key}
    where = place_of(stream, "StreamEncryption")
    answers.told("kinesis:DescribeStreamSummary", {"StreamDescriptionSummary": summary}, where, StreamName=name)
    found = attached(
        stack, stream, (STREAM_POLICY,), ("ResourceArn",), lambda value: stack.named(value, STREAM) is stream
    )
    tell_policy(answers, "kinesis:GetResourcePolicy", "Policy", found, "ResourcePolicy", stream.where, ResourceARN=arn)


def _delivery_stream(stack: Stack, answers: Answers, stream: Resource) -> None:
    """In the form to which the plan cuts the answer."""
    name, said = stream.name or stream.id, stream.properties
    arn = stack.arn("firehose", f"deliverystream/{name}")
    answers.place(arn, stream.where, stream.conditional)
    answers.listed("firehose:ListDeliveryStreams", name, where=stream.where, also={"HasMoreDeliveryStreams": False})
    chosen = said.get("DeliveryStreamEncryptionConfigurationInput")
    encryption: dict[str, Any] = {"Status": "DISABLED"}
    if chosen is not None:
        key = members(chosen).get("KeyARN")
        encryption = {
            "Status": plain(chosen) if untold(chosen) else "ENABLED",
            **({} if key is None else {"KeyARN": plain(key)}),
        }
    fed = next((kind for property, kind in FED_BY.items() if property in said), "DirectPut")
    destinations = [
        {
            "Bucket": word(members(value).get("BucketARN")) or None if "S3" in property else None,
            "Prefix": word(members(value).get("Prefix")),
            "Members": ["DestinationId", property.replace("Configuration", "Description")],
        }
        for property, value in sorted(said.items())
        if property.endswith("DestinationConfiguration")
    ]
    described = {
        "DeliveryStreamName": name,
        "DeliveryStreamARN": arn,
        "DeliveryStreamType": plain(said.get("DeliveryStreamType", fed)),
        "DeliveryStreamEncryptionConfiguration": encryption,
        "Destinations": destinations,
    }
    answers.told(
        "firehose:DescribeDeliveryStream",
        {"DeliveryStreamDescription": described},
        stream.where,
        DeliveryStreamName=name,
    )
