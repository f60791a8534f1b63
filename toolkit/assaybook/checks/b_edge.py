"""Area B at the edge: TLS towards callers and backends, certificates, caches, and what stages write into logs."""

from __future__ import annotations

import re
from datetime import timedelta

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.gateway import ApiCache, StageLogging
from ..tables.transport import BackendConnection, Certificate, TlsEndpoint
from ..watched import Watched

INTERNET = frozenset({"internet"})
OLD = frozenset({"1.0", "1.1"})
# NIST SP 800-131A: RSA keys below 2048 bits give less than 112 bits of strength.
WEAK_KEYS = frozenset({"RSA_1024"})
MOST_NAMED = 3
_BUCKET_HOST = re.compile(r"(.+?)\.s3(?:[.-][\w-]+)*\.amazonaws\.com(?:\.cn)?")
_FUNCTION_HOST = ".lambda-url."


@check("endpoint-without-current-tls", over=TlsEndpoint)
def endpoint_without_current_tls(endpoint: TlsEndpoint, evidence: Watched) -> Verdict:
    """Whoever calls from outside can do so over TLS 1.2 or newer only."""
    where = f"{endpoint.subject} ({endpoint.address})"
    if endpoint.by_service:
        return ok(f"{where} takes HTTPS only, by the design of the service")
    if endpoint.plain_http == "served":
        return fail(
            f"{where} answers over plain HTTP, so that everybody on the way can read and change it", used=INTERNET
        )
    redirected = ", and HTTP is only redirected" if endpoint.plain_http == "redirected" else ""
    if endpoint.kind == "listener" and not endpoint.policy:
        return ok(f"{where} only redirects to HTTPS")
    lowest = endpoint.lowest
    if not lowest:
        return review(f"{where} uses the TLS policy {endpoint.policy}, which is newer than what is known here")
    if lowest in OLD:
        return fail(
            f"{where} takes TLS {lowest} under the policy {endpoint.policy}; versions below 1.2 can be broken",
            used=INTERNET,
        )
    return ok(f"{where} takes TLS {lowest} or newer under the policy {endpoint.policy}{redirected}")


@check("backend-reached-without-tls", over=BackendConnection)
def backend_reached_without_tls(backend: BackendConnection, evidence: Watched) -> Verdict:
    """A gateway reaches what stands behind it over TLS 1.2 or newer, and checks who answers."""
    where = f"{backend.front} reaches {backend.host}"
    if backend.via == "service":
        return na(f"{where} inside AWS")
    if not backend.encrypted:
        if backend.via == "vpc-link":
            return review(
                f"{where} over plain HTTP inside the network; whether that network may carry it is for a person to say"
            )
        return fail(f"{where} over plain HTTP, so that everybody on the way can read and change it")
    if not backend.verified:
        return fail(f"{where} without checking its certificate, so that anybody on the way can answer in its place")
    if backend.weak_versions:
        return fail(
            f"{where} over {' or '.join(backend.weak_versions)} where the host asks for it", severity=Severity.MEDIUM
        )
    return ok(f"{where} over TLS and checks its certificate")


@check("backend-cannot-tell-gateway", over=BackendConnection)
def backend_cannot_tell_gateway(backend: BackendConnection, evidence: Watched) -> Verdict:
    """A backend on the internet can tell the gateway from everybody else."""
    where = f"{backend.host} behind {backend.front}"
    if backend.kind == "distribution" or backend.via != "internet":
        return na(f"{where} is no host on the internet that a gateway calls")
    if not backend.encrypted:
        return fail(f"{where} is called over plain HTTP, on which nothing can prove who is calling")
    certificate = backend.client_certificate
    if not certificate:
        return review(
            f"{where} is shown no client certificate; whether a signed header or the like tells it who is calling is for a person to say"
        )
    until = backend.client_certificate_until
    if until is not None and until <= evidence.as_of:
        return fail(
            f"{where} is shown the client certificate {certificate}, which expired on {until.date().isoformat()}"
        )
    return ok(f"{where} is shown the client certificate {certificate}")


@check("origin-not-signed", over=BackendConnection)
def origin_not_signed(backend: BackendConnection, evidence: Watched) -> Verdict:
    """A bucket or function behind a distribution answers only requests that the distribution signed."""
    where = f"{backend.host} behind {backend.front}"
    if backend.kind != "distribution" or backend.via == "vpc-link":
        return na(f"{where} is no public origin of a distribution")
    if backend.signed_as:
        return ok(f"{where} is sent signed requests")
    bucket = re.fullmatch(_BUCKET_HOST, backend.host)
    if bucket and bucket[1] in (evidence.parameter("public_assets") or ()):
        return ok(f"{where} is declared to be public anyhow")
    if bucket or _FUNCTION_HOST in backend.host:
        return fail(
            f"{where} is sent unsigned requests, so that it must be open to everybody, past the distribution's firewall and log"
        )
    return review(
        f"{where} takes no signatures of AWS; whether a secret header or the like tells the distribution is for a person to say"
    )


