"""How events reach functions, and where failed ones go, out of captures; and that no answer breaks the shaping of stores."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.capture import Capture, Captures, numbered
from assaybook.evidence import Evidence, Gap
from assaybook.shape import shape
from assaybook.tables.compute import Delivery
from case_files import AS_OF
from shaped_account import ORDERS, Shaped, absent, allow, answered, denied, function, parameters, policy
from shaped_stores import QUEUE_ARN, TOPIC, arn, having, lacking, queue, whole
from test_shape_scope import ANYTHING, _spots, _with

ABOUT = {"FunctionName": "orders-api"}
DEAD = f"{QUEUE_ARN}-dead"
LATEST = f"{ORDERS}:$LATEST/asynchronous"


def mapping(**more: object) -> Capture:
    """One event source mapping of the function."""
    made = {"UUID": "m1", "FunctionArn": ORDERS, "EventSourceArn": QUEUE_ARN, "State": "Enabled", **more}
    return answered("lambda:ListEventSourceMappings", EventSourceMappings=[made])


def invoked_by(*services: str) -> Capture:
    """A policy of the function that lets these services invoke it."""
    statements = [allow({"Service": f"{each}.amazonaws.com"}) for each in services]
    return answered("lambda:GetPolicy", params=ABOUT, Policy=policy(*statements))


def configured(destination: str, qualifier: str = "$LATEST") -> Capture:
    """Where failed asynchronous events of the function go."""
    config = {"FunctionArn": f"{ORDERS}:{qualifier}", "DestinationConfig": {"OnFailure": {"Destination": destination}}}
    return answered("lambda:ListFunctionEventInvokeConfigs", params=ABOUT, FunctionEventInvokeConfigs=[config])


def only(found: Shaped, path: str) -> Delivery:
    """The only way of this kind."""
    (row,) = [each for each in found.rows(Delivery).values() if each.path == path]
    return row


def test_the_redrive_policy_of_the_source_queue_counts() -> None:
    row = only(having(mapping()), "queue")
    assert (row.workload, row.failure_destination, row.active) == (ORDERS, DEAD, True)
    assert only(having(mapping(), queue()), "queue").failure_destination == ""


def test_a_destination_of_a_mapping_does_not_serve_a_queue() -> None:
    kept = mapping(DestinationConfig={"OnFailure": {"Destination": DEAD}})
    assert only(having(kept, queue()), "queue").failure_destination == ""


def test_a_queue_that_was_not_collected_is_a_gap() -> None:
    foreign = only(having(mapping(EventSourceArn="arn:aws:sqs:us-east-1:444455556666:x")), "queue")
    assert foreign.failure_destination.state == "out_of_scope"
    refused = Shaped(
        [denied(each) if each.call == "sqs:GetQueueAttributes" else each for each in having_captures(mapping())]
    )
    assert isinstance(only(refused, "queue").failure_destination, Gap)


def having_captures(*new: Capture) -> list[Capture]:
    """The captures that `having` would shape."""
    replaced = {(each.call, each.target, str(each.params)) for each in new}
    return [*(each for each in whole() if (each.call, each.target, str(each.params)) not in replaced), *new]


@pytest.mark.parametrize(
    ("more", "bounded"),
    [
        ({}, False),
        ({"MaximumRetryAttempts": -1, "MaximumRecordAgeInSeconds": -1}, False),
        ({"MaximumRetryAttempts": 0}, True),
        ({"MaximumRecordAgeInSeconds": 3600}, True),
        ({"BisectBatchOnFunctionError": True}, True),
        ({"BisectBatchOnFunctionError": False}, False),
    ],
)
def test_a_stream_bounds_its_retries_or_not(more, bounded) -> None:
    row = only(having(mapping(EventSourceArn=arn("kinesis", "stream/clicks"), **more)), "stream")
    assert (row.retries_bounded, row.failure_destination) == (bounded, "")


def test_other_sources_have_no_such_bound() -> None:
    kafka = mapping(EventSourceArn=arn("kafka", "cluster/a/b"), DestinationConfig={"OnFailure": {"Destination": TOPIC}})
    row = only(having(kafka), "stream")
    assert (row.retries_bounded, row.failure_destination) == (True, TOPIC)
    assert only(having(mapping(EventSourceArn=arn("mq", "broker:a:b"))), "broker").failure_destination == ""
    self_managed = answered(
        "lambda:ListEventSourceMappings",
        EventSourceMappings=[{"UUID": "m1", "FunctionArn": ORDERS, "State": "Enabled"}],
    )
    assert only(having(self_managed), "stream").source == "self-managed Kafka"


def test_a_mapping_that_is_off_and_one_of_a_function_that_is_gone() -> None:
    assert only(having(mapping(State="Disabled")), "queue").active is False
    gone = having(mapping(FunctionArn=f"{ORDERS}-gone"))
    assert [each for each in gone.rows(Delivery).values() if each.path == "queue"] == []
    assert gone.holes(Delivery) == []


def test_a_mapping_of_another_shape_is_a_hole() -> None:
    found = having(mapping(FunctionArn=7))
    assert [each.gap.call for each in found.holes(Delivery)] == ["lambda:ListEventSourceMappings"]


@pytest.mark.parametrize("service", ["s3", "sns", "events", "logs.us-east-1", "iot", "config"])
def test_a_service_that_does_not_wait_makes_a_function_asynchronous(service) -> None:
    found = having(invoked_by(service))
    assert LATEST in found.rows(Delivery)
    assert found.rows(Delivery)[LATEST].failure_destination == ""


@pytest.mark.parametrize("service", ["apigateway", "cognito-idp", "elasticloadbalancing", "lex"])
def test_a_service_that_waits_does_not(service) -> None:
    captures = [each for each in having_captures(invoked_by(service)) if not each.call.startswith("lambda:GetPolicy/")]
    captures = [each for each in captures if each.call != "lambda:ListAliases"]
    captures.append(answered("lambda:ListAliases", params=ABOUT, Aliases=[]))
    assert Shaped(captures).rows(Delivery) == {}


def test_a_destination_or_a_queue_of_the_function_keeps_what_failed() -> None:
    assert having(invoked_by("s3"), configured(TOPIC)).rows(Delivery)[LATEST].failure_destination == TOPIC
    listed = answered("lambda:ListFunctions", Functions=[function(DeadLetterConfig={"TargetArn": DEAD})])
    assert having(invoked_by("s3"), listed).rows(Delivery)[LATEST].failure_destination == DEAD


def test_an_alias_has_a_configuration_of_its_own() -> None:
    alias = answered("lambda:ListAliases", params=ABOUT, Aliases=[{"Name": "live", "FunctionVersion": "7"}])
    allowed = answered(
        "lambda:GetPolicy/alias",
        params={**ABOUT, "Qualifier": "live"},
        Policy=policy(allow({"Service": "s3.amazonaws.com"})),
    )
    live = f"{ORDERS}:live/asynchronous"
    assert having(alias, allowed, configured(TOPIC)).rows(Delivery)[live].failure_destination == ""
    row = having(alias, allowed, configured(TOPIC, "live")).rows(Delivery)[live]
    assert (row.failure_destination, row.subject.release) == (TOPIC, "live")
    listed = answered(
        "lambda:ListFunctions", Functions=[function(), function(version="7", DeadLetterConfig={"TargetArn": DEAD})]
    )
    assert having(alias, allowed, listed).rows(Delivery)[live].failure_destination == DEAD


def test_denied_policies_and_configurations_are_no_silence() -> None:
    found = lacking("lambda:GetPolicy")
    assert "lambda:GetPolicy" in {each.gap.call for each in found.holes(Delivery)}
    captures = [
        denied(each) if each.call == "lambda:ListFunctionEventInvokeConfigs" else each
        for each in having_captures(invoked_by("s3"))
    ]
    assert isinstance(Shaped(captures).rows(Delivery)[LATEST].failure_destination, Gap)


def rule(state: str = "ENABLED", **target: object) -> list[Capture]:
    """A rule of the default bus whose target is the function."""
    about = {"Name": "nightly", "Arn": arn("events", "rule/nightly"), "State": state, "EventBusName": "default"}
    targets = [{"Id": "t", "Arn": ORDERS, **target}, {"Id": "queue", "Arn": QUEUE_ARN}]
    return [
        answered("events:ListRules", params={"EventBusName": "default"}, Rules=[about]),
        answered("events:ListTargetsByRule", params={"Rule": "nightly", "EventBusName": "default"}, Targets=targets),
    ]


def test_a_rule_that_starts_a_function() -> None:
    found = having(*rule())
    assert only(found, "rule").failure_destination == ""
    assert having(*rule(), invoked_by("events")).rows(Delivery)[LATEST].source == "rule nightly"
    assert only(having(*rule(DeadLetterConfig={"Arn": DEAD})), "rule").failure_destination == DEAD
    assert only(having(*rule("DISABLED")), "rule").active is False


@pytest.mark.parametrize("call", ["events:ListEventBuses", "events:ListRules", "events:ListTargetsByRule"])
def test_denied_rules_are_a_hole(call) -> None:
    captures = [denied(each) if each.call == call else each for each in having_captures(*rule())]
    assert [each.gap.call for each in Shaped(captures).holes(Delivery)] == [call]


def subscribed(**more: object) -> list[Capture]:
    """The function's subscription to a topic."""
    name = f"{TOPIC}:s1"
    record = {"SubscriptionArn": name, "Protocol": "lambda", "Endpoint": ORDERS, "TopicArn": TOPIC}
    attributes = {"SubscriptionArn": name, **more}
    return [
        answered("sns:ListSubscriptions", Subscriptions=[record, {**record, "SubscriptionArn": "PendingConfirmation"}]),
        answered("sns:GetSubscriptionAttributes", params={"SubscriptionArn": name}, Attributes=attributes),
    ]


