import json

import pytest

from answers import ACCOUNT, FURTHER, NOON, answering, capture_of, collect_from, row, rows
from assaybook.capture import ABSENT, DENIED, FAILED, OK, UNSUPPORTED
from assaybook.collect import AssumedAccount, CollectError
from assaybook.collect.plans import calls_of
from assaybook.plan import Call, Lead, Poll
from wire import Refusal


def function(name, version="$LATEST", **more):
    return {
        "FunctionName": name,
        "FunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}",
        "Version": version,
        **more,
    }


POLICY = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": []})}
LAMBDA = rows(
    "lambda:ListFunctions",
    "lambda:GetFunction",
    "lambda:GetPolicy",
    "lambda:ListAliases",
    "lambda:GetPolicy/alias",
    "lambda:GetPolicy/version",
)


def test_the_whole_plan_of_an_empty_account_is_answered():
    collected = collect_from(lambda name, params, region: None, regions=("us-east-1", "eu-west-1"))
    assert {each.state for each in collected.captures} == {OK}
    asked = {(each.call, each.target.region) for each in collected.captures}
    for call in calls_of("aws", "full"):
        if not (call.each or call.instead_of):
            for region in ("global",) if call.scope == "global" else ("us-east-1", "eu-west-1"):
                assert (call.key, region) in asked
    assert collected.principals == (f"arn:aws:iam::{ACCOUNT}:user/auditor",)
    assert collected.started == collected.finished == NOON.isoformat()


def test_records_lead_to_further_calls_and_versions_in_use_count():
    aliases = [
        {
            "Name": "live",
            "FunctionVersion": "3",
            "RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}},
        },
        {"Name": "next", "FunctionVersion": "$LATEST"},
    ]
    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": {"Functions": [function("orders"), function("orders", "3"), function("pay")]},
                "lambda:ListAliases": lambda params, _: {
                    "Aliases": aliases if params["FunctionName"] == "orders" else []
                },
                "lambda:GetPolicy": POLICY,
            }
        ),
        calls=LAMBDA,
    )
    policies = sorted(
        (each.call, each.params["FunctionName"], each.params.get("Qualifier", ""))
        for each in collected.captures
        if each.call.startswith("lambda:GetPolicy")
    )
    assert policies == [
        ("lambda:GetPolicy", "orders", ""),
        ("lambda:GetPolicy", "pay", ""),
        ("lambda:GetPolicy/alias", "orders", "live"),
        ("lambda:GetPolicy/alias", "orders", "next"),
        ("lambda:GetPolicy/version", "orders", "3"),
        ("lambda:GetPolicy/version", "orders", "4"),
    ]
    assert capture_of(collected, "lambda:ListFunctions").records == 3
    assert capture_of(collected, "lambda:GetPolicy", FunctionName="pay").answer == POLICY


SNS_MAY, EVENTS_MAY = (
    {"Policy": json.dumps({"Statement": [{"Principal": {"Service": f"{each}.amazonaws.com"}}]})}
    for each in ("sns", "events")
)
OPEN = {"FunctionUrl": "https://u.invalid/", "FunctionArn": "arn", "AuthType": "NONE"}


@pytest.mark.parametrize(
    ("record", "answers", "asked"),
    [
        ({}, {}, 3),
        ({}, {"lambda:GetPolicy": EVENTS_MAY}, 4),
        ({}, {"lambda:GetPolicy": SNS_MAY}, 5),
        ({}, {"lambda:ListFunctionUrlConfigs": {"FunctionUrlConfigs": [OPEN]}}, 4),
        ({"PackageType": "Image"}, {}, 4),
        (
            {"PackageType": "Image"},
            {"lambda:GetPolicy": SNS_MAY, "lambda:ListFunctionUrlConfigs": {"FunctionUrlConfigs": [OPEN]}},
            7,
        ),
    ],
)
def test_each_function_takes_three_requests_and_one_more_for_each_reason_to_ask(record, answers, asked):
    listed = {"lambda:ListFunctions": {"Functions": [function(f"f{number}", **record) for number in range(10)]}}
    collected = collect_from(
        answering(listed | answers),
        calls=tuple(call for call in calls_of("aws", "standard") if call.name.startswith("lambda:")),
    )
    about = [each for each in collected.captures if "FunctionName" in each.params]
    assert len(about) == asked * 10
    assert sum(each.attempts for each in about) == asked * 10


