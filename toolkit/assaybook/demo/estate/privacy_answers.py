"""What AWS would answer about personal data in the estate: the search by Macie, schemas of events, types of GraphQL interfaces, masks of logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange, Refusal
from .names import ACCOUNT, EU, US, arn

SEARCHED = ("northwind-shop-exports", "northwind-legacy-invoices")
MASKED = ("/aws/lambda/payments-webhook",)
REGISTRY = "shop-events"
EVENTS: Mapping[str, dict[str, Any]] = {
    "OrderPlaced": {"orderId": {"type": "string"}, "customerToken": {"type": "string"}, "total": {"type": "number"}},
    "ParcelSent": {
        "parcelId": {"type": "string"},
        "recipient": {"type": "object", "properties": {"fullName": {"type": "string"}, "street": {"type": "string"}}},
        "phoneNumber": {"type": "string"},
    },
}
TYPES: Mapping[str, Mapping[str, str]] = {
    "catalog": {"Product": "type Product {\n  id: ID!\n  title: String\n  price(currency: String): Float\n}"},
    "account": {
        "Customer": "type Customer {\n  id: ID!\n  email: String\n  dateOfBirth: AWSDate\n}",
        "Query": "type Query {\n  customer(id: ID!): Customer\n}",
    },
}


def answers(graphs: Callable[[], Mapping[str, str]]) -> dict[tuple[str, str], Fill]:
    """What answers each operation; `graphs` gives the names of GraphQL APIs by id once they are made."""
    return {
        ("macie2", "GetMacieSession"): lambda asked: _off(asked) or _SESSION,
        ("macie2", "GetAutomatedDiscoveryConfiguration"): lambda asked: _off(asked) or {"status": "DISABLED"},
        ("macie2", "ListClassificationJobs"): lambda asked: _off(asked) or {"items": [_JOB]},
        ("schemas", "ListRegistries"): _registries,
        ("schemas", "ListSchemas"): _schemas,
        ("schemas", "DescribeSchema"): _schema,
        ("appsync", "ListTypes"): lambda asked: {"types": _types(asked, graphs())},
    }


_SESSION = {
    "createdAt": "2025-04-01T09:00:00Z",
    "updatedAt": "2025-04-01T09:00:00Z",
    "findingPublishingFrequency": "SIX_HOURS",
    "serviceRole": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie",
    "status": "ENABLED",
}
_JOB = {
    "jobId": "3ce05dbb7ec5505def334104bf4a2b3c",
    "name": "exports-weekly",
    "jobType": "SCHEDULED",
    "jobStatus": "IDLE",
    "createdAt": "2025-04-02T09:00:00Z",
    "bucketDefinitions": [{"accountId": ACCOUNT, "buckets": list(SEARCHED)}],
}


def _off(asked: Exchange) -> Refusal | None:
    return Refusal("AccessDeniedException", "Macie is not enabled.", 403) if asked.region == EU else None


def _registries(asked: Exchange) -> Answer:
    named = [{"RegistryName": REGISTRY, "RegistryArn": arn("schemas", f"registry/{REGISTRY}"), "Tags": {}}]
    return {"Registries": named if asked.region == US else []}


def _schemas(asked: Exchange) -> Answer:
    return {
        "Schemas": [
            {
                "SchemaName": name,
                "SchemaArn": arn("schemas", f"schema/{REGISTRY}/{name}"),
                "LastModified": "2026-05-04T10:00:00Z",
                "VersionCount": 1,
                "Tags": {},
            }
            for name in EVENTS
        ]
    }


def _schema(asked: Exchange) -> Answer:
    name = str(asked.params["SchemaName"])
    content = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": name,
        "type": "object",
        "properties": EVENTS[name],
    }
    return {
        "Content": json.dumps(content),
        "LastModified": "2026-05-04T10:00:00Z",
        "SchemaArn": arn("schemas", f"schema/{REGISTRY}/{name}"),
        "SchemaName": name,
        "SchemaVersion": "1",
        "Tags": {},
        "Type": "JSONSchemaDraft4",
        "VersionCreatedDate": "2026-05-04T10:00:00Z",
    }


def _types(asked: Exchange, graphs: Mapping[str, str]) -> list[dict[str, str]]:
    id = str(asked.params["apiId"])
    return [
        {"name": name, "arn": arn("appsync", f"apis/{id}/types/{name}"), "definition": definition, "format": "SDL"}
        for name, definition in TYPES[graphs[id]].items()
    ]
