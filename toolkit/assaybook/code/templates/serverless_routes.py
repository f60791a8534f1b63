"""The HTTP API and the WebSocket API of a service.

Source: Serverless Framework documentation, "HTTP API (API Gateway v2)" and "Websocket".
"""

from __future__ import annotations

import re
from typing import Any

from .located import Block, block
from .resources import Unresolved
from .serverless_parts import At, Service, arn_of, at_key, function_id, is_on, items, logical
from .values import text_of

HTTP, SOCKET = "HttpApi", "WebsocketsApi"
_WORDS = re.compile(r"[^A-Za-z0-9]+")
_CORS_ALL = {
    "AllowOrigins": ["*"],
    "AllowHeaders": [
        "Content-Type",
        "X-Amz-Date",
        "Authorization",
        "X-Api-Key",
        "X-Amz-Security-Token",
        "X-Amz-User-Agent",
    ],
    "AllowMethods": ["OPTIONS", "GET", "POST", "PUT", "DELETE", "PATCH"],
}
_CORS = {
    "allowedOrigins": "AllowOrigins",
    "allowedHeaders": "AllowHeaders",
    "allowedMethods": "AllowMethods",
    "allowCredentials": "AllowCredentials",
    "exposedResponseHeaders": "ExposeHeaders",
    "maxAge": "MaxAge",
}


def add_route(service: Service, function: str, said: Any, at: At) -> None:
    """Add a route of the HTTP API for an event of a function, and the API itself with the first one."""
    settings = said if isinstance(said, Block) else Block(at.file, at.line)
    api = _http_api(service, at)
    key = _route_key(said, settings)
    words = _WORDS.sub("", key.title()) or "Default"
    integration = f"HttpApiIntegration{logical(function)}"
    if integration not in service.resources:
        _add_integration(service, integration, function, api, "2.0", at)
    properties = {
        "ApiId": api,
        "RouteKey": key,
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
        **_authorization(
            service, settings.get("authorizer", block(service.provider.get("httpApi")).get("authorizer")), api, at
        ),
    }
    service.add(f"HttpApiRoute{words}", "AWS::ApiGatewayV2::Route", properties, at)
    _allow(service, f"{logical(function)}LambdaPermissionHttpApi", function, api, at)


def _route_key(said: Any, settings: Block) -> str:
    if isinstance(said, str):
        text = " ".join(said.split())
    else:
        text = f"{text_of(settings.get('method')) or '*'} {text_of(settings.get('path')) or '*'}"
    if text in ("*", "* *", ""):
        return "$default"
    method, _, path = text.partition(" ")
    return f"{'ANY' if method == '*' else method.upper()} {path if path.startswith('/') else f'/{path}'}"


def _http_api(service: Service, at: At) -> Any:
    settings = block(service.provider.get("httpApi"))
    given = settings.get("id")
    if given is not None:
        return given
    if HTTP not in service.resources:
        _add_http_api(service, settings, at_key(service.provider, "httpApi") if settings else at)
    return {"Ref": HTTP}


def _add_http_api(service: Service, settings: Block, at: At) -> None:
    cors = settings.get("cors")
    named = {_CORS[key]: value for key, value in block(cors).items() if key in _CORS}
    properties = {
        "Name": settings.get("name", f"{service.stage}-{service.name}"),
        "ProtocolType": "HTTP",
        "CorsConfiguration": cors if isinstance(cors, Unresolved) else _CORS_ALL if is_on(cors) else named or None,
        "DisableExecuteApiEndpoint": settings.get("disableDefaultEndpoint"),
    }
    service.add(HTTP, "AWS::ApiGatewayV2::Api", properties, at)
    logs = block(service.provider.get("logs")).get("httpApi")
    stage: dict[str, Any] = {
        "ApiId": {"Ref": HTTP},
        "StageName": "$default",
        "AutoDeploy": True,
        "DefaultRouteSettings": {"DetailedMetricsEnabled": is_on(settings.get("metrics"))},
    }
    if logs is not None and logs is not False:
        where = at_key(block(service.provider.get("logs")), "httpApi")
        service.add(
            "HttpApiLogGroup", "AWS::Logs::LogGroup", {"LogGroupName": f"/aws/http-api/{service.prefix}"}, where
        )
        form = block(logs).get("format", '{"requestId":"$context.requestId"}')
        stage["AccessLogSettings"] = {"DestinationArn": arn_of("HttpApiLogGroup"), "Format": form}
    service.add("HttpApiStage", "AWS::ApiGatewayV2::Stage", stage, at)


def _authorization(service: Service, said: Any, api: Any, at: At) -> dict[str, Any]:
    if said is None:
        return {"AuthorizationType": "NONE"}
    if isinstance(said, Unresolved):
        return {"AuthorizationType": said}
    settings = block(said)
    name = text_of(settings.get("name", said if isinstance(said, str) else ""))
    if "aws_iam" in (text_of(settings.get("type")).lower(), name.lower()):
        return {"AuthorizationType": "AWS_IAM"}
    known = block(block(service.provider.get("httpApi")).get("authorizers"))
    declared = block(known.get(name))
    kind = "CUSTOM" if text_of(settings.get("type", declared.get("type"))).lower() == "request" else "JWT"
    given = settings.get("id")
    if given is not None:
        return {"AuthorizationType": kind, "AuthorizerId": given}
    if name not in known:
        service.problem(at, f"the authorizer {name} is not declared under provider.httpApi.authorizers")
        return {
            "AuthorizationType": Unresolved(
                f"${{{name}}}", f"the authorizer {name} is not declared", f"{at.file}:{at.line}"
            )
        }
    identity = f"HttpApiAuthorizer{logical(_WORDS.sub('-', name))}"
    if identity not in service.resources:
        _add_authorizer(service, identity, name, declared, kind, api, at_key(known, name))
    scopes = settings.get("scopes")
    return {
        "AuthorizationType": kind,
        "AuthorizerId": {"Ref": identity},
        **({"AuthorizationScopes": scopes} if scopes is not None else {}),
    }


