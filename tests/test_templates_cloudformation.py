"""CloudFormation templates become resources: what their functions give, what stays open, and where everything stands."""

import json
from typing import Any

import pytest

from assaybook.code.templates.naming import stack_account
from assaybook.code.templates.resources import Resource, Template, Unresolved
from template_samples import CLOUDFORMATION
from test_templates_hostile import read

ACCOUNT = stack_account("orders.yaml")


def one(text: str, path: str = "orders.yaml", **others: str) -> Template:
    found = [each for each in read({path: text, **others}) if each.path == path]
    assert len(found) == 1
    return found[0]


def of(template: Template, identity: str) -> Resource:
    return next(each for each in template.resources if each.id == identity)


def value_of(expression: Any, **sections: Any) -> Any:
    """What one expression resolves to, in a template with a bucket and a few parameters."""
    whole = {
        "Parameters": {
            "Known": {"Type": "String", "Default": "known"},
            "Open": {"Type": "String"},
            "Many": {"Type": "CommaDelimitedList", "Default": "a,b"},
        },
        "Conditions": {
            "Yes": {"Fn::Equals": [{"Ref": "Known"}, "known"]},
            "No": {"Fn::Not": [{"Condition": "Yes"}]},
            "Perhaps": {"Fn::Equals": [{"Ref": "Open"}, "x"]},
        },
        "Mappings": {"Map": {"a": {"b": "found", "list": [1, 2]}}},
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "P": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": expression}},
        },
        **sections,
    }
    return of(one(json.dumps(whole)), "P").properties.get("Value", "gone")


@pytest.fixture(scope="module")
def orders() -> Template:
    return one(CLOUDFORMATION)


def test_the_stack_has_an_account_and_region_of_its_own(orders: Template) -> None:
    assert (orders.format, orders.account, orders.region) == ("cloudformation", ACCOUNT, "us-east-1")
    assert ACCOUNT.startswith("0") and stack_account("other.yaml") != ACCOUNT
    assert orders.problems == ()


def test_dates_stay_text(orders: Template) -> None:
    assert of(orders, "Role").properties["AssumeRolePolicyDocument"]["Version"] == "2012-10-17"


def test_names_are_made_where_none_is_given(orders: Template) -> None:
    assert of(orders, "Handler").arn == f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders-Handler"
    assert of(orders, "Table").name == "orders-orders"
    assert of(orders, "Queue").name == "orders-Queue.fifo"


def test_environment(orders: Template) -> None:
    variables = of(orders, "Handler").properties["Environment"]["Variables"]
    password = variables.pop("PASSWORD")
    assert variables == {
        "TABLE": "orders-orders",
        "QUEUE": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/orders-Queue.fifo",
        "OWNER": "owner-${Owner}",
        "LITERAL": "${NotMine}",
        "FIRST": "subnet-1",
        "LAST": "b",
        "JOINED": "a-dev-1",
    }
    assert password == Unresolved(
        "${Password}", "the parameter Password has no default", "orders.yaml:10", no_echo=True
    )
    assert password.document()["no_echo"] == "true"


def test_conditions(orders: Template) -> None:
    found = {each.id: each.conditional for each in orders.resources}
    assert "Archive" not in found
    assert found["Mine"] == "IsMine"
    assert "StreamSpecification" not in of(orders, "Table").properties
    assert of(orders, "Table").attributes == {"DeletionPolicy": "Retain"}
    assert of(orders, "Handler").attributes == {"DependsOn": ["Role"]}


def test_code_in_the_template(orders: Template) -> None:
    assert orders.code == {"Handler": "inline:Handler"}
    assert orders.inline == {"inline:Handler/index.py": "def handler(event, context):\n    return event\n"}


