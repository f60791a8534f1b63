"""Filter patterns of CloudWatch Logs against records of which not everything is known."""

import pytest

from assaybook.checks.filter_pattern import matches
from assaybook.checks.known_event import Said
from assaybook.policy.truth import Truth

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
        ("{ $.eventName = %Update.*% }", YES),
        ("{ $.eventName = %^Update[A-Z]% }", YES),
        ("{ $.eventName = %AddPermission|FunctionCode% }", YES),
        ("{ $.eventName = %^Function% }", NO),
        ("{ $.eventName != %Function% }", NO),
        ("{ $.unknown = %x% }", OPEN),
        ("{ $.count = %7% }", OPEN),
        ("{ $.eventName = %[% }", OPEN),
        ("{ $.eventName = %(Update|Add)% }", OPEN),
        ("{ $.eventName = %.*.*.*.*x% }", OPEN),
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
