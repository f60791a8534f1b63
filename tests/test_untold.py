"""Rows of stacks with open values: what they do not touch is known, what hangs on them is not, and nothing passes because of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.capture import OK, PLACES, UNRESOLVED, UNTOLD, Capture, Captures, Target, has_symbol
from assaybook.code.templates.resources import Template, Unresolved
from assaybook.evidence import Gap
from assaybook.policy.condition import evaluate
from assaybook.policy.document import Condition, parse_policy
from assaybook.policy.exposure import resource_policy
from assaybook.policy.reach import Reach
from assaybook.policy.request import MISSING, RequestContext
from assaybook.policy.statement import names_resource
from assaybook.policy.truth import Truth
from assaybook.shape.open_values import KINDS, AnyFlags, AnyLists, AnyText, OtherText
from assaybook.tables.functions import FunctionSettings
from deployed_stack import findings, of, template

Path_ = tuple[str | int, ...]
OPEN = Unresolved("${Open}", "the parameter Open has no default", "template.yaml:2")
# Properties that say to what else of the stack a resource belongs: what a parameter names is not of the stack, so that there it is as if the resource were gone.
BELONGING = {
    "FunctionName",
    "TargetFunctionArn",
    "RestApiId",
    "ApiId",
    "UserPoolId",
    "ResourceArn",
    "LayerVersionArn",
    "ResourceId",
    "ParentId",
    "EventBusName",
    "Qualifier",
    "RoleName",
    "Roles",
    "EventSourceArn",
}
# The outcome of one that is there instead of another, whose name changed, says nothing about the old one.
BETTER = {("fail", "pass"), ("unknown", "pass"), ("review", "pass"), ("error", "pass")}


@cache
def shop() -> Template:
    """A stack with one of each thing."""
    return template((Path(__file__).parent / "stacks" / "shop.yaml").read_text(encoding="utf-8"))


def paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Where a value, and each value in it, lies."""
    yield path
    for name, each in (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list | tuple) else ()
    ):
        yield from paths(each, (*path, name))


def changed(value: Any, path: Path_, new: Any) -> Any:
    """The value with another one at a place."""
    if not path:
        return new
    if isinstance(value, Mapping):
        return {name: changed(each, path[1:], new) if name == path[0] else each for name, each in value.items()}
    return [changed(each, path[1:], new) if place == path[0] else each for place, each in enumerate(value)]


@cache
def places() -> list[tuple[int, Path_]]:
    """Each property of the stack, and each value in one, but for those that say where something belongs."""
    return [
        (number, path)
        for number, resource in enumerate(shop().resources)
        for path in paths(dict(resource.properties))
        if path and path[0] not in BELONGING
    ]


def put(number: int, path: Path_, new: Any) -> Template:
    """The stack with another value at one place."""
    declared = list(shop().resources)
    declared[number] = replace(declared[number], properties=changed(dict(declared[number].properties), path, new))
    return replace(shop(), resources=tuple(declared))


def judged(stack: Template) -> dict[tuple[str, str, str], str]:
    """Outcomes by check, subject and row."""
    return {(each.check, each.subject.key, each.row): each.outcome.value for each in findings(stack)}


@cache
def before() -> dict[tuple[str, str, str], str]:
    """Outcomes of the stack as it is."""
    return judged(shop())


@settings(max_examples=25)
@given(st.data())
def test_an_open_property_makes_nothing_pass_and_nothing_break(data: st.DataObject) -> None:
    number, path = data.draw(st.sampled_from(places()))
    found = judged(put(number, path, OPEN))
    assert "error" not in found.values()
    better = {key for key, outcome in found.items() if (before().get(key, outcome), outcome) in BETTER}
    assert not better, (shop().resources[number].id, path)


@settings(max_examples=25)
@given(st.data(), st.sampled_from([None, True, 7, "", "odd", [], {}, [None], {"odd": 1}, [[]], {"Ref": 3}]))
def test_a_property_of_another_type_breaks_nothing(data: st.DataObject, odd: Any) -> None:
    number, path = data.draw(st.sampled_from([(number, path) for number, path in places()]))
    assert "error" not in judged(put(number, path, odd)).values()


