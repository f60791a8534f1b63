import base64
import json
import string
from random import Random

import pytest

import wire
from answers import ACCOUNT, KEY, answering, capture_of, collect_from, row, rows
from assaybook.canonical import canonical
from assaybook.capture import FAILED, OK
from assaybook.collect.answers import plain
from assaybook.collect.plans import calls_of
from assaybook.collect.redact import Redactor, unveiled
from test_secrets import FORMATTED
from wire import Raw, Refusal

SECRET = "AKIA" + "".join(Random(3).choices(string.ascii_uppercase, k=16))
REDACTOR = Redactor(KEY)


def variables(**values):
    answer, count = REDACTOR.answer({"Environment": {"Variables": values}})
    return answer["Environment"]["Variables"], count


def test_a_variable_is_described_and_not_shown():
    described, count = variables(GREETING="hello there")
    assert described["GREETING"] == {
        "redacted": True,
        "length": 11,
        "secret": "",
        "placeholder": False,
        "fingerprint": REDACTOR.fingerprint("hello there"),
        "resource": "",
    }
    assert count == 1


def test_variables_in_a_list_are_described_too():
    listed = [
        {"name": "NPM_TOKEN", "value": "hunter2-hunter2", "type": "PLAINTEXT"},
        {"name": "STAGE", "value": "live"},
        {"name": "DB", "value": "/shop/db", "type": "PARAMETER_STORE"},
        {"name": "ODD", "value": None},
        {"name": "NEW", "value": "hunter3-hunter3", "type": "ANOTHER"},
        "odd",
    ]
    answer, count = REDACTOR.answer({"environment": {"environmentVariables": listed}})
    token, stage, reference, odd, new, text = answer["environment"]["environmentVariables"]
    assert (token["name"], token["type"], token["value"]["redacted"]) == ("NPM_TOKEN", "PLAINTEXT", True)
    assert token["value"]["secret"]
    assert "clear" not in token["value"]
    assert (stage["value"]["clear"], odd["value"], text) == ("live", None, "odd")
    assert reference["value"]["redacted"] is True
    assert new["value"]["redacted"] is True
    assert count == 3


def test_equal_values_have_equal_fingerprints_and_another_key_gives_others():
    described, _ = variables(A="same", B="same", C="other")
    assert described["A"]["fingerprint"] == described["B"]["fingerprint"] != described["C"]["fingerprint"]
    assert Redactor(bytes(32)).fingerprint("same") != described["A"]["fingerprint"]


@pytest.mark.parametrize(
    "value",
    [
        "true",
        "443",
        "arn:aws:sns:us-east-1:111122223333:orders",
        "https://sqs.us-east-1.amazonaws.com/111122223333/orders",
    ],
)
def test_what_says_nothing_secret_is_shown(value):
    described, count = variables(VALUE=value)
    assert described["VALUE"]["clear"] == value
    assert count == 0


def test_switches_that_checks_look_at_are_shown():
    described, _ = variables(
        NODE_TLS_REJECT_UNAUTHORIZED="0", LOG_LEVEL="DEBUG", STAGE="production", NODE_OPTIONS="--inspect"
    )
    assert [each["clear"] for each in described.values()] == ["0", "DEBUG", "production", "--inspect"]


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("DB_PASSWORD", "hunter" + "2x", "password"),
        ("DB_PASSWORD", "1234" + "5678", "password"),
        ("ANYTHING", SECRET, "aws-access-key-id"),
        ("LOG_LEVEL", SECRET, "aws-access-key-id"),
        ("DATABASE", FORMATTED["connection-string"], "connection-string"),
        ("HOOK", FORMATTED["slack-webhook"], "slack-webhook"),
        ("CONFIG", json.dumps({"user": "app", "password": "s3cr" + "et!"}), "password-literal"),
    ],
)
def test_a_secret_variable_has_its_kind_and_is_never_shown(name, value, kind):
    described, _ = variables(**{name: value})
    assert described[name]["secret"] == kind
    assert "clear" not in described[name]
    assert value not in json.dumps(described)


def test_a_placeholder_is_told_from_a_secret():
    described, _ = variables(DB_PASSWORD="changeme")
    assert (described["DB_PASSWORD"]["secret"], described["DB_PASSWORD"]["placeholder"]) == ("", True)


