"""What a trust policy demands of a token, and what only looks as if it did."""

import pytest

from assaybook.policy.claims import demands
from assaybook.policy.document import parse_policy

SUB = "tokens.example.com:sub"


def asked(condition, *denials):
    allow = {"Effect": "Allow", "Principal": {"Federated": "x"}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return demands(
        parse_policy({"Version": "2012-10-17", "Statement": [{**allow, "Condition": condition}, *denials]}), 0
    )


@pytest.mark.parametrize(
    ("condition", "exact", "patterns"),
    [
        ({"StringEquals": {SUB: "one"}}, ("one",), ()),
        ({"StringEquals": {SUB.upper(): ["one", "o*"]}}, ("one", "o*"), ()),
        ({"StringLike": {SUB: ["one", "o*"]}}, ("one",), ("o*",)),
        ({"ForAnyValue:StringLike": {SUB: "o*"}}, (), ("o*",)),
        ({"StringEqualsIfExists": {SUB: "one"}, "Null": {SUB: "false"}}, ("one",), ()),
        ({"ForAllValues:StringEquals": {SUB: "one"}, "StringLike": {SUB: "*"}}, ("one",), ()),
    ],
)
def test_what_limits(condition, exact, patterns):
    found = asked(condition).on(SUB)
    assert (exact, patterns) in [(each.exact, each.patterns) for each in found]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ({"StringEqualsIfExists": {SUB: "one"}}, "without it"),
        ({"ForAllValues:StringEquals": {SUB: "one"}}, "without it"),
        ({"StringNotEquals": {SUB: "one"}}, "shuts out only"),
        ({"StringEqualsIfExists": {SUB: "one"}, "Null": {SUB: "true"}}, "without it"),
        ({"Null": {SUB: "false"}}, ""),
        ({"StringSomehow": {SUB: "one"}}, ""),
        ({"NumericEquals": {SUB: "1"}}, ""),
        ({}, ""),
    ],
)
def test_what_does_not(condition, why):
    found = asked(condition)
    assert not found.on(SUB)
    assert why in found.why_open(SUB)


def test_a_denial_of_everything_leaves_nobody():
    assert asked({}, {"Effect": "Deny", "Principal": "*", "Action": "*"}).nobody
    assert not asked({}, {"Effect": "Deny", "Principal": "*", "Action": "sts:TagSession"}).nobody


def test_a_denial_with_a_condition_is_a_demand():
    found = asked(
        {}, {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"StringNotEquals": {SUB: "one"}}}
    )
    assert [each.exact for each in found.on(SUB)] == [("one",)]


def test_only_an_allow_demands():
    policy = parse_policy({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}})
    with pytest.raises(ValueError, match="no Allow"):
        demands(policy, 0)
    with pytest.raises(IndexError):
        demands(policy, 1)