def test_the_stack_is_well_set() -> None:
    wrong = {check for (check, _, _), outcome in before().items() if outcome == "error"}
    assert not wrong and list(before().values()).count("pass") > 80


def test_settings_that_do_not_hang_on_an_open_value_are_known() -> None:
    number = next(number for number, each in enumerate(shop().resources) if each.id == "Orders")
    (row,) = of(put(number, ("MemorySize",), OPEN), FunctionSettings).values()
    assert isinstance(row.memory, Gap) and row.memory.state == UNTOLD
    assert row.memory.reason == "the parameter Open has no default (template.yaml:2)"
    assert row.timeout == 10 and row.log_format == "JSON"


def test_an_account_without_a_template_is_never_looked_at_twice() -> None:
    marked = Capture(
        "lambda:ListFunctions",
        Target("aws", "111122223333", "us-east-1"),
        {},
        OK,
        {"Functions": [{UNRESOLVED: "${X}"}]},
    )
    assert not Captures([marked]).of(PLACES) and not Captures([marked]).declared("111122223333")


@pytest.mark.parametrize("kind", [AnyText, AnyLists, AnyFlags])
def test_a_text_that_stands_for_any_equals_each_and_is_an_object_too(kind: type[AnyText]) -> None:
    value = kind("${X}")
    assert value == "ENABLED" and value == "DISABLED" and value in ("a", "b")
    assert isinstance(value, Mapping) and "x" in value and value.startswith("z") and value.lower() == "q"
    assert f"{value}" == "${X}" and hash(value) == hash("${X}")


def test_a_text_that_stands_for_no_other_equals_none() -> None:
    value = OtherText("${X}")
    assert value != "${X}" and value not in ("${X}", "b") and value == value


def test_there_is_more_than_one_value_of_each_kind() -> None:
    assert all(len(values) > 1 for values in KINDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${Table}", True),
        ("arn:aws:s3:::${Bucket}/*", True),
        ("${AWS::StackName}-x", True),
        ("${Orders.Arn}", True),
        ("${aws:username}", False),
        ("${aws:PrincipalTag/team, 'none'}", False),
        ("${*}", False),
        ("${?}", False),
        ("${$}", False),
        ("plain", False),
        ("", False),
    ],
)
def test_a_symbol_of_a_template_is_no_variable_of_a_policy(text: str, expected: bool) -> None:
    assert has_symbol(text) is expected


@pytest.mark.parametrize("version", ["2008-10-17", "2012-10-17"])
def test_a_symbol_in_a_resource_matches_it_may_be_anything(version: str) -> None:
    policy = parse_policy(
        {
            "Version": version,
            "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${Bucket}/*"},
        }
    )
    missing = RequestContext({}, MISSING)
    assert names_resource(policy.statements[0], "arn:aws:s3:::orders/1", missing) is Truth.UNKNOWN
    assert names_resource(policy.statements[0], "arn:aws:sqs:us-east-1:1:orders", missing) is Truth.FALSE


@pytest.mark.parametrize("operator", ["StringEquals", "ArnLike", "NumericEquals", "StringNotEquals"])
def test_a_symbol_in_a_condition_leaves_it_undecided(operator: str) -> None:
    condition = Condition(operator, "aws:SourceArn", ("${Open}",))
    assert (
        evaluate(condition, RequestContext({"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:t"})) is Truth.UNKNOWN
    )


@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount", "aws:PrincipalOrgID", "aws:PrincipalAccount"])
def test_whom_a_condition_on_a_symbol_lets_in_is_not_decided(key: str) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": "*",
            "Condition": {"StringEquals": {key: "${Open}"}},
        },
    }
    (found,) = resource_policy(json.dumps(document), own_account="111122223333")
    assert found.reach is Reach.UNKNOWN and not found.public


def test_the_account_of_an_arn_decides_whatever_else_is_open_in_it() -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:execute-api:us-east-1:111122223333:${Api}/*"}},
        },
    }
    (found,) = resource_policy(json.dumps(document), own_account="111122223333")
    assert not found.confused_deputy and found.reach is not Reach.UNKNOWN
