"""The functions that take orders, move money and keep stock."""

from __future__ import annotations

from .function import IMAGES, POWERTOOLS, SHOP_COMMON, Function, tagged
from .names import arn, secret

ORDERS = (
    Function(
        name="orders-api",
        does="Takes orders from the shop and shows their state",
        tags=tagged("confidential", critical="high"),
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
        versions=3,
        does="Checks an order before it is paid: stock, price, address (注文の検証 ✅)",
        tags=tagged("internal", note="注文・決済"),
        variables={"RULES_BUCKET": "northwind-shop-rules", "STAGE": "production"},
    ),
    Function(
        name="orders-history",
        does="Past orders of a customer",
        runtime="nodejs24.x",
        tags=tagged("confidential"),
        variables={"TABLE_NAME": "orders"},
    ),
    Function(
        name="orders-export",
        does="Writes the orders of a day as CSV for accounting",
        runtime="python3.9",
        tags=tagged("confidential"),
        failed=arn("sqs", "orders-export-failed"),
        made="2024-03-11",
        variables={"TARGET_BUCKET": "northwind-shop-exports"},
    ),
    Function(
        name="orders-archiver",
        does="Moves orders older than seven years to the archive every night",
        runtime="python3.12",
        tags=tagged("confidential"),
    ),
    Function(
        name="orders-projector",
        does="Keeps the read model of orders from the table's stream",
        tags=tagged("internal", critical="high"),
        variables={"READ_MODEL": "orders-read-model"},
    ),
)

PAYMENTS = (
    Function(
        name="payments-capture",
        does="Captures authorised card payments",
        runtime="nodejs20.x",
        tags=tagged("pci", critical="critical"),
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
        tags=tagged("pci", critical="critical"),
        variables={
            "PSP_SECRET_ARN": arn("secretsmanager", "secret:payments/psp-AbCdEf"),
            "TABLE_NAME": "payments",
            "PSP_URL": "https://api.psp.example.com/v2",
        },
        failed=arn("sqs", "payments-failed"),
    ),
    Function(
        name="payments-webhook",
        does="Takes the payment provider's notifications",
        runtime="nodejs22.x",
        tags=tagged("pci"),
        variables={"WEBHOOK_SIGNING_SECRET": secret("signing secret")},
    ),
    Function(
        name="payments-ledger",
        does="Books every movement of money, exactly once",
        runtime="java21",
        tags=tagged("pci", critical="critical"),
        variables={"LEDGER_URL": secret("database address")},
    ),
    Function(
        name="payments-reconcile",
        does="Compares the ledger with the bank's statement",
        runtime="java17",
        tags=tagged("confidential"),
    ),
    Function(
        name="payments-tokenize",
        does="Exchanges card numbers for tokens",
        runtime="dotnet8",
        tags=tagged("pci", critical="critical"),
        key="payments",
        variables={"TOKEN_TABLE": "payment-tokens"},
    ),
    Function(name="payments-report", does="Daily figures for finance", runtime="dotnet10", tags=tagged("internal")),
)

STOCK = (
    Function(
        name="inventory-sync",
        does="Takes stock levels from the warehouse queue",
        runtime="provided.al2023",
        tags=tagged(),
        variables={"REPORT_TO": "https://hooks.collector.example.net/in"},
    ),
    Function(
        name="inventory-api",
        does="Stock levels for the shop's own services",
        runtime="nodejs24.x",
        tags=tagged(),
        layers=(SHOP_COMMON,),
        versions=3,
        alias="live",
    ),
    Function(
        name="inventory-import",
        does="Reads the suppliers' price lists from the import bucket",
        runtime="provided.al2",
        tags=tagged(),
    ),
    Function(
        name="catalog-search", does="Full-text search of the catalogue", runtime="python3.14", tags=tagged("public")
    ),
    Function(
        name="catalog-image-resize",
        does="Thumbnails of product pictures",
        image=f"{IMAGES}/catalog-image-resize:2026-10-02",
        tags=tagged("public"),
    ),
    Function(
        name="catalog-feed",
        does="Product feed for price comparison sites",
        runtime="ruby3.3",
        tags=tagged("public"),
        variables={"FEED_TOKEN": "changeme"},
    ),
)
