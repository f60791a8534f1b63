"""The records by which security events are recognised, and patterns that are in wide use held against them."""

from importlib.resources import files

import pytest

from assaybook.checks import event_pattern, filter_pattern
from assaybook.checks.security_events import CALLS, ROOT_SIGN_IN, carried, records
from assaybook.policy.truth import Truth
from assaybook.strict_yaml import load_yaml
from assaybook.tables.alerting import GLOBAL_EVENTS, SECURITY_EVENTS

WHERE = ("111122223333", "us-east-1")
# Filters of the CIS AWS Foundations Benchmark, as accounts have them, by the kind that they are for.
FILTERS = {
    "identity-change": "{($.eventName=DeleteGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||"
    "($.eventName=CreatePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=AttachUserPolicy)}",
    "trail-change": "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || "
    "($.eventName = StartLogging) || ($.eventName = StopLogging) }",
    "key-loss": "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }",
    "root-sign-in": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "bucket-policy-change": "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || "
    "($.eventName = PutBucketPolicy) || ($.eventName = DeleteBucketPolicy)) }",
    "recorder-stop": "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||"
    "($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)) }",
}


def test_every_kind_has_its_records() -> None:
    assert set(SECURITY_EVENTS) == {*CALLS, ROOT_SIGN_IN}
    assert set(SECURITY_EVENTS) > GLOBAL_EVENTS
    for kind in SECURITY_EVENTS:
        for record in records(kind, *WHERE):
            event = carried(record)
            assert (event["account"], event["region"], event["detail"]) == (*WHERE, record)


def test_the_root_user_signs_in_and_does_not_call() -> None:
    (record,) = records(ROOT_SIGN_IN, *WHERE)
    assert carried(record)["detail-type"] == "AWS Console Sign In via CloudTrail"
    assert carried(record)["source"] == "aws.signin"


@pytest.mark.parametrize("of", FILTERS)
@pytest.mark.parametrize("kind", SECURITY_EVENTS)
def test_a_filter_notices_its_own_kind_and_no_other(kind, of) -> None:
    wanted = Truth.TRUE if kind == of else Truth.FALSE
    assert {filter_pattern.matches(FILTERS[of], each) for each in records(kind, *WHERE)} == {wanted}


@pytest.mark.parametrize("kind", SECURITY_EVENTS)
def test_the_rule_that_the_remedy_makes_notices_every_kind(kind) -> None:
    text = files("assaybook").joinpath("remedies", "security-event-not-alerted.yaml").read_text(encoding="utf-8")
    command = load_yaml(text, "security-event-not-alerted.yaml")["cli"]
    pattern = command.partition("--event-pattern '")[2].partition("}'")[0] + "}"
    for record in records(kind, *WHERE):
        assert event_pattern.matches(pattern, carried(record)) is Truth.TRUE


@pytest.mark.parametrize("noise", ['{ $.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*" }'])
@pytest.mark.parametrize("kind", SECURITY_EVENTS)
def test_a_filter_on_refused_calls_notices_none_that_succeed(kind, noise) -> None:
    assert {filter_pattern.matches(noise, each) for each in records(kind, *WHERE)} == {Truth.FALSE}


RULES = {
    "root-sign-in": '{"detail-type": ["AWS Console Sign In via CloudTrail"], "detail": {"userIdentity": {"type": ["Root"]}, '
    '"responseElements": {"ConsoleLogin": ["Success"]}}}',
    "identity-change": '{"source": ["aws.iam"], "detail": {"eventName": [{"anything-but": {"prefix": ["Get", "List"]}}]}}',
    "key-loss": '{"source": ["aws.kms"], "detail": {"eventSource": ["kms.amazonaws.com"], "eventName": ["DisableKey", "ScheduleKeyDeletion"]}}',
}


@pytest.mark.parametrize("of", RULES)
@pytest.mark.parametrize("kind", SECURITY_EVENTS)
def test_a_rule_notices_its_own_kind_and_no_other(kind, of) -> None:
    wanted = Truth.TRUE if kind == of else Truth.FALSE
    assert {event_pattern.matches(RULES[of], carried(each)) for each in records(kind, *WHERE)} == {wanted}
