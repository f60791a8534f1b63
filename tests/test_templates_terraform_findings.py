# ruff: noqa: E501 - modules in one line each
"""What modules of Terraform show, from their text to findings; each defect with a safe twin."""

import pytest

from assaybook.code.templates.discover import read_templates
from deployed_stack import outcomes

ASSUME = 'jsonencode({ Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })'
ROLE = f'resource "aws_iam_role" "r" {{\n name = "r"\n assume_role_policy = {ASSUME}\n}}\n'
FUNCTION = (
    'resource "aws_lambda_function" "f" {\n function_name = "f"\n filename = "f.zip"\n handler = "a.b"\n runtime = "%s"\n role = aws_iam_role.r.arn\n%s\n}\n'
    + ROLE
)
PLAIN = FUNCTION % ("python3.13", "")
BUCKET = 'resource "aws_s3_bucket" "b" {\n bucket = "b"\n}\n'
EVERYONE = '{ Effect = "Allow", Principal = "*", Action = "%s:*", Resource = "*" }'
MINE = '{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }, Action = "%s:*", Resource = "*" }'
ME = 'data "aws_caller_identity" "me" {}\n'
REST = """
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
}
resource "aws_api_gateway_resource" "r" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "x"
}
resource "aws_api_gateway_method" "m" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.r.id
  http_method   = "POST"
  authorization = "%s"
}
resource "aws_api_gateway_integration" "i" {
  rest_api_id             = aws_api_gateway_rest_api.a.id
  resource_id             = aws_api_gateway_resource.r.id
  http_method             = aws_api_gateway_method.m.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.f.invoke_arn
}
resource "aws_api_gateway_deployment" "d" {
  rest_api_id = aws_api_gateway_rest_api.a.id
}
resource "aws_api_gateway_stage" "s" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  deployment_id = aws_api_gateway_deployment.d.id
  stage_name    = "live"
  %s
}
resource "aws_lambda_permission" "p" {
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.a.execution_arn}/*/*"
}
"""
LOGS = 'access_log_settings {\n destination_arn = aws_cloudwatch_log_group.l.arn\n format = "$context.requestId"\n }'
GROUP = 'resource "aws_cloudwatch_log_group" "l" {\n name = "l"\n retention_in_days = %s\n}\n'


def policy(action: str, resource: str = "*") -> str:
    return (
        FUNCTION % ("python3.13", "")
        + f'resource "aws_iam_role_policy" "p" {{\n role = aws_iam_role.r.id\n policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "{resource}" }}] }})\n}}\n'
    )


def attached(arn: str) -> str:
    return (
        PLAIN
        + f'resource "aws_iam_role_policy_attachment" "a" {{\n role = aws_iam_role.r.name\n policy_arn = "{arn}"\n}}\n'
    )


