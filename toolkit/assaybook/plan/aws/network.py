"""What to ask EC2 about the networks that functions are attached to: subnets, routes, security groups, endpoints."""

from .. import Call

CALLS = (
    Call("ec2:DescribeSubnets", items="Subnets", why="zone of each subnet, for functions in a network"),
    Call("ec2:DescribeRouteTables", items="RouteTables", why="whether a subnet is public, and where its way out leads"),
    Call(
        "ec2:DescribeNatGateways",
        items="NatGateways",
        why="in which subnet a NAT gateway stands, behind which a firewall may follow",
    ),
    Call("ec2:DescribeSecurityGroups", items="SecurityGroups", why="where functions in a network may connect to"),
    Call("ec2:DescribeVpcEndpoints", items="VpcEndpoints", why="which services a network reaches without the internet"),
)
