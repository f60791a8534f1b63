"""The functions of the order-and-payments estate, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .names import ACCOUNT, EU, LOG_ARCHIVE, PARTNER, US, arn, secret

INSIGHTS = "arn:aws:lambda:{region}:580247275435:layer:LambdaInsightsExtension:56"
POWERTOOLS = "arn:aws:lambda:{region}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:21"
DATADOG = "arn:aws:lambda:{region}:464622532012:layer:Datadog-Extension:84"
SHOP_COMMON = f"arn:aws:lambda:{{region}}:{ACCOUNT}:layer:shop-common:2"
SHOP_DELETED = f"arn:aws:lambda:{{region}}:{ACCOUNT}:layer:pdf-fonts:4"
SOMEBODYS = "arn:aws:lambda:{region}:999988887777:layer:headless-browser:31"
IMAGES = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function. `role` and `alias` are names; `failed` is the ARN of the dead-letter queue; `made` the day of its last change."""

    name: str
    does: str
    runtime: str = "python3.13"
    region: str = US
    role: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    failed: str = ""
    image: str = ""
    reserved: int | None = None
    traced: bool = True
    network: bool = False
    key: str = ""
    versions: int = 0
    alias: str = ""
    shifting: str = ""
    made: str = "2026-09-14"


def _tags(
    data: str = "internal", *, critical: str = "", environment: str = "production", **more: str
) -> dict[str, str]:
    tags = {"environment": environment, "data-classification": data, "team": "shop", **more}
    return {**tags, "criticality": critical} if critical else tags


ORDERS = (
    Function(
        name="orders-api",
        does="Takes orders from the shop and shows their state",
        tags=_tags("confidential", critical="high"),
        variables={
            "TABLE_NAME": "orders",
            "EVENT_BUS": "shop-events",
            "LOG_LEVEL": "INFO",
            "PAYMENT_TIMEOUT_MS": "4000",
        },
        layers=(POWERTOOLS, SHOP_COMMON),
        versions=4,
        alias="live",
        shifting="4",
        reserved=200,
    ),
    Function(
        name="orders-validate",
        does="Checks an order before it is paid: stock, price, address (注文の検証 ✅)",
        tags=_tags("internal", note="注文・決済"),
        variables={"RULES_BUCKET": "northwind-shop-rules", "STAGE": "production"},
    ),
    Function(
        name="orders-history",
        does="Past orders of a customer",
        runtime="nodejs24.x",
        tags=_tags("confidential"),
        variables={"TABLE_NAME": "orders"},
    ),
    Function(
        name="orders-export",
        does="Writes the orders of a day as CSV for accounting",
        runtime="python3.9",
        tags=_tags("confidential"),
        failed=arn("sqs", "orders-export-failed"),
        made="2024-03-11",
        variables={"TARGET_BUCKET": "northwind-shop-exports"},
    ),
    Function(
        name="orders-archiver",
        does="Moves orders older than seven years to the archive every night",
        runtime="python3.12",
        tags=_tags("confidential"),
    ),
    Function(
        name="orders-projector",
        does="Keeps the read model of orders from the table's stream",
        tags=_tags("internal", critical="high"),
        variables={"READ_MODEL": "orders-read-model"},
    ),
)

