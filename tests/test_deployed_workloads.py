"""Functions, identities and ways in of templates: bad ones fail under the checks of accounts, their safe twins pass."""

from typing import Any

import pytest
import yaml

from assaybook.evidence import Gap
from assaybook.tables.compute import Endpoint, EnvironmentVariable, Route, Workload
from assaybook.tables.identity import Role
from deployed_stack import findings, of, outcomes, rows, template

ROLE: dict[str, Any] = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    },
}
FUNCTION: dict[str, Any] = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "FunctionName": "orders",
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "x"},
    },
}
OWN = {"Ref": "AWS::AccountId"}
URI = {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"}


def stack(parameters: Any = None, **added: Any) -> Any:
    """A template with a function, its role and more."""
    declared = {"Role": ROLE, "Orders": FUNCTION, **added}
    document = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": declared}
    if parameters:
        document["Parameters"] = {name: {"Type": "String"} for name in parameters}
    return template(yaml.safe_dump(document))


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """A resource as a template has it."""
    return {"Type": kind, "Properties": properties}


def function(**properties: Any) -> dict[str, Any]:
    """The function with other properties."""
    return {**FUNCTION, "Properties": {**FUNCTION["Properties"], **properties}}


def role(*statements: Any, **properties: Any) -> dict[str, Any]:
    """The role with a policy of these statements."""
    policy = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    return {
        **ROLE,
        "Properties": {**ROLE["Properties"], **({"Policies": [policy]} if statements else {}), **properties},
    }


def allow(action: Any, on: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": on, **more}


URL = "AWS::Lambda::Url"
GRANT = "AWS::Lambda::Permission"
INVOKE = {"FunctionName": {"Ref": "Orders"}, "Action": "lambda:InvokeFunction"}
REST = {
    "Api": resource("AWS::ApiGateway::RestApi", Name="shop"),
    "Deployment": resource("AWS::ApiGateway::Deployment", RestApiId={"Ref": "Api"}, StageName="live"),
}
HTTP = {
    "Web": resource("AWS::ApiGatewayV2::Api", Name="web", ProtocolType="HTTP"),
    "Integration": resource(
        "AWS::ApiGatewayV2::Integration",
        ApiId={"Ref": "Web"},
        IntegrationType="AWS_PROXY",
        IntegrationUri={"Fn::GetAtt": ["Orders", "Arn"]},
    ),
    "WebStage": resource("AWS::ApiGatewayV2::Stage", ApiId={"Ref": "Web"}, StageName="$default", AutoDeploy=True),
}


def method(**properties: Any) -> dict[str, Any]:
    """A method on the root of the REST API that runs the function."""
    integration = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": URI}
    given = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
        "HttpMethod": "GET",
        **properties,
    }
    return resource("AWS::ApiGateway::Method", Integration=integration, **given)


def route(**properties: Any) -> dict[str, Any]:
    """A route of the HTTP API that runs the function."""
    given = {
        "ApiId": {"Ref": "Web"},
        "RouteKey": "GET /items",
        "Target": {"Fn::Sub": "integrations/${Integration}"},
        **properties,
    }
    return resource("AWS::ApiGatewayV2::Route", **given)


CASES: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "public-endpoint-without-auth",
        "orders",
        {"Url": resource(URL, TargetFunctionArn={"Ref": "Orders"}, AuthType="NONE")},
        "fail",
    ),
    (
        "public-endpoint-without-auth",
        "orders",
        {"Url": resource(URL, TargetFunctionArn={"Ref": "Orders"}, AuthType="AWS_IAM")},
        "pass",
    ),
    ("invocation-open-to-anyone", "orders", {"Open": resource(GRANT, **INVOKE, Principal="*")}, "fail"),
    (
        "invocation-open-to-anyone",
        "orders",
        {
            "Open": resource(
                GRANT,
                **INVOKE,
                Principal="sns.amazonaws.com",
                SourceArn={"Fn::Sub": "arn:aws:sns:us-east-1:${AWS::AccountId}:t"},
            )
        },
        "pass",
    ),
    (
        "service-grant-without-source",
        "orders",
        {"Open": resource(GRANT, **INVOKE, Principal="sns.amazonaws.com")},
        "fail",
    ),
    (
        "service-grant-without-source",
        "orders",
        {
            "Open": resource(
                GRANT,
                **INVOKE,
                Principal="sns.amazonaws.com",
                SourceArn={"Fn::Sub": "arn:aws:sns:us-east-1:${AWS::AccountId}:t"},
            )
        },
        "pass",
    ),
    ("grant-to-unlisted-account", "orders", {"Open": resource(GRANT, **INVOKE, Principal="999988887777")}, "review"),
    ("admin-rights-on-workload-role", "stack-Role", {"Role": role(allow("*"))}, "fail"),
    (
        "admin-rights-on-workload-role",
        "stack-Role",
        {"Role": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])},
        "fail",
    ),
    (
        "admin-rights-on-workload-role",
        "stack-Role",
        {"Role": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"])},
        "pass",
    ),
    (
        "admin-rights-on-workload-role",
        "stack-Role",
        {
            "Role": ROLE,
            "Beside": resource(
                "AWS::IAM::Policy",
                PolicyName="p",
                Roles=[{"Ref": "Role"}],
                PolicyDocument={"Version": "2012-10-17", "Statement": [allow("*")]},
            ),
        },
        "fail",
    ),
    (
        "admin-rights-on-workload-role",
        "stack-Role",
        {
            "Role": ROLE,
            "Own": resource(
                "AWS::IAM::ManagedPolicy",
                Roles=[{"Ref": "Role"}],
                PolicyDocument={"Version": "2012-10-17", "Statement": [allow("*")]},
            ),
        },
        "fail",
    ),
    ("service-wildcard-on-workload-role", "stack-Role", {"Role": role(allow("s3:*"))}, "fail"),
    (
        "service-wildcard-on-workload-role",
        "stack-Role",
        {"Role": role(allow("s3:GetObject", "arn:aws:s3:::b/*"))},
        "pass",
    ),
    (
        "privilege-escalation-path",
        "stack-Role",
        {"Role": role(allow(["iam:PutRolePolicy", "iam:AttachRolePolicy"]))},
        "fail",
    ),
    ("unsupported-runtime", "orders", {"Orders": function(Runtime="python2.7")}, "fail"),
    ("unsupported-runtime", "orders", {}, "pass"),
    (
        "plaintext-secret-in-environment",
        "orders",
        {"Orders": function(Environment={"Variables": {"DB_PASSWORD": "correct-horse-7"}})},
        "fail",
    ),
    (
        "plaintext-secret-in-environment",
        "orders",
        {"Orders": function(Environment={"Variables": {"TABLE": "orders"}})},
        "pass",
    ),
    ("function-not-traced", "orders", {"Orders": function(TracingConfig={"Mode": "Active"})}, "pass"),
    ("function-not-traced", "orders", {}, "fail"),
    ("route-without-authorizer", "shop GET /", {**REST, "Get": method(AuthorizationType="NONE")}, "fail"),
    ("route-without-authorizer", "shop GET /", {**REST, "Get": method(AuthorizationType="AWS_IAM")}, "pass"),
    (
        "route-without-authorizer",
        "shop GET /",
        {**REST, "Get": method(AuthorizationType="NONE", ApiKeyRequired=True)},
        "fail",
    ),
    ("route-without-authorizer", "web GET /items", {**HTTP, "Get": route()}, "fail"),
    ("route-without-authorizer", "web GET /items", {**HTTP, "Get": route(AuthorizationType="AWS_IAM")}, "pass"),
    ("public-api-without-throttle", "web/$default", HTTP, "fail"),
    (
        "public-api-without-throttle",
        "web/$default",
        {
            **HTTP,
            "WebStage": resource(
                "AWS::ApiGatewayV2::Stage",
                ApiId={"Ref": "Web"},
                StageName="$default",
                DefaultRouteSettings={"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 10},
            ),
        },
        "pass",
    ),
    ("stage-without-access-log", "shop/live", REST, "fail"),
    (
        "app-client-implicit-grant",
        "people/Client",
        {
            "Pool": resource("AWS::Cognito::UserPool", UserPoolName="people"),
            "Client": resource(
                "AWS::Cognito::UserPoolClient",
                UserPoolId={"Ref": "Pool"},
                AllowedOAuthFlowsUserPoolClient=True,
                AllowedOAuthFlows=["implicit"],
            ),
        },
        "fail",
    ),
    (
        "app-client-implicit-grant",
        "people/Client",
        {
            "Pool": resource("AWS::Cognito::UserPool", UserPoolName="people"),
            "Client": resource(
                "AWS::Cognito::UserPoolClient",
                UserPoolId={"Ref": "Pool"},
                AllowedOAuthFlowsUserPoolClient=True,
                AllowedOAuthFlows=["code"],
            ),
        },
        "pass",
    ),
    (
        "public-store",
        "bus",
        {
            "Bus": resource("AWS::Events::EventBus", Name="bus"),
            "Policy": resource(
                "AWS::Events::EventBusPolicy",
                EventBusName="bus",
                StatementId="s",
                Action="events:PutEvents",
                Principal="*",
            ),
        },
        "fail",
    ),
    (
        "edge-without-log",
        "graph",
        {"Graph": resource("AWS::AppSync::GraphQLApi", Name="graph", AuthenticationType="AWS_IAM")},
        "fail",
    ),
    (
        "trigger-without-target",
        "ghost",
        {
            "Rule": resource(
                "AWS::Events::Rule",
                ScheduleExpression="rate(1 day)",
                Targets=[
                    {"Id": "t", "Arn": {"Fn::Sub": "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:ghost"}}
                ],
            ),
        },
        "fail",
    ),
    ("web-entry-without-firewall", "shop/live", REST, "fail"),
    (
        "web-entry-without-firewall",
        "shop/live",
        {
            **REST,
            "Acl": resource(
                "AWS::WAFv2::WebACL", Name="guard", Scope="REGIONAL", DefaultAction={"Block": {}}, Rules=[]
            ),
            "Association": resource(
                "AWS::WAFv2::WebACLAssociation",
                WebACLArn={"Fn::GetAtt": ["Acl", "Arn"]},
                ResourceArn={"Fn::Sub": "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/live"},
            ),
        },
        "pass",
    ),
    (
        "web-entry-without-firewall",
        "shop/live",
        {
            **REST,
            "Association": resource(
                "AWS::WAFv2::WebACLAssociation",
                WebACLArn="arn:aws:wafv2:us-east-1:111122223333:regional/webacl/other/x",
                ResourceArn={"Fn::Sub": "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/live"},
            ),
        },
        "unknown",
    ),
]


@pytest.mark.parametrize(
    ("check", "name", "added", "expected"), CASES, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_template_is_judged_like_an_account(check: str, name: str, added: dict[str, Any], expected: str) -> None:
    assert outcomes(stack(**added), check).get(name) == expected


def test_a_finding_names_the_line_of_the_property() -> None:
    found = template(
        "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      FunctionName: orders\n      Runtime: python3.13\n"
        "      Handler: a.b\n      Role: arn:aws:iam::111122223333:role/r\n      Code: {ZipFile: x}\n"
        "  Open:\n    Type: AWS::Lambda::Url\n    Properties:\n      TargetFunctionArn: !Ref Orders\n      AuthType: NONE\n"
    )
    (finding,) = [each for each in findings(found, "public-endpoint-without-auth") if each.outcome.value == "fail"]
    assert finding.where == "template.yaml:14"


OPEN: list[tuple[str, str, dict[str, Any]]] = [
    (
        "public-endpoint-without-auth",
        "orders",
        {"Url": resource(URL, TargetFunctionArn={"Ref": "Orders"}, AuthType={"Ref": "Open"})},
    ),
    ("invocation-open-to-anyone", "orders", {"Grant": resource(GRANT, **INVOKE, Principal={"Ref": "Open"})}),
    ("admin-rights-on-workload-role", "stack-Role", {"Role": role(allow({"Ref": "Open"}))}),
    ("admin-rights-on-workload-role", "stack-Role", {"Role": role(ManagedPolicyArns=[{"Ref": "Open"}])}),
    (
        "admin-rights-on-workload-role",
        "stack-Role",
        {"Role": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/NobodyKnowsThis"])},
    ),
    ("unsupported-runtime", "orders", {"Orders": function(Runtime={"Ref": "Open"})}),
    ("function-not-traced", "orders", {"Orders": function(TracingConfig={"Mode": {"Ref": "Open"}})}),
    (
        "plaintext-secret-in-environment",
        "orders",
        {"Orders": function(Environment={"Variables": {"LEVEL": {"Ref": "Open"}}})},
    ),
    ("route-without-authorizer", "shop GET /", {**REST, "Get": method(AuthorizationType={"Ref": "Open"})}),
    (
        "user-pool-without-second-factor",
        "people",
        {"Pool": resource("AWS::Cognito::UserPool", UserPoolName="people", MfaConfiguration={"Ref": "Open"})},
    ),
]


@pytest.mark.parametrize(("check", "name", "added"), OPEN, ids=lambda each: each if isinstance(each, str) else "")
def test_what_hangs_on_a_parameter_is_not_known(check: str, name: str, added: dict[str, Any]) -> None:
    found = findings(stack(["Open"], **added), check)
    assert {each.outcome.value for each in found} == {"unknown"}
    assert any(each.subject.name.startswith(name.split(" ")[0]) for each in found)


def test_an_open_value_under_the_name_of_a_secret_is_one_but_for_where_it_lies() -> None:
    variables = {
        "DB_PASSWORD": {"Ref": "Password"},
        "DB_SECRET": {"Ref": "SecretName"},
        "API_KEY": "{{resolve:secretsmanager:shop:SecretString:key}}",
    }
    found = stack(["Password", "SecretName"], Orders=function(Environment={"Variables": variables}))
    said = {
        each.row.rpartition("/")[2]: each.outcome.value for each in findings(found, "plaintext-secret-in-environment")
    }
    assert said == {"DB_PASSWORD": "fail", "DB_SECRET": "unknown", "API_KEY": "fail"}


def test_no_value_of_a_variable_is_in_a_row_of_a_template() -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"[:36]
    found = stack(Orders=function(Environment={"Variables": {"TOKEN": secret}}))
    assert secret not in repr(rows(found)) and secret not in repr(findings(found))
    (variable,) = of(found, EnvironmentVariable).values()
    assert variable.secret and variable.length == len(secret)


def test_rows_of_open_values_keep_what_is_known() -> None:
    found = stack(["Open"], Orders=function(Runtime={"Ref": "Open"}, Timeout=12))
    (row,) = of(found, Workload).values()
    assert isinstance(row.runtime, Gap) and row.runtime.state == "unresolved" and "Open" in row.runtime.reason
    assert row.name == "orders" and row.package == "zip" and row.where == "template.yaml:6"


def test_a_resource_name_in_a_policy_is_some_name() -> None:
    found = stack(["Table"], Role=role(allow("dynamodb:GetItem", {"Ref": "Table"})))
    assert outcomes(found, "data-statement-on-all-resources") == {"stack-Role": "pass"}
    (row,) = of(found, Role).values()
    assert "${Table}" in row.policies[0].text


def test_a_description_in_openapi_gives_routes_with_their_authorization() -> None:
    integration = {"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": URI}}
    body = {
        "openapi": "3.0.1",
        "info": {"title": "pets"},
        "security": [{"people": []}],
        "paths": {
            "/open": {"get": {"security": [], **integration}},
            "/keyed": {"get": {"security": [{"key": []}], **integration}},
            "/own": {"get": integration},
            "/signed": {
                "x-amazon-apigateway-any-method": {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}, **integration}
            },
        },
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                "people": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "cognito_user_pools",
                    "x-amazon-apigateway-authorizer": {
                        "type": "cognito_user_pools",
                        "providerARNs": ["arn:aws:cognito-idp:us-east-1:1:userpool/x"],
                    },
                },
            }
        },
    }
    found = stack(**{**REST, "Api": resource("AWS::ApiGateway::RestApi", Body=body)})
    assert {name: each.auth for name, each in of(found, Route).items()} == {
        "pets GET /open": "none",
        "pets GET /keyed": "key",
        "pets GET /own": "cognito",
        "pets ANY /signed": "iam",
    }
    assert {each.workload.rpartition(":")[2] for each in of(found, Route).values()} == {"orders"}


