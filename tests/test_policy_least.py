"""A policy narrowed to what was used grants no more than before, and all that was used."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.policy.identity import permissions
from assaybook.policy.least import Use, least_policy, names
from assaybook.policy.truth import Truth

USE = Use(
    frozenset({"dynamodb", "s3"}), frozenset({"s3:putobject"}), frozenset({"s3:deletebucket", "dynamodb:deletetable"})
)


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions, **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


def left(*statements):
    found = least_policy([document(*statements)], USE)
    return json.loads(found)["Statement"] if found else []


def test_services_and_actions_without_use_go_and_the_rest_stays_as_it_is():
    condition = {"StringEquals": {"aws:ResourceTag/team": "shop"}}
    (statement,) = left(
        allow("s3:PutObject", "s3:DeleteBucket", "sqs:SendMessage", "dynamodb:*", Condition=condition, Sid="Old")
    )
    assert statement == {
        "Effect": "Allow",
        "Action": ["dynamodb:*", "s3:PutObject"],
        "Resource": "*",
        "Condition": condition,
    }


@pytest.mark.parametrize("everything", ["*", "*:*"])
def test_everything_becomes_the_services_that_are_used(everything):
    assert left(allow(everything))[0]["Action"] == ["dynamodb:*", "s3:*"]


def test_all_but_some_becomes_the_services_that_are_used_and_not_spared():
    statement = {"Effect": "Allow", "NotAction": ["s3:*", "iam:*"], "Resource": "*"}
    assert left(statement)[0]["Action"] == ["dynamodb:*"]


def test_all_but_some_of_a_used_service_stays_as_it_is():
    statement = {"Effect": "Allow", "NotAction": ["s3:Delete*"], "Resource": "*"}
    assert left(statement) == [statement]


def test_denials_stay():
    deny = {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
    assert deny in left(allow("s3:PutObject"), deny)


def test_nothing_is_left_of_what_nobody_used():
    assert least_policy([document(allow("sqs:SendMessage"))], USE) == ""
    assert least_policy([document({"Effect": "Deny", "Action": "sqs:*", "Resource": "*"})], USE) == ""
    assert least_policy([], USE) == ""


def test_a_statement_that_stands_twice_stands_once():
    assert len(json.loads(least_policy([document(allow("s3:PutObject"))] * 2, USE))["Statement"]) == 1


PATTERNS = [
    "*",
    "s3:*",
    "s3:Put*",
    "s3:PutObject",
    "s3:DeleteBucket",
    "dynamodb:GetItem",
    "sqs:*",
    "iam:PassRole",
    "S3:putobject",
]
ACTIONS = [
    "s3:PutObject",
    "s3:DeleteBucket",
    "dynamodb:GetItem",
    "dynamodb:DeleteTable",
    "sqs:SendMessage",
    "iam:PassRole",
]
STATEMENTS = st.builds(
    lambda effect, element, actions: {"Effect": effect, element: actions, "Resource": "*"},
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["Action", "Action", "NotAction"]),
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3),
)


@given(st.lists(STATEMENTS, min_size=1, max_size=3), st.sampled_from(ACTIONS))
def test_it_never_grants_what_was_not_granted(statements, action):
    before = permissions([document(*statements)]).allows(action).granted
    found = least_policy([document(*statements)], USE)
    if found and permissions([found]).allows(action).granted is Truth.TRUE:
        assert before is Truth.TRUE


@given(st.lists(STATEMENTS.filter(lambda each: "Action" in each), min_size=1, max_size=3))
def test_it_grants_what_was_used(statements):
    before = permissions([document(*statements)]).allows("s3:PutObject").granted
    found = least_policy([document(*statements)], USE)
    if before is Truth.TRUE:
        assert permissions([found]).allows("s3:PutObject").granted is Truth.TRUE


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (allow("s3:Put*"), True),
        (allow("s3:GetObject"), False),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, False),
        ({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, False),
    ],
)
def test_which_actions_policies_name(statement, named):
    assert names([document(statement)], "s3:PutObject") is named
