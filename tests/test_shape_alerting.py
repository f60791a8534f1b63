"""Targets of alarms, watches on security events and alarms on cost out of captures."""

import json
from dataclasses import replace
from typing import Any

import pytest

from assaybook.capture import Capture, Target
from assaybook.evidence import Gap
from assaybook.tables.alerting import SECURITY_EVENTS, AlarmTarget, CostAlarm, EventWatch, SecurityEvent
from assaybook.tables.monitoring import Alarm, Trail
from shaped_account import ACCOUNT, GLOBE, REGION, Shaped, absent, answered, denied
from shaped_stores import TRAIL, arn

TOPIC = arn("sns", "on-call")
GROUP = arn("logs", "log-group:trail:*")
PATTERN = json.dumps({"source": ["aws.lambda"]})
OWN = {"AccountId": ACCOUNT}
EUROPE = Target("aws", ACCOUNT, "eu-west-1")


def alarms(*records: dict[str, Any], composite: tuple[dict[str, Any], ...] = ()) -> Capture:
    params = {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    made = [{"AlarmName": "a", "Namespace": "Own", "MetricName": "changes", **each} for each in records]
    return answered("cloudwatch:DescribeAlarms", params=params, MetricAlarms=made, CompositeAlarms=list(composite))


def subscriptions(*arns: str) -> Capture:
    found = [{"SubscriptionArn": each, "Protocol": "email", "TopicArn": TOPIC} for each in arns]
    return answered("sns:ListSubscriptionsByTopic", params={"TopicArn": TOPIC}, Subscriptions=found)


TELLING = alarms({"AlarmActions": [TOPIC]})


def test_confirmed_and_pending_subscriptions_are_counted() -> None:
    row = Shaped([TELLING, subscriptions("PendingConfirmation", f"{TOPIC}:1", "Deleted")]).one(AlarmTarget)
    assert (row.alarm, row.kind, row.exists) == (arn("cloudwatch", "alarm:a"), "topic", True)
    assert (row.confirmed, row.pending) == (1, 1)


def test_a_topic_that_is_gone() -> None:
    row = Shaped([TELLING, absent("sns:ListSubscriptionsByTopic", TopicArn=TOPIC)]).one(AlarmTarget)
    assert (row.exists, row.confirmed) == (False, 0)


def test_subscriptions_that_were_denied_or_not_asked_for_are_gaps() -> None:
    for more in ([denied(subscriptions())], []):
        row = Shaped([TELLING, *more]).one(AlarmTarget)
        assert isinstance(row.confirmed, Gap)
        assert isinstance(row.pending, Gap)


def test_an_odd_list_of_subscriptions_is_a_gap() -> None:
    odd = answered("sns:ListSubscriptionsByTopic", params={"TopicArn": TOPIC}, Subscriptions=[7])
    assert isinstance(Shaped([TELLING, odd]).one(AlarmTarget).confirmed, Gap)


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (arn("lambda", "function:chat"), "other"),
        ("arn:aws:ssm-incidents::111122223333:response-plan/shop", "other"),
        (arn("autoscaling", "scalingPolicy:1"), "scaling"),
        ("arn:aws:automate:us-east-1:ec2:stop", "scaling"),
    ],
)
def test_kinds_of_actions(action, kind) -> None:
    row = Shaped([alarms({"AlarmActions": [action]})]).one(AlarmTarget)
    assert (row.kind, row.confirmed) == (kind, 0)


def test_actions_of_composite_alarms_and_what_they_refer_to() -> None:
    composite = {"AlarmName": "c", "AlarmRule": 'ALARM("a") AND NOT OK(b)', "AlarmActions": [TOPIC]}
    found = Shaped([alarms({}, {"AlarmName": "b", "ActionsEnabled": False}, composite=(composite,)), subscriptions()])
    rows = {each.name: each for each in found.rows(Alarm).values()}
    assert (rows["a"].part_of, rows["b"].part_of, rows["c"].part_of) == (("c",), ("c",), ())
    assert (rows["a"].enabled, rows["b"].enabled) == (True, False)
    assert found.one(AlarmTarget).alarm == arn("cloudwatch", "alarm:c")


def test_denied_alarms_are_a_hole_in_their_targets() -> None:
    assert len(Shaped([denied(TELLING)]).holes(AlarmTarget)) == 1


def test_alarms_of_another_shape_are_a_hole() -> None:
    assert len(Shaped([alarms({"AlarmActions": 7})]).holes(AlarmTarget)) == 1


def rule(**more: Any) -> list[Capture]:
    record = {"Name": "r", "Arn": arn("events", "rule/r"), "EventPattern": PATTERN, "State": "ENABLED", **more}
    buses = [{"Name": "default"}, {"Name": "shop"}]
    return [
        answered("events:ListEventBuses", EventBuses=buses),
        answered("events:ListRules", params={"EventBusName": "default"}, Rules=[record]),
        answered("events:ListRules", params={"EventBusName": "shop"}, Rules=[{**record, "Arn": "other"}]),
        targets(TOPIC),
    ]


