"""Log groups, alarms, trails, event data stores, detection, scanning and the security contact out of captures."""

import pytest

from assaybook.capture import Target
from assaybook.evidence import Gap
from assaybook.tables.data import Store
from assaybook.tables.monitoring import (
    Alarm,
    AlarmMetric,
    EventDataStore,
    EventSelector,
    EvidenceStore,
    FieldSelector,
    LogGroup,
    Trail,
    TrailArchive,
)
from assaybook.tables.process import SecurityContact
from assaybook.tables.services import Detection, ScanCoverage
from shaped_account import GLOBE, REGION, Shaped, absent, answered, denied
from shaped_stores import ACCOUNT, LAKE, TRAIL, alarms, arn, bucket, having, lacking, lifecycle, trails, whole

SELECTORS = {"TrailName": TRAIL}
METRIC = {"Namespace": "AWS/Lambda", "MetricName": "Errors"}


def kept(found: Shaped, kind: str) -> EvidenceStore:
    """The only place of evidence of this kind."""
    (row,) = [each for each in found.rows(EvidenceStore).values() if each.kind == kind]
    return row


def test_a_log_group_with_its_retention() -> None:
    row = Shaped(whole()).one(LogGroup)
    assert (row.name, row.retention_days, row.log_class) == ("/aws/lambda/orders-api", 400, "STANDARD")
    assert row.key == arn("logs", "log-group:/aws/lambda/orders-api")


def test_a_log_group_without_retention_keeps_events_without_end() -> None:
    found = having(answered("logs:DescribeLogGroups", logGroups=[{"logGroupName": "a"}]))
    assert found.one(LogGroup).retention_days is None
    assert kept(found, "log group").retention_days is None


@pytest.mark.parametrize("days", ["400", True, 1.5])
def test_a_retention_that_is_no_number_of_days_is_a_hole(days) -> None:
    found = having(answered("logs:DescribeLogGroups", logGroups=[{"logGroupName": "a", "retentionInDays": days}]))
    assert not found.rows(LogGroup)
    assert len(found.holes(LogGroup)) == 1
    assert len(found.holes(EvidenceStore)) == 1


def test_a_class_whose_time_aws_sets_is_marked() -> None:
    group = {"logGroupName": "a", "retentionInDays": 2, "logGroupClass": "DELIVERY"}
    found = having(answered("logs:DescribeLogGroups", logGroups=[group]))
    assert found.one(LogGroup).log_class == "DELIVERY"
    assert kept(found, "log group").fixed_by_provider


@pytest.mark.parametrize("table", [LogGroup, EvidenceStore, Store])
def test_denied_log_groups_are_a_hole_in_every_table(table) -> None:
    assert [each.gap.call for each in lacking("logs:DescribeLogGroups").holes(table)] == ["logs:DescribeLogGroups"]


def watched(found: Shaped) -> set[tuple[str, str]]:
    """The metrics that alarms watch, with the account whose they are."""
    return {(each.watches, each.account_watched) for each in found.rows(AlarmMetric).values()}


def test_an_alarm_on_a_metric() -> None:
    found = Shaped(whole())
    assert watched(found) == {("AWS/Lambda Errors orders-api", ACCOUNT)}
    assert found.one(AlarmMetric).alarm == found.one(Alarm).name == "errors"
    assert found.one(Alarm).acts is False


def test_an_alarm_on_an_expression_watches_the_metrics_in_it() -> None:
    entries = [
        {"Id": "rate", "Expression": "errors / calls", "ReturnData": True},
        {"Id": "errors", "AccountId": "444455556666", "MetricStat": {"Metric": METRIC}},
        {"Id": "calls", "MetricStat": {"Metric": {**METRIC, "MetricName": "Invocations"}}},
    ]
    found = having(alarms({"AlarmName": "rate", "Metrics": entries}))
    assert watched(found) == {("AWS/Lambda Errors *", "444455556666"), ("AWS/Lambda Invocations *", ACCOUNT)}


@pytest.mark.parametrize(
    ("dimensions", "thing"),
    [
        ({}, "*"),
        ({"FunctionName": "a", "Resource": "a:live"}, "a"),
        ({"QueueName": "q"}, "q"),
        ({"Resource": "a:live"}, "Resource=a:live"),
    ],
)
def test_dimensions_name_what_is_watched(dimensions, thing) -> None:
    given = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    found = having(alarms({"AlarmName": "x", **METRIC, "Dimensions": given}))
    assert watched(found) == {(f"AWS/Lambda Errors {thing}", ACCOUNT)}


