"""SAM templates become what SAM makes of them, and each part keeps the line that made it."""

import json
from typing import Any

import pytest

from assaybook.code.templates.resources import Resource, Template, Unresolved
from template_samples import SAM, TREES
from test_templates_cloudformation import of, one
from test_templates_hostile import read


@pytest.fixture(scope="module")
def shop() -> Template:
    (template,) = read(TREES["sam"])
    return template


def line(where: str) -> str:
    return SAM.splitlines()[int(where.rpartition(":")[2]) - 1].strip()


def sam(resources: Any, **more: Any) -> Template:
    return one(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources, **more}), "template.json")


def function(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {"Runtime": "python3.12", "Handler": "a.b", "CodeUri": "src", **properties},
    }


def kinds(template: Template) -> list[str]:
    return sorted({each.type.removeprefix("AWS::") for each in template.resources})


def statements(role: Resource) -> list[Any]:
    return [each for policy in role.properties["Policies"] for each in policy["PolicyDocument"]["Statement"]]


def test_all_is_expanded(shop: Template) -> None:
    assert shop.format == "sam" and shop.problems == ()
    assert not [each for each in shop.resources if each.type.startswith("AWS::Serverless")]
    handler = of(shop, "Orders").properties
    assert (handler["Runtime"], handler["Timeout"], handler["Environment"]) == (
        "python3.12",
        3,
        {"Variables": {"LEVEL": "INFO"}},
    )
    assert handler["Code"] == "src/"
    assert of(shop, "OrdersUrl").properties["AuthType"] == "NONE"
    assert of(shop, "OrdersHourly").type == "AWS::Events::Rule"
    assert of(shop, "OrdersWork").properties["EventSourceArn"].endswith(":stack-Queue")
    assert of(shop, "Table").type == "AWS::DynamoDB::Table"
    assert of(shop, "ServerlessHttpApi").type == "AWS::ApiGatewayV2::Api"


def test_methods_know_who_is_let_in(shop: Template) -> None:
    paths = of(shop, "Api").properties["Body"]["paths"]
    assert paths["/open"]["get"]["security"] == [{"NONE": []}]
    assert paths["/closed"]["post"]["security"] == [{"Users": []}]


def test_a_parameter_without_default_stays_open(shop: Template) -> None:
    stage = of(shop, "ApiStage").properties["StageName"]
    assert isinstance(stage, Unresolved) and stage.symbol == "${Stage}"


def test_where_things_come_from(shop: Template) -> None:
    assert line(of(shop, "Orders").where) == "Orders:"
    assert line(of(shop, "Orders").places["Runtime"]) == "Runtime: python3.12"
    assert line(of(shop, "Orders").places["Environment.Variables.LEVEL"]) == "LEVEL: INFO"
    assert line(of(shop, "Orders").places["Code"]) == "CodeUri: src/"
    assert line(of(shop, "OrdersRole").where) == "Policies:"
    role = of(shop, "OrdersRole")
    wide = next(index for index, each in enumerate(role.properties["Policies"]) if "s3:*" in json.dumps(each))
    assert line(role.places[f"Policies.{wide}.PolicyDocument.Statement.0.Action"]) == 'Action: "s3:*"'
    assert line(of(shop, "OrdersUrl").where).startswith("FunctionUrlConfig")
    assert line(of(shop, "OrdersHourlyPermission").where) == "Hourly:"
    assert line(of(shop, "OrdersWork").where) == "Work:"
    assert line(of(shop, "Api").places["Body.paths./open.get"]) == "Open:"
    assert line(of(shop, "Api").places["Body.paths./closed.post.security"]) == "Closed:"
    assert line(of(shop, "ServerlessHttpApi").where).startswith("Any:")
    assert line(of(shop, "ApiStage").places["StageName"]) == "StageName: !Ref Stage"


def test_resources_stand_in_the_order_of_their_lines(shop: Template) -> None:
    lines = [int(each.where.rpartition(":")[2]) for each in shop.resources]
    assert lines == sorted(lines)


def test_code(shop: Template) -> None:
    layer = next(each.id for each in shop.resources if each.type == "AWS::Lambda::LayerVersion")
    assert shop.code == {"Orders": "src", "Plain": "inline:Plain", layer: "layer"}
    assert shop.inline == {"inline:Plain/index.js": "exports.handler = async () => 1\n"}


