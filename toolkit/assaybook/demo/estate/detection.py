"""What the provider's security services answer: findings, standards, analyzers, recorders. An emulator has next to none of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange, Refusal
from .names import ACCOUNT, US, arn

# Id, type, severity, day, title. The first waits since August; the last was made for practice.
FINDINGS = (
    (
        "30c1f00d00000000000000000000a001",
        "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
        8.0,
        "2026-08-21",
        "",
    ),
    ("30c1f00d00000000000000000000a002", "Discovery:S3/MaliciousIPCaller", 8.0, "2026-11-09", ""),
    ("30c1f00d00000000000000000000a003", "Backdoor:Lambda/C&CActivity.B", 8.0, "2026-10-05", "[SAMPLE] "),
)
SAMPLES = ("30c1f00d00000000000000000000a003", "30c1f00d00000000000000000000b001", "30c1f00d00000000000000000000b002")
STANDARDS = ("aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/3.0.0")
NOT_SUBSCRIBED = Refusal("InvalidAccessException", f"Account {ACCOUNT} is not subscribed to AWS Security Hub", 401)


def detection_fills() -> dict[tuple[str, str], Fill]:
    """What answers for GuardDuty, Security Hub, Access Analyzer and Config."""
    return {
        ("guardduty", "GetAdministratorAccount"): lambda _: {},
        ("guardduty", "ListPublishingDestinations"): lambda _: {"Destinations": []},
        ("guardduty", "ListFindings"): _finding_ids,
        ("guardduty", "GetFindings"): _findings,
        ("securityhub", "DescribeHub"): lambda asked: _hub() if asked.region == US else NOT_SUBSCRIBED,
        ("securityhub", "GetEnabledStandards"): lambda asked: _standards() if asked.region == US else NOT_SUBSCRIBED,
        ("securityhub", "GetAdministratorAccount"): lambda asked: {} if asked.region == US else NOT_SUBSCRIBED,
        ("accessanalyzer", "ListAnalyzers"): _analyzers,
        ("accessanalyzer", "ListFindingsV2"): _outside,
        ("config", "DescribeConfigurationRecorders"): _recorders,
        ("config", "DescribeConfigurationRecorderStatus"): _recorder_status,
        ("config", "DescribeDeliveryChannelStatus"): _deliveries,
    }


def _finding_ids(asked: Exchange) -> Answer:
    sample = "service.additionalInfo.sample" in asked.params["FindingCriteria"]["Criterion"]
    return {"FindingIds": list(SAMPLES) if sample else [each[0] for each in FINDINGS]}


def _findings(asked: Exchange) -> Answer:
    wanted = asked.params["FindingIds"]
    return {"Findings": [_finding(*each) for each in FINDINGS if each[0] in wanted]}


def _finding(id: str, kind: str, severity: float, day: str, mark: str) -> dict[str, Any]:
    return {
        "AccountId": ACCOUNT,
        "Arn": arn("guardduty", f"detector/demo/finding/{id}"),
        "CreatedAt": f"{day}T06:12:40.000Z",
        "UpdatedAt": f"{day}T06:40:02.000Z",
        "Id": id,
        "Partition": "aws",
        "Region": US,
        "Resource": {"ResourceType": "AccessKey"},
        "SchemaVersion": "2.0",
        "Service": {"Archived": False, "Count": 2, "ServiceName": "guardduty", "ResourceRole": "TARGET"},
        "Severity": severity,
        "Title": f"{mark}An API was called in an unusual way.",
        "Type": kind,
    }


def _hub() -> dict[str, Any]:
    return {
        "HubArn": arn("securityhub", "hub/default"),
        "SubscribedAt": "2024-01-30T09:00:17.000Z",
        "AutoEnableControls": True,
        "ControlFindingGenerator": "SECURITY_CONTROL",
    }


def _standards() -> dict[str, Any]:
    return {
        "StandardsSubscriptions": [
            {
                "StandardsSubscriptionArn": arn("securityhub", f"subscription/{each}"),
                "StandardsArn": f"arn:aws:securityhub:{US}::standards/{each}",
                "StandardsInput": {},
                "StandardsStatus": "READY",
            }
            for each in STANDARDS
        ]
    }


def _analyzers(asked: Exchange) -> Answer:
    made = [("outside", "ACCOUNT"), *([("unused", "ACCOUNT_UNUSED_ACCESS")] if asked.region == US else [])]
    return {
        "analyzers": [
            {
                "arn": arn("access-analyzer", f"analyzer/{name}", asked.region),
                "name": name,
                "type": kind,
                "createdAt": datetime(2024, 1, 30, 9, tzinfo=UTC),
                "status": "ACTIVE",
            }
            for name, kind in made
        ]
    }


def _outside(asked: Exchange) -> Answer:
    """What others can reach: known to the analyzer since spring, and never decided."""
    if asked.region != US:
        return {"findings": []}
    open_since = datetime(2026, 4, 14, 3, 20, tzinfo=UTC)
    things = (
        (arn("sns", "carrier-status"), "AWS::SNS::Topic"),
        ("arn:aws:s3:::northwind-shop-pictures", "AWS::S3::Bucket"),
    )
    return {
        "findings": [
            {
                "id": f"0a1b2c3d-0000-4000-8000-0000000000e{number}",
                "resource": resource,
                "resourceType": kind,
                "resourceOwnerAccount": ACCOUNT,
                "status": "ACTIVE",
                "findingType": "ExternalAccess",
                "analyzedAt": open_since,
                "createdAt": open_since,
                "updatedAt": open_since,
            }
            for number, (resource, kind) in enumerate(things)
        ]
    }


def _recorders(asked: Exchange) -> Answer:
    """Everything in the first region; in Europe functions only, since somebody saved on the bill."""
    group: dict[str, Any] = {
        "allSupported": True,
        "includeGlobalResourceTypes": True,
        "resourceTypes": [],
        "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
    }
    if asked.region != US:
        group = {
            "allSupported": False,
            "includeGlobalResourceTypes": False,
            "resourceTypes": ["AWS::Lambda::Function"],
            "recordingStrategy": {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"},
        }
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    one = {
        "arn": arn("config", "configuration-recorder/default/abcdefgh12345678", asked.region),
        "name": "default",
        "roleARN": role,
        "recordingGroup": group,
        "recordingMode": {"recordingFrequency": "CONTINUOUS", "recordingModeOverrides": []},
        "recordingScope": "PAID",
    }
    return {"ConfigurationRecorders": [one]}


def _recorder_status(asked: Exchange) -> Answer:
    started = datetime(2024, 1, 30, 9, tzinfo=UTC)
    one = {
        "name": "default",
        "lastStartTime": started,
        "recording": True,
        "lastStatus": "SUCCESS",
        "lastStatusChangeTime": started,
    }
    return {"ConfigurationRecordersStatus": [one]}


def _deliveries(asked: Exchange) -> Answer:
    last = datetime(2026, 11, 16, 2, 5, tzinfo=UTC)
    delivered = {"lastStatus": "SUCCESS", "lastAttemptTime": last, "lastSuccessfulTime": last}
    streamed = {"lastStatus": "SUCCESS", "lastStatusChangeTime": last}
    one = {
        "name": "default",
        "configSnapshotDeliveryInfo": delivered,
        "configHistoryDeliveryInfo": delivered,
        "configStreamDeliveryInfo": streamed,
    }
    return {"DeliveryChannelsStatus": [one]}
