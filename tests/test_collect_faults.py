"""Whatever the other side does, each request ends as a capture that says so, in each protocol."""

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

import wire
from answers import QUICK, answering, capture_of, collect_from, row, rows
from assaybook.capture import ABSENT, DENIED, FAILED, OK, UNSUPPORTED
from wire import Raw, Refusal

URL = "https://example.test"
# One listing for each protocol, and a full answer to it.
LISTINGS = {
    "json": ("dynamodb:ListTables", {"TableNames": ["orders", "payments"]}),
    "rest-json": ("lambda:ListFunctions", {"Functions": [{"FunctionName": "orders", "Version": "$LATEST"}]}),
    "rest-xml": ("s3:ListBuckets", {"Buckets": [{"Name": "orders", "BucketRegion": "us-east-1"}]}),
    "query": ("sns:ListTopics", {"Topics": [{"TopicArn": "arn:aws:sns:us-east-1:111122223333:orders"}]}),
    "ec2": ("ec2:DescribeSnapshots", {"Snapshots": [{"SnapshotId": "snap-1"}]}),
}
PROTOCOLS = sorted(LISTINGS)


def collected_with(protocol, given):
    name = LISTINGS[protocol][0]
    return capture_of(
        collect_from(answering({name: given}), calls=(row(name),), limits=replace(QUICK, throttles=3)), name
    )


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_full_answer_is_kept(protocol):
    found = collected_with(protocol, LISTINGS[protocol][1])
    assert found.state == OK
    assert found.answer == LISTINGS[protocol][1]
    assert (found.pages, found.attempts, found.records) == (1, 1, len(next(iter(found.answer.values()))))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("given", "reason", "attempts"),
    [
        (Refusal("ThrottlingException", "Rate exceeded", 400), "throttled", 3),
        (Refusal("Anything", status=429), "throttled", 3),
        (Refusal("ServiceUnavailable", status=503), "transient", 3),
        (ReadTimeoutError(endpoint_url=URL), "transient", 3),
        (ConnectionClosedError(endpoint_url=URL), "transient", 3),
        (ConnectTimeoutError(endpoint_url=URL), "unreachable", 3),
        (EndpointConnectionError(endpoint_url=URL, error="refused"), "unreachable", 3),
    ],
    ids=lambda each: getattr(each, "code", type(each).__name__) if not isinstance(each, (str, int)) else str(each),
)
def test_what_may_pass_is_tried_again_and_then_recorded(protocol, given, reason, attempts):
    found = collected_with(protocol, lambda *_: given)
    assert (found.state, found.reason, found.attempts) == (FAILED, reason, attempts)
    assert found.answer == {}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_two_throttles_and_then_an_answer_lose_nothing(protocol):
    answer = LISTINGS[protocol][1]
    given = iter([Refusal("ThrottlingException"), ReadTimeoutError(endpoint_url=URL), answer])
    found = collected_with(protocol, lambda *_: next(given))
    assert (found.state, found.attempts, found.answer) == (OK, 3, answer)


GARBAGE = {
    "nothing": b"",
    "noise": bytes(range(256)),
    "text": b"the service is having a day off",
    "page": b"<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>",
    "html": b"<html><body><p>hello</p></body></html>",
    "list": b"[1, 2, 3]",
    "number": b"42",
    "null": b"null",
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "other xml": b"<Other><Member>1</Member></Other>",
    "empty object": b"{}",
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("garbage", sorted(GARBAGE))
def test_garbage_with_a_success_code_is_no_answer(protocol, garbage):
    found = collected_with(protocol, Raw(GARBAGE[garbage]))
    # Buckets alone may be left out of their listing, and botocore does not look at the root of REST-XML.
    if protocol == "rest-xml" and garbage == "other xml":
        assert found.records == 0
        return
    assert (found.state, found.reason) == (FAILED, "unexpected_shape"), found
    assert found.answer == {}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_garbage_with_an_error_code_is_recorded(protocol, status):
    found = collected_with(protocol, Raw(b"\x00\xffgarbage<", status))
    assert found.state not in (OK, ABSENT)
    assert found.reason


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8, 0.97])
def test_an_answer_that_was_cut_is_no_answer(protocol, share):
    name, answer = LISTINGS[protocol]
    body = wire.success(name, answer).body
    found = collected_with(protocol, Raw(body[: int(len(body) * share)]))
    assert (found.state, found.answer) == (FAILED, {})


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
@pytest.mark.parametrize("wrong", [5, "text", True, {"a": 1}, [["nested"]], [[{"a": 1}]]], ids=str)
def test_a_member_of_another_type_is_an_unexpected_shape(protocol, wrong):
    answer = LISTINGS[protocol][1]
    found = collected_with(protocol, Raw(json.dumps({next(iter(answer)): wrong}).encode()))
    assert (found.state, found.reason) == (FAILED, "unexpected_shape")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_listing_without_its_list_is_an_unexpected_shape_unless_the_plan_allows_it(protocol):
    name = LISTINGS[protocol][0]
    found = collected_with(protocol, wire.success(name, {}))
    may_omit = row(name).may_omit
    assert (found.state, found.records) == ((OK, 0) if may_omit else (FAILED, 0))


