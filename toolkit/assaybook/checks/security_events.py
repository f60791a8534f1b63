"""The events by which each kind of security event is recognised, as trails record them and as EventBridge carries them.

Source: AWS CloudTrail User Guide, "CloudTrail record contents"; AWS Lambda Developer Guide, "Logging Lambda API calls using AWS CloudTrail" for
the version at the end of names; CIS AWS Foundations Benchmark 3.0, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..policy.truth import Truth
from ..tables.alerting import EventWatch
from . import event_pattern, filter_pattern
from .known_event import Event, Said

CALL, SIGN_IN = "AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"
# Kind of event: the service, and the calls of which each must be noticed.
CALLS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "function-change": (
        "lambda",
        ("UpdateFunctionCode20150331v2", "UpdateFunctionConfiguration20150331v2", "AddPermission20150331v2"),
    ),
    "identity-change": (
        "iam",
        ("AttachRolePolicy", "PutRolePolicy", "AttachUserPolicy", "PutUserPolicy", "CreatePolicyVersion"),
    ),
    "trail-change": ("cloudtrail", ("StopLogging", "DeleteTrail", "UpdateTrail")),
    "key-loss": ("kms", ("DisableKey", "ScheduleKeyDeletion")),
    "bucket-policy-change": ("s3", ("PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl")),
    "recorder-stop": ("config", ("StopConfigurationRecorder", "DeleteDeliveryChannel")),
}
ROOT_SIGN_IN = "root-sign-in"


def records(kind: str, account: str, region: str) -> tuple[Event, ...]:
    """The records of a trail that stand for a kind of event, all of which something has to notice."""
    common: dict[str, Any] = {
        "awsRegion": region,
        "recipientAccountId": account,
        "errorCode": Said.ABSENT,
        "errorMessage": Said.ABSENT,
        "managementEvent": True,
        "eventCategory": "Management",
        "readOnly": False,
    }
    if kind == ROOT_SIGN_IN:
        root = {"type": "Root", "accountId": account, "arn": f"arn:aws:iam::{account}:root", "invokedBy": Said.ABSENT}
        what = {"eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin", "eventType": "AwsConsoleSignIn"}
        return ({**common, **what, "userIdentity": root, "responseElements": {"ConsoleLogin": "Success"}},)
    service, names = CALLS[kind]
    # Whoever takes over an account acts under a role that is assumed, so a watch on the root user alone notices nothing of it.
    user: dict[str, Any] = {"type": "AssumedRole", "accountId": account, "invokedBy": Said.ABSENT}
    what = {"eventSource": f"{service}.amazonaws.com", "eventType": "AwsApiCall"}
    return tuple({**common, **what, "userIdentity": user, "eventName": name} for name in names)


def carried(record: Event) -> Event:
    """The record as EventBridge carries it."""
    service = str(record["eventSource"]).partition(".")[0]
    return {
        "source": f"aws.{service}",
        "detail-type": SIGN_IN if record["eventType"] == "AwsConsoleSignIn" else CALL,
        "account": record["recipientAccountId"],
        "region": record["awsRegion"],
        "detail": record,
    }


def finding(source: str, kind: str, account: str, region: str, detail: Event) -> Event:
    """An event that a security service sends for a finding."""
    return {"source": source, "detail-type": kind, "account": account, "region": region, "detail": detail}


def notices(watch: EventWatch, record: Event) -> Truth:
    """Whether a watch notices what a record of a trail tells of, and tells somebody."""
    return looks_for(watch, record) if watch.enabled and watch.told else Truth.FALSE


def looks_for(watch: EventWatch, record: Event) -> Truth:
    """Whether the pattern of a watch is for what a record of a trail tells of, be the watch switched on or off."""
    if watch.kind == "filter":
        return filter_pattern.matches(watch.pattern, record)
    return event_pattern.matches(watch.pattern, carried(record))


def passes_on(watch: EventWatch, event: Event) -> Truth:
    """Whether a rule notices an event of EventBridge, and tells somebody."""
    if watch.kind != "rule" or not watch.enabled or not watch.told:
        return Truth.FALSE
    return event_pattern.matches(watch.pattern, event)
