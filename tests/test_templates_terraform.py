# ruff: noqa: E501 - modules in one line each
"""Terraform: what expressions give, what modules make, and where it stands."""

from functools import partial
from typing import Any

import pytest

from assaybook.code.templates.discover import read_templates
from assaybook.code.templates.passed_over import passed_over
from assaybook.code.templates.resources import Resource, Template, Unresolved


def read(**files: str) -> Template:
    """The one template of some files; `__` in a name is a slash, and a name without an end one of Terraform."""
    (found,) = trees(
        {(name.replace("__", "/") + (".tf" if "." not in name else "")): text for name, text in files.items()}
    )
    return found


def content(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def trees(files: dict[str, str]) -> tuple[Template, ...]:
    return read_templates({path: partial(content, text) for path, text in files.items()})


def only(template: Template, kind: str) -> Resource:
    (found,) = [each for each in template.resources if each.type == kind]
    return found


def worked_out(expression: str, more: str = "") -> Any:
    """What an expression gives as the value of an argument."""
    found = read(main=f'{more}\nresource "aws_sns_topic" "t" {{\n  delivery = {expression}\n}}\n')
    return only(found, "AWS::SNS::Topic").properties.get("Delivery")


VALUES: list[tuple[str, Any]] = [
    ('"a"', "a"),
    ("1", 1),
    ("1.5", 1.5),
    ("-2", -2),
    ("true", True),
    ("null", None),
    ('"a${1 + 2}b"', "a3b"),
    ('"$${aws:username}"', "${aws:username}"),
    (r'"a\n\t\"\\\u00e9"', 'a\n\t"\\é'),
    ("[1, 2,\n 3,]", [1, 2, 3]),
    ('{ a = 1, "b" : 2 }', {"a": 1, "b": 2}),
    ('{ (upper("k")) = 1 }', {"K": 1}),
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 / 4", 2.5),
    ("7 % 4", 3),
    ("1 < 2 && !(2 >= 3)", True),
    ('"a" == "a" || false', True),
    ('1 == "1"', True),
    ('true ? "a" : "b"', "a"),
    ('false ? "a" : "b"', "b"),
    ('false ? "a" : true ? "b" : "c"', "b"),
    ("[for x in [1, 2, 3] : x * 2 if x > 1]", [4, 6]),
    ("{for k, v in { a = 1 } : k => v + 1}", {"a": 2}),
    ('{for x in ["a", "b", "a"] : x => x...}', {"a": ["a", "a"], "b": ["b"]}),
    ('[for i, x in ["a", "b"] : "${i}${x}"]', ["0a", "1b"]),
    ("[{ a = 1 }, { a = 2 }][*].a", [1, 2]),
    ("[{ a = 1 }, { a = 2 }].*.a", [1, 2]),
    ("[1, 2, 3][1]", 2),
    ('{ a = { b = "c" } }.a["b"]', "c"),
    ('format("%s-%03d-%v%%", "a", 7, true)', "a-007-true%"),
    ('join(",", ["a", "b"])', "a,b"),
    ('split(",", "a,b")', ["a", "b"]),
    ("concat([1], [2, 3])", [1, 2, 3]),
    ("merge({ a = 1, b = 1 }, { b = 2 })", {"a": 1, "b": 2}),
    ('lookup({ a = 1 }, "a", 2)', 1),
    ('lookup({ a = 1 }, "b", 2)', 2),
    ("element([1, 2, 3], 4)", 2),
    ('length("abc")', 3),
    ("length([1, 2])", 2),
    ('toset(["a", "a"])', ["a"]),
    ("keys({ b = 1, a = 2 })", ["a", "b"]),
    ("values({ b = 1, a = 2 })", [2, 1]),
    ("flatten([[1], [2, [3]]])", [1, 2, 3]),
    ("try({}.a, 5)", 5),
    ("can({}.a)", False),
    ('coalesce(null, "", "x")', "x"),
    ('lower("ABC")', "abc"),
    ('upper("abc")', "ABC"),
    ('replace("a-b", "-", "_")', "a_b"),
    ('replace("a1b2", "/[0-9]/", "")', "ab"),
    ('trimspace("  a ")', "a"),
    ('base64encode("a")', "YQ=="),
    ('base64decode("YQ==")', "a"),
    ("jsonencode({ b = [1, true, null] })", '{"b":[1,true,null]}'),
    ('jsondecode("{\\"a\\": 1}").a', 1),
    ('cidrsubnet("10.0.0.0/16", 8, 2)', "10.0.2.0/24"),
    ('substr("hello", 1, 3)', "ell"),
    ("max(1, 5, 3)", 5),
    ("max([1, 5]...)", 5),
    ('zipmap(["a"], [1])', {"a": 1}),
    ("distinct([1, 1, 2])", [1, 2]),
    ('compact(["a", ""])', ["a"]),
    ("range(3)", [0, 1, 2]),
    ("slice([1, 2, 3], 1, 3)", [2, 3]),
    ("contains([1, 2], 2)", True),
    ("tostring(5)", "5"),
    ('tonumber("5")', 5),
    ("setproduct([1], [2, 3])", [[1, 2], [1, 3]]),
    ('"%{ if true }yes%{ else }no%{ endif }"', "yes"),
    ('"%{ for x in [1, 2] }<${x}>%{ endfor }"', "<1><2>"),
    ("<<EOT\na ${1 + 1}\nEOT", "a 2\n"),
    ("<<-EOT\n    a\n      b\n  EOT", "a\n  b\n"),
    ('provider::x::y("a")', Unresolved),
    ("nothing_like_it(1)", Unresolved),
    ("timestamp()", Unresolved),
    ("[][3]", Unresolved),
    ("1 / 0", Unresolved),
    ('"\\ud800"', "\ufffd"),
    ("data.aws_region.x.name", Unresolved),
    ("var.nobody", Unresolved),
    ("aws_sqs_queue.nobody.arn", Unresolved),
]


@pytest.mark.parametrize(("expression", "value"), VALUES, ids=[each[0][:40] for each in VALUES])
def test_an_expression_gives_what_terraform_gives(expression: str, value: Any) -> None:
    found = worked_out(expression)
    if value is Unresolved:
        assert isinstance(found, Unresolved) and found.symbol.startswith("${") and found.why
    else:
        assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"a-${var.x}"', "a-${var.x}"),
        ('format("%s-b", var.x)', "${var.x}-b"),
        ('lower("A-${var.x}")', "a-${var.x}"),
        ('join("/", ["A", var.x])', "A/${var.x}"),
        ('var.x == "" && false', False),
        ('"a${var.x}" == "" ? 1 : 2', 2),
        ("var.x ? 1 : 1", 1),
        ("concat([1], [var.x])", [1, "${var.x}"]),
    ],
)
def test_what_is_not_known_is_a_symbol_in_what_is(expression: str, value: Any) -> None:
    found = worked_out(expression, 'variable "x" {}')
    if isinstance(found, list):
        found = [each.symbol if isinstance(each, Unresolved) else each for each in found]
    assert found == value


