"""REST APIs of a stack, whether their routes stand as resources or in a description in OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from .answers import (
    Answers,
    Stack,
    id_of,
    lower_first,
    members,
    number,
    place_of,
    plain,
    policy_answer,
    switch,
    tags_of,
    untold,
    word,
)
from .openapi import INLINE, Description, Operation, described
from .rest_checks import MODEL, VALIDATOR, tell_checks
from .rest_stages import of_api, plan_of, stages_of

API, METHOD = "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Method"
AUTHORIZER, PATH = "AWS::ApiGateway::Authorizer", "AWS::ApiGateway::Resource"
PLAN = "AWS::ApiGateway::UsagePlan"
# Where nothing is set. Source: AWS CloudFormation Template Reference, "AWS::ApiGateway::RestApi", EndpointConfiguration.
USUAL_ENDPOINT = "EDGE"

ANSWERED = (
    "apigateway:GetRestApis",
    "apigateway:GetResources",
    "apigateway:GetStages",
    "apigateway:GetAuthorizers",
    "apigateway:GetRequestValidators",
    "apigateway:GetModels",
    "apigateway:GetGatewayResponses",
    "apigateway:GetClientCertificates",
    "apigateway:GetUsagePlans",
)
# The calls whose answers a description of the API gives.
DESCRIBED = (
    "apigateway:GetResources",
    "apigateway:GetAuthorizers",
    "apigateway:GetRequestValidators",
    "apigateway:GetModels",
    "apigateway:GetGatewayResponses",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about REST APIs."""
    for api in stack.of(API):
        _api(stack, answers, api)
    for each in stack.of(PLAN):
        answers.listed("apigateway:GetUsagePlans", plan_of(stack, each), where=each.where)
    for each in stack.of("AWS::ApiGateway::ClientCertificate"):
        answers.listed("apigateway:GetClientCertificates", {"clientCertificateId": id_of(each)}, where=each.where)


def api_arn(stack: Stack, api: Resource) -> str:
    """The ARN under which rows name a REST API."""
    return f"arn:{stack.partition}:apigateway:{stack.region}::/restapis/{id_of(api)}"


def _api(stack: Stack, answers: Answers, api: Resource) -> None:
    properties, id, arn = api.properties, id_of(api), api_arn(stack, api)
    body = properties.get("Body")
    description = described(body)
    answers.place(arn, api.where, api.conditional)
    answers.listed("apigateway:GetRestApis", _record(api, description), where=api.where)
    for stage, where in stages_of(stack, api):
        answers.listed("apigateway:GetStages", stage, where=where, restApiId=id)
        answers.place(f"{arn}/stages/{stage['stageName']}", where)
    answers.listed("apigateway:GetStages", restApiId=id)
    if description is not None and not description.document.get("paths") and stack.troubled(api):
        description = None
    elsewhere = properties.get("BodyS3Location") is not None or properties.get("CloneFrom") is not None
    if (body is not None and description is None) or (elsewhere and description is None):
        why = "the description of the API is not in the template"
        for call in DESCRIBED:
            more = {"embed": ["methods"]} if call == "apigateway:GetResources" else {}
            answers.untold(call, why, place_of(api, "Body", "BodyS3Location"), restApiId=id, **more)
        return
    _routes(stack, answers, api, description)
    tell_checks(stack, answers, api, description)


def _record(api: Resource, description: Description | None) -> dict[str, Any]:
    properties = api.properties
    configuration = properties.get("EndpointConfiguration")
    types: Any = members(configuration).get("Types", properties.get("EndpointConfigurationTypes"))
    record: dict[str, Any] = {
        "id": id_of(api),
        "name": word(properties.get("Name")) or _title(description) or api.name,
        "endpointConfiguration": configuration
        if untold(configuration)
        else {"types": [USUAL_ENDPOINT] if types is None else plain(types)},
        "disableExecuteApiEndpoint": switch(properties.get("DisableExecuteApiEndpoint"), False),
        "tags": tags_of(properties.get("Tags")),
    }
    policy = properties.get("Policy")
    if description is not None:
        policy = description.extension("policy") if policy is None else policy
        endpoint = members(description.extension("endpoint-configuration"))
        if endpoint.get("disableExecuteApiEndpoint") is not None:
            record["disableExecuteApiEndpoint"] = switch(endpoint["disableExecuteApiEndpoint"])
    if policy is not None:
        record["policy"] = policy_answer(policy)
    return record


