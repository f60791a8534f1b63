"""Connections from gateways and distributions to hosts behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.transport import BackendConnection
from ..records import Listing, Record, hole, items, listing, loose_items, loose_part, part, shaped, text
from ..tags import TagWords
from .apis import Api, apis, holes, inner, rest_methods
from .transport import viewer_policies

INTERNET, PRIVATE, SERVICE = "internet", "vpc-link", "service"
# Hosts of services that set the versions of TLS themselves, whatever a distribution offers.
OF_SERVICES = (".amazonaws.com", ".on.aws")
# S3 serves websites over plain HTTP only.
WEBSITE = ".s3-website"
OLD = ("SSLv3", "TLSv1", "TLSv1.1")


def moment(value: object) -> datetime:
    """A time as an answer holds it, in UTC. Raises TypeError or ValueError for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        raise TypeError(f"a time is a {type(value).__name__}")
    made = datetime.fromisoformat(value)
    return made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)


def shape_backends(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """BackendConnection rows."""
    for found, whole in apis(captures, words, "rest", "v2"):
        yield from holes(found, BackendConnection)
        for api in whole:
            yield from _rest(api) if api.kind == "rest" else _v2(api)
    for capture in captures.expect("cloudfront:ListDistributions", "aws", scope=GLOBAL):
        fronts = listing(capture)
        yield from fronts.holes(BackendConnection)
        for record in fronts.records:
            if record.get("Enabled") is not False:
                yield from _origins(capture, record)


def _rest(api: Api) -> Iterator[BackendConnection | Hole]:
    found, methods = rest_methods(api)
    yield from found.holes(BackendConnection, about=api.subject)
    calls: defaultdict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for path, method, record in methods:
        integration = loose_part(record, "methodIntegration")
        if integration.get("type") in ("HTTP", "HTTP_PROXY"):
            address = urlsplit(str(integration.get("uri", "")))
            if address.scheme not in ("http", "https"):
                gap = found.capture.unexpected(f"the address behind {method} {path} names no scheme")
                yield hole(BackendConnection, gap, api.subject)
                continue
            via = PRIVATE if integration.get("connectionType") == "VPC_LINK" else INTERNET
            calls[address.scheme, address.netloc, via].append(integration)
    for (scheme, host, via), integrations in sorted(calls.items()):
        insecure = any(part(each, "tlsConfig").get("insecureSkipVerification") is True for each in integrations)
        certificate, until = _client_certificate(api)
        yield _row(
            api,
            found,
            host=host,
            via=via,
            encrypted=scheme == "https",
            verified=not insecure,
            certificate=certificate,
            until=until,
        )


def _row(
    api: Api,
    found: Listing,
    *,
    host: str,
    via: str,
    encrypted: bool,
    verified: bool = True,
    certificate: Any = "",
    until: Any = None,
) -> BackendConnection:
    shown = f"{'https' if encrypted else 'http'}://{host}"
    native = f"{api.arn} {shown} {via}"
    target = api.capture.target
    certificates = api.captures.about("apigateway:GetClientCertificates", target)
    return BackendConnection(
        key=native,
        subject=Subject("aws", target.account, target.region, "api-backend", native, f"{api.name} -> {shown}"),
        sources=tuple(each for each in (api.capture.ref, found.capture.ref, certificates.ref) if each),
        # Whether strangers reach the gateway does not matter to the way behind it.
        setting=replace(api.setting, internet=False),
        front=api.name,
        kind=api.kind,
        host=host,
        via=via,
        encrypted=encrypted,
        weak_versions=(),
        verified=verified,
        client_certificate=certificate,
        client_certificate_until=until,
    )


def _client_certificate(api: Api) -> tuple[Any, Any]:
    """The certificate that every stage shows, with its expiry; empty if one of them shows none. Where stages differ, that which expires first."""
    stages = inner(api, "apigateway:GetStages")
    if stages.gap is not None:
        return stages.gap, stages.gap
    shown = [str(each.get("clientCertificateId") or "") for each in stages.records]
    if not shown or not all(shown):
        return "", None
    known = listing(api.captures.about("apigateway:GetClientCertificates", api.capture.target))
    if known.gap is not None:
        return shown[0], known.gap
    try:
        expiries = {text(each, "clientCertificateId"): moment(each["expirationDate"]) for each in known.records}
        until, first = min((expiries[each], each) for each in shown)
    except (KeyError, TypeError, ValueError) as problem:
        gap = known.capture.unexpected(f"{type(problem).__name__} {problem}")
        return shown[0], gap
    return first, until


def _v2(api: Api) -> Iterator[BackendConnection | Hole]:
    found = inner(api, "apigatewayv2:GetIntegrations")
    yield from found.holes(BackendConnection, about=api.subject)
    made: dict[str, BackendConnection] = {}
    for record in found.records:
        if record.get("IntegrationType") not in ("HTTP", "HTTP_PROXY"):
            continue
        for each in shaped(found.capture, BackendConnection, partial(_v2_row, api, found, record), api.subject):
            if isinstance(each, BackendConnection):
                made.setdefault(each.key, each)
            else:
                yield each
    yield from made.values()


def _v2_row(api: Api, found: Listing, record: Record) -> BackendConnection:
    uri = text(record, "IntegrationUri")
    if record.get("ConnectionType") == "VPC_LINK":
        # A private integration is encrypted if it has a TLS configuration: API Gateway v2 API reference, "Integration".
        host = uri.rpartition(":")[2] if uri.startswith("arn:") else urlsplit(uri).netloc or uri
        return _row(api, found, host=host, via=PRIVATE, encrypted=bool(part(record, "TlsConfig")))
    address = urlsplit(uri)
    if address.scheme not in ("http", "https"):
        raise ValueError("the address of an integration names no scheme")
    return _row(api, found, host=address.netloc, via=INTERNET, encrypted=address.scheme == "https")


def _origins(capture: Capture, record: Record) -> Iterator[BackendConnection | Hole]:
    for origin in loose_items(loose_part(record, "Origins"), "Items"):
        if isinstance(origin, Mapping):
            yield from shaped(capture, BackendConnection, partial(_origin, capture, record, origin))


def _origin(capture: Capture, record: Record, origin: Record) -> BackendConnection:
    arn, host = text(record, "ARN"), text(origin, "DomainName")
    aliases = [str(each) for each in loose_items(loose_part(record, "Aliases"), "Items")]
    name = aliases[0] if aliases else text(record, "DomainName")
    native = f"{arn} {text(origin, 'Id')}"
    custom = part(origin, "CustomOriginConfig")
    via = INTERNET if custom else PRIVATE if origin.get("VpcOriginConfig") else SERVICE
    policy = text(custom, "OriginProtocolPolicy") if custom else "https-only"
    # With match-viewer the origin is reached without TLS as soon as one viewer is.
    encrypted = policy == "https-only" or (policy == "match-viewer" and "allow-all" not in viewer_policies(record))
    weak = [str(each) for each in items(part(custom, "OriginSslProtocols"), "Items") if each in OLD]
    of_service = host.endswith(OF_SERVICES) and WEBSITE not in host
    return BackendConnection(
        key=native,
        subject=Subject("aws", capture.target.account, GLOBAL, "origin", native, f"{name} -> {host}"),
        sources=(capture.ref,) if capture.ref else (),
        front=name,
        kind="distribution",
        host=host,
        via=via,
        encrypted=encrypted,
        weak_versions=() if of_service else tuple(weak),
        verified=True,
        client_certificate="",
        client_certificate_until=None,
        signed_as=text(origin, "OriginAccessControlId", "")
        or text(part(origin, "S3OriginConfig"), "OriginAccessIdentity", ""),
    )
