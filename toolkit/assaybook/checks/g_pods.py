"""Area G: roles that clusters give to pods are given to one namespace."""

from __future__ import annotations

from ..check import check
from ..evidence import Watched
from ..model import Verdict, na, ok, review
from ..tables.clusters import PodIdentity
from ..tables.federation import FederatedTrust
from .c_federation import PODS

MOST_NAMED = 4


@check("pod-role-of-several-namespaces", over=FederatedTrust)
def pod_role_of_several_namespaces(trust: FederatedTrust, evidence: Watched) -> Verdict:
    """A role for pods is given to the service accounts of one namespace."""
    role = f"role {trust.role_name}"
    if trust.issuer != PODS:
        return na(f"{role} does not trust the pod identity service in this statement, but {trust.issuer}")
    given, gap = evidence.seen(PodIdentity, account=trust.subject.account, role=trust.role)
    namespaces = sorted({each.namespace for each in given})
    if len(namespaces) > 1:
        more = f" and {len(namespaces) - MOST_NAMED} more" if len(namespaces) > MOST_NAMED else ""
        return review(
            f"{role} is given to pods of {len(namespaces)} namespaces ({', '.join(namespaces[:MOST_NAMED])}{more}), so that each of them holds what the others "
            "need; whether they are one workload, somebody has to say"
        )
    if gap is not None:
        raise gap
    if not given:
        return review(
            f"{role} is for pods, and no cluster of the assessed regions gives it to any; whoever may pass it to a cluster gets its rights, so somebody has to "
            "say whether it is still needed"
        )
    places = sorted({f"{each.namespace}/{each.service_account} of cluster {each.cluster}" for each in given})
    more = f" and {len(places) - MOST_NAMED} more" if len(places) > MOST_NAMED else ""
    return ok(f"{role} is given to the service account {', '.join(places[:MOST_NAMED])}{more}")
