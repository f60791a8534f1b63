"""Services of the Serverless Framework become the resources that it makes."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from assaybook.code.templates.resources import Resource, Template, Unresolved
from template_samples import SERVERLESS, TREES
from test_templates_cloudformation import of
from test_templates_hostile import read


@pytest.fixture(scope="module")
def shop() -> Template:
    (template,) = read(TREES["serverless"])
    return template


def line(where: str) -> str:
    return SERVERLESS.splitlines()[int(where.rpartition(":")[2]) - 1].strip()


def service(
    provider: Mapping[str, Any] | None = None,
    functions: Any = None,
    *,
    files: Mapping[str, str] | None = None,
    **more: Any,
) -> Template:
    whole = {
        "service": "shop",
        "provider": {"name": "aws", "runtime": "python3.12", **(provider or {})},
        "functions": {"go": {"handler": "app.go"}} if functions is None else functions,
        **more,
    }
    (template,) = read({"serverless.yml": yaml.safe_dump(whole, sort_keys=False), **(files or {})})
    return template


def with_event(event: Any, **more: Any) -> Template:
    return service(more.pop("provider", None), {"go": {"handler": "app.go", "events": [event]}}, **more)


def resource_of(template: Template, kind: str) -> Resource:
    found = [each for each in template.resources if each.type == f"AWS::{kind}"]
    assert len(found) == 1, [each.id for each in found]
    return found[0]


def variables(template: Template) -> Any:
    return of(template, "GoLambdaFunction").properties["Environment"]["Variables"]


def test_names_are_those_of_the_framework(shop: Template) -> None:
    assert (shop.format, shop.region, shop.problems) == ("serverless", "eu-west-1", ())
    assert of(shop, "ListDashordersLambdaFunction").name == "shop-dev-list-orders"
    assert of(shop, "IamRoleLambdaExecution").name == "shop-dev-eu-west-1-lambdaRole"
    assert of(shop, "ApiGatewayRestApi").name == "dev-shop"
    assert of(shop, "HttpApi").name == "dev-shop"
    assert of(shop, "WebsocketsApi").name == "dev-shop-websockets"
    assert of(shop, "Queue").name == "shop-dev-Queue"
    assert of(shop, "Table").name == "shop-dev-orders"


def test_variables(shop: Template) -> None:
    found = of(shop, "ListDashordersLambdaFunction").properties["Environment"]["Variables"]
    symbols = {key: each.symbol for key, each in found.items() if isinstance(each, Unresolved)}
    assert symbols == {"SECRET": "${env:SECRET}", "STORED": "${ssm:/shop/key}"}
    assert {key: each for key, each in found.items() if key not in symbols} == {
        "TABLE": "shop-dev-orders",
        "FALLBACK": "plain",
        "SETTING": "debug",
    }


def test_every_event_makes_its_resources(shop: Template) -> None:
    made = {each.type.removeprefix("AWS::") for each in shop.resources}
    assert made >= {
        "ApiGateway::RestApi",
        "ApiGateway::Stage",
        "ApiGateway::Method",
        "ApiGateway::Authorizer",
        "ApiGatewayV2::Route",
        "Lambda::EventSourceMapping",
        "SNS::Topic",
        "S3::Bucket",
        "Events::Rule",
        "IoT::TopicRule",
        "Logs::SubscriptionFilter",
        "Cognito::UserPool",
        "ElasticLoadBalancingV2::TargetGroup",
        "Lambda::Url",
        "Lambda::LayerVersion",
        "StepFunctions::StateMachine",
    }


def test_who_is_let_in(shop: Template) -> None:
    methods = {
        each.id: each.properties["AuthorizationType"]
        for each in shop.resources
        if each.type == "AWS::ApiGateway::Method"
    }
    assert methods == {
        "ApiGatewayMethodOrdersIdVarGet": "NONE",
        "ApiGatewayMethodSecurePost": "CUSTOM",
        "ApiGatewayMethodSecureOptions": "NONE",
    }
    routes = {
        each.properties["RouteKey"]: each.properties["AuthorizationType"]
        for each in shop.resources
        if each.type == "AWS::ApiGatewayV2::Route"
    }
    assert routes == {"POST /orders": "NONE", "GET /mine": "JWT", "$connect": "NONE"}
    assert of(shop, "ListDashordersLambdaFunctionUrl").properties["AuthType"] == "NONE"


def test_roles(shop: Template) -> None:
    shared = of(shop, "IamRoleLambdaExecution")
    said = shared.properties["Policies"][0]["PolicyDocument"]["Statement"]
    assert {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"} in said
    assert said[-1]["Resource"] == f"arn:aws:s3:::{shop.account}-dev/*"
    index = said.index({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
    assert line(shared.places[f"Policies.0.PolicyDocument.Statement.{index}.Action"]) == 'Action: "dynamodb:*"'
    own = of(shop, "AuthIamRoleLambdaExecution").properties["Policies"][0]["PolicyDocument"]["Statement"]
    assert own[-1] == {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert of(shop, "AuthLambdaFunction").properties["Role"] == of(shop, "AuthIamRoleLambdaExecution").arn
    assert of(shop, "ListDashordersLambdaFunction").properties["Role"] == shared.arn


def test_where_things_come_from(shop: Template) -> None:
    assert line(of(shop, "ListDashordersLambdaFunction").where) == "list-orders:"
    assert line(of(shop, "ListDashordersLambdaFunctionUrl").where) == "url: true"
    assert line(of(shop, "ApiGatewayMethodOrdersIdVarGet").where) == "- http: GET /orders/{id}"
    assert line(of(shop, "Table").where) == "Table:"
    assert line(of(shop, "AuthIamRoleLambdaExecution").where) == "iamRoleStatements:"
    assert of(shop, "ListDashordersLambdaFunction").places["Environment.Variables.SECRET"] == "serverless.yml:16"


def test_code(shop: Template) -> None:
    assert shop.code == {"ListDashordersLambdaFunction": ".", "AuthLambdaFunction": ".", "SharedLambdaLayer": "layer"}


def test_the_files_of_a_service_are_no_templates_of_their_own() -> None:
    text = "service: s\nprovider: {name: aws}\nfunctions: {}\nresources: ${file(./r.yml)}\n"
    templates = read({"serverless.yml": text, "r.yml": "Resources:\n  Q: {Type: AWS::SQS::Queue}\n"})
    assert [each.path for each in templates] == ["serverless.yml"]
    assert of(templates[0], "Q").where == "r.yml:2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${self:custom.a}", "A"),
        ("x-${self:custom.a}-${self:provider.stage}", "x-A-dev"),
        ("${self:custom.deep.${self:provider.stage}.n}", 5),
        ("${self:custom.missing, 'else'}", "else"),
        ("${self:custom.missing, self:custom.a}", "A"),
        ("${self:custom.missing, ${self:custom.a}}", "A"),
        ("${opt:stage}", "dev"),
        ("${opt:other, self:custom.a}", "A"),
        ("${sls:stage}", "dev"),
        ("${env:X, ''}", ""),
        ('${env:X, "y, z"}', "y, z"),
        ("${param:size}", "small"),
        ("${param:only}", "stage"),
        ("${file(./data.json):key.inner}", "J"),
        ("${file(./note.txt)}", "text"),
        ("${file(./missing.yml):x, 'none'}", "none"),
        ("${self:custom.list.1}", "two"),
        ("${strToBool(true)}", True),
        ("${self:custom.indirect}", "A"),
    ],
)
def test_each_source(text: str, expected: Any) -> None:
    template = service(
        {"environment": {"X": text}},
        custom={"a": "A", "deep": {"dev": {"n": 5}}, "list": ["one", "two"], "indirect": "${self:custom.a}"},
        params={"default": {"size": "small", "only": "default"}, "dev": {"only": "stage"}},
        files={"data.json": '{"key": {"inner": "J"}}', "note.txt": "text"},
    )
    assert variables(template)["X"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "${env:X}",
        "${cf:other.Output}",
        "${cf(us-east-1):other.Output}",
        "${ssm:/a/b}",
        "${ssm(raw):/a/b}",
        "${s3:b/k}",
        "${vault:x}",
        "${file(./made.js):x}",
        "${self:custom.none}",
        "${opt:none}",
        "${self:custom.${env:Y}}",
    ],
)
def test_what_only_a_deployment_tells(text: str) -> None:
    template = service({"environment": {"X": text, "Y": f"a-{text}"}}, files={"made.js": ""})
    found = variables(template)
    assert isinstance(found["X"], Unresolved) and found["X"].where == "serverless.yml:6"
    assert isinstance(found["Y"], str) and found["Y"].startswith("a-${")


def test_functions_of_cloudformation_are_left_to_it() -> None:
    template = service(
        {"environment": {"X": {"Fn::Sub": "${AWS::Region}-${Q}-${self:service}"}}},
        resources={"Resources": {"Q": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}},
    )
    assert variables(template)["X"] == f"us-east-1-arn:aws:sns:us-east-1:{template.account}:t-shop"


@pytest.mark.parametrize(
    ("authorizer", "expected"),
    [
        (None, "NONE"),
        ("aws_iam", "AWS_IAM"),
        ({"type": "aws_iam"}, "AWS_IAM"),
        ("check", "CUSTOM"),
        ({"name": "check", "type": "request"}, "CUSTOM"),
        ("arn:aws:lambda:us-east-1:1:function:check", "CUSTOM"),
        ("arn:aws:cognito-idp:us-east-1:1:userpool/us-east-1_x", "COGNITO_USER_POOLS"),
        ({"arn": "arn:aws:cognito-idp:us-east-1:1:userpool/us-east-1_x"}, "COGNITO_USER_POOLS"),
        ({"name": "users", "arn": {"Fn::GetAtt": ["Users", "Arn"]}}, "COGNITO_USER_POOLS"),
        ({"type": "COGNITO_USER_POOLS", "authorizerId": {"Ref": "A"}}, "COGNITO_USER_POOLS"),
    ],
)
def test_authorizers_of_the_rest_api(authorizer: Any, expected: str) -> None:
    event = {"http": {"path": "a", "method": "get", **({"authorizer": authorizer} if authorizer else {})}}
    template = with_event(event, resources={"Resources": {"Users": {"Type": "AWS::Cognito::UserPool"}}})
    assert resource_of(template, "ApiGateway::Method").properties["AuthorizationType"] == expected
    assert template.problems == ()


def test_settings_of_the_rest_api() -> None:
    policy = [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}]
    provider = {
        "apiGateway": {
            "resourcePolicy": policy,
            "apiKeys": ["one", {"name": "two", "value": "v" * 20}],
            "usagePlan": {"throttle": {"rateLimit": 5, "burstLimit": 2}},
        },
        "logs": {"restApi": {"level": "ERROR", "fullExecutionData": False}},
        "tracing": {"apiGateway": True},
        "endpointType": "regional",
    }
    event = {
        "http": {
            "path": "a/{id}",
            "method": "post",
            "private": True,
            "request": {
                "schemas": {"application/json": {"type": "object"}},
                "parameters": {"querystrings": {"q": True}},
            },
        }
    }
    template = with_event(event, provider=provider)
    method = resource_of(template, "ApiGateway::Method").properties
    assert method["ApiKeyRequired"] is True and method["RequestParameters"] == {"method.request.querystring.q": True}
    assert "RequestValidatorId" in method and list(method["RequestModels"]) == ["application/json"]
    api = resource_of(template, "ApiGateway::RestApi").properties
    assert api["Policy"]["Statement"] == policy and api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    stage = resource_of(template, "ApiGateway::Stage").properties
    assert (
        stage["TracingEnabled"] is True
        and stage["MethodSettings"][0]["LoggingLevel"] == "ERROR"
        and stage["MethodSettings"][0]["DataTraceEnabled"] is False
    )
    assert stage["AccessLogSetting"]["DestinationArn"].startswith("arn:aws:logs:")
    assert resource_of(template, "ApiGateway::UsagePlan").properties["Throttle"] == {"RateLimit": 5, "BurstLimit": 2}
    assert len([each for each in template.resources if each.type == "AWS::ApiGateway::ApiKey"]) == 2


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "NONE"),
        ({"authorizer": {"name": "tokens"}}, "JWT"),
        ({"authorizer": "own"}, "CUSTOM"),
        ({"authorizer": {"type": "aws_iam"}}, "AWS_IAM"),
    ],
)
def test_authorizers_of_the_http_api(settings: dict[str, Any], expected: str) -> None:
    known = {
        "tokens": {"issuerUrl": "https://i.example", "audience": ["a"]},
        "own": {"type": "request", "functionName": "go"},
    }
    template = with_event(
        {"httpApi": {"path": "/a", "method": "get", **settings}}, provider={"httpApi": {"authorizers": known}}
    )
    assert resource_of(template, "ApiGatewayV2::Route").properties["AuthorizationType"] == expected


def test_an_authorizer_that_is_not_declared_is_open() -> None:
    template = with_event({"httpApi": {"path": "/a", "method": "get", "authorizer": {"name": "nobody"}}})
    assert isinstance(resource_of(template, "ApiGatewayV2::Route").properties["AuthorizationType"], Unresolved)
    assert template.problems


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("schedule", None),
        ({"schedule": {"rate": ["rate(1 day)", "cron(0 1 * * ? *)"]}}, "Events::Rule"),
        ({"schedule": {"rate": "rate(1 day)", "enabled": False}}, None),
        ({"schedule": {"rate": "rate(1 day)", "method": "scheduler"}}, "Scheduler::Schedule"),
        ({"sqs": {"arn": "arn:aws:sqs:us-east-1:1:q", "batchSize": 1}}, "Lambda::EventSourceMapping"),
        ({"stream": "arn:aws:kinesis:us-east-1:1:stream/s"}, "Lambda::EventSourceMapping"),
        ({"sns": {"arn": "arn:aws:sns:us-east-1:1:t", "topicName": "t"}}, "SNS::Subscription"),
        ({"sns": {"topicName": "t", "displayName": "T"}}, "SNS::Topic"),
        ({"sns": {"Fn::GetAtt": ["X", "Arn"]}}, "SNS::Subscription"),
        ({"s3": {"bucket": "b", "existing": True}}, "Lambda::Permission"),
        ({"s3": "b"}, "S3::Bucket"),
        ({"alexaSkill": "amzn1.x"}, "Lambda::Permission"),
        ({"websocket": {"route": "$connect", "authorizer": "go"}}, "ApiGatewayV2::Authorizer"),
        ({"msk": {"arn": "arn:aws:kafka:us-east-1:1:cluster/c/u", "topic": "t"}}, "Lambda::EventSourceMapping"),
        ({"kafka": {"bootstrapServers": ["b:1"], "topic": "t"}}, "Lambda::EventSourceMapping"),
        ({"cloudwatchEvent": {"event": {"source": ["x"]}}}, "Events::Rule"),
        ({"eventBridge": {"eventBus": "bus", "pattern": {"source": ["x"]}}}, "Events::EventBus"),
        ("httpApi: '*'", None),
        ({"httpApi": "*"}, "ApiGatewayV2::Route"),
    ],
)
def test_other_forms_of_events(event: Any, kind: str | None) -> None:
    template = with_event(event)
    made = {each.type.removeprefix("AWS::") for each in template.resources}
    assert kind is None or kind in made


def test_settings_of_functions() -> None:
    said = {
        "handler": "a.b",
        "name": "own-name",
        "timeout": 30,
        "memorySize": 512,
        "reservedConcurrency": 2,
        "kmsKeyArn": "arn:aws:kms:us-east-1:1:key/x",
        "onError": "arn:aws:sns:us-east-1:1:t",
        "vpc": {"securityGroupIds": ["sg-1"], "subnetIds": ["subnet-1"]},
        "tracing": "Active",
        "layers": ["arn:aws:lambda:us-east-1:1:layer:l:1"],
        "tags": {"a": "b"},
        "destinations": {"onFailure": "go"},
        "maximumRetryAttempts": 1,
        "role": "OwnRole",
        "architecture": "arm64",
    }
    template = service(
        {"logRetentionInDays": 14},
        {"go": said},
        resources={"Resources": {"OwnRole": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r"}}}},
    )
    function = of(template, "GoLambdaFunction")
    assert function.name == "own-name" and function.properties["Role"] == f"arn:aws:iam::{template.account}:role/r"
    assert function.properties["VpcConfig"] == {"SecurityGroupIds": ["sg-1"], "SubnetIds": ["subnet-1"]}
    assert function.properties["DeadLetterConfig"] == {"TargetArn": "arn:aws:sns:us-east-1:1:t"}
    assert function.properties["TracingConfig"] == {"Mode": "Active"} and function.properties["Architectures"] == [
        "arm64"
    ]
    assert of(template, "GoLogGroup").properties == {"LogGroupName": "/aws/lambda/own-name", "RetentionInDays": 14}
    assert of(template, "GoLambdaEvConf").properties["DestinationConfig"] == {
        "OnFailure": {"Destination": function.arn}
    }
    assert "IamRoleLambdaExecution" not in {each.id for each in template.resources}


def test_older_ways_to_say_the_role() -> None:
    template = service(
        {
            "iamRoleStatements": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
            "iamManagedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            "role": None,
        }
    )
    role = of(template, "IamRoleLambdaExecution")
    assert role.properties["Policies"][0]["PolicyDocument"]["Statement"][-1]["Action"] == "*"
    assert role.properties["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/AdministratorAccess"]


def test_a_given_role_makes_none() -> None:
    template = service({"iam": {"role": "arn:aws:iam::111122223333:role/x"}})
    assert of(template, "GoLambdaFunction").properties["Role"] == "arn:aws:iam::111122223333:role/x"
    assert [each for each in template.resources if each.type == "AWS::IAM::Role"] == []


def test_resources_override_and_extend() -> None:
    template = service(
        resources={
            "Resources": {"GoLogGroup": {"Properties": {"RetentionInDays": 7}}},
            "extensions": {"GoLambdaFunction": {"Properties": {"Timeout": 99}}},
        }
    )
    assert of(template, "GoLogGroup").properties == {"LogGroupName": "/aws/lambda/shop-dev-go", "RetentionInDays": 7}
    assert of(template, "GoLambdaFunction").properties["Timeout"] == 99


def test_code_of_other_packages() -> None:
    functions = {
        "a": {"handler": "a.b", "package": {"artifact": "build/a.zip"}},
        "b": {"handler": "a.b", "module": "inner"},
        "c": {"image": {"name": "app"}},
    }
    provider = {"ecr": {"images": {"app": {"path": "./docker"}}}}
    template = service(provider, functions, files={"build/a.zip": "", "inner/a.py": "", "docker/Dockerfile": ""})
    assert template.code == {"ALambdaFunction": "build/a.zip", "BLambdaFunction": "inner", "CLambdaFunction": "docker"}


def test_functions_in_lists_and_files() -> None:
    template = service(
        functions=["${file(./a.yml)}", {"b": {"handler": "b.c"}}], files={"a.yml": "a:\n  handler: a.b\n"}
    )
    assert {each.id for each in template.resources if each.type == "AWS::Lambda::Function"} == {
        "ALambdaFunction",
        "BLambdaFunction",
    }
    assert of(template, "ALambdaFunction").where == "a.yml:1"


@pytest.mark.parametrize("name", ["azure", "google", "openwhisk"])
def test_other_providers_are_said_to_be_left_out(name: str) -> None:
    template = service({"name": name})
    assert template.resources == () and name in template.problems[0].why


def test_a_program_is_said_to_be_left_out() -> None:
    (template,) = read({"serverless.ts": "module.exports = makeService({provider: {name: 'aws'}})"})
    assert template.resources == () and "program" in template.problems[0].why


@pytest.mark.parametrize(
    "event", ["unheard", {"unheard": {}}, {}, None, 5, "${env:X}", {"http": {}}, {"cloudFront": {}}]
)
def test_an_event_that_is_not_read_is_a_problem(event: Any) -> None:
    assert with_event(event).problems


def test_a_program_that_only_works_with_the_framework_is_none() -> None:
    assert read({"bin/serverless.js": "#!/usr/bin/env node\nrequire('../lib/cli')"}) == ()


PROGRAM = """\
import type { AWS } from '@serverless/typescript';
import hello from '@functions/hello';
import { goodbye } from './src/functions';
import statements from './statements.json';
const table: string = 'orders';
const shared = { LEVEL: 'info' };
const service: AWS = {
  service: 'shop',
  plugins: ['serverless-esbuild'],
  provider: {
    name: 'aws',
    runtime: 'nodejs20.x',
    stage: "${opt:stage, 'dev'}",
    region: 'eu-west-1',
    environment: {
      ...shared,
      TABLE: `${table}-\\${self:provider.stage}`,
      KEY: process.env.KEY,
      MODE: process.env.MODE || 'plain',
      MADE: compute(),
    },
    iam: { role: { statements: [{ Effect: 'Allow', Action: ['*'], Resource: '*' }] } },
  },
  functions: { hello, goodbye, 'own-name': { handler: 'a.b', url: true } },
  resources: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } },
} as const;
module.exports = service;
"""
PROGRAM_TREE = {
    "serverless.ts": PROGRAM,
    "statements.json": "{}",
    "src/functions/hello/index.ts": "export default { handler: `${handlerPath(__dirname)}/handler.main`, events: [{ http: { method: 'post', path: 'hello' } }] };",
    "src/functions/index.ts": "export { default as goodbye } from './goodbye';",
    "src/functions/goodbye.ts": "const f = { handler: 'g.h' };\nexport default f;",
}


def test_a_program_is_read_as_far_as_its_literals_tell() -> None:
    (template,) = read(PROGRAM_TREE)
    assert {each.id for each in template.resources if each.type == "AWS::Lambda::Function"} == {
        "HelloLambdaFunction",
        "GoodbyeLambdaFunction",
        "OwnDashnameLambdaFunction",
    }
    variables = of(template, "GoodbyeLambdaFunction").properties["Environment"]["Variables"]
    assert {key: each for key, each in variables.items() if isinstance(each, str)} == {
        "LEVEL": "info",
        "TABLE": "orders-dev",
        "MODE": "plain",
    }
    assert variables["KEY"].symbol == "${env:KEY}" and isinstance(variables["MADE"], Unresolved)
    assert of(template, "OwnDashnameLambdaFunctionUrl").where == "serverless.ts:24"
    assert resource_of(template, "ApiGateway::Method").properties["AuthorizationType"] == "NONE"
    role = of(template, "IamRoleLambdaExecution")
    assert role.properties["Policies"][0]["PolicyDocument"]["Statement"][-1]["Action"] == ["*"]
    assert "Queue" in {each.id for each in template.resources}


@pytest.mark.parametrize("end", range(0, len(PROGRAM), 23))
def test_a_cut_program_raises_nothing(end: int) -> None:
    read({**PROGRAM_TREE, "serverless.ts": PROGRAM[:end]})


@pytest.mark.parametrize(
    "text",
    [
        "const a = b; const b = a; export default a; // provider: { name: 'aws' }",
        "import a from './serverless'; export default a; // provider: { name: 'aws' }",
        "export default { service: 's', provider: { name: 'aws', x: " + "[" * 300 + "]" * 300 + " } }",
        "export default makeService({ provider: { name: 'aws' } })",
        "export { default } from './serverless'; // provider: { name: 'aws' }",
    ],
)
def test_programs_without_an_end_have_one(text: str) -> None:
    (template,) = read({"serverless.ts": text})
    assert template.format == "serverless"


def test_pseudo_parameters_in_both_ways() -> None:
    template = service(
        {
            "environment": {
                "A": "arn:aws:sqs:#{AWS::Region}:#{AWS::AccountId}:q",
                "B": "${aws:region}-${aws:accountId}",
                "C": {"Fn::Sub": "#{AWS::Region}"},
            }
        },
        plugins=["serverless-pseudo-parameters"],
    )
    assert variables(template) == {
        "A": f"arn:aws:sqs:us-east-1:{template.account}:q",
        "B": f"us-east-1-{template.account}",
        "C": "us-east-1",
    }


def test_a_role_by_its_logical_id_in_a_file() -> None:
    role = "Type: AWS::IAM::Role\nProperties:\n  RoleName: own\n"
    template = service(
        {"role": "Own"}, resources={"Resources": {"Own": "${file(./r/role.yml)}"}}, files={"r/role.yml": role}
    )
    assert of(template, "GoLambdaFunction").properties["Role"] == f"arn:aws:iam::{template.account}:role/own"
    assert of(template, "Own").places["RoleName"] == "r/role.yml:3"


def test_a_pair_in_a_list_without_braces() -> None:
    template = service(files={"x.yml": ""}, resources={"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    assert template.problems == ()
    text = """\
service: s
provider: {name: aws, environment: {A: {'Fn::Join': ['', ['Fn::GetAtt': [Q, Arn], '/*']]}}}
functions: {go: {handler: a.b}}
resources: {Resources: {Q: {Type: AWS::SQS::Queue}}}
"""
    (found,) = read({"serverless.yml": text})
    assert variables(found)["A"] == f"arn:aws:sqs:us-east-1:{found.account}:s-dev-Q/*"
