"""What gateways check, tell, write down and keep, out of captures."""

import json

import pytest

from assaybook.capture import Capture
from assaybook.evidence import Gap
from assaybook.tables.gateway import (
    ApiAccess,
    ApiCache,
    ErrorAnswer,
    GraphLimits,
    RequestCheck,
    StageLogging,
    StageVariable,
)
from shaped_account import METHODS, ORDERS, REGION, Shaped, absent, answered, denied, having, lacking, variable

REST, HTTP = {"restApiId": "rest1"}, {"ApiId": "http1"}
LAMBDA = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{ORDERS}/invocations"
QUEUE = f"arn:aws:apigateway:{REGION}:sqs:path/111122223333/orders"
ORDER = json.dumps({"type": "object", "required": ["id"]})
NOTHING = json.dumps({"$schema": "http://json-schema.org/draft-04/schema#", "title": "Empty Schema", "type": "object"})


def method(integration: dict, path: str = "/orders", verb: str = "POST", **more: object) -> Capture:
    """The API with a single method."""
    record = {"authorizationType": "NONE", "methodIntegration": integration, **more}
    resources = [{"path": path, "resourceMethods": {verb: record}}]
    return answered("apigateway:GetResources", params={**REST, **METHODS}, items=resources)


def validators(**flags: bool) -> Capture:
    return answered("apigateway:GetRequestValidators", params=REST, items=[{"id": "v1", **flags}])


def models(schema: str) -> Capture:
    return answered("apigateway:GetModels", params=REST, items=[{"name": "Order", "schema": schema}])


def check(found: Shaped, method: str = "POST") -> RequestCheck:
    (row,) = [each for each in found.rows(RequestCheck).values() if each.kind == "rest" and each.method == method]
    return row


def rest_stage(**more: object) -> Capture:
    return answered("apigateway:GetStages", params=REST, item=[{"stageName": "live", **more}])


def newer_stage(**more: object) -> Capture:
    return answered("apigatewayv2:GetStages", params=HTTP, Items=[{"StageName": "$default", **more}])


def logging(found: Shaped, kind: str) -> StageLogging:
    (row,) = [each for each in found.rows(StageLogging).values() if each.kind == kind]
    return row


VALIDATED = {"requestValidatorId": "v1", "requestModels": {"application/json": "Order"}}


def test_a_method_with_a_validator_and_a_model_is_checked() -> None:
    found = check(
        having(
            method({"type": "AWS_PROXY", "uri": LAMBDA}, **VALIDATED),
            validators(validateRequestBody=True),
            models(ORDER),
        )
    )
    assert (found.target, found.schema, found.parameters_checked) == ("function", "Order", False)


@pytest.mark.parametrize("schema", [NOTHING, "", json.dumps({"type": "object"}), json.dumps([1])])
def test_a_model_that_demands_nothing_is_none(schema: str) -> None:
    found = having(
        method({"type": "AWS", "uri": QUEUE}, **VALIDATED), validators(validateRequestBody=True), models(schema)
    )
    assert check(found).schema == ""


def test_a_validator_of_parameters_leaves_the_body_alone() -> None:
    declared = {"method.request.querystring.page": True}
    integration = {"type": "AWS", "uri": QUEUE}
    found = having(
        method(integration, "/orders/{id}", requestParameters=declared, **VALIDATED),
        validators(validateRequestParameters=True),
        models(ORDER),
    )
    row = check(found)
    assert (row.schema, row.parameters_checked) == ("", True)
    assert row.parameters == ("method.request.querystring.page", "method.request.path.id")


@pytest.mark.parametrize(
    ("integration", "target"),
    [
        ({"type": "AWS_PROXY", "uri": LAMBDA}, "function"),
        ({"type": "AWS", "uri": LAMBDA.replace(ORDERS, ORDERS + ":${stageVariables.alias}")}, "function"),
        ({"type": "AWS", "uri": QUEUE}, "service"),
        ({"type": "HTTP_PROXY", "uri": "https://stock.example.com"}, "http"),
        ({"type": "HTTP", "uri": "https://stock.example.com", "connectionType": "VPC_LINK"}, "private"),
        ({"type": "MOCK"}, "mock"),
        ({}, "none"),
    ],
)
def test_what_stands_behind_a_method(integration: dict, target: str) -> None:
    assert check(having(method(integration))).target == target


@pytest.mark.parametrize("call", ["apigateway:GetRequestValidators", "apigateway:GetModels"])
def test_a_method_whose_validator_or_model_could_not_be_read_is_a_gap(call: str) -> None:
    known = [validators(validateRequestBody=True), models(ORDER)]
    parts = [denied(each) if each.call == call else each for each in known]
    row = check(having(method({"type": "AWS", "uri": QUEUE}, **VALIDATED), *parts))
    assert isinstance(row.schema, Gap)


def test_a_method_without_a_validator_needs_no_list_of_them() -> None:
    row = check(having(method({"type": "AWS", "uri": QUEUE}), denied(validators())))
    assert row.schema == ""