def test_a_choice_by_what_is_not_known_is_not_known() -> None:
    found = worked_out("var.x ? 1 : 2", 'variable "x" {}')
    assert isinstance(found, Unresolved) and "var.x" in found.symbol


def test_a_secret_variable_is_called_one() -> None:
    found = worked_out("var.x", 'variable "x" { sensitive = true }')
    assert isinstance(found, Unresolved) and found.no_echo


def test_values_beside_a_module_prevail_over_defaults() -> None:
    found = read(
        main='variable "a" { default = "1" }\nvariable "b" { default = "1" }\nresource "aws_sns_topic" "t" {\n name = "${var.a}-${var.b}-${terraform.workspace}"\n}',
        **{"terraform.tfvars": 'a = "2"\nb = "2"', "x.auto.tfvars": 'b = "3"'},
    )
    assert only(found, "AWS::SNS::Topic").name == "2-3-default"


def test_local_values_may_not_hang_on_themselves() -> None:
    found = worked_out("local.a", "locals {\n a = local.b\n b = local.a\n}")
    assert isinstance(found, Unresolved)


def test_resources_and_arguments_have_their_lines() -> None:
    found = read(main='\nresource "aws_sqs_queue" "q" {\n  name = "q"\n\n  tags = {\n    A = "b"\n  }\n}\n')
    queue = only(found, "AWS::SQS::Queue")
    assert (queue.id, queue.where, queue.arn.rpartition(":")[2]) == ("aws_sqs_queue.q", "main.tf:2", "q")
    assert queue.places["QueueName"] == "main.tf:3" and queue.places["Tags.A"] == "main.tf:6"