def test_a_subscription_of_a_function() -> None:
    assert only(having(*subscribed()), "subscription").failure_destination == ""
    kept = subscribed(RedrivePolicy=json.dumps({"deadLetterTargetArn": DEAD}))
    assert only(having(*kept), "subscription").failure_destination == DEAD
    assert having(*kept).rows(Delivery)[LATEST].source == "topic placed"
    broken = subscribed(RedrivePolicy="{")
    assert isinstance(only(having(*broken), "subscription").failure_destination, Gap)
    refused = [denied(each) if each.call.startswith("sns:GetSub") else each for each in having_captures(*kept)]
    assert isinstance(only(Shaped(refused), "subscription").failure_destination, Gap)


@pytest.mark.parametrize("call", ["lambda:ListFunctions", "lambda:ListEventSourceMappings", "sns:ListSubscriptions"])
def test_denied_lists_are_holes(call) -> None:
    assert call in {each.gap.call for each in lacking(call).holes(Delivery)}


def everything() -> list[Capture]:
    """The whole with all ways in, so that every shaper has something to read."""
    alias = answered("lambda:ListAliases", params=ABOUT, Aliases=[{"Name": "live", "FunctionVersion": "7"}])
    return having_captures(
        mapping(), invoked_by("s3"), configured(TOPIC, "live"), *rule(), *subscribed(RedrivePolicy="{}"), alias
    )


