"""Own domain names of APIs, and the APIs behind them."""

from __future__ import annotations

from typing import Any

from ..resources import Resource
from . import http_apis, rest
from .answers import Answers, Stack, entries, members, tags_of, word

DOMAIN, OLD_DOMAIN = "AWS::ApiGatewayV2::DomainName", "AWS::ApiGateway::DomainName"

ANSWERED = (
    "apigateway:GetDomainNames",
    "apigateway:GetBasePathMappings",
    "apigatewayv2:GetDomainNames",
    "apigatewayv2:GetApiMappings",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about domain names."""
    for domain in stack.of(OLD_DOMAIN, DOMAIN):
        _domain(stack, answers, domain)


def _domain(stack: Stack, answers: Answers, domain: Resource) -> None:
    properties, name = domain.properties, word(domain.properties.get("DomainName"), domain.name)
    answers.place(stack.arn("apigateway", f"/domainnames/{name}", account=False), domain.where, domain.conditional)
    newer = domain.type == DOMAIN
    configuration = members(properties.get("EndpointConfiguration"))
    types = [str(each).upper() for each in entries(configuration.get("Types"))] or [rest.USUAL_ENDPOINT]
    if newer:
        types = ["REGIONAL"]
    found = (
        entries(properties.get("DomainNameConfigurations"))
        if newer
        else [{"SecurityPolicy": properties.get("SecurityPolicy")}]
    )
    policies = [members(each).get("SecurityPolicy") for each in found] or [None]
    # The newer service takes TLS 1.2 only. Source: Amazon API Gateway Developer Guide, "Choose a security policy for your custom domain in API Gateway".
    usual = "TLS_1_2" if newer else None
    known = [usual if each is None else each for each in policies]
    mutual = properties.get("MutualTlsAuthentication")
    old: dict[str, Any] = {
        "domainName": name,
        "endpointConfiguration": {"types": types},
        "tags": tags_of(properties.get("Tags")),
    }
    if known[0] is not None:
        old["securityPolicy"] = known[0]
    answers.listed("apigateway:GetDomainNames", old, where=domain.where)
    if "EDGE" not in types:
        record: dict[str, Any] = {
            "DomainName": name,
            "DomainNameConfigurations": [
                {"EndpointType": types[0], **({} if each is None else {"SecurityPolicy": each})} for each in known
            ],
            "Tags": tags_of(properties.get("Tags")),
        }
        if mutual is not None:
            record["MutualTlsAuthentication"] = mutual
        answers.listed("apigatewayv2:GetDomainNames", record, where=domain.where)
        answers.listed("apigatewayv2:GetApiMappings", *_mappings(stack, domain), where=domain.where, DomainName=name)
    else:
        paths = [{"restApiId": each["ApiId"], "stage": each["Stage"]} for each in _mappings(stack, domain)]
        answers.listed("apigateway:GetBasePathMappings", *paths, where=domain.where, domainName=name)


def _mappings(stack: Stack, domain: Resource) -> list[dict[str, Any]]:
    made = []
    for each in stack.of("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping"):
        if stack.named(each.properties.get("DomainName"), OLD_DOMAIN, DOMAIN) is domain:
            api = each.properties.get("RestApiId", each.properties.get("ApiId"))
            made.append(
                {"ApiId": stack.id_of(api, rest.API, http_apis.API), "Stage": word(each.properties.get("Stage"))}
            )
    return made
