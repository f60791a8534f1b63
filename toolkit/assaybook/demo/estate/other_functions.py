"""The functions for customers, notices and operations, and those in Europe."""

from __future__ import annotations

from .function import DATADOG, IMAGES, INSIGHTS, POWERTOOLS, SHOP_DELETED, SOMEBODYS, Function, tagged
from .names import EU, LOG_ARCHIVE, PARTNER, secret

CUSTOMERS = (
    Function(
        name="customer-profile",
        does="Name, addresses and preferences of a customer",
        tags=tagged("pii", critical="high"),
        variables={"TABLE_NAME": "customers"},
    ),
    Function(
        name="customer-consent",
        does="What a customer agreed to, and when",
        tags=tagged("pii"),
        versions=1,
        alias="live",
    ),
    Function(name="customer-erasure", does="Erases a customer's data on request", runtime="java25", tags=tagged("pii")),
    Function(
        name="auth-authorizer",
        does="Decides who may call the REST API",
        runtime="nodejs24.x",
        tags=tagged("confidential", critical="high"),
    ),
    Function(name="auth-presignup", does="Refuses disposable mail addresses at sign-up", tags=tagged("pii")),
    Function(
        name="chat-connect", does="Opens a support chat", runtime="nodejs24.x", role="support-chat", tags=tagged("pii")
    ),
    Function(
        name="chat-message",
        does="Passes chat messages on",
        runtime="nodejs24.x",
        role="support-chat",
        tags=tagged("pii"),
    ),
)

NOTICES = (
    Function(
        name="notify-email",
        does="Sends mail about orders 📦✉️ – in the customer's language",
        runtime="nodejs22.x",
        tags=tagged("pii"),
        variables={"MAIL_TOKEN": secret("mail token"), "FROM": "shop@example.com"},
    ),
    Function(name="notify-sms", does="Sends a short message when a parcel is on its way", tags=tagged("pii")),
    Function(name="notify-push", does="Push notices to the app", tags=tagged(), layers=(DATADOG,)),
    Function(
        name="fraud-score",
        does="Scores an order for fraud",
        image=f"{IMAGES}/fraud-score:3.2.1",
        tags=tagged("restricted", critical="high"),
        key="fraud",
        variables={"MODEL": "gbm-17"},
    ),
    Function(
        name="fraud-rules",
        does="Keeps the rules that fraud scoring uses",
        tags=tagged("restricted"),
        layers=(INSIGHTS,),
        reserved=5,
    ),
)

OPERATIONS = (
    Function(
        name="ops-admin",
        does="Emergency actions by chat command",
        tags=tagged("internal"),
        role="ops-admin",
        variables={"AWS_KEY_FOR_DR": secret("cloud key")},
    ),
    Function(
        name="ops-cleanup",
        does="Deletes what is no longer needed",
        runtime="python3.11",
        tags=tagged("internal"),
        role="ops-cleanup",
    ),
    Function(
        name="ops-metrics",
        does="Business figures for the wall screen",
        tags=tagged("internal"),
        layers=(DATADOG, POWERTOOLS),
    ),
    Function(
        name="legacy-invoice",
        does="Invoices of the old shop; 'temporary' since 2019",
        runtime="nodejs12.x",
        tags=tagged("confidential"),
        role="legacy-shared",
        made="2021-02-19",
        traced=False,
    ),
    Function(
        name="legacy-pdf",
        does="PDF of an invoice",
        runtime="java8.al2",
        tags=tagged("confidential"),
        role="legacy-shared",
        layers=(SHOP_DELETED, SOMEBODYS),
        made="2022-06-30",
        traced=False,
    ),
    Function(
        name="partner-gateway",
        does="Orders that partners send",
        tags=tagged("confidential"),
        variables={"PARTNERS": f"{LOG_ARCHIVE},{PARTNER}"},
    ),
    Function(
        name="partner-shipment", does="Shipment notices that carriers drop into a bucket", tags=tagged("internal")
    ),
    Function(
        name="data-lake-ingest",
        does="Copies events to the data lake. "
        + "Each event is checked against its schema, stamped with the time of arrival, and written to the partition of its day. "
        * 2,
        tags=tagged("internal", **{"beschreibung": "Datenübernahme " + "ausführlich " * 14}),
    ),
    Function(
        name="sandbox-playground",
        does="=cmd|' /C calc'!A0 is what a colleague typed here; it is harmless",
        runtime="python3.10",
        tags=tagged("internal", environment="sandbox"),
        variables={"DB_PASSWORD": "changeme"},
    ),
)

EUROPE = (
    Function(
        name="orders-api",
        region=EU,
        does="Takes orders from the European shop",
        tags=tagged("confidential", critical="high"),
        variables={"TABLE_NAME": "orders"},
        versions=2,
        alias="live",
    ),
    Function(
        name="tax-calculate",
        region=EU,
        does="VAT of an order, by country",
        runtime="nodejs24.x",
        tags=tagged("internal"),
        versions=1,
        alias="public",
        reserved=20,
    ),
    Function(name="returns-api", region=EU, does="Announces that goods come back", tags=tagged("confidential")),
    Function(name="returns-label", region=EU, does="Prints return labels", runtime="nodejs24.x", tags=tagged("pii")),
    Function(
        name="gdpr-export", region=EU, does="Gives a customer all data about them", runtime="java21", tags=tagged("pii")
    ),
    Function(
        name="payments-webhook",
        region=EU,
        does="Takes the payment provider's European notifications",
        runtime="nodejs24.x",
        role="payments-webhook-eu",
        tags=tagged("pci", critical="critical"),
    ),
)
