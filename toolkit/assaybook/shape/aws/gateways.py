"""What gateways check of requests and tell of errors, and who can reach an API at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import Captures
from ...evidence import Gap, Hole, Row
from ...tables.gateway import ApiAccess, ErrorAnswer, GraphLimits, RequestCheck
from ..open_values import known
from ..records import Listing, Record, items, loose_part, shaped, text
from ..tags import TagWords
from .apis import Api, apis, holes, inner, rest_methods
from .functions import invoked

# What every schema may say without demanding anything.
UNDEMANDING = frozenset({"$schema", "$id", "id", "title", "description", "type"})
# Expressions of API Gateway that describe what went wrong behind it. Source: API Gateway developer guide, "Variables for data models, authorizers, mapping
# templates, and CloudWatch access logging".
INSIDE = re.compile(
    r"\$context\.(?:integrationErrorMessage|integration\.error|authorizer\.error|authorize\.error|authenticate\.error|waf\.error)"
    r"|\$input\.(?:path|json)\(\s*['\"]\$\.stackTrace['\"]\s*\)",
    re.IGNORECASE,
)
SCHEMA_HINT = "$context.error.validationErrorString"
WHOLE = re.compile(r"\$input\.(?:body\b|(?:path|json)\(\s*['\"]\$['\"]\s*\))")
# Messages of errors that nobody raised on purpose: a pattern that takes these takes any.
UNEXPECTED = ("'id'", "boom")
LONGEST_PATTERN = 200


def shape_gateways(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """RequestCheck, ErrorAnswer, ApiAccess and GraphLimits rows."""
    for found, whole in apis(captures, words, "rest", "v2", "graphql"):
        yield from holes(found, RequestCheck, ErrorAnswer, ApiAccess)
        if found.capture.call == "appsync:ListGraphqlApis":
            yield from holes(found, GraphLimits)
        for api in whole:
            yield _access(api)
            if api.kind == "rest":
                yield from _rest_checks(api)
                yield from _error_answers(api)
            elif api.kind == "graphql":
                yield _check(api, "", "/graphql", target="function")
                yield from shaped(api.capture, GraphLimits, partial(_limits, api), api.subject)
            else:
                yield from _v2_checks(api)


def _access(api: Api) -> ApiAccess:
    return ApiAccess(
        key=api.arn,
        subject=api.subject,
        sources=(api.capture.ref,) if api.capture.ref else (),
        setting=api.setting,
        name=api.name,
        id=api.id,
        kind=api.kind,
        private=api.private,
        public=api.public,
        guarded=api.guarded,
    )


def _limits(api: Api) -> GraphLimits:
    modes = [api.record, *items(api.record, "additionalAuthenticationProviders")]
    return GraphLimits(
        key=api.arn,
        subject=api.subject,
        sources=(api.capture.ref,) if api.capture.ref else (),
        setting=replace(api.setting, internet=False),
        name=api.name,
        public=api.public,
        anonymous=any(text(each, "authenticationType") == "API_KEY" for each in modes),
        depth=int(api.record.get("queryDepthLimit") or 0),
        resolvers=int(api.record.get("resolverCountLimit") or 0),
    )


def _check(
    api: Api,
    method: str,
    path: str,
    *sources: str,
    target: Any,
    schema: Any = "",
    checked: Any = False,
    parameters: tuple[str, ...] = (),
) -> RequestCheck:
    said = f"{method} {path}".strip()
    subject = replace(api.subject, kind="api-route", native=f"{api.arn} {said}", name=f"{api.name} {said}")
    return RequestCheck(
        key=f"{api.arn} {said}",
        subject=subject,
        sources=tuple(dict.fromkeys(each for each in (api.capture.ref, *sources) if each)),
        # What is not validated is no worse on the internet: that a stranger may send it is what the control is about.
        setting=replace(api.setting, internet=False),
        api=api.arn,
        kind=api.kind,
        method=method,
        path=path,
        target=target,
        schema=schema,
        parameters_checked=checked,
        parameters=parameters,
    )


def _rest_checks(api: Api) -> Iterator[RequestCheck | Hole]:
    found, methods = rest_methods(api)
    yield from found.holes(RequestCheck, about=api.subject)
    validators, models = inner(api, "apigateway:GetRequestValidators"), inner(api, "apigateway:GetModels")
    for path, method, record in methods:
        make = partial(_rest_check, api, path, method, record, found, validators, models)
        yield from shaped(found.capture, RequestCheck, make, api.subject)


def _rest_check(
    api: Api, path: str, method: str, record: Record, found: Listing, validators: Listing, models: Listing
) -> RequestCheck:
    declared = tuple(sorted(str(each) for each in loose_part(record, "requestParameters")))
    placed = tuple(f"method.request.path.{each.strip('{}+')}" for each in re.findall(r"\{[^}]*\}", path))
    validator = _validator(record, validators)
    schema: Any = validator if isinstance(validator, Gap) else ""
    checked: Any = validator if isinstance(validator, Gap) else False
    if isinstance(validator, Mapping):
        checked = validator.get("validateRequestParameters") is True and bool(declared)
        if validator.get("validateRequestBody") is True:
            schema = _model(record, models)
    return _check(
        api,
        method,
        path,
        found.capture.ref,
        validators.capture.ref,
        models.capture.ref,
        target=_target(loose_part(record, "methodIntegration")),
        schema=schema,
        checked=checked,
        parameters=tuple(dict.fromkeys((*declared, *placed))),
    )


def _validator(record: Record, validators: Listing) -> Any:
    """The validator of a method: its record, None if it has none, or the gap."""
    wanted = record.get("requestValidatorId")
    if not wanted:
        return None
    if validators.gap is not None:
        return validators.gap
    found = next((each for each in validators.records if each.get("id") == wanted), None)
    return found if found is not None else validators.capture.unexpected(f"it does not hold the validator {wanted}")


def _model(record: Record, models: Listing) -> Any:
    """The first model of a method with rules of its own; empty if there is none."""
    wanted = [str(each) for each in loose_part(record, "requestModels").values()]
    if not wanted:
        return ""
    if models.gap is not None:
        return models.gap
    schemas = {str(each.get("name")): str(each.get("schema") or "") for each in models.records}
    return next((name for name in wanted if _demands(schemas.get(name, ""))), "")


def _demands(schema: str) -> bool:
    try:
        read = json.loads(known(schema))
    except ValueError:
        # A mapping template may stand within a schema; what it says cannot be nothing.
        return bool(schema.strip())
    return isinstance(read, dict) and bool(set(read) - UNDEMANDING or read.get("type") not in (None, "object"))


def _target(integration: Record) -> str:
    if not integration:
        return "none"
    kind = text(integration, "type")
    if kind == "MOCK":
        return "mock"
    if kind in ("HTTP", "HTTP_PROXY"):
        return "private" if integration.get("connectionType") == "VPC_LINK" else "http"
    return (
        "function"
        if invoked(str(integration.get("uri", ""))) or ":lambda:" in str(integration.get("uri", ""))
        else "service"
    )


def _v2_checks(api: Api) -> Iterator[RequestCheck | Hole]:
    found, integrations = inner(api, "apigatewayv2:GetRoutes"), inner(api, "apigatewayv2:GetIntegrations")
    yield from found.holes(RequestCheck, about=api.subject)
    for record in found.records:
        make = partial(_v2_check, api, record, found, integrations)
        yield from shaped(found.capture, RequestCheck, make, api.subject)


def _v2_check(api: Api, record: Record, found: Listing, integrations: Listing) -> RequestCheck:
    method, _, path = text(record, "RouteKey").partition(" ")
    wanted = text(record, "Target", "").rpartition("/")[2]
    target: Any = integrations.gap or "none"
    for each in integrations.records:
        if wanted and each.get("IntegrationId") == wanted:
            target = _v2_target(each)
    names = tuple(f"method.request.path.{each.strip('{}+')}" for each in re.findall(r"\{[^}]*\}", path))
    return _check(api, method, path, found.capture.ref, integrations.capture.ref, target=target, parameters=names)


def _v2_target(record: Record) -> str:
    if record.get("IntegrationSubtype"):
        return "service"
    renamed = {"type": "IntegrationType", "uri": "IntegrationUri", "connectionType": "ConnectionType"}
    given = {name: record[member] for name, member in renamed.items() if member in record}
    return _target(given)


def _error_answers(api: Api) -> Iterator[ErrorAnswer | Hole]:
    own = inner(api, "apigateway:GetGatewayResponses")
    yield from own.holes(ErrorAnswer, about=api.subject)
    if own.gap is None:
        said = " ".join(_texts(each) for each in own.records)
        yield _answer(api, "the gateway's own error answers", own.capture.ref, said, whole=False)
    found, methods = rest_methods(api)
    yield from found.holes(ErrorAnswer, about=api.subject)
    for path, method, record in methods:
        integration = loose_part(record, "methodIntegration")
        if integration.get("type") == "AWS" and ":lambda:" in str(integration.get("uri", "")):
            yield from shaped(
                found.capture,
                ErrorAnswer,
                partial(_integration, api, f"{method} {path}", integration, found),
                api.subject,
            )


def _integration(api: Api, said: str, integration: Record, found: Listing) -> ErrorAnswer:
    answers = [each for each in loose_part(integration, "integrationResponses").values() if isinstance(each, Mapping)]
    errors = [each for each in answers if each.get("selectionPattern")]
    taken = [_by_pattern(message, answers, errors) for message in UNEXPECTED]
    whole = any(each is not None and _passes_on(each) for each in taken)
    return _answer(api, f"the integration of {said}", found.capture.ref, " ".join(map(_texts, errors)), whole=whole)


def _by_pattern(message: str, answers: list[Record], errors: list[Record]) -> Record | None:
    """The answer that API Gateway takes for an error with this message. Raises ValueError for a pattern that cannot be read."""
    for each in errors:
        pattern = str(each["selectionPattern"])
        try:
            if len(pattern) <= LONGEST_PATTERN and re.fullmatch(pattern, message):
                return each
        except re.error as problem:
            raise ValueError(f"pattern {pattern}: {problem}") from problem
    return next((each for each in answers if not each.get("selectionPattern")), None)


def _passes_on(answer: Record) -> bool:
    """Whether an answer gives the body that it got as it is: without a template, or with one that names the whole."""
    templates = [str(each) for each in loose_part(answer, "responseTemplates").values() if each]
    return not templates or any(WHOLE.search(each) for each in templates)


def _texts(answer: Record) -> str:
    given = (*loose_part(answer, "responseTemplates").values(), *loose_part(answer, "responseParameters").values())
    return " ".join(str(each) for each in given if each)


def _answer(api: Api, what: str, source: str, said: str, *, whole: bool) -> ErrorAnswer:
    setting = api.setting
    return ErrorAnswer(
        key=f"{api.arn} {what}",
        subject=replace(api.subject, native=f"{api.arn} {what}", name=f"{api.name}: {what}"),
        sources=tuple(each for each in (api.capture.ref, source) if each),
        setting=setting,
        api=api.name,
        what=what,
        production=setting.production,
        inside=tuple(sorted({each.group() for each in INSIDE.finditer(said)})),
        schema_hints=(SCHEMA_HINT,) if SCHEMA_HINT in said else (),
        stack_trace=whole,
    )