def test_a_policy_keeps_the_lines_of_its_statements() -> None:
    found = read(
        main='resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n    Statement = [\n      {\n        Effect = "Allow"\n        Action = "*"\n        Resource = "*"\n      },\n    ]\n  })\n}'
    )
    policy = only(found, "AWS::IAM::ManagedPolicy")
    assert policy.places["PolicyDocument.Statement.0.Action"] == "main.tf:6"


@pytest.mark.parametrize(
    ("count", "ids", "open"),
    [
        ("count = 2", ["[0]", "[1]"], False),
        ("count = 0", [], False),
        ("count = true ? 1 : 0", ["[0]"], False),
        ("count = var.x", [""], True),
        ('for_each = toset(["b", "a"])', ['["b"]', '["a"]'], False),
        ('for_each = { k = "v" }', ['["k"]'], False),
        ("for_each = {}", [], False),
        ("for_each = var.x", [""], True),
    ],
)
def test_copies_are_made_as_far_as_their_number_is_known(count: str, ids: list[str], open: bool) -> None:
    found = read(
        main=f'variable "x" {{}}\nresource "aws_kms_key" "k" {{}}\nresource "aws_sqs_queue" "q" {{\n  {count}\n}}'
    )
    queues = [each for each in found.resources if each.type == "AWS::SQS::Queue"]
    assert [each.id.removeprefix("aws_sqs_queue.q") for each in queues] == ids
    assert all(bool(each.conditional) is open for each in queues)


def test_names_of_copies_hang_on_their_keys() -> None:
    found = read(
        main='resource "aws_sqs_queue" "q" {\n  for_each = { a = { n = "x" } }\n  name = "${each.key}-${each.value.n}"\n}\nresource "aws_sns_topic" "t" {\n  display_name = aws_sqs_queue.q["a"].arn\n  tags = { all = join(",", [for q in aws_sqs_queue.q : q.name]), one = values(aws_sqs_queue.q).*.name[0] }\n}'
    )
    topic = only(found, "AWS::SNS::Topic")
    assert topic.properties["DisplayName"].endswith(":a-x") and topic.properties["Tags"] == {"all": "a-x", "one": "a-x"}


def test_blocks_are_repeated() -> None:
    found = read(
        main='resource "aws_security_group" "g" {\n  dynamic "egress" {\n    for_each = { a = 80, b = 443 }\n    iterator = port\n    content {\n      from_port = port.value\n      to_port = port.value\n      protocol = "tcp"\n      cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]\n    }\n  }\n}'
    )
    rules = only(found, "AWS::EC2::SecurityGroup").properties["SecurityGroupEgress"]
    assert [(each["FromPort"], each["CidrIp"]) for each in rules] == [
        (80, "10.0.0.0/8"),
        (80, "0.0.0.0/0"),
        (443, "10.0.0.0/8"),
        (443, "0.0.0.0/0"),
    ]


def test_a_block_that_may_not_be_there_is_open() -> None:
    found = read(
        main='variable "on" {}\nresource "aws_lambda_function" "f" {\n  dynamic "dead_letter_config" {\n    for_each = var.on\n    content {\n      target_arn = "x"\n    }\n  }\n}'
    )
    assert isinstance(only(found, "AWS::Lambda::Function").properties["DeadLetterConfig"], Unresolved)


MODULE = """
variable "name" {}
variable "size" { default = 1 }
resource "aws_sqs_queue" "this" { name = "${var.name}-${var.size}" }
output "arn" { value = aws_sqs_queue.this.arn }
"""


def test_modules_of_the_tree_are_taken_in() -> None:
    found = read(
        main='module "q" {\n  source = "./modules/q"\n  name = "a"\n}\nmodule "many" {\n  source = "./modules/q"\n  for_each = toset(["x", "y"])\n  name = each.key\n  size = 2\n}\nresource "aws_sns_topic" "t" {\n  display_name = module.q.arn\n  tags = { x = module.many["x"].arn }\n}',
        modules__q__main=MODULE,
    )
    assert found.path == "main.tf" and not found.problems
    queues = {each.id: each.name for each in found.resources if each.type == "AWS::SQS::Queue"}
    assert queues == {
        'module.many["x"].aws_sqs_queue.this': "x-2",
        'module.many["y"].aws_sqs_queue.this': "y-2",
        "module.q.aws_sqs_queue.this": "a-1",
    }
    topic = only(found, "AWS::SNS::Topic")
    assert topic.properties["DisplayName"].endswith(":a-1") and topic.properties["Tags"]["x"].endswith(":x-2")


