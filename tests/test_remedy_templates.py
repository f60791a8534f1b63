"""Every CloudFormation and Terraform fragment: the schemas know what stands in it, and a hostile name changes nothing but a text."""

import json
import re
from collections.abc import Mapping
from typing import Any

import hcl2
import pytest
import yaml
from cfnlint.api import lint
from cfnlint.core import get_rules

from assaybook.remedy import TOOLS
from assaybook.remedy.cloudformation import cloudformation_template
from assaybook.remedy.shell import shell_template
from assaybook.remedy.template import Misplaced, camel, seen, snake
from assaybook.remedy.terraform import terraform_template
from remedy_files import HOSTILE, ORDINARY, Snippet, hostile, ordinary, snippets

STACKS, PLANS = list(snippets("cloudformation")), list(snippets("terraform"))
# A fragment shows what changes of a resource, and not all that it needs: E3003 is the rule on required properties.
RULES = get_rules([], ["E3003"], ["E", "W"])
# The rest of a resource is its own, and a word in capitals is the reader's to choose.
PARTIAL = re.compile(
    r"required property|W3011|'[^']*\b[A-Z]+(?:_[A-Z0-9]+)*\b[^']*' (?:is not a|does not match)|is shorter than|expected minimum item count|Only one of|E3700"
)
EVERYTHING = "".join(HOSTILE)