def test_what_several_parents_lead_to_is_asked_once_and_what_none_leads_to_is_not():
    def arn(name, region="us-east-1"):
        return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"

    names = ("by-policy", "by-rule", "by-topic", "by-nobody")
    subscribed = [(arn("by-topic"), "lambda"), (arn("elsewhere", "eu-west-1"), "lambda"), (arn("by-nobody"), "email")]
    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": {"Functions": [function(name) for name in names]},
                "lambda:GetPolicy": lambda params, _: SNS_MAY if params["FunctionName"] == "by-policy" else POLICY,
                "events:ListEventBuses": {"EventBuses": [{"Name": "default"}]},
                "events:ListRules": {"Rules": [{"Name": "nightly", "EventBusName": "default"}]},
                "events:ListTargetsByRule": {
                    "Targets": [{"Id": "1", "Arn": f"{arn('by-rule')}:live"}, {"Id": "2", "Arn": arn("by-policy")}]
                },
                "sns:ListSubscriptions": {
                    "Subscriptions": [
                        {"SubscriptionArn": "s", "Endpoint": one, "Protocol": kind} for one, kind in subscribed
                    ]
                },
            }
        ),
        calls=tuple(
            call
            for call in calls_of("aws", "standard")
            if call.name.startswith("events:")
            or call.key in ("sns:ListSubscriptions", "lambda:ListFunctions", "lambda:GetPolicy")
            or call.key == "lambda:ListFunctionEventInvokeConfigs"
        ),
    )
    asked = [each for each in collected.captures if each.call == "lambda:ListFunctionEventInvokeConfigs"]
    assert sorted(each.params["FunctionName"] for each in asked) == ["by-policy", "by-rule", "by-topic"]


def test_metrics_are_asked_for_in_batches_with_ids_and_whole_days():
    listed = [function(f"f{number}") for number in range(3)]
    listed[1]["LoggingConfig"] = {"LogGroup": "shared"}
    collected = collect_from(
        answering({"lambda:ListFunctions": {"Functions": listed}}),
        calls=rows(
            "lambda:ListFunctions", "cloudwatch:GetMetricData/invocations", "cloudwatch:GetMetricData/log-events"
        ),
    )
    asked = capture_of(collected, "cloudwatch:GetMetricData/invocations").params
    assert (asked["StartTime"], asked["EndTime"]) == ("2026-08-17T00:00:00+00:00", "2026-11-16T00:00:00+00:00")
    assert [(each["Id"], each["Label"]) for each in asked["MetricDataQueries"]] == [
        ("q0", "f0"),
        ("q1", "f1"),
        ("q2", "f2"),
    ]
    groups = capture_of(collected, "cloudwatch:GetMetricData/log-events").params["MetricDataQueries"]
    assert [each["Label"] for each in groups] == ["/aws/lambda/f0", "shared", "/aws/lambda/f2"]