def test_lines(orders: Template) -> None:
    lines = CLOUDFORMATION.splitlines()
    role, handler = of(orders, "Role"), of(orders, "Handler")

    def line(where: str) -> str:
        return lines[int(where.rpartition(":")[2]) - 1].strip()

    assert line(role.where) == "Role:" and role.places[""] == role.where
    assert line(role.places["Policies.0"]) == "- PolicyName: table"
    assert line(role.places["Policies.0.PolicyDocument.Statement.0.Action"]) == 'Action: "dynamodb:*"'
    assert line(handler.places["Environment.Variables.PASSWORD"]) == "PASSWORD: !Ref Password"
    assert line(handler.places["MemorySize"]).startswith("MemorySize")
    assert list(handler.places) == sorted(handler.places)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"Ref": "Known"}, "known"),
        ({"Ref": "Many"}, ["a", "b"]),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::AccountId"}, ACCOUNT),
        ({"Ref": "AWS::NoValue"}, "gone"),
        ({"Ref": "Bucket"}, "orders-bucket"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::orders-bucket"),
        ({"Fn::GetAtt": "Bucket.Arn"}, "arn:aws:s3:::orders-bucket"),
        ({"Fn::GetAtt": ["Bucket", "DomainName"]}, "orders-bucket.s3.amazonaws.com"),
        ({"Fn::Sub": "${Bucket}/${Known}"}, "orders-bucket/known"),
        ({"Fn::Sub": "${Bucket.Arn}/*"}, "arn:aws:s3:::orders-bucket/*"),
        ({"Fn::Sub": ["${X}-${Known}", {"X": {"Ref": "Bucket"}}]}, "orders-bucket-known"),
        ({"Fn::Sub": "${!aws:username}"}, "${aws:username}"),
        ({"Fn::Sub": "${Open}-x"}, "${Open}-x"),
        ({"Fn::Join": [",", {"Ref": "Many"}]}, "a,b"),
        ({"Fn::Join": ["", ["a", {"Ref": "Open"}]]}, "a${Open}"),
        ({"Fn::Select": ["1", {"Ref": "Many"}]}, "b"),
        ({"Fn::Split": [":", "a:b"]}, ["a", "b"]),
        ({"Fn::FindInMap": ["Map", "a", "b"]}, "found"),
        ({"Fn::FindInMap": ["Map", "a", "list"]}, [1, 2]),
        ({"Fn::FindInMap": ["Map", "z", "b", {"DefaultValue": "else"}]}, "else"),
        ({"Fn::If": ["Yes", "then", "else"]}, "then"),
        ({"Fn::If": ["No", "then", {"Ref": "AWS::NoValue"}]}, "gone"),
        ({"Fn::If": ["Perhaps", "same", "same"]}, "same"),
        ({"Fn::Base64": "text"}, "dGV4dA=="),
        ({"Fn::Cidr": ["10.0.0.0/24", 2, 5]}, ["10.0.0.0/27", "10.0.0.32/27"]),
        ({"Fn::GetAZs": ""}, ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ({"Fn::Length": {"Ref": "Many"}}, 2),
        ({"Fn::ToJsonString": {"a": {"Ref": "Known"}}}, '{"a":"known"}'),
        ("{{resolve:ssm:/x:1}}", "{{resolve:ssm:/x:1}}"),
        ("{{resolve:secretsmanager:db:SecretString:password}}", "{{resolve:secretsmanager:db:SecretString:password}}"),
        ([1, {"Ref": "AWS::NoValue"}, 2], [1, 2]),
        ({"a": {"Ref": "AWS::NoValue"}}, {}),
    ],
)
def test_functions(expression: Any, expected: Any) -> None:
    assert value_of(expression) == expected


