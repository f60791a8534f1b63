"""Logs of the edge, and web ACLs before load balancers and user pools, out of captures."""

from dataclasses import replace

import pytest

from assaybook.capture import Capture
from assaybook.evidence import Gap
from assaybook.tables.compute import WebEntry
from assaybook.tables.gateway import EdgeLog
from shaped_account import ACCOUNT, GLOBE, REGION, Shaped, absent, answered, denied, having
from test_shape_transport import BALANCER, balanced, distribution

POOL = f"{REGION}_Pool00001"
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{POOL}"
FRONT = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"
ACL = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/shop-acl/a1"
STAGE = f"arn:aws:apigateway:{REGION}::/restapis/rest1/stages/live"
BLOCKS = {"Name": "rate", "Action": {"Block": {}}, "Statement": {"RateBasedStatement": {"Limit": 1000}}}


def log(found: Shaped, kind: str) -> EdgeLog:
    (row,) = [each for each in found.rows(EdgeLog).values() if each.kind == kind]
    return row


@pytest.mark.parametrize(
    ("config", "writes"),
    [({}, ""), ({"logConfig": {"fieldLogLevel": "NONE"}}, ""), ({"logConfig": {"fieldLogLevel": "ALL"}}, "its fields")],
)
def test_the_log_of_a_graphql_api(config: dict, writes: str) -> None:
    record = {"apiId": "graph1", "name": "catalogue", "authenticationType": "AWS_IAM", **config}
    assert log(having(answered("appsync:ListGraphqlApis", graphqlApis=[record])), "GraphQL API").writes == writes


def standard(enabled: bool) -> Capture:
    given = {"Enabled": enabled, "Bucket": "logs.s3.amazonaws.com" if enabled else ""}
    return answered("cloudfront:GetDistributionConfig", GLOBE, {"Id": "E1"}, Logging=given)


def delivered(*named: str, to: str = "CWL") -> list[Capture]:
    sources = [{"name": "front", "resourceArns": [FRONT]}]
    deliveries = [{"deliverySourceName": each, "deliveryDestinationType": to} for each in named]
    return [
        answered("logs:DescribeDeliverySources/edge", GLOBE, deliverySources=sources),
        answered("logs:DescribeDeliveries/edge", GLOBE, deliveries=deliveries),
    ]


def test_a_distribution_logs_in_one_of_three_ways() -> None:
    assert (
        log(having(distribution(), standard(True), *delivered()), "distribution").writes == "to logs.s3.amazonaws.com"
    )
    assert log(having(distribution(), standard(False), *delivered("front")), "distribution").writes == "to a log group"
    assert log(having(distribution(), standard(False), *delivered("other")), "distribution").writes == ""
    behaviour = {"ViewerProtocolPolicy": "https-only", "RealtimeLogConfigArn": "arn:log"}
    real_time = having(distribution(DefaultCacheBehavior=behaviour), standard(False), *delivered())
    assert "real time" in log(real_time, "distribution").writes


def test_a_distribution_without_a_log_is_known_only_if_both_ways_are() -> None:
    sources, deliveries = delivered("front")
    assert isinstance(log(having(distribution(), denied(standard(True)), *delivered()), "distribution").writes, Gap)
    assert isinstance(
        log(having(distribution(), standard(False), denied(sources), deliveries), "distribution").writes, Gap
    )
    assert isinstance(
        log(having(distribution(), standard(False), sources, denied(deliveries)), "distribution").writes, Gap
    )
    enough = having(distribution(), standard(True), denied(sources), denied(deliveries))
    assert log(enough, "distribution").writes == "to logs.s3.amazonaws.com"


def guarding(arn: str = ACL) -> Capture:
    acl = {"Name": "shop-acl", "ARN": arn, "Rules": [BLOCKS]}
    return answered("wafv2:GetWebACLForResource", params={"ResourceArn": STAGE}, WebACL=acl)


def logged(*arns: str) -> Capture:
    found = [
        {"ResourceArn": each, "LogDestinationConfigs": ["arn:aws:logs:x:y:log-group:aws-waf-logs"]} for each in arns
    ]
    return answered("wafv2:ListLoggingConfigurations", params={"Scope": "REGIONAL"}, LoggingConfigurations=found)


