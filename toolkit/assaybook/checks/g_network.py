"""Areas G and X: the networks that functions are attached to, and where functions with sensitive data may connect."""

from __future__ import annotations

from collections.abc import Iterator

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.document import ALLOW, parse_policy
from ..tables.compute import Workload
from ..tables.identity import Role
from ..tables.network import NetworkAttachment
from ..watched import Watched

# Services that a role's actions name, by the last part of the name of their endpoint. Those that Lambda calls by itself, for logs and traces, need none.
# Source: AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink"; Amazon VPC user guide, "Gateway endpoints".
ENDPOINT_OF = {
    "dynamodb": "dynamodb",
    "events": "events",
    "kinesis": "kinesis-streams",
    "kms": "kms",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "states": "states",
}


@check("workload-in-public-subnet", over=NetworkAttachment)
def workload_in_public_subnet(attachment: NetworkAttachment, evidence: Watched) -> Verdict:
    """A function in a network stands in private subnets."""
    public = attachment.public_subnets
    if public:
        return fail(
            f"{attachment.subject} stands in {_listed(public)} with a route to an internet gateway: "
            "it gains no way out, as it has no public address, and shares its ground with what the internet reaches"
        )
    return ok(f"{attachment.subject} stands in private subnets only ({_listed(attachment.subnets)})")


@check("workload-in-one-zone", over=NetworkAttachment)
def workload_in_one_zone(attachment: NetworkAttachment, evidence: Watched) -> Verdict:
    """A function in a network has subnets in at least two availability zones."""
    zones = attachment.zones
    if len(zones) < 2:
        return fail(f"{attachment.subject} has subnets in {_listed(zones)} only, and stops when that zone fails")
    return ok(f"{attachment.subject} has subnets in {_listed(zones)}")


@check("network-without-endpoint", over=NetworkAttachment)
def network_without_endpoint(attachment: NetworkAttachment, evidence: Watched) -> Verdict:
    """A function in a network reaches the services that it uses through endpoints."""
    used = sorted({ENDPOINT_OF[each] for each in _services(attachment, evidence) if each in ENDPOINT_OF})
    if not used:
        return ok(f"the role of {attachment.subject} names no service that an endpoint would serve")
    missing = [each for each in used if each not in attachment.endpoints]
    if not missing:
        return ok(f"{attachment.subject} reaches {_listed(used)} through endpoints of {attachment.network}")
    if not attachment.way_out:
        return ok(f"{attachment.subject} has no way out of {attachment.network}, so it reaches nothing outside")
    return fail(
        f"{attachment.network} has no endpoint for {_listed(missing)}, which the role of {attachment.subject} may use, "
        f"so that traffic leaves through the {attachment.way_out}"
    )


def _services(attachment: NetworkAttachment, evidence: Watched) -> Iterator[str]:
    """The services whose actions the function's role allows by name."""
    role = evidence.one(Role, evidence.one(Workload, attachment.workload).role)
    for document in role.policies:
        for statement in parse_policy(document.text).statements:
            if statement.effect == ALLOW:
                yield from (action.partition(":")[0].lower() for action in statement.actions or ())


@check("sensitive-workload-with-open-egress", over=Workload)
def sensitive_workload_with_open_egress(workload: Workload, evidence: Watched) -> Verdict:
    """A function that handles sensitive data can connect to what it needs, and to nothing else."""
    if not workload.sensitive:
        return na(f"{workload.name} is of no sensitive class")
    if not workload.network:
        return review(
            f"{workload.name} handles sensitive data outside any network, so only its code and its role limit where it connects",
            used=frozenset({"sensitive"}),
        )
    attachment = evidence.one(NetworkAttachment, workload.key)
    opened = attachment.open_groups
    if not opened:
        return ok(f"the security groups of {workload.name} let it connect to named ranges only")
    way_out = attachment.way_out
    if not way_out:
        return ok(f"{_listed(opened)} lets {workload.name} connect anywhere, but its subnets have no way out")
    if way_out == "firewall":
        return ok(f"all that {workload.name} sends out passes a firewall")
    if way_out not in ("internet gateway", "NAT gateway"):
        return review(
            f"{workload.name} handles sensitive data and may connect anywhere through {way_out}; what filters there is not visible from here",
            used=frozenset({"sensitive"}),
        )
    return fail(
        f"{workload.name} handles sensitive data and may connect to the whole internet: {_listed(opened)} through the {way_out}",
        used=frozenset({"sensitive"}),
    )


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
