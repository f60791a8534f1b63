"""Patterns of EventBridge against events of which not everything is known."""

import json

import pytest

from assaybook.checks.event_pattern import matches
from assaybook.checks.known_event import Said
from assaybook.policy.truth import Truth

EVENT = {
    "source": "aws.lambda",
    "detail-type": "AWS API Call via CloudTrail",
    "detail": {
        "eventName": "UpdateFunctionCode20150331v2",
        "readOnly": False,
        "count": 7,
        "ratio": 2.5,
        "nothing": None,
        "errorCode": Said.ABSENT,
        "sourceIPAddress": "203.0.113.17",
        "tags": ["blue", "green"],
        "who": {"type": "Root"},
    },
}
YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def detail(**conditions: object) -> dict[str, object]:
    return {"detail": conditions}


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ({}, YES),
        ({"source": ["aws.lambda"]}, YES),
        ({"source": ["aws.s3", "aws.lambda"]}, YES),
        ({"source": ["aws.s3"]}, NO),
        ({"source": ["aws.lambda"], "detail-type": ["Other"]}, NO),
        (detail(who={"type": ["Root"]}), YES),
        (detail(who={"type": ["IAMUser"]}), NO),
        (detail(eventName=["UpdateFunctionCode"]), NO),
        (detail(eventName=[{"prefix": "UpdateFunctionCode"}]), YES),
        (detail(eventName=[{"prefix": {"equals-ignore-case": "updatefunction"}}]), YES),
        (detail(eventName=[{"suffix": "v2"}]), YES),
        (detail(eventName=[{"suffix": "v3"}]), NO),
        (detail(eventName=[{"equals-ignore-case": "UPDATEFUNCTIONCODE20150331V2"}]), YES),
        (detail(eventName=[{"wildcard": "Update*Code*"}]), YES),
        (detail(eventName=[{"wildcard": "*Delete*"}]), NO),
        (detail(eventName=[{"wildcard": "Update\\*"}]), NO),
        (detail(eventName=[{"anything-but": "StopLogging"}]), YES),
        (detail(eventName=[{"anything-but": ["StopLogging", "UpdateFunctionCode20150331v2"]}]), NO),
        (detail(eventName=[{"anything-but": {"prefix": "Update"}}]), NO),
        (detail(eventName=[{"anything-but": {"prefix": ["Get", "List"]}}]), YES),
        (detail(eventName=[{"anything-but": {"wildcard": "*Code*"}}]), NO),
        (detail(errorCode=[{"exists": False}]), YES),
        (detail(errorCode=[{"exists": True}]), NO),
        (detail(errorCode=["AccessDenied"]), NO),
        (detail(errorCode=[{"anything-but": "x"}]), NO),
        (detail(errorCode={"below": [{"exists": False}]}), YES),
        (detail(readOnly=[False]), YES),
        (detail(readOnly=[0]), NO),
        (detail(readOnly=["false"]), NO),
        (detail(nothing=[None]), YES),
        (detail(nothing=[""]), NO),
        (detail(count=[7]), YES),
        (detail(count=[7.0]), YES),
        (detail(count=["7"]), NO),
        (detail(count=[{"numeric": [">=", 7]}]), YES),
        (detail(count=[{"numeric": [">", 0, "<", 7]}]), NO),
        (detail(ratio=[{"numeric": ["=", 2.5]}]), YES),
        (detail(eventName=[{"numeric": [">", 0]}]), NO),
        (detail(sourceIPAddress=[{"cidr": "203.0.113.0/24"}]), YES),
        (detail(sourceIPAddress=[{"cidr": "10.0.0.0/8"}]), NO),
        (detail(eventName=[{"cidr": "10.0.0.0/8"}]), NO),
        (detail(tags=["green"]), YES),
        (detail(tags=["red"]), NO),
        (detail(who=["Root"]), NO),
        ({"$or": [{"source": ["aws.s3"]}, {"detail": {"count": [7]}}]}, YES),
        ({"$or": [{"source": ["aws.s3"]}, {"detail": {"count": [8]}}]}, NO),
        ({"source": ["aws.s3"], "$or": [{"detail": {"count": [7]}}]}, NO),
        (detail(unknown=["x"]), OPEN),
        (detail(unknown=[{"exists": True}]), OPEN),
        (detail(unknown=["x"], count=[8]), NO),
        ({"$or": [detail(unknown=["x"]), detail(count=[7])]}, YES),
        (detail(count=[{"newer-operator": 1}]), OPEN),
        (detail(count=[{"numeric": ["~", 1]}]), OPEN),
        (detail(count=[{"numeric": [">"]}]), OPEN),
        ({"source": "aws.lambda"}, OPEN),
        ([], OPEN),
    ],
    ids=str,
)
def test_a_pattern(pattern, answer) -> None:
    assert matches(json.dumps(pattern), EVENT) is answer


@pytest.mark.parametrize("text", ["", "{", "null", "7", "[" * 5000])
def test_what_is_no_pattern_cannot_be_told(text) -> None:
    assert matches(text, EVENT) is OPEN
