"""The policies of the organisation that limit an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.identity import PolicyText
from ...tables.organisation import Guardrails
from ..records import MALFORMED, listing, part, text
from .policy_texts import parsed, readable
from .resources import sources

SERVICE, RESOURCE = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
# An account lies at most five units below the root. Source: AWS Organizations user guide, "Quotas for AWS Organizations".
DEEPEST = 10
_ROWS = {
    SERVICE: ("organizations:ListPoliciesForTarget", "organizations:ListPoliciesForTarget/above"),
    RESOURCE: ("organizations:ListPoliciesForTarget/resource", "organizations:ListPoliciesForTarget/resource-above"),
}
Levels = tuple[tuple[PolicyText, ...], ...]


def shape_organisation(captures: Captures) -> Iterator[Row | Hole]:
    """One Guardrails row for each account."""
    for target in captures.targets("aws", scope=GLOBAL):
        about = captures.about("organizations:DescribeOrganization", target)
        alone = about.state == ABSENT
        limits = {kind: () if alone else whole(levels(captures, target, kind)) for kind in (SERVICE, RESOURCE)}
        manager = "" if alone else about.read(_managed_by)
        yield Guardrails(
            key=target.account,
            subject=Subject("aws", target.account, GLOBAL, "account", target.account, target.account),
            sources=sources(about),
            account=target.account,
            organisation="" if alone else about.read(lambda answer: text(part(answer, "Organization"), "Id")),
            management=manager if isinstance(manager, Gap) else manager == target.account,
            service_control=limits[SERVICE],
            resource_control=limits[RESOURCE],
        )


def _managed_by(answer: Any) -> str:
    return text(part(answer, "Organization"), "MasterAccountId")


def service_control(captures: Captures, target: Target) -> tuple[Levels, bool]:
    """The service control policies that limit the principals of an account, as far as they can be read, and whether all of them were."""
    about = captures.about("organizations:DescribeOrganization", target)
    if about.state == ABSENT or about.read(_managed_by) == target.account:
        return (), True
    found = levels(captures, target, SERVICE)
    return tuple(each for each in found if not isinstance(each, Gap)), not isinstance(whole(found), Gap)


def whole(found: tuple[Any, ...]) -> Any:
    """The levels, or the first gap among them."""
    return next((each for each in found if isinstance(each, Gap)), found)


def levels(captures: Captures, target: Target, kind: str) -> tuple[Any, ...]:
    """The policies of one kind on each level, from the root to the account; a gap for what cannot be read.

    A level without any policy is left out: where the kind is in use, AWS keeps at least one on each level.
    """
    own, above = _ROWS[kind]
    found = [_level(captures, captures.about(own, target, TargetId=target.account, Filter=kind), kind)]
    parents = captures.about("organizations:ListParents", target, ChildId=target.account)
    for _ in range(DEEPEST):
        parent = _parent(parents)
        if parent is None:
            break
        if isinstance(parent, Gap):
            found.append(parent)
            break
        unit, is_root = parent
        found.append(_level(captures, captures.about(above, target, TargetId=unit, Filter=kind), kind))
        if is_root:
            break
        parents = captures.about("organizations:ListParents/above", target, ChildId=unit)
    return tuple(each for each in reversed(found) if each != ())


def _parent(capture: Capture) -> Any:
    """The id of the one parent and whether it is the root; None where there is none; the gap."""
    found = listing(capture)
    if found.gap is not None:
        return found.gap
    if capture.state == ABSENT:
        return None
    return capture.read(lambda answer: _one_parent(answer["Parents"]))


def _one_parent(parents: Any) -> tuple[str, bool]:
    (only,) = parents
    return text(only, "Id"), text(only, "Type") == "ROOT"


def _level(captures: Captures, capture: Capture, kind: str) -> Any:
    found = listing(capture)
    if found.gap is not None:
        return found.gap
    made = []
    for record in found.records:
        try:
            detail = captures.about("organizations:DescribePolicy", capture.target, PolicyId=text(record, "Id"))
        except MALFORMED as problem:
            return capture.unexpected(f"{type(problem).__name__} {problem}")
        policy = detail.read(_policy)
        if not isinstance(policy, Gap):
            policy = (readable if kind == SERVICE else parsed)(detail, policy)
        if isinstance(policy, Gap):
            return policy
        made.append(policy)
    return tuple(sorted(made, key=lambda each: (each.name, each.text)))


def _policy(answer: Any) -> PolicyText:
    policy = part(answer, "Policy")
    summary = part(policy, "PolicySummary")
    return PolicyText(text(summary, "Name"), text(policy, "Content"), summary.get("AwsManaged") is True)
