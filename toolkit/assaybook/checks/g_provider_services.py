"""Area G: firewalls in front of web entries, identities instead of keys."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, ok
from ..tables.compute import EnvironmentVariable, WebEntry, Workload
from ..watched import Watched
from .a_secure_coding import is_cloud_key, kind_of


@check("web-entry-without-firewall", over=WebEntry)
def web_entry_without_firewall(entry: WebEntry, evidence: Watched) -> Verdict:
    """A web application firewall whose rules act stands before every public web entry."""
    if entry.attachable:
        return _attached(entry)
    front = entry.front
    if not front:
        return fail(
            f"{entry.subject} ({entry.url}) has no web application firewall; none can be attached to it, "
            "so put CloudFront with AWS WAF in front and lock the origin",
            used=frozenset({"internet"}),
        )
    if entry.firewall != "acts":
        what = "only counts" if entry.firewall == "counts_only" else "is missing"
        return fail(
            f"the web ACL of {front}, which stands before {entry.subject}, {what}", used=frozenset({"internet"})
        )
    if not entry.origin_locked:
        return fail(
            f"{entry.subject} ({entry.url}) can be reached past {front} and its web ACL: the origin is not locked",
            used=frozenset({"internet"}),
        )
    return ok(f"{entry.subject} is reached through {front} only, whose web ACL acts")


def _attached(entry: WebEntry) -> Verdict:
    firewall = entry.firewall
    if firewall == "acts":
        return ok(f"the web ACL of {entry.subject} acts")
    if firewall == "counts_only":
        return fail(
            f"every rule of the web ACL of {entry.subject} ({entry.url}) only counts, so nothing is blocked",
            used=frozenset({"internet"}),
        )
    return fail(f"{entry.subject} ({entry.url}) has no web ACL attached", used=frozenset({"internet"}))


@check("static-credential-beside-identity", over=Workload)
def static_credential_beside_identity(workload: Workload, evidence: Watched) -> Verdict:
    """A workload acts under its identity and carries no long-lived cloud credential beside it."""
    role = workload.role
    if not role:
        return fail(f"{workload.name} has no identity")
    held = evidence.any(
        EnvironmentVariable, lambda each: is_cloud_key(each) and not each.placeholder, workload=workload.key
    )
    if held is not None:
        return fail(
            f"{workload.name} runs under the role {role.rpartition('/')[2]} and carries {kind_of(held)} in {held.name} beside it"
        )
    return ok(
        f"{workload.name} runs under the role {role.rpartition('/')[2]} with no cloud credential in its environment"
    )
