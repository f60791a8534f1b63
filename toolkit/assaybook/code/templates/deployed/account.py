"""What the services that watch an account as a whole would answer, as far as a stack declares them.

A trail, detector, recorder or budget that a template declares is evidence of itself. That a template declares none says nothing about the account, so that then nothing is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....capture import UNRESOLVED
from ..resources import Resource
from .answers import Answers, Record, Stack, entries, members, number, place_of, plain, switch, untold, word

TRAIL, EVENT_STORE = "AWS::CloudTrail::Trail", "AWS::CloudTrail::EventDataStore"
BUCKET, GROUP = "AWS::S3::Bucket", "AWS::Logs::LogGroup"
ELSEWHERE = "a template tells only of its own; trails and the like are mostly set up for the account as a whole"
AS_DECLARED: Mapping[str, str] = dict.fromkeys(
    (
        "cloudtrail:DescribeTrails",
        "cloudtrail:ListEventDataStores",
        "budgets:DescribeBudgets",
        "accessanalyzer:ListAnalyzers",
        "config:DescribeConfigurationRecorders",
        "ce:GetAnomalyMonitors",
    ),
    ELSEWHERE,
)
WHERE_DECLARED: Mapping[str, str] = dict.fromkeys(
    (
        "cloudtrail:GetTrailStatus",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetEventDataStore",
        "guardduty:ListDetectors",
        "guardduty:GetDetector",
        "budgets:DescribeBudgetNotificationsForAccount",
        "config:DescribeConfigurationRecorderStatus",
        "securityhub:DescribeHub",
        "securityhub:GetEnabledStandards",
        "macie2:GetMacieSession",
        "ce:GetAnomalySubscriptions",
    ),
    ELSEWHERE,
)
NOT_FROM_TEMPLATES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "guardduty:ListFindings",
            "guardduty:GetFindings",
            "guardduty:ListFindings/sample",
            "accessanalyzer:ListFindingsV2",
            "cloudtrail:LookupEvents/code",
            "cloudtrail:LookupEvents/configuration",
            "cloudtrail:LookupEvents/permission",
            "inspector2:ListCoverage",
            "config:DescribeDeliveryChannelStatus",
        ),
        "what happened while an account was in use is in no template",
    ),
    **dict.fromkeys(
        (
            "guardduty:GetAdministratorAccount",
            "guardduty:ListPublishingDestinations",
            "securityhub:GetAdministratorAccount",
            "inspector2:BatchGetAccountStatus",
            "macie2:GetAutomatedDiscoveryConfiguration",
            "macie2:ListClassificationJobs",
        ),
        ELSEWHERE,
    ),
}
# The features of threat detection that concern serverless applications.
FEATURES = ("LAMBDA_NETWORK_LOGS", "S3_DATA_EVENTS")


def make(stack: Stack, answers: Answers) -> None:
    """Answers about the trails, detectors, recorders, hubs, analyzers and budgets that the stack declares."""
    for trail in stack.of(TRAIL):
        _trail(stack, answers, trail)
    for store in stack.of(EVENT_STORE):
        _event_store(stack, answers, store)
    for detector in stack.of("AWS::GuardDuty::Detector"):
        id = detector.name or detector.id
        answers.listed("guardduty:ListDetectors", id, where=detector.where)
        on = switch(detector.properties.get("Enable"), True)
        features = _features(detector)
        status = {True: "ENABLED", False: "DISABLED"}[on] if isinstance(on, bool) else on
        answers.told("guardduty:GetDetector", {"Status": status, "Features": features}, detector.where, DetectorId=id)
    for analyzer in stack.of("AWS::AccessAnalyzer::Analyzer"):
        name = analyzer.properties.get("AnalyzerName")
        record = {
            "arn": analyzer.arn,
            "name": analyzer.name if name is None else word(name),
            "type": plain(analyzer.properties.get("Type", "ACCOUNT")),
            "status": "ACTIVE",
        }
        answers.place(analyzer.arn, analyzer.where, analyzer.conditional)
        answers.listed("accessanalyzer:ListAnalyzers", record, where=analyzer.where)
    for recorder in stack.of("AWS::Config::ConfigurationRecorder"):
        _recorder(stack, answers, recorder)
    for hub in stack.of("AWS::SecurityHub::Hub"):
        answers.told("securityhub:DescribeHub", {"HubArn": hub.arn}, hub.where)
        _standards(stack, answers, hub)
    for session in stack.of("AWS::Macie::Session"):
        answers.told(
            "macie2:GetMacieSession", {"status": plain(session.properties.get("Status", "ENABLED"))}, session.where
        )
    _budgets(stack, answers)


def _features(detector: Resource) -> list[Record]:
    """What a detector looks at: what it declares, and by a default that changed over time whatever else there is."""
    declared = [
        {"Name": word(members(each).get("Name")), "Status": plain(members(each).get("Status"))}
        for each in entries(detector.properties.get("Features"))
    ]
    named = [each["Name"] for each in declared]
    usual = {
        UNRESOLVED: "Status",
        "why": "Features does not name it, so that GuardDuty's default counts",
        "where": detector.where,
    }
    return [*declared, *({"Name": each, "Status": usual} for each in FEATURES if each not in named)]


def _trail(stack: Stack, answers: Answers, trail: Resource) -> None:
    """Source of what holds where nothing is said: AWS CloudFormation Template Reference, "AWS::CloudTrail::Trail"."""
    said, name = trail.properties, trail.name or trail.id
    arn = stack.arn("cloudtrail", f"trail/{name}")
    answers.place(arn, trail.where, trail.conditional)
    bucket = stack.named(said.get("S3BucketName"), BUCKET)
    record: dict[str, Any] = {
        "Name": name,
        "TrailARN": arn,
        "HomeRegion": stack.region,
        "S3BucketName": (bucket.name or bucket.id) if bucket else word(said.get("S3BucketName")),
        "S3KeyPrefix": word(said.get("S3KeyPrefix")),
        "IsMultiRegionTrail": switch(said.get("IsMultiRegionTrail"), False),
        "IsOrganizationTrail": switch(said.get("IsOrganizationTrail"), False),
        "LogFileValidationEnabled": switch(said.get("EnableLogFileValidation"), False),
        "IncludeGlobalServiceEvents": switch(said.get("IncludeGlobalServiceEvents"), False),
    }
    if said.get("KMSKeyId") not in (None, ""):
        record["KmsKeyId"] = plain(said["KMSKeyId"])
    if said.get("CloudWatchLogsLogGroupArn") is not None:
        group = stack.named(said["CloudWatchLogsLogGroupArn"], GROUP)
        named = word(said["CloudWatchLogsLogGroupArn"])
        record["CloudWatchLogsLogGroupArn"] = stack.arn("logs", f"log-group:{group.name}:*") if group else named
    answers.listed("cloudtrail:DescribeTrails", record, where=trail.where)
    answers.told(
        "cloudtrail:GetTrailStatus",
        {"IsLogging": switch(said.get("IsLogging"), False)},
        place_of(trail, "IsLogging"),
        Name=arn,
    )
    selectors = _selectors(said)
    answers.told(
        "cloudtrail:GetEventSelectors", {"TrailARN": arn, **selectors}, place_of(trail, "EventSelectors"), TrailName=arn
    )


def _selectors(said: Mapping[str, Any]) -> Record:
    """A trail for which nobody chose events records all that manage."""
    classic, advanced = said.get("EventSelectors"), said.get("AdvancedEventSelectors")
    made: dict[str, Any] = {}
    if advanced is not None:
        made["AdvancedEventSelectors"] = _advanced(advanced)
    if classic is not None:
        made["EventSelectors"] = plain(classic) if untold(classic) else [_classic(each) for each in entries(classic)]
    return made or {"EventSelectors": []}


def _classic(selector: Any) -> Any:
    if untold(selector):
        return plain(selector)
    said = members(selector)
    made: dict[str, Any] = {
        "ReadWriteType": plain(said.get("ReadWriteType", "All")),
        "IncludeManagementEvents": switch(said.get("IncludeManagementEvents"), True),
    }
    resources = said.get("DataResources")
    if untold(resources):
        made["DataResources"] = plain(resources)
    else:
        made["DataResources"] = [
            {
                "Type": plain(members(each).get("Type")),
                "Values": [word(one) for one in entries(members(each).get("Values"))],
            }
            for each in entries(resources)
        ]
    return made


def _advanced(value: Any) -> Any:
    return plain(value) if untold(value) else [plain(each) for each in entries(value)]


def _event_store(stack: Stack, answers: Answers, store: Resource) -> None:
    """Source of what holds where nothing is said: AWS CloudFormation Template Reference, "AWS::CloudTrail::EventDataStore"."""
    said = store.properties
    arn = store.arn if ":eventdatastore/" in store.arn else stack.arn("cloudtrail", f"eventdatastore/{store.name}")
    name = word(said.get("Name")) or store.name
    answers.place(arn, store.where, store.conditional)
    answers.listed("cloudtrail:ListEventDataStores", {"EventDataStoreArn": arn, "Name": name}, where=store.where)
    ingests = switch(said.get("IngestionEnabled"), True)
    status = {True: "ENABLED", False: "STOPPED_INGESTION"}[ingests] if isinstance(ingests, bool) else ingests
    chosen = said.get("AdvancedEventSelectors")
    usual = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    detail = {
        "EventDataStoreArn": arn,
        "Name": name,
        "Status": status,
        "MultiRegionEnabled": switch(said.get("MultiRegionEnabled"), True),
        "OrganizationEnabled": switch(said.get("OrganizationEnabled"), False),
        "TerminationProtectionEnabled": switch(said.get("TerminationProtectionEnabled"), True),
        "RetentionPeriod": number(said.get("RetentionPeriod"), 366),
        "AdvancedEventSelectors": usual if chosen is None else _advanced(chosen),
    }
    answers.told("cloudtrail:GetEventDataStore", detail, store.where, EventDataStore=arn)


def _recorder(stack: Stack, answers: Answers, recorder: Resource) -> None:
    name, group = recorder.name or recorder.id, recorder.properties.get("RecordingGroup")
    answers.place(recorder.arn, recorder.where, recorder.conditional)
    said = members(group)
    chosen: dict[str, Any] = {
        "allSupported": switch(said.get("AllSupported"), group is None),
        "includeGlobalResourceTypes": switch(said.get("IncludeGlobalResourceTypes"), False),
        "resourceTypes": plain(said.get("ResourceTypes", [])),
    }
    if said.get("RecordingStrategy") is not None:
        chosen["recordingStrategy"] = {"useOnly": plain(members(said["RecordingStrategy"]).get("UseOnly"))}
    if said.get("ExclusionByResourceTypes") is not None:
        chosen["exclusionByResourceTypes"] = {
            "resourceTypes": plain(members(said["ExclusionByResourceTypes"]).get("ResourceTypes", []))
        }
    record = {"name": name, "recordingGroup": plain(group) if untold(group) else chosen}
    if recorder.arn.startswith("arn:"):
        record["arn"] = recorder.arn
    answers.listed("config:DescribeConfigurationRecorders", record, where=recorder.where)
    channels = stack.of("AWS::Config::DeliveryChannel")
    if channels:
        # With a channel to deliver to, CloudFormation starts the recorder. Source: AWS CloudFormation Template Reference, "AWS::Config::ConfigurationRecorder".
        answers.listed(
            "config:DescribeConfigurationRecorderStatus", {"name": name, "recording": True}, where=channels[0].where
        )


def _standards(stack: Stack, answers: Answers, hub: Resource) -> None:
    """A hub subscribes to the standards that are on by default unless it says otherwise; which these are changes, so that only declared ones are told."""
    found = stack.of("AWS::SecurityHub::Standard")
    if found or switch(hub.properties.get("EnableDefaultStandards"), True) is False:
        for each in found or (hub,):
            records = (
                [{"StandardsArn": word(each.properties.get("StandardsArn")), "StandardsStatus": "READY"}]
                if each is not hub
                else []
            )
            answers.listed("securityhub:GetEnabledStandards", *records, where=each.where)


def _budgets(stack: Stack, answers: Answers) -> None:
    told: list[Record] = []
    for budget in stack.of("AWS::Budgets::Budget"):
        said = members(budget.properties.get("Budget"))
        name = word(said.get("BudgetName")) or budget.name or budget.id
        answers.listed(
            "budgets:DescribeBudgets",
            {"BudgetName": name, "BudgetType": plain(said.get("BudgetType"))},
            where=budget.where,
        )
        notes = budget.properties.get("NotificationsWithSubscribers")
        list_of = (
            plain(notes) if untold(notes) else [plain(members(each).get("Notification", {})) for each in entries(notes)]
        )
        told.append({"BudgetName": name, "Notifications": list_of})
    if told:
        answers.listed("budgets:DescribeBudgetNotificationsForAccount", *told)
    monitors = stack.of("AWS::CE::AnomalyMonitor")
    for monitor in monitors:
        record = {"MonitorArn": monitor.arn, "MonitorName": word(monitor.properties.get("MonitorName")) or monitor.name}
        answers.place(monitor.arn, monitor.where, monitor.conditional)
        answers.listed("ce:GetAnomalyMonitors", record, where=monitor.where)
    for each in stack.of("AWS::CE::AnomalySubscription") if monitors else ():
        told_of = {
            "Subscribers": [
                {"Type": plain(members(one).get("Type"))} for one in entries(each.properties.get("Subscribers"))
            ],
            "MonitorArnList": [word(one) for one in entries(each.properties.get("MonitorArnList"))],
        }
        answers.listed("ce:GetAnomalySubscriptions", told_of, where=each.where)
