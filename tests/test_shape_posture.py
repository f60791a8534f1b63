"""Findings, standards, analyzers, recorders and scanners out of captures."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assaybook.capture import Capture, Target
from assaybook.evidence import Gap
from assaybook.tables.posture import (
    Analyzer,
    FindingRouting,
    RecordedScope,
    Recorder,
    ScannerStatus,
    SecurityStandards,
    ThreatFinding,
)
from shaped_account import ACCOUNT, HERE, REGION, Shaped, absent, answered, denied
from shaped_stores import arn

D = {"DetectorId": "d1"}
GRAVE = {
    "FindingCriteria": {"Criterion": {"severity": {"GreaterThanOrEqual": 7}, "service.archived": {"Equals": ["false"]}}}
}
SAMPLE = {"FindingCriteria": {"Criterion": {"service.additionalInfo.sample": {"Equals": ["true"]}}}}
FINDING = {
    "Id": "f1",
    "Type": "Backdoor:Lambda/X",
    "Severity": 8,
    "CreatedAt": "2026-11-01T06:00:00.000Z",
    "Title": "Odd",
}
OTHER = "444455556666"


def replaced(captures: list[Capture], *new: Capture) -> Shaped:
    kept = {(each.call, each.target, str(each.params)): each for each in (*captures, *new)}
    return Shaped(list(kept.values()))


def guarded() -> list[Capture]:
    return [
        answered("guardduty:ListDetectors", DetectorIds=["d1"]),
        answered("guardduty:GetDetector", params=D, Status="ENABLED", Features=[]),
        answered("guardduty:GetAdministratorAccount", params=D),
        answered("guardduty:ListPublishingDestinations", params=D, Destinations=[]),
        answered("guardduty:ListFindings", params={**D, **GRAVE}, FindingIds=["f1"]),
        answered("guardduty:GetFindings", params={**D, "FindingIds": ["f1"]}, Findings=[FINDING]),
        answered("guardduty:ListFindings/sample", params={**D, **SAMPLE}, FindingIds=["s1", "s2"]),
        answered("securityhub:DescribeHub", HubArn=arn("securityhub", "hub/default")),
        answered("securityhub:GetAdministratorAccount"),
        answered("securityhub:GetEnabledStandards", StandardsSubscriptions=[]),
    ]


def test_where_findings_go() -> None:
    row = Shaped(guarded()).one(FindingRouting)
    assert (row.region, row.threat_detection, row.hub, row.samples) == (REGION, True, True, 2)
    assert (row.administrators, row.accounts, row.published) == ((), (ACCOUNT,), 0)


def test_a_region_without_a_detector() -> None:
    found = replaced(guarded(), answered("guardduty:ListDetectors", DetectorIds=[]))
    assert (found.one(FindingRouting).threat_detection, found.one(FindingRouting).samples) == (False, 0)
    assert not found.rows(ThreatFinding)


@pytest.mark.parametrize(
    ("administrator", "others"),
    [
        ({"AccountId": OTHER, "RelationshipStatus": "Enabled"}, (OTHER,)),
        ({"AccountId": OTHER, "RelationshipStatus": "Removed"}, ()),
        ({}, ()),
    ],
)
def test_the_administrator_of_threat_detection(administrator, others) -> None:
    found = replaced(guarded(), answered("guardduty:GetAdministratorAccount", params=D, Administrator=administrator))
    assert found.one(FindingRouting).administrators == others
    assert found.one(FindingRouting).accounts == (ACCOUNT,)


def test_the_administrator_of_the_hub_that_was_collected() -> None:
    about = {"AccountId": OTHER, "MemberStatus": "ENABLED"}
    found = replaced(
        guarded(),
        answered("securityhub:GetAdministratorAccount", Administrator=about),
        answered("guardduty:ListDetectors", Target("aws", OTHER, REGION), DetectorIds=[]),
    )
    row = found.rows(FindingRouting)[str(HERE)]
    assert (row.administrators, row.accounts) == ((OTHER,), (ACCOUNT, OTHER))


def test_exports_count_while_they_work() -> None:
    states = [{"Status": "PUBLISHING"}, {"Status": "STOPPED"}]
    found = replaced(guarded(), answered("guardduty:ListPublishingDestinations", params=D, Destinations=states))
    assert found.one(FindingRouting).published == 1


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("guardduty:GetDetector", "threat_detection"),
        ("guardduty:GetAdministratorAccount", "administrators"),
        ("securityhub:GetAdministratorAccount", "administrators"),
        ("guardduty:ListPublishingDestinations", "published"),
        ("guardduty:ListFindings/sample", "samples"),
        ("securityhub:DescribeHub", "hub"),
    ],
)
def test_what_was_denied_of_the_routing_is_a_gap(call, field) -> None:
    found = Shaped([denied(each) if each.call == call else each for each in guarded()])
    assert isinstance(getattr(found.one(FindingRouting), field), Gap)


@pytest.mark.parametrize("table", [FindingRouting, ThreatFinding])
def test_denied_detectors_are_a_hole(table) -> None:
    found = Shaped([denied(each) if each.call == "guardduty:ListDetectors" else each for each in guarded()])
    assert len(found.holes(table)) == 1


def test_a_grave_finding() -> None:
    row = Shaped(guarded()).one(ThreatFinding)
    assert (row.type, row.severity, row.sample) == ("Backdoor:Lambda/X", 8.0, False)
    assert row.since == datetime(2026, 11, 1, 6, tzinfo=UTC)


def findings(*records: dict[str, Any]) -> Shaped:
    return replaced(
        guarded(), answered("guardduty:GetFindings", params={**D, "FindingIds": ["f1"]}, Findings=list(records))
    )


def test_samples_and_archived_findings() -> None:
    assert findings({**FINDING, "Title": "[SAMPLE] Odd"}).one(ThreatFinding).sample is True
    assert not findings({**FINDING, "Archived": True}).rows(ThreatFinding)


@pytest.mark.parametrize("change", [{"Severity": "8"}, {"CreatedAt": "yesterday"}, {"Type": None}])
def test_a_finding_of_another_shape_is_a_hole(change) -> None:
    assert len(findings({**FINDING, **change}).holes(ThreatFinding)) == 1


def test_findings_that_were_listed_and_not_read_are_a_hole() -> None:
    unread = [each for each in guarded() if each.call != "guardduty:GetFindings"]
    (hole,) = Shaped(unread).holes(ThreatFinding)
    assert "1 findings were listed and not read" in hole.gap.reason


def hub(*captures: Capture) -> SecurityStandards:
    return replaced(guarded(), *captures).one(SecurityStandards)


def test_standards_in_force() -> None:
    name = "cis-aws-foundations-benchmark/v/3.0.0"
    of = f"arn:aws:securityhub:{REGION}::standards/"
    found = [
        {"StandardsArn": f"{of}{name}", "StandardsStatus": "INCOMPLETE"},
        {"StandardsArn": f"{of}other/v/1.0.0", "StandardsStatus": "DELETING"},
    ]
    row = hub(answered("securityhub:GetEnabledStandards", StandardsSubscriptions=found))
    assert (row.hub, row.standards) == (True, (name,))


def test_a_hub_that_is_off_or_cannot_be_read() -> None:
    off = hub(absent("securityhub:DescribeHub"), absent("securityhub:GetEnabledStandards"))
    assert (off.hub, off.standards) == (False, ())
    assert isinstance(hub(denied(answered("securityhub:DescribeHub"))).hub, Gap)
    assert isinstance(hub(answered("securityhub:GetEnabledStandards", StandardsSubscriptions=[{}])).standards, Gap)


A = arn("access-analyzer", "analyzer/out")
OPEN = {"analyzerArn": A, "filter": {"status": {"eq": ["ACTIVE"]}}}


def analyzer(*more: Capture, **change: Any) -> Analyzer:
    record = {"arn": A, "name": "out", "type": "ACCOUNT", "status": "ACTIVE", **change}
    return Shaped([answered("accessanalyzer:ListAnalyzers", analyzers=[record]), *more]).one(Analyzer)


def test_open_findings_of_an_analyzer() -> None:
    found = [
        {"id": "2", "resource": "b", "createdAt": "2026-02-01T00:00:00Z"},
        {"id": "1", "resource": "a", "createdAt": "2026-03-01T00:00:00Z"},
    ]
    row = analyzer(answered("accessanalyzer:ListFindingsV2", params=OPEN, findings=found))
    assert (row.looks_at, row.active, row.organisation) == ("outside", True, False)
    assert (row.findings, row.oldest) == (("a", "b"), "2026-02-01")


@pytest.mark.parametrize(
    ("kind", "looks_at", "organisation"),
    [("ACCOUNT_UNUSED_ACCESS", "unused", False), ("ORGANIZATION_INTERNAL_ACCESS", "inside", True)],
)
def test_other_analyzers_are_not_asked_for_findings(kind, looks_at, organisation) -> None:
    row = analyzer(type=kind)
    assert (row.looks_at, row.organisation, row.findings, row.oldest) == (looks_at, organisation, (), "")


def test_an_analyzer_that_is_not_active_has_no_findings() -> None:
    assert (analyzer(status="DISABLED").active, analyzer(status="DISABLED").findings) == (False, ())


def test_findings_that_are_not_known_are_a_gap_and_odd_analyzers_a_hole() -> None:
    assert isinstance(analyzer().findings, Gap)
    odd = answered(
        "accessanalyzer:ListAnalyzers", analyzers=[{"arn": A, "name": "x", "type": "NEW", "status": "ACTIVE"}]
    )
    assert len(Shaped([odd]).holes(Analyzer)) == 1
    assert len(Shaped([denied(odd)]).holes(Analyzer)) == 1


ALL = {"allSupported": True, "includeGlobalResourceTypes": True}


def recorder(*more: Capture, **change: Any) -> Shaped:
    record = {"name": "default", "arn": "r1", "recordingGroup": ALL, **change}
    status = [{"name": "default", "recording": True}]
    channels = [{"name": "default", "configHistoryDeliveryInfo": {"lastStatus": "SUCCESS"}}]
    return replaced(
        [
            answered("config:DescribeConfigurationRecorders", ConfigurationRecorders=[record]),
            answered("config:DescribeConfigurationRecorderStatus", ConfigurationRecordersStatus=status),
            answered("config:DescribeDeliveryChannelStatus", DeliveryChannelsStatus=channels),
        ],
        *more,
    )


def test_a_recorder_of_everything() -> None:
    row = recorder().one(Recorder)
    assert (row.recording, row.choice, row.types, row.identities, row.problem) == (True, "all", (), True, "")


@pytest.mark.parametrize(
    ("group", "choice", "types", "identities"),
    [
        ({"allSupported": True}, "all", (), False),
        ({"allSupported": False, "resourceTypes": ["B", "A"]}, "named", ("A", "B"), False),
        (
            {
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                "exclusionByResourceTypes": {"resourceTypes": ["A"]},
                "includeGlobalResourceTypes": False,
            },
            "all_but",
            ("A",),
            True,
        ),
    ],
)
def test_what_a_recorder_chooses(group, choice, types, identities) -> None:
    row = recorder(recordingGroup=group).one(Recorder)
    assert (row.choice, row.types, row.identities) == (choice, types, identities)


def test_a_recorder_of_a_service_does_not_count() -> None:
    assert not recorder(servicePrincipal="securityhub.amazonaws.com").rows(Recorder)


def test_a_recorder_of_another_shape_is_a_hole() -> None:
    assert len(recorder(recordingGroup={"recordingStrategy": {"useOnly": "NEW"}}).holes(Recorder)) == 1
    assert len(recorder(recordingGroup={}).holes(Recorder)) == 1


@pytest.mark.parametrize(
    ("channels", "problem"),
    [
        ([], "there is no delivery channel"),
        ([{"configStreamDeliveryInfo": {"lastStatus": "FAILURE", "lastErrorCode": "AccessDenied"}}], "AccessDenied"),
        ([{"configHistoryDeliveryInfo": {"lastStatus": "Failure"}}], "no code"),
        ([{"configHistoryDeliveryInfo": {"lastStatus": "NOT_APPLICABLE"}}], ""),
    ],
)
def test_the_last_delivery(channels, problem) -> None:
    row = recorder(answered("config:DescribeDeliveryChannelStatus", DeliveryChannelsStatus=channels)).one(Recorder)
    assert problem in row.problem
    assert bool(problem) is bool(row.problem)


def test_what_is_not_known_of_a_recorder_is_a_gap() -> None:
    row = recorder(
        answered("config:DescribeConfigurationRecorderStatus", ConfigurationRecordersStatus=[]),
        denied(answered("config:DescribeDeliveryChannelStatus")),
    ).one(Recorder)
    assert isinstance(row.recording, Gap)
    assert isinstance(row.problem, Gap)


def test_functions_are_wanted_in_each_region_and_identities_once() -> None:
    rows = recorder().rows(RecordedScope)
    assert sorted(rows) == [f"{ACCOUNT}/global", f"{ACCOUNT}/{REGION}"]
    assert "AWS::Lambda::Function" in rows[f"{ACCOUNT}/{REGION}"].types
    assert "AWS::IAM::Role" in rows[f"{ACCOUNT}/global"].types
    assert rows[f"{ACCOUNT}/global"].home == "us-east-1"


def scanner(**states: str) -> ScannerStatus:
    about = {name: {"status": state} for name, state in states.items()}
    accounts = [{"accountId": ACCOUNT, "resourceState": about}]
    return Shaped(
        [answered("inspector2:BatchGetAccountStatus", params={"accountIds": [ACCOUNT]}, accounts=accounts)]
    ).one(ScannerStatus)


def test_the_scanner_of_functions() -> None:
    row = scanner(**{"lambda": "ENABLED", "lambdaCode": "DISABLED"})
    assert (row.key, row.packages, row.code) == (f"{ACCOUNT}/{REGION}", True, False)
    assert isinstance(scanner(**{"lambda": "ENABLED"}).code, Gap)
    never = absent("inspector2:BatchGetAccountStatus", accountIds=[ACCOUNT])
    assert Shaped([never]).one(ScannerStatus).packages is False
    assert isinstance(Shaped([denied(never)]).one(ScannerStatus).packages, Gap)