class Loader(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation as plain data."""


def _tagged(loader: Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{suffix}": node.value}
    made = (
        loader.construct_sequence(node, deep=True)
        if isinstance(node, yaml.SequenceNode)
        else loader.construct_mapping(node, deep=True)
    )
    return {f"!{suffix}": made}


Loader.add_multi_constructor("!", _tagged)


def stack(text: str) -> Any:
    return yaml.load(text, Loader=Loader)


def bones(value: Any) -> Any:
    """The form of a value without its texts: what keys and lists there are."""
    if isinstance(value, Mapping):
        return sorted(((_bone(key), bones(each)) for key, each in value.items()), key=str)
    return [bones(each) for each in value] if isinstance(value, list) else type(value).__name__


def _bone(key: object) -> str:
    return (
        str(key)
        if re.fullmatch(r"[!A-Za-z0-9:_.-]*", str(key)) and not re.search("[Oo]rders|Live|[0-9a-f]{6}", str(key))
        else "name"
    )


@pytest.mark.parametrize("snippet", STACKS, ids=str)
def test_cloudformation_knows_types_properties_and_values(snippet: Snippet) -> None:
    text = snippet.template.filled(ordinary(snippet))
    found = [f"{each.rule.id} line {each.linenumber}: {each.message}" for each in lint(text, RULES, ["eu-west-1"])]
    assert [each for each in found if not PARTIAL.search(each)] == []
    assert "Resources" in stack(text)


def test_the_schemas_see_what_is_wrong() -> None:
    text = "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties: {QueueNam: x}\n  B: {Type: AWS::SQS::Qeue}\n"
    assert {each.rule.id for each in lint(text, RULES, ["eu-west-1"])} >= {"E3002", "E3006"}


@pytest.mark.parametrize("snippet", STACKS, ids=str)
def test_a_hostile_name_adds_nothing_to_a_stack(snippet: Snippet) -> None:
    good, bad = (stack(snippet.template.filled(values)) for values in (ordinary(snippet), hostile(snippet, EVERYTHING)))
    assert bones(bad) == bones(good)
    assert all(re.fullmatch("[A-Za-z0-9]+", name) for name in bad["Resources"])
    assert "{{resolve:ssm:/secret}}" not in json.dumps(bad)


@pytest.mark.parametrize("snippet", PLANS, ids=str)
def test_terraform_parses_with_ordinary_and_hostile_names(snippet: Snippet) -> None:
    good, bad = (
        hcl2.loads(snippet.template.filled(values)) for values in (ordinary(snippet), hostile(snippet, EVERYTHING))
    )
    assert good
    assert bones(bad) == bones(good)


@pytest.mark.parametrize("value", [*HOSTILE, *ORDINARY])
def test_a_value_in_yaml_is_the_value(value: str) -> None:
    template = cloudformation_template(
        "# [[name]]\nResources:\n  [[name]]Queue:\n    Properties:\n      A: [[name]]\n      B: 'x [[name]]'\n      C: \"[[name]]/*\"\n"
        '      D: ["[[name]]", a]\n      E: |\n        [[name]]\n      F: {G: [[name]]}\n      H: !Sub "${A}[[name]]"\n'
        '      I: !Ref "[[name]]Queue"\n      J: |\n        {"a": "[[name]]"}\n'
    )
    made = stack(template.filled({"name": value}))["Resources"]
    plain = value.replace("{{", "{ {")
    assert list(made) == [f"{camel(value)}Queue"]
    found = made[f"{camel(value)}Queue"]["Properties"]
    assert (
        found["A"] == plain and found["B"] == f"x {plain}" and found["C"] == f"{plain}/*" and found["D"] == [plain, "a"]
    )
    assert found["E"].strip() == plain.strip() and found["F"] == {"G": plain}
    assert found["H"] == {"!Sub": "${A}" + plain.replace("${", "${!")}
    assert found["I"] == {"!Ref": f"{camel(value)}Queue"}
    assert json.loads(found["J"]) == {"a": plain}


@pytest.mark.parametrize("value", ["yes", "null", "012", "1e3", "2026-01-01", "1:30", "~", "true", ""])
def test_what_yaml_takes_for_more_than_a_text_is_quoted(value: str) -> None:
    template = cloudformation_template("Resources:\n  A: [[name]]\n  B: [[other]]x[[name]]\n")
    made = stack(template.filled({"name": value, "other": "y"}))["Resources"]
    assert made == ({"A": value, "B": f"yx{value}"} if value else {"B": "yx"})


@pytest.mark.parametrize("value", [*HOSTILE, *ORDINARY])
def test_a_value_in_terraform_is_the_value(value: str) -> None:
    template = terraform_template(
        '# [[name]]\n/* [[name]] */\nresource "aws_sqs_queue" "[[name]]" {\n  name = "[[name]]"\n  bare = [[name]]\n  other = "x-[[name]]-y"\n'
        "  arn = aws_sqs_queue.[[name]].arn\n  text = <<EOT\n[[name]]\nEOT\n}\n"
    )
    text = template.filled({"name": value})
    (made,) = hcl2.loads(text)["resource"]
    ((label, inner),) = made["aws_sqs_queue" if "aws_sqs_queue" in made else '"aws_sqs_queue"'].items()
    label = label.strip('"')
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", label)
    written = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    assert (
        f'  name = "{written}"\n  bare = "{written}"\n  other = "x-{written}-y"\n  arn = aws_sqs_queue.{label}.arn\n'
        in text
    )
    assert set(inner) - {"__is_block__"} == {"name", "bare", "other", "arn", "text"}


def test_a_line_of_which_every_placeholder_is_empty_is_left_out() -> None:
    template = cloudformation_template("Resources:\n  A:\n    Qualifier: [[release]]\n    Arn: [[name]]:[[release]]\n")
    assert template.filled({"release": "", "name": "f"}) == 'Resources:\n  A:\n    Arn: "f:"\n'
    assert "Qualifier: live" in template.filled({"release": "live", "name": "f"})


def test_a_command_ends_where_its_last_line_is_left_out() -> None:
    written = "aws a b \\\n  --name [[name]] \\\n  --qualifier [[release]]\naws c d\n"
    assert shell_template(written).filled({"name": "f", "release": ""}) == "aws a b \\\n  --name f\naws c d\n"
    between = "aws a b \\\n  --qualifier [[release]] \\\n  --name [[name]]\n"
    assert shell_template(between).filled({"name": "f", "release": ""}) == "aws a b \\\n  --name f\n"
    assert shell_template(written).filled({"name": "f", "release": "live"}).count("\\\n") == 2


def test_nothing_invisible_and_no_line_end_gets_in() -> None:
    assert seen("a\nb\t\u202ec\u2028\x00") == "a⟨U+000A⟩b⟨U+0009⟩⟨U+202E⟩c⟨U+2028⟩⟨U+0000⟩"


def test_odd_names_make_names_that_differ() -> None:
    assert (camel("orders-api"), snake("orders-api"), snake("/aws/lambda/x")) == (
        "OrdersApi",
        "orders_api",
        "aws_lambda_x",
    )
    assert camel("größe") != camel("grüße") and snake("a b") != snake("a\u00a0b")
    assert terraform_template('resource "a" "[[name]]" {}').filled({"name": "9x"}) == 'resource "a" "r_9x" {}'


@pytest.mark.parametrize(
    ("text", "line"), [("Resources:\n  A: [1, 2\n  B: x\n", 3), ("Resources:\n  A: b\n  B: [[x]]: y: z\n", 3)]
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Misplaced, match="is no YAML") as caught:
        cloudformation_template(text)
    assert caught.value.line == line


def test_each_tool_has_snippets() -> None:
    assert list(TOOLS) == ["cli", "cloudformation", "terraform"]
    assert len(STACKS) > 40 and len(PLANS) > 40