# What it shows: module, check, and whether anything fails.
CASES: dict[str, tuple[str, str, bool]] = {
    "a runtime at its end": (FUNCTION % ("python3.8", ""), "unsupported-runtime", True),
    "a runtime in support": (PLAIN, "unsupported-runtime", False),
    "all rights": (policy("*"), "admin-rights-on-workload-role", True),
    "all rights by a managed policy": (
        attached("arn:aws:iam::aws:policy/AdministratorAccess"),
        "admin-rights-on-workload-role",
        True,
    ),
    "few rights": (policy("s3:GetObject", "arn:aws:s3:::b/*"), "admin-rights-on-workload-role", False),
    "a whole service": (policy("dynamodb:*"), "service-wildcard-on-workload-role", True),
    "one action": (policy("dynamodb:GetItem"), "service-wildcard-on-workload-role", False),
    "a method for anyone": (PLAIN + REST % ("NONE", ""), "route-without-authorizer", True),
    "a method for signed requests": (PLAIN + REST % ("AWS_IAM", ""), "route-without-authorizer", False),
    "a stage without access log": (PLAIN + REST % ("AWS_IAM", ""), "stage-without-access-log", True),
    "a stage with one": (PLAIN + GROUP % "30" + REST % ("AWS_IAM", LOGS), "stage-without-access-log", False),
    "an address for anyone": (
        PLAIN
        + 'resource "aws_lambda_function_url" "u" {\n function_name = aws_lambda_function.f.function_name\n authorization_type = "NONE"\n}\n',
        "public-endpoint-without-auth",
        True,
    ),
    "an address for signed requests": (
        PLAIN
        + 'resource "aws_lambda_function_url" "u" {\n function_name = aws_lambda_function.f.function_name\n authorization_type = "AWS_IAM"\n}\n',
        "public-endpoint-without-auth",
        False,
    ),
    "anyone may invoke": (
        PLAIN
        + 'resource "aws_lambda_permission" "p" {\n function_name = aws_lambda_function.f.arn\n action = "lambda:InvokeFunction"\n principal = "*"\n}\n',
        "invocation-open-to-anyone",
        True,
    ),
    "a service without its source": (
        PLAIN
        + 'resource "aws_lambda_permission" "p" {\n function_name = aws_lambda_function.f.arn\n action = "lambda:InvokeFunction"\n principal = "s3.amazonaws.com"\n}\n',
        "service-grant-without-source",
        True,
    ),
    "a service with its source": (
        BUCKET
        + PLAIN
        + 'resource "aws_lambda_permission" "p" {\n function_name = aws_lambda_function.f.arn\n action = "lambda:InvokeFunction"\n principal = "events.amazonaws.com"\n source_arn = "arn:aws:events:us-east-1:123456789012:rule/r"\n}\n',
        "service-grant-without-source",
        False,
    ),
    "a bucket for everyone by its policy": (
        BUCKET
        + f'resource "aws_s3_bucket_policy" "p" {{\n bucket = aws_s3_bucket.b.id\n policy = jsonencode({{ Statement = [{EVERYONE % "s3"}] }})\n}}\n',
        "public-store",
        True,
    ),
    "a bucket for everyone by its list": (
        BUCKET
        + 'resource "aws_s3_bucket_acl" "a" {\n bucket = aws_s3_bucket.b.id\n acl = "public-read"\n}\nresource "aws_s3_bucket_ownership_controls" "o" {\n bucket = aws_s3_bucket.b.id\n rule {\n object_ownership = "ObjectWriter"\n }\n}\nresource "aws_s3_bucket_public_access_block" "b" {\n bucket = aws_s3_bucket.b.id\n block_public_acls = false\n}\n',
        "public-store",
        True,
    ),
    "a bucket for everyone in the old form": (
        'resource "aws_s3_bucket" "b" {\n bucket = "b"\n acl = "public-read"\n}\n',
        "public-store",
        True,
    ),
    "a bucket of my own": (
        ME
        + BUCKET
        + f'resource "aws_s3_bucket_policy" "p" {{\n bucket = aws_s3_bucket.b.id\n policy = jsonencode({{ Statement = [{MINE % "s3"}] }})\n}}\n',
        "public-store",
        False,
    ),
    "blocks that are off": (
        BUCKET
        + 'resource "aws_s3_bucket_public_access_block" "b" {\n bucket = aws_s3_bucket.b.id\n block_public_acls = false\n}\n',
        "public-access-not-blocked",
        True,
    ),
    "blocks that are on": (
        BUCKET
        + 'resource "aws_s3_bucket_public_access_block" "b" {\n bucket = aws_s3_bucket.b.id\n block_public_acls = true\n block_public_policy = true\n ignore_public_acls = true\n restrict_public_buckets = true\n}\n',
        "public-access-not-blocked",
        False,
    ),
    "a queue for everyone": (
        f'resource "aws_sqs_queue" "q" {{\n name = "q"\n}}\nresource "aws_sqs_queue_policy" "p" {{\n queue_url = aws_sqs_queue.q.id\n policy = jsonencode({{ Statement = [{EVERYONE % "sqs"}] }})\n}}\n',
        "public-store",
        True,
    ),
    "a queue for everyone in one": (
        f'resource "aws_sqs_queue" "q" {{\n name = "q"\n policy = jsonencode({{ Statement = [{EVERYONE % "sqs"}] }})\n}}\n',
        "public-store",
        True,
    ),
    "a topic for everyone": (
        f'resource "aws_sns_topic" "t" {{\n name = "t"\n}}\nresource "aws_sns_topic_policy" "p" {{\n arn = aws_sns_topic.t.arn\n policy = jsonencode({{ Statement = [{EVERYONE % "sns"}] }})\n}}\n',
        "public-store",
        True,
    ),
    "a key for everyone": (
        f'resource "aws_kms_key" "k" {{\n policy = jsonencode({{ Statement = [{EVERYONE % "kms"}] }})\n}}\n',
        "key-policy-open-to-anyone",
        True,
    ),
    "a key of my own": (
        ME + f'resource "aws_kms_key" "k" {{\n policy = jsonencode({{ Statement = [{MINE % "kms"}] }})\n}}\n',
        "key-policy-open-to-anyone",
        False,
    ),
    "a key that stays": ('resource "aws_kms_key" "k" {}\n', "key-not-rotated", True),
    "a key that changes": ('resource "aws_kms_key" "k" {\n enable_key_rotation = true\n}\n', "key-not-rotated", False),
    "a database with a public address": (
        'resource "aws_db_instance" "d" {\n identifier = "d"\n engine = "mysql"\n publicly_accessible = true\n}\n',
        "database-with-public-address",
        True,
    ),
    "a database without": (
        'resource "aws_db_instance" "d" {\n identifier = "d"\n engine = "mysql"\n}\n',
        "database-with-public-address",
        False,
    ),
    "a database in the clear": (
        'resource "aws_db_instance" "d" {\n identifier = "d"\n engine = "mysql"\n}\n',
        "store-not-encrypted",
        True,
    ),
    "an encrypted database": (
        'resource "aws_db_instance" "d" {\n identifier = "d"\n engine = "mysql"\n storage_encrypted = true\n}\n',
        "store-not-encrypted",
        False,
    ),
    "a table with recovery": (
        'resource "aws_dynamodb_table" "t" {\n name = "t"\n hash_key = "i"\n point_in_time_recovery {\n enabled = true\n }\n}\n',
        "store-without-recovery",
        False,
    ),
    "a short password": (
        'resource "aws_cognito_user_pool" "p" {\n name = "p"\n password_policy {\n minimum_length = 6\n }\n}\n',
        "user-pool-password-weak",
        True,
    ),
    "a long password": (
        'resource "aws_cognito_user_pool" "p" {\n name = "p"\n password_policy {\n minimum_length = 14\n require_lowercase = true\n require_uppercase = true\n require_numbers = true\n require_symbols = true\n }\n}\n',
        "user-pool-password-weak",
        False,
    ),
    "not traced": (PLAIN, "function-not-traced", True),
    "traced": (FUNCTION % ("python3.13", 'tracing_config {\n mode = "Active"\n }'), "function-not-traced", False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_module_shows_its_defect_and_its_twin_does_not(case: str) -> None:
    text, check, fails = CASES[case]
    (found,) = read_templates({"main.tf": text.encode})
    shown = outcomes(found, check)
    assert shown, "nothing was checked"
    assert ("fail" in shown.values()) is fails, shown
