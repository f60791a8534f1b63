"""What REST APIs of a stack check of requests, and what they tell of errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, entries, id_of, lower_first, members, plain, switch, untold, word
from .openapi import Description
from .rest_stages import of_api
from .written import holds_open

VALIDATOR, MODEL = "AWS::ApiGateway::RequestValidator", "AWS::ApiGateway::Model"
RESPONSE = "AWS::ApiGateway::GatewayResponse"


def tell_checks(stack: Stack, answers: Answers, api: Resource, description: Description | None) -> None:
    """Answers about validators, models and error answers of an API."""
    id = id_of(api)
    for each in of_api(stack, api, VALIDATOR):
        record = {
            "id": id_of(each),
            "name": word(each.properties.get("Name"), each.name),
            "validateRequestBody": switch(each.properties.get("ValidateRequestBody"), False),
            "validateRequestParameters": switch(each.properties.get("ValidateRequestParameters"), False),
        }
        answers.listed("apigateway:GetRequestValidators", record, where=each.where, restApiId=id)
    for name, validator in description.validators().items() if description else ():
        record = {"id": name, "name": name, **{key: switch(value) for key, value in validator.items()}}
        answers.listed("apigateway:GetRequestValidators", record, where=api.where, restApiId=id)
    answers.listed("apigateway:GetRequestValidators", restApiId=id)
    for each in of_api(stack, api, MODEL):
        schema = each.properties.get("Schema")
        record = {"name": each.name, "schema": schema if untold(schema) else _json(schema)}
        answers.listed("apigateway:GetModels", record, where=each.where, restApiId=id)
    for name, schema in _schemas(description):
        answers.listed("apigateway:GetModels", {"name": name, "schema": _json(schema)}, where=api.where, restApiId=id)
    answers.listed("apigateway:GetModels", restApiId=id)
    _tell_errors(stack, answers, api, description)


def _tell_errors(stack: Stack, answers: Answers, api: Resource, description: Description | None) -> None:
    """The error answers of the gateway; what an open one holds is searched for by no check, so that then none is told."""
    call, id = "apigateway:GetGatewayResponses", id_of(api)
    found: list[tuple[dict[str, Any], str]] = []
    for each in of_api(stack, api, RESPONSE):
        record = {**lower_first(each.properties), "responseTemplates": each.properties.get("ResponseTemplates", {})}
        record["responseParameters"] = each.properties.get("ResponseParameters", {})
        found.append((record, each.where))
    for kind, response in members(description.extension("gateway-responses")).items() if description else ():
        found.append(({"responseType": kind, **members(response)}, api.where))
    opened = next((where for record, where in found if holds_open(record)), "")
    if opened:
        answers.untold(call, "what an error answer of the gateway holds is not known", opened, restApiId=id)
        return
    for record, where in found:
        answers.listed(call, record, where=where, restApiId=id)
    answers.listed(call, restApiId=id)


def _schemas(description: Description | None) -> Iterator[tuple[str, Any]]:
    if description is None:
        return
    yield from description.schemas.items()
    for operation in description.operations():
        for each in entries(operation.record.get("parameters")):
            if members(each).get("in") == "body" and "$ref" not in members(each.get("schema")):
                yield f"{operation.method} {operation.path}", each.get("schema")
        for content in members(members(operation.record.get("requestBody")).get("content")).values():
            schema = members(content).get("schema")
            if members(schema) and "$ref" not in members(schema):
                yield f"{operation.method} {operation.path}", schema


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(plain(value), sort_keys=True, ensure_ascii=False)
