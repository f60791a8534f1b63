"""Area G: roles that clusters give to pods are given to one namespace."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok
from ..tables.clusters import PodIdentity
from ..tables.federation import FederatedTrust
from ..watched import Watched
from .c_federation import PODS

MOST_NAMED = 4


@check("pod-role-of-several-namespaces", over=FederatedTrust)
def pod_role_of_several_namespaces(trust: FederatedTrust, evidence: Watched) -> Verdict:
    """A role for pods is given to the service accounts of one namespace, or of a declared group of them."""
    role = f"role {trust.role_name}"
    if trust.issuer != PODS:
        return na(f"{role} does not trust the pod identity service in this statement, but {trust.issuer}")
    given, gap = evidence.seen(PodIdentity, account=trust.subject.account, role=trust.role)
    namespaces = sorted({each.namespace for each in given})
    declared = any(set(namespaces) <= set(group) for group in evidence.parameter("role_groups"))
    if len(namespaces) > 1 and not declared:
        more = f" and {len(namespaces) - MOST_NAMED} more" if len(namespaces) > MOST_NAMED else ""
        listed = ", ".join(namespaces[:MOST_NAMED]) + more
        return fail(
            f"{role} is given to pods of {len(namespaces)} namespaces ({listed}), so each of them holds what any of them needs",
            severity=Severity.MEDIUM,
        )
    if gap is not None:
        raise gap
    if not given:
        return na(
            f"{role} is for pods, and no cluster of the assessed regions gives it to any; whether it is used, control C2-06 looks at"
        )
    places = sorted({f"{each.namespace}/{each.service_account} of cluster {each.cluster}" for each in given})
    more = f" and {len(places) - MOST_NAMED} more" if len(places) > MOST_NAMED else ""
    return ok(f"{role} is given to the service account {', '.join(places[:MOST_NAMED])}{more}")
