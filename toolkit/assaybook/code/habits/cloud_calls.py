"""Which services of the provider code calls, and whether that list can be whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .. import ir
from ..naming import View
from ..scopes import Scope

_BOTO = re.compile(r"^boto3\.(client|resource)\(([\w-]+|\?)\)(?:\.(.+))?$")
_MODULAR = re.compile(r"^@aws-sdk/(?:client|lib)-([\w-]+)(?:\.(\w+))?")
_WHOLE = re.compile(r"^aws-sdk\.(\w+)(?:\.(\w+))?")
# What IAM calls services whose client has another name. Source: Service Authorization Reference.
_PREFIX = {
    "cognito-identity-provider": "cognito-idp", "cognitoidentityserviceprovider": "cognito-idp", "documentclient": "dynamodb", "dynamodbdocument": "dynamodb", "dynamodb": "dynamodb",
    "stepfunctions": "states", "sfn": "states", "eventbridge": "events", "cloudwatch-logs": "logs", "cloudwatchlogs": "logs", "secrets-manager": "secretsmanager", "email": "ses", "sesv2": "ses",
    "ses": "ses", "pinpoint": "mobiletargeting", "apigatewaymanagementapi": "execute-api", "api-gateway-management-api": "execute-api", "bedrock-runtime": "bedrock", "bedrockruntime": "bedrock",
    "bedrock-agent-runtime": "bedrock", "iotdataplane": "iot", "iot-data": "iot", "iot-data-plane": "iot",
    "rds-data": "rds-data", "rdsdataservice": "rds-data", "dynamodbstreams": "dynamodb", "storage": "s3",
    "s3control": "s3", "cloudwatch": "cloudwatch", "elbv2": "elasticloadbalancing", "opensearch": "es", "lex-runtime": "lex", "timestream-write": "timestream", "timestream-query": "timestream",
    "appconfigdata": "appconfig", "sagemaker-runtime": "sagemaker", "neptunedata": "neptune-db",
    "kinesis-firehose": "firehose", "service-quotas": "servicequotas", "elastic-beanstalk": "elasticbeanstalk",
}  # fmt: skip
# Libraries that call services on their own, so that the text names none.
_HIDING = (
    "aws_lambda_powertools.utilities",
    "@aws-lambda-powertools/parameters",
    "pynamodb",
    "dynamoose",
    "aioboto3",
    "aiobotocore",
    "awswrangler",
    "aws-amplify",
    "s3fs",
    "smart_open",
    "dynamodb-toolbox",
    "electrodb",
    "botocore",
    "aws_xray_sdk",
    "chalice",
    "zappa",
)
_ELSEWHERE = frozenset(
    {
        "subprocess.run",
        "subprocess.Popen",
        "subprocess.check_output",
        "os.system",
        "child_process.exec",
        "child_process.execSync",
        "child_process.spawn",
        "eval",
        "exec",
        "importlib.import_module",
    }
)


def cloud_calls(view: View) -> Mapping[str, Any]:
    """The services that the package's code calls with the functions that do, and why the list may not be whole (empty if it is)."""
    found: dict[tuple[str, str], set[str]] = {}
    why: set[str] = set()
    for scope in view.scopes:
        for call in scope.calls():
            for service, action in _called(view, call, scope, why):
                found.setdefault((service, action), set()).add(scope.module.path)
        for module in scope.imports.values():
            if any(module == each or module.startswith((f"{each}.", f"{each}/")) for each in _HIDING):
                why.add(f"{module} may call services of its own accord")
    calls = [
        {"service": service, "action": action, "files": sorted(files)}
        for (service, action), files in sorted(found.items())
    ]
    return {"calls": calls, "open": sorted(why)}


def _called(view: View, call: ir.Call, scope: Scope, why: set[str]) -> Iterator[tuple[str, str]]:
    name = view.named(call.function, scope)
    made = view.named(call, scope)
    if name in _ELSEWHERE:
        why.add(f"{name} runs what is not read")
    match = _BOTO.match(made.split("()")[0] if "()" in made else made)
    if match is not None:
        service = match[2]
        if service == "?":
            why.add(f"a client of {scope.module.path} is made for a service that is decided at run time")
        else:
            action = (match[3] or "").partition(".")[0]
            yield _prefix(service), _pascal(action) if action and match[1] == "client" else ""
    match = _MODULAR.match(name)
    if match is not None:
        action = match[2] or ""
        yield _prefix(match[1]), action.removesuffix("Command") if action.endswith("Command") else ""
    match = _WHOLE.match(name)
    if match is not None and match[1] not in (
        "config",
        "Config",
        "Credentials",
        "Endpoint",
        "HttpRequest",
        "util",
        "X",
    ):
        yield _prefix(match[1].lower()), ""


def _prefix(service: str) -> str:
    return _PREFIX.get(service, service)


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
