"""HTTP and WebSocket APIs of a stack, and own domain names of all APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from . import rest
from .answers import Answers, Stack, entries, id_of, members, number, place_of, switch, tags_of, untold, word
from .openapi import Description, Operation, described

API, ROUTE, STAGE = "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage"
INTEGRATION, AUTHORIZER = "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Authorizer"
DEFAULT = "$default"

ANSWERED = (
    "apigatewayv2:GetApis",
    "apigatewayv2:GetRoutes",
    "apigatewayv2:GetStages",
    "apigatewayv2:GetIntegrations",
    "apigatewayv2:GetAuthorizers",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about HTTP and WebSocket APIs, and about domain names."""
    for api in stack.of(API):
        _api(stack, answers, api)


def api_arn(stack: Stack, api: Resource) -> str:
    """The ARN under which rows name an API."""
    return f"arn:{stack.partition}:apigateway:{stack.region}::/apis/{id_of(api)}"


def _of(stack: Stack, api: Resource, *types: str) -> list[Resource]:
    return [each for each in stack.of(*types) if stack.named(each.properties.get("ApiId"), API) is api]


def _api(stack: Stack, answers: Answers, api: Resource) -> None:
    properties, id, arn = api.properties, id_of(api), api_arn(stack, api)
    body = properties.get("Body")
    description = described(body)
    answers.place(arn, api.where, api.conditional)
    answers.listed("apigatewayv2:GetApis", _record(api, description), where=api.where)
    for each in _of(stack, api, STAGE):
        stage = _stage(each)
        answers.listed("apigatewayv2:GetStages", stage, where=each.where, ApiId=id)
        answers.place(f"{arn}/stages/{stage['StageName']}", each.where, each.conditional)
    if properties.get("Target") is not None:
        # An API that is made with a target gets a stage and a route that deploy themselves.
        answers.listed("apigatewayv2:GetStages", {"StageName": DEFAULT, "AutoDeploy": True}, where=api.where, ApiId=id)
    answers.listed("apigatewayv2:GetStages", ApiId=id)
    if description is not None and not description.document.get("paths") and stack.troubled(api):
        description = None
    if description is None and (body is not None or properties.get("BodyS3Location") is not None):
        for call in ("apigatewayv2:GetRoutes", "apigatewayv2:GetIntegrations", "apigatewayv2:GetAuthorizers"):
            answers.untold(
                call,
                "the description of the API is not in the template",
                place_of(api, "Body", "BodyS3Location"),
                ApiId=id,
            )
        return
    _routes(stack, answers, api)
    if description is not None:
        _described(answers, api, description, arn)
    for call in ("apigatewayv2:GetRoutes", "apigatewayv2:GetIntegrations", "apigatewayv2:GetAuthorizers"):
        answers.listed(call, ApiId=id)


def _record(api: Resource, description: Description | None) -> dict[str, Any]:
    properties = api.properties
    title = word(members(description.document.get("info")).get("title")) if description else ""
    record: dict[str, Any] = {
        "ApiId": id_of(api),
        "Name": word(properties.get("Name")) or title or api.name,
        "ProtocolType": properties.get("ProtocolType", "HTTP"),
        "DisableExecuteApiEndpoint": switch(properties.get("DisableExecuteApiEndpoint"), False),
        "Tags": tags_of(properties.get("Tags")),
    }
    cors = properties.get("CorsConfiguration")
    if cors is None and description is not None:
        cors = _capitals(description.extension("cors"))
    if cors is not None:
        record["CorsConfiguration"] = (
            cors
            if untold(cors)
            else {name: switch(each) if name == "AllowCredentials" else each for name, each in members(cors).items()}
        )
    return record


def _capitals(value: Any) -> Any:
    if not isinstance(value, Mapping) or untold(value):
        return value
    return {f"{name[:1].upper()}{name[1:]}": each for name, each in value.items()}


def _stage(stage: Resource) -> dict[str, Any]:
    properties = stage.properties
    record: dict[str, Any] = {
        "StageName": word(properties.get("StageName"), stage.name) or DEFAULT,
        "AutoDeploy": switch(properties.get("AutoDeploy"), False),
        "Tags": tags_of(properties.get("Tags")),
    }
    for name in ("StageVariables", "RouteSettings", "DefaultRouteSettings"):
        if properties.get(name) is not None:
            record[name] = properties[name]
    log = properties.get("AccessLogSettings")
    if log is not None:
        record["AccessLogSettings"] = log if untold(log) else dict(members(log))
        if not untold(log) and members(log).get("DestinationArn") is not None:
            record["AccessLogSettings"]["DestinationArn"] = word(members(log)["DestinationArn"])
    return record