PAYMENTS = (
    Function(
        name="payments-capture",
        does="Captures authorised card payments",
        runtime="nodejs20.x",
        tags=_tags("pci", critical="critical"),
        variables={"PSP_API_KEY": secret("payment key"), "TABLE_NAME": "payments", "NODE_ENV": "production"},
        failed=arn("sqs", "payments-failed"),
        versions=2,
        alias="live",
        key="payments",
        reserved=100,
        made="2025-11-03",
    ),
    Function(
        name="payments-refund",
        does="Pays back, after a second person agreed",
        runtime="nodejs24.x",
        tags=_tags("pci", critical="critical"),
        variables={"PSP_SECRET_ARN": arn("secretsmanager", "secret:payments/psp-AbCdEf"), "TABLE_NAME": "payments"},
        failed=arn("sqs", "payments-failed"),
    ),
    Function(
        name="payments-webhook",
        does="Takes the payment provider's notifications",
        runtime="nodejs22.x",
        tags=_tags("pci"),
        variables={"WEBHOOK_SIGNING_SECRET": secret("signing secret")},
    ),
    Function(
        name="payments-ledger",
        does="Books every movement of money, exactly once",
        runtime="java21",
        tags=_tags("pci", critical="critical"),
        variables={"LEDGER_URL": secret("database address")},
        network=True,
    ),
    Function(
        name="payments-reconcile",
        does="Compares the ledger with the bank's statement",
        runtime="java17",
        tags=_tags("confidential"),
    ),
    Function(
        name="payments-tokenize",
        does="Exchanges card numbers for tokens",
        runtime="dotnet8",
        tags=_tags("pci", critical="critical"),
        key="payments",
        variables={"TOKEN_TABLE": "payment-tokens"},
    ),
    Function(name="payments-report", does="Daily figures for finance", runtime="dotnet10", tags=_tags("internal")),
)

STOCK = (
    Function(
        name="inventory-sync",
        does="Takes stock levels from the warehouse queue",
        runtime="provided.al2023",
        tags=_tags(),
    ),
    Function(
        name="inventory-api",
        does="Stock levels for the shop's own services",
        runtime="nodejs24.x",
        tags=_tags(),
        layers=(SHOP_COMMON,),
    ),
    Function(
        name="inventory-import",
        does="Reads the suppliers' price lists from the import bucket",
        runtime="provided.al2",
        tags=_tags(),
    ),
    Function(
        name="catalog-search", does="Full-text search of the catalogue", runtime="python3.14", tags=_tags("public")
    ),
    Function(
        name="catalog-image-resize",
        does="Thumbnails of product pictures",
        image=f"{IMAGES}/catalog-image-resize:2026-10-02",
        tags=_tags("public"),
    ),
    Function(
        name="catalog-feed",
        does="Product feed for price comparison sites",
        runtime="ruby3.3",
        tags=_tags("public"),
        variables={"FEED_TOKEN": "changeme"},
    ),
)

CUSTOMERS = (
    Function(
        name="customer-profile",
        does="Name, addresses and preferences of a customer",
        tags=_tags("pii", critical="high"),
        variables={"TABLE_NAME": "customers"},
    ),
    Function(
        name="customer-consent", does="What a customer agreed to, and when", tags=_tags("pii"), versions=1, alias="live"
    ),
    Function(name="customer-erasure", does="Erases a customer's data on request", runtime="java25", tags=_tags("pii")),
    Function(
        name="auth-authorizer",
        does="Decides who may call the REST API",
        runtime="nodejs24.x",
        tags=_tags("confidential", critical="high"),
    ),
    Function(name="auth-presignup", does="Refuses disposable mail addresses at sign-up", tags=_tags("pii")),
    Function(
        name="chat-connect", does="Opens a support chat", runtime="nodejs24.x", role="support-chat", tags=_tags("pii")
    ),
    Function(
        name="chat-message",
        does="Passes chat messages on",
        runtime="nodejs24.x",
        role="support-chat",
        tags=_tags("pii"),
    ),
)

NOTICES = (
    Function(
        name="notify-email",
        does="Sends mail about orders 📦✉️ – in the customer's language",
        runtime="nodejs22.x",
        tags=_tags("pii"),
        variables={"MAIL_TOKEN": secret("mail token"), "FROM": "shop@example.com"},
    ),
    Function(name="notify-sms", does="Sends a short message when a parcel is on its way", tags=_tags("pii")),
    Function(name="notify-push", does="Push notices to the app", tags=_tags(), layers=(DATADOG,)),
    Function(
        name="fraud-score",
        does="Scores an order for fraud",
        image=f"{IMAGES}/fraud-score:3.2.1",
        tags=_tags("restricted", critical="high"),
        key="fraud",
        variables={"MODEL": "gbm-17"},
    ),
    Function(
        name="fraud-rules",
        does="Keeps the rules that fraud scoring uses",
        tags=_tags("restricted"),
        layers=(INSIGHTS,),
        reserved=5,
    ),
)