def test_a_description_elsewhere_leaves_the_routes_unknown() -> None:
    found = stack(
        **{**REST, "Api": resource("AWS::ApiGateway::RestApi", Name="shop", BodyS3Location={"Bucket": "b", "Key": "k"})}
    )
    assert outcomes(found, "route-without-authorizer") == {"shop": "unknown"}


def test_the_url_of_an_alias_is_the_aliases() -> None:
    found = stack(
        Version=resource("AWS::Lambda::Version", FunctionName={"Ref": "Orders"}),
        Live=resource(
            "AWS::Lambda::Alias",
            FunctionName={"Ref": "Orders"},
            FunctionVersion={"Fn::GetAtt": ["Version", "Version"]},
            Name="live",
        ),
        Url=resource(URL, TargetFunctionArn={"Ref": "Orders"}, Qualifier="live", AuthType="NONE"),
    )
    (row,) = [each for each in rows(found) if isinstance(each, Endpoint)]
    assert row.subject.release == "live" and row.workload.endswith(":function:orders")


def test_what_a_condition_that_nobody_can_decide_attaches_is_not_known() -> None:
    text = yaml.safe_dump(
        {
            "Parameters": {"Stage": {"Type": "String"}},
            "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
            "Resources": {
                "Role": ROLE,
                "Orders": FUNCTION,
                **REST,
                "Acl": resource(
                    "AWS::WAFv2::WebACL", Name="guard", Scope="REGIONAL", DefaultAction={"Block": {}}, Rules=[]
                ),
                "Association": {
                    **resource(
                        "AWS::WAFv2::WebACLAssociation",
                        WebACLArn={"Fn::GetAtt": ["Acl", "Arn"]},
                        ResourceArn={"Fn::Sub": "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/live"},
                    ),
                    "Condition": "Live",
                },
            },
        }
    )
    assert outcomes(template(text), "web-entry-without-firewall")["shop/live"] == "unknown"