def test_modules_of_elsewhere_are_told() -> None:
    found = read(
        main='module "v" {\n  source = "terraform-aws-modules/vpc/aws"\n}\nresource "aws_sqs_queue" "q" {\n  name = module.v.name\n}'
    )
    assert ["is not in the source tree" in each.why for each in found.problems] == [True]
    assert found.problems[0].where == "main.tf:1"
    assert isinstance(only(found, "AWS::SQS::Queue").properties["QueueName"], Unresolved)


def test_each_folder_that_no_other_calls_is_a_template() -> None:
    queue = 'resource "aws_sqs_queue" "q" {}'
    found = trees({"a/main.tf": queue, "b/x.tf": queue, "b/y.tf": 'resource "aws_sns_topic" "t" {}', "c.txt": "x"})
    assert [(each.path, len(each.resources), each.format) for each in found] == [
        ("a/main.tf", 1, "terraform"),
        ("b/x.tf", 2, "terraform"),
    ]
    assert len({each.account for each in found}) == 2


def test_modules_that_call_each_other_end() -> None:
    call = 'module "o" {{\n  source = "../{}"\n}}\nresource "aws_sqs_queue" "q" {{}}'
    (found,) = trees({"a/main.tf": call.format("b"), "b/main.tf": call.format("a")})
    assert len(found.resources) == 2


def test_other_clouds_make_no_template() -> None:
    assert trees({"main.tf": 'resource "azurerm_resource_group" "g" {\n name = "x"\n}'}) == ()


def test_what_cannot_be_parsed_costs_its_block_and_is_told() -> None:
    found = read(
        main='resource "aws_sqs_queue" "a" {}\n\nresource "aws_sqs_queue" "b" {\n  name = = 3\n}\n\nresource "aws_sqs_queue" "c" {}\n'
    )
    assert [each.id for each in found.resources] == ["aws_sqs_queue.a", "aws_sqs_queue.c"]
    assert [each.where for each in found.problems] == ["main.tf:4"]


def test_types_that_are_not_read_are_told_once() -> None:
    found = read(main='resource "aws_foo" "a" {}\nresource "aws_foo" "b" {}\nresource "null_resource" "n" {}')
    assert [each.why for each in found.problems] == ["resources of the type aws_foo are not read"]
    assert {each.type for each in found.resources} == {"Terraform::aws_foo"}


def test_json_says_the_same_as_the_native_syntax() -> None:
    native = 'variable "n" {\n default = "q"\n}\nresource "aws_sqs_queue" "q" {\n name = "x-${var.n}"\n tags = {\n A = "b"\n }\n}\nresource "aws_lambda_function" "f" {\n environment {\n variables = {\n A = 1\n }\n }\n}'
    said = '{"variable": {"n": {"default": "q"}}, "resource": {"aws_sqs_queue": {"q": {"name": "x-${var.n}", "tags": {"A": "b"}}}, "aws_lambda_function": {"f": [{"environment": {"variables": {"A": 1}}}]}}}'
    one, other = trees({"main.tf": native})[0], trees({"main.tf.json": said})[0]
    assert [(each.id, each.properties) for each in one.resources] == [
        (each.id, each.properties) for each in other.resources
    ]


@pytest.mark.parametrize(
    ("archive", "filename", "code"),
    [
        ('source_dir = "${path.module}/src"', "data.archive_file.z.output_path", "infra/src"),
        ('source_dir = "src"', "data.archive_file.z.output_path", "infra/src"),
        ('source_dir = "${path.module}/../app"', "data.archive_file.z.output_path", "app"),
        ('source_file = "${path.module}/src/index.py"', '"${path.module}/z.zip"', "infra/src/index.py"),
        ('source_dir = "${path.module}/gone"', "data.archive_file.z.output_path", ""),
        ("", '"../ready.zip"', "ready.zip"),
        ("", '"src.zip"', "infra/src"),
        ("", "var.nobody", ""),
    ],
)
def test_code_lies_where_it_is_packed_from(archive: str, filename: str, code: str) -> None:
    found = read(
        infra__main=f'data "archive_file" "z" {{\n type = "zip"\n {archive}\n output_path = "${{path.module}}/z.zip"\n}}\nresource "aws_lambda_function" "f" {{\n filename = {filename}\n}}',
        **{"infra/src/index.py": "x", "app/index.py": "x", "ready.zip": "x"},
    )
    assert found.code == {"aws_lambda_function.f": code}