def targets(*arns: str) -> Capture:
    params = {"Rule": "r", "EventBusName": "default"}
    return answered("events:ListTargetsByRule", params=params, Targets=[{"Id": "1", "Arn": each} for each in arns])


def test_a_rule_of_the_default_bus() -> None:
    row = Shaped(rule()).one(EventWatch)
    assert (row.kind, row.name, row.pattern, row.enabled) == ("rule", "r", PATTERN, True)
    assert (row.told, row.subject.region) == ((TOPIC,), REGION)


@pytest.mark.parametrize(
    ("state", "enabled"),
    [("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", True), ("DISABLED", False)],
)
def test_states_of_a_rule(state, enabled) -> None:
    assert Shaped(rule(State=state)).one(EventWatch).enabled is enabled


def test_a_log_group_alone_is_told_nothing() -> None:
    log = arn("logs", "log-group:/aws/events/x")
    assert Shaped([*rule()[:-1], targets(log)]).one(EventWatch).told == ()
    assert Shaped([*rule()[:-1], targets(log, TOPIC)]).one(EventWatch).told == (TOPIC,)


@pytest.mark.parametrize("more", [{"ManagedBy": "inspector2.amazonaws.com"}, {"EventPattern": None}])
def test_rules_of_services_and_schedules_watch_nothing(more) -> None:
    assert not Shaped(rule(**more)).rows(EventWatch)


def test_targets_that_were_denied_are_a_gap_and_rules_a_hole() -> None:
    assert isinstance(Shaped([*rule()[:-1], denied(targets())]).one(EventWatch).told, Gap)
    buses, rules, *_ = rule()
    states = {each.gap.call: each.gap.state for each in Shaped([buses, denied(rules)]).holes(EventWatch)}
    assert states["events:ListRules"] == "denied"


def trail(**more: Any) -> list[Capture]:
    record = {
        "Name": "main",
        "TrailARN": TRAIL,
        "HomeRegion": REGION,
        "S3BucketName": "records",
        "IsMultiRegionTrail": True,
        "LogFileValidationEnabled": True,
        "CloudWatchLogsLogGroupArn": GROUP,
        **more,
    }
    shadow = {"includeShadowTrails": True}
    return [
        answered("cloudtrail:DescribeTrails", params=shadow, trailList=[record]),
        answered("cloudtrail:GetTrailStatus", params={"Name": TRAIL}, IsLogging=True),
    ]


def filters(group: str = "trail") -> Capture:
    made = [{"metricNamespace": "Own", "metricName": "changes", "metricValue": "1"}]
    record = {"filterName": "f", "filterPattern": "{ $.x = 1 }", "logGroupName": group, "metricTransformations": made}
    return answered("logs:DescribeMetricFilters", metricFilters=[record])


def watch(*captures: Capture) -> EventWatch:
    return Shaped(list(captures)).one(EventWatch)


def test_a_filter_over_the_log_of_a_trail() -> None:
    row = watch(*trail(), filters(), TELLING)
    assert (row.kind, row.name, row.pattern, row.enabled) == ("filter", "f", "{ $.x = 1 }", True)
    assert (row.told, row.subject.region) == (("a",), REGION)
    assert Shaped(trail()).one(Trail).log_group == GROUP


def test_a_filter_is_a_row_in_each_region_that_the_trail_records() -> None:
    listed, status = trail()
    away = [replace(each, target=EUROPE) for each in (listed, status)]
    found = Shaped([listed, status, *away, filters(), TELLING]).rows(EventWatch)
    assert {(each.subject.region, each.enabled) for each in found.values()} == {(REGION, True), ("eu-west-1", True)}


def test_a_log_group_in_a_region_out_of_scope_leaves_filters_open() -> None:
    listed = replace(trail()[0], target=EUROPE)
    states = {each.gap.state for each in Shaped([listed]).holes(EventWatch) if "log group" in each.gap.reason}
    assert states == {"out_of_scope"}


def test_an_alarm_acts_through_a_composite_alarm() -> None:
    composite = {"AlarmName": "c", "AlarmRule": 'ALARM("a")', "AlarmActions": [TOPIC]}
    assert watch(*trail(), filters(), alarms({}, composite=(composite,))).told == ("a",)
    silent = {**composite, "ActionsEnabled": False}
    assert watch(*trail(), filters(), alarms({}, composite=(silent,))).told == ()


@pytest.mark.parametrize(
    "record",
    [{}, {"AlarmActions": [TOPIC], "ActionsEnabled": False}, {"AlarmActions": [TOPIC], "MetricName": "other"}],
)
def test_alarms_that_tell_nobody_or_watch_something_else(record) -> None:
    assert watch(*trail(), filters(), alarms(record)).told == ()


