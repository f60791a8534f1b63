"""State machines, passages and subscriptions become rows; what the recorder masked in a definition is counted by kind."""

import json

from assaybook.evidence import Gap
from assaybook.tables.orchestration import Passage, StateMachine, Subscription
from shaped_account import REGION, absent, answered, denied
from shaped_keeping import MACHINE, machine
from shaped_stores import QUEUE_ARN, TOPIC, Shaped, having, lacking, queue, whole

MARK = "[redacted stripe-key length 32 fingerprint 0123456789ab]"


def test_what_was_masked_in_a_definition_is_kept_by_kind() -> None:
    again = "[redacted password length 8 fingerprint ffffffffffff]"
    found = having(machine(json.dumps({"Comment": f"{MARK} {again} {MARK}"})))
    row = found.one(StateMachine)
    assert (row.name, row.kind, row.secrets) == ("fulfilment", "standard", ("password", "stripe-key"))
    assert having(machine('{"Comment": "[redacted] by hand"}')).one(StateMachine).secrets == ()


def test_a_definition_that_was_not_read_is_a_gap() -> None:
    details = {"stateMachineArn": MACHINE}
    lost = having(denied(machine()))
    assert isinstance(lost.one(StateMachine).secrets, Gap)
    assert isinstance(lost.rows(Passage)[MACHINE].logs_data, Gap)
    none = having(answered("stepfunctions:DescribeStateMachine", params=details, stateMachineArn=MACHINE))
    assert isinstance(none.one(StateMachine).secrets, Gap)
    assert having(absent("stepfunctions:DescribeStateMachine", **details)).one(StateMachine).secrets == ()
    for table in (StateMachine, Passage):
        assert lacking("stepfunctions:ListStateMachines").holes(table)


def test_a_log_holds_data_only_where_there_is_a_log() -> None:
    assert having(machine(includeExecutionData=True)).rows(Passage)[MACHINE].logs_data is True
    assert having(machine(level="OFF", includeExecutionData=True)).rows(Passage)[MACHINE].logs_data is False
    assert Shaped(whole()).rows(Passage)[MACHINE].logs_data is False


def test_a_queue_is_a_passage_with_what_encrypts_it() -> None:
    row = Shaped(whole()).rows(Passage)[QUEUE_ARN]
    assert (row.kind, row.name, row.sensitive, row.logs_data, row.encrypted) == ("queue", "orders", True, False, True)
    assert having(queue(SqsManagedSseEnabled="false")).rows(Passage)[QUEUE_ARN].encrypted is False
    assert isinstance(having(denied(queue())).rows(Passage)[QUEUE_ARN].encrypted, Gap)
    assert "sqs:ListQueues" in [each.gap.call for each in lacking("sqs:ListQueues").holes(Passage)]


def subscribed(**record: str) -> Shaped:
    return having(answered("sns:ListSubscriptions", Subscriptions=[{"TopicArn": TOPIC, **record}]))


def test_a_subscription_names_protocol_and_host_only() -> None:
    row = subscribed(
        SubscriptionArn=f"{TOPIC}:1", Protocol="http", Endpoint="http://hooks.example.com:8080/in?token=x"
    ).one(Subscription)
    assert (row.topic, row.protocol, row.host) == ("placed", "http", "hooks.example.com")
    assert (
        subscribed(SubscriptionArn=f"{TOPIC}:1", Protocol="email", Endpoint="a@example.com").one(Subscription).host
        == ""
    )


def test_a_subscription_that_waits_or_is_odd() -> None:
    waiting = subscribed(SubscriptionArn="PendingConfirmation", Protocol="https", Endpoint="https://a.example")
    assert waiting.one(Subscription).key.endswith("/PendingConfirmation/0")
    assert subscribed(Protocol="http").holes(Subscription)[0].gap.region == REGION
    assert lacking("sns:ListSubscriptions").holes(Subscription)
