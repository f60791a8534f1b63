"""Distributions, web ACLs, load balancers and certificates of a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..resources import Resource
from . import balancers, rest, rest_stages, sign_in
from .answers import Answers, Stack, entries, id_of, members, place_of, switch, untold, word

DISTRIBUTION, CERTIFICATE = "AWS::CloudFront::Distribution", "AWS::CertificateManager::Certificate"
ACL, ASSOCIATION, GROUP = "AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation", "AWS::WAFv2::RuleGroup"
WAF_LOGS = "AWS::WAFv2::LoggingConfiguration"

ANSWERED = (
    "cloudfront:ListDistributions",
    "cloudfront:GetDistributionConfig",
    "wafv2:ListWebACLs",
    "wafv2:GetWebACL",
    "wafv2:ListWebACLs/cloudfront",
    "wafv2:GetWebACL/cloudfront",
    "wafv2:GetRuleGroup",
    "wafv2:GetRuleGroup/cloudfront",
    "wafv2:GetWebACLForResource",
    "wafv2:GetWebACLForResource/pool",
    "wafv2:GetWebACLForResource/balancer",
    "wafv2:ListLoggingConfigurations",
    "wafv2:ListLoggingConfigurations/cloudfront",
    "acm:ListCertificates",
    "logs:DescribeDeliverySources/edge",
    "logs:DescribeDeliveries/edge",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about what stands before APIs and functions."""
    for each in stack.of(DISTRIBUTION):
        _distribution(stack, answers, each)
    _firewalls(stack, answers)
    _guards(stack, answers)
    for each in stack.of(CERTIFICATE):
        record = {
            "CertificateArn": each.arn,
            "DomainName": word(each.properties.get("DomainName")),
            "Type": "AMAZON_ISSUED",
            "Status": "ISSUED",
            "KeyAlgorithm": each.properties.get("KeyAlgorithm", "RSA_2048"),
        }
        answers.listed("acm:ListCertificates", record, where=each.where)
    for each in stack.of("AWS::Logs::DeliverySource"):
        source = {
            "name": each.name,
            "resourceArns": [word(each.properties.get("ResourceArn"))],
            "logType": each.properties.get("LogType"),
        }
        answers.listed("logs:DescribeDeliverySources/edge", source, where=each.where)
    for each in stack.of("AWS::Logs::Delivery"):
        destination = word(each.properties.get("DeliveryDestinationArn"))
        record = {
            "deliverySourceName": word(each.properties.get("DeliverySourceName")),
            "deliveryDestinationArn": destination,
            "deliveryDestinationType": "CWL",
        }
        answers.listed("logs:DescribeDeliveries/edge", record, where=each.where)


def _items(value: Any) -> Any:
    """A list as CloudFront answers with it."""
    if untold(value):
        return {"Items": value}
    return {"Quantity": len(entries(value)), "Items": entries(value)}


def _distribution(stack: Stack, answers: Answers, distribution: Resource) -> None:
    config = members(distribution.properties.get("DistributionConfig"))
    id = distribution.arn.rpartition("/")[2] or id_of(distribution)
    arn = f"arn:{stack.partition}:cloudfront::{stack.account}:distribution/{id}"
    acl = config.get("WebACLId")
    named = stack.named(acl, ACL) if acl is not None else None
    record: dict[str, Any] = {
        "Id": id,
        "ARN": arn,
        "DomainName": _host(distribution, id),
        "Enabled": switch(config.get("Enabled"), True),
        "Aliases": _items([] if config.get("Aliases") is None else config["Aliases"]),
        "Origins": {"Items": [_origin(each) for each in entries(config.get("Origins"))]},
        "DefaultCacheBehavior": _behaviour(config.get("DefaultCacheBehavior")),
        "CacheBehaviors": _items([_behaviour(each) for each in entries(config.get("CacheBehaviors"))]),
        "ViewerCertificate": _certificate(config.get("ViewerCertificate")),
        "WebACLId": named.arn if named else word(acl),
    }
    answers.listed("cloudfront:ListDistributions", record, where=distribution.where)
    answers.place(arn, distribution.where, distribution.conditional)
    log = config.get("Logging")
    logging = (
        log
        if untold(log)
        else {
            "Enabled": log is not None and bool(members(log).get("Bucket")),
            "Bucket": word(members(log).get("Bucket")),
        }
    )
    answers.told(
        "cloudfront:GetDistributionConfig",
        {"Logging": logging},
        place_of(distribution, "DistributionConfig.Logging", "DistributionConfig"),
        Id=id,
    )