@pytest.mark.parametrize(
    ("refusal", "state", "reason"),
    [
        (Refusal("ResourceNotFoundException", status=404), ABSENT, ""),
        (Refusal("AccessDeniedException", "no identity-based policy allows it", 403), DENIED, "denied"),
        (Refusal("Whatever", status=403), DENIED, "denied"),
        (Refusal("TooManyRequestsException", status=429), FAILED, "throttled"),
        (Refusal("ServiceException", status=500), FAILED, "transient"),
        (Refusal("ExpiredTokenException", status=403), FAILED, "credentials"),
        (Refusal("UnrecognizedClientException", status=403), FAILED, "credentials"),
        (Refusal("SubscriptionRequiredException", status=400), UNSUPPORTED, "not_enabled"),
        (Refusal("ValidationException", status=400), FAILED, "refused"),
    ],
)
def test_an_error_becomes_a_capture_with_its_reason(refusal, state, reason):
    collected = collect_from(
        answering({"lambda:ListFunctions": {"Functions": [function("orders")]}, "lambda:GetPolicy": refusal}),
        calls=rows("lambda:ListFunctions", "lambda:GetPolicy"),
    )
    found = capture_of(collected, "lambda:GetPolicy")
    assert (found.state, found.reason, found.code) == (state, reason, refusal.code)
    assert found.permission == "lambda:GetPolicy"
    assert found.message == refusal.message
    assert found.answer == {}


def test_a_denied_call_costs_one_attempt_and_throttles_are_tried_again():
    attempts = []

    def policy(params, region):
        attempts.append(params["FunctionName"])
        return POLICY if len(attempts) > 3 else Refusal("TooManyRequestsException", status=429)

    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": {"Functions": [function("orders")]},
                "lambda:GetPolicy": policy,
                "lambda:GetFunction": Refusal("AccessDenied", status=403),
            }
        ),
        calls=rows("lambda:ListFunctions", "lambda:GetPolicy", "lambda:GetFunction"),
    )
    assert capture_of(collected, "lambda:GetPolicy").state == OK
    assert capture_of(collected, "lambda:GetPolicy").attempts == 4
    assert capture_of(collected, "lambda:GetFunction").attempts == 1


def test_credentials_that_work_elsewhere_mean_that_the_region_is_off():
    def functions(params, region):
        return Refusal("UnrecognizedClientException", status=403) if region == "eu-west-1" else None

    collected = collect_from(
        answering({"lambda:ListFunctions": functions}),
        calls=rows("lambda:ListFunctions"),
        regions=("us-east-1", "eu-west-1"),
    )
    by_region = {each.target.region: each for each in collected.captures if each.call == "lambda:ListFunctions"}
    assert by_region["us-east-1"].state == OK
    assert (by_region["eu-west-1"].state, by_region["eu-west-1"].reason) == (FAILED, "region_disabled")


def test_all_regions_are_those_that_are_enabled():
    collected = collect_from(lambda *_: None, calls=rows("lambda:ListFunctions"), regions=("all",))
    assert [each.target.region for each in collected.captures if each.call == "lambda:ListFunctions"] == [
        "eu-west-1",
        "us-east-1",
    ]
    assert capture_of(collected, "ec2:DescribeRegions").records == 2


def test_regions_that_cannot_be_told_stop_the_collection():
    with pytest.raises(CollectError, match=r"ec2:DescribeRegions.*UnauthorizedOperation.*--region"):
        collect_from(
            answering({"ec2:DescribeRegions": Refusal("UnauthorizedOperation", status=403)}),
            calls=rows("lambda:ListFunctions"),
            regions=("all",),
        )


def test_named_regions_need_no_list_of_them():
    collected = collect_from(
        answering({"ec2:DescribeRegions": Refusal("UnauthorizedOperation", status=403)}),
        calls=rows("lambda:ListFunctions"),
    )
    assert capture_of(collected, "ec2:DescribeRegions").state == DENIED
    assert capture_of(collected, "lambda:ListFunctions").state == OK


def test_credentials_that_do_not_work_stop_the_collection():
    with pytest.raises(CollectError, match=r"sts:GetCallerIdentity.*InvalidClientTokenId"):
        collect_from(answering({"sts:GetCallerIdentity": Refusal("InvalidClientTokenId", status=403)}))