def test_a_definition_is_read_from_its_file(shop: Template) -> None:
    definition = json.loads(of(shop, "Flow").properties["DefinitionString"])
    assert definition["States"]["A"]["Resource"] == of(shop, "Orders").arn


def test_managed_policies_have_their_real_arns() -> None:
    role = of(sam({"F": function(Policies=["AmazonDynamoDBFullAccess", "AWSLambdaExecute"])}), "FRole")
    assert role.properties["ManagedPolicyArns"] == [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess",
        "arn:aws:iam::aws:policy/AWSLambdaExecute",
    ]


EVENTS: list[tuple[str, dict[str, Any], str]] = [
    ("Api", {"Path": "/a", "Method": "any"}, "ApiGateway::RestApi"),
    ("HttpApi", {"Path": "/a", "Method": "GET"}, "ApiGatewayV2::Api"),
    ("Schedule", {"Schedule": "rate(1 day)"}, "Events::Rule"),
    ("ScheduleV2", {"ScheduleExpression": "rate(1 day)"}, "Scheduler::Schedule"),
    ("EventBridgeRule", {"Pattern": {"source": ["x"]}}, "Events::Rule"),
    ("CloudWatchEvent", {"Pattern": {"source": ["x"]}}, "Events::Rule"),
    ("CloudWatchLogs", {"LogGroupName": "g", "FilterPattern": ""}, "Logs::SubscriptionFilter"),
    ("SNS", {"Topic": {"Ref": "T"}}, "SNS::Subscription"),
    ("SNS", {"Topic": {"Ref": "T"}, "SqsSubscription": True}, "SQS::QueuePolicy"),
    ("SQS", {"Queue": {"Fn::GetAtt": ["Q", "Arn"]}, "BatchSize": 1}, "Lambda::EventSourceMapping"),
    ("S3", {"Bucket": {"Ref": "B"}, "Events": "s3:ObjectCreated:*"}, "S3::Bucket"),
    (
        "DynamoDB",
        {"Stream": "arn:aws:dynamodb:us-east-1:1:table/t/stream/x", "StartingPosition": "LATEST"},
        "Lambda::EventSourceMapping",
    ),
    (
        "Kinesis",
        {"Stream": "arn:aws:kinesis:us-east-1:1:stream/s", "StartingPosition": "LATEST"},
        "Lambda::EventSourceMapping",
    ),
    (
        "MSK",
        {"Stream": "arn:aws:kafka:us-east-1:1:cluster/c/u", "StartingPosition": "LATEST", "Topics": ["t"]},
        "Lambda::EventSourceMapping",
    ),
    (
        "MQ",
        {
            "Broker": "arn:aws:mq:us-east-1:1:broker:b",
            "Queues": ["q"],
            "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": "arn:aws:x"}],
        },
        "Lambda::EventSourceMapping",
    ),
    ("Cognito", {"UserPool": {"Ref": "P"}, "Trigger": "PreSignUp"}, "Cognito::UserPool"),
    ("IoTRule", {"Sql": "SELECT * FROM 'x'"}, "IoT::TopicRule"),
    ("AlexaSkill", {}, "Lambda::Permission"),
]


@pytest.mark.parametrize(
    ("kind", "properties", "made"), EVENTS, ids=[f"{kind}-{index}" for index, (kind, _, _) in enumerate(EVENTS)]
)
def test_events(kind: str, properties: dict[str, Any], made: str) -> None:
    others = {
        "T": {"Type": "AWS::SNS::Topic"},
        "Q": {"Type": "AWS::SQS::Queue"},
        "B": {"Type": "AWS::S3::Bucket"},
        "P": {"Type": "AWS::Cognito::UserPool"},
    }
    template = sam({"F": function(Events={"E": {"Type": kind, "Properties": properties}}), **others})
    assert template.problems == ()
    assert made in kinds(template) and "Serverless::Function" not in kinds(template)


