"""What AWS would answer about the estate's stores where moto lacks the call: parameters, secrets, delivery streams, caches, proxies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange
from .names import EU, US, arn

Keys = Mapping[str, str]


def answers(keys: Callable[[], Keys]) -> dict[tuple[str, str], Fill]:
    """What answers each operation; `keys` gives the ARNs of keys by name once they are made."""
    return {
        ("ssm", "DescribeParameters"): lambda asked: {"Parameters": _parameters(asked.region, keys())},
        ("secretsmanager", "ListSecrets"): _secrets,
        ("firehose", "ListDeliveryStreams"): lambda asked: {
            "DeliveryStreamNames": ["click-lake", "order-lake"] if asked.region == US else [],
            "HasMoreDeliveryStreams": False,
        },
        ("firehose", "DescribeDeliveryStream"): lambda asked: _delivery_stream(asked, keys()),
        ("elasticache", "DescribeServerlessCaches"): lambda asked: {
            "ServerlessCaches": _serverless(asked.region, keys())
        },
        ("dax", "DescribeClusters"): lambda asked: {"Clusters": _accelerators(asked.region)},
        ("memorydb", "DescribeClusters"): lambda asked: {"Clusters": _in_memory(asked.region)},
        ("rds", "DescribeDBProxies"): lambda asked: {"DBProxies": _proxies(asked.region)},
    }


def _parameters(region: str, keys: Keys) -> list[dict[str, Any]]:
    if region != US:
        return []
    usual = {
        "LastModifiedDate": "2025-06-02T08:00:00Z",
        "Version": 3,
        "Tier": "Standard",
        "DataType": "text",
        "Policies": [],
    }
    named: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("/shop/psp/api-key", "SecureString", {"KeyId": keys["payments"]}),
        ("/shop/carrier/password", "String", {}),
        ("/shop/psp/secret-arn", "String", {}),
        ("/shop/features", "StringList", {}),
    )
    return [
        {"Name": name, "ARN": arn("ssm", f"parameter{name}"), "Type": kind, **usual, **more}
        for name, kind, more in named
    ]


# Of each secret: whether it rotates, when it did last, and when it was read last.
SECRET_DATES: Mapping[str, tuple[bool, str, str]] = {
    "payments/psp": (True, "2026-10-20T03:00:00Z", "2026-11-15T00:00:00Z"),
    "mail/sender": (False, "", "2026-11-14T00:00:00Z"),
    "partner/shipping": (True, "2026-09-01T03:00:00Z", "2026-03-02T00:00:00Z"),
    "tax/provider": (False, "", ""),
}


def _secrets(asked: Exchange) -> Answer:
    """Moto rotates nothing by itself and keeps no record of reading."""
    answer = asked.answer_of_moto()
    for each in answer["SecretList"]:
        rotates, rotated, read = SECRET_DATES.get(each["Name"], (False, "", ""))
        if rotates:
            each |= {
                "RotationEnabled": True,
                "RotationRules": {"AutomaticallyAfterDays": 30},
                "LastRotatedDate": rotated,
                "LastChangedDate": rotated,
            }
        if read:
            each["LastAccessedDate"] = read
    return answer


def _delivery_stream(asked: Exchange, keys: Keys) -> Answer:
    name = str(asked.params["DeliveryStreamName"])
    encryption = {"Status": "ENABLED", "KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": keys["orders"]}
    return {
        "DeliveryStreamDescription": {
            "DeliveryStreamName": name,
            "DeliveryStreamARN": arn("firehose", f"deliverystream/{name}"),
            "DeliveryStreamStatus": "ACTIVE",
            "DeliveryStreamType": "DirectPut",
            "DeliveryStreamEncryptionConfiguration": encryption if name == "order-lake" else {"Status": "DISABLED"},
            "VersionId": "1",
            "Destinations": [],
            "HasMoreDestinations": False,
        }
    }


def _serverless(region: str, keys: Keys) -> list[dict[str, Any]]:
    if region != EU:
        return []
    return [
        {
            "ServerlessCacheName": "baskets",
            "ARN": arn("elasticache", "serverlesscache:baskets", EU),
            "Status": "available",
            "Engine": "valkey",
            "MajorEngineVersion": "8",
            "KmsKeyId": keys["returns"],
        }
    ]


def _accelerators(region: str) -> list[dict[str, Any]]:
    if region != US:
        return []
    return [
        {
            "ClusterName": name,
            "ClusterArn": arn("dax", f"cache/{name}"),
            "TotalNodes": 3,
            "ActiveNodes": 3,
            "NodeType": "dax.t3.small",
            "Status": "available",
            "SSEDescription": {"Status": "ENABLED" if safe else "DISABLED"},
            "ClusterEndpointEncryptionType": "TLS" if safe else "NONE",
        }
        for name, safe in (("catalog-reads", True), ("prices-old", False))
    ]


def _in_memory(region: str) -> list[dict[str, Any]]:
    if region != US:
        return []
    usual = {
        "Status": "available",
        "NodeType": "db.t4g.small",
        "NumberOfShards": 1,
        "EngineVersion": "7.1",
        "TLSEnabled": True,
    }
    return [{"Name": "stock", "ARN": arn("memorydb", "cluster/stock"), "ACLName": "stock", **usual}]


def _proxies(region: str) -> list[dict[str, Any]]:
    if region != US:
        return []
    return [
        {
            "DBProxyName": name,
            "DBProxyArn": arn("rds", f"db-proxy:prx-{number:017x}"),
            "Status": "available",
            "EngineFamily": "POSTGRESQL",
            "Endpoint": f"{name}.proxy-demo.{US}.rds.amazonaws.com",
            "RequireTLS": tls,
            "DebugLogging": False,
        }
        for number, (name, tls) in enumerate((("ledger-proxy", True), ("reporting-proxy", False)), 1)
    ]
