"""GraphQL APIs of a stack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, entries, id_of, lower_first, members, number, switch, tags_of, untold, word

SCHEMA = "AWS::AppSync::GraphQLSchema"
# A type of a schema with its body; those of a schema do not nest.
TYPE = re.compile(r"^\s*(?:type|input|interface|enum)\s+(\w+)[^{}]*\{[^{}]*\}", re.MULTILINE)
API, SOURCE, CACHE = "AWS::AppSync::GraphQLApi", "AWS::AppSync::DataSource", "AWS::AppSync::ApiCache"
ANSWERED = ("appsync:ListGraphqlApis", "appsync:GetApiCache", "appsync:ListDataSources", "appsync:ListTypes")


def make(stack: Stack, answers: Answers) -> None:
    """Answers of AWS AppSync."""
    for api in stack.of(API):
        id = _id(api)
        answers.listed("appsync:ListGraphqlApis", _record(stack, api), where=api.where)
        answers.place(f"{api.arn}/cache", api.where)
        sources = [each for each in stack.of(SOURCE) if _belongs(stack, each, api)]
        records = [_source(each) for each in sources]
        answers.listed("appsync:ListDataSources", *records, where=api.where, apiId=id)
        _types(stack, answers, api)
        caches = [each for each in stack.of(CACHE) if _belongs(stack, each, api)]
        if caches:
            answers.told("appsync:GetApiCache", {"apiCache": _cache(caches[0])}, caches[0].where, apiId=id)
        else:
            answers.absent("appsync:GetApiCache", api.where, apiId=id)


def _id(api: Resource) -> str:
    return api.arn.rpartition("/")[2] or id_of(api)


def _belongs(stack: Stack, resource: Resource, api: Resource) -> bool:
    return stack.named(resource.properties.get("ApiId"), API) is api


def _record(stack: Stack, api: Resource) -> dict[str, Any]:
    properties, id = api.properties, _id(api)
    record: dict[str, Any] = {
        "name": word(properties.get("Name"), api.name) or api.name,
        "apiId": id,
        "arn": api.arn,
        "authenticationType": properties.get("AuthenticationType"),
        "uris": {"GRAPHQL": f"https://{id}.appsync-api.{stack.region}.amazonaws.com/graphql"},
        "visibility": properties.get("Visibility", "GLOBAL"),
        "xrayEnabled": switch(properties.get("XrayEnabled"), False),
        "queryDepthLimit": number(properties.get("QueryDepthLimit"), 0),
        "resolverCountLimit": number(properties.get("ResolverCountLimit"), 0),
        "introspectionConfig": properties.get("IntrospectionConfig", "ENABLED"),
        "tags": tags_of(properties.get("Tags")),
    }
    for name in ("LogConfig", "LambdaAuthorizerConfig", "OpenIDConnectConfig", "UserPoolConfig"):
        if properties.get(name) is not None:
            record[f"{name[:1].lower()}{name[1:]}"] = _config(properties[name])
    more = properties.get("AdditionalAuthenticationProviders")
    if more is not None:
        record["additionalAuthenticationProviders"] = (
            more if untold(more) else [_config(each) for each in entries(more)]
        )
    for each in stack.of("AWS::WAFv2::WebACLAssociation"):
        if word(each.properties.get("ResourceArn")) == api.arn:
            record["wafWebAclArn"] = word(each.properties.get("WebACLArn"))
    return {name: value for name, value in record.items() if value is not None}


def _config(value: Any) -> Any:
    made = lower_first(value)
    if isinstance(made, dict):
        for inner in (made, *(each for each in made.values() if isinstance(each, dict))):
            if "authorizerResultTtlInSeconds" in inner:
                inner["authorizerResultTtlInSeconds"] = number(inner["authorizerResultTtlInSeconds"])
            if "authorizerUri" in inner:
                inner["authorizerUri"] = word(inner["authorizerUri"])
    return made


def _source(source: Resource) -> dict[str, Any]:
    properties = source.properties
    made: dict[str, Any] = {
        "name": word(properties.get("Name"), source.name) or source.name,
        "type": properties.get("Type"),
    }
    function = members(properties.get("LambdaConfig")).get("LambdaFunctionArn")
    if function is not None:
        made["lambdaConfig"] = {"lambdaFunctionArn": word(function)}
    if properties.get("ServiceRoleArn") is not None:
        made["serviceRoleArn"] = word(properties["ServiceRoleArn"])
    return made


def _types(stack: Stack, answers: Answers, api: Resource) -> None:
    """The types of its schema, which a template may hold or only say where it lies."""
    id = _id(api)
    for schema in stack.of(SCHEMA):
        if _belongs(stack, schema, api):
            definition = schema.properties.get("Definition")
            if not isinstance(definition, str):
                answers.untold("appsync:ListTypes", "the schema is not in the template", schema.where, apiId=id)
                return
            answers.listed("appsync:ListTypes", *_parsed(definition), where=schema.where, apiId=id)
    answers.listed("appsync:ListTypes", apiId=id)


def _parsed(definition: str) -> Iterator[dict[str, Any]]:
    for found in TYPE.finditer(definition):
        yield {"name": found[1], "format": "SDL", "definition": found[0].strip()}


def _cache(cache: Resource) -> dict[str, Any]:
    properties = cache.properties
    return {
        "type": properties.get("Type"),
        "apiCachingBehavior": properties.get("ApiCachingBehavior"),
        "atRestEncryptionEnabled": switch(properties.get("AtRestEncryptionEnabled"), False),
        "transitEncryptionEnabled": switch(properties.get("TransitEncryptionEnabled"), False),
    }