@pytest.mark.parametrize(
    ("expression", "symbol"),
    [
        ({"Ref": "Open"}, "${Open}"),
        ({"Fn::Sub": "${Open}"}, "${Open}"),
        ({"Fn::Join": ["", [{"Ref": "Open"}]]}, "${Open}"),
        ({"Ref": "Missing"}, "${Missing}"),
        ({"Fn::GetAtt": ["Bucket", "Whatever"]}, "${Bucket.Whatever}"),
        ({"Fn::GetAtt": ["Missing", "Arn"]}, "${Missing.Arn}"),
        ({"Fn::If": ["Perhaps", "a", "b"]}, "${If Perhaps}"),
        ({"Fn::If": ["Unheard", "a", "b"]}, "${If Unheard}"),
        ({"Fn::ImportValue": "elsewhere"}, "${ImportValue elsewhere}"),
        ({"Fn::FindInMap": ["Map", {"Ref": "Open"}, "b"]}, "${Map.Open.b}"),
        ({"Fn::Transform": {"Name": "Mine"}}, "${Fn::Transform}"),
        ({"Fn::Unheard": 1}, "${Fn::Unheard}"),
        ({"Fn::Select": [9, {"Ref": "Many"}]}, "${Fn::Select}"),
        ({"Fn::Select": [0, {"Ref": "Open"}]}, "${Open[0]}"),
    ],
)
def test_what_is_not_known(expression: Any, symbol: str) -> None:
    found = value_of(expression)
    assert isinstance(found, Unresolved)
    assert found.symbol == symbol and found.why and found.where.startswith("orders.yaml:")


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ({"Fn::Equals": ["a", "a"]}, ""),
        ({"Fn::Equals": ["a", "b"]}, None),
        ({"Fn::Equals": [1, "1"]}, ""),
        ({"Fn::Equals": [True, "true"]}, ""),
        ({"Fn::Equals": [{"Ref": "Open"}, {"Ref": "Open"}]}, ""),
        ({"Fn::Equals": [{"Ref": "Open"}, ""]}, "C"),
        ({"Fn::And": [{"Condition": "No"}, {"Condition": "Perhaps"}]}, None),
        ({"Fn::And": [{"Condition": "Yes"}, {"Condition": "Perhaps"}]}, "C"),
        ({"Fn::Or": [{"Condition": "Yes"}, {"Condition": "Perhaps"}]}, ""),
        ({"Fn::Or": [{"Condition": "No"}, {"Condition": "Perhaps"}]}, "C"),
        ({"Fn::Not": [{"Condition": "Perhaps"}]}, "C"),
        ({"Condition": "C"}, "C"),
        # What was made up decides nothing.
        ({"Fn::Equals": [{"Ref": "AWS::AccountId"}, "111122223333"]}, "C"),
        ({"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}, "C"),
        ({"Fn::Equals": [{"Fn::Sub": "${AWS::StackName}-x"}, "x"]}, "C"),
    ],
)
def test_conditions_are_decided_from_defaults_alone(condition: Any, kept: str | None) -> None:
    others = {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "No": {"Fn::Equals": ["a", "b"]},
        "Perhaps": {"Fn::Equals": [{"Ref": "Open"}, "x"]},
        "C": condition,
    }
    whole = {
        "Parameters": {"Open": {"Type": "String"}},
        "Conditions": others,
        "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Condition": "C"}},
    }
    found = [each.conditional for each in one(json.dumps(whole)).resources]
    assert found == ([] if kept is None else [kept])


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ({"Type": "Number", "Default": "30"}, 30),
        ({"Type": "Number", "Default": 0.5}, 0.5),
        ({"Type": "String", "Default": 30}, "30"),
        ({"Type": "String", "Default": True}, "true"),
        ({"Type": "String", "Default": ""}, ""),
        ({"Type": "List<Number>", "Default": "1, 2"}, ["1", "2"]),
        ({"Type": "CommaDelimitedList", "Default": ""}, []),
        ({"Type": "String", "AllowedValues": ["only"]}, "only"),
        ({"Type": "String", "NoEcho": True, "Default": "x"}, "x"),
    ],
)
def test_parameters(declaration: Any, expected: Any) -> None:
    assert value_of({"Ref": "X"}, Parameters={"X": declaration}) == expected


