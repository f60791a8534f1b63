"""Terraform for the tests, in the ways in which people write it."""

WHOLE = """\
variable "open" {}
variable "stage" { default = "dev" }
variable "x" { default = ["a", "b"] }
locals {
  name = "app-${var.stage}"
  tags = { Owner = "me" }
}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "archive_file" "zip" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/lambda.zip"
}
data "aws_iam_policy_document" "d" {
  statement {
    effect    = "Allow"
    actions   = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }
}
resource "aws_iam_role" "r" {
  name               = "${local.name}-r"
  assume_role_policy = data.aws_iam_policy_document.d.json
  inline_policy {
    name   = "p"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
  }
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = <<EOF
{"Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": "${aws_s3_bucket.b.arn}/*"}]}
EOF
}
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = toset(["arn:aws:iam::aws:policy/AdministratorAccess"])
  role       = aws_iam_role.r.name
  policy_arn = each.value
}
resource "aws_iam_user" "u" {
  name = "u"
}
resource "aws_iam_user_group_membership" "m" {
  user   = aws_iam_user.u.name
  groups = ["g"]
}
resource "aws_lambda_function" "f" {
  count         = length(var.x)
  function_name = "${local.name}-${var.x[count.index]}"
  filename      = data.archive_file.zip.output_path
  role          = aws_iam_role.r.arn
  handler       = "index.handler"
  runtime       = "python3.12"
  layers        = [aws_lambda_layer_version.l.arn]
  environment {
    variables = merge(local.tags, { TABLE = aws_dynamodb_table.t.name })
  }
  vpc_config {
    subnet_ids         = [aws_subnet.s.id]
    security_group_ids = [aws_security_group.g.id]
  }
  dynamic "dead_letter_config" {
    for_each = var.open
    content {
      target_arn = dead_letter_config.value
    }
  }
}
resource "aws_lambda_layer_version" "l" {
  layer_name = "l"
  filename   = "layer.zip"
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.f[0].function_name
  function_version = aws_lambda_function.f[0].version
  routing_config {
    additional_version_weights = { "2" = 0.5 }
  }
}
resource "aws_lambda_permission" "p" {
  function_name = aws_lambda_function.f[0].function_name
  principal     = "apigateway.amazonaws.com"
  action        = "lambda:InvokeFunction"
  source_arn    = "${aws_api_gateway_rest_api.a.execution_arn}/*/*"
}
resource "aws_lambda_function_url" "u" {
  function_name      = aws_lambda_function.f[1].function_name
  authorization_type = "NONE"
  cors {
    allow_origins = ["*"]
  }
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f[0].arn
  filter_criteria {
    filter {
      pattern = jsonencode({ body = { a = ["b"] } })
    }
  }
}
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
}
resource "aws_api_gateway_resource" "r" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "r"
}
resource "aws_api_gateway_method" "m" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.r.id
  http_method   = "POST"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "i" {
  rest_api_id             = aws_api_gateway_rest_api.a.id
  resource_id             = aws_api_gateway_resource.r.id
  http_method             = aws_api_gateway_method.m.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.f[0].invoke_arn
}
resource "aws_api_gateway_stage" "s" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "live"
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.l.arn
    format          = "x"
  }
}
resource "aws_api_gateway_method_settings" "s" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = aws_api_gateway_stage.s.stage_name
  method_path = "*/*"
  settings {
    logging_level = "INFO"
  }
}
resource "aws_apigatewayv2_api" "h" {
  name          = "h"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = ["*"]
  }
}
resource "aws_apigatewayv2_integration" "h" {
  api_id           = aws_apigatewayv2_api.h.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.f[0].invoke_arn
}
resource "aws_apigatewayv2_route" "h" {
  api_id    = aws_apigatewayv2_api.h.id
  route_key = "GET /x"
  target    = "integrations/${aws_apigatewayv2_integration.h.id}"
}
resource "aws_s3_bucket" "b" {
  bucket = "${local.name}-b"
  tags   = local.tags
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  rule {
    id     = "old"
    status = "Enabled"
    expiration {
      days = 30
    }
  }
}
resource "aws_s3_bucket_notification" "b" {
  bucket = aws_s3_bucket.b.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.f[0].arn
    events              = ["s3:ObjectCreated:*"]
  }
}
resource "aws_s3_bucket" "old" {
  bucket = "old"
  acl    = "public-read"
  versioning {
    enabled = true
  }
  lifecycle_rule {
    enabled = true
    expiration {
      days = 3
    }
  }
}
resource "aws_dynamodb_table" "t" {
  name     = "t"
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
}
resource "aws_sqs_queue" "q" {
  name           = "q"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.d.arn, maxReceiveCount = 3 })
  policy         = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*" }] })
}
resource "aws_sqs_queue" "d" {
  name = "d"
}
resource "aws_sns_topic" "t" {
  name = "t"
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.f[0].arn
}
resource "aws_kms_key" "k" {
  enable_key_rotation = true
}
resource "aws_secretsmanager_secret" "s" {
  name = "s"
}
resource "aws_secretsmanager_secret_rotation" "s" {
  secret_id = aws_secretsmanager_secret.s.id
  rotation_rules {
    automatically_after_days = 30
  }
}
resource "aws_cloudwatch_log_group" "l" {
  name              = "/aws/lambda/${local.name}-a"
  retention_in_days = 30
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name    = "a"
  metric_name   = "Errors"
  namespace     = "AWS/Lambda"
  dimensions    = { FunctionName = aws_lambda_function.f[0].function_name }
  alarm_actions = [aws_sns_topic.t.arn]
}
resource "aws_cloudwatch_event_rule" "r" {
  name       = "r"
  is_enabled = true
}
resource "aws_cloudwatch_event_target" "r" {
  rule = aws_cloudwatch_event_rule.r.name
  arn  = aws_lambda_function.f[0].arn
}
resource "aws_sfn_state_machine" "m" {
  name       = "m"
  role_arn   = aws_iam_role.r.arn
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Task", Resource = aws_lambda_function.f[0].arn, End = true } } })
  logging_configuration {
    log_destination = "${aws_cloudwatch_log_group.l.arn}:*"
    level           = "ALL"
  }
}
resource "aws_cognito_user_pool" "p" {
  name              = "p"
  mfa_configuration = "OFF"
  password_policy {
    minimum_length = 6
  }
}
resource "aws_cognito_user_pool_client" "c" {
  name          = "c"
  user_pool_id  = aws_cognito_user_pool.p.id
  callback_urls = ["https://a.example"]
}
resource "aws_appsync_graphql_api" "g" {
  name                = "g"
  authentication_type = "API_KEY"
  schema              = "type Query { a: String }"
}
resource "aws_db_instance" "d" {
  identifier        = "d"
  engine            = "postgres"
  storage_encrypted = false
}
resource "aws_cloudfront_distribution" "c" {
  enabled = true
  origin {
    domain_name = aws_s3_bucket.b.bucket_regional_domain_name
    origin_id   = "b"
  }
  default_cache_behavior {
    viewer_protocol_policy = "allow-all"
  }
}
resource "aws_wafv2_web_acl" "w" {
  name  = "w"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name = "r"
    statement {
      managed_rule_group_statement {
        name = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_association" "w" {
  resource_arn = aws_api_gateway_stage.s.arn
  web_acl_arn  = aws_wafv2_web_acl.w.arn
}
resource "aws_lb" "l" {
  name     = "l"
  internal = false
  access_logs {
    enabled = true
  }
}
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.l.arn
  port              = 80
  default_action {
    target_group_arn = aws_lb_target_group.l.arn
  }
}
resource "aws_lb_target_group" "l" {
  name = "l"
}
resource "aws_lb_target_group_attachment" "l" {
  target_group_arn = aws_lb_target_group.l.arn
  target_id        = aws_lambda_function.f[0].arn
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, 1)
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  egress {
    from_port   = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group_rule" "g" {
  security_group_id = aws_security_group.g.id
  type              = "egress"
  cidr_blocks       = ["10.0.0.0/8", "10.1.0.0/16"]
}
resource "aws_cloudtrail" "t" {
  name           = "t"
  s3_bucket_name = aws_s3_bucket.b.id
  event_selector {
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
resource "aws_opensearch_domain" "o" {
  domain_name     = "o"
  access_policies = jsonencode({ Statement = [] })
}
resource "aws_kinesis_firehose_delivery_stream" "f" {
  name = "f"
  extended_s3_configuration {
    bucket_arn = aws_s3_bucket.b.arn
  }
}
resource "aws_scheduler_schedule" "s" {
  name = "s"
  target {
    arn = aws_lambda_function.f[0].arn
  }
}
"""
