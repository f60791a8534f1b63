"""Templates that anybody may have written: whatever is in them, reading ends in templates, problems and unresolved values, never in an exception."""

import json
import random
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.code.templates.discover import read_templates
from assaybook.code.templates.loading import MOST, load_yaml
from assaybook.code.templates.located import plain
from assaybook.code.templates.resources import Template, Unresolved
from template_samples import TREES

WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    10**20,
    "",
    "x",
    "${",
    "${}",
    "${self:custom.table}",
    "${A.B.C}",
    [],
    [None],
    [[1]],
    {},
    {"Ref": "Nobody"},
    {"Ref": None},
    {"Fn::GetAtt": []},
    {"Fn::GetAtt": "x"},
    {"Fn::Sub": ["${a}", 3]},
    {"Fn::Join": ["", {"Ref": "x"}]},
    {"Fn::If": ["IsMine", 1, {"Ref": "AWS::NoValue"}]},
    {"Fn::Transform": {"Name": "Macro"}},
    {"Fn::ForEach::Loop": ["X", ["a", "b"], {"k${X}": {"Ref": "X"}}]},
    {"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-x"}},
    {"Fn::Cidr": ["10.0.0.0/8", 99999999, 30]},
    {"a": {"b": 1}},
]


def content(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def read(tree: dict[str, str]) -> tuple[Template, ...]:
    return read_templates({path: partial(content, text) for path, text in tree.items()})


def is_sound(templates: tuple[Template, ...]) -> None:
    for template in templates:
        assert len(template.account) == 12 and template.account.isdigit() and template.region
        for resource in template.resources:
            assert isinstance(resource.type, str) and isinstance(resource.name, str) and isinstance(resource.arn, str)
            assert type(resource.properties) is dict
            assert resource.places[""] == resource.where
            json.dumps(resource.properties, default=Unresolved.document)
            json.dumps(resource.attributes, default=Unresolved.document)
        assert all(isinstance(each, str) for each in template.code.values())
        assert all(each.why and each.where for each in template.problems)


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from spots(item, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    made = dict(value) if isinstance(value, dict) else list(value)
    made[path[0]] = replaced(value[path[0]], path[1:], by)
    return made


def mutants(name: str, count: int) -> Iterator[dict[str, str]]:
    tree = TREES[name]
    chance = random.Random(name)
    for path in sorted(tree):
        if path.endswith((".yaml", ".yml", ".json")):
            whole = plain(load_yaml(tree[path], path).value)
            everywhere = list(spots(whole))
            for _ in range(count if everywhere else 0):
                changed = whole
                for _ in range(chance.choice((1, 1, 1, 2, 5))):
                    spot = chance.choice(everywhere)
                    try:
                        changed = replaced(changed, spot, chance.choice(WRONG))
                    except (KeyError, IndexError, TypeError):
                        continue
                yield {**tree, path: json.dumps(changed)}


@pytest.mark.parametrize("name", sorted(TREES))
def test_no_wrong_value_anywhere_raises(name: str) -> None:
    for tree in mutants(name, 120):
        is_sound(read(tree))


@pytest.mark.parametrize("name", sorted(TREES))
def test_each_value_may_be_of_any_type(name: str) -> None:
    tree = TREES[name]
    chance = random.Random(1)
    for path in sorted(tree):
        if path.endswith((".yaml", ".yml", ".json")):
            whole = plain(load_yaml(tree[path], path).value)
            for spot in spots(whole):
                is_sound(read({**tree, path: json.dumps(replaced(whole, spot, chance.choice(WRONG)))}))


@pytest.mark.parametrize("name", sorted(TREES))
def test_a_cut_file_raises_nothing(name: str) -> None:
    tree = TREES[name]
    for path, text in tree.items():
        for end in range(0, len(text), max(1, len(text) // 40)):
            is_sound(read({**tree, path: text[:end]}))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_raise_nothing(data: bytes) -> None:
    head = b"AWSTemplateFormatVersion: 1\nResources:\n  A: {Type: AWS::S3::Bucket}\n"
    is_sound(read_templates({"a.yaml": lambda: head + data, "b.json": lambda: data, "serverless.yml": lambda: data}))


def test_a_billion_laughs_are_refused() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    tree = {"t.yaml": "AWSTemplateFormatVersion: 1\nResources: {A: {Type: AWS::S3::Bucket}}\n" + "\n".join(lines)}
    (template,) = read(tree)
    assert not template.resources
    assert "more than" in template.problems[0].why


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: {Type: AWS::S3::Bucket, Properties: " + "[" * 5000 + "]" * 5000 + "}}",
        "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: &a {x: *a}}",
        "Resources: {A: {Type: AWS::S3::Bucket, Properties: " + '{"a":' * 300 + "1" + "}" * 300 + "}}",
    ],
)
def test_depth_has_an_end(text: str) -> None:
    (template,) = read({"t.yaml": text})
    assert not template.resources and template.problems


def test_a_huge_file_is_a_problem() -> None:
    (template,) = read({"t.yaml": "Resources: {A: {Type: AWS::S3::Bucket}}\n" + "# x\n" * 2_000_000})
    assert "larger than" in template.problems[0].why


def test_names_that_hang_on_each_other_end() -> None:
    ring = {
        f"B{n}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": f"B{(n + 1) % 5}"}}} for n in range(5)
    }
    (template,) = read({"t.json": json.dumps({"Resources": ring})})
    assert len(template.resources) == 5