def _host(distribution: Resource, id: str) -> str:
    known = distribution.attributes.get("DomainName")
    return known if isinstance(known, str) else f"d{id.lower()}.cloudfront.net"


def _origin(value: Any) -> Any:
    if untold(value):
        return value
    given = members(value)
    record: dict[str, Any] = {"Id": word(given.get("Id")), "DomainName": word(given.get("DomainName"))}
    headers = [
        {"HeaderName": word(members(each).get("HeaderName"))} for each in entries(given.get("OriginCustomHeaders"))
    ]
    record["CustomHeaders"] = {"Quantity": len(headers), "Items": headers}
    custom = given.get("CustomOriginConfig")
    if custom is not None:
        protocols = members(custom).get("OriginSSLProtocols")
        record["CustomOriginConfig"] = (
            custom
            if untold(custom)
            else {
                **{name: each for name, each in members(custom).items() if name != "OriginSSLProtocols"},
                # Where it is not set. Source: Amazon CloudFront API Reference, "CustomOriginConfig".
                "OriginSslProtocols": _items(["TLSv1.2"] if protocols is None else protocols),
            }
        )
    if given.get("S3OriginConfig") is not None:
        record["S3OriginConfig"] = {
            "OriginAccessIdentity": word(members(given["S3OriginConfig"]).get("OriginAccessIdentity"))
        }
    if given.get("VpcOriginConfig") is not None:
        record["VpcOriginConfig"] = given["VpcOriginConfig"]
    if given.get("OriginAccessControlId") is not None:
        record["OriginAccessControlId"] = word(given["OriginAccessControlId"])
    return record


def _behaviour(value: Any) -> Any:
    if untold(value):
        return value
    kept = ("ViewerProtocolPolicy", "TargetOriginId", "PathPattern", "RealtimeLogConfigArn")
    made = {name: members(value)[name] for name in kept if members(value).get(name) is not None}
    at_edge = [
        {"LambdaFunctionARN": word(members(each).get("LambdaFunctionARN")), "EventType": members(each).get("EventType")}
        for each in entries(members(value).get("LambdaFunctionAssociations"))
    ]
    return {**made, "LambdaFunctionAssociations": {"Quantity": len(at_edge), "Items": at_edge}}


