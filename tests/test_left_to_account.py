"""What a template is not blamed for, since only the account it is deployed into decides it; and how severe that is for which it is."""

from pathlib import Path
from typing import Any

import pytest

from assaybook.engagement import assess_files
from assaybook.evidence import Gap
from assaybook.model import Outcome, Severity
from assaybook.tables.code import CodedUse
from assaybook.tables.compute import Workload
from assaybook.tables.scope import Account, Region
from deployed_stack import findings, of, one, outcomes, rows, template
from test_cli_source import collect, write

HEAD = "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      InlineCode: "def handler(event, context):\\n    return 1\\n"
"""
API = "      Events: {Get: {Type: Api, Properties: {Path: /hello, Method: get}}}\n"
TAGS = "      Tags: {owner: shop}\n"
STORES = """  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], BillingMode: PAY_PER_REQUEST}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: shop}}
"""


def said(text: str, check: str) -> list[str]:
    return [each.outcome.value for each in findings(template(HEAD + text), check)]


@pytest.mark.parametrize(
    "check",
    [
        "function-without-required-tags",
        "store-without-required-tags",
        "environment-not-separated",
        "sensitive-store-without-own-key",
        "responders-cannot-contain",
        "code-history-not-kept",
        "records-not-joinable",
    ],
)
def test_what_only_the_account_tells_is_neither_failed_nor_passed(check: str) -> None:
    found = findings(template(HEAD + FUNCTION + API + STORES), check)
    assert found and not {each.outcome for each in found} & {Outcome.FAIL, Outcome.REVIEW, Outcome.PASS}
    told = [each for each in found if each.outcome is Outcome.UNKNOWN]
    assert told and all(each.missing is not None and each.missing.state == "not_asked" for each in told)


def test_tags_that_a_template_sets_are_judged() -> None:
    assert said(FUNCTION + TAGS, "function-without-required-tags") == ["fail"]
    assert said(FUNCTION + TAGS, "environment-not-separated") == ["review"]
    tags = of(template(HEAD + FUNCTION + TAGS), Workload)["stack-Hello"].tags
    assert tags["owner"] == "shop"
    assert isinstance(of(template(HEAD + FUNCTION), Workload)["stack-Hello"].tags, Gap)


def test_a_tag_whose_value_is_open_is_neither_right_nor_wrong() -> None:
    tags = "      Tags: {owner: shop, class: internal, environment: !Sub '${Place}-x'}\n"
    text = HEAD.replace("Resources:", "Parameters: {Place: {Type: String}}\nResources:") + FUNCTION
    (found,) = findings(template(text + tags), "function-without-required-tags")
    assert found.outcome is Outcome.UNKNOWN and found.missing is not None and found.missing.state == "unresolved"


def test_the_accounts_of_stacks_are_seen_in_part() -> None:
    found = [each for each in rows(template(HEAD + FUNCTION)) if isinstance(each, (Account, Region))]
    assert found and all(isinstance(each.whole, Gap) for each in found)


def test_a_log_group_that_is_written_without_an_end_is_for_review_and_one_that_lambda_makes_is_not() -> None:
    found = outcomes(template(HEAD + FUNCTION + STORES), "data-kept-too-long")
    assert found["shop"] == "review"
    assert found["/aws/lambda/stack-Hello"] == "unknown"


def test_a_log_group_may_be_archived_elsewhere() -> None:
    text = "  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: shop, RetentionInDays: 30}}\n"
    assert said(text, "log-retention-outside-limits") == ["fail"]
    found = one(template(HEAD + text), "evidence-kept-too-short", "shop")
    assert found.outcome is Outcome.UNKNOWN and found.missing is not None and found.missing.state == "not_asked"


def test_an_open_api_is_reported_once_and_not_as_an_unmarked_trigger_too() -> None:
    stack = template(HEAD + FUNCTION + API)
    assert outcomes(stack, "trigger-edge-unmarked") == {"stack-Hello": "unknown"}
    assert set(outcomes(stack, "route-without-authorizer").values()) == {"fail"}


def test_the_stage_that_sam_makes_of_itself_doubles_nothing() -> None:
    assert set(outcomes(template(HEAD + FUNCTION + API), "public-api-without-throttle")) == {"stack/Prod"}
    named = "  Api: {Type: AWS::Serverless::Api, Properties: {StageName: Stage}}\n"
    api = API.replace("{Path", "{RestApiId: !Ref Api, Path")
    assert set(outcomes(template(HEAD + named + FUNCTION + api), "public-api-without-throttle")) == {"stack/Stage"}


def test_a_deployment_that_somebody_wrote_keeps_its_stage() -> None:
    text = """  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: Api}}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: NONE, Integration: {Type: MOCK}}}
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api, StageName: Stage}}
"""
    assert set(outcomes(template(HEAD + FUNCTION + text), "public-api-without-throttle")) == {"Api/Stage"}


def test_the_hash_of_a_version_that_hangs_on_a_parameter_spoils_no_function() -> None:
    text = HEAD.replace("Resources:", "Parameters: {Commit: {Type: String}}\nResources:") + FUNCTION + API
    stack = template(text + "      AutoPublishAlias: live\n      AutoPublishCodeSha256: !Ref Commit\n")
    assert not stack.problems
    assert set(outcomes(stack, "route-without-authorizer").values()) == {"fail"}
    assert set(outcomes(stack, "trigger-bound-to-unpublished-code").values()) == {"pass"}


@pytest.mark.parametrize(
    ("check", "severity"),
    [
        ("code-not-signed", Severity.MEDIUM),
        ("function-not-traced", Severity.LOW),
        ("entry-not-traced", Severity.LOW),
        ("trigger-bound-to-unpublished-code", Severity.LOW),
    ],
)
def test_what_helps_to_run_functions_weighs_the_same_behind_a_public_api(check: str, severity: Severity) -> None:
    found = findings(template(HEAD + FUNCTION + API), check)
    assert found and {(each.outcome, each.severity) for each in found} == {(Outcome.FAIL, severity)}


def test_a_runtime_that_is_maintained_is_no_worse_behind_a_public_api() -> None:
    text = HEAD + FUNCTION.replace("python3.13", "nodejs22.x") + API
    (found,) = findings(template(text), "unsupported-runtime")
    assert (found.outcome, found.severity) == (Outcome.FAIL, Severity.MEDIUM)


def test_policies_of_event_sources_that_sam_attaches_are_a_small_matter() -> None:
    queue = "  Queue: {Type: AWS::SQS::Queue}\n"
    event = "      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}\n"
    found = one(template(HEAD + queue + FUNCTION + event), "data-statement-on-all-resources", "stack-HelloRole")
    assert (found.outcome, found.severity) == (Outcome.FAIL, Severity.LOW)
    own = "      Policies: [Statement: [{Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*'}]]\n"
    found = one(template(HEAD + queue + FUNCTION + event + own), "data-statement-on-all-resources", "stack-HelloRole")
    assert (found.outcome, found.severity) == (Outcome.FAIL, Severity.HIGH)


def test_a_trail_that_a_template_switches_off_is_for_review() -> None:
    trail = "  Trail: {Type: AWS::CloudTrail::Trail, Properties: {TrailName: trail, S3BucketName: b, IsMultiRegionTrail: true, EnableLogFileValidation: true, IsLogging: %s}}\n"
    (found,) = findings(template(HEAD + FUNCTION + trail % "false"), "no-active-audit-trail")
    assert found.outcome is Outcome.REVIEW and "trail exists but is not logging" in found.because
    assert said(FUNCTION + trail % "true", "no-active-audit-trail") == ["pass"]
    assert said(FUNCTION, "no-active-audit-trail") == ["unknown"]


TRUST = """  Partner:
    Type: AWS::IAM::Role
    Properties:
      RoleName: partner
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [%s]}
"""


def test_trust_in_another_account_is_for_review_though_the_organisation_is_not_known() -> None:
    other = "{Effect: Allow, Principal: {AWS: 'arn:aws:iam::210987654321:root'}, Action: 'sts:AssumeRole'}"
    own = "{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'sts:AssumeRole'}"
    check = "role-trust-to-unlisted-account"
    assert outcomes(template(HEAD + TRUST % other), check) == {"partner": "review"}
    assert outcomes(template(HEAD + TRUST % own), check) == {"partner": "not_applicable"}


@pytest.mark.parametrize(
    ("subject", "outcome"), [("repo:*", "fail"), ("repo:northwind/shop:ref:refs/heads/main", "pass")]
)
def test_a_provider_that_the_template_does_not_make_counts_as_there(subject: str, outcome: str) -> None:
    issuer = "token.actions.githubusercontent.com"
    statement = (
        f"{{Effect: Allow, Principal: {{Federated: !Sub 'arn:aws:iam::${{AWS::AccountId}}:oidc-provider/{issuer}'}}, Action: 'sts:AssumeRoleWithWebIdentity', "
        f"Condition: {{StringLike: {{'{issuer}:sub': '{subject}'}}, StringEquals: {{'{issuer}:aud': sts.amazonaws.com}}}}}}"
    )
    assert outcomes(template(HEAD + TRUST % statement), "pipeline-trust-too-wide") == {"partner": outcome}


LOOP = """AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Pictures: {Type: AWS::S3::Bucket, Properties: {BucketName: pictures-of-shop}}
  Shrink:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: shrink/
      Handler: app.handler
      Runtime: python3.13
      Policies: [S3CrudPolicy: {BucketName: pictures-of-shop}]
      Events: {Made: {Type: S3, Properties: {Bucket: !Ref Pictures, Events: 's3:ObjectCreated:*'}}}
