"""Area G: products of third parties that watch functions, and whether they are harmless themselves."""

from __future__ import annotations

from ..check import check
from ..model import Outcome, Severity, Verdict, fail, na, ok, review
from ..policy.breadth import Breadth, broad_grants
from ..policy.identity import permissions
from ..tables.compute import EnvironmentVariable, Workload
from ..tables.services import Detection
from ..tables.vendors import Agent, VendorRole
from ..watched import Watched
from .g_native_services import FUNCTIONS


@check("critical-workload-without-runtime-monitoring", over=Workload)
def critical_workload_without_runtime_monitoring(workload: Workload, evidence: Watched) -> Verdict:
    """A critical function is watched while it runs, or somebody has decided that it does without."""
    if not workload.critical:
        return na(f"{workload.name} is not tagged critical")
    account, region = workload.subject.account, workload.subject.region
    watched = evidence.any(
        Detection, lambda each: each.threat_detection and FUNCTIONS in each.features, account=account, region=region
    )
    if watched is not None:
        return ok(f"GuardDuty watches the network activity of {workload.name}, as of all functions of {region}")
    agent = evidence.any(Agent, lambda each: not each.ended, workload=workload.key, account=account, region=region)
    if agent is not None:
        said = f"{agent.sign} of {agent.product} is on {workload.name}; that shows that it is installed, and not that it watches"
    else:
        said = f"nothing watches {workload.name} while it runs: neither GuardDuty Lambda Protection nor an agent; a recorded decision answers for it"
    # Whether to do without is for its owner to decide, so that this is never a failure by itself.
    severity = Severity.MEDIUM if workload.sensitive else None
    return Verdict(Outcome.REVIEW, said, severity, frozenset({"sensitive"}))


@check("agent-key-in-environment", over=Agent)
def agent_key_in_environment(agent: Agent, evidence: Watched) -> Verdict:
    """An agent reads its own key from where keys are kept, and not from the plain environment."""
    what = f"{agent.product} on {agent.subject}"
    if not agent.keys:
        return na(f"{what} has no variable for a key of its own")
    account, region = agent.subject.account, agent.subject.region
    held = evidence.any(
        EnvironmentVariable,
        lambda each: each.name in agent.keys and bool(each.secret) and not each.placeholder and not each.resource,
        workload=agent.workload,
        account=account,
        region=region,
    )
    if held is None:
        return ok(f"{what} has no key of its own in the plain environment")
    return fail(
        f"{held.name} of {agent.subject} holds the key of {agent.product} in plain text; whoever may read the function's configuration "
        f"can act at {agent.vendor} in its owner's name"
    )


@check("agent-layer-outdated", over=Agent)
def agent_layer_outdated(agent: Agent, evidence: Watched) -> Verdict:
    """The layer of an agent is none that its vendor has superseded, and its product is still sold."""
    if agent.ended:
        return fail(f"{agent.sign} of {agent.product} is on {agent.subject}: {agent.ended}, so nobody mends it")
    if not agent.layer:
        return na(f"{agent.product} shows on {agent.subject} by {agent.sign}, which has no number")
    version = agent.layer_version
    if agent.superseded_below is None:
        return review(
            f"{agent.subject} carries version {version} of {agent.product}, and no list of its releases comes with this tool; "
            f"compare with the newest that {agent.vendor} names"
        )
    if version < agent.superseded_below:
        return fail(f"{agent.subject} carries version {version} of {agent.product}: {agent.superseded_why}")
    return ok(
        f"{agent.subject} carries version {version} of {agent.product}, which is none that is known to be superseded; "
        f"{agent.newest} was the newest when the list was read"
    )


@check("vendor-role-with-admin-rights", over=VendorRole)
def vendor_role_with_admin_rights(role: VendorRole, evidence: Watched) -> Verdict:
    """A role that a vendor of security products assumes may read what it needs and is no administrator."""
    boundary = role.boundary
    documents = {f"{place} {each.name}": each.text for place, each in enumerate(role.policies)}
    grants = broad_grants(permissions(documents, boundary=boundary.text if boundary else None))
    everything = [each for each in grants if each.breadth is not Breadth.SERVICE]
    who = f"{role.name}, which account {role.account} of {role.vendor} may assume,"
    if everything:
        return fail(f"{who} may do everything: whoever gets at {role.vendor} has the account")
    if grants:
        return fail(
            f"{who} may do all of a service on all resources: {grants[0].because.rstrip('.')}", severity=Severity.MEDIUM
        )
    return ok(f"{who} has no right that is as wide as a service")