@pytest.mark.parametrize(
    ("query", "things"),
    [
        ('SELECT MAX(Errors) FROM SCHEMA("AWS/Lambda", FunctionName)', {"*"}),
        ('SELECT SUM(Errors) FROM "AWS/Lambda" GROUP BY FunctionName ORDER BY SUM() DESC LIMIT 10', {"*"}),
        ("SELECT SUM(Errors) FROM \"AWS/Lambda\" WHERE FunctionName = 'orders-api'", {"orders-api"}),
        ("SELECT SUM(Errors) FROM \"AWS/Lambda\" WHERE FunctionName != 'orders-api'", set()),
        ("SELECT", set()),
    ],
)
def test_an_alarm_on_a_query_over_many_metrics(query, things) -> None:
    found = having(alarms({"AlarmName": "all", "Metrics": [{"Id": "q", "Expression": query}]}))
    assert watched(found) == {(f"AWS/Lambda Errors {each}", ACCOUNT) for each in things}


def test_composite_alarms_are_rows_without_metrics() -> None:
    composite = {"AlarmName": "both", "AlarmRule": 'ALARM("errors")', "AlarmActions": ["arn:aws:sns:a:b:c"]}
    found = having(alarms(composite=(composite,)))
    assert (found.one(Alarm).composite, found.one(Alarm).acts) == (True, True)
    assert watched(found) == set()


def test_an_answer_without_composite_alarms_is_whole() -> None:
    found = having(answered("cloudwatch:DescribeAlarms", MetricAlarms=[]))
    assert found.holes(Alarm) == found.holes(AlarmMetric) == []


@pytest.mark.parametrize("table", [Alarm, AlarmMetric])
def test_denied_alarms_are_a_hole(table) -> None:
    holes = lacking("cloudwatch:DescribeAlarms").holes(table)
    assert [each.gap.call for each in holes] == ["cloudwatch:DescribeAlarms"]


def test_an_alarm_of_another_shape_is_a_hole() -> None:
    assert len(having(alarms({"AlarmName": "x", **METRIC, "Dimensions": 7})).holes(AlarmMetric)) == 1


def test_a_trail_as_its_region_sees_it() -> None:
    row = Shaped(whole()).one(Trail)
    assert (row.name, row.logging, row.delivery_error, row.log_file_validation) == ("main", True, "", True)
    assert (row.all_regions, row.organisation, row.foreign, row.bucket) == (True, False, False, "records")
    assert row.selectors == (EventSelector(advanced=False, reads_and_writes="All", management=True),)


def test_a_trail_is_a_row_for_each_region_and_one_archive() -> None:
    other = Target("aws", ACCOUNT, "eu-west-1")
    found = Shaped(
        [
            *whole(),
            answered("cloudtrail:DescribeTrails", other, {"includeShadowTrails": True}, **trails().answer),
        ]
    )
    assert sorted(found.rows(Trail)) == [f"{TRAIL}@eu-west-1", f"{TRAIL}@{REGION}"]
    assert isinstance(found.rows(Trail)[f"{TRAIL}@eu-west-1"].logging, Gap)
    assert list(found.rows(TrailArchive)) == [TRAIL]


def test_a_trail_of_the_organisation_is_foreign() -> None:
    foreign = TRAIL.replace(ACCOUNT, "444455556666")
    row = having(trails(TrailARN=foreign, IsOrganizationTrail=True)).one(Trail)
    assert (row.foreign, row.organisation) == (True, True)
    assert isinstance(row.selectors, Gap)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("cloudtrail:GetTrailStatus", "logging"),
        ("cloudtrail:GetTrailStatus", "delivery_error"),
        ("cloudtrail:GetEventSelectors", "selectors"),
    ],
)
def test_a_denied_detail_of_a_trail_is_a_gap(call, field) -> None:
    assert isinstance(getattr(lacking(call).one(Trail), field), Gap)