def test_a_secret_within_a_text_is_replaced_and_the_rest_stays():
    answer, count = REDACTOR.answer({"Description": f"uses {SECRET}, rotate it", "Timeout": 3, "Tracing": None})
    assert answer["Description"].startswith("uses [redacted aws-access-key-id length 20 fingerprint ")
    assert answer["Description"].endswith("], rotate it")
    assert (answer["Timeout"], answer["Tracing"], count) == (3, None, 1)


def test_a_policy_text_stays_json():
    policy = json.dumps(
        {
            "Statement": [
                {"Sid": SECRET, "Resource": "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-AbCdEf"}
            ]
        }
    )
    answer, _ = REDACTOR.answer({"Policy": policy})
    (statement,) = json.loads(answer["Policy"])["Statement"]
    assert "redacted" in statement["Sid"]
    assert statement["Resource"].endswith(":secret:orders/db-AbCdEf")


@pytest.mark.parametrize(
    "tag", [{"Key": "password", "Value": "hunter" + "2x"}, {"key": "token", "value": "abcd" + "1234"}]
)
def test_a_tag_with_the_name_of_a_secret_is_one(tag):
    answer, count = REDACTOR.answer({"Tags": [tag, {"Key": "team", "Value": "orders"}]})
    assert "redacted" in json.dumps(answer["Tags"][0])
    assert (answer["Tags"][1], count) == ({"Key": "team", "Value": "orders"}, 1)


def test_a_presigned_url_loses_its_signature():
    answer, _ = REDACTOR.answer({"Location": FORMATTED["presigned-url"]})
    assert FORMATTED["presigned-url"].partition("Signature=")[2] not in answer["Location"]


@pytest.mark.parametrize(
    "text",
    [
        f"orders_{SECRET}_old",
        f"first\\n{SECRET}",
        f"\\u0022{SECRET}",
        f"key=%22{SECRET}%22",
        "".join(f"%{each:02x}" for each in f"key {SECRET}".encode()),
        "see " + base64.b64encode(f"key {SECRET}".encode()).decode() + ", thanks",
        base64.urlsafe_b64encode(f"~~~???{SECRET}".encode()).decode().rstrip("="),
        json.dumps({"Sid": SECRET}).replace("AKIA", "\\u0041KIA"),
        json.dumps({"url": "https://app:hunter2x@db/"}).replace("/", "\\/"),
        json.dumps({"inner": json.dumps({"Sid": SECRET}).replace("AKIA", "\\u0041KIA")}),
    ],
)
def test_no_writing_hides_a_secret(text):
    answer, count = REDACTOR.answer({"Text": text})
    assert count == 1
    assert "redacted" in answer["Text"]
    for form in (text, SECRET, SECRET[4:], "hunter2x", SECRET.encode().hex()):
        assert form not in answer["Text"]
    described, _ = variables(LOG_LEVEL=text)
    assert "clear" not in described["LOG_LEVEL"]


@pytest.mark.parametrize(
    "text",
    [
        "100%25 sure",
        "%7Bnothing%7D",
        json.dumps({"a": "b\nc", "a/b": 1.5}).replace("/", "\\/"),
        '{"a": "\\ud800", "b": NaN}',
        "{" + "[" * 5000 + "\\n",
        '{"a":' + "[" * 500 + '"\\u0041"' + "]" * 500 + "}",
        base64.b64encode(b"only some words, and none of them is a secret").decode(),
        "arn:aws:lambda:us-east-1:111122223333:function:northwind-returns-photos-thumbnails",
        "RcIO5fNTLoowm6v2XEEvv3fj0u5wXLli/ifpP/Zd2uU=",
        "é" * 40,
    ],
)
def test_other_writings_stay_as_they_are(text):
    assert REDACTOR.answer({"Text": text}) == ({"Text": text}, 0)


@pytest.mark.parametrize("message", [SECRET, "x" * 985 + " " + SECRET, "x" * 2000 + " " + SECRET])
def test_codes_messages_and_request_ids_are_texts_too(message):
    headers = {"x-amzn-errortype": f"Odd:{SECRET}", "x-amzn-requestid": f"r-{SECRET}"}
    raw = Raw(json.dumps({"message": message}).encode(), 400, headers)
    collected = collect_from(answering({"lambda:ListFunctions": raw}), calls=rows("lambda:ListFunctions"))
    found = capture_of(collected, "lambda:ListFunctions")
    assert found.state == FAILED
    assert len(found.message) <= 1000
    for form in (SECRET, SECRET[:12]):
        assert form not in repr(found)


def test_keys_are_texts_too():
    answer, count = REDACTOR.answer({"Tags": {SECRET: "x"}, "Environment": {"Variables": {SECRET: "x"}}})
    assert SECRET not in json.dumps(answer)
    assert count == 3


