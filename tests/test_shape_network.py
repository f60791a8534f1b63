"""Networks of functions out of captures: zones, public subnets, open groups, the way out, endpoints."""

from typing import Any

import pytest

from assaybook.capture import Capture
from assaybook.evidence import Gap
from assaybook.tables.network import NetworkAttachment
from shaped_account import Shaped, account, answered, denied, function, having

CALLS = ("Subnets", "RouteTables", "NatGateways", "SecurityGroups", "VpcEndpoints")
OPEN = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def route(to: str = "0.0.0.0/0", **target: str) -> dict[str, Any]:
    """A route; `target` is the member that names where it leads."""
    kind = "DestinationIpv6CidrBlock" if ":" in to else "DestinationCidrBlock"
    return {kind: to, "State": "active", **target}


def table(id: str, *routes: dict[str, Any], subnets: tuple[str, ...] = (), network: str = "vpc-1") -> dict[str, Any]:
    """A route table: of these subnets, or the main one."""
    associations = [{"SubnetId": each, "Main": False} for each in subnets] or [{"Main": True}]
    return {"RouteTableId": id, "VpcId": network, "Associations": associations, "Routes": list(routes)}


def network(**over: list[dict[str, Any]]) -> list[Capture]:
    """A function in two subnets of one network, and what EC2 says of it; `over` replaces lists by name."""
    said: dict[str, list[dict[str, Any]]] = {
        "Subnets": [
            {"SubnetId": "subnet-a", "AvailabilityZone": "us-east-1a"},
            {"SubnetId": "subnet-b", "AvailabilityZone": "us-east-1b"},
        ],
        "RouteTables": [table("rtb-main", route(NatGatewayId="nat-1"))],
        "NatGateways": [{"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-nat"}],
        "SecurityGroups": [{"GroupId": "sg-1", "IpPermissionsEgress": [OPEN]}],
        "VpcEndpoints": [],
        **over,
    }
    calls = {name: f"ec2:Describe{name}" for name in CALLS}
    return [answered(calls[name], **{name: records}) for name, records in said.items()]


def attached(*captures: Capture, **config: object) -> NetworkAttachment:
    """The attachment of the only function."""
    place = {"VpcId": "vpc-1", "SubnetIds": ["subnet-b", "subnet-a"], "SecurityGroupIds": ["sg-1"], **config}
    listed = answered("lambda:ListFunctions", Functions=[function(VpcConfig=place)])
    return having(listed, *captures).one(NetworkAttachment)


def test_a_function_in_private_subnets_behind_a_nat_gateway() -> None:
    row = attached(*network())
    assert row.subnets == ("subnet-a", "subnet-b")
    assert row.zones == ("us-east-1a", "us-east-1b")
    assert row.public_subnets == ()
    assert row.open_groups == ("sg-1 (everything to 0.0.0.0/0)",)
    assert row.way_out == "NAT gateway"
    assert row.endpoints == ()
    assert len(row.sources) >= 5


@pytest.mark.parametrize("config", [{}, {"VpcConfig": {}}, {"VpcConfig": {"VpcId": "", "SubnetIds": []}}])
def test_a_function_in_no_network_has_no_row(config: dict[str, Any]) -> None:
    listed = answered("lambda:ListFunctions", Functions=[function(**config)])
    assert having(listed, *network()).rows(NetworkAttachment) == {}


def test_a_public_subnet_is_named_and_is_no_way_out_for_a_function() -> None:
    tables = [
        table("rtb-main"),
        table("rtb-public", route(GatewayId="igw-1"), subnets=("subnet-b",)),
    ]
    row = attached(*network(RouteTables=tables))
    assert row.public_subnets == ("subnet-b",)
    assert row.way_out == ""


def test_ipv6_goes_out_only_where_the_function_may_use_it() -> None:
    captures = network(RouteTables=[table("rtb-main", route("::/0", EgressOnlyInternetGatewayId="eigw-1"))])
    assert attached(*captures).way_out == ""
    assert attached(*captures, Ipv6AllowedForDualStack=True).way_out == "internet gateway"


