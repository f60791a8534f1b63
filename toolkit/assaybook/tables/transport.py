"""Rows about the wire: where TLS with callers ends, how backends are reached, certificates, and which origins browsers may call from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class TlsEndpoint(Row):
    """A place where connections of callers end: a domain name, a distribution, a listener, or an address that a service gives.

    `plain_http` is refused, redirected or served. `policy` is the provider's name of the TLS policy and `lowest` the lowest version of TLS that it takes
    (1.0, 1.1, 1.2, 1.3), empty if the name of the policy is not known. `by_service` says that the service itself takes TLS only, with versions that it sets.
    """

    SAID: ClassVar[Mapping[str, str]] = {"plain_http": "what happens to plain HTTP"}

    kind: str  # domain, distribution, listener, rest, http, websocket, graphql, url
    address: str
    plain_http: str
    policy: str
    lowest: str
    by_service: bool


@dataclass(frozen=True, kw_only=True)
class BackendConnection(Row):
    """A connection from a gateway or a distribution to a host behind it.

    `front` names the route or distribution, `via` says internet, vpc-link or service (a bucket or function of AWS). `encrypted` is false for plain HTTP;
    `weak_versions` are versions of TLS below 1.2 that may be used, `verified` says whether the backend's certificate is checked. `client_certificate` names
    the certificate that the gateway shows on every stage, empty if it shows none on one of them; `client_certificate_until` is None without one. `signed_as`
    names the access control with which a distribution signs its requests to a bucket or function, empty if it does not.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "client_certificate": "the client certificate",
        "client_certificate_until": "the expiry of the client certificate",
    }

    front: str
    kind: str  # rest, http, websocket, distribution
    host: str
    via: str
    encrypted: bool
    weak_versions: tuple[str, ...]
    verified: bool
    client_certificate: str
    client_certificate_until: datetime | None
    signed_as: str = ""


@dataclass(frozen=True, kw_only=True)
class Certificate(Row):
    """A certificate. `expires` is None while it was never issued; `renewal` is the state of the managed renewal, empty if none was tried.

    `imported` certificates are renewed by nobody but their owner. `key_kind` is the key algorithm as the provider names it (RSA_2048, EC_prime256v1).
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "in_use": "what uses the certificate",
        "renewal": "the renewal",
        "renewal_reason": "the renewal",
    }

    domain: str
    in_use: bool
    imported: bool
    status: str
    expires: datetime | None
    renewal: str
    renewal_reason: str
    key_kind: str


@dataclass(frozen=True, kw_only=True)
class CorsRule(Row):
    """From which origins the scripts of web pages may call an address, as the provider answers for it.

    `credentials` says whether they may send cookies and authorization of the person in front of the browser.
    """

    address: str
    origins: tuple[str, ...]
    credentials: bool