def lambda_with(values, tables):
    function = {"FunctionName": "orders", "Version": "$LATEST", "Environment": {"Variables": values}}
    return collect_from(
        answering({"lambda:ListFunctions": {"Functions": [function]}, "dynamodb:ListTables": {"TableNames": tables}}),
        calls=rows("lambda:ListFunctions", "dynamodb:ListTables"),
    )


def test_the_name_of_a_collected_resource_is_unveiled():
    collected = lambda_with({"TABLE": "orders-table", "OTHER": "somewhere-else"}, ["orders-table"])
    described = capture_of(collected, "lambda:ListFunctions").answer["Functions"][0]["Environment"]["Variables"]
    assert described["TABLE"]["resource"] == "orders-table"
    assert described["OTHER"]["resource"] == ""


def test_a_secret_stays_veiled_even_if_something_has_its_name():
    value = "orders-table"
    collected = lambda_with({"DB_PASSWORD": value}, [value])
    described = capture_of(collected, "lambda:ListFunctions").answer["Functions"][0]["Environment"]["Variables"]
    assert (described["DB_PASSWORD"]["secret"], described["DB_PASSWORD"]["resource"]) == ("password", "")


@pytest.mark.parametrize(
    ("value", "resource"), [("orders-db-login", "orders-db-login"), ("orders-db-other", ""), ("orders", "")]
)
def test_the_name_of_a_secret_in_a_vault_is_unveiled_unless_it_is_a_single_word(value, resource):
    function = {"FunctionName": "a", "Version": "$LATEST", "Environment": {"Variables": {"DB_PASSWORD": value}}}
    listed = {"SecretList": [{"Name": name, "ARN": f"arn:{name}"} for name in ("orders-db-login", "orders")]}
    collected = collect_from(
        answering({"lambda:ListFunctions": {"Functions": [function]}, "secretsmanager:ListSecrets": listed}),
        calls=rows("lambda:ListFunctions", "secretsmanager:ListSecrets"),
    )
    described = capture_of(collected, "lambda:ListFunctions").answer["Functions"][0]["Environment"]["Variables"]
    assert (described["DB_PASSWORD"]["secret"], described["DB_PASSWORD"]["resource"]) == ("password", resource)


