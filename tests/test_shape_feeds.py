"""What hands its events to what, out of captures: answered, absent, denied, and answers of odd shapes."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.capture import Capture
from assaybook.evidence import Gap
from assaybook.tables.graph import Feed, SourcePolicy
from shaped_account import ORDERS, Shaped, answered, denied
from shaped_stores import QUEUE_ARN, REGION, TOPIC, arn, bucket, document, having
from test_shape_scope import ANYTHING, _spots, _with

BUS = arn("events", "event-bus/default")
LAMBDA = f"{ORDERS}:live"


def feeds(found: Shaped, kind: str) -> list[Feed]:
    """The rows of one kind."""
    return [each for each in found.rows(Feed).values() if each.kind == kind]


def only(found: Shaped, kind: str) -> Feed:
    """The only row of one kind."""
    (row,) = feeds(found, kind)
    return row


def notified(**answer: Any) -> Capture:
    """What the bucket `records` tells of."""
    return bucket("GetBucketNotificationConfiguration", **answer)


def rule(**more: Any) -> tuple[Capture, ...]:
    """A rule with one target, the function."""
    made = {"Name": "r", "Arn": arn("events", "rule/r"), "EventBusName": "default", "State": "ENABLED", **more}
    asked = {"Rule": "r", "EventBusName": "default"}
    return (
        answered("events:ListEventBuses", EventBuses=[{"Name": "default", "Arn": BUS}]),
        answered("events:ListRules", params={"EventBusName": "default"}, Rules=[made]),
        answered("events:ListTargetsByRule", params=asked, Targets=[{"Id": "t", "Arn": LAMBDA}]),
    )


def test_a_bucket_tells_functions_queues_and_topics_with_filters() -> None:
    key = {"Key": {"FilterRules": [{"Name": "Prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".csv"}]}}
    to = {"Id": "one", "LambdaFunctionArn": LAMBDA, "Events": ["s3:ObjectCreated:*"], "Filter": key}
    queue = {"Id": "two", "QueueArn": QUEUE_ARN, "Events": ["s3:ObjectRemoved:*"]}
    topic = {"TopicArn": TOPIC, "Events": ["s3:ObjectCreated:Put"]}
    found = having(
        notified(LambdaFunctionConfigurations=[to], QueueConfigurations=[queue], TopicConfigurations=[topic])
    )
    rows = {each.target: each for each in feeds(found, "bucket")}
    assert set(rows) == {ORDERS, QUEUE_ARN, TOPIC}
    assert rows[ORDERS].release == "live"
    assert rows[ORDERS].filters == ("prefix in/", "suffix .csv", "event s3:ObjectCreated:*")
    assert rows[ORDERS].source == "arn:aws:s3:::records"


def test_a_bucket_without_notifications_feeds_nothing_and_one_that_is_denied_leaves_a_hole() -> None:
    assert feeds(having(notified()), "bucket") == []
    found = having(denied(notified()))
    assert [each.subject.name for each in found.holes(Feed) if "Notification" in each.gap.call] == ["records"]


def test_an_odd_notification_leaves_a_hole_and_not_a_silence() -> None:
    found = having(notified(LambdaFunctionConfigurations=[{"Events": []}]))
    assert [each.gap.state for each in found.holes(Feed) if "Notification" in each.gap.call] == ["failed"]


@pytest.mark.parametrize(
    ("subscription", "count"),
    [
        ({"Protocol": "lambda", "Endpoint": ORDERS}, 1),
        ({"Protocol": "sqs", "Endpoint": QUEUE_ARN}, 1),
        ({"Protocol": "email", "Endpoint": "a@example.com"}, 0),
        ({"Protocol": "lambda", "Endpoint": ORDERS, "SubscriptionArn": "PendingConfirmation"}, 0),
    ],
)
def test_confirmed_subscriptions_of_functions_and_queues_count(subscription: dict[str, str], count: int) -> None:
    record = {"TopicArn": TOPIC, "SubscriptionArn": f"{TOPIC}:1", **subscription}
    assert len(feeds(having(answered("sns:ListSubscriptions", Subscriptions=[record])), "topic")) == count


def mapped(**more: Any) -> Feed:
    """The row of one event source mapping."""
    record = {"UUID": "m1", "FunctionArn": LAMBDA, "State": "Enabled", **more}
    found = having(answered("lambda:ListEventSourceMappings", EventSourceMappings=[record]))
    (row,) = [each for each in found.rows(Feed).values() if each.key.endswith("m1")]
    return row


def test_mappings_name_their_sources() -> None:
    row = mapped(EventSourceArn=QUEUE_ARN, FilterCriteria={"Filters": [{"Pattern": "{}"}]})
    assert (row.kind, row.source, row.filters, row.active) == ("queue", QUEUE_ARN, ("1 event filters",), True)
    assert not mapped(EventSourceArn=QUEUE_ARN, State="Disabled").active
    table = mapped(EventSourceArn=arn("dynamodb", "table/orders/stream/2024-01-01T00:00:00.000"))
    assert (table.kind, table.source) == ("table", arn("dynamodb", "table/orders"))


def test_brokers_are_open_to_whoever_holds_their_credentials_and_clusters_of_ones_own_to_nobody_knows_whom() -> None:
    assert mapped(EventSourceArn=arn("mq", "broker:b:b-1")).origin == "internet_authenticated"
    own = mapped(SelfManagedEventSource={"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["k:9092"]}})
    assert (own.origin, own.source) == ("unknown", "kafka:k:9092")


def test_a_schedule_is_not_a_bus() -> None:
    assert only(having(*rule(ScheduleExpression="rate(1 day)")), "schedule").origin == "own_account"
    assert only(having(*rule(EventPattern='{"source": ["shop"]}')), "bus").source == BUS


@pytest.mark.parametrize(
    ("pattern", "own"),
    [
        ({"account": ["111122223333"]}, True),
        ({"source": ["aws.ec2"]}, True),
        ({"account": ["111122223333", "777788889999"]}, False),
        ({"source": ["aws.ec2", "shop"]}, False),
        ({"source": [{"prefix": "aws."}]}, False),
        ({"account": []}, False),
        ({"detail-type": ["OrderPlaced"]}, False),
    ],
)
def test_patterns_that_let_only_own_events_pass(pattern: dict[str, Any], own: bool) -> None:
    assert only(having(*rule(EventPattern=json.dumps(pattern))), "bus").own_events_only is own


def test_a_pattern_that_cannot_be_read_lets_everything_pass() -> None:
    assert not only(having(*rule(EventPattern="{")), "bus").own_events_only


def test_a_rule_on_events_of_buckets_comes_from_those_buckets() -> None:
    named = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["drop"]}}}
    assert only(having(*rule(EventPattern=json.dumps(named))), "bucket").source == "arn:aws:s3:::drop"
    any_ = rule(EventPattern=json.dumps({"source": ["aws.s3"]}))
    assert feeds(having(*any_, notified()), "bucket") == []
    assert only(having(*any_, notified(EventBridgeConfiguration={})), "bucket").source == "arn:aws:s3:::records"


def test_rules_that_could_not_be_listed_leave_a_hole() -> None:
    buses, rules, targets = rule()
    for missing in ((denied(buses),), (buses, denied(rules)), (buses, rules, denied(targets))):
        assert any("events:" in each.gap.call for each in having(*missing).holes(Feed))


def test_schedules_pipes_devices_and_mail() -> None:
    schedule = {
        "Name": "s",
        "Arn": arn("scheduler", "schedule/default/s"),
        "State": "DISABLED",
        "Target": {"Arn": LAMBDA},
    }
    pipe = {
        "Name": "p",
        "Arn": arn("pipes", "pipe/p"),
        "Source": QUEUE_ARN,
        "Target": LAMBDA,
        "CurrentState": "RUNNING",
    }
    device = {"ruleName": "d", "ruleArn": arn("iot", "rule/d"), "ruleDisabled": False}
    actions = [{"lambda": LAMBDA, "sqs": None}, {"sqs": f"https://sqs.{REGION}.amazonaws.com/111122223333/orders"}]
    mail = {
        "Name": "m",
        "Enabled": True,
        "Actions": [{"S3Action": {"BucketName": "records"}}, {"LambdaAction": {"FunctionArn": LAMBDA}}],
    }
    found = having(
        answered("scheduler:ListSchedules", Schedules=[schedule]),
        answered("pipes:ListPipes", Pipes=[pipe]),
        answered("iot:ListTopicRules", rules=[device]),
        answered("iot:GetTopicRule", params={"ruleName": "d"}, ruleArn=device["ruleArn"], rule={"actions": actions}),
        answered("ses:DescribeActiveReceiptRuleSet", Rules=[mail]),
    )
    assert not only(found, "schedule").active
    assert only(found, "queue").source_name == "queue orders through pipe p"
    assert {each.target for each in feeds(found, "device rule")} == {ORDERS, QUEUE_ARN}
    assert {(each.target, each.origin) for each in feeds(found, "mail")} == {
        ("arn:aws:s3:::records", "internet_anonymous"),
        (ORDERS, "internet_anonymous"),
    }


def flowing() -> list[Capture]:
    """Answers to every call that feeds are read from."""
    machine = arn("states", "stateMachine:flow")
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{ORDERS}/invocations"
    key = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}
    told = {"Id": "one", "LambdaFunctionArn": LAMBDA, "Events": ["s3:ObjectCreated:*"], "Filter": key}
    pipe = {"Name": "p", "Arn": "p", "Source": QUEUE_ARN, "Target": LAMBDA, "Enrichment": ORDERS}
    pool = {"Id": "p1", "LambdaConfig": {"PreSignUp": ORDERS, "PreTokenGenerationConfig": {"LambdaArn": ORDERS}}}
    return [
        notified(LambdaFunctionConfigurations=[told], EventBridgeConfiguration={}),
        *rule(EventPattern='{"source": ["aws.s3"]}'),
        answered(
            "lambda:ListEventSourceMappings",
            EventSourceMappings=[{"UUID": "m", "FunctionArn": LAMBDA, "EventSourceArn": QUEUE_ARN}],
        ),
        answered("scheduler:ListSchedules", Schedules=[{"Name": "s", "Arn": "s", "Target": {"Arn": LAMBDA}}]),
        answered("pipes:ListPipes", Pipes=[pipe]),
        answered("pipes:DescribePipe", params={"Name": "p"}, SourceParameters={"FilterCriteria": {"Filters": [{}]}}),
        answered("iot:ListTopicRules", rules=[{"ruleName": "d", "ruleArn": "d"}]),
        answered("iot:GetTopicRule", params={"ruleName": "d"}, rule={"actions": [{"lambda": LAMBDA}]}),
        answered(
            "ses:DescribeActiveReceiptRuleSet",
            Rules=[{"Name": "m", "Actions": [{"LambdaAction": {"FunctionArn": LAMBDA}}]}],
        ),
        answered("stepfunctions:ListStateMachines", stateMachines=[{"stateMachineArn": machine}]),
        answered(
            "stepfunctions:DescribeStateMachine",
            params={"stateMachineArn": machine},
            definition=json.dumps({"Resource": ORDERS}),
        ),
        answered("kinesis:GetResourcePolicy", params={"ResourceARN": arn("kinesis", "stream/clicks")}, Policy="{}"),
        answered("apigateway:GetRestApis", items=[{"id": "a1", "name": "shop"}]),
        answered(
            "apigateway:GetAuthorizers", params={"restApiId": "a1"}, items=[{"name": "who", "authorizerUri": uri}]
        ),
        answered("appsync:ListGraphqlApis", graphqlApis=[{"apiId": "g1", "name": "catalog"}]),
        answered(
            "appsync:ListDataSources",
            params={"apiId": "g1"},
            dataSources=[{"name": "s", "lambdaConfig": {"lambdaFunctionArn": ORDERS}}],
        ),
        answered("cognito-idp:DescribeUserPool", params={"UserPoolId": "p1"}, UserPool=pool),
    ]


def test_every_kind_of_feed_is_read() -> None:
    kinds = {each.kind for each in having(*flowing()).rows(Feed).values()}
    assert kinds == {
        "bucket", "queue", "schedule", "device rule", "mail", "state machine", "authorizer", "resolver", "sign-in",
    }  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(place=st.integers(min_value=0, max_value=len(flowing()) - 1), data=st.data())
def test_no_value_inside_an_answer_breaks_the_shaping(place: int, data: Any) -> None:
    captures = flowing()
    path = data.draw(st.sampled_from(list(_spots(captures[place].answer, ()))))
    captures[place] = replace(captures[place], answer=_with(captures[place].answer, path, data.draw(ANYTHING)))
    having(*captures).rows(Feed)


@settings(max_examples=150, deadline=None)
@given(
    place=st.integers(min_value=0, max_value=len(flowing()) - 1), answer=st.dictionaries(st.text(max_size=8), ANYTHING)
)
def test_no_answer_breaks_the_shaping(place: int, answer: dict[str, Any]) -> None:
    captures = flowing()
    captures[place] = replace(captures[place], answer=answer)
    having(*captures).rows(Feed)


def test_a_device_rule_that_could_not_be_read_leaves_a_hole() -> None:
    rules = answered("iot:ListTopicRules", rules=[{"ruleName": "d"}])
    found = having(rules, denied(answered("iot:GetTopicRule", params={"ruleName": "d"})))
    assert any(each.gap.call == "iot:GetTopicRule" for each in found.holes(Feed))


def test_a_state_machine_runs_the_functions_that_its_tasks_name() -> None:
    machine = arn("states", "stateMachine:flow")
    states = {
        "A": {"Type": "Task", "Resource": ORDERS, "Next": "B"},
        "B": {
            "Type": "Parallel",
            "Branches": [{"States": {"C": {"Type": "Task", "Parameters": {"FunctionName": f"{ORDERS}2"}}}}],
        },
        "D": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"},
    }
    listed = answered("stepfunctions:ListStateMachines", stateMachines=[{"stateMachineArn": machine}])
    described = answered(
        "stepfunctions:DescribeStateMachine",
        params={"stateMachineArn": machine},
        definition=json.dumps({"States": states}),
    )
    assert {each.target for each in feeds(having(listed, described), "state machine")} == {ORDERS, f"{ORDERS}2"}
    assert feeds(having(listed, denied(described)), "state machine") == []
    for odd in ("", "{", "[" * 100_000):
        answer = answered("stepfunctions:DescribeStateMachine", params={"stateMachineArn": machine}, definition=odd)
        found = having(listed, answer)
        assert feeds(found, "state machine") == []
        assert [each.gap.state for each in found.holes(Feed) if "DescribeStateMachine" in each.gap.call] == ["failed"]


def test_the_policy_of_a_stream_may_be_none_in_two_ways() -> None:
    stream = arn("kinesis", "stream/clicks")
    asked = {"ResourceARN": stream}
    allow = {"Effect": "Allow", "Principal": "*", "Action": "kinesis:PutRecord", "Resource": stream}
    for said, expected in (("{}", ""), ("", ""), (document(allow), document(allow))):
        found = having(answered("kinesis:GetResourcePolicy", params=asked, Policy=said))
        assert found.rows(SourcePolicy)[stream].policy == expected
    found = having(denied(answered("kinesis:GetResourcePolicy", params=asked)))
    assert isinstance(found.rows(SourcePolicy)[stream].policy, Gap)


def test_authorizers_and_resolvers() -> None:
    api = answered("apigateway:GetRestApis", items=[{"id": "a1", "name": "shop"}])
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{ORDERS}/invocations"
    asked = answered(
        "apigateway:GetAuthorizers", params={"restApiId": "a1"}, items=[{"name": "who", "authorizerUri": uri}]
    )
    stages = answered("apigateway:GetStages", params={"restApiId": "a1"}, item=[{"stageName": "live"}])
    row = only(having(api, asked, stages), "authorizer")
    assert (row.target, row.origin) == (ORDERS, "internet_anonymous")
    private = answered(
        "apigateway:GetRestApis", items=[{"id": "a1", "name": "shop", "endpointConfiguration": {"types": ["PRIVATE"]}}]
    )
    assert only(having(private, asked, stages), "authorizer").origin == "own_account"
    graph = answered("appsync:ListGraphqlApis", graphqlApis=[{"apiId": "g1", "name": "catalog"}])
    source = {"name": "s", "type": "AWS_LAMBDA", "lambdaConfig": {"lambdaFunctionArn": ORDERS}}
    resolves = answered("appsync:ListDataSources", params={"apiId": "g1"}, dataSources=[source, {"name": "t"}])
    assert only(having(graph, resolves), "resolver").target == ORDERS


def test_steps_of_signing_in() -> None:
    pool = {"Id": "p1", "Name": "shop", "Arn": arn("cognito-idp", "userpool/p1"), "LambdaConfig": {"PreSignUp": ORDERS}}
    row = only(having(answered("cognito-idp:DescribeUserPool", params={"UserPoolId": "p1"}, UserPool=pool)), "sign-in")
    assert (row.target, row.origin) == (ORDERS, "internet_anonymous")
    closed = {**pool, "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}
    row = only(
        having(answered("cognito-idp:DescribeUserPool", params={"UserPoolId": "p1"}, UserPool=closed)), "sign-in"
    )
    assert row.origin == "internet_authenticated"
