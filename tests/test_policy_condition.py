"""Conditions: every operator, missing and unknown keys, set operators and policy variables."""

from __future__ import annotations

from typing import Any

import pytest

from assaybook.policy.condition import evaluate, evaluate_all
from assaybook.policy.denial import complement
from assaybook.policy.document import Condition
from assaybook.policy.request import MISSING, UNKNOWN_VALUE, RequestContext, substitute
from assaybook.policy.truth import Truth, every, some

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def holds(operator: str, wanted: Any, found: Any, **more: Any) -> Truth:
    values = tuple(wanted) if isinstance(wanted, list) else (wanted,)
    return evaluate(Condition(operator, "a:Key", values), RequestContext({"A:key": found, **more}))


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "answer"),
    [
        ("StringEquals", "x", "x", T),
        ("StringEquals", "x", "X", F),
        ("StringEquals", ["x", "y"], "y", T),
        ("StringEquals", "x*", "xy", F),
        ("StringEquals", "x*", "x*", T),
        ("StringEquals", [], "x", F),
        ("StringNotEquals", ["x", "y"], "y", F),
        ("StringNotEquals", ["x", "y"], "z", T),
        ("StringNotEquals", [], "x", T),
        ("StringEqualsIgnoreCase", "x", "X", T),
        ("StringNotEqualsIgnoreCase", "x", "X", F),
        ("StringLike", "x?z*", "xyzzy", T),
        ("StringLike", "X*", "xy", F),
        ("StringNotLike", "x*", "xy", F),
        ("stringlike", "x*", "xy", T),
        ("NumericEquals", "10", "10.0", T),
        ("NumericNotEquals", "10", "10.0", F),
        ("NumericLessThan", "1.2", "1.1", T),
        ("NumericLessThan", "1.2", "1.2", F),
        ("NumericLessThanEquals", "1.2", "1.2", T),
        ("NumericGreaterThan", "9", "10", T),
        ("NumericGreaterThanEquals", "10", "9", F),
        ("NumericEquals", "ten", "10", U),
        ("NumericEquals", "NaN", "10", U),
        ("DateEquals", "2024-01-01T00:00:00Z", "2024-01-01", T),
        ("DateNotEquals", "2024-01-01", "2024-01-02", T),
        ("DateLessThan", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z", T),
        ("DateLessThan", "2024-01-01T00:00:00+02:00", "2023-12-31T22:00:00Z", F),
        ("DateLessThanEquals", "2024", "2024-01-01", T),
        ("DateGreaterThan", "1704067200", "2024-01-01T00:00:01Z", T),
        ("DateGreaterThanEquals", "2024-02", "2024-02-01", T),
        ("DateEquals", "tomorrow", "2024-01-01", U),
        ("DateEquals", "0001-01-01T00:00:00+14:00", "2024-01-01", F),
        ("Bool", "true", "TRUE", T),
        ("Bool", "false", "true", F),
        ("Bool", "yes", "true", U),
        ("BinaryEquals", "QUJD", "QUJD", T),
        ("BinaryEquals", "QUJE", "QUJD", F),
        ("BinaryEquals", "?", "QUJD", U),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", T),
        ("IpAddress", "203.0.113.9", "203.0.113.9", T),
        ("IpAddress", "203.0.113.7/24", "203.0.113.9", T),
        ("IpAddress", "2001:db8::/32", "2001:DB8::1", T),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", F),
        ("IpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.113.9", T),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", F),
        ("IpAddress", "nowhere", "203.0.113.9", U),
        ("ArnEquals", "arn:aws:sns:*:111122223333:t", "arn:aws:sns:us-east-1:111122223333:t", T),
        ("ArnLike", "arn:aws:*:111122223333:t:*", "arn:aws:sns:us-east-1:111122223333:t", F),
        ("ArnNotLike", "arn:aws:sns:*:*:t", "arn:aws:sns:us-east-1:111122223333:t", F),
        ("ArnNotEquals", "arn:aws:sns:*:*:t", "arn:aws:sns:us-east-1:111122223333:u", T),
        ("Null", "true", "x", F),
        ("Null", "false", "x", T),
        ("Null", ["true", "false"], "x", T),
        ("Null", "perhaps", "x", U),
        ("StringResembles", "x", "x", U),
        ("AnyOf:StringEquals", "x", "x", U),
        ("NullIfExists", "true", "x", U),
    ],
)
def test_operators(operator: str, wanted: Any, found: Any, answer: Truth) -> None:
    assert holds(operator, wanted, found) is answer


@pytest.mark.parametrize(
    ("operator", "missing"),
    [
        ("StringEquals", F),
        ("StringLike", F),
        ("StringNotEquals", T),
        ("NotIpAddress", T),
        ("ArnNotLike", T),
        ("NumericLessThan", F),
        ("Bool", F),
        ("StringEqualsIfExists", T),
        ("StringNotEqualsIfExists", T),
        ("BoolIfExists", T),
        ("ForAllValues:StringEquals", T),
        ("ForAllValues:StringNotEquals", T),
        ("ForAnyValue:StringEquals", F),
        ("ForAnyValue:StringNotEquals", F),
        ("ForAnyValue:StringEqualsIfExists", T),
    ],
)
def test_missing_and_unknown_keys(operator: str, missing: Truth) -> None:
    assert holds(operator, "true", MISSING) is missing
    assert holds(operator, "true", ()) is missing
    assert holds(operator, "true", UNKNOWN_VALUE) is U