def test_unveiling_reads_names_of_records_and_of_arns():
    topics = {"Topics": [{"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:orders-events"}]}
    queues = {"QueueUrls": [f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/orders-queue"]}
    function = {
        "FunctionName": "orders",
        "Version": "$LATEST",
        "Environment": {"Variables": {"T": "orders-events", "Q": "orders-queue"}},
    }
    collected = collect_from(
        answering(
            {"lambda:ListFunctions": {"Functions": [function]}, "sns:ListTopics": topics, "sqs:ListQueues": queues}
        ),
        calls=rows("lambda:ListFunctions", "sns:ListTopics", "sqs:ListQueues"),
    )
    described = capture_of(collected, "lambda:ListFunctions").answer["Functions"][0]["Environment"]["Variables"]
    assert (described["T"]["resource"], described["Q"]["resource"]) == ("orders-events", "orders-queue")


def test_unveiling_nothing_changes_nothing():
    collected = lambda_with({"A": "b"}, [])
    assert unveiled(collected.captures, calls_of("aws", "full"), REDACTOR) == collected.captures


def filled(shape, secret, depth=0):
    """A full answer with the secret in each text, names included."""
    kind = shape.type_name
    if depth > 6:
        return None
    if kind == "structure":
        return {
            name: filled(member, secret, depth + 1) for name, member in shape.members.items() if not _is_token(name)
        }
    if kind == "list":
        return [filled(shape.member, secret, depth + 1)]
    if kind == "map":
        return {f"k {secret}": filled(shape.value, secret, depth + 1)}
    if kind == "string":
        return f"{shape.name} {secret}" if not shape.enum else shape.enum[0]
    return {"boolean": True, "timestamp": "2026-01-01T00:00:00Z", "blob": secret.encode()}.get(kind, 1)


def _is_token(name):
    return name.lower().endswith(("token", "marker", "istruncated", "truncated", "hasmorestreams"))


@pytest.mark.parametrize("call", calls_of("aws", "full"), ids=lambda call: call.key)
def test_a_secret_in_every_text_of_every_answer_is_redacted(call):
    shape = wire.operation(call.name).output_shape
    answer = filled(shape, SECRET)
    answer = {name: value for name, value in answer.items() if value is not None}
    for name, member in shape.members.items():
        # Members that travel in headers or as the whole body are written by the transport itself.
        if member.serialization.get("location"):
            answer.pop(name, None)
    kept, count = REDACTOR.answer(plain(shape, answer))
    assert SECRET not in json.dumps(kept)
    assert count > 0 or SECRET not in json.dumps(answer, default=str)


def test_no_secret_leaves_the_engine_by_any_way(tmp_path):
    """In answers, in names that become parameters of further calls, in errors, in the journal."""

    def answers(name, params, region):
        if name in ("sts:GetCallerIdentity", "ec2:DescribeRegions", "iam:GenerateCredentialReport"):
            return None
        if name in ("lambda:GetFunction", "sqs:GetQueueAttributes"):
            return Refusal("ValidationException", f"no such thing: {SECRET}")
        if name == "lambda:ListFunctions":
            function = {"FunctionName": f"f-{SECRET}", "Version": "$LATEST", "Description": SECRET}
            return {"Functions": [function]}
        if name == "sqs:ListQueues":
            return {"QueueUrls": [f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{SECRET}"]}
        if name == "dynamodb:ListTables":
            return {"TableNames": [SECRET]}
        return None

    journal = tmp_path / "journal"
    collected = collect_from(answers, journal=journal)
    assert len([each for each in collected.captures if each.params and each.redactions]) > 5
    assert SECRET not in repr(collected)
    assert SECRET.encode() not in journal.read_bytes()
    resumed = collect_from(answers, journal=journal, resume=True)
    assert resumed == collected


def test_names_that_are_redacted_are_still_asked_in_clear():
    asked = []
    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": {"Functions": [{"FunctionName": f"f-{SECRET}", "Version": "$LATEST"}]},
                "lambda:GetPolicy": lambda params, _: asked.append(params["FunctionName"]) or {"Policy": "{}"},
            }
        ),
        calls=rows("lambda:ListFunctions", "lambda:GetPolicy"),
    )
    assert asked == [f"f-{SECRET}"]
    found = capture_of(collected, "lambda:GetPolicy")
    assert found.state == OK
    assert "redacted" in found.params["FunctionName"]


def test_dropped_members_are_gone():
    answer = {"Configuration": {"FunctionName": "orders"}, "Code": {"Location": "https://x/y", "RepositoryType": "S3"}}
    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": {"Functions": [{"FunctionName": "orders", "Version": "$LATEST"}]},
                "lambda:GetFunction": answer,
            }
        ),
        calls=rows("lambda:ListFunctions", "lambda:GetFunction"),
    )
    assert capture_of(collected, "lambda:GetFunction").answer["Code"] == {"RepositoryType": "S3"}


def test_members_dropped_from_each_record_are_gone():
    targets = [
        {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:111122223333:q", "Input": SECRET},
        {"Id": "2", "Arn": "a", "Input": "x"},
    ]
    collected = collect_from(
        answering(
            {
                "events:ListEventBuses": {"EventBuses": [{"Name": "b"}]},
                "events:ListRules": {"Rules": [{"Name": "r", "EventBusName": "b"}]},
                "events:ListTargetsByRule": {"Targets": targets},
            }
        ),
        calls=rows("events:ListEventBuses", "events:ListRules", "events:ListTargetsByRule"),
    )
    assert [set(each) for each in capture_of(collected, "events:ListTargetsByRule").answer["Targets"]] == [
        {"Id", "Arn"}
    ] * 2


def test_what_a_row_keeps_replaces_the_answer():
    parameters = [
        {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "Source": "user"},
        {"ParameterName": "other", "ParameterValue": "x"},
    ]
    collected = collect_from(
        answering(
            {
                "rds:DescribeDBInstances": {"DBInstances": [{"DBParameterGroups": [{"DBParameterGroupName": "g"}]}]},
                "rds:DescribeDBParameters": {"Parameters": parameters},
            }
        ),
        calls=rows("rds:DescribeDBInstances", "rds:DescribeDBParameters"),
    )
    found = capture_of(collected, "rds:DescribeDBParameters")
    assert found.answer == {"Parameters": [parameters[0]]}
    assert found.records == 2


def test_captures_can_be_sealed():
    collected = collect_from(lambda *_: None, calls=(row("lambda:ListFunctions"),))
    assert canonical(capture_of(collected, "lambda:ListFunctions").answer) == b'{"Functions":[]}'