def _add_authorizer(service: Service, identity: str, name: str, said: Block, kind: str, api: Any, at: At) -> None:
    source = said.get("identitySource", "$request.header.Authorization")
    properties: dict[str, Any] = {
        "ApiId": api,
        "Name": said.get("name", name),
        "IdentitySource": [each for each, _ in items(source)],
    }
    if kind == "JWT":
        audience = [each for each, _ in items(said.get("audience"))]
        properties |= {
            "AuthorizerType": "JWT",
            "JwtConfiguration": {"Audience": audience, "Issuer": said.get("issuerUrl")},
        }
    else:
        called = said.get("functionArn", arn_of(function_id(text_of(said.get("functionName")))))
        path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Arn}/invocations"
        properties |= {
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": {"Fn::Sub": [path, {"Arn": called}]},
            "AuthorizerPayloadFormatVersion": text_of(said.get("payloadVersion")) or "2.0",
            "EnableSimpleResponses": is_on(said.get("enableSimpleResponses")),
            "AuthorizerResultTtlInSeconds": said.get("resultTtlInSeconds"),
        }
    service.add(identity, "AWS::ApiGatewayV2::Authorizer", properties, at)


def _add_integration(service: Service, identity: str, function: str, api: Any, version: str, at: At) -> None:
    properties = {
        "ApiId": api,
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": arn_of(function_id(function)),
        "PayloadFormatVersion": version,
    }
    service.add(identity, "AWS::ApiGatewayV2::Integration", properties, at)


def _allow(service: Service, identity: str, function: str, api: Any, at: At) -> None:
    source = {"Fn::Sub": ["arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*", {"Api": api}]}
    properties = {
        "FunctionName": arn_of(function_id(function)),
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": source,
    }
    if identity not in service.resources:
        service.add(identity, "AWS::Lambda::Permission", properties, at)


def add_socket(service: Service, function: str, said: Any, at: At) -> None:
    """Add a route of the WebSocket API for an event of a function, and the API itself with the first one."""
    settings = said if isinstance(said, Block) else Block(at.file, at.line)
    api = block(service.provider.get("apiGateway")).get("websocketApiId")
    if api is None:
        api = {"Ref": SOCKET}
        if SOCKET not in service.resources:
            _add_socket_api(service, at)
    route = text_of(settings.get("route", said if isinstance(said, str) else "$default"))
    integration = f"{logical(function)}WebsocketsIntegration"
    if integration not in service.resources:
        _add_integration(service, integration, function, api, "1.0", at)
    properties: dict[str, Any] = {
        "ApiId": api,
        "RouteKey": route,
        "AuthorizationType": "NONE",
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
        **(_socket_authorization(service, settings["authorizer"], api, at) if "authorizer" in settings else {}),
    }
    service.add(f"{_WORDS.sub('', route.replace('$', 'S'))}WebsocketsRoute", "AWS::ApiGatewayV2::Route", properties, at)
    _allow(service, f"{logical(function)}LambdaPermissionWebsockets", function, api, at)


def _add_socket_api(service: Service, at: At) -> None:
    provider = service.provider
    name = provider.get("websocketsApiName", f"{service.stage}-{service.name}-websockets")
    expression = provider.get("websocketsApiRouteSelectionExpression", "$request.body.action")
    properties = {"Name": name, "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": expression}
    service.add(SOCKET, "AWS::ApiGatewayV2::Api", properties, at)
    stage: dict[str, Any] = {"ApiId": {"Ref": SOCKET}, "StageName": service.stage, "AutoDeploy": True}
    logs = block(provider.get("logs")).get("websocket")
    if logs is not None and logs is not False:
        where = at_key(block(provider.get("logs")), "websocket")
        service.add(
            "WebsocketsLogGroup", "AWS::Logs::LogGroup", {"LogGroupName": f"/aws/websocket/{service.prefix}"}, where
        )
        stage["AccessLogSettings"] = {
            "DestinationArn": arn_of("WebsocketsLogGroup"),
            "Format": block(logs).get("format", "$context.requestId"),
        }
    service.add("WebsocketsDeploymentStage", "AWS::ApiGatewayV2::Stage", stage, at)


def _socket_authorization(service: Service, said: Any, api: Any, at: At) -> dict[str, Any]:
    if isinstance(said, Unresolved):
        return {"AuthorizationType": said}
    settings = block(said)
    name = text_of(settings.get("name", said if isinstance(said, str) else ""))
    if name.lower() == "aws_iam":
        return {"AuthorizationType": "AWS_IAM"}
    arn = settings.get("arn", said if isinstance(said, str) and said.startswith("arn:") else None)
    identity = f"{logical(_WORDS.sub('-', name.rpartition(':')[2] or 'socket'))}WebsocketsAuthorizer"
    called = arn if arn is not None else arn_of(function_id(name))
    path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Arn}/invocations"
    source = settings.get("identitySource", "route.request.header.Auth")
    properties = {
        "ApiId": api,
        "Name": name or identity,
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": {"Fn::Sub": [path, {"Arn": called}]},
        "IdentitySource": [each for each, _ in items(source)],
    }
    service.add(identity, "AWS::ApiGatewayV2::Authorizer", properties, at)
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": identity}}