@pytest.mark.parametrize(
    ("tables", "way_out"),
    [
        ([table("r", route(GatewayId="vpce-fw"))], "firewall"),
        ([table("r", route(TransitGatewayId="tgw-1"))], "tgw-1"),
        ([table("r", {**route(NatGatewayId="nat-1"), "State": "blackhole"})], ""),
        ([table("r", route("10.9.0.0/16", TransitGatewayId="tgw-1"))], ""),
        (
            [table("r", route("0.0.0.0/1", NatGatewayId="nat-1"), route("128.0.0.0/1", NatGatewayId="nat-1"))],
            "NAT gateway",
        ),
        (
            [table("r", route(NatGatewayId="nat-1")), table("n", route(GatewayId="vpce-fw"), subnets=("subnet-nat",))],
            "firewall",
        ),
        (
            [
                table("r", route(GatewayId="vpce-fw")),
                table("b", route(NatGatewayId="nat-1"), subnets=("subnet-b",)),
                table("n", route(GatewayId="igw-1"), subnets=("subnet-nat",)),
            ],
            "NAT gateway",
        ),
    ],
    ids=["firewall", "transit", "gone", "narrow", "halves", "firewall behind NAT", "one subnet past the firewall"],
)
def test_where_the_way_out_leads(tables: list[dict[str, Any]], way_out: str) -> None:
    assert attached(*network(RouteTables=tables)).way_out == way_out


@pytest.mark.parametrize(
    ("rule", "open"),
    [
        (OPEN, "everything to 0.0.0.0/0"),
        (
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            "tcp 443 to 0.0.0.0/0",
        ),
        ({"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}, "everything to ::/0"),
        ({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "128.0.0.0/1"}]}, "everything to 128.0.0.0/1"),
        ({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}, ""),
        ({"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-1"}]}, ""),
        ({"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2"}]}, ""),
    ],
)
def test_a_rule_is_open_if_it_reaches_the_internet(rule: dict[str, Any], open: str) -> None:
    row = attached(*network(SecurityGroups=[{"GroupId": "sg-1", "IpPermissionsEgress": [rule]}]))
    assert row.open_groups == ((f"sg-1 ({open})",) if open else ())


def endpoint(service: str, **more: object) -> dict[str, Any]:
    """An endpoint of the network."""
    return {
        "VpcId": "vpc-1",
        "State": "available",
        "ServiceName": f"com.amazonaws.us-east-1.{service}",
        "VpcEndpointType": "Interface",
        **more,
    }


def test_endpoints_count_where_the_subnets_use_them() -> None:
    found = [
        endpoint("secretsmanager"),
        endpoint("s3", VpcEndpointType="Gateway", RouteTableIds=["rtb-main"]),
        endpoint("dynamodb", VpcEndpointType="Gateway", RouteTableIds=["rtb-other"]),
        endpoint("sqs", State="deleting"),
        endpoint("sns", VpcId="vpc-2"),
    ]
    assert attached(*network(VpcEndpoints=found)).endpoints == ("secretsmanager", "s3")


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("ec2:DescribeSubnets", "zones"),
        ("ec2:DescribeRouteTables", "public_subnets"),
        ("ec2:DescribeRouteTables", "way_out"),
        ("ec2:DescribeNatGateways", "way_out"),
        ("ec2:DescribeSecurityGroups", "open_groups"),
        ("ec2:DescribeVpcEndpoints", "endpoints"),
    ],
)
def test_what_was_denied_or_never_asked_is_a_gap(call: str, field: str) -> None:
    for captures in (
        [denied(each) if each.call == call else each for each in network()],
        [each for each in network() if each.call != call],
    ):
        assert isinstance(getattr(attached(*captures), field), Gap)


def test_a_subnet_whose_routes_are_not_visible_is_a_gap() -> None:
    row = attached(*network(RouteTables=[table("rtb", network="vpc-9")]))
    assert isinstance(row.public_subnets, Gap) and isinstance(row.way_out, Gap)


def test_a_subnet_says_itself_in_which_network_it_lies() -> None:
    subnets = [
        {"SubnetId": each, "AvailabilityZone": "us-east-1a", "VpcId": "vpc-2"} for each in ("subnet-a", "subnet-b")
    ]
    row = attached(*network(Subnets=subnets, RouteTables=[table("rtb", network="vpc-2")]))
    assert (row.public_subnets, row.way_out) == ((), "")


def test_a_route_to_something_unknown_is_a_gap_and_no_breakdown() -> None:
    row = attached(*network(RouteTables=[table("rtb", route(SomethingNewId="x-1"))]))
    assert isinstance(row.public_subnets, Gap) and isinstance(row.way_out, Gap)


def test_denied_functions_are_a_hole() -> None:
    captures = [denied(each) if each.call == "lambda:ListFunctions" else each for each in account()]
    assert Shaped([*captures, *network()]).holes(NetworkAttachment)
