"""Outbound calls whose transport protects nothing: verification switched off, old versions of TLS, plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from ..arguments import options
from ..naming import View
from ..scopes import Scope, key_of
from .fact import TRANSPORT, Fact
from .hosts import is_local, scheme_and_host
from .lists import set_of
from .requests import VERBS, requests

# Options that switch verification off, with the value that does. Sources: Requests, "SSL Cert Verification"; aiohttp, "SSL control for TCP sockets"; urllib3, "Certificate verification";
# Node.js, "tls.connect"; Microsoft JDBC and mssql, "trustServerCertificate"; PyMongo, "TLS/SSL"; Elasticsearch client, "TLS/SSL"; boto3, "Session reference"; libpq, "SSL Support".
_SWITCHES: dict[str, tuple[object, ...]] = {
    "verify_ssl": (False,),
    "ssl_verify": (False,),
    "verify_certs": (False,),
    "validate_certs": (False,),
    "rejectUnauthorized": (False,),
    "strictSSL": (False,),
    "use_ssl": (False,),
    "sslEnabled": (False,),
    "ssl_disabled": (True,),
    "trustServerCertificate": (True,),
    "TrustServerCertificate": (True, "yes"),
    "insecureSkipVerify": (True,),
    "tlsAllowInvalidCertificates": (True,),
    "tlsAllowInvalidHostnames": (True,),
    "tlsInsecure": (True,),
    "ssl_cert_reqs": ("none", "CERT_NONE"),
    "cert_reqs": ("CERT_NONE",),
    "sslmode": ("disable",),
    "disable_ssl_certificate_validation": (True,),
    "curl_insecure": (True,),
}
_OLD = set_of(
    "ssl.PROTOCOL_SSLv2 ssl.PROTOCOL_SSLv3 ssl.PROTOCOL_SSLv23_OLD ssl.PROTOCOL_TLSv1 ssl.PROTOCOL_TLSv1_1 ssl.TLSVersion.SSLv3 ssl.TLSVersion.TLSv1 ssl.TLSVersion.TLSv1_1 "
    "OpenSSL.SSL.SSLv3_METHOD OpenSSL.SSL.TLSv1_METHOD OpenSSL.SSL.TLSv1_1_METHOD"
)
_OLD_OPTIONS = frozenset(
    {"secureProtocol", "minVersion", "maxVersion", "ssl_version", "minimum_version", "maximum_version"}
)
_OLD_VALUES = frozenset(
    {"SSLv2_method", "SSLv3_method", "TLSv1_method", "TLSv1_1_method", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1_1"}
)
_UNVERIFIED = frozenset({"ssl._create_unverified_context", "ssl._create_stdlib_context"})


def transport(view: View) -> Iterator[Fact]:
    """Every fact about the transport of outbound calls."""
    for scope in view.scopes:
        for node in scope.nodes:
            if isinstance(node, ir.Call):
                yield from _call(view, node, scope)
            elif isinstance(node, ir.Assign) and node.value is not None:
                yield from _assigned(view, node, scope)
            elif isinstance(node, ir.Record):
                yield from _record(view, node, scope)
    yield from _plain(view)


def _off(
    scope: Scope, place: ir.Place, callee: str, said: str, kind: str = "verification-off", *, certain: bool = True
) -> Fact:
    return Fact(TRANSPORT, kind, callee, place, scope, said, certain)


def _call(view: View, call: ir.Call, scope: Scope) -> Iterator[Fact]:
    name = view.named(call.function, scope)
    if name in _UNVERIFIED:
        yield _off(scope, call.place, name, f"{name}() makes a context that accepts any certificate")
    last = name.rpartition(".")[2]
    for each in call.arguments:
        if not each.name:
            continue
        value = view.value(each.value, scope)
        said = f"{_short(name)} is called with {each.name}={_word(value)}"
        if each.name == "verify" and value is False and "jwt" not in name.lower() and "jose" not in name.lower():
            known = (
                name.startswith(("requests", "httpx", "boto3"))
                or last in VERBS
                or last in ("client", "resource", "Session", "AsyncClient", "Client")
            )
            yield _off(scope, call.place, name, said, certain=known)
        elif each.name == "ssl" and value is False and "aiohttp" in name:
            yield _off(scope, call.place, name, said)
        elif each.name in _SWITCHES and value in _SWITCHES[each.name] and not _unset(value):
            yield _off(
                scope,
                call.place,
                name,
                said,
                "plaintext" if each.name in ("use_ssl", "ssl_disabled", "sslmode") else "verification-off",
            )
        elif (
            each.name in ("cert_reqs", "ssl_cert_reqs", "verify_mode")
            and view.named(each.value, scope) == "ssl.CERT_NONE"
        ):
            yield _off(scope, call.place, name, f"{_short(name)} is called with {each.name}=ssl.CERT_NONE")
        elif each.name in _OLD_OPTIONS and (view.named(each.value, scope) in _OLD or value in _OLD_VALUES):
            yield _off(
                scope, call.place, name, f"{_short(name)} is called with {each.name} of an old version", "old-protocol"
            )
    if (
        name in ("ssl.SSLContext", "OpenSSL.SSL.Context")
        and call.arguments
        and view.named(call.arguments[0].value, scope) in _OLD
    ):
        yield _off(
            scope, call.place, name, f"{name} is made for {view.named(call.arguments[0].value, scope)}", "old-protocol"
        )


def _assigned(view: View, assign: ir.Assign, scope: Scope) -> Iterator[Fact]:
    value = view.value(assign.value, scope) if assign.value else None
    named = view.named(assign.value, scope) if assign.value else ""
    for target in assign.targets:
        written = ir.dotted(target)
        if isinstance(target, ir.Item):
            key = view.value(target.key, scope) if target.key else ""
            written = f"{view.named(target.of, scope)}.{key}"
        last = written.rpartition(".")[2]
        if last == "NODE_TLS_REJECT_UNAUTHORIZED" and str(value) == "0":
            yield _off(
                scope,
                assign.place,
                last,
                "NODE_TLS_REJECT_UNAUTHORIZED is set to 0, so that every certificate is accepted",
            )
        elif last == "PYTHONHTTPSVERIFY" and str(value) == "0":
            yield _off(
                scope, assign.place, last, "PYTHONHTTPSVERIFY is set to 0, so that every certificate is accepted"
            )
        elif not isinstance(target, ir.Member):
            continue
        elif last == "verify" and value is False:
            owner = view.named(target.of, scope)
            known = owner.startswith(("requests.", "httpx.")) or "session" in ir.dotted(target.of).lower()
            yield _off(scope, assign.place, f"{_short(owner)}.verify", f"{written} is set to False", certain=known)
        elif last == "verify_mode" and named == "ssl.CERT_NONE":
            yield _off(scope, assign.place, written, f"{written} is set to ssl.CERT_NONE")
        elif last == "_create_default_https_context" and named in _UNVERIFIED:
            yield _off(
                scope, assign.place, written, f"{named} is made the default, so that every certificate is accepted"
            )
        elif last in ("rejectUnauthorized", "strictSSL") and value is False:
            yield _off(scope, assign.place, written, f"{written} is set to false")
        elif last in ("minimum_version", "DEFAULT_MIN_VERSION") and (named in _OLD or value in _OLD_VALUES):
            yield _off(scope, assign.place, written, f"{written} is set to an old version", "old-protocol")


def _record(view: View, record: ir.Record, scope: Scope) -> Iterator[Fact]:
    for entry in record.entries:
        key = key_of(entry.key) if entry.key is not None else ""
        value = view.value(entry.value, scope)
        place = entry.value.place if entry.value.place.line else record.place
        if key in _SWITCHES and not _unset(value) and value in _SWITCHES[key]:
            plain = key in ("use_ssl", "ssl_disabled", "sslmode", "sslEnabled")
            yield _off(
                scope, place, key, f"{key} is set to {_word(value)}", "plaintext" if plain else "verification-off"
            )
        elif key in _OLD_OPTIONS and (value in _OLD_VALUES or view.named(entry.value, scope) in _OLD):
            yield _off(scope, place, key, f"{key} is set to {_word(value)}", "old-protocol")
        elif (
            key == "checkServerIdentity" and isinstance(entry.value, ir.Closure) and _accepts_all(entry.value.function)
        ):
            yield _off(scope, place, key, "checkServerIdentity accepts every name")


def _accepts_all(function: ir.Function) -> bool:
    values = [each.value for each in function.body if isinstance(each, ir.Return)]
    plain = all(isinstance(each, ir.Return) for each in function.body)
    return plain and all(
        each is None or isinstance(each, ir.Constant | ir.Record) or ir.dotted(each) == "undefined" for each in values
    )


def _plain(view: View) -> Iterator[Fact]:
    for request in requests(view):
        if request.scheme == "http" and request.host and not is_local(request.host):
            yield Fact(
                TRANSPORT,
                "plain-http",
                request.callee,
                request.call.place,
                request.scope,
                f"{_short(request.callee)} calls http://{request.host} in the clear",
                details={"host": request.host},
            )
    for scope in view.scopes:
        for call in scope.calls():
            yield from _plain_connection(view, call, scope)


def _plain_connection(view: View, call: ir.Call, scope: Scope) -> Iterator[Fact]:
    name = view.named(call.function, scope)
    if name in ("http.client.HTTPConnection", "httplib.HTTPConnection") and call.arguments:
        host = view.value(call.arguments[0].value, scope)
        if isinstance(host, str) and host and not is_local(host.partition(":")[0]):
            said = f"HTTPConnection talks to {host} in the clear"
            yield Fact(TRANSPORT, "plain-http", name, call.place, scope, said, details={"host": host.partition(":")[0]})
    elif name.startswith("boto3.") or name.rpartition(".")[2].endswith("Client"):
        given = options(view, call, scope)
        for key in ("endpoint_url", "endpoint"):
            if key in given:
                scheme, host = scheme_and_host(view.leading(*given[key]))
                if scheme == "http" and host and not is_local(host):
                    said = f"a client is made for http://{host}, in the clear"
                    yield Fact(TRANSPORT, "plain-http", name, call.place, scope, said, details={"host": host})


def _short(name: str) -> str:
    return name.replace("()", "").replace("?.", "")


def _word(value: object) -> str:
    return str(value).lower() if value is None else repr(value) if isinstance(value, str) else str(value)


def _unset(value: object) -> bool:
    return value is None or not isinstance(value, str | bool | int)