SHAPES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "cors": (
        {"A": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "v1", "Cors": "'*'"}}},
        {},
        "ApiGateway::Stage",
    ),
    "open api in the template": (
        {
            "A": {
                "Type": "AWS::Serverless::Api",
                "Properties": {
                    "StageName": "v1",
                    "DefinitionBody": {"openapi": "3.0.1", "info": {"title": "x", "version": "1"}, "paths": {}},
                },
            }
        },
        {},
        "ApiGateway::RestApi",
    ),
    "domain": (
        {
            "A": {
                "Type": "AWS::Serverless::Api",
                "Properties": {
                    "StageName": "v1",
                    "Domain": {"DomainName": "a.example", "CertificateArn": "arn:aws:acm:us-east-1:1:certificate/x"},
                },
            }
        },
        {},
        "ApiGateway::DomainName",
    ),
    "usage plan": (
        {
            "A": {
                "Type": "AWS::Serverless::Api",
                "Properties": {
                    "StageName": "v1",
                    "Auth": {"ApiKeyRequired": True, "UsagePlan": {"CreateUsagePlan": "PER_API"}},
                },
            },
            "F": function(
                Events={"E": {"Type": "Api", "Properties": {"Path": "/", "Method": "get", "RestApiId": {"Ref": "A"}}}}
            ),
        },
        {},
        "ApiGateway::UsagePlan",
    ),
    "connector": (
        {
            "F": function(),
            "T": {"Type": "AWS::Serverless::SimpleTable"},
            "C": {
                "Type": "AWS::Serverless::Connector",
                "Properties": {"Source": {"Id": "F"}, "Destination": {"Id": "T"}, "Permissions": ["Read"]},
            },
        },
        {},
        "IAM::ManagedPolicy",
    ),
    "embedded connector": (
        {
            "F": {
                **function(),
                "Connectors": {"C": {"Properties": {"Destination": {"Id": "T"}, "Permissions": ["Write"]}}},
            },
            "T": {"Type": "AWS::Serverless::SimpleTable"},
        },
        {},
        "IAM::ManagedPolicy",
    ),
    "deployment preference": (
        {"F": function(AutoPublishAlias="live", DeploymentPreference={"Type": "Canary10Percent5Minutes"})},
        {},
        "CodeDeploy::DeploymentGroup",
    ),
    "image": (
        {
            "F": {
                "Type": "AWS::Serverless::Function",
                "Properties": {"PackageType": "Image"},
                "Metadata": {"DockerContext": "./app", "Dockerfile": "Dockerfile"},
            }
        },
        {},
        "Lambda::Function",
    ),
    "no properties": ({"T": {"Type": "AWS::Serverless::SimpleTable", "Properties": None}}, {}, "DynamoDB::Table"),
    "graph": (
        {
            "G": {
                "Type": "AWS::Serverless::GraphQLApi",
                "Properties": {"SchemaUri": "./schema.graphql", "Auth": {"Type": "API_KEY"}, "ApiKeys": {"K": {}}},
            }
        },
        {},
        "AppSync::GraphQLApi",
    ),
    "express machine": (
        {
            "M": {
                "Type": "AWS::Serverless::StateMachine",
                "Properties": {
                    "Type": "EXPRESS",
                    "Definition": {"StartAt": "A", "States": {}},
                    "Events": {"E": {"Type": "Api", "Properties": {"Path": "/", "Method": "post"}}},
                },
            }
        },
        {},
        "StepFunctions::StateMachine",
    ),
    "code only in the globals": (
        {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b"}}},
        {"Globals": {"Function": {"CodeUri": "src", "Runtime": "python3.12"}}},
        "Lambda::Function",
    ),
    "code by a parameter": (
        {"F": function(CodeUri={"Ref": "Where"}, AutoPublishAlias="live")},
        {"Parameters": {"Where": {"Type": "String"}}},
        "Lambda::Alias",
    ),
    "a condition on a function": (
        {"F": {**function(), "Condition": "C"}},
        {"Conditions": {"C": {"Fn::Equals": ["a", "a"]}}},
        "Lambda::Function",
    ),
    "lambda authorizer": (
        {
            "A": {
                "Type": "AWS::Serverless::HttpApi",
                "Properties": {
                    "Auth": {
                        "DefaultAuthorizer": "L",
                        "Authorizers": {
                            "L": {"FunctionArn": {"Fn::GetAtt": ["F", "Arn"]}, "AuthorizerPayloadFormatVersion": "2.0"}
                        },
                    }
                },
            },
            "F": function(
                Events={"E": {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "A"}, "Path": "/", "Method": "get"}}}
            ),
        },
        {},
        "ApiGatewayV2::Api",
    ),
}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_shapes(name: str) -> None:
    resources, more, made = SHAPES[name]
    template = sam(resources, **more)
    assert template.problems == ()
    assert made in kinds(template)


def test_an_image_is_built_from_its_folder() -> None:
    resources, more, _ = SHAPES["image"]
    whole = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources, **more})
    (template,) = read({"x/template.json": whole, "x/app/Dockerfile": "", "x/app/app.py": ""})
    assert template.code == {"F": "x/app"}