def test_parameters_of_the_store_are_open() -> None:
    found = value_of({"Ref": "X"}, Parameters={"X": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a"}})
    assert isinstance(found, Unresolved) and "parameter store" in found.why


ATTRIBUTES = [
    ("AWS::Lambda::Function", {}, "Arn", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders-X"),
    ("AWS::IAM::Role", {"Path": "/app/"}, "Arn", f"arn:aws:iam::{ACCOUNT}:role/app/orders-X"),
    ("AWS::SQS::Queue", {"QueueName": "q"}, "QueueUrl", f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q"),
    ("AWS::SNS::Topic", {}, "TopicArn", f"arn:aws:sns:us-east-1:{ACCOUNT}:orders-X"),
    (
        "AWS::DynamoDB::Table",
        {"TableName": "t"},
        "StreamArn",
        f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t/stream/2020-01-01T00:00:00.000",
    ),
    ("AWS::Events::EventBus", {"Name": "b"}, "Arn", f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/b"),
    ("AWS::Events::Rule", {"Name": "r", "EventBusName": "b"}, "Arn", f"arn:aws:events:us-east-1:{ACCOUNT}:rule/b/r"),
    ("AWS::Logs::LogGroup", {"LogGroupName": "/g"}, "Arn", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/g:*"),
    ("AWS::RDS::DBInstance", {"DBInstanceIdentifier": "d", "Engine": "postgres"}, "Endpoint.Port", "5432"),
    (
        "AWS::StepFunctions::StateMachine",
        {"StateMachineName": "m"},
        "Arn",
        f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:m",
    ),
    ("AWS::Kinesis::Stream", {"Name": "s"}, "Arn", f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/s"),
]


@pytest.mark.parametrize(("kind", "properties", "attribute", "expected"), ATTRIBUTES)
def test_attributes(kind: str, properties: Any, attribute: str, expected: str) -> None:
    resources = {
        "X": {"Type": kind, "Properties": properties},
        "P": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Fn::GetAtt": ["X", attribute]}}},
    }
    assert of(one(json.dumps({"Resources": resources})), "P").properties["Value"] == expected


def test_aliases_and_versions_belong_to_their_function() -> None:
    text = """
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f}}
  V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !GetAtt F.Arn}}
  A: {Type: AWS::Lambda::Alias, Properties: {Name: live, FunctionName: !Ref F, FunctionVersion: !GetAtt V.Version}}
  U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref A, AuthType: NONE}}
"""
    template = one(text)
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
    assert [each.arn for each in template.resources] == [function, f"{function}:1", f"{function}:live", function]
    assert of(template, "U").properties["TargetFunctionArn"] == f"{function}:live"


def test_a_partition_comes_with_its_region() -> None:
    config = '[default.deploy.parameters]\nregion = "cn-north-1"\nstack_name = "Orders"\nparameter_overrides = "Open=set Other=\\"x y\\""\n'
    whole = {
        "Parameters": {"Open": {"Type": "String"}, "Other": {"Type": "String", "Default": "z"}},
        "Resources": {
            "R": {
                "Type": "AWS::IAM::Role",
                "Properties": {"RoleName": {"Fn::Sub": "${Open}-${Other}-${AWS::StackName}"}},
            }
        },
    }
    (template,) = read({"template.json": json.dumps(whole), "samconfig.toml": config})
    assert template.region == "cn-north-1"
    assert template.resources[0].arn == f"arn:aws-cn:iam::{template.account}:role/set-x y-Orders"


def test_a_secret_override_is_not_taken() -> None:
    config = '[default.deploy.parameters]\nparameter_overrides = ["Pass=abc"]\n'
    text = "Parameters: {Pass: {Type: String, NoEcho: true}}\nResources: {P: {Type: AWS::SSM::Parameter, Properties: {Value: !Ref Pass}}}\n"
    (template,) = read({"template.yaml": text, "samconfig.toml": config})
    assert isinstance(template.resources[0].properties["Value"], Unresolved)


def test_state_machines_hold_their_definition_as_text() -> None:
    text = """
Resources:
  A:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: '{"StartAt": "${Start}", "X": "$${Kept}"}'
      DefinitionSubstitutions: {Start: a"b}
  B:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition: {StartAt: !Ref Q}
  C:
    Type: AWS::StepFunctions::StateMachine
    Properties: {DefinitionS3Location: ./flow.json}
  Q: {Type: AWS::SQS::Queue}
"""
    template = one(text, **{"flow.json": '{"StartAt": "c"}'})
    assert of(template, "A").properties["DefinitionString"].startswith('{"StartAt": "a\\"b"')
    assert json.loads(of(template, "B").properties["DefinitionString"])["StartAt"].endswith("orders-Q")
    assert of(template, "C").properties["DefinitionString"] == '{"StartAt": "c"}'


def test_repetition() -> None:
    text = """
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "Orders,Bills"}
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue${Name}:
        Type: AWS::SQS::Queue
        Properties: {QueueName: !Sub "q-${Name}", Tags: [{Key: name, Value: !Ref Name}]}
  Other:
    Type: AWS::SQS::Queue
    Properties:
      Fn::ForEach::Props: [P, [QueueName], {"${P}": fixed}]
"""
    template = one(text)
    assert [(each.id, each.name) for each in template.resources] == [
        ("QueueOrders", "q-Orders"),
        ("QueueBills", "q-Bills"),
        ("Other", "fixed"),
    ]
    assert template.resources[0].properties["Tags"] == [{"Key": "name", "Value": "Orders"}]
    assert template.problems == ()


def test_a_macro_is_a_problem() -> None:
    template = one("Transform: [Mine, AWS::LanguageExtensions]\nResources: {Q: {Type: AWS::SQS::Queue}}\n")
    assert [each.why for each in template.problems] == ["the macro Mine may change the template"]


def test_an_included_fragment_is_read() -> None:
    text = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./api.yaml}}
"""
    body = "openapi: 3.0.1\npaths:\n  /a:\n    get: {x: !Sub '${AWS::Region}'}\n"
    template = one(text, **{"api.yaml": body})
    assert template.resources[0].properties["Body"]["paths"] == {"/a": {"get": {"x": "us-east-1"}}}
    assert template.resources[0].places["Body.paths./a.get"] == "api.yaml:4"


def test_a_file_that_a_body_names_is_read() -> None:
    text = "Resources: {Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: api/api.yaml}}}"
    template = one(text, **{"api/api.yaml": "info: {title: Shop}\npaths: {}\n"})
    assert template.resources[0].properties["Body"]["info"] == {"title": "Shop"}


def test_code_beside_the_template() -> None:
    text = """
Resources:
  A: {Type: AWS::Lambda::Function, Properties: {Code: ../src/a}}
  B: {Type: AWS::Lambda::Function, Properties: {Code: ./b.zip}}
  C: {Type: AWS::Lambda::Function, Properties: {Code: {S3Bucket: x, S3Key: y}}}
  D: {Type: AWS::Lambda::Function, Properties: {PackageType: Image, Code: {ImageUri: x}}, Metadata: {DockerContext: ../src/a, Dockerfile: Dockerfile}}
  E: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs20.x, Code: {ZipFile: "exports.handler = 1"}}}
  F: {Type: AWS::Lambda::Function, Properties: {Code: ../../outside}}
  G: {Type: AWS::Lambda::Function, Properties: {Code: ..}}
"""
    template = one(text, "infra/main.yaml", **{"src/a/app.py": "", "infra/b.zip": ""})
    assert template.code == {
        "A": "src/a",
        "B": "infra/b.zip",
        "C": "",
        "D": "src/a",
        "E": "inline:E",
        "F": "",
        "G": ".",
    }
    assert template.inline == {"inline:E/index.js": "exports.handler = 1"}


def test_what_is_wrong_is_said_and_the_rest_is_read() -> None:
    text = """
Resources:
  A: {Properties: {}}
  B: text
  C: {Type: AWS::SQS::Queue, Properties: [1]}
  D: {Type: AWS::SQS::Queue}
  D: {Type: AWS::SNS::Topic}
"""
    template = one(text)
    assert [each.id for each in template.resources] == ["C", "D"]
    assert [each.where for each in template.problems] == [
        "orders.yaml:7",
        "orders.yaml:3",
        "orders.yaml:4",
        "orders.yaml:5",
    ]
