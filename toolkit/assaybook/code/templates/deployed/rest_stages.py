"""Stages of REST APIs with their settings, and usage plans over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..resources import Resource
from .answers import Stack, entries, id_of, lower_first, members, switch, tags_of, untold, word

API, STAGE, DEPLOYMENT = "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment"


def stages_of(stack: Stack, api: Resource) -> Iterator[tuple[dict[str, Any], str]]:
    """The stages of an API, each with the line that makes it."""
    for each in of_api(stack, api, STAGE):
        yield _stage(each.properties, word(each.properties.get("StageName"), each.name) or each.name), each.where
    for each in of_api(stack, api, DEPLOYMENT):
        name = each.properties.get("StageName")
        if name is not None:
            yield _stage(members(each.properties.get("StageDescription")), word(name)), each.where


def _stage(properties: Mapping[str, Any], name: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "stageName": name,
        "tracingEnabled": switch(properties.get("TracingEnabled"), False),
        "cacheClusterEnabled": switch(properties.get("CacheClusterEnabled"), False),
        "methodSettings": _settings(properties),
        "tags": tags_of(properties.get("Tags")),
    }
    log = properties.get("AccessLogSetting")
    if log is not None:
        record["accessLogSettings"] = lower_first(log)
        destination = members(log).get("DestinationArn")
        if destination is not None and not untold(log):
            record["accessLogSettings"]["destinationArn"] = word(destination)
    for name_, member in (("Variables", "variables"), ("ClientCertificateId", "clientCertificateId")):
        if properties.get(name_) is not None:
            record[member] = properties[name_]
    return record


_SWITCHES = ("metricsEnabled", "dataTraceEnabled", "cachingEnabled", "cacheDataEncrypted")


def _settings(properties: Mapping[str, Any]) -> Any:
    """Settings of methods, by path and method as API Gateway writes them."""
    given = properties.get("MethodSettings")
    if untold(given):
        return given
    made: dict[str, Any] = {}
    # A deployment that makes a stage has those of all methods beside the others.
    general = {
        name: properties[name]
        for name in (
            "LoggingLevel",
            "DataTraceEnabled",
            "MetricsEnabled",
            "CachingEnabled",
            "CacheDataEncrypted",
            "ThrottlingRateLimit",
            "ThrottlingBurstLimit",
        )
        if properties.get(name) is not None
    }
    if general:
        made["*/*"] = _setting(general)
    for each in entries(given):
        record = members(each)
        path, method = word(record.get("ResourcePath"), "/*"), word(record.get("HttpMethod"), "*")
        made[setting_key(path, method)] = _setting(
            {name: value for name, value in record.items() if name not in ("ResourcePath", "HttpMethod")}
        )
    return made


def _setting(record: Mapping[str, Any]) -> dict[str, Any]:
    made = {}
    for name, value in lower_first(record).items():
        made[name] = switch(value) if name in _SWITCHES else _rate(value) if name.startswith("throttling") else value
    return made


def _rate(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def setting_key(path: str, method: str) -> str:
    """The key of a method's settings: `*/*` for all, `~1orders~1{id}/GET` for one."""
    plain_path = path.replace("~1", "/")
    if plain_path in ("/*", "*", ""):
        return f"*/{method}"
    return f"{('/' + plain_path.lstrip('/')).replace('/', '~1')}/{method.upper()}"


def plan_of(stack: Stack, plan: Resource) -> dict[str, Any]:
    """A usage plan as the gateway answers with it."""
    properties = plan.properties
    made: dict[str, Any] = {"id": id_of(plan), "name": word(properties.get("UsagePlanName"), plan.name) or plan.name}
    if properties.get("Throttle") is not None:
        made["throttle"] = {name: _rate(each) for name, each in members(lower_first(properties["Throttle"])).items()}
    if properties.get("Quota") is not None:
        made["quota"] = lower_first(properties["Quota"])
    stages = []
    for each in entries(properties.get("ApiStages")):
        record = members(each)
        stage = stack.named(record.get("Stage"), STAGE)
        throttle = {
            setting_key(key.rpartition("/")[0] or key, key.rpartition("/")[2]): lower_first(value)
            for key, value in members(record.get("Throttle")).items()
        }
        name = word(stage.properties.get("StageName"), stage.name) if stage else word(record.get("Stage"))
        stages.append({"apiId": stack.id_of(record.get("ApiId"), API), "stage": name, "throttle": throttle})
    return {**made, "apiStages": stages}


def of_api(stack: Stack, api: Resource, *types: str) -> list[Resource]:
    """The resources of some types that belong to an API."""
    return [each for each in stack.of(*types) if stack.named(each.properties.get("RestApiId"), API) is api]
