"""Which events the selectors of a trail or an event data store record, as far as the checks ask.

Source: AWS CloudTrail User Guide, "Logging management events", "Logging data events" and the fields of advanced event selectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..policy.truth import Truth, every, some
from ..tables.monitoring import EventSelector, FieldSelector

FUNCTION, OBJECT = "AWS::Lambda::Function", "AWS::S3::Object"
ALL_BUCKETS = ("arn:aws:s3", "arn:aws-us-gov:s3", "arn:aws-cn:s3", "arn:aws:s3:::")
# Invoke counts as a write; the ARN in its event is that of the function.
ALL_FUNCTIONS = ("arn:aws:lambda", "arn:aws-us-gov:lambda", "arn:aws-cn:lambda")


def records_invocations(selectors: Iterable[EventSelector], function: str) -> Truth:
    """Whether invocations of a function (its ARN without version) are recorded, whoever invokes it."""
    event = {
        "eventCategory": "Data",
        "resources.type": FUNCTION,
        "resources.ARN": function,
        "readOnly": "false",
        "eventName": "Invoke",
        "eventSource": "lambda.amazonaws.com",
        "eventType": "AwsApiCall",
    }
    return some(_matches(each, event) if each.advanced else _classic(each, function) for each in selectors)


def records_objects(selectors: Iterable[EventSelector], bucket: str, *, writes: bool) -> Truth:
    """Whether reading, or writing, of every object of a bucket (its ARN) is recorded."""
    event = {
        "eventCategory": "Data",
        "resources.type": OBJECT,
        "resources.ARN": f"{bucket}/",
        "readOnly": "false" if writes else "true",
        "eventSource": "s3.amazonaws.com",
        "eventType": "AwsApiCall",
    }
    return some(_matches(each, event) if each.advanced else _of_bucket(each, bucket, writes) for each in selectors)


def _of_bucket(selector: EventSelector, bucket: str, writes: bool) -> Truth:
    if selector.reads_and_writes == ("ReadOnly" if writes else "WriteOnly"):
        return Truth.FALSE
    chosen = [value for kind, value in selector.resources if kind == OBJECT]
    if any(each in chosen for each in (*ALL_BUCKETS, f"{bucket}/")):
        return Truth.TRUE
    # A longer prefix takes in a part of the bucket's objects.
    return Truth.UNKNOWN if any(each.startswith(f"{bucket}/") for each in chosen) else Truth.FALSE


def records_management(selectors: Iterable[EventSelector]) -> Truth:
    """Whether all changes that go through the control plane are recorded, whichever service they concern."""
    event = {"eventCategory": "Management", "readOnly": "false", "eventType": "AwsApiCall"}
    return some(
        _matches(each, event)
        if each.advanced
        else Truth.of(each.management and each.reads_and_writes in ("All", "WriteOnly"))
        for each in selectors
    )


def _classic(selector: EventSelector, function: str) -> Truth:
    if selector.reads_and_writes == "ReadOnly":
        return Truth.FALSE
    chosen = {value for kind, value in selector.resources if kind == FUNCTION}
    return Truth.of(function in chosen or any(each in chosen for each in ALL_FUNCTIONS))


def _matches(selector: EventSelector, event: Mapping[str, str]) -> Truth:
    """Whether all fields match. A field that the event leaves open narrows the answer to some events: it cannot be told for all."""
    return every(_field(each, event) for each in selector.fields)


def _field(field: FieldSelector, event: Mapping[str, str]) -> Truth:
    value = event.get(field.field)
    if value is None:
        return Truth.UNKNOWN
    wanted = [value in field.equals] * bool(field.equals)
    wanted += [value.startswith(field.starts_with)] * bool(field.starts_with)
    wanted += [value.endswith(field.ends_with)] * bool(field.ends_with)
    refused = (
        value in field.not_equals or value.startswith(field.not_starts_with) or value.endswith(field.not_ends_with)
    )
    return Truth.of((not wanted or any(wanted)) and not refused)
