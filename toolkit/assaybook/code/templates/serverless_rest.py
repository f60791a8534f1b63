"""The REST API of a service.

Source: Serverless Framework documentation, "API Gateway (REST API)".
"""

from __future__ import annotations

import re
from typing import Any

from .located import Block, block
from .resources import Unresolved
from .serverless_parts import At, Service, arn_of, at_key, function_id, is_on, items, logical
from .values import text_of

API = "ApiGatewayRestApi"
STAGE = "ApiGatewayStage"
_HEADERS = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent"
_WORDS = re.compile(r"[^A-Za-z0-9]+")


def add_rest(service: Service, function: str, said: Any, at: At) -> None:
    """Add a method of the REST API for an event of a function, and the API itself with the first one."""
    settings = said if isinstance(said, Block) else Block(at.file, at.line)
    verb, path = _verb_and_path(said, settings)
    if not path:
        service.problem(at, f"an http event of the function {function} says no path")
        return
    api = _api(service, at)
    resource = _resource(service, api, path, at)
    words = _words(path)
    method = {
        "HttpMethod": verb.upper(),
        "RestApiId": api,
        "ResourceId": resource,
        "ApiKeyRequired": is_on(settings.get("private")),
        **_authorization(service, function, settings.get("authorizer"), api, at),
        **_request(service, settings.get("request"), api, f"{words}{verb.capitalize()}", at),
        "Integration": _integration(function, settings),
        "MethodResponses": [],
    }
    service.add(f"ApiGatewayMethod{words}{verb.capitalize()}", "AWS::ApiGateway::Method", method, at)
    if settings.get("cors"):
        _add_preflight(service, api, resource, words, settings["cors"], at)
    source = {
        "Fn::Sub": ["arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*", {"Api": api}]
    }
    permission = {
        "FunctionName": arn_of(function_id(function)),
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": source,
    }
    identity = f"{logical(function)}LambdaPermissionApiGateway"
    if identity not in service.resources:
        service.add(identity, "AWS::Lambda::Permission", permission, at)


def _verb_and_path(said: Any, settings: Block) -> tuple[str, str]:
    if isinstance(said, str):
        parts = said.split()
        verb, path = (parts[0], parts[1]) if len(parts) > 1 else ("any", parts[0] if parts else "")
    else:
        verb, path = text_of(settings.get("method")) or "any", text_of(settings.get("path"))
    return ("any" if verb == "*" else verb.lower()), path.strip("/") or ("/" if path else "")


def _words(path: str) -> str:
    parts = [each for each in path.split("/") if each]
    named = [_WORDS.sub("", each).capitalize() + ("Var" if each.startswith("{") else "") for each in parts]
    return "".join(named)


def _api(service: Service, at: At) -> Any:
    """The id of the API; the API is added with its stage if it is not there and the service does not name another one."""
    settings = block(service.provider.get("apiGateway"))
    given = settings.get("restApiId")
    if given is not None:
        return given
    if API not in service.resources:
        _add_api(service, settings, at_key(service.provider, "apiGateway") if settings else at)
    return {"Ref": API}


def _add_api(service: Service, settings: Block, at: At) -> None:
    provider = service.provider
    name = f"{service.stage}-{service.name}"
    if is_on(settings.get("shouldStartNameWithService")):
        name = f"{service.name}-{service.stage}"
    kind = text_of(provider.get("endpointType")) or "EDGE"
    policy = settings.get("resourcePolicy", provider.get("resourcePolicy"))
    properties = {
        "Name": provider.get("apiName", name),
        "EndpointConfiguration": {"Types": [kind.upper()], **_endpoints(provider)},
        "Policy": {"Version": "2012-10-17", "Statement": policy} if policy is not None else None,
        "BinaryMediaTypes": settings.get("binaryMediaTypes"),
        "MinimumCompressionSize": settings.get("minimumCompressionSize"),
        "DisableExecuteApiEndpoint": settings.get("disableDefaultEndpoint"),
        "ApiKeySourceType": settings.get("apiKeySourceType"),
    }
    service.add(API, "AWS::ApiGateway::RestApi", properties, at)
    service.add("ApiGatewayDeployment", "AWS::ApiGateway::Deployment", {"RestApiId": {"Ref": API}}, at)
    _add_stage(service, at)
    _add_keys(service, settings)


def _endpoints(provider: Block) -> dict[str, Any]:
    ids = provider.get("vpcEndpointIds")
    return {"VpcEndpointIds": ids} if ids is not None else {}