def test_names_that_double_end() -> None:
    doubled = {
        f"B{n}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": f"${{B{n + 1}}}${{B{n + 1}}}"}}}
        for n in range(60)
    }
    doubled["B60"] = {"Type": "AWS::S3::Bucket", "Properties": {}}
    (template,) = read({"t.json": json.dumps({"Resources": doubled})})
    assert max(len(each.name) for each in template.resources) <= 200_000


def test_long_chains_end() -> None:
    chain = {
        f"R{n}": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": f"${{R{n + 1}}}"}}}
        for n in range(400)
    }
    (template,) = read({"t.json": json.dumps({"Resources": chain})})
    assert len(template.resources) == 400


def test_imports_in_a_ring_end() -> None:
    def stack(own: str, other: str) -> str:
        value = {"Fn::ImportValue": other}
        return json.dumps(
            {
                "Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": value}}},
                "Outputs": {
                    "O": {"Value": value, "Export": {"Name": own}},
                    "N": {"Value": 1, "Export": {"Name": value}},
                },
            }
        )

    templates = read({"a.json": stack("one", "two"), "b.json": stack("two", "one")})
    assert [type(each.resources[0].properties["Value"]) for each in templates] == [Unresolved, Unresolved]


def test_stacks_that_nest_each_other_end() -> None:
    def nest(path: str) -> str:
        return f"Resources: {{N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {path}}}}}, Q: {{Type: AWS::SQS::Queue}}}}"

    is_sound(read({"a.yaml": nest("b.yaml"), "b.yaml": nest("a.yaml")}))
    is_sound(read({"a.yaml": nest("a.yaml")}))


def test_repetition_has_an_end() -> None:
    inner: Any = {"K${A}${B}${C}${D}": {"Type": "AWS::SQS::Queue"}}
    for name in "DCBA":
        inner = {f"Fn::ForEach::{name}": [name, [str(n) for n in range(60)], inner]}
    (template,) = read({"t.json": json.dumps({"Transform": "AWS::LanguageExtensions", "Resources": inner})})
    assert any("more than" in each.why for each in template.problems)


def test_the_bound_on_values_is_far_above_real_templates() -> None:
    resources = {
        f"R{n}": {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [{"Key": "a", "Value": "b"}] * 50}}
        for n in range(500)
    }
    assert MOST > 500 * 150
    (template,) = read({"t.yaml": yaml.safe_dump({"Resources": resources})})
    assert len(template.resources) == 500 and not template.problems