def test_null_on_missing_and_unknown_keys() -> None:
    assert [holds("Null", value, MISSING) for value in ("true", "false")] == [T, F]
    assert holds("Null", "true", UNKNOWN_VALUE) is U


@pytest.mark.parametrize(
    ("operator", "found", "answer"),
    [
        ("ForAllValues:StringEquals", ["x", "y"], T),
        ("ForAllValues:StringEquals", ["x", "z"], F),
        ("ForAnyValue:StringEquals", ["z", "y"], T),
        ("ForAnyValue:StringEquals", ["z"], F),
        ("ForAnyValue:StringNotEquals", ["x", "z"], T),
        ("ForAllValues:StringNotEquals", ["x", "z"], F),
        ("ForAllValues:StringNotEquals", ["z"], T),
        ("StringEquals", ["x", "y"], T),
        ("StringEquals", ["x", "z"], U),
    ],
)
def test_set_operators(operator: str, found: list[str], answer: Truth) -> None:
    assert holds(operator, ["x", "y"], found) is answer


@pytest.mark.parametrize(
    "operator", ["StringEquals", "StringNotLike", "ForAllValues:StringNotEquals", "ForAnyValue:StringLike"]
)
@pytest.mark.parametrize("found", ["x", "z", MISSING])
def test_complement_is_the_opposite(operator: str, found: Any) -> None:
    condition = Condition(operator, "a:Key", ("x", "y"))
    opposite = complement(condition)
    context = RequestContext({"a:key": found})
    assert opposite is not None
    assert evaluate(opposite, context) is evaluate(condition, context).negated()


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("Bool", "true"),
        ("BoolIfExists", "false"),
        ("Null", "true"),
        ("Null", "false"),
        ("NumericLessThan", "5"),
        ("NumericGreaterThanEqualsIfExists", "5"),
        ("NumericNotEquals", "5"),
        ("DateLessThanEquals", "2024-01-01"),
        ("NotIpAddress", "10.0.0.0/8"),
        ("ArnLike", "arn:aws:sns:*:*:*"),
    ],
)
def test_complement_of_the_other_families(operator: str, value: str) -> None:
    condition = Condition(operator, "a:Key", (value,))
    opposite = complement(condition)
    assert opposite is not None
    for found in ("true", "false", "4", "5", "6", "2023-01-01", "10.1.1.1", "arn:aws:sns:a:b:c", MISSING):
        answer = evaluate(condition, RequestContext({"a:key": found}))
        assert evaluate(opposite, RequestContext({"a:key": found})) is answer.negated()


def test_complement_without_words_for_it() -> None:
    assert complement(Condition("BinaryEquals", "k", ("QUJD",))) is None
    assert complement(Condition("Bool", "k", ("true", "false"))) is None
    assert complement(Condition("Novel", "k", ("x",))) is None


@pytest.mark.parametrize(
    ("pattern", "filled"),
    [
        ("home/${aws:username}/*", ("home/ann/*", True)),
        ("home/${AWS:UserName}", ("home/ann", True)),
        ("home/${aws:gone}", None),
        ("home/${aws:gone, 'guest'}", ("home/guest", True)),
        ("home/${aws:username, 'guest'}", ("home/ann", True)),
        ("home/${aws:other}", ("home/*", False)),
        ("home/${aws:other, 'guest'}", ("home/*", False)),
        ("home/${aws:many}", ("home/*", False)),
        ("home/${two words}", ("home/*", False)),
        ("plain", ("plain", True)),
    ],
)
def test_variables(pattern: str, filled: tuple[str, bool] | None) -> None:
    context = RequestContext({"aws:username": "ann", "aws:gone": MISSING, "aws:many": ["a", "b"]})
    assert substitute(pattern, context) == filled


def test_variables_in_conditions() -> None:
    assert holds("StringEquals", "${aws:username}", "ann", **{"aws:username": "ann"}) is T
    assert holds("StringEquals", "${aws:username}", "ann", **{"aws:username": MISSING}) is F
    assert holds("StringNotEquals", "${aws:username}", "ann", **{"aws:username": MISSING}) is T
    assert holds("StringEquals", "${aws:username}", "ann") is U
    assert holds("StringLike", "${aws:username}-x", "ann-y") is F
    assert holds("StringLike", "${aws:username}-x", "ann-x") is U


def test_a_wildcard_in_a_substituted_value_is_a_letter() -> None:
    assert holds("StringLike", "${aws:username}", "ann", **{"aws:username": "*"}) is F
    assert holds("StringLike", "a${*}b", "a*b") is T
    assert holds("StringLike", "a${*}b", "axb") is F
    assert holds("StringEquals", "a${?}${$}b", "a?$b") is T


def test_old_versions_take_variables_by_the_letter() -> None:
    condition = Condition("StringEquals", "k", ("${aws:username}",))
    context = RequestContext({"k": "${aws:username}", "aws:username": "ann"})
    assert evaluate(condition, context, variables=False) is T
    assert evaluate_all([condition], context) is F


def test_three_values() -> None:
    assert [every(()), every((T, U)), every((U, F))] == [T, U, F]
    assert [some(()), some((F, U)), some((U, T))] == [F, U, T]
    assert [one.negated() for one in (T, F, U)] == [F, T, U]
    with pytest.raises(TypeError):
        bool(T)


def test_context_lists_its_keys_and_takes_a_default() -> None:
    context = RequestContext({"b": "1", "A": "2"}, otherwise=MISSING)
    assert (list(context), context.get("c")) == (["a", "b"], MISSING)