def test_advanced_selectors_keep_every_operator() -> None:
    fields = [
        {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]},
        {"Field": "resources.ARN", "NotStartsWith": ["a"], "EndsWith": ["b"]},
    ]
    answer = answered(
        "cloudtrail:GetEventSelectors", params=SELECTORS, AdvancedEventSelectors=[{"FieldSelectors": fields}]
    )
    assert having(answer).one(Trail).selectors == (
        EventSelector(
            advanced=True,
            fields=(
                FieldSelector("resources.type", equals=("AWS::Lambda::Function",)),
                FieldSelector("resources.ARN", ends_with=("b",), not_starts_with=("a",)),
            ),
        ),
    )


def test_an_answer_without_selectors_is_a_gap() -> None:
    row = having(answered("cloudtrail:GetEventSelectors", params=SELECTORS, TrailARN=TRAIL)).one(Trail)
    assert isinstance(row.selectors, Gap)


def test_a_trail_for_which_nobody_chose_events_records_management_events() -> None:
    row = having(answered("cloudtrail:GetEventSelectors", params=SELECTORS, TrailARN=TRAIL, EventSelectors=[])).one(
        Trail
    )
    assert row.selectors == (EventSelector(advanced=False, reads_and_writes="All", management=True),)


@pytest.mark.parametrize("table", [Trail, TrailArchive, EvidenceStore])
def test_denied_trails_are_a_hole_in_every_table(table) -> None:
    calls = [each.gap.call for each in lacking("cloudtrail:DescribeTrails").holes(table)]
    assert calls == ["cloudtrail:DescribeTrails"]


def test_the_bucket_of_a_trail() -> None:
    row = Shaped(whole()).one(TrailArchive)
    assert (row.bucket, row.bucket_account, row.versioned, row.delete_needs_mfa, row.lock) == (
        "records",
        ACCOUNT,
        True,
        False,
        "COMPLIANCE",
    )


def test_the_key_and_the_log_group_of_a_trail() -> None:
    found = having(trails(KmsKeyId="key-1", CloudWatchLogsLogGroupArn="group-1"))
    assert (found.one(TrailArchive).key_id, found.one(Trail).log_group) == ("key-1", "group-1")
    assert (Shaped(whole()).one(TrailArchive).key_id, Shaped(whole()).one(Trail).log_group) == ("", "")


def test_a_bucket_without_lock_and_versions() -> None:
    found = having(
        bucket("GetBucketVersioning"),
        absent("s3:GetObjectLockConfiguration", GLOBE, Bucket="records"),
    )
    assert (found.one(TrailArchive).versioned, found.one(TrailArchive).lock) == (False, "")


def test_the_bucket_of_another_account_is_a_gap() -> None:
    found = having(trails(S3BucketName="archive"))
    row = found.one(TrailArchive)
    assert {row.bucket_account.state, row.lock.state, row.versioned.state} == {"out_of_scope"}
    assert "archive" in kept(found, "trail bucket").retention_days.reason
    assert row.log_file_validation is True


def test_buckets_that_could_not_be_listed_are_the_gap() -> None:
    row = lacking("s3:ListBuckets").one(TrailArchive)
    assert row.bucket_account.call == "s3:ListBuckets"
    assert row.bucket_account.state == "denied"


EXPIRES = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        ([EXPIRES], 30),
        ([{**EXPIRES, "Status": "Disabled"}], None),
        ([{**EXPIRES, "Filter": {"Prefix": "AWSLogs/"}}], 30),
        ([{**EXPIRES, "Filter": {"Prefix": f"AWSLogs/{ACCOUNT}/CloudTrail/"}}], 30),
        ([{**EXPIRES, "Filter": {"Prefix": "exports/"}}], None),
        ([{**EXPIRES, "Filter": {"Tag": {"Key": "a", "Value": "b"}}}], None),
        ([{**EXPIRES, "Filter": {"And": {"Prefix": "", "Tags": [{"Key": "a", "Value": "b"}]}}}], None),
        ([{"ID": "x", "Status": "Enabled", "Prefix": "", "Expiration": {"Days": 30}}], 30),
        ([EXPIRES, {**EXPIRES, "ID": "y", "Expiration": {"Days": 7}}], 7),
        ([{**EXPIRES, "Expiration": {"Date": "2030-01-01T00:00:00Z"}}], 0),
        ([{**EXPIRES, "Expiration": {"ExpiredObjectDeleteMarker": True}}], None),
        ([{"ID": "x", "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}], None),
        (
            [{"ID": "x", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}],
            None,
        ),
    ],
)
def test_how_long_a_trail_is_kept(rules, days) -> None:
    assert kept(having(lifecycle(*rules)), "trail bucket").retention_days == days


@pytest.mark.parametrize(
    ("storage", "searchable"), [("GLACIER", 10), ("DEEP_ARCHIVE", 10), ("GLACIER_IR", None), ("STANDARD_IA", None)]
)
def test_only_what_must_be_restored_is_not_searchable(storage, searchable) -> None:
    rule = {"ID": "x", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 10, "StorageClass": storage}]}
    row = kept(having(lifecycle(rule)), "trail bucket")
    assert (row.searchable_days, row.retention_days) == (searchable, None)


