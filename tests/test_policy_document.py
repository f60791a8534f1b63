"""Reading policy documents: every accepted form, and a plain word on each malformed one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.policy.document import Condition, Policy, PolicyError, Principal, parse_policy

MINIMAL: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def one(**statement: Any) -> Any:
    return parse_policy({"Version": "2012-10-17", "Statement": {**MINIMAL, **statement}}).statements[0]


def test_single_values_and_lists_read_alike() -> None:
    single = parse_policy({"Statement": MINIMAL})
    listed = parse_policy({"Statement": [{**MINIMAL, "Action": ["s3:GetObject"], "Resource": ["*"]}]})
    assert single == listed
    assert single.version == "2008-10-17"
    assert not single.statements[0].variables
    assert one().variables


def test_text_percent_encoding_and_mapping_read_alike() -> None:
    document = {"Version": "2012-10-17", "Statement": [MINIMAL]}
    text = json.dumps(document)
    encoded = "".join(f"%{ord(character):02X}" for character in text)
    assert parse_policy(text) == parse_policy(document) == parse_policy(encoded)


def test_principal_forms() -> None:
    assert one(Principal="*").principals == one(Principal={"*": "*"}).principals == (Principal("AWS", "*"),)
    assert one(Principal={"AWS": [12345, "*"], "Service": "sns.amazonaws.com"}).principals == (
        Principal("AWS", "000000012345"),
        Principal("AWS", "*"),
        Principal("Service", "sns.amazonaws.com"),
    )
    assert one(NotPrincipal={"AWS": "123456789012"}).not_principals == (Principal("AWS", "123456789012"),)
    assert one().principals is None


def test_condition_values_become_text() -> None:
    block = {"Bool": {"aws:SecureTransport": False}, "NumericLessThan": {"s3:TlsVersion": [1.2, 2]}}
    assert one(Condition=block).conditions == (
        Condition("Bool", "aws:SecureTransport", ("false",)),
        Condition("NumericLessThan", "s3:TlsVersion", ("1.2", "2")),
    )


def test_lambda_fields_become_conditions_once() -> None:
    found = one(FunctionUrlAuthType="NONE")
    assert found.conditions == (Condition("StringEquals", "lambda:FunctionUrlAuthType", ("NONE",)),)
    assert found.unknown_elements == ()
    written = {"StringEquals": {"Lambda:FunctionUrlAuthType": "AWS_IAM"}}
    assert len(one(FunctionUrlAuthType="NONE", Condition=written).conditions) == 1


def test_unknown_elements_are_kept_and_named() -> None:
    document = {"Statement": {**MINIMAL, "Zeal": 1, "Actions": "x"}, "Id": "a", "Owner": "me"}
    policy = parse_policy(document)
    assert policy.statements[0].unknown_elements == ("Actions", "Zeal")
    assert policy.unknown_elements == ("Owner",)


def test_labels() -> None:
    assert (one(Sid="Read").label, one().label) == ("statement 'Read'", "statement 1")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "not JSON"),
        ("{", "line 1, column 2"),
        ("[]", "a policy is an object, not a list"),
        ("null", "not null"),
        ("{}", "there is no Statement"),
        ('{"Statement": [], "Statement": []}', "'Statement' is there twice"),
        ("[" * 100_000, "nested too deep"),
        ({"Statement": [MINIMAL], "Version": "2020-01-01"}, "Version '2020-01-01'"),
        ({"Statement": [MINIMAL], "Version": []}, "Version"),
        ({"Statement": ["x"]}, "statement 1: a statement is an object, not text"),
        ({"Statement": [MINIMAL, {**MINIMAL, "Effect": "allow"}]}, "statement 2: Effect is 'allow'"),
        ({"Statement": [{"Effect": "Allow"}]}, "neither Action nor NotAction"),
        ({"Statement": {**MINIMAL, "NotAction": "a:b"}}, "both Action and NotAction"),
        ({"Statement": {**MINIMAL, "NotResource": "*"}}, "both Resource and NotResource"),
        ({"Statement": {**MINIMAL, "Principal": "*", "NotPrincipal": "*"}}, "both Principal and NotPrincipal"),
        ({"Statement": {**MINIMAL, "Action": [["x"]]}}, "Action holds a list, not text"),
        ({"Statement": {**MINIMAL, "Action": None}}, "Action holds null"),
        ({"Statement": {**MINIMAL, "Sid": 5}}, "Sid is a number"),
        ({"Statement": {**MINIMAL, "Principal": "111122223333"}}, "neither * nor an object"),
        ({"Statement": {**MINIMAL, "Principal": ["*"]}}, "Principal is a list"),
        ({"Statement": {**MINIMAL, "Principal": {"aws": "*"}}}, "the kind 'aws'"),
        ({"Statement": {**MINIMAL, "Principal": {"AWS": True}}}, "holds a boolean"),
        ({"Statement": {**MINIMAL, "Condition": []}}, "Condition is a list"),
        ({"Statement": {**MINIMAL, "Condition": {"Bool": "x"}}}, "Condition Bool is text"),
        ({"Statement": {**MINIMAL, "Condition": {"Bool": {"a": {}}}}}, "Condition Bool a holds an object"),
        ({"Statement": {**MINIMAL, "Condition": {"Bool": {"a": 10**5000}}}}, "too many digits"),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, str) else None,
)
def test_malformed_documents_say_what_is_wrong(document: Any, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(document)
    assert message in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ELEMENTS = st.sampled_from(
    [
        "Version",
        "Statement",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "Principal",
        "Condition",
        "Sid",
        "Allow",
        "Deny",
        "*",
    ]
)
POLICY_LIKE = st.recursive(
    ELEMENTS | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ELEMENTS, inner, max_size=6),
    max_leaves=20,
)


@given(JSON | POLICY_LIKE)
def test_any_json_is_read_or_refused(value: Any) -> None:
    for document in (value, json.dumps(value)):
        try:
            assert isinstance(parse_policy(document), Policy)
        except PolicyError as refused:
            assert str(refused)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text)