def _evidence(captures: list[Capture]) -> Evidence:
    return Evidence(shape(Captures(numbered(captures)), parameters()), AS_OF)


def test_order_does_not_depend_on_the_order_of_captures() -> None:
    captures = list(numbered(everything()))
    first = Evidence(shape(Captures(captures), parameters()), AS_OF)
    second = Evidence(shape(Captures(reversed(captures)), parameters()), AS_OF)
    assert [(each, first.rows(each)) for each in first.tables] == [(each, second.rows(each)) for each in second.tables]


@settings(max_examples=400, deadline=None)
@given(place=st.integers(min_value=0, max_value=len(everything()) - 1), data=st.data())
def test_no_value_inside_an_answer_breaks_the_shaping(place, data) -> None:
    captures = everything()
    spots = list(_spots(captures[place].answer, ()))
    if not spots:
        return
    path = data.draw(st.sampled_from(spots))
    captures[place] = replace(captures[place], answer=_with(captures[place].answer, path, data.draw(ANYTHING)))
    _evidence(captures)


@settings(max_examples=200, deadline=None)
@given(
    place=st.integers(min_value=0, max_value=len(everything()) - 1),
    answer=st.dictionaries(st.text(max_size=8), ANYTHING),
)
def test_no_answer_breaks_the_shaping(place, answer) -> None:
    captures = everything()
    captures[place] = replace(captures[place], answer=answer)
    _evidence(captures)


def test_a_call_that_was_answered_with_nothing_leaves_no_silence() -> None:
    gone = absent("lambda:GetPolicy", **ABOUT)
    assert _evidence(having_captures(gone)).holes(Delivery) == ()