def test_definitions_beside_the_template_are_taken_in() -> None:
    api = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "v1", "DefinitionUri": "api.yaml"}}
    whole = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"A": api}})
    body = "openapi: 3.0.1\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get: {}\n"
    (template,) = read({"template.json": whole, "api.yaml": body})
    assert "/a" in of(template, "A").properties["Body"]["paths"]


def test_a_refused_event_is_left_out_and_said() -> None:
    events = {
        "Bad": {"Type": "Api", "Properties": {"Path": "/a"}},
        "Good": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}},
    }
    template = sam({"F": function(Events=events), "G": function()})
    assert [each.why.split(":")[0] for each in template.problems] == ["the event Bad of F was left out"]
    assert {"F", "FRole", "FGood", "G"} <= {each.id for each in template.resources}


def test_a_refused_function_is_read_without_its_events() -> None:
    broken = function(
        Policies=[{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}, "AWSLambdaExecute"],
        Layers=["l"],
        ImageConfig={"Command": ["x"]},
        FunctionUrlConfig={"AuthType": "NONE"},
    )
    template = sam({"F": broken, "G": function()})
    assert len(template.problems) == 1 and "its events are not read" in template.problems[0].why
    assert {each.id for each in template.resources} == {"F", "FRole", "FUrl", "G", "GRole"}
    assert statements(of(template, "FRole")) == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    assert template.problems[0].where.startswith("template.json:")


def test_an_application_of_the_repository_is_not_asked_for() -> None:
    location = {"ApplicationId": "arn:aws:serverlessrepo:us-east-1:1:applications/x", "SemanticVersion": "1.0.0"}
    template = sam(
        {"A": {"Type": "AWS::Serverless::Application", "Properties": {"Location": location}}, "F": function()}
    )
    assert "A" in {each.id for each in template.resources}
    assert [each.why for each in template.problems] == ["the template of the nested stack A is not in the source tree"]


def test_an_application_beside_the_template_is_read_into_it() -> None:
    application = {
        "Type": "AWS::Serverless::Application",
        "Properties": {"Location": "inner/template.yaml", "Parameters": {"Name": "n"}},
    }
    whole = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"App": application}})
    inner = "Transform: AWS::Serverless-2016-10-31\nParameters: {Name: {Type: String}}\nResources:\n  T: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: !Ref Name}}\n"
    (template,) = read({"template.json": whole, "inner/template.yaml": inner})
    assert [(each.id, each.name, each.where) for each in template.resources if each.type == "AWS::DynamoDB::Table"] == [
        ("App/T", "n", "inner/template.yaml:4")
    ]


def test_reading_twice_gives_the_same() -> None:
    assert read(TREES["sam"]) == read(TREES["sam"])


def test_no_other_process_region_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    assert sam({"F": function()}).problems == ()


def test_the_plain_form_says_nothing_of_sam() -> None:
    template = one("Resources: {Q: {Type: AWS::SQS::Queue}}", "q.yaml")
    assert template.format == "cloudformation"


@pytest.mark.parametrize(
    ("resources", "more", "why"),
    [
        (
            {"F": function(Nonsense=1, Events={"E": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}})},
            {},
            "the property Nonsense of F was left out",
        ),
        (
            {
                "F": function(
                    Environment=["x"], Events={"E": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}}
                )
            },
            {},
            "the property Environment of F was left out",
        ),
        (
            {"F": function(Events={"E": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}})},
            {"Globals": {"Function": {"FunctionName": "x"}}},
            "FunctionName was left out of the globals",
        ),
        (
            {"F": function(Events={"E": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}})},
            {"Globals": {"Layer": {}}},
            "Layer was left out of the globals",
        ),
    ],
)
def test_only_what_is_refused_is_left_out(resources: Any, more: Any, why: str) -> None:
    template = sam(resources, **more)
    assert [each.why.startswith(why) for each in template.problems] == [True]
    assert "FE" in {each.id for each in template.resources}


def test_a_definition_from_elsewhere_leaves_the_events() -> None:
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "./missing.yaml"}}}
    api = {"Type": "AWS::Serverless::HttpApi", "Properties": {"DefinitionBody": include}}
    events = {"E": {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "A"}, "Path": "/a", "Method": "get"}}}
    template = sam({"A": api, "F": function(Events=events)})
    assert "/a" in of(template, "A").properties["Body"]["paths"]
    assert ["not in the source tree" in each.why for each in template.problems] == [True]
