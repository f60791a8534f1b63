"""Answers about the outer edge that no emulator has: certificates, load balancers, logs of the edge, caches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange, Refusal
from .buckets import DISTRIBUTION
from .names import EU, US, arn
from .partner_apis import CLIENT_CERTIFICATE, MANAGED_RULES, Edges

CHECKOUT = arn("elasticloadbalancing", "loadbalancer/app/checkout/50dc6c495c0c9188")
INTRANET = arn("elasticloadbalancing", "loadbalancer/app/intranet/6d1c2ab0e1f0a377")


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _certificate(last: str, domain: str, until: str, *used_by: str, region: str = US, **more: Any) -> dict[str, Any]:
    """A certificate as ACM describes it."""
    return {
        "CertificateArn": arn("acm", f"certificate/0a1b2c3d-0000-4000-8000-00000000000{last}", region),
        "DomainName": domain,
        "SubjectAlternativeNames": [domain],
        "Subject": f"CN={domain}",
        "Status": "ISSUED",
        "Type": "AMAZON_ISSUED",
        "KeyAlgorithm": "RSA-2048",
        "SignatureAlgorithm": "SHA256WITHRSA",
        "InUseBy": list(used_by),
        "NotBefore": _day("2025-11-20"),
        "NotAfter": _day(until),
        "RenewalEligibility": "ELIGIBLE" if used_by else "INELIGIBLE",
        **more,
    }


def _renewal(state: str, reason: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {
        "RenewalStatus": state,
        "DomainValidationOptions": [],
        "UpdatedAt": _day("2026-11-02"),
    }
    return {**made, "RenewalStatusReason": reason} if reason else made


_OLD = {"Type": "IMPORTED", "RenewalEligibility": "INELIGIBLE"}
CERTIFICATES = {
    US: (
        _certificate("a", "shop.example.com", "2027-06-18", DISTRIBUTION, RenewalSummary=_renewal("SUCCESS")),
        _certificate(
            "b",
            "api.example.com",
            "2027-01-09",
            f"arn:aws:apigateway:{US}::/domainnames/api.example.com",
            RenewalSummary=_renewal("PENDING_VALIDATION", "CAA_ERROR"),
        ),
        _certificate(
            "c",
            "partners.example.com",
            "2026-12-01",
            "arn:aws:cloudfront::111122223333:distribution/E3NORTHWINDAPI",
            KeyAlgorithm="RSA-1024",
            **_OLD,
        ),
        _certificate("d", "old.example.com", "2025-12-01", **{**_OLD, "Status": "EXPIRED"}),
    ),
    EU: (
        _certificate(
            "e",
            "eu.example.com",
            "2027-08-30",
            CHECKOUT.replace(US, EU),
            region=EU,
            KeyAlgorithm="EC-prime256v1",
        ),
    ),
}


def _summary(certificate: dict[str, Any]) -> dict[str, Any]:
    names = ("CertificateArn", "DomainName", "Status", "Type", "RenewalEligibility", "NotBefore", "NotAfter")
    kind = certificate["KeyAlgorithm"].replace("-", "_")
    return {**{name: certificate[name] for name in names}, "KeyAlgorithm": kind, "InUse": bool(certificate["InUseBy"])}


def _described(asked: Exchange) -> Answer:
    wanted = asked.params["CertificateArn"]
    return {"Certificate": next(each for each in CERTIFICATES[asked.region] if each["CertificateArn"] == wanted)}


def _balancer(balancer: str, scheme: str) -> dict[str, Any]:
    name = balancer.split("/")[2]
    return {
        "LoadBalancerArn": balancer,
        "DNSName": f"{name}-1234567890.{US}.elb.amazonaws.com",
        "LoadBalancerName": name,
        "Scheme": scheme,
        "VpcId": "vpc-0a1b2c3d4e5f60718",
        "State": {"Code": "active"},
        "Type": "application",
        "IpAddressType": "ipv4",
        "CreatedTime": _day("2024-06-11"),
    }


def _group(name: str, balancer: str) -> dict[str, Any]:
    return {
        "TargetGroupArn": arn("elasticloadbalancing", f"targetgroup/{name}/73e2d6bc24d8a067"),
        "TargetGroupName": name,
        "LoadBalancerArns": [balancer],
        "TargetType": "lambda",
        "HealthCheckEnabled": False,
    }


def _listener(balancer: str, number: str, port: int, **more: Any) -> dict[str, Any]:
    return {
        "ListenerArn": f"{balancer.replace(':loadbalancer/', ':listener/')}/{number}",
        "LoadBalancerArn": balancer,
        "Port": port,
        "Protocol": "HTTPS" if "SslPolicy" in more else "HTTP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": _group("checkout", balancer)["TargetGroupArn"]}],
        **more,
    }


_REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
LISTENERS = (
    _listener(CHECKOUT, "f2f7dc8efc522ab0", 80, DefaultActions=[_REDIRECT]),
    _listener(CHECKOUT, "f2f7dc8efc522ab1", 443, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
    _listener(CHECKOUT, "f2f7dc8efc522ab2", 8443, SslPolicy="ELBSecurityPolicy-2016-08"),
    _listener(INTRANET, "f2f7dc8efc522ab3", 443, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
)


def _listeners(asked: Exchange) -> Answer:
    return {"Listeners": [each for each in LISTENERS if each["LoadBalancerArn"] == asked.params["LoadBalancerArn"]]}


def _rules(asked: Exchange) -> Answer:
    listener = str(asked.params["ListenerArn"])
    rule = f"{listener.replace(':listener/', ':listener-rule/')}/9683b2d02a6cabee"
    return {
        "Rules": [{"RuleArn": rule, "Priority": "default", "Conditions": [], "Actions": [_REDIRECT], "IsDefault": True}]
    }


def _balancer_attributes(asked: Exchange) -> Answer:
    logs = asked.params["LoadBalancerArn"] == CHECKOUT
    return {
        "Attributes": [
            {"Key": "access_logs.s3.enabled", "Value": str(logs).lower()},
            {"Key": "access_logs.s3.bucket", "Value": "northwind-edge-logs" if logs else ""},
            {"Key": "deletion_protection.enabled", "Value": "true"},
        ]
    }


def _domain_names(asked: Exchange) -> Answer:
    """The older service lists the edge-optimised name that the newer one does not have."""
    if asked.region != US:
        return {"items": []}
    api, partners = "api.example.com", "partners.example.com"
    return {
        "items": [
            {
                "domainName": api,
                "regionalCertificateArn": CERTIFICATES[US][1]["CertificateArn"],
                "endpointConfiguration": {"types": ["REGIONAL"]},
                "domainNameStatus": "AVAILABLE",
                "securityPolicy": "TLS_1_2",
            },
            {
                "domainName": partners,
                "certificateArn": CERTIFICATES[US][2]["CertificateArn"],
                "distributionDomainName": "d222222abcdef8.cloudfront.net",
                "endpointConfiguration": {"types": ["EDGE"]},
                "domainNameStatus": "AVAILABLE",
                "securityPolicy": "TLS_1_0",
            },
        ]
    }


def _client_certificates(asked: Exchange) -> Answer:
    if asked.region != US:
        return {"items": []}
    made = {"createdDate": _day("2026-05-19"), "expirationDate": _day("2027-05-19")}
    return {"items": [{"clientCertificateId": CLIENT_CERTIFICATE, "description": "Partner backends", **made}]}


def _api_cache(graph: Callable[[str], str]) -> Fill:
    def answer(asked: Exchange) -> Answer | Refusal:
        if graph(str(asked.params["apiId"])) != "account":
            return Refusal("NotFoundException", "Unable to find the cache configuration for this API.", 404)
        kept = {"ttl": 300, "apiCachingBehavior": "PER_RESOLVER_CACHING", "type": "SMALL", "status": "AVAILABLE"}
        return {"apiCache": {**kept, "transitEncryptionEnabled": True, "atRestEncryptionEnabled": True}}

    return answer


def _rule_group(asked: Exchange) -> Answer:
    rules = [{"Name": each, "Action": {"Block": {}}} for each in MANAGED_RULES]
    return {"Capacity": 700, "Rules": rules, "LabelNamespace": "awswaf:managed:aws:core-rule-set:"}


def _distribution_config(asked: Exchange) -> Answer:
    shop = DISTRIBUTION.endswith(f"/{asked.params['Id']}")
    log = {
        "Enabled": shop,
        "IncludeCookies": False,
        "Bucket": "northwind-edge-logs.s3.amazonaws.com" if shop else "",
        "Prefix": "shop/" if shop else "",
    }
    origins = {"Quantity": 0, "Items": []}
    behaviour = {"TargetOriginId": "pictures", "ViewerProtocolPolicy": "redirect-to-https"}
    made = {
        "CallerReference": "shop-front",
        "Origins": origins,
        "DefaultCacheBehavior": behaviour,
        "Comment": "Shop front",
    }
    return {"ETag": "E1DEMO", "DistributionConfig": {**made, "Enabled": True, "Logging": log}}


def edge_fills(edges: Callable[[], Edges], graph: Callable[[str], str]) -> dict[tuple[str, str], Fill]:
    """What answers each operation. `edges` gives what was kept while the estate was built, `graph` the name of a GraphQL API by its id."""

    def authorizers(asked: Exchange) -> Answer:
        return {"Items": edges().authorizers.get(str(asked.params["ApiId"]), [])}

    def guarded(asked: Exchange) -> Answer | Refusal | None:
        resource = str(asked.params["ResourceArn"])
        if resource == CHECKOUT or resource.endswith("_NwShop001"):
            return {"WebACL": edges().web_acls["shop-front"]}
        if ":loadbalancer/" in resource or ":userpool/" in resource:
            return Refusal(
                "WAFNonexistentItemException",
                "AWS WAF couldn't perform the operation because your resource doesn't exist.",
            )
        return None

    def firewall_logs(asked: Exchange) -> Answer:
        if asked.region != US or asked.params["Scope"] != "REGIONAL":
            return {"LoggingConfigurations": []}
        group = arn("logs", "log-group:aws-waf-logs-shop")
        front = edges().web_acls["shop-front"]["ARN"]
        return {"LoggingConfigurations": [{"ResourceArn": front, "LogDestinationConfigs": [group]}]}

    def in_us(member: str, *found: dict[str, Any]) -> Fill:
        return lambda asked: {member: list(found) if asked.region == US else []}

    return {
        ("acm", "ListCertificates"): lambda asked: {
            "CertificateSummaryList": [_summary(each) for each in CERTIFICATES[asked.region]]
        },
        ("acm", "DescribeCertificate"): _described,
        ("apigateway", "GetClientCertificates"): _client_certificates,
        ("apigateway", "GetDomainNames"): _domain_names,
        ("apigateway", "GetBasePathMappings"): lambda _: {
            "items": [{"basePath": "(none)", "restApiId": edges().partner_api, "stage": "production"}]
        },
        ("apigatewayv2", "GetAuthorizers"): authorizers,
        ("appsync", "GetApiCache"): _api_cache(graph),
        ("cloudfront", "GetDistributionConfig"): _distribution_config,
        ("elbv2", "DescribeListeners"): _listeners,
        ("elbv2", "DescribeLoadBalancerAttributes"): _balancer_attributes,
        ("elbv2", "DescribeLoadBalancers"): in_us(
            "LoadBalancers", _balancer(CHECKOUT, "internet-facing"), _balancer(INTRANET, "internal")
        ),
        ("elbv2", "DescribeRules"): _rules,
        ("elbv2", "DescribeTargetGroups"): in_us(
            "TargetGroups", _group("checkout", CHECKOUT), _group("intranet", INTRANET)
        ),
        ("logs", "DescribeDeliveries"): lambda _: {"deliveries": []},
        ("logs", "DescribeDeliverySources"): lambda _: {"deliverySources": []},
        ("wafv2", "DescribeManagedRuleGroup"): _rule_group,
        ("wafv2", "GetWebACLForResource"): guarded,
        ("wafv2", "ListLoggingConfigurations"): firewall_logs,
    }