def test_the_log_of_a_web_acl() -> None:
    row = log(having(guarding(), logged(ACL)), "web ACL")
    assert (row.name, row.writes) == ("shop-acl", "to aws-waf-logs")
    assert log(having(guarding(), logged()), "web ACL").writes == ""
    assert isinstance(log(having(guarding(), denied(logged())), "web ACL").writes, Gap)


def test_a_web_acl_that_is_attached_to_nothing_is_left_out() -> None:
    lists = answered(
        "wafv2:ListWebACLs",
        params={"Scope": "REGIONAL"},
        WebACLs=[{"Name": "spare", "Id": "s", "ARN": "arn:aws:wafv2:spare"}],
    )
    none = absent("wafv2:GetWebACLForResource", ResourceArn=STAGE)
    assert not [each for each in having(lists, none, logged()).rows(EdgeLog).values() if each.kind == "web ACL"]


def test_a_resource_whose_web_acl_could_not_be_read_leaves_a_hole() -> None:
    found = having(denied(guarding()))
    assert [each for each in found.holes(EdgeLog) if each.gap.call == "wafv2:GetWebACLForResource"]


def attributes(enabled: str) -> Capture:
    given = [{"Key": "access_logs.s3.enabled", "Value": enabled}, {"Key": "access_logs.s3.bucket", "Value": "logs"}]
    return answered("elbv2:DescribeLoadBalancerAttributes", params={"LoadBalancerArn": BALANCER}, Attributes=given)


