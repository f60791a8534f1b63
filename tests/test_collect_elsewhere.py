"""Rows that are asked in the enabled regions outside the scope, and members that hold JSON as text."""

import json

from answers import ACCOUNT, answering, capture_of, collect_from, rows
from assaybook.capture import FAILED, OK, Captures, Target
from wire import Refusal

ROW = "lambda:ListFunctions/elsewhere"


def regions(*names, more=()):
    enabled = [{"RegionName": each, "OptInStatus": "opt-in-not-required"} for each in names]
    return {"Regions": [*enabled, *more]}


def asked(collected):
    return sorted(each.target.region for each in collected.captures if each.call == ROW)


def collect(described, wanted=("us-east-1",), functions=None):
    answers = {"ec2:DescribeRegions": described, "lambda:ListFunctions": functions}
    return collect_from(answering(answers), calls=rows(ROW, "lambda:ListFunctions"), regions=wanted)


def test_enabled_regions_outside_the_scope_are_asked():
    off = {"RegionName": "af-south-1", "OptInStatus": "not-opted-in"}
    collected = collect(regions("us-east-1", "eu-west-1", "ap-south-1", more=(off,)))
    assert asked(collected) == ["ap-south-1", "eu-west-1"]


def test_with_all_regions_in_scope_none_is_left():
    assert asked(collect(regions("us-east-1", "eu-west-1"), ("all",))) == []


def test_regions_that_cannot_be_listed_are_not_asked():
    assert asked(collect(Refusal("UnauthorizedOperation", 403))) == []


def test_answers_are_of_the_region_that_was_asked_and_make_no_target():
    def functions(params, region):
        return {"Functions": [{"FunctionName": f"of-{region}", "Environment": {"Variables": {"A": "b"}}}]}

    collected = collect(regions("us-east-1", "ap-south-1"), functions=functions)
    found = capture_of(collected, ROW)
    assert found.target == Target("aws", ACCOUNT, "ap-south-1")
    assert found.answer == {"Functions": [{"FunctionName": "of-ap-south-1"}]}
    assert found.outside
    assert {each.region for each in Captures(collected.captures).targets("aws")} == {"us-east-1"}


CODE = "cloudtrail:LookupEvents/code"


def events(*details):
    made = [
        {"EventId": "1", "EventName": "UpdateFunctionCode20150331v2", "EventTime": 0, "CloudTrailEvent": each}
        for each in details
    ]
    return collect_from(answering({"cloudtrail:LookupEvents": {"Events": made}}), calls=rows(CODE))


def test_json_within_an_answer_is_read_and_only_what_is_wanted_is_kept():
    detail = {
        "userAgent": "aws-cli/2",
        "sourceIPAddress": "203.0.113.17",
        "requestParameters": {"functionName": "orders", "description": "x"},
        "userIdentity": {"type": "IAMUser", "userName": "kim", "accessKeyId": "AKIA" + "X" * 16},
    }
    found = capture_of(events(json.dumps(detail)), CODE)
    assert found.state == OK
    (record,) = found.answer["Events"]
    assert record["Detail"]["userAgent"] == "aws-cli/2"
    assert record["Detail"]["functionName"] == "orders"
    assert record["Detail"]["userIdentity"]["userName"] == "kim"
    assert "203.0.113.17" not in repr(found.answer)
    assert "AKIA" not in repr(found.answer)


def test_text_that_is_no_json_is_an_unexpected_shape():
    found = capture_of(events("{not json"), CODE)
    assert (found.state, found.reason) == (FAILED, "unexpected_shape")
    assert found.answer == {}


def test_an_event_without_details_stays_as_it_is():
    found = capture_of(
        collect_from(answering({"cloudtrail:LookupEvents": {"Events": [{"EventName": "x"}]}}), calls=rows(CODE)), CODE
    )
    assert found.state == OK
    assert found.answer["Events"][0]["Detail"] is None