def test_a_validator_that_the_list_does_not_hold_is_a_gap() -> None:
    row = check(having(method({"type": "AWS", "uri": QUEUE}, requestValidatorId="v9"), validators()))
    assert isinstance(row.schema, Gap)


def test_routes_of_newer_apis_know_what_stands_behind_them() -> None:
    routes = [{"RouteKey": "POST /a/{id}", "Target": "integrations/q"}, {"RouteKey": "POST /b"}]
    found = having(
        answered("apigatewayv2:GetRoutes", params=HTTP, Items=routes),
        answered(
            "apigatewayv2:GetIntegrations",
            params=HTTP,
            Items=[{"IntegrationId": "q", "IntegrationType": "AWS_PROXY", "IntegrationSubtype": "SQS-SendMessage"}],
        ),
    )
    rows = {each.path: each for each in found.rows(RequestCheck).values() if each.kind == "http"}
    assert (rows["/a/{id}"].target, rows["/a/{id}"].parameters) == ("service", ("method.request.path.id",))
    assert rows["/b"].target == "none"


def test_a_route_whose_integrations_could_not_be_read_is_a_gap() -> None:
    found = lacking("apigatewayv2:GetIntegrations")
    (row,) = [each for each in found.rows(RequestCheck).values() if each.kind == "http"]
    assert isinstance(row.target, Gap)


@pytest.mark.parametrize("call", ["apigateway:GetRestApis", "apigatewayv2:GetApis", "appsync:ListGraphqlApis"])
def test_apis_that_could_not_be_listed_leave_holes(call: str) -> None:
    found = lacking(call)
    assert found.holes(RequestCheck) and found.holes(ApiAccess)


def own_answers(template: str) -> Capture:
    given = [{"responseType": "DEFAULT_5XX", "responseTemplates": {"application/json": template}}]
    return answered("apigateway:GetGatewayResponses", params=REST, items=given)


def error_answer(found: Shaped, what: str) -> ErrorAnswer:
    (row,) = [each for each in found.rows(ErrorAnswer).values() if what in each.what]
    return row


@pytest.mark.parametrize(
    ("template", "inside", "hints"),
    [
        ('{"message":$context.error.messageString}', (), ()),
        ('{"m":"$context.integrationErrorMessage"}', ("$context.integrationErrorMessage",), ()),
        ('{"m":"$context.authorizer.error"}', ("$context.authorizer.error",), ()),
        ('{"m":"$context.error.validationErrorString"}', (), ("$context.error.validationErrorString",)),
    ],
)
def test_own_error_answers_of_a_gateway(template: str, inside: tuple, hints: tuple) -> None:
    row = error_answer(having(own_answers(template)), "own error answers")
    assert (row.inside, row.schema_hints) == (inside, hints)


def test_error_answers_that_could_not_be_read_leave_a_hole() -> None:
    assert having(denied(own_answers(""))).holes(ErrorAnswer)
    assert not having(own_answers("")).holes(ErrorAnswer)


def integrated(*responses: dict) -> Capture:
    given = {str(number): {"statusCode": str(number), **each} for number, each in enumerate(responses, 200)}
    return method({"type": "AWS", "uri": LAMBDA, "integrationResponses": given})


TEMPLATE = {"application/json": '{"message":"Internal error"}'}


@pytest.mark.parametrize(
    ("responses", "leaks"),
    [
        (({},), True),
        (({"responseTemplates": {"application/json": None}},), True),
        (({"responseTemplates": {"application/json": "$input.json('$')"}},), True),
        (({"responseTemplates": TEMPLATE},), False),
        (({}, {"selectionPattern": "(.|\\n)+", "responseTemplates": TEMPLATE}), False),
        (({}, {"selectionPattern": ".*", "responseTemplates": {}}), True),
        (({}, {"selectionPattern": "\\[BadRequest\\].*", "responseTemplates": TEMPLATE}), True),
        ((), False),
    ],
)
def test_an_error_object_that_no_answer_catches_is_passed_on(responses: tuple, leaks: bool) -> None:
    assert error_answer(having(integrated(*responses), own_answers("")), "integration").stack_trace is leaks


def test_a_stack_trace_in_a_template_is_seen() -> None:
    trace = {"selectionPattern": ".*", "responseTemplates": {"application/json": "$input.path('$.stackTrace')"}}
    row = error_answer(having(integrated({}, trace), own_answers("")), "integration")
    assert row.inside == ("$input.path('$.stackTrace')",)


def test_a_pattern_that_cannot_be_read_leaves_a_hole() -> None:
    assert having(integrated({"selectionPattern": "("}), own_answers("")).holes(ErrorAnswer)


def test_proxies_have_no_answers_of_their_own() -> None:
    found = having(method({"type": "AWS_PROXY", "uri": LAMBDA}), own_answers(""))
    assert len(found.rows(ErrorAnswer)) == 1