def test_an_alarm_on_an_expression_over_the_metric() -> None:
    expression = [{"Id": "m", "MetricStat": {"Metric": {"Namespace": "Own", "MetricName": "changes"}}}]
    more = {"AlarmActions": [TOPIC], "MetricName": None, "Namespace": None, "Metrics": expression}
    assert watch(*trail(), filters(), alarms(more)).told == ("a",)


def test_a_trail_that_is_stopped_and_alarms_that_were_denied() -> None:
    stopped = answered("cloudtrail:GetTrailStatus", params={"Name": TRAIL}, IsLogging=False)
    assert watch(trail()[0], stopped, filters(), TELLING).enabled is False
    assert isinstance(watch(*trail(), filters(), denied(TELLING)).told, Gap)
    assert isinstance(watch(trail()[0], filters(), TELLING).enabled, Gap)


def test_other_log_groups_and_other_accounts() -> None:
    assert not Shaped([*trail(), filters("app"), TELLING]).rows(EventWatch)
    away = Shaped([*trail(CloudWatchLogsLogGroupArn=GROUP.replace(ACCOUNT, "444455556666")), filters()])
    assert {each.gap.state for each in away.holes(EventWatch)} >= {"out_of_scope"}
    assert not Shaped([*trail(CloudWatchLogsLogGroupArn=None), filters()]).rows(EventWatch)


def test_denied_filters_are_a_hole() -> None:
    calls = {each.gap.call for each in Shaped([*trail(), denied(filters())]).holes(EventWatch)}
    assert "logs:DescribeMetricFilters" in calls


def test_each_kind_of_event_is_a_row_in_each_region_and_global_ones_at_home() -> None:
    found = Shaped([TELLING, answered("logs:DescribeMetricFilters", EUROPE, metricFilters=[])])
    rows = found.rows(SecurityEvent)
    assert {each.event for each in rows.values() if each.region == REGION} == set(SECURITY_EVENTS)
    assert {each.event for each in rows.values() if each.region == "eu-west-1"} == set(SECURITY_EVENTS) - {
        "identity-change",
        "root-sign-in",
    }


def test_without_the_home_region_global_events_are_out_of_scope() -> None:
    found = Shaped([answered("logs:DescribeMetricFilters", EUROPE, metricFilters=[])])
    assert [each.gap.state for each in found.holes(SecurityEvent)] == ["out_of_scope", "out_of_scope"]
    assert {each.region for each in found.rows(SecurityEvent).values()} == {"eu-west-1"}


def budgets(*names: str, kind: str = "COST") -> Capture:
    found = [{"BudgetName": each, "BudgetType": kind} for each in names]
    return answered("budgets:DescribeBudgets", GLOBE, OWN, Budgets=found)


def notices(*names: str) -> Capture:
    found = [{"BudgetName": each, "Notifications": [{"Threshold": 80.0}]} for each in names]
    return answered("budgets:DescribeBudgetNotificationsForAccount", GLOBE, OWN, BudgetNotificationsForAccount=found)


def costs(*captures: Capture) -> dict[str, Any]:
    return {each.name: each.told for each in Shaped(list(captures)).rows(CostAlarm).values()}


def test_budgets_with_and_without_a_notification() -> None:
    assert costs(budgets("a", "b"), notices("b")) == {"a": False, "b": True}
    assert costs(budgets("a", kind="RI_UTILIZATION"), notices("a")) == {}
    assert costs(budgets("a"), absent(notices().call, GLOBE, **OWN)) == {"a": False}


def test_notifications_that_were_denied_are_a_gap_and_budgets_a_hole() -> None:
    assert isinstance(costs(budgets("a"), denied(notices()))["a"], Gap)
    assert "budgets:DescribeBudgets" in {each.gap.call for each in Shaped([denied(budgets())]).holes(CostAlarm)}


def monitors() -> Capture:
    return answered("ce:GetAnomalyMonitors", GLOBE, AnomalyMonitors=[{"MonitorArn": "m1", "MonitorName": "by-service"}])


def subscribed(*subscribers: dict[str, str], monitor: str = "m1") -> Capture:
    one = {"MonitorArnList": [monitor], "Subscribers": list(subscribers)}
    return answered("ce:GetAnomalySubscriptions", GLOBE, AnomalySubscriptions=[one])


@pytest.mark.parametrize(
    ("capture", "told"),
    [
        (subscribed({"Type": "EMAIL", "Status": "CONFIRMED"}), True),
        (subscribed({"Type": "SNS"}), True),
        (subscribed({"Type": "EMAIL", "Status": "DECLINED"}), False),
        (subscribed(), False),
        (subscribed({"Type": "EMAIL"}, monitor="m2"), False),
    ],
)
def test_monitors_of_cost(capture, told) -> None:
    assert costs(monitors(), capture) == {"by-service": told}


def test_monitors_whose_subscriptions_are_not_known() -> None:
    assert isinstance(costs(monitors())["by-service"], Gap)
    assert len(Shaped([denied(monitors()), budgets(), notices()]).holes(CostAlarm)) == 1
