"""Changes of functions, the way of their logs, saved queries, logs of firewalls and regions outside the scope out of captures."""

import json
from typing import Any

import pytest

from assaybook.capture import Capture, Captures, Target
from assaybook.evidence import Gap
from assaybook.tables.audit import FunctionChange, LogForwarding, SavedQueries
from assaybook.tables.monitoring import EvidenceStore, LogGroup
from assaybook.tables.scope import OtherRegion, Region
from shaped_account import ACCOUNT, GLOBE, HERE, ORDERS, REGION, Shaped, absent, account, answered, denied, function
from shaped_stores import arn, having, whole

CODE, NAME = "cloudtrail:LookupEvents/code", "UpdateFunctionCode20150331v2"
LOOKUP = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": NAME}]}
PERSON = {
    "type": "AssumedRole",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0a1b/kim@example.com",
    "issuer": "AWSReservedSSO_Admin_0a1b",
}
ROLE = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy"
PIPELINE = {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/b1", "issuer": "deploy"}


def event(identity: Any = PIPELINE, day: str = "2026-11-12", name: str = NAME, **detail: Any) -> dict[str, Any]:
    made = {"userIdentity": identity, "functionName": "orders-api", "userAgent": "Boto3", **detail}
    return {"EventName": name, "EventTime": f"{day}T10:00:00+00:00", "Detail": made}


def changes(*events: Any) -> Shaped:
    return Shaped([*account(), answered(CODE, params=LOOKUP, Events=list(events))])


def test_changes_of_one_principal_are_counted() -> None:
    row = changes(event(), event(day="2026-10-01")).one(FunctionChange)
    assert (row.workload, row.what, row.who, row.person, row.console) == (
        "orders-api",
        "code",
        "role deploy",
        False,
        False,
    )
    assert (row.times, row.last, row.production) == (2, "2026-11-12", True)
    assert row.subject.native == ORDERS


@pytest.mark.parametrize(
    ("identity", "who", "person"),
    [
        (PERSON, "role AWSReservedSSO_Admin_0a1b as kim@example.com", True),
        (PIPELINE, "role deploy", False),
        ({**PIPELINE, "arn": f"{ROLE}/kim@example.com"}, "role deploy as kim@example.com", True),
        ({"type": "IAMUser", "userName": "kim"}, "user kim", True),
        ({"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"}, "the root user", True),
        ({"type": "SAMLUser", "userName": "kim"}, "user kim", True),
        ({"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"}, "cloudformation.amazonaws.com", False),
        ({"type": "WebIdentityUser", "userName": "repo:shop"}, "repo:shop", False),
    ],
)
def test_who_made_a_change(identity, who, person) -> None:
    row = changes(event(identity)).one(FunctionChange)
    assert (row.who, row.person) == (who, person)


@pytest.mark.parametrize(
    ("detail", "console"),
    [
        ({"userAgent": "console.amazonaws.com"}, True),
        ({"userAgent": "Mozilla/5.0", "sessionCredentialFromConsole": "true"}, True),
        ({"userAgent": "Mozilla/5.0"}, False),
        ({"userAgent": "aws-cli/2.31"}, False),
    ],
)
def test_what_was_done_in_the_console(detail, console) -> None:
    row = changes(event(PERSON, **detail)).one(FunctionChange)
    assert (row.console, row.person) == (console, True)


def test_a_console_stands_for_a_person_and_a_service_on_its_behalf_for_none() -> None:
    assert changes(event(userAgent="console.amazonaws.com")).one(FunctionChange).person is True
    through = {**PERSON, "invokedBy": "cloudformation.amazonaws.com"}
    assert changes(event(through, sessionCredentialFromConsole="true")).one(FunctionChange).console is False


@pytest.mark.parametrize("named", ["orders-api", ORDERS, f"{ORDERS}:7", f"{ACCOUNT}:orders-api"])
def test_functions_are_named_in_several_ways(named) -> None:
    given = named if named != f"{ACCOUNT}:orders-api" else f"{ACCOUNT}:function:orders-api"
    assert changes(event(functionName=given)).one(FunctionChange).subject.native == ORDERS


def test_refused_attempts_changed_nothing() -> None:
    assert not changes(event(errorCode="AccessDenied")).rows(FunctionChange)


def test_a_function_that_is_gone_has_no_tags() -> None:
    row = changes(event(functionName="gone")).one(FunctionChange)
    assert (row.workload, row.production) == ("gone", None)


@pytest.mark.parametrize(
    "odd", [event({}), event(functionName=None), event(name="DeleteFunction"), {"EventName": NAME}, event(7)]
)
def test_an_event_of_another_shape_is_a_hole_beside_the_others(odd) -> None:
    found = changes(odd, event())
    assert [each.gap.state for each in found.holes(FunctionChange) if each.gap.call == CODE] == ["failed"]
    assert len(found.rows(FunctionChange)) == 1


def test_changes_that_were_denied_or_not_asked_for_are_holes() -> None:
    assert {each.gap.state for each in Shaped(account()).holes(FunctionChange)} == {"unsupported"}
    refused = denied(answered(CODE, params=LOOKUP, Events=[]))
    assert "denied" in {each.gap.state for each in Shaped([*account(), refused]).holes(FunctionChange)}


GROUP = "/aws/lambda/orders-api"
CENTRAL = f"arn:aws:logs:{REGION}:444455556666:destination:central"
POLICY = {"policyType": "SUBSCRIPTION_FILTER_POLICY"}


def filters(*records: dict[str, str], call: str = "logs:DescribeSubscriptionFilters") -> Capture:
    made = [{"destinationArn": CENTRAL, "filterPattern": "", **each} for each in records]
    return answered(call, params={"logGroupName": GROUP}, subscriptionFilters=made)


def policies(**more: str) -> Capture:
    document = json.dumps({"DestinationArn": CENTRAL, "FilterPattern": more.pop("pattern", "")})
    made = {"policyName": "p", "policyDocument": document, **more}
    return answered("logs:DescribeAccountPolicies", params=POLICY, accountPolicies=[made])


NO_POLICY = answered("logs:DescribeAccountPolicies", params=POLICY, accountPolicies=[])


def forwarding(*captures: Capture) -> LogForwarding:
    return Shaped([*account(), *captures]).one(LogForwarding)


def test_a_group_with_a_filter() -> None:
    row = forwarding(NO_POLICY, filters({}))
    assert (row.key, row.group, row.exists, row.whole, row.partly) == (ORDERS, GROUP, True, (CENTRAL,), ())


def test_a_filter_with_a_pattern_carries_a_part() -> None:
    row = forwarding(NO_POLICY, filters({"filterPattern": "ERROR"}))
    assert (row.whole, row.partly) == ((), (CENTRAL,))


def test_a_group_without_a_filter_and_one_that_does_not_exist() -> None:
    assert forwarding(NO_POLICY, filters()).whole == ()
    gone = forwarding(NO_POLICY, absent("logs:DescribeSubscriptionFilters", logGroupName=GROUP))
    assert (gone.exists, gone.whole) == (False, ())


def test_the_full_plan_answers_for_every_group() -> None:
    assert forwarding(NO_POLICY, filters({}, call="logs:DescribeSubscriptionFilters/all")).whole == (CENTRAL,)


def test_a_policy_of_the_account_carries_every_group() -> None:
    row = forwarding(policies())
    assert (row.whole, row.exists) == ((CENTRAL,), True)


@pytest.mark.parametrize(
    ("criteria", "whole"),
    [(f'LogGroupName NOT IN ["{GROUP}"]', ()), ('LogGroupName NOT IN ["other"]', (CENTRAL,))],
)
def test_a_policy_may_leave_groups_out(criteria, whole) -> None:
    assert forwarding(policies(selectionCriteria=criteria), filters()).whole == whole


def test_criteria_that_are_not_understood_are_a_gap() -> None:
    assert isinstance(forwarding(policies(selectionCriteria="new words"), filters()).whole, Gap)


@pytest.mark.parametrize("captures", [[NO_POLICY], [filters()], [denied(NO_POLICY), filters()], []])
def test_without_both_answers_that_nothing_carries_is_not_known(captures) -> None:
    assert isinstance(forwarding(*captures).whole, Gap)


def test_a_group_that_the_function_names_itself() -> None:
    own = function(LoggingConfig={"LogGroup": "shop"})
    listed = answered("lambda:ListFunctions", params={}, Functions=[own])
    assert (
        Shaped([*(each for each in account() if each.call != "lambda:ListFunctions"), listed]).one(LogForwarding).group
        == "shop"
    )


def queries(*names: str) -> Capture:
    return answered("logs:DescribeQueryDefinitions", queryDefinitions=[{"name": each} for each in names])


def test_saved_queries_by_place() -> None:
    found = Shaped(
        [
            queries("a", "b"),
            answered("athena:ListWorkGroups", WorkGroups=[{"Name": "primary"}]),
            answered("athena:ListNamedQueries", params={"WorkGroup": "primary"}, NamedQueryIds=["1"]),
        ]
    )
    assert {each.place: each.count for each in found.rows(SavedQueries).values()} == {
        f"CloudWatch Logs Insights in {REGION}": 2,
        f"the workgroup primary of Athena in {REGION}": 1,
    }


def test_places_that_cannot_be_read() -> None:
    groups = answered("athena:ListWorkGroups", WorkGroups=[{"Name": "primary"}])
    (row,) = (each for each in Shaped([queries(), groups]).rows(SavedQueries).values() if "primary" in each.place)
    assert isinstance(row.count, Gap)
    assert "denied" in {each.gap.state for each in Shaped([denied(queries()), groups]).holes(SavedQueries)}


def firewall(*destinations: str) -> Shaped:
    record = {"ResourceArn": arn("wafv2", "regional/webacl/front/1"), "LogDestinationConfigs": list(destinations)}
    return having(
        answered("wafv2:ListLoggingConfigurations", params={"Scope": "REGIONAL"}, LoggingConfigurations=[record]),
        answered(
            "wafv2:ListLoggingConfigurations/cloudfront", GLOBE, {"Scope": "CLOUDFRONT"}, LoggingConfigurations=[]
        ),
    )


def kept(found: Shaped) -> list[EvidenceStore]:
    return [each for each in found.rows(EvidenceStore).values() if each.kind in ("firewall log", "API log")]


def test_the_bucket_of_a_firewall() -> None:
    (row,) = kept(firewall("arn:aws:s3:::records"))
    assert (row.name, row.retention_days) == ("front in records", 400)


def test_a_bucket_of_a_firewall_elsewhere_or_without_lifecycle() -> None:
    (away,) = kept(firewall("arn:aws:s3:::archive/front"))
    assert away.retention_days.state == "out_of_scope"
    forever = absent("s3:GetBucketLifecycleConfiguration", GLOBE, Bucket="records")
    captures = [each for each in whole() if each.call != forever.call]
    record = {"ResourceArn": arn("wafv2", "regional/webacl/front/1"), "LogDestinationConfigs": ["arn:aws:s3:::records"]}
    listed = answered("wafv2:ListLoggingConfigurations", params={"Scope": "REGIONAL"}, LoggingConfigurations=[record])
    (row,) = kept(Shaped([*captures, forever, listed]))
    assert (row.retention_days, row.because) == (None, "no rule deletes what is in it")


def stream(**destination: Any) -> Capture:
    made = {"Bucket": None, "Prefix": None, "Members": ["DestinationId"], **destination}
    about = {"DeliveryStreamName": "aws-waf-logs-a", "Destinations": [made]}
    params = {"DeliveryStreamName": "aws-waf-logs-a"}
    return answered("firehose:DescribeDeliveryStream", params=params, DeliveryStreamDescription=about)


STREAM = arn("firehose", "deliverystream/aws-waf-logs-a")
LISTED = answered(
    "wafv2:ListLoggingConfigurations",
    params={"Scope": "REGIONAL"},
    LoggingConfigurations=[
        {"ResourceArn": arn("wafv2", "regional/webacl/front/1"), "LogDestinationConfigs": [STREAM]},
    ],
)


def test_log_groups_are_rows_of_their_own() -> None:
    assert not kept(firewall(arn("logs", "log-group:aws-waf-logs-a")))


def test_the_bucket_behind_a_stream() -> None:
    (row,) = kept(having(LISTED, stream(Bucket="arn:aws:s3:::records", Prefix="waf/!{timestamp:yyyy}/")))
    assert (row.name, row.retention_days) == ("front in the stream aws-waf-logs-a", 400)


def test_a_stream_that_carries_elsewhere_or_was_not_read() -> None:
    (splunk,) = kept(having(LISTED, stream(Members=["DestinationId", "SplunkDestinationDescription"])))
    assert "carries them to Splunk" in splunk.retention_days.reason
    (unread,) = kept(having(LISTED))
    assert unread.retention_days.state == "unsupported"
    (odd,) = kept(having(LISTED, answered(stream().call, params=stream().params, DeliveryStreamDescription={})))
    assert odd.retention_days.state == "failed"


@pytest.mark.parametrize(
    ("call", "params", "answer"),
    [
        (
            "apigateway:GetStages",
            {"restApiId": "rest1"},
            {"item": [{"stageName": "live", "accessLogSettings": {"destinationArn": STREAM}}]},
        ),
        (
            "apigatewayv2:GetStages",
            {"ApiId": "http1"},
            {"Items": [{"StageName": "live", "AccessLogSettings": {"DestinationArn": STREAM}}]},
        ),
    ],
)
def test_the_access_log_of_a_stage(call, params, answer) -> None:
    (row,) = kept(having(answered(call, params=params, **answer), stream(Bucket="arn:aws:s3:::records")))
    assert (row.kind, row.retention_days) == ("API log", 400)
    refused = having(denied(answered(call, params=params)))
    assert call in {each.gap.call for each in refused.holes(EvidenceStore)}


AWAY = Target("aws", ACCOUNT, "ap-south-1")
ELSEWHERE = "lambda:ListFunctions/elsewhere"


def regions(*records: dict[str, str]) -> Capture:
    made = [{"RegionName": REGION}, {"RegionName": "ap-south-1"}, *records]
    return answered("ec2:DescribeRegions", GLOBE, Regions=made)


def other(*captures: Capture) -> Shaped:
    return Shaped([answered("lambda:ListFunctions", Functions=[]), regions(), *captures])


def test_a_region_outside_the_scope() -> None:
    found = other(answered(ELSEWHERE, AWAY, Functions=[{"FunctionName": "x"}]))
    row = found.one(OtherRegion)
    assert (row.key, row.workloads, row.denied_by) == (f"{ACCOUNT}/ap-south-1", 1, "")
    assert list(found.rows(Region)) == [f"{ACCOUNT}/{REGION}"]


def test_a_region_outside_the_scope_makes_no_target() -> None:
    captures = [answered("lambda:ListFunctions", Functions=[]), answered(ELSEWHERE, AWAY, Functions=[])]
    assert Captures(captures).targets("aws") == (HERE,)


@pytest.mark.parametrize(
    ("message", "closed"),
    [
        (
            "User: x is not authorized to perform: lambda:ListFunctions with an explicit deny in a service control policy",
            True,
        ),
        ("User: x is not authorized, because no identity-based policy allows it", False),
    ],
)
def test_a_denied_region(message, closed) -> None:
    row = other(denied(answered(ELSEWHERE, AWAY), message)).one(OtherRegion)
    assert (row.denied_by == "a service control policy") is closed
    assert isinstance(row.denied_by, Gap) is not closed
    assert isinstance(row.workloads, Gap)


def test_a_region_that_was_not_asked_or_not_opted_in_to() -> None:
    assert isinstance(other().one(OtherRegion).workloads, Gap)
    off = {"RegionName": "af-south-1", "OptInStatus": "not-opted-in"}
    found = Shaped([answered("lambda:ListFunctions", Functions=[]), regions(off)])
    assert list(found.rows(OtherRegion)) == [f"{ACCOUNT}/ap-south-1"]


def test_regions_that_could_not_be_listed_are_a_hole() -> None:
    found = Shaped([answered("lambda:ListFunctions", Functions=[]), denied(regions())])
    assert [each.gap.call for each in found.holes(OtherRegion)] == ["ec2:DescribeRegions"]
    assert len(Shaped([answered("lambda:ListFunctions", Functions=[]), regions({})]).holes(OtherRegion)) == 1


def sent_to(*captures: Capture) -> tuple[str, str]:
    groups = answered("logs:DescribeLogGroups", logGroups=[{"logGroupName": GROUP, "retentionInDays": 30}])
    found = Shaped([groups, *captures])
    return found.one(LogGroup).sent_to, found.one(EvidenceStore).sent_to


def test_a_log_group_knows_where_all_of_its_events_go() -> None:
    assert sent_to(policies()) == (CENTRAL, CENTRAL)
    assert sent_to(filters({})) == (CENTRAL, CENTRAL)
    assert sent_to(filters({}, call="logs:DescribeSubscriptionFilters/all")) == (CENTRAL, CENTRAL)


def test_what_was_not_asked_or_carries_a_part_is_no_archive() -> None:
    assert sent_to() == ("", "")
    assert sent_to(denied(policies()), filters({"filterPattern": "ERROR"})) == ("", "")