def _routes(stack: Stack, answers: Answers, api: Resource) -> None:
    id, arn = id_of(api), api_arn(stack, api)
    for each in _of(stack, api, ROUTE):
        properties = each.properties
        route: dict[str, Any] = {
            "RouteId": id_of(each),
            "RouteKey": word(properties.get("RouteKey")),
            "AuthorizationType": properties.get("AuthorizationType", "NONE"),
            "ApiKeyRequired": switch(properties.get("ApiKeyRequired"), False),
            "AuthorizationScopes": properties.get("AuthorizationScopes", []),
        }
        if properties.get("AuthorizerId") is not None:
            route["AuthorizerId"] = stack.id_of(properties["AuthorizerId"], AUTHORIZER)
        if properties.get("Target") is not None:
            route["Target"] = f"integrations/{stack.id_of(word(properties['Target']).rpartition('/')[2], INTEGRATION)}"
        answers.listed("apigatewayv2:GetRoutes", route, where=each.where, ApiId=id)
        answers.place(f"{arn} {route['RouteKey']}", place_of(each, "AuthorizationType"), each.conditional)
    for each in _of(stack, api, INTEGRATION):
        record = {
            name: value
            for name, value in each.properties.items()
            if name not in ("ApiId", "RequestTemplates", "Description")
        }
        record |= {"IntegrationId": id_of(each), "IntegrationUri": word(record.get("IntegrationUri"))}
        if record.get("TimeoutInMillis") is not None:
            record["TimeoutInMillis"] = number(record["TimeoutInMillis"])
        answers.listed("apigatewayv2:GetIntegrations", record, where=each.where, ApiId=id)
    for each in _of(stack, api, AUTHORIZER):
        record = {name: value for name, value in each.properties.items() if name != "ApiId"}
        record |= {"AuthorizerId": id_of(each), "Name": word(record.get("Name"), each.name) or each.name}
        if record.get("AuthorizerUri") is not None:
            record["AuthorizerUri"] = word(record["AuthorizerUri"])
        if record.get("AuthorizerResultTtlInSeconds") is not None:
            record["AuthorizerResultTtlInSeconds"] = number(record["AuthorizerResultTtlInSeconds"])
        answers.listed("apigatewayv2:GetAuthorizers", record, where=each.where, ApiId=id)
        answers.place(f"{arn}/authorizers/{id_of(each)}", each.where, each.conditional)
    if api.properties.get("Target") is not None:
        target = word(api.properties["Target"])
        kind = "AWS_PROXY" if target.startswith("arn:") else "HTTP_PROXY"
        answers.listed(
            "apigatewayv2:GetIntegrations",
            {"IntegrationId": "target", "IntegrationType": kind, "IntegrationUri": target},
            where=api.where,
            ApiId=id,
        )
        key = word(api.properties.get("RouteKey"), DEFAULT)
        answers.listed(
            "apigatewayv2:GetRoutes",
            {
                "RouteId": "target",
                "RouteKey": key,
                "AuthorizationType": "NONE",
                "ApiKeyRequired": False,
                "Target": "integrations/target",
            },
            where=api.where,
            ApiId=id,
        )


def _described(answers: Answers, api: Resource, description: Description, arn: str) -> None:
    id = id_of(api)
    for place, operation in enumerate(description.operations()):
        answers.listed("apigatewayv2:GetRoutes", _operation(operation, str(place)), where=api.where, ApiId=id)
        answers.place(
            f"{arn} {_key(operation)}",
            place_of(
                api, f"Body.paths.{operation.path}.{operation.method.lower()}", f"Body.paths.{operation.path}", "Body"
            ),
        )
        if operation.integration:
            record = _integration(members(rest.described_integration(members(operation.integration))), str(place))
            answers.listed("apigatewayv2:GetIntegrations", record, where=api.where, ApiId=id)
    for name, authorizer, _ in description.authorizers():
        answers.listed("apigatewayv2:GetAuthorizers", _authorizer(name, authorizer), where=api.where, ApiId=id)


def _key(operation: Operation) -> str:
    return DEFAULT if operation.path.strip("/") == DEFAULT else f"{operation.method} {operation.path}"


def _operation(operation: Operation, place: str) -> dict[str, Any]:
    kind = "JWT" if operation.kind == "COGNITO_USER_POOLS" else operation.kind
    record: dict[str, Any] = {
        "RouteId": place,
        "RouteKey": _key(operation),
        "AuthorizationType": kind,
        "ApiKeyRequired": False,
        "AuthorizationScopes": list(operation.scopes),
    }
    if operation.authorizer and kind not in ("NONE", "AWS_IAM"):
        record["AuthorizerId"] = operation.authorizer
    if operation.integration:
        record["Target"] = f"integrations/{place}"
    return record


def _integration(record: Mapping[str, Any], place: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "IntegrationId": place,
        "IntegrationType": record.get("type"),
        "IntegrationUri": word(record.get("uri")),
    }
    for name, member in (
        ("connectionType", "ConnectionType"),
        ("timeoutInMillis", "TimeoutInMillis"),
        ("integrationSubtype", "IntegrationSubtype"),
    ):
        if record.get(name) is not None:
            made[member] = record[name]
    if record.get("tlsConfig") is not None:
        made["TlsConfig"] = _capitals(record["tlsConfig"])
    return made


def _authorizer(name: str, authorizer: Mapping[str, Any]) -> dict[str, Any]:
    sources = authorizer.get("identitySource")
    made: dict[str, Any] = {
        "AuthorizerId": name,
        "Name": name,
        "AuthorizerType": word(authorizer.get("type")).upper(),
        "IdentitySource": [each.strip() for each in sources.split(",")]
        if isinstance(sources, str)
        else entries(sources),
    }
    if authorizer.get("authorizerUri") is not None:
        made["AuthorizerUri"] = word(authorizer["authorizerUri"])
    if authorizer.get("authorizerResultTtlInSeconds") is not None:
        made["AuthorizerResultTtlInSeconds"] = number(authorizer["authorizerResultTtlInSeconds"])
    if authorizer.get("jwtConfiguration") is not None:
        made["JwtConfiguration"] = _capitals(authorizer["jwtConfiguration"])
    return made