def _certificate(value: Any) -> Any:
    """The certificate of a distribution, its own name's by default. Source: AWS CloudFormation Template Reference, "AWS::CloudFront::Distribution ViewerCertificate"."""
    if value is None:
        return {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"}
    if untold(value):
        return value
    given = members(value)
    record: dict[str, Any] = {"CloudFrontDefaultCertificate": switch(given.get("CloudFrontDefaultCertificate"), False)}
    for name, member in (("AcmCertificateArn", "ACMCertificateArn"), ("IamCertificateId", "IAMCertificateId")):
        if given.get(name) is not None:
            record[member] = word(given[name])
    record["MinimumProtocolVersion"] = given.get("MinimumProtocolVersion", "TLSv1")
    return record


def _suffix(resource: Resource) -> str:
    return "/cloudfront" if word(resource.properties.get("Scope")).upper() == "CLOUDFRONT" else ""


def _uuid(resource: Resource) -> str:
    return resource.arn.rpartition("/")[2] or resource.id


def _firewalls(stack: Stack, answers: Answers) -> None:
    for acl in stack.of(ACL):
        call, name = f"wafv2:ListWebACLs{_suffix(acl)}", acl.name
        answers.listed(call, {"Name": name, "Id": _uuid(acl), "ARN": acl.arn}, where=acl.where)
        _tell_acl(answers, acl, f"wafv2:GetWebACL{_suffix(acl)}", acl, Name=name, Id=_uuid(acl))
    for group in stack.of(GROUP):
        record = {"Name": group.name, "ARN": group.arn, "Rules": group.properties.get("Rules", [])}
        answers.told(f"wafv2:GetRuleGroup{_suffix(group)}", {"RuleGroup": record}, group.where, ARN=group.arn)
    for log in stack.of(WAF_LOGS):
        guarded = stack.named(log.properties.get("ResourceArn"), ACL)
        record = {
            "ResourceArn": guarded.arn if guarded else word(log.properties.get("ResourceArn")),
            "LogDestinationConfigs": [word(each) for each in entries(log.properties.get("LogDestinationConfigs"))],
        }
        answers.listed(f"wafv2:ListLoggingConfigurations{_suffix(guarded) if guarded else ''}", record, where=log.where)


def _tell_acl(answers: Answers, acl: Resource, call: str, by: Resource, **params: str) -> None:
    """The web ACL, if all is known that decides whether it acts."""
    rules = acl.properties.get("Rules")
    parts = [rules, acl.properties.get("DefaultAction"), *entries(rules)]
    parts += [members(each).get(name) for each in entries(rules) for name in ("Action", "OverrideAction", "Statement")]
    if any(map(untold, parts)):
        answers.untold(call, f"the rules of the web ACL {acl.name} are not known", acl.where, **params)
    else:
        answers.told_by(by, call, {"WebACL": firewall(acl)}, **params)


def firewall(acl: Resource) -> dict[str, Any]:
    """A web ACL as WAF describes it; CloudFormation writes its ARNs in other letters."""
    properties = acl.properties
    return {
        "Name": acl.name,
        "Id": _uuid(acl),
        "ARN": acl.arn,
        "DefaultAction": properties.get("DefaultAction", {}),
        "Rules": _statements(properties.get("Rules", [])),
    }


def _statements(value: Any) -> Any:
    if untold(value):
        return value
    if isinstance(value, Mapping):
        renamed = {"Arn": "ARN"}
        return {renamed.get(name, name): _statements(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_statements(each) for each in value]
    return value


def _guards(stack: Stack, answers: Answers) -> None:
    """The web ACL of each stage, pool and load balancer, or that it has none."""
    associations = {word(each.properties.get("ResourceArn")): each for each in stack.of(ASSOCIATION)}
    for call, arn, where in _guardable(stack):
        found = associations.get(arn)
        if found is None:
            answers.absent(call, where, ResourceArn=arn)
            continue
        acl = stack.named(found.properties.get("WebACLArn"), ACL)
        if acl is None:
            answers.untold(
                call,
                f"the web ACL {word(found.properties.get('WebACLArn'))} is not in the template",
                found.where,
                ResourceArn=arn,
            )
        else:
            _tell_acl(answers, acl, call, found, ResourceArn=arn)


def _guardable(stack: Stack) -> Iterator[tuple[str, str, str]]:
    for api in stack.of(rest.API):
        for stage, where in rest_stages.stages_of(stack, api):
            yield "wafv2:GetWebACLForResource", f"{rest.api_arn(stack, api)}/stages/{stage['stageName']}", where
    for pool in stack.of(sign_in.POOL):
        yield (
            "wafv2:GetWebACLForResource/pool",
            stack.arn("cognito-idp", f"userpool/{sign_in.pool_id(pool)}"),
            pool.where,
        )
    for each in stack.of(balancers.BALANCER):
        yield "wafv2:GetWebACLForResource/balancer", each.arn, each.where
