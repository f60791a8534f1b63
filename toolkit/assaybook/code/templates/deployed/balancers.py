"""Load balancers of a stack, which may lead to functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, entries, members, number, untold, word

BALANCER, TARGETS = "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup"
LISTENER, LISTENER_RULE = "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"

ANSWERED = (
    "elbv2:DescribeLoadBalancers",
    "elbv2:DescribeTargetGroups",
    "elbv2:DescribeListeners",
    "elbv2:DescribeRules",
    "elbv2:DescribeLoadBalancerAttributes",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers of Elastic Load Balancing."""
    leads: dict[str, list[str]] = {}
    for balancer in stack.of(BALANCER):
        properties = balancer.properties
        record = {
            "LoadBalancerArn": balancer.arn,
            "LoadBalancerName": balancer.name,
            "DNSName": f"{balancer.name}.{stack.region}.elb.amazonaws.com",
            "Scheme": properties.get("Scheme", "internet-facing"),
            "Type": properties.get("Type", "application"),
        }
        answers.listed("elbv2:DescribeLoadBalancers", record, where=balancer.where)
        attributes = [
            {"Key": word(members(each).get("Key")), "Value": word(members(each).get("Value"))}
            for each in entries(properties.get("LoadBalancerAttributes"))
        ]
        answers.listed(
            "elbv2:DescribeLoadBalancerAttributes", *attributes, where=balancer.where, LoadBalancerArn=balancer.arn
        )
        listeners = [
            each
            for each in stack.of(LISTENER)
            if stack.named(each.properties.get("LoadBalancerArn"), BALANCER) is balancer
        ]
        answers.listed(
            "elbv2:DescribeListeners", *map(_listener, listeners), where=balancer.where, LoadBalancerArn=balancer.arn
        )
        for listener in listeners:
            rules = [
                each
                for each in stack.of(LISTENER_RULE)
                if stack.named(each.properties.get("ListenerArn"), LISTENER) is listener
            ]
            actions = [_actions(each.properties.get("Actions")) for each in rules]
            actions.append(_actions(listener.properties.get("DefaultActions")))
            answers.listed(
                "elbv2:DescribeRules",
                *({"Actions": each} for each in actions),
                where=listener.where,
                ListenerArn=listener.arn,
            )
            for each in (listener, *rules):
                for arn in _forwarded(each.properties.get("DefaultActions", each.properties.get("Actions"))):
                    leads.setdefault(arn, []).append(balancer.arn)
    for group in stack.of(TARGETS):
        before = sorted({each for arn in (group.arn, group.id) for each in leads.get(arn, ())})
        record = {
            "TargetGroupArn": group.arn,
            "TargetGroupName": group.name,
            "TargetType": group.properties.get("TargetType", "instance"),
            "LoadBalancerArns": before,
        }
        answers.listed("elbv2:DescribeTargetGroups", record, where=group.where)


def _listener(listener: Resource) -> dict[str, Any]:
    properties = listener.properties
    record: dict[str, Any] = {
        "ListenerArn": listener.arn,
        "Protocol": properties.get("Protocol"),
        "Port": number(properties.get("Port")),
    }
    policy = properties.get("SslPolicy")
    if policy is None and record["Protocol"] in ("HTTPS", "TLS"):
        # Where it is not set, outside of the console. Source: Elastic Load Balancing guide, "Security policies for your Application Load Balancer".
        policy = "ELBSecurityPolicy-2016-08"
    return {name: value for name, value in {**record, "SslPolicy": policy}.items() if value is not None}


def _actions(value: Any) -> Any:
    return value if untold(value) else [each for each in entries(value) if untold(each) or isinstance(each, Mapping)]


def _forwarded(value: Any) -> Iterator[str]:
    for each in entries(value):
        action = members(each)
        if action.get("TargetGroupArn") is not None:
            yield word(action["TargetGroupArn"])
        for one in entries(members(action.get("ForwardConfig")).get("TargetGroups")):
            yield word(members(one).get("TargetGroupArn"))
