"""Filter patterns of CloudWatch Logs against records of which not everything is known."""

import pytest

from assaybook.checks.filter_pattern import matches
from assaybook.checks.known_event import Said
from assaybook.checks.security_events import CALLS, ROOT_SIGN_IN, carried, records
from assaybook.policy.truth import Truth
from assaybook.tables.alerting import SECURITY_EVENTS

RECORD = {
    "eventName": "UpdateFunctionCode20150331v2",
    "eventSource": "lambda.amazonaws.com",
    "eventType": "AwsApiCall",
    "readOnly": False,
    "count": 7,
    "nothing": None,
    "errorCode": Said.ABSENT,
    "userIdentity": {"type": "Root", "invokedBy": Said.ABSENT},
}
YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("", YES),
        ("  ", YES),
        ('{ $.eventName = "UpdateFunctionCode20150331v2" }', YES),
        ("{$.eventName=UpdateFunctionCode*}", YES),
        ('{ $.eventName = "*Code*" }', YES),
        ("{ $.eventName = UpdateFunctionCode }", NO),
        ("{ $.eventName != UpdateFunctionCode }", YES),
        ("{ $.eventName != Update* }", NO),
        ("{ ($.eventName = A) || ($.eventName = Update*) }", YES),
        ("{ ($.eventName = A) && ($.eventName = Update*) }", NO),
        ("{ $.eventName = A && $.count = 8 || $.count = 7 }", YES),
        ("{ $.count = 7 || $.eventName = A && $.count = 8 }", YES),
        ("{ ($.count = 7 || $.eventName = A) && $.count = 8 }", NO),
        ("{ $.count = 7 }", YES),
        ("{ $.count >= 7 && $.count < 7.5 }", YES),
        ("{ $.count > 7 }", NO),
        ("{ $.eventName > 7 }", NO),
        ("{ $.readOnly IS FALSE }", YES),
        ("{ $.readOnly IS TRUE }", NO),
        ("{ $.readOnly = false }", YES),
        ("{ $.nothing IS NULL }", YES),
        ("{ $.errorCode NOT EXISTS }", YES),
        ("{ $.errorCode EXISTS }", NO),
        ("{ $.errorCode = *Denied* }", NO),
        ("{ $.errorCode != x }", OPEN),
        ("{ $.userIdentity.invokedBy NOT EXISTS }", YES),
        (
            '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
            YES,
        ),
        ("{ $.['eventName'] = Update* }", YES),
        ("{ $.eventName.below = x }", NO),
        ("{ $.unknown = x }", OPEN),
        ("{ $.unknown NOT EXISTS }", OPEN),
        ("{ $.unknown IS TRUE }", OPEN),
        ("{ $.unknown = x || $.count = 7 }", YES),
        ("{ $.unknown = x && $.count = 8 }", NO),
        ("{ $.list[0] = x }", OPEN),
        ("{ $.eventName = %Update.*% }", OPEN),
        ("{ $.eventName }", OPEN),
        ("{ $.eventName = }", OPEN),
        ("{ ($.count = 7 }", OPEN),
        ("{ $.count = 7 ) }", OPEN),
        ("{ x = 7 }", OPEN),
        ("{ $.count IS 7 }", OPEN),
        ("{ $.count ~ 7 }", OPEN),
        ('"UpdateFunctionCode"', OPEN),
        ("?ERROR ?WARN", OPEN),
        ("[ip, user]", OPEN),
        ("{" + "(" * 500 + "$.count = 7" + ")" * 500 + "}", OPEN),
    ],
)
def test_a_pattern(pattern, answer) -> None:
    assert matches(pattern, RECORD) is answer


def test_every_kind_of_security_event_has_its_records() -> None:
    assert set(SECURITY_EVENTS) == {*CALLS, ROOT_SIGN_IN}
    for kind in SECURITY_EVENTS:
        for record in records(kind, "111122223333", "us-east-1"):
            event = carried(record)
            assert str(event["source"]).startswith("aws.")
            assert event["region"] == "us-east-1"
            assert event["detail"] is record


def test_root_signs_in_by_another_way_than_a_call() -> None:
    (record,) = records(ROOT_SIGN_IN, "111122223333", "us-east-1")
    assert carried(record)["detail-type"] == "AWS Console Sign In via CloudTrail"
    assert carried(record)["source"] == "aws.signin"