def test_the_log_of_a_load_balancer() -> None:
    assert log(having(*balanced(), attributes("true")), "load balancer").writes == "to the bucket logs"
    assert log(having(*balanced("internal"), attributes("false")), "load balancer").writes == ""
    assert isinstance(log(having(*balanced(), denied(attributes("true"))), "load balancer").writes, Gap)
    never = replace(attributes(""), answer={"Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]})
    assert log(having(*balanced(), never), "load balancer").writes == ""


MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:orders"


def machine(kind: str = "STANDARD", **log: object) -> list[Capture]:
    asked = {"stateMachineArn": MACHINE}
    listed = [{**asked, "name": "orders", "type": kind}]
    return [
        answered("stepfunctions:ListStateMachines", stateMachines=listed),
        answered("stepfunctions:DescribeStateMachine", params=asked, **asked, loggingConfiguration=log),
    ]


@pytest.mark.parametrize(
    ("kind", "level", "writes", "lacks"),
    [
        ("STANDARD", "OFF", "", False),
        ("STANDARD", "ERROR", "errors", False),
        ("STANDARD", "FATAL", "fatal errors", True),
        ("STANDARD", "ALL", "every step", False),
        ("EXPRESS", "ERROR", "errors", True),
        ("EXPRESS", "ALL", "every step", False),
    ],
)
def test_the_log_of_a_state_machine(kind: str, level: str, writes: str, lacks: bool) -> None:
    row = log(having(*machine(kind, level=level, destinations=[{"cloudWatchLogsLogGroup": {}}])), "state machine")
    assert (row.writes, bool(row.lacks)) == (writes, lacks)


def test_a_state_machine_without_a_destination_or_an_answer() -> None:
    assert log(having(*machine(level="ALL", destinations=[])), "state machine").writes == ""
    listed, detail = machine(level="ALL")
    assert isinstance(log(having(listed, denied(detail)), "state machine").writes, Gap)
    assert isinstance(log(having(*machine()), "state machine").writes, Gap)


def entry(found: Shaped, kind: str) -> WebEntry:
    (row,) = [each for each in found.rows(WebEntry).values() if each.kind == kind]
    return row


def guard(kind: str, arn: str, *rules: dict) -> Capture:
    acl = {"Name": "acl", "ARN": ACL, "Rules": list(rules)}
    return answered(f"wafv2:GetWebACLForResource/{kind}", params={"ResourceArn": arn}, WebACL=acl)


def test_a_load_balancer_before_a_function_is_a_web_entry() -> None:
    assert entry(having(*balanced(), guard("balancer", BALANCER, BLOCKS)), "balancer").firewall == "acts"
    bare = absent("wafv2:GetWebACLForResource/balancer", ResourceArn=BALANCER)
    assert entry(having(*balanced(), bare), "balancer").firewall == "none"
    assert isinstance(entry(having(*balanced()), "balancer").firewall, Gap)
    assert "balancer" not in {each.kind for each in having(*balanced("internal")).rows(WebEntry).values()}


def test_a_user_pool_is_a_web_entry() -> None:
    listed = answered(
        "cognito-idp:ListUserPools", params={"MaxResults": 60}, UserPools=[{"Id": POOL, "Name": "customers"}]
    )
    detail = answered(
        "cognito-idp:DescribeUserPool", params={"UserPoolId": POOL}, UserPool={"Id": POOL, "Arn": POOL_ARN}
    )
    row = entry(having(listed, detail, guard("pool", POOL_ARN, BLOCKS)), "pool")
    assert (row.firewall, row.attachable) == ("acts", True)
    assert isinstance(entry(having(listed, denied(detail)), "pool").firewall, Gap)
    assert isinstance(entry(having(listed, detail), "pool").firewall, Gap)


def test_a_websocket_api_is_a_web_entry_that_no_web_acl_can_be_attached_to() -> None:
    api = {"ApiId": "http1", "Name": "chat", "ProtocolType": "WEBSOCKET"}
    row = entry(having(answered("apigatewayv2:GetApis", Items=[api])), "websocket")
    assert (row.attachable, row.firewall, row.url[:6]) == (False, "none", "wss://")


MANAGED = {"VendorName": "AWS", "Name": "Common"}
OWN = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/rulegroup/own/g1"


def managed(*counted: str) -> dict:
    overrides = [{"Name": each, "ActionToUse": {"Count": {}}} for each in counted]
    return {
        "Name": "common",
        "OverrideAction": {"None": {}},
        "Statement": {"ManagedRuleGroupStatement": {**MANAGED, "RuleActionOverrides": overrides}},
    }


def group() -> Capture:
    params = {**MANAGED, "Scope": "REGIONAL"}
    return answered("wafv2:DescribeManagedRuleGroup", params=params, Rules=[{"Name": "a"}, {"Name": "b"}])


@pytest.mark.parametrize(("counted", "effect"), [((), "acts"), (("a",), "acts"), (("a", "b"), "counts_only")])
def test_a_managed_group_acts_unless_each_of_its_rules_counts(counted: tuple, effect: str) -> None:
    found = having(*balanced(), guard("balancer", BALANCER, managed(*counted)), group())
    assert entry(found, "balancer").firewall == effect


def test_a_managed_group_that_could_not_be_read_matters_only_alone() -> None:
    alone = having(*balanced(), guard("balancer", BALANCER, managed("a")), denied(group()))
    assert isinstance(entry(alone, "balancer").firewall, Gap)
    beside = having(*balanced(), guard("balancer", BALANCER, managed("a"), BLOCKS), denied(group()))
    assert entry(beside, "balancer").firewall == "acts"


def own_group(action: str) -> Capture:
    rules = [{"Name": "mine", "Action": {action: {}}}]
    return answered("wafv2:GetRuleGroup", params={"ARN": OWN}, RuleGroup={"Rules": rules})


@pytest.mark.parametrize(("action", "effect"), [("Block", "acts"), ("Count", "counts_only"), ("Allow", "counts_only")])
def test_a_group_of_our_own_acts_if_a_rule_in_it_does(action: str, effect: str) -> None:
    rule = {"Name": "own", "OverrideAction": {"None": {}}, "Statement": {"RuleGroupReferenceStatement": {"ARN": OWN}}}
    found = having(*balanced(), guard("balancer", BALANCER, rule), own_group(action))
    assert entry(found, "balancer").firewall == effect
    silenced = {**rule, "OverrideAction": {"Count": {}}}
    found = having(*balanced(), guard("balancer", BALANCER, silenced), own_group(action))
    assert entry(found, "balancer").firewall == "counts_only"