def test_a_bucket_is_asked_in_its_own_region_and_belongs_to_the_account():
    asked = []

    def policy(params, region):
        asked.append((params["Bucket"], region))
        return Refusal("NoSuchBucketPolicy", status=404)

    buckets = [
        {"Name": "here", "BucketRegion": "us-east-1"},
        {"Name": "there", "BucketRegion": "ap-south-1"},
        {"Name": "unsaid"},
    ]
    collected = collect_from(
        answering({"s3:ListBuckets": {"Buckets": buckets}, "s3:GetBucketPolicy": policy}),
        calls=rows("s3:ListBuckets", "s3:GetBucketPolicy"),
    )
    assert sorted(asked) == [("here", "us-east-1"), ("there", "ap-south-1"), ("unsaid", "us-east-1")]
    assert {each.target.region for each in collected.captures} == {"global"}


def test_a_row_can_read_its_parents_parameters():
    collected = collect_from(
        answering(
            {
                "apigateway:GetRestApis": {"items": [{"id": "api1"}]},
                "apigateway:GetStages": {"item": [{"stageName": "prod"}]},
                "wafv2:GetWebACLForResource": lambda params, _: {"WebACL": {"Name": params["ResourceArn"], "Id": "i"}},
            }
        ),
        calls=rows("apigateway:GetRestApis", "apigateway:GetStages", "wafv2:GetWebACLForResource"),
    )
    found = capture_of(collected, "wafv2:GetWebACLForResource")
    assert found.params == {"ResourceArn": "arn:aws:apigateway:us-east-1::/restapis/api1/stages/prod"}


def test_only_own_layers_are_asked_for_their_policy():
    layers = [{"Arn": f"arn:aws:lambda:us-east-1:{account}:layer:l:1"} for account in (ACCOUNT, "999988887777")]
    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": {"Functions": [function("a", Layers=layers), function("b", Layers=layers)]},
                "lambda:GetLayerVersionByArn": lambda params, _: {
                    "LayerArn": params["Arn"].removesuffix(":1"),
                    "Version": 1,
                },
                "lambda:GetLayerVersionPolicy": POLICY,
            }
        ),
        calls=rows("lambda:ListFunctions", "lambda:GetLayerVersionByArn", "lambda:GetLayerVersionPolicy"),
    )
    assert len([each for each in collected.captures if each.call == "lambda:GetLayerVersionByArn"]) == 2
    assert capture_of(collected, "lambda:GetLayerVersionPolicy").params["VersionNumber"] == 1
    assert ACCOUNT in capture_of(collected, "lambda:GetLayerVersionPolicy").params["LayerName"]


def test_records_are_asked_for_in_batches():
    batched = Call(
        "inspector2:BatchGetAccountStatus",
        each="dynamodb:ListTables",
        take={"accountIds": "@"},
        batch=2,
        batch_into="accountIds",
        items="accounts",
    )
    collected = collect_from(
        answering({"dynamodb:ListTables": {"TableNames": ["a", "b", "c", "b"]}}),
        calls=(row("dynamodb:ListTables"), batched),
    )
    assert [each.params["accountIds"] for each in collected.captures if each.call == batched.name] == [
        ["a", "b"],
        ["c"],
    ]


def test_a_report_is_awaited(monkeypatch):
    monkeypatch.setattr("assaybook.collect.engine.POLL_SECONDS", 0.01)
    states = iter(["STARTED", "INPROGRESS", "COMPLETE"])
    collected = collect_from(
        answering(
            {
                "iam:GenerateCredentialReport": lambda *_: {"State": next(states)},
                "iam:GetCredentialReport": {"Content": b"user,arn\n"},
            }
        ),
        calls=rows("iam:GetCredentialReport"),
    )
    found = capture_of(collected, "iam:GetCredentialReport")
    assert (found.state, found.answer["Content"], found.attempts) == (OK, "user,arn\n", 4)


def test_a_report_that_never_comes_is_a_failure(monkeypatch):
    monkeypatch.setattr("assaybook.collect.engine.POLL_SECONDS", 0.01)
    call = Call(
        "iam:GetCredentialReport",
        scope="global",
        poll=Poll("iam:GenerateCredentialReport", "State", "COMPLETE", seconds=0.05),
    )
    collected = collect_from(answering({"iam:GenerateCredentialReport": {"State": "STARTED"}}), calls=(call,))
    assert (capture_of(collected, call.name).state, capture_of(collected, call.name).reason) == (FAILED, "not_ready")