def test_names_of_another_type_do_not_stop_the_others():
    functions = [{"FunctionName": name, "Version": "$LATEST"} for name in ("orders", 5, "", "x" * 300, True)]
    body = json.dumps({"Functions": functions}).encode()
    collected = collect_from(
        answering({"lambda:ListFunctions": Raw(body), "lambda:GetPolicy": {"Policy": "{}"}}),
        calls=rows("lambda:ListFunctions", "lambda:GetPolicy"),
    )
    by_name = {
        str(each.params.get("FunctionName")): each for each in collected.captures if each.call == "lambda:GetPolicy"
    }
    assert len(by_name) == 5
    assert by_name["orders"].state == OK
    assert (by_name["5"].state, by_name["5"].reason) == (FAILED, "unexpected_shape")


def test_a_record_that_cannot_be_asked_about_leaves_a_trace():
    collected = collect_from(
        answering(
            {
                "apigateway:GetRestApis": {"items": [{"id": "a"}]},
                "apigateway:GetStages": Raw(b'{"item": [{"stageName": null}]}'),
            }
        ),
        calls=rows("apigateway:GetRestApis", "apigateway:GetStages", "wafv2:GetWebACLForResource"),
    )
    found = capture_of(collected, "wafv2:GetWebACLForResource")
    assert (found.state, found.reason, found.attempts) == (FAILED, "unexpected_shape", 0)


def test_a_service_that_is_not_in_a_region_is_unsupported_and_not_tried_again():
    call = rows("lambda:ListFunctions")[0]
    collected = collect_from(
        answering({"lambda:ListFunctions": EndpointConnectionError(endpoint_url=URL, error="no such host")}),
        calls=(call,),
        regions=("mars-north-1",),
    )
    found = capture_of(collected, "lambda:ListFunctions")
    assert (found.state, found.reason, found.attempts) == (UNSUPPORTED, "not_in_region", 1)


def test_an_endpoint_that_never_answers_is_given_up_and_the_rest_goes_on():
    asked = []

    def never(params, region):
        asked.append(params)
        return ConnectTimeoutError(endpoint_url=URL)

    functions = [{"FunctionName": f"f{number}", "Version": "$LATEST"} for number in range(200)]
    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": {"Functions": functions},
                "lambda:GetPolicy": never,
                "dynamodb:ListTables": {"TableNames": ["orders"]},
            }
        ),
        calls=rows("lambda:ListFunctions", "lambda:GetPolicy", "dynamodb:ListTables"),
        limits=replace(QUICK, unreachable=3, rates=False, bucket_calls=4),
    )
    policies = [each for each in collected.captures if each.call == "lambda:GetPolicy"]
    assert {(each.state, each.reason) for each in policies} == {(FAILED, "unreachable")}
    assert len(policies) == 200
    assert len(asked) < 60
    assert capture_of(collected, "dynamodb:ListTables").state == OK


def test_what_cannot_be_written_as_json_is_made_legible():
    body = rb'{"Functions": [{"FunctionName": "a\ud800b", "Version": "$LATEST", "CodeSize": 123456789012345678901}]}'
    collected = collect_from(answering({"lambda:ListFunctions": Raw(body)}), calls=rows("lambda:ListFunctions"))
    (function,) = capture_of(collected, "lambda:ListFunctions").answer["Functions"]
    assert function["CodeSize"] == "123456789012345678901"
    function["FunctionName"].encode()


def test_a_file_that_cannot_be_written_stops_with_its_name(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        collect_from(lambda *_: None, calls=rows("lambda:ListFunctions"), journal=tmp_path / "file" / "journal")


def test_bytes_that_are_no_text_are_only_measured():
    answer = {"Content": b"\xff\xfe" + b"AKIA"}
    collected = collect_from(answering({"iam:GetCredentialReport": answer}), calls=rows("iam:GetCredentialReport"))
    assert capture_of(collected, "iam:GetCredentialReport").answer == {"Content": "[binary, 6 bytes]"}


def urls_of(answers):
    calls = rows("lambda:ListFunctions", "lambda:ListFunctionUrlConfigs", "lambda:GetFunctionUrlConfig")
    listed = {"lambda:ListFunctions": {"Functions": [{"FunctionName": "a", "Version": "$LATEST"}]}}
    found = collect_from(answering({**listed, **answers}), calls=calls)
    return {each.call: each.state for each in found.captures if "Url" in each.call}


def test_a_row_that_stands_in_is_asked_only_where_the_other_is_not_supported():
    assert urls_of({"lambda:ListFunctionUrlConfigs": {"FunctionUrlConfigs": []}}) == {
        "lambda:ListFunctionUrlConfigs": OK
    }
    denied = {"lambda:ListFunctionUrlConfigs": Refusal("AccessDeniedException", status=403)}
    assert urls_of(denied) == {"lambda:ListFunctionUrlConfigs": DENIED}
    lacking = {
        "lambda:ListFunctionUrlConfigs": Refusal("SubscriptionRequiredException", status=400),
        "lambda:GetFunctionUrlConfig": Refusal("ResourceNotFoundException", status=404),
    }
    assert urls_of(lacking) == {"lambda:ListFunctionUrlConfigs": UNSUPPORTED, "lambda:GetFunctionUrlConfig": ABSENT}
