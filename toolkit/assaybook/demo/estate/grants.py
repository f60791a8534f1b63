"""Makes the functions, and says who may invoke them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..emulator.clock import at
from .function import Function, role_of
from .function_habits import JSON_LOGS, TIMEOUTS, stack_tag
from .names import ACCOUNT, EU, LOG_ARCHIVE, ORGANISATION, PARTNER, STRANGER, US, Builder, arn, function_arn, role_arn
from .network import ATTACHED
from .workloads import FUNCTIONS


def _service(name: str, source: str = "", *, account: bool = False) -> dict[str, str]:
    made = {"Principal": f"{name}.amazonaws.com"}
    if source:
        made["SourceArn"] = source
    if account:
        made["SourceAccount"] = ACCOUNT
    return made


def _rule(name: str, bus: str = "") -> dict[str, str]:
    return _service("events", arn("events", f"rule/{bus}/{name}" if bus else f"rule/{name}"))


OPEN_URL = {"Principal": "*", "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
# Function, region, alias (empty: the function itself), name of the statement, what AddPermission takes.
GRANTS: tuple[tuple[str, str, str, str, Mapping[str, str]], ...] = (
    ("orders-history", US, "", "http-api", _service("apigateway", arn("execute-api", "h77shop001/*/*/orders"))),
    ("orders-api", US, "live", "rest-api", _service("apigateway", arn("execute-api", "*/production/*/orders"))),
    ("customer-profile", US, "", "rest-api", _service("apigateway", arn("execute-api", "*/production/*/customer"))),
    ("inventory-api", US, "", "http-api", _service("apigateway", arn("execute-api", "*/*/*/stock"))),
    ("chat-connect", US, "", "chat", _service("apigateway", arn("execute-api", "*/production/$connect"))),
    ("chat-message", US, "", "chat", _service("apigateway")),
    ("auth-authorizer", US, "", "rest-api", _service("apigateway", arn("execute-api", "*/authorizers/*"))),
    ("auth-presignup", US, "", "sign-up", _service("cognito-idp")),
    ("catalog-search", US, "", "graph", _service("appsync", arn("appsync", "apis/*"))),
    ("orders-archiver", US, "", "nightly", _rule("orders-archive-nightly")),
    ("orders-export", US, "", "daily", _rule("orders-export-daily")),
    ("payments-reconcile", US, "", "daily", _rule("payments-reconcile-daily")),
    ("ops-cleanup", US, "", "weekly", _rule("cleanup-weekly")),
    ("fraud-score", US, "", "orders", _rule("order-placed-to-fraud", "shop-events")),
    ("data-lake-ingest", US, "", "events", _service("events")),
    ("notify-email", US, "", "topic", _service("sns", arn("sns", "order-events"))),
    ("notify-sms", US, "", "topic", _service("sns", arn("sns", "parcel-events"))),
    ("inventory-import", US, "", "bucket", _service("s3", "arn:aws:s3:::northwind-supplier-imports", account=True)),
    ("partner-shipment", US, "", "bucket", _service("s3", "arn:aws:s3:::northwind-carrier-drop")),
    ("payments-webhook", US, "", "url", OPEN_URL),
    ("tax-calculate", EU, "public", "url", OPEN_URL),
    ("catalog-feed", US, "", "anyone", {"Principal": "*", "Action": "lambda:InvokeFunction"}),
    (
        "ops-metrics",
        US,
        "",
        "organisation",
        {"Principal": "*", "Action": "lambda:InvokeFunction", "PrincipalOrgID": ORGANISATION},
    ),
    ("partner-gateway", US, "", "archive", {"Principal": LOG_ARCHIVE}),
    ("partner-gateway", US, "", "carrier", {"Principal": f"arn:aws:iam::{PARTNER}:role/shipping"}),
    ("partner-gateway", US, "", "unknown-2022", {"Principal": STRANGER}),
    (
        "customer-consent",
        US,
        "live",
        "cdn",
        {
            **_service("cloudfront", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E2NORTHWIND1A"),
            "Action": "lambda:InvokeFunctionUrl",
        },
    ),
    ("orders-api", EU, "live", "http-api", _service("apigateway", arn("execute-api", "*/*/*/orders", EU))),
    ("returns-api", EU, "", "http-api", _service("apigateway", arn("execute-api", "*/*/*/returns", EU))),
)
# Function, region, alias, authentication, CORS origins.
URLS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("payments-webhook", US, "", "NONE", ()),
    ("customer-consent", US, "live", "AWS_IAM", ("https://shop.example.com",)),
    ("ops-admin", US, "", "AWS_IAM", ()),
    ("tax-calculate", EU, "public", "NONE", ("*",)),
)
# A policy that only its owner may read: the reader's role lacks the permission by a policy of the organisation.
UNREADABLE_POLICIES = ("legacy-invoice",)
UNREADABLE_VARIABLES = {"fraud-score": "the key alias/fraud"}


def build_layers(builder: Builder) -> None:
    """Publish the own layers: one for all, one that is open to the world."""
    functions = builder.client("lambda")
    code = {"ZipFile": b"PK"}
    with at("2026-01-20"):
        for _ in range(2):
            functions.publish_layer_version(
                LayerName="shop-common", Content=code, CompatibleRuntimes=["python3.13", "nodejs24.x"]
            )
        functions.add_layer_version_permission(
            LayerName="shop-common",
            VersionNumber=2,
            StatementId="organisation",
            Action="lambda:GetLayerVersion",
            Principal="*",
            OrganizationId=ORGANISATION,
        )


def build_functions(builder: Builder, keys: Mapping[str, str]) -> None:
    """Make the functions with versions, aliases, URLs and policies."""
    for function in FUNCTIONS:
        with at(function.made):
            _build(builder.client("lambda", function.region), function, keys)
    with at("2025-09-30"):
        for name, region, alias, sid, given in GRANTS:
            extra = {"Qualifier": alias} if alias else {}
            statement = {"Action": "lambda:InvokeFunction", **given, **extra}
            builder.client("lambda", region).add_permission(FunctionName=name, StatementId=sid, **statement)
        for name, region, alias, kind, origins in URLS:
            extra = {"Qualifier": alias} if alias else {}
            cors = {"Cors": {"AllowOrigins": list(origins), "AllowMethods": ["GET", "POST"]}} if origins else {}
            builder.client("lambda", region).create_function_url_config(
                FunctionName=name, AuthType=kind, **extra, **cors
            )


def _build(functions: Any, function: Function, keys: Mapping[str, str]) -> None:
    name: dict[str, Any] = {"FunctionName": function.name}
    given: dict[str, Any] = {
        "Role": role_arn(role_of(function)),
        "Description": function.does,
        "MemorySize": 512,
        "Timeout": TIMEOUTS.get(function.name, 15),
        "Tags": {**function.tags, **stack_tag(function.name)},
        "LoggingConfig": {"LogFormat": "JSON" if function.name in JSON_LOGS else "Text"},
        "TracingConfig": {"Mode": "Active" if function.traced else "PassThrough"},
    }
    if function.image:
        given |= {"PackageType": "Image", "Code": {"ImageUri": function.image}}
    else:
        given |= {"Runtime": function.runtime, "Handler": "app.handler", "Code": {"ZipFile": b"PK"}}
    if function.variables:
        given["Environment"] = {"Variables": dict(function.variables)}
    if function.key:
        given["KMSKeyArn"] = keys[function.key]
    if function.failed:
        given["DeadLetterConfig"] = {"TargetArn": function.failed}
    if function.layers:
        given["Layers"] = [layer.format(region=function.region) for layer in function.layers]
    if function.name in ATTACHED:
        given["VpcConfig"] = dict(ATTACHED[function.name])
    functions.create_function(**name, **given)
    for _ in range(function.versions):
        functions.publish_version(**name)
    if function.alias:
        shift = {"RoutingConfig": {"AdditionalVersionWeights": {function.shifting: 0.1}}} if function.shifting else {}
        version = str(function.versions - 1 if function.shifting else function.versions)
        functions.create_alias(**name, Name=function.alias, FunctionVersion=version, **shift)
    if function.reserved is not None:
        functions.put_function_concurrency(**name, ReservedConcurrentExecutions=function.reserved)


def live_arn(name: str, alias: str = "", region: str = US) -> str:
    """The ARN under which an API calls a function."""
    return f"{function_arn(name, region)}:{alias}" if alias else function_arn(name, region)
