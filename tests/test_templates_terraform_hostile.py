"""Terraform that anybody may have written: whatever is in it, reading ends in templates, problems and unresolved values, never in an exception."""

import json
import random
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.code.templates.deployed import deployed
from assaybook.code.templates.discover import read_templates
from assaybook.code.templates.resources import Template, Unresolved
from terraform_samples import WHOLE

PIECES = [
    "{", "}", "[", "]", "(", ")", '"', "${", "%{", "=", "==", "?", ":", ",", ".", "*", "...", "<<EOF", "EOF", "\n", "for", "in", "if", "null", "true", "var.x",
    "local.a", "each.value", "count.index", "data.aws_iam_policy_document.d.json", "aws_s3_bucket.b", "jsonencode(", "merge(", '"a"', "1", "-", "!", "#", "/*", "\\", "\u202e",
    "dynamic \"x\" {", "for_each", "count", "module.m", "path.module", "concat([1],", "[*]", "=>", "toset(", "file(", "${var.x}", "%{ for x in y }", "%{ endfor }",
]  # fmt: skip
WRONG = [
    "null",
    '""',
    "[]",
    "{}",
    "[null]",
    "[[1]]",
    "1",
    "-1",
    "true",
    '"${var.nobody}"',
    "var.open",
    "{ a = { b = 1 } }",
    '"x"',
    "aws_s3_bucket.b",
    "local.gone",
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
            assert type(resource.properties) is dict and resource.places[""] == resource.where
            json.dumps(resource.properties, default=Unresolved.document)
        assert all(isinstance(each, str) for each in (*template.code.values(), *template.inline.values()))
        assert all(each.why and each.where for each in template.problems)
        deployed(template, "2026-11-24T09:00:00+00:00")


LINES = WHOLE.split("\n")
VALUED = [
    index for index, line in enumerate(LINES) if " = " in line and not line.rstrip().endswith(("{", "[", "(", "EOF"))
]


@pytest.mark.parametrize("index", VALUED)
def test_each_argument_may_be_of_any_type(index: int) -> None:
    chance = random.Random(index)
    for wrong in chance.sample(WRONG, 3):
        lines = list(LINES)
        lines[index] = f"{lines[index].partition(' = ')[0]} = {wrong}"
        is_sound(read({"main.tf": "\n".join(lines)}))


@pytest.mark.parametrize("seed", range(60))
def test_no_piece_anywhere_raises(seed: int) -> None:
    chance = random.Random(seed)
    text = WHOLE
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(PIECES) + text[at + chance.choice((0, 0, 1, 5)) :]
    is_sound(read({"main.tf": text}))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_text_raises(pieces: list[str]) -> None:
    is_sound(read({"main.tf": f'resource "aws_sqs_queue" "q" {{\n name = {" ".join(pieces)}\n}}\n'}))
    is_sound(read({"main.tf": " ".join(pieces), "b.tf": 'resource "aws_sns_topic" "t" {}'}))


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=5)
        | st.sampled_from(["${var.x}", "${", "%{ if }"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "aws_s3_bucket",
                        "aws_lambda_function",
                        "b",
                        "dynamic",
                        "content",
                        "for_each",
                        "environment",
                        "count",
                    ]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=15,
    )
)
def test_no_json_raises(value: object) -> None:
    for kind in ("resource", "variable", "module", "locals", "data", "output", "provider"):
        is_sound(read({"main.tf.json": json.dumps({kind: value}), "b.tf": 'resource "aws_sns_topic" "t" {}'}))


@pytest.mark.parametrize(
    "expression",
    [
        "[" * 5000 + "]" * 5000,
        "(" * 500 + "1" + ")" * 500,
        "{a=" * 300 + "1" + "}" * 300,
        "!" * 20_000 + "true",
        "1" + "+1" * 20_000,
        "a" + ".b" * 20_000,
        '"' + '${"' * 200 + '"}' * 200 + '"',
        "x ? " * 500 + "1" + " : 2" * 500,
        "9" * 100_000,
        '"' + "x" * 1_000_000 + '"',
        "[for a in range(5000) : [for b in range(5000) : a]]",
        'join("", [for a in range(5000) : join("", [for b in range(5000) : "xxxxxxxxxxxxxxxx"])])',
        'regexall("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
        "pow(10, 100000000)",
        'format("%999999999d", 1)',
        'cidrsubnet("::/0", 128, -5)',
        'cidrhost("10.0.0.0/8", 99999999999)',
        "range(1000000000)",
        'jsondecode("' + "[" * 3000 + '")',
    ],
)
def test_nothing_is_too_deep_or_too_large(expression: str) -> None:
    is_sound(read({"main.tf": f'resource "aws_sqs_queue" "q" {{\n  name = {expression}\n}}\n'}))


def test_shared_parts_do_not_multiply() -> None:
    steps = "\n".join(f"  l{index} = [{', '.join([f'local.l{index - 1}'] * 10)}]" for index in range(1, 30))
    is_sound(
        read(
            {
                "main.tf": f'locals {{\n  l0 = "x"\n{steps}\n}}\nresource "aws_sqs_queue" "q" {{\n  name = jsonencode(local.l29)\n}}'
            }
        )
    )


def test_long_ways_end() -> None:
    steps = "\n".join(f'  l{index} = "${{local.l{index - 1}}}x"' for index in range(1, 300))
    is_sound(
        read(
            {"main.tf": f'locals {{\n  l0 = "x"\n{steps}\n}}\nresource "aws_sqs_queue" "q" {{\n  name = local.l299\n}}'}
        )
    )


def test_modules_that_call_many_modules_end() -> None:
    tree = {
        f"m{index}/main.tf": "\n".join(
            f'module "m{each}" {{\n source = "../m{index + 1}"\n count = 20\n}}' for each in range(3)
        )
        for index in range(8)
    }
    is_sound(read({**tree, "m8/main.tf": 'resource "aws_sqs_queue" "q" {}'}))


def test_all_orders_of_files_give_the_same() -> None:
    parts = {"a.tf": LINES[0], "main.tf": WHOLE}
    assert read(parts) == read(dict(reversed(parts.items())))