def test_a_template_that_cannot_be_read_is_no_empty_stack() -> None:
    broken = template("Resources:\n  Orders: {Type: AWS::Lambda::Function, Properties: {Runtime: [}\n")
    found = findings(broken, "unsupported-runtime")
    assert {each.outcome.value for each in found} == {"unknown"}
    assert "could not be read" in found[0].because


def test_a_definition_outside_of_the_template_is_not_known() -> None:
    machine = resource(
        "AWS::StepFunctions::StateMachine",
        RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
        DefinitionS3Location={"Bucket": "b", "Key": "k"},
    )
    found = findings(stack(Machine=machine), "plaintext-secret-in-state-machine")
    assert [each.outcome.value for each in found] == ["unknown"] and "not in the template" in found[0].because


@pytest.mark.parametrize(
    "more",
    [
        {"paths": {"/a": {"get": {"security": {"Ref": "Open"}}}}},
        {"paths": {"/a": {"get": {"security": [{"Ref": "Open"}]}}}},
        {"paths": {"/a": {"get": {"security": [{"people": []}]}}}, "components": {"Ref": "Open"}},
        {
            "paths": {"/a": {"get": {"security": [{"people": []}]}}},
            "components": {"securitySchemes": {"people": {"Ref": "Open"}}},
        },
        {"paths": {"/a": {"Ref": "Open"}}},
        {"paths": {"Ref": "Open"}},
    ],
    ids=["security", "requirement", "components", "scheme", "path", "paths"],
)
def test_what_a_description_leaves_open_is_not_known(more: dict[str, Any]) -> None:
    body = {"openapi": "3.0.1", "info": {"title": "pets"}, **more}
    found = findings(
        stack(["Open"], **{**REST, "Api": resource("AWS::ApiGateway::RestApi", Body=body)}), "route-without-authorizer"
    )
    assert {each.outcome.value for each in found} == {"unknown"}


def test_all_actions_on_something_open_are_not_known() -> None:
    found = stack(["Open"], Role=role(allow("*", {"Ref": "Open"})))
    assert outcomes(found, "admin-rights-on-workload-role") == {"stack-Role": "unknown"}