NUMBERED = Call(
    "iam:GetServiceLastAccessedDetails",
    items="ServicesLastAccessed",
    each="lambda:ListFunctions",
    take={"Arn": "Role"},
    give={"Granularity": "ACTION_LEVEL"},
    poll=Poll(
        "iam:GenerateServiceLastAccessedDetails", "JobStatus", "COMPLETED", seconds=5, carry="JobId", failed="FAILED"
    ),
)


def numbered_report(states, started=None):
    """A collection with one function, of whose role a report with a number is made."""
    asked = []

    def answers(name, params, region):
        if name == "lambda:ListFunctions":
            return {"Functions": [{**function("f"), "Role": f"arn:aws:iam::{ACCOUNT}:role/f-role"}]}
        if name == "iam:GenerateServiceLastAccessedDetails":
            asked.append(dict(params))
            return started or {"JobId": "1" * 36}
        if name == "iam:GetServiceLastAccessedDetails":
            asked.append(dict(params))
            done = {"JobCreationDate": "2026-11-16T09:00:00Z", "JobCompletionDate": "2026-11-16T09:00:00Z"}
            return {"JobStatus": next(states), **done, "ServicesLastAccessed": []}
        return None

    collected = collect_from(answers, calls=(*rows("lambda:ListFunctions"), NUMBERED))
    return capture_of(collected, NUMBERED.name), asked


