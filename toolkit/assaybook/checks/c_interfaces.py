"""Area C at the edge: pages of other origins, and APIs that are meant for the inside only."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok
from ..tables.gateway import ApiAccess
from ..tables.transport import CorsRule
from ..watched import Watched

INTERNET = frozenset({"internet"})
MOST_NAMED = 4


@check("cors-credentials-for-any-origin", over=CorsRule)
def cors_credentials_for_any_origin(rule: CorsRule, evidence: Watched) -> Verdict:
    """Only pages of known origins may call with the credentials of the person in front of the browser."""
    origins = rule.origins
    if not origins:
        return ok(f"{rule.subject} lets no page of another origin call")
    if not rule.credentials:
        return ok(f"pages of {', '.join(origins[:MOST_NAMED])} may call {rule.subject}, without a person's credentials")
    wild = [each for each in origins if each in ("*", "https://*", "http://*")]
    if wild:
        return fail(
            f"every page of the web ({wild[0]}) may call {rule.subject} with the credentials of whoever opens it",
            severity=Severity.HIGH,
            used=INTERNET,
        )
    plain = [each for each in origins if each.startswith("http://") and not _local(each)]
    if plain:
        return fail(
            f"{plain[0]} may call {rule.subject} with a person's credentials; without TLS, anybody on the way can write that page",
            severity=Severity.MEDIUM,
            used=INTERNET,
        )
    return ok(f"{', '.join(origins[:MOST_NAMED])} may call {rule.subject} with a person's credentials")


def _local(origin: str) -> bool:
    host = origin.partition("://")[2].partition(":")[0]
    return host in ("localhost", "127.0.0.1")


@check("internal-api-open", over=ApiAccess)
def internal_api_open(api: ApiAccess, evidence: Watched) -> Verdict:
    """An API that is declared internal can be reached from inside only."""
    declared = evidence.parameter("internal_apis")
    if api.name not in declared and api.id not in declared:
        return na(f"{api.name} is not declared internal")
    if api.private:
        return ok(f"{api.name} has a private endpoint")
    if not api.public:
        return ok(f"nothing on the internet leads to {api.name}")
    if api.guarded:
        return ok(f"{api.guarded} lets only some callers reach {api.name}")
    how = "" if api.kind == "rest" else f"; APIs of the kind {api.kind} take no resource policy"
    return fail(
        f"{api.name} is declared internal, and the whole internet reaches it{how}",
        used=INTERNET,
    )