"""
CODE = "import boto3\n\ns3 = boto3.client('s3')\n\n\ndef handler(event, context):\n    return s3.%s\n"


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        ("put_object(Bucket='pictures-of-shop', Key='small', Body=b'x')", "fail"),
        ("upload_file('small', 'pictures-of-shop', 'small')", "fail"),
        ("copy_object(Bucket='pictures-of-shop', Key='b', CopySource='pictures-of-shop/a')", "fail"),
        ("get_object(Bucket='pictures-of-shop', Key='a')", "review"),
        ("delete_object(Bucket='pictures-of-shop', Key='a')", "review"),
    ],
)
def test_a_loop_through_a_bucket_is_certain_where_the_code_writes(tmp_path: Path, call: str, outcome: str) -> None:
    files = {"template.yaml": LOOP, "shrink/app.py": CODE % call}
    collect(write(tmp_path / "app", files), tmp_path / "out")
    found: Any = assess_files([tmp_path / "out/evidence.seal"])
    (use,) = found.evidence.rows(CodedUse)
    assert use.actions and use.actions[0].startswith("s3:")
    assert [each.outcome.value for each in found.findings if each.check == "trigger-cycle"] == [outcome]


def test_a_loop_through_a_bucket_is_for_review_where_no_code_was_read() -> None:
    assert outcomes(template(LOOP), "trigger-cycle") == {"stack-Shrink": "review"}