def test_a_report_with_a_number_is_awaited_by_its_number(monkeypatch):
    monkeypatch.setattr("assaybook.collect.engine.POLL_SECONDS", 0.01)
    found, asked = numbered_report(iter(["IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]))
    about = {"Arn": f"arn:aws:iam::{ACCOUNT}:role/f-role", "Granularity": "ACTION_LEVEL"}
    assert (found.state, found.params, found.answer["JobStatus"]) == (OK, about, "COMPLETED")
    assert asked == [about, *[{"JobId": "1" * 36}] * 3]


def test_a_report_with_a_number_that_cannot_be_made_is_given_up_at_once(monkeypatch):
    monkeypatch.setattr("assaybook.collect.engine.POLL_SECONDS", 0.01)
    found, asked = numbered_report(iter(["IN_PROGRESS", "FAILED"]))
    assert (found.state, found.reason, len(asked)) == (FAILED, "report_failed", 3)


def test_a_report_without_a_number_is_an_unexpected_answer():
    found, _ = numbered_report(iter([]), started={"JobId": ""})
    assert (found.state, found.reason) == (FAILED, "unexpected_shape")


def test_a_row_goes_on_from_its_own_answers_and_asks_nothing_twice():
    units = "Parents[?Type=='ORGANIZATIONAL_UNIT']"
    above = Call(
        "organizations:ListParents",
        id="organizations:ListParents/above",
        items="Parents",
        scope="global",
        each="organizations:ListParents",
        also=(Lead("organizations:ListParents/above", over=units, take={"ChildId": "Id"}),),
        over=units,
        take={"ChildId": "Id"},
    )
    first = Call("organizations:ListParents", items="Parents", scope="global", take={"ChildId": "$account"})
    parents = {ACCOUNT: "ou-a", "ou-a": "ou-b", "ou-b": "r-1"}

    def answers(name, params, region):
        if name != "organizations:ListParents":
            return None
        parent = parents[params["ChildId"]]
        return {"Parents": [{"Id": parent, "Type": "ROOT" if parent == "r-1" else "ORGANIZATIONAL_UNIT"}]}

    collected = collect_from(answers, calls=(first, above))
    asked = [each.params["ChildId"] for each in collected.captures if each.call.startswith("organizations:")]
    assert sorted(asked) == [ACCOUNT, "ou-a", "ou-b"]


def test_further_accounts_are_reached_by_their_role_and_credential_calls_are_not_recorded():
    role = AssumedAccount(f"arn:aws:iam::{FURTHER}:role/audit", "external", ("eu-west-1",))
    collected = collect_from(lambda *_: None, calls=rows("lambda:ListFunctions"), accounts=(role,))
    assert {
        (each.target.account, each.target.region) for each in collected.captures if each.call == "lambda:ListFunctions"
    } == {(ACCOUNT, "us-east-1"), (FURTHER, "eu-west-1")}
    assert len(collected.principals) == 2
    assert not [each for each in collected.captures if "AssumeRole" in each.call]


def test_an_account_whose_role_cannot_be_assumed_is_a_denied_capture():
    role = AssumedAccount(f"arn:aws:iam::{FURTHER}:role/audit", regions=("eu-west-1",))
    collected = collect_from(
        answering({"sts:AssumeRole": Refusal("AccessDenied", "not trusted", 403)}),
        calls=rows("lambda:ListFunctions"),
        accounts=(role,),
    )
    found = [each for each in collected.captures if each.target.account == FURTHER]
    assert [(each.call, each.state, each.message) for each in found] == [
        ("sts:GetCallerIdentity", DENIED, "not trusted")
    ]


def test_the_order_of_captures_does_not_depend_on_timing():
    import random
    import time

    def slow(seed):
        pace = random.Random(seed)

        def answers(name, params, region):
            time.sleep(pace.random() / 200)
            return (
                {"Functions": [function(f"f{number}") for number in range(20)]}
                if name == "lambda:ListFunctions"
                else None
            )

        return answers

    first, second = (collect_from(slow(seed), calls=LAMBDA, regions=("us-east-1", "eu-west-1")) for seed in (1, 2))
    assert first == second


def test_what_is_not_asked_in_time_is_recorded_as_such():
    from dataclasses import replace

    from answers import QUICK

    collected = collect_from(
        lambda *_: None, calls=rows("lambda:ListFunctions", "dynamodb:ListTables"), limits=replace(QUICK, seconds=-1)
    )
    assert {
        (each.state, each.reason)
        for each in collected.captures
        if each.call in ("lambda:ListFunctions", "dynamodb:ListTables")
    } == {(FAILED, "out_of_time")}


def test_an_account_may_serve_for_assuming_roles_only():
    role = AssumedAccount(f"arn:aws:iam::{FURTHER}:role/audit", regions=("eu-west-1",))
    collected = collect_from(lambda *_: None, calls=rows("lambda:ListFunctions"), accounts=(role,), own=False)
    assert {each.target.account for each in collected.captures} == {FURTHER}
    assert collected.principals == (f"arn:aws:iam::{FURTHER}:user/auditor",)


def test_an_account_that_is_not_the_expected_one_stops_the_collection():
    with pytest.raises(CollectError, match=f"of account {ACCOUNT}.*about {FURTHER}"):
        collect_from(lambda *_: None, calls=(), expected=FURTHER)
    assert collect_from(lambda *_: None, calls=(), expected=ACCOUNT).principals


def test_an_account_that_is_named_twice_stops_the_collection():
    role = AssumedAccount(f"arn:aws:iam::{FURTHER}:role/audit")
    with pytest.raises(CollectError, match="twice"):
        collect_from(lambda *_: None, calls=(), accounts=(role, role))


def test_a_further_account_whose_regions_cannot_be_told_is_left_out_and_shown():
    def regions(params, region):
        asked.append(region)
        return None if len(asked) == 1 else Refusal("UnauthorizedOperation", status=403)

    asked = []
    role = AssumedAccount(f"arn:aws:iam::{FURTHER}:role/audit", regions=("all",))
    collected = collect_from(
        answering({"ec2:DescribeRegions": regions}), calls=rows("lambda:ListFunctions"), accounts=(role,)
    )
    found = {each.call: each.state for each in collected.captures if each.target.account == FURTHER}
    assert found == {"sts:GetCallerIdentity": OK, "ec2:DescribeRegions": DENIED}