def test_code_within_a_module_is_read() -> None:
    found = read(
        main='data "archive_file" "z" {\n type = "zip"\n output_path = "z.zip"\n source {\n  filename = "index.py"\n  content = <<EOF\ndef handler(event, context):\n  pass\nEOF\n }\n}\nresource "aws_lambda_function" "f" {\n filename = data.archive_file.z.output_path\n}'
    )
    assert found.code == {"aws_lambda_function.f": "inline:aws_lambda_function.f"}
    assert found.inline == {"inline:aws_lambda_function.f/index.py": "def handler(event, context):\n  pass\n"}


def test_code_in_a_bucket_is_that_of_the_object() -> None:
    found = read(
        main='resource "aws_s3_object" "o" {\n bucket = "b"\n key = "k.zip"\n source = "app.zip"\n}\nresource "aws_lambda_function" "f" {\n s3_bucket = "b"\n s3_key = aws_s3_object.o.key\n}',
        **{"app.zip": "x"},
    )
    assert found.code == {"aws_lambda_function.f": "app.zip"}
    assert only(found, "AWS::Lambda::Function").properties["Code"] == {"S3Bucket": "b", "S3Key": "k.zip"}


def test_files_fill_in_values() -> None:
    found = read(
        infra__main='resource "aws_iam_policy" "p" {\n policy = templatefile("${path.module}/p.json", { table = "t" })\n}\nresource "aws_sns_topic" "t" {\n display_name = trimspace(file("${path.module}/n.txt"))\n}',
        **{"infra/p.json": '{"Statement": [{"Resource": "${table}"}]}', "infra/n.txt": "name\n"},
    )
    assert only(found, "AWS::IAM::ManagedPolicy").properties["PolicyDocument"] == {"Statement": [{"Resource": "t"}]}
    assert only(found, "AWS::SNS::Topic").properties["DisplayName"] == "name"


def test_policy_documents_are_put_together() -> None:
    found = read(
        main="""
data "aws_iam_policy_document" "base" {
  statement {
    sid     = "a"
    actions = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [jsonencode({ Statement = [{ Sid = "a", Effect = "Deny", Action = "s3:*", Resource = "*" }] })]
  statement {
    effect      = "Allow"
    not_actions = ["iam:*"]
    resources   = ["arn:aws:s3:::b/&{aws:username}"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["123456789012"]
    }
  }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = "b"
  policy = data.aws_iam_policy_document.all.json
}
"""
    )
    assert only(found, "AWS::S3::BucketPolicy").properties["PolicyDocument"]["Statement"] == [
        {"Sid": "a", "Effect": "Deny", "Action": "s3:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Principal": {"AWS": ["*"]},
            "NotAction": ["iam:*"],
            "Resource": ["arn:aws:s3:::b/${aws:username}"],
            "Condition": {"StringEquals": {"aws:SourceAccount": ["123456789012"]}},
        },
    ]


def test_the_region_is_that_of_the_provider() -> None:
    found = read(
        main='provider "aws" {\n  region = "eu-central-1"\n}\nprovider "aws" {\n  alias = "us"\n  region = "us-east-1"\n}\nresource "aws_sqs_queue" "q" {}'
    )
    assert found.region == "eu-central-1" and ":eu-central-1:" in found.resources[0].arn


def test_what_other_clouds_make_is_told() -> None:
    files = {
        "main.tf": b'resource "azurerm_storage_account" "a" {\n}\nresource "google_storage_bucket" "b" {}\n',
        "b.tf": b'resource "aws_sqs_queue" "q" {}',
    }
    notes = passed_over({path: partial(bytes, text) for path, text in files.items()})
    assert [(each.where, each.why) for each in notes] == [
        (
            "main.tf",
            "what a Terraform module makes in Azure and Google Cloud is not read; what it makes is not assessed",
        )
    ]


def test_tags_of_the_provider_are_on_everything() -> None:
    found = read(
        main='provider "aws" {\n  default_tags {\n    tags = { Owner = "us", Stage = "dev" }\n  }\n}\nresource "aws_sqs_queue" "q" {\n  tags = { Stage = "prod" }\n}'
    )
    assert only(found, "AWS::SQS::Queue").properties["Tags"] == {"Owner": "us", "Stage": "prod"}