OPERATIONS = (
    Function(
        name="ops-admin",
        does="Emergency actions by chat command",
        tags=_tags("internal"),
        role="ops-admin",
        variables={"AWS_KEY_FOR_DR": secret("cloud key")},
    ),
    Function(
        name="ops-cleanup",
        does="Deletes what is no longer needed",
        runtime="python3.11",
        tags=_tags("internal"),
        role="ops-cleanup",
    ),
    Function(
        name="ops-metrics",
        does="Business figures for the wall screen",
        tags=_tags("internal"),
        layers=(DATADOG, POWERTOOLS),
    ),
    Function(
        name="legacy-invoice",
        does="Invoices of the old shop; 'temporary' since 2019",
        runtime="nodejs12.x",
        tags=_tags("confidential"),
        role="legacy-shared",
        made="2021-02-19",
        traced=False,
    ),
    Function(
        name="legacy-pdf",
        does="PDF of an invoice",
        runtime="java8.al2",
        tags=_tags("confidential"),
        role="legacy-shared",
        layers=(SHOP_DELETED, SOMEBODYS),
        made="2022-06-30",
        traced=False,
    ),
    Function(
        name="partner-gateway",
        does="Orders that partners send",
        tags=_tags("confidential"),
        variables={"PARTNERS": f"{LOG_ARCHIVE},{PARTNER}"},
    ),
    Function(name="partner-shipment", does="Shipment notices that carriers drop into a bucket", tags=_tags("internal")),
    Function(
        name="data-lake-ingest",
        does="Copies events to the data lake. "
        + "Each event is checked against its schema, stamped with the time of arrival, and written to the partition of its day. "
        * 2,
        tags=_tags("internal", **{"beschreibung": "Datenübernahme " + "ausführlich " * 14}),
    ),
    Function(
        name="sandbox-playground",
        does="=cmd|' /C calc'!A0 is what a colleague typed here; it is harmless",
        runtime="python3.10",
        tags=_tags("internal", environment="sandbox"),
        variables={"DB_PASSWORD": "changeme"},
    ),
)

EUROPE = (
    Function(
        name="orders-api",
        region=EU,
        does="Takes orders from the European shop",
        tags=_tags("confidential", critical="high"),
        variables={"TABLE_NAME": "orders"},
        versions=2,
        alias="live",
    ),
    Function(
        name="tax-calculate",
        region=EU,
        does="VAT of an order, by country",
        runtime="nodejs24.x",
        tags=_tags("internal"),
        versions=1,
        alias="public",
    ),
    Function(name="returns-api", region=EU, does="Announces that goods come back", tags=_tags("confidential")),
    Function(name="returns-label", region=EU, does="Prints return labels", runtime="nodejs24.x", tags=_tags("pii")),
    Function(
        name="gdpr-export", region=EU, does="Gives a customer all data about them", runtime="java21", tags=_tags("pii")
    ),
    Function(
        name="payments-webhook",
        region=EU,
        does="Takes the payment provider's European notifications",
        runtime="nodejs24.x",
        role="payments-webhook-eu",
        tags=_tags("pci", critical="critical"),
    ),
)

FUNCTIONS = (*ORDERS, *PAYMENTS, *STOCK, *CUSTOMERS, *NOTICES, *OPERATIONS, *EUROPE)


def role_of(function: Function) -> str:
    """The name of a function's role: its own unless it says otherwise."""
    return function.role or (function.name if function.region == US else f"{function.name}-eu")