def _title(description: Description | None) -> str:
    return word(members(description.document.get("info")).get("title")) if description else ""


def _routes(stack: Stack, answers: Answers, api: Resource, description: Description | None) -> None:
    arn = api_arn(stack, api)
    paths: dict[str, dict[str, Any]] = {}
    authorizers = {each.id: each for each in of_api(stack, api, AUTHORIZER)}
    for each in of_api(stack, api, METHOD):
        path, method = path_of(stack, each), word(each.properties.get("HttpMethod")).upper() or "ANY"
        paths.setdefault(path, {})[method] = _method(stack, each)
        answers.place(f"{arn} {method} {path}", place_of(each, "AuthorizationType"), each.conditional)
    for each in of_api(stack, api, PATH):
        paths.setdefault(path_of(stack, each), {})
    for operation in description.operations() if description else ():
        assert description is not None
        paths.setdefault(operation.path, {})[operation.method] = _operation(description, operation)
        where = place_of(
            api, f"Body.paths.{operation.path}.{operation.method.lower()}", f"Body.paths.{operation.path}", "Body"
        )
        answers.place(f"{arn} {operation.method} {operation.path}", where)
    records = [{"id": path, "path": path, "resourceMethods": methods} for path, methods in paths.items()]
    answers.listed("apigateway:GetResources", *records, where=api.where, restApiId=id_of(api), embed=["methods"])
    for each in authorizers.values():
        record = lower_first({name: value for name, value in each.properties.items() if name != "RestApiId"})
        record["id"] = id_of(each)
        if "providerARNs" not in record and each.properties.get("ProviderARNs") is not None:
            record["providerARNs"] = each.properties["ProviderARNs"]
        record["name"] = word(each.properties.get("Name"), each.name) or each.name
        if record.get("authorizerResultTtlInSeconds") is not None:
            record["authorizerResultTtlInSeconds"] = number(record["authorizerResultTtlInSeconds"])
        answers.listed("apigateway:GetAuthorizers", record, where=each.where, restApiId=id_of(api))
        answers.place(f"{arn}/authorizers/{id_of(each)}", each.where, each.conditional)
    for name, authorizer, scheme in description.authorizers() if description else ():
        answers.listed(
            "apigateway:GetAuthorizers", _authorizer(name, authorizer, scheme), where=api.where, restApiId=id_of(api)
        )
    answers.listed("apigateway:GetAuthorizers", restApiId=id_of(api))


def path_of(stack: Stack, resource: Resource) -> str:
    """The path of a resource of an API, or of the one that a method is on; a parent that is none of the stack is the root."""
    parts: list[str] = []
    found: Resource | None = resource
    if resource.type == METHOD:
        found = stack.named(resource.properties.get("ResourceId"), PATH)
    seen = set()
    while found is not None and found.id not in seen:
        seen.add(found.id)
        parts.append(word(found.properties.get("PathPart")))
        found = stack.named(found.properties.get("ParentId"), PATH)
    return "/" + "/".join(reversed(parts))