def test_what_a_stage_of_a_rest_api_writes_down() -> None:
    setting = {"loggingLevel": "INFO", "dataTraceEnabled": True}
    found = having(
        rest_stage(
            methodSettings={"*/*": {"loggingLevel": "ERROR"}, "~1orders/POST": setting},
            accessLogSettings={"destinationArn": "arn:log", "format": "$context.requestId $context.identity.sourceIp"},
            tracingEnabled=True,
            tags={"environment": "test"},
        )
    )
    row = logging(found, "rest")
    assert (row.access_log, row.format_has) == ("arn:log", ("request id", "address"))
    assert (row.execution_level, row.data_trace, row.traced_routes) == ("INFO", True, ("POST /orders",))
    assert (row.tracing, row.production) == (True, False)


def test_data_tracing_writes_nothing_while_the_log_is_off() -> None:
    found = having(rest_stage(methodSettings={"*/*": {"loggingLevel": "OFF", "dataTraceEnabled": True}}))
    row = logging(found, "rest")
    assert (row.data_trace, row.traced_routes, row.access_log, row.tracing) == (True, (), "", False)


def test_what_a_stage_of_a_newer_api_writes_down() -> None:
    written = "$context.extendedRequestId $context.requestTimeEpoch $context.authorizer.claims.sub $context.status $context.routeKey"
    found = having(newer_stage(AccessLogSettings={"DestinationArn": "arn:log", "Format": written}))
    row = logging(found, "http")
    assert row.format_has == ("request id", "time", "identity", "status", "request")
    assert row.tracing is None


@pytest.mark.parametrize("odd", [{"methodSettings": 7}, {"accessLogSettings": []}, {"stageName": 5}])
def test_an_odd_stage_leaves_a_hole(odd: dict) -> None:
    found = having(rest_stage(**odd))
    assert not [each for each in found.rows(StageLogging).values() if each.kind == "rest"]
    assert found.holes(StageLogging)


def test_stages_that_could_not_be_read_leave_holes() -> None:
    found = lacking("apigateway:GetStages")
    assert all(found.holes(table) for table in (StageLogging, StageVariable, ApiCache))


def test_variables_of_stages_are_described_and_not_shown() -> None:
    found = having(
        rest_stage(variables={"TOKEN": variable("password", 12)}),
        newer_stage(StageVariables={"MODE": variable(length=4)}),
    )
    rows = {each.name: each for each in found.rows(StageVariable).values()}
    assert (rows["TOKEN"].secret, rows["TOKEN"].length) == ("password", 12)
    assert rows["MODE"].secret == ""


def test_a_variable_that_is_not_described_leaves_a_hole() -> None:
    assert having(rest_stage(variables={"TOKEN": "in clear"})).holes(StageVariable)


def cache(found: Shaped, name: str) -> ApiCache:
    (row,) = [each for each in found.rows(ApiCache).values() if each.name == name]
    return row


@pytest.mark.parametrize(
    ("stage", "active", "unencrypted"),
    [
        ({}, False, ()),
        ({"cacheClusterEnabled": True}, False, ()),
        (
            {"cacheClusterEnabled": True, "methodSettings": {"*/*": {"cachingEnabled": True}}},
            True,
            ("every method",),
        ),
        (
            {
                "cacheClusterEnabled": True,
                "methodSettings": {
                    "*/*": {"cachingEnabled": True, "cacheDataEncrypted": True},
                    "~1a/GET": {"cachingEnabled": True, "cacheDataEncrypted": False},
                },
            },
            True,
            ("GET /a",),
        ),
    ],
)
def test_the_cache_of_a_stage(stage: dict, active: bool, unencrypted: tuple) -> None:
    row = cache(having(rest_stage(**stage)), "shop/live")
    assert (row.active, row.unencrypted) == (active, unencrypted)


def test_the_cache_of_a_graphql_api() -> None:
    asked = {"apiId": "graph1"}
    call = "appsync:GetApiCache"
    none = cache(having(absent(call, **asked)), "catalogue")
    assert (none.active, none.unencrypted, none.in_transit) == (False, (), True)
    bare = answered(call, params=asked, apiCache={"atRestEncryptionEnabled": False, "transitEncryptionEnabled": True})
    assert cache(having(bare), "catalogue").unencrypted
    row = cache(having(denied(bare)), "catalogue")
    assert all(isinstance(value, Gap) for value in (row.active, row.unencrypted, row.in_transit))


def graph(**more: object) -> Capture:
    record = {"apiId": "graph1", "name": "catalogue", "authenticationType": "AWS_IAM", **more}
    return answered("appsync:ListGraphqlApis", graphqlApis=[record])


def test_what_one_query_may_ask_for() -> None:
    row = having(graph(queryDepthLimit=8)).one(GraphLimits)
    assert (row.depth, row.resolvers, row.anonymous, row.public) == (8, 0, False, True)
    assert (
        having(graph(additionalAuthenticationProviders=[{"authenticationType": "API_KEY"}])).one(GraphLimits).anonymous
    )
    assert having(graph(visibility="PRIVATE")).one(GraphLimits).public is False
    assert having(graph(queryDepthLimit="deep")).holes(GraphLimits)
    assert lacking("appsync:ListGraphqlApis").holes(GraphLimits)