@check("certificate-expiring", over=Certificate)
def certificate_expiring(certificate: Certificate, evidence: Watched) -> Verdict:
    """A certificate in use is valid, and stays so for a while."""
    named = f"the certificate of {certificate.domain}"
    if not certificate.in_use:
        return na(f"{named} is not in use")
    if certificate.status == "REVOKED":
        return fail(f"{named} was revoked and is still in use", severity=Severity.HIGH)
    expires = certificate.expires
    if expires is None:
        return na(f"{named} was never issued ({certificate.status})")
    left, limit = expires - evidence.as_of, evidence.parameter("cert_expiry_days")
    day = expires.date().isoformat()
    if left <= timedelta(0):
        return fail(f"{named} expired on {day} and is still in use", severity=Severity.HIGH)
    if left < timedelta(days=limit):
        who = (
            "it was imported, so that nobody renews it but its owner" if certificate.imported else "its renewal is due"
        )
        return fail(f"{named} expires on {day}, in {left.days} days: {who}")
    return ok(f"{named} is valid until {day}")


@check("certificate-renewal-failed", over=Certificate)
def certificate_renewal_failed(certificate: Certificate, evidence: Watched) -> Verdict:
    """The managed renewal of a certificate in use goes through."""
    named = f"the certificate of {certificate.domain}"
    if not certificate.in_use:
        return na(f"{named} is not in use")
    if certificate.imported:
        return na(f"{named} was imported, so that there is no managed renewal")
    why = f" ({certificate.renewal_reason})" if certificate.renewal_reason else ""
    if certificate.renewal == "FAILED":
        return fail(f"the renewal of {named} failed{why}")
    if certificate.renewal == "PENDING_VALIDATION":
        return fail(f"the renewal of {named} waits for somebody to prove again that the domain is ours{why}")
    state = {"SUCCESS": "went through", "": "is not due yet"}.get(certificate.renewal, "is under way")
    return ok(f"the renewal of {named} {state}")


@check("certificate-key-weak", over=Certificate)
def certificate_key_weak(certificate: Certificate, evidence: Watched) -> Verdict:
    """The key of a certificate in use is long enough."""
    named = f"the certificate of {certificate.domain}"
    if not certificate.in_use:
        return na(f"{named} is not in use")
    # ACM describes keys as RSA_2048 and lists them as RSA-2048.
    key = certificate.key_kind.replace("-", "_")
    if key in WEAK_KEYS:
        return fail(f"{named} has a key of the kind {key}; RSA keys below 2048 bits can be broken")
    return ok(f"{named} has a key of the kind {key}")


@check("api-cache-not-encrypted", over=ApiCache)
def api_cache_not_encrypted(cache: ApiCache, evidence: Watched) -> Verdict:
    """What a cache of an API keeps is encrypted."""
    if not cache.active:
        return na(f"{cache.name} keeps no answers in a cache")
    open_to_read = cache.unencrypted
    if open_to_read:
        more = f" and {len(open_to_read) - MOST_NAMED} more" if len(open_to_read) > MOST_NAMED else ""
        named = ", ".join(open_to_read[:MOST_NAMED]) + more
        return fail(f"the cache of {cache.name} keeps answers without encryption ({named})", severity=Severity.MEDIUM)
    if not cache.in_transit:
        return fail(f"the cache of {cache.name} is reached without encryption", severity=Severity.MEDIUM)
    return ok(f"the cache of {cache.name} is encrypted")


@check("stage-logs-payloads", over=StageLogging)
def stage_logs_payloads(stage: StageLogging, evidence: Watched) -> Verdict:
    """No stage in production writes whole requests and answers into its log."""
    name = str(stage.subject)
    if not stage.data_trace:
        return ok(f"{name} does not log requests and answers as a whole")
    traced = stage.traced_routes
    if not traced:
        return ok(f"{name} has data tracing set, but its execution log is off")
    if stage.production is False:
        return ok(f"{name} logs whole requests and answers, outside production")
    routes = "all routes" if "*" in traced else ", ".join(traced[:MOST_NAMED])
    return fail(
        f"{name} logs whole requests and answers of {routes} (data tracing, level {stage.execution_level}), "
        "with the personal data and tokens in them",
        used=INTERNET,
    )