def _add_stage(service: Service, at: At) -> None:
    provider = service.provider
    logs = block(provider.get("logs")).get("restApi")
    traced = block(provider.get("tracing")).get("apiGateway")
    properties: dict[str, Any] = {
        "StageName": service.stage,
        "RestApiId": {"Ref": API},
        "DeploymentId": {"Ref": "ApiGatewayDeployment"},
        "TracingEnabled": is_on(traced),
    }
    where = at
    if logs is not None and logs is not False:
        settings = block(logs)
        where = at_key(block(provider.get("logs")), "restApi")
        if settings.get("accessLogging", True) is not False:
            service.add(
                "ApiGatewayLogGroup",
                "AWS::Logs::LogGroup",
                {"LogGroupName": f"/aws/api-gateway/{service.prefix}"},
                where,
            )
            form = settings.get("format", "requestId: $context.requestId")
            properties["AccessLogSetting"] = {"DestinationArn": arn_of("ApiGatewayLogGroup"), "Format": form}
        if settings.get("executionLogging", True) is not False:
            detail = is_on(settings.get("fullExecutionData", True))
            level = {
                "HttpMethod": "*",
                "ResourcePath": "/*",
                "LoggingLevel": settings.get("level", "INFO"),
                "DataTraceEnabled": detail,
            }
            properties["MethodSettings"] = [level]
    service.add(STAGE, "AWS::ApiGateway::Stage", properties, where)


def _add_keys(service: Service, settings: Block) -> None:
    keys = settings.get("apiKeys", service.provider.get("apiKeys"))
    plan = settings.get("usagePlan", service.provider.get("usagePlan"))
    if keys is None and plan is None:
        return
    holder = settings if "apiKeys" in settings or "usagePlan" in settings else service.provider
    at = at_key(holder, "apiKeys" if keys is not None else "usagePlan")
    limits = block(plan)
    properties = {
        "UsagePlanName": service.prefix,
        "ApiStages": [{"ApiId": {"Ref": API}, "Stage": service.stage}],
        "Quota": _capitalised(limits.get("quota")),
        "Throttle": _capitalised(limits.get("throttle")),
    }
    service.add("ApiGatewayUsagePlan", "AWS::ApiGateway::UsagePlan", properties, at)
    for number, (key, line) in enumerate(items(keys), 1):
        here = At(at.file, line or at.line)
        said = block(key)
        name = said.get("name", key if isinstance(key, str) else None)
        service.add(
            f"ApiGatewayApiKey{number}",
            "AWS::ApiGateway::ApiKey",
            {"Enabled": True, "Name": name, "Value": said.get("value")},
            here,
        )
        bound = {
            "KeyId": {"Ref": f"ApiGatewayApiKey{number}"},
            "KeyType": "API_KEY",
            "UsagePlanId": {"Ref": "ApiGatewayUsagePlan"},
        }
        service.add(f"ApiGatewayUsagePlanKey{number}", "AWS::ApiGateway::UsagePlanKey", bound, here)


def _capitalised(said: Any) -> Any:
    return {f"{key[0].upper()}{key[1:]}": value for key, value in block(said).items()} or None


def _resource(service: Service, api: Any, path: str, at: At) -> Any:
    """The resource of a path; those on the way to it are added too."""
    settings = block(service.provider.get("apiGateway"))
    parent = settings.get("restApiRootResourceId", {"Fn::GetAtt": [API, "RootResourceId"]})
    walked: list[str] = []
    for part in [each for each in path.split("/") if each]:
        walked.append(part)
        identity = f"ApiGatewayResource{_words('/'.join(walked))}"
        if identity not in service.resources:
            service.add(
                identity, "AWS::ApiGateway::Resource", {"ParentId": parent, "PathPart": part, "RestApiId": api}, at
            )
        parent = {"Ref": identity}
    return parent


