"""Functions in a network to rows: the subnets, routes, security groups and endpoints around each."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from ...capture import Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...tables.network import NetworkAttachment
from ..records import Listing, Record, items, listing, part, shaped, text
from ..tags import TagWords
from .functions import Function, functions

EVERYWHERE = ("0.0.0.0/0", "::/0")
INTERNET, NAT, FIREWALL, NOWHERE = "internet gateway", "NAT gateway", "firewall", ""
# The members of a route that name where it leads. Source: Amazon EC2 API Reference, data type Route.
TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "EgressOnlyInternetGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "InstanceId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
    "OdbNetworkArn",
)
# The whole internet may be written in two halves; no range of one organisation is wider than an eighth of the address bits.
WIDE = {4: 8, 6: 16}


def shape_network(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """NetworkAttachment rows."""
    for found, whole in functions(captures, words):
        yield from found.holes(NetworkAttachment)
        ground = _Ground(captures, found.capture.target)
        for function in whole:
            if _attached(function.record):
                yield from shaped(
                    function.capture, NetworkAttachment, partial(_attachment, function, ground), function.subject
                )


def _attached(record: Record) -> bool:
    config = record.get("VpcConfig")
    return isinstance(config, Mapping) and bool(config.get("VpcId"))


@dataclass(frozen=True)
class _Ground:
    """What EC2 says of the networks of one region."""

    captures: Captures
    target: Target

    def listed(self, call: str) -> Listing:
        """The answer to a listing call, with its records."""
        return self.captures.once((call, self.target), lambda: listing(self._capture(call)))

    def _capture(self, call: str) -> Capture:
        return next(iter(self.captures.of(call, self.target)), self.captures.about(call, self.target))

    @cached_property
    def subnets(self) -> Mapping[str, Record]:
        """Subnets by id."""
        return _by_id(self.listed("ec2:DescribeSubnets"), "SubnetId")

    @cached_property
    def tables(self) -> tuple[Record, ...]:
        """All route tables."""
        return self.listed("ec2:DescribeRouteTables").records

    @cached_property
    def gateways(self) -> Mapping[str, Record]:
        """NAT gateways by id."""
        return _by_id(self.listed("ec2:DescribeNatGateways"), "NatGatewayId")

    @cached_property
    def groups(self) -> Mapping[str, Record]:
        """Security groups by id."""
        return _by_id(self.listed("ec2:DescribeSecurityGroups"), "GroupId")

    def read(self, call: str, take: Callable[[], object]) -> Any:
        """What `take` finds, or the gap of the call that it rests on; a gap too where it meets records that lack what they must have."""
        found = self.listed(call)
        return found.gap or found.capture.read(lambda _: take())

    def table_of(self, subnet: str, network: str) -> Record:
        """The route table of a subnet: its own, or the main one of the network. Raises KeyError if neither is visible."""
        # A subnet says itself in which network it lies, which counts more than what the function's configuration repeats.
        network = text(self.subnets.get(subnet, {}), "VpcId", network)
        main: Record | None = None
        for table in self.tables:
            for each in items(table, "Associations"):
                if each.get("SubnetId") == subnet:
                    return table
                if each.get("Main") is True and table.get("VpcId") == network:
                    main = table
        if main is None:
            raise KeyError(f"no route table of {subnet}")
        return main


def _by_id(found: Listing, member: str) -> dict[str, Record]:
    return {str(each[member]): each for each in found.records if member in each}


def _attachment(function: Function, ground: _Ground) -> NetworkAttachment:
    config = part(function.record, "VpcConfig")
    network = text(config, "VpcId")
    subnets, groups = tuple(sorted(items(config, "SubnetIds"))), tuple(sorted(items(config, "SecurityGroupIds")))
    routes, endpoints = "ec2:DescribeRouteTables", "ec2:DescribeVpcEndpoints"
    calls = ("ec2:DescribeSubnets", routes, "ec2:DescribeSecurityGroups", endpoints)
    return NetworkAttachment(
        key=function.arn,
        subject=function.subject,
        sources=function.sources(*(ground.listed(each).capture for each in calls)),
        setting=function.setting,
        workload=function.arn,
        network=network,
        subnets=subnets,
        zones=ground.read(
            calls[0], lambda: tuple(sorted({text(ground.subnets[each], "AvailabilityZone") for each in subnets}))
        ),
        public_subnets=ground.read(
            routes, lambda: tuple(each for each in subnets if _is_public(ground, each, network))
        ),
        open_groups=ground.read(calls[2], lambda: tuple(_open_rules(ground, groups))),
        way_out=_way_out(ground, subnets, network, dual=config.get("Ipv6AllowedForDualStack") is True),
        endpoints=ground.read(endpoints, lambda: tuple(_endpoints(ground, subnets, network))),
    )


def _default_routes(table: Record) -> Iterator[tuple[str, int]]:
    """What the routes for the rest of the world lead to, by id, with the version of IP; a route whose target is gone leads nowhere."""
    for route in items(table, "Routes"):
        to = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
        if route.get("State") != "blackhole" and to and _is_wide(str(to)):
            target = next((str(route[each]) for each in TARGETS if route.get(each)), None)
            if target is None:
                raise KeyError(f"no target of the route to {to}")
            yield target, 4 if "DestinationCidrBlock" in route else 6


def _is_public(ground: _Ground, subnet: str, network: str) -> bool:
    return any(target.startswith("igw-") for target, _ in _default_routes(ground.table_of(subnet, network)))


def _way_out(ground: _Ground, subnets: Sequence[str], network: str, *, dual: bool) -> Any:
    """The least guarded of the ways out of the subnets, or the gap; `dual` says whether the function may use IPv6."""
    ways = ground.read(
        "ec2:DescribeRouteTables",
        lambda: [
            target
            for subnet in subnets
            for target, version in _default_routes(ground.table_of(subnet, network))
            # A function has no public address, so an internet gateway lets out only what needs none.
            if (dual if version == 6 else not target.startswith("igw-"))
        ],
    )
    if isinstance(ways, Gap):
        return ways
    if any(each.startswith("nat-") for each in ways):
        return ground.read("ec2:DescribeNatGateways", lambda: _least_guarded(ground, ways))
    return _least_guarded(ground, ways)


def _least_guarded(ground: _Ground, ways: Sequence[str]) -> str:
    said = {_leads_to(ground, each) for each in ways}
    for known in (INTERNET, NAT):
        if known in said:
            return known
    others = sorted(said - {FIREWALL})
    return others[0] if others else FIREWALL if said else NOWHERE


def _leads_to(ground: _Ground, target: str) -> str:
    if target.startswith(("igw-", "eigw-")):
        return INTERNET
    if target.startswith("vpce-"):
        return FIREWALL
    if target.startswith("nat-"):
        gateway = ground.gateways[target]
        beyond = list(_default_routes(ground.table_of(text(gateway, "SubnetId"), text(gateway, "VpcId"))))
        return FIREWALL if beyond and all(each.startswith("vpce-") for each, _ in beyond) else NAT
    return target


def _is_wide(block: str) -> bool:
    network = ipaddress.ip_network(block, strict=False)
    return network.prefixlen < WIDE[network.version] and not network.is_private


def _open_rules(ground: _Ground, groups: Sequence[str]) -> Iterator[str]:
    for group in groups:
        for rule in items(ground.groups[group], "IpPermissionsEgress"):
            ranges = [text(each, "CidrIp") for each in items(rule, "IpRanges")]
            ranges += [text(each, "CidrIpv6") for each in items(rule, "Ipv6Ranges")]
            for block in ranges:
                if _is_wide(block):
                    yield f"{group} ({_ports(rule)} to {block})"


def _ports(rule: Record) -> str:
    protocol = str(rule.get("IpProtocol", "-1"))
    if protocol == "-1":
        return "everything"
    first, last = rule.get("FromPort"), rule.get("ToPort")
    if first is None or first == -1:
        return protocol
    return f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"


def _endpoints(ground: _Ground, subnets: Sequence[str], network: str) -> Iterator[str]:
    """The services with an endpoint that the subnets use: a gateway endpoint counts for the route tables that it stands in."""
    for each in ground.listed("ec2:DescribeVpcEndpoints").records:
        if each.get("VpcId") != network or str(each.get("State", "")).lower() != "available":
            continue
        if each.get("VpcEndpointType") == "Gateway":
            tables = {text(ground.table_of(subnet, network), "RouteTableId") for subnet in subnets}
            if not tables <= set(items(each, "RouteTableIds")):
                continue
        yield text(each, "ServiceName").rpartition(".")[2]