def _method(stack: Stack, method: Resource) -> dict[str, Any]:
    properties = method.properties
    record: dict[str, Any] = {
        "httpMethod": word(properties.get("HttpMethod")).upper(),
        "authorizationType": plain(properties.get("AuthorizationType", "NONE")),
        "apiKeyRequired": switch(properties.get("ApiKeyRequired"), False),
        "requestParameters": lower_booleans(properties.get("RequestParameters")),
        "requestModels": {
            str(kind): stack.named(each, MODEL).name if stack.named(each, MODEL) else word(each)  # type: ignore[union-attr]
            for kind, each in members(properties.get("RequestModels")).items()
        },
    }
    if properties.get("AuthorizerId") is not None:
        record["authorizerId"] = stack.id_of(properties["AuthorizerId"], AUTHORIZER)
    if properties.get("RequestValidatorId") is not None:
        record["requestValidatorId"] = stack.id_of(properties["RequestValidatorId"], VALIDATOR)
    if properties.get("Integration") is not None:
        record["methodIntegration"] = _integration(properties["Integration"])
    return record


def lower_booleans(value: Any) -> Any:
    """Parameters with their switches, which CloudFormation also takes as text."""
    return value if untold(value) else {str(name): switch(each) for name, each in members(value).items()}


def _integration(value: Any) -> Any:
    if untold(value) or not isinstance(value, Mapping):
        return value
    record = lower_first(value)
    responses = record.get("integrationResponses")
    if isinstance(responses, list):
        record["integrationResponses"] = {
            f"{members(each).get('statusCode', '')} {place}": each for place, each in enumerate(responses)
        }
    for name in ("requestTemplates", "requestParameters"):
        given = members(value).get(name[:1].upper() + name[1:])
        if given is not None:
            record[name] = given
    return _texts(record)


def _texts(record: dict[str, Any]) -> dict[str, Any]:
    """An integration whose address is text in any case, so that it can be compared with that of a function."""
    if record.get("uri") is not None:
        record["uri"] = word(record["uri"])
    if isinstance(record.get("type"), str):
        record["type"] = record["type"].upper()
    tls = record.get("tlsConfig")
    if isinstance(tls, Mapping) and "insecureSkipVerification" in tls:
        record["tlsConfig"] = {**tls, "insecureSkipVerification": switch(tls["insecureSkipVerification"])}
    return record


def _operation(description: Description, operation: Operation) -> dict[str, Any]:
    kind = "COGNITO_USER_POOLS" if operation.kind == "JWT" else operation.kind
    record: dict[str, Any] = {
        "httpMethod": operation.method,
        "authorizationType": kind,
        "apiKeyRequired": operation.key,
        "requestParameters": description.parameters(operation.path, operation),
        "requestModels": {
            each: f"{operation.method} {operation.path}" if name == INLINE else name
            for each, name in description.models(operation).items()
        },
    }
    if operation.authorizer and kind not in ("NONE", "AWS_IAM"):
        record["authorizerId"] = operation.authorizer
    if operation.scopes:
        record["authorizationScopes"] = list(operation.scopes)
    validator = operation.record.get(
        "x-amazon-apigateway-request-validator", description.extension("request-validator")
    )
    if validator is not None:
        record["requestValidatorId"] = word(validator)
    integration = operation.integration
    if integration:
        record["methodIntegration"] = integration if untold(integration) else described_integration(integration)
    return record


def described_integration(value: Mapping[str, Any]) -> dict[str, Any]:
    """An integration of a description as the service answers with it."""
    record = dict(value)
    responses = record.pop("responses", None)
    if isinstance(responses, Mapping):
        record["integrationResponses"] = {
            str(pattern): {**members(each), **({} if pattern == "default" else {"selectionPattern": str(pattern)})}
            for pattern, each in responses.items()
        }
    return _texts(record)


def _authorizer(name: str, authorizer: Mapping[str, Any], scheme: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {**authorizer, "id": name, "name": name}
    if isinstance(record.get("type"), str):
        record["type"] = record["type"].upper()
    if record.get("authorizerUri") is not None:
        record["authorizerUri"] = word(record["authorizerUri"])
    if not record.get("identitySource") and scheme.get("in") == "header" and isinstance(scheme.get("name"), str):
        record["identitySource"] = f"method.request.header.{scheme['name']}"
    if record.get("authorizerResultTtlInSeconds") is not None:
        record["authorizerResultTtlInSeconds"] = number(record["authorizerResultTtlInSeconds"])
    return record