def _integration(function: str, settings: Block) -> dict[str, Any]:
    kind = text_of(settings.get("integration")).lower().replace("_", "-")
    if kind in ("mock", "http", "http-proxy"):
        target = block(settings.get("request")).get("uri")
        return {"Type": kind.upper().replace("-", "_"), **({"Uri": target} if target is not None else {})}
    path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Arn}/invocations"
    uri = {"Fn::Sub": [path, {"Arn": arn_of(function_id(function))}]}
    return {"Type": "AWS" if kind in ("lambda", "aws") else "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri}


def _authorization(service: Service, function: str, said: Any, api: Any, at: At) -> dict[str, Any]:
    if said is None:
        return {"AuthorizationType": "NONE"}
    if isinstance(said, Unresolved):
        return {"AuthorizationType": said}
    settings = block(said)
    name = text_of(settings.get("name")) if settings else text_of(said)
    kind = text_of(settings.get("type")).upper() if "type" in settings else ""
    if name.lower() == "aws_iam" or kind == "AWS_IAM":
        return {"AuthorizationType": "AWS_IAM"}
    arn = settings.get("arn", said if isinstance(said, str) and said.startswith("arn:") else None)
    cognito = kind == "COGNITO_USER_POOLS" or ":cognito-idp:" in text_of(arn) or _is_pool(service, arn)
    scopes = settings.get("scopes")
    how = {
        "AuthorizationType": "COGNITO_USER_POOLS" if cognito else "CUSTOM",
        **({"AuthorizationScopes": scopes} if scopes is not None else {}),
    }
    given = settings.get("authorizerId")
    if given is not None:
        return {**how, "AuthorizerId": given}
    name = name.rpartition(":")[2].rpartition("/")[2] if name.startswith("arn:") else name
    identity = f"{logical(_WORDS.sub('-', name or function))}ApiGatewayAuthorizer"
    if identity not in service.resources:
        _add_authorizer(service, identity, name or function, settings, arn, api, at)
    return {**how, "AuthorizerId": {"Ref": identity}}


def _is_pool(service: Service, arn: Any) -> bool:
    """Whether an ARN is that of a user pool of the service's own resources."""
    pair = block(arn).get("Fn::GetAtt")
    target = pair[0] if isinstance(pair, list) and pair else text_of(pair).partition(".")[0]
    declared = [block(block(each).get("Resources")) for each, _ in items(service.said.get("resources"))]
    return any(block(each.get(text_of(target))).get("Type") == "AWS::Cognito::UserPool" for each in declared)


def _add_authorizer(service: Service, identity: str, name: str, settings: Block, arn: Any, api: Any, at: At) -> None:
    pool = (
        text_of(settings.get("type")).upper() == "COGNITO_USER_POOLS"
        or ":cognito-idp:" in text_of(arn)
        or _is_pool(service, arn)
    )
    properties: dict[str, Any] = {
        "Name": name,
        "RestApiId": api,
        "AuthorizerResultTtlInSeconds": settings.get("resultTtlInSeconds", 300),
        "IdentitySource": settings.get("identitySource", "method.request.header.Authorization"),
        "IdentityValidationExpression": settings.get("identityValidationExpression"),
    }
    if pool:
        properties |= {"Type": "COGNITO_USER_POOLS", "ProviderARNs": [arn]}
    else:
        called = arn if arn is not None else arn_of(function_id(name))
        path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Arn}/invocations"
        kind = "REQUEST" if text_of(settings.get("type")).upper() == "REQUEST" else "TOKEN"
        properties |= {"Type": kind, "AuthorizerUri": {"Fn::Sub": [path, {"Arn": called}]}}
    service.add(identity, "AWS::ApiGateway::Authorizer", properties, at)


def _request(service: Service, said: Any, api: Any, words: str, at: At) -> dict[str, Any]:
    """What an event says about the requests that it takes: schemas of bodies, and parameters that must be there."""
    settings = block(said)
    schemas = block(settings.get("schemas", settings.get("schema")))
    required = block(settings.get("parameters"))
    names = {"querystrings": "querystring", "headers": "header", "paths": "path"}
    parameters = {
        f"method.request.{names[kind]}.{name}": is_on(block(value).get("required", value))
        for kind, each in required.items()
        if kind in names
        for name, value in block(each).items()
    }
    made: dict[str, Any] = {"RequestParameters": parameters} if parameters else {}
    if schemas:
        models = {}
        for number, (content, schema) in enumerate(schemas.items()):
            identity = f"ApiGatewayMethod{words}Model{number}"
            own = block(schema).get("schema", schema)
            service.add(
                identity, "AWS::ApiGateway::Model", {"RestApiId": api, "ContentType": content, "Schema": own}, at
            )
            models[content] = {"Ref": identity}
        made["RequestModels"] = models
    if schemas or any(parameters.values()):
        validator = {"RestApiId": api, "ValidateRequestBody": bool(schemas), "ValidateRequestParameters": True}
        service.add("ApiGatewayRequestValidator", "AWS::ApiGateway::RequestValidator", validator, at)
        made["RequestValidatorId"] = {"Ref": "ApiGatewayRequestValidator"}
    return made


def _add_preflight(service: Service, api: Any, resource: Any, words: str, cors: Any, at: At) -> None:
    settings = block(cors)
    origin = settings.get("origin", settings.get("origins", "*"))
    first = items(origin)[0][0] if items(origin) else "*"
    header = "method.response.header.Access-Control-Allow-"
    answers = {f"{header}Origin": f"'{text_of(first)}'", f"{header}Headers": f"'{_HEADERS}'"}
    if is_on(settings.get("allowCredentials")):
        answers[f"{header}Credentials"] = "'true'"
    method = {
        "HttpMethod": "OPTIONS",
        "AuthorizationType": "NONE",
        "RestApiId": api,
        "ResourceId": resource,
        "Integration": {"Type": "MOCK", "IntegrationResponses": [{"StatusCode": "200", "ResponseParameters": answers}]},
        "MethodResponses": [{"StatusCode": "200", "ResponseParameters": dict.fromkeys(answers, True)}],
    }
    service.add(f"ApiGatewayMethod{words}Options", "AWS::ApiGateway::Method", method, at)