def test_a_bucket_without_lifecycle_keeps_everything() -> None:
    row = kept(having(absent("s3:GetBucketLifecycleConfiguration", GLOBE, Bucket="records")), "trail bucket")
    assert (row.retention_days, row.because) == (None, "no rule deletes what is in it")


def test_a_denied_lifecycle_is_a_gap() -> None:
    assert isinstance(kept(lacking("s3:GetBucketLifecycleConfiguration"), "trail bucket").retention_days, Gap)


def test_an_event_data_store() -> None:
    row = Shaped(whole()).one(EventDataStore)
    assert (row.key, row.status, row.all_regions, row.retention_days) == (LAKE, "ENABLED", True, 730)
    assert kept(Shaped(whole()), "event data store").retention_days == 730
    assert isinstance(lacking("cloudtrail:GetEventDataStore").one(EventDataStore).selectors, Gap)


def test_a_region_with_a_detector() -> None:
    row = Shaped(whole()).one(Detection)
    assert (row.threat_detection, row.features) == (True, ("LAMBDA_NETWORK_LOGS",))


def test_a_region_without_a_detector_is_a_row_that_says_so() -> None:
    row = having(answered("guardduty:ListDetectors", DetectorIds=[])).one(Detection)
    assert (row.threat_detection, row.features) == (False, ())


def test_a_detector_that_is_switched_off() -> None:
    off = answered("guardduty:GetDetector", params={"DetectorId": "d1"}, Status="DISABLED", Features=[])
    assert having(off).one(Detection).threat_detection is False


def test_what_could_not_be_read_of_a_detector_is_a_gap() -> None:
    assert isinstance(lacking("guardduty:GetDetector").one(Detection).threat_detection, Gap)
    without = answered("guardduty:GetDetector", params={"DetectorId": "d1"}, Status="ENABLED")
    row = having(without).one(Detection)
    assert row.threat_detection is True
    assert isinstance(row.features, Gap)
    assert [each.gap.state for each in lacking("guardduty:ListDetectors").holes(Detection)] == ["denied"]


def test_coverage_belongs_to_the_function_without_version() -> None:
    row = Shaped(whole()).one(ScanCoverage)
    assert (row.workload, row.active, row.scan) == (arn("lambda", "function:orders-api"), True, "package")


def test_denied_coverage_is_a_hole_unless_the_scanner_is_off() -> None:
    assert [each.gap.state for each in lacking("inspector2:ListCoverage").holes(ScanCoverage)] == ["denied"]
    off = [{"accountId": ACCOUNT, "resourceState": {"lambda": {"status": "DISABLED"}}}]
    status = answered("inspector2:BatchGetAccountStatus", params={"accountIds": [ACCOUNT]}, accounts=off)
    refused = denied(answered("inspector2:ListCoverage"))
    assert having(status, refused).holes(ScanCoverage) == []
    both = lacking("inspector2:ListCoverage", "inspector2:BatchGetAccountStatus")
    assert len(both.holes(ScanCoverage)) == 1


def test_the_security_contact() -> None:
    params = {"AlternateContactType": "SECURITY"}
    assert Shaped(whole()).one(SecurityContact).security_contact is True
    gone = absent("account:GetAlternateContact", GLOBE, **params)
    assert having(gone).one(SecurityContact).security_contact is False
    assert isinstance(lacking("account:GetAlternateContact").one(SecurityContact).security_contact, Gap)
    odd = answered("account:GetAlternateContact", GLOBE, params, AlternateContact={})
    assert isinstance(having(odd).one(SecurityContact).security_contact, Gap)
