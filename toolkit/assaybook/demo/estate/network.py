"""The networks of the estate: one with a way out, one that is closed, and one that was made in a hurry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange
from .names import ACCOUNT, US

SHOP, VAULT, LEGACY = "vpc-0a51shop", "vpc-0b62vault", "vpc-0c73legacy"
NAT = "nat-0d84shop"
# The functions in a network, with their subnets and security groups.
ATTACHED: Mapping[str, Mapping[str, list[str]]] = {
    "payments-ledger": {"SubnetIds": ["subnet-0shopa", "subnet-0shopb"], "SecurityGroupIds": ["sg-0shopopen"]},
    "payments-tokenize": {"SubnetIds": ["subnet-0vaulta", "subnet-0vaultb"], "SecurityGroupIds": ["sg-0vault"]},
    "inventory-sync": {"SubnetIds": ["subnet-0legacy"], "SecurityGroupIds": ["sg-0legacy"]},
}
_SUBNETS = (
    ("subnet-0shopa", SHOP, "a", "10.20.0.0/20"),
    ("subnet-0shopb", SHOP, "b", "10.20.16.0/20"),
    ("subnet-0shoppublic", SHOP, "a", "10.20.32.0/24"),
    ("subnet-0vaulta", VAULT, "a", "10.30.0.0/24"),
    ("subnet-0vaultb", VAULT, "c", "10.30.1.0/24"),
    ("subnet-0legacy", LEGACY, "b", "172.31.0.0/20"),
)
NETWORK_OF = {subnet: network for subnet, network, _, _ in _SUBNETS}


def network_fills() -> dict[tuple[str, str], Fill]:
    """What EC2 answers about networks; Ireland has none."""
    return {
        ("ec2", "DescribeSubnets"): lambda asked: {"Subnets": _here(asked, _subnets())},
        ("ec2", "DescribeRouteTables"): lambda asked: {"RouteTables": _here(asked, _tables())},
        ("ec2", "DescribeNatGateways"): lambda asked: {"NatGateways": _here(asked, _gateways())},
        ("ec2", "DescribeSecurityGroups"): lambda asked: {"SecurityGroups": _here(asked, _groups())},
        ("ec2", "DescribeVpcEndpoints"): _endpoints,
    }


def _here(asked: Exchange, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return records if asked.region == US else []


def _subnets() -> list[dict[str, Any]]:
    return [
        {
            "SubnetId": subnet,
            "VpcId": network,
            "AvailabilityZone": f"{US}{zone}",
            "CidrBlock": block,
            "State": "available",
            "OwnerId": ACCOUNT,
            "MapPublicIpOnLaunch": subnet in ("subnet-0shoppublic", "subnet-0legacy"),
        }
        for subnet, network, zone, block in _SUBNETS
    ]


def _table(id: str, network: str, subnets: tuple[str, ...], way_out: Mapping[str, str]) -> dict[str, Any]:
    associations = [
        {"RouteTableAssociationId": f"rtbassoc-{each}", "RouteTableId": id, "SubnetId": each, "Main": False}
        for each in subnets
    ] or [{"RouteTableAssociationId": f"rtbassoc-{id}", "RouteTableId": id, "Main": True}]
    local = {"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "local", "State": "active"}
    out = {"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **way_out}
    routes = [local, out] if way_out else [local]
    return {"RouteTableId": id, "VpcId": network, "OwnerId": ACCOUNT, "Associations": associations, "Routes": routes}


def _tables() -> list[dict[str, Any]]:
    return [
        _table("rtb-0shopprivate", SHOP, ("subnet-0shopa", "subnet-0shopb"), {"NatGatewayId": NAT}),
        _table("rtb-0shoppublic", SHOP, ("subnet-0shoppublic",), {"GatewayId": "igw-0shop"}),
        _table("rtb-0vault", VAULT, (), {}),
        _table("rtb-0legacy", LEGACY, (), {"GatewayId": "igw-0legacy"}),
    ]


def _gateways() -> list[dict[str, Any]]:
    return [{"NatGatewayId": NAT, "VpcId": SHOP, "SubnetId": "subnet-0shoppublic", "State": "available"}]


def _group(id: str, name: str, network: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "GroupId": id,
        "GroupName": name,
        "Description": name,
        "VpcId": network,
        "OwnerId": ACCOUNT,
        "IpPermissions": [],
        "IpPermissionsEgress": rules,
    }


def _https(block: str) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": block}]}


def _groups() -> list[dict[str, Any]]:
    return [
        _group("sg-0shopopen", "ledger", SHOP, [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]),
        _group("sg-0vault", "vault-endpoints-only", VAULT, [_https("10.30.0.0/16")]),
        _group("sg-0legacy", "default", LEGACY, [_https("0.0.0.0/0")]),
    ]


def _endpoints(asked: Exchange) -> Answer:
    usual = {"State": "available", "OwnerId": ACCOUNT, "ServiceRegion": US}
    made: list[dict[str, Any]] = [
        {
            "VpcEndpointId": "vpce-0vaultkms",
            "VpcEndpointType": "Interface",
            "VpcId": VAULT,
            "ServiceName": f"com.amazonaws.{US}.kms",
            "SubnetIds": ["subnet-0vaulta", "subnet-0vaultb"],
            "PrivateDnsEnabled": True,
            **usual,
        },
        {
            "VpcEndpointId": "vpce-0shopdynamodb",
            "VpcEndpointType": "Gateway",
            "VpcId": SHOP,
            "ServiceName": f"com.amazonaws.{US}.dynamodb",
            "RouteTableIds": ["rtb-0shopprivate"],
            **usual,
        },
    ]
    return {"VpcEndpoints": _here(asked, made)}
