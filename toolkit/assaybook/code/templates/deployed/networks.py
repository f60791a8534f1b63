"""What EC2 would answer about the networks of a stack.

Networks are mostly made by another stack: where a template declares none, nothing is answered, so that what lies around a function is not known. Of a network that it
declares, it is the population of subnets, routes, groups and endpoints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....capture import UNRESOLVED
from ..resources import Resource
from .answers import Answers, Record, Stack, entries, members, number, plain, untold, word

NETWORK, SUBNET, TABLE = "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable"
GROUP, ENDPOINT, GATEWAY = "AWS::EC2::SecurityGroup", "AWS::EC2::VPCEndpoint", "AWS::EC2::NatGateway"
INTERNET, EGRESS_ONLY = "AWS::EC2::InternetGateway", "AWS::EC2::EgressOnlyInternetGateway"
WHERE_DECLARED: Mapping[str, str] = dict.fromkeys(
    (
        "ec2:DescribeSubnets",
        "ec2:DescribeRouteTables",
        "ec2:DescribeNatGateways",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcEndpoints",
    ),
    "networks are mostly made by another stack",
)
# Members of a route that name where it leads, with the type of the resource and how ids of its kind begin.
TARGETS: Mapping[str, tuple[str, str]] = {
    "GatewayId": (INTERNET, "igw-"),
    "NatGatewayId": (GATEWAY, "nat-"),
    "EgressOnlyInternetGatewayId": (EGRESS_ONLY, "eigw-"),
    "VpcEndpointId": (ENDPOINT, "vpce-"),
    "TransitGatewayId": ("AWS::EC2::TransitGateway", "tgw-"),
    "VpcPeeringConnectionId": ("AWS::EC2::VPCPeeringConnection", "pcx-"),
    "NetworkInterfaceId": ("AWS::EC2::NetworkInterface", "eni-"),
    "InstanceId": ("AWS::EC2::Instance", "i-"),
}
EVERYTHING: Record = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": []}


def make(stack: Stack, answers: Answers) -> None:
    """Answers about the networks that the stack declares."""
    if stack.of(SUBNET):
        for subnet in stack.of(SUBNET):
            record = {
                "SubnetId": id_of(subnet),
                "VpcId": _id(stack, subnet.properties.get("VpcId"), NETWORK),
                "AvailabilityZone": _zone(subnet),
            }
            answers.place(id_of(subnet), subnet.where, subnet.conditional)
            answers.listed("ec2:DescribeSubnets", record, where=subnet.where)
        _tables(stack, answers)
        answers.listed("ec2:DescribeNatGateways", *(_gateway(stack, each) for each in stack.of(GATEWAY)))
        answers.listed("ec2:DescribeVpcEndpoints", *(_endpoint(stack, each) for each in stack.of(ENDPOINT)))
    if stack.of(GROUP):
        for group in stack.of(GROUP):
            answers.listed("ec2:DescribeSecurityGroups", _group(stack, group), where=group.where)


def id_of(resource: Resource) -> str:
    """The id by which other resources name one."""
    return resource.name or resource.id


def _id(stack: Stack, value: Any, *types: str) -> str:
    found = stack.named(value, *types)
    return id_of(found) if found else word(value)


def _zone(subnet: Resource) -> Any:
    """The zone of a subnet; one that the template leaves to AWS, or chooses by a function, is not told."""
    zone = subnet.properties.get("AvailabilityZone", subnet.properties.get("AvailabilityZoneId"))
    # Each place in the list of zones is a zone of its own, whichever that is.
    return (
        word(zone)
        if zone is not None
        else {UNRESOLVED: f"{subnet.id}.AvailabilityZone", "why": "AWS chooses the zone", "where": subnet.where}
    )


def _tables(stack: Stack, answers: Answers) -> None:
    """Route tables with their routes; each network has a main one besides, which knows only ways within it."""
    for table in stack.of(TABLE):
        record = {
            "RouteTableId": id_of(table),
            "VpcId": _id(stack, table.properties.get("VpcId"), NETWORK),
            "Associations": [
                {"SubnetId": _id(stack, each.properties.get("SubnetId"), SUBNET), "Main": False}
                for each in stack.of("AWS::EC2::SubnetRouteTableAssociation")
                if stack.named(each.properties.get("RouteTableId"), TABLE) is table
            ],
            "Routes": [
                _route(stack, each.properties)
                for each in stack.of("AWS::EC2::Route")
                if stack.named(each.properties.get("RouteTableId"), TABLE) is table
            ],
        }
        answers.listed("ec2:DescribeRouteTables", record, where=table.where)
    # Source: Amazon VPC User Guide, "Subnet route tables" (main route table). Who made the network elsewhere may have changed that one.
    for network in stack.of(NETWORK):
        main = {
            "RouteTableId": f"{id_of(network)}/main",
            "VpcId": id_of(network),
            "Associations": [{"Main": True}],
            "Routes": [],
        }
        answers.listed("ec2:DescribeRouteTables", main, where=network.where)
    if not stack.of(TABLE) and not stack.of(NETWORK):
        answers.listed("ec2:DescribeRouteTables")


def _route(stack: Stack, said: Mapping[str, Any]) -> Record:
    made: dict[str, Any] = {
        name: plain(said[name])
        for name in ("DestinationCidrBlock", "DestinationIpv6CidrBlock")
        if said.get(name) is not None
    }
    for member, (kind, prefix) in TARGETS.items():
        if said.get(member) is None:
            continue
        found = stack.named(said[member], kind)
        named = id_of(found) if found else word(said[member])
        known = named if found is None or named.startswith(prefix) else f"{prefix}{named}"
        # EC2 answers with an endpoint of a firewall as a gateway.
        made["GatewayId" if member == "VpcEndpointId" else member] = known
    return made


def _gateway(stack: Stack, gateway: Resource) -> Record:
    named = id_of(gateway)
    subnet = stack.named(gateway.properties.get("SubnetId"), SUBNET)
    network = _id(stack, subnet.properties.get("VpcId"), NETWORK) if subnet else ""
    return {
        "NatGatewayId": named if named.startswith("nat-") else f"nat-{named}",
        "SubnetId": _id(stack, gateway.properties.get("SubnetId"), SUBNET),
        "VpcId": network,
    }


def _endpoint(stack: Stack, endpoint: Resource) -> Record:
    said = endpoint.properties
    return {
        "VpcEndpointId": id_of(endpoint),
        "VpcId": _id(stack, said.get("VpcId"), NETWORK),
        "VpcEndpointType": plain(said.get("VpcEndpointType", "Gateway")),
        "ServiceName": word(said.get("ServiceName")),
        "State": "available",
        "RouteTableIds": [_id(stack, each, TABLE) for each in entries(said.get("RouteTableIds"))],
    }


def _group(stack: Stack, group: Resource) -> Record:
    """A group lets out everything where no rule says otherwise. Source: Amazon VPC User Guide, "Security group rules"."""
    inner = group.properties.get("SecurityGroupEgress")
    rules = [] if untold(inner) else [members(each) for each in entries(inner)]
    apart = [
        each.properties
        for each in stack.of("AWS::EC2::SecurityGroupEgress")
        if stack.named(each.properties.get("GroupId"), GROUP) is group
    ]
    # A rule of its own stands beside the one that lets out everything, unless the group has rules of its own.
    made = [_rule(each) for each in (*rules, *apart)]
    if inner is None:
        made.append(EVERYTHING)
    return {
        "GroupId": id_of(group),
        "VpcId": _id(stack, group.properties.get("VpcId"), NETWORK),
        "IpPermissionsEgress": plain(inner) if untold(inner) else made,
    }


def _rule(said: Mapping[str, Any]) -> Record:
    ports: Iterator[tuple[str, Any]] = (
        (name, number(said[name])) for name in ("FromPort", "ToPort") if said.get(name) is not None
    )
    return {
        "IpProtocol": word(said.get("IpProtocol"), "-1"),
        **dict(ports),
        "IpRanges": [{"CidrIp": plain(said["CidrIp"])}] if said.get("CidrIp") is not None else [],
        "Ipv6Ranges": [{"CidrIpv6": plain(said["CidrIpv6"])}] if said.get("CidrIpv6") is not None else [],
    }
