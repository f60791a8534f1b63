"""Policies out of captures of IAM: inline ones, the default versions of managed ones, each tried before a row takes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ...capture import Capture
from ...evidence import Gap
from ...policy.document import PolicyError, parse_policy
from ...policy.identity import permissions
from ...tables.identity import PolicyText
from ..records import MALFORMED, Record, items, listing, loose_items, loose_part, text


def managed_policies(capture: Capture) -> dict[str, Record]:
    """The managed policies of an account's authorization details by ARN."""
    return {str(each.get("Arn")): each for each in loose_items(capture.answer, "Policies") if isinstance(each, Mapping)}


def policies_of(capture: Capture, record: Record, managed: Mapping[str, Record], inline: str, group: str = "") -> Any:
    """The policies of a role, user or group, or the gap of the first that cannot be read.

    `inline` is the member with its inline policies; `group` is added to each name, to tell those of a group from a user's own.
    Raises one of MALFORMED if the record does not have the members of its kind.
    """
    own = [
        readable(capture, _of_group(PolicyText(text(each, "PolicyName"), as_text(each["PolicyDocument"])), group))
        for each in items(record, inline)
    ]
    attached = [
        document(capture, text(each, "PolicyArn"), managed, group) for each in items(record, "AttachedManagedPolicies")
    ]
    made = []
    for found in (*own, *attached):
        if isinstance(found, Gap):
            return found
        made.append(found)
    return tuple(made)


def boundary_of(capture: Capture, record: Record, managed: Mapping[str, Record]) -> Any:
    """The permissions boundary, None if there is none, the gap if it cannot be read."""
    arn = loose_part(record, "PermissionsBoundary").get("PermissionsBoundaryArn")
    return document(capture, str(arn), managed) if arn else None


def document(capture: Capture, arn: str, managed: Mapping[str, Record], group: str = "") -> Any:
    """The default version of a managed policy, or the gap if the answer does not hold it."""
    record = managed.get(arn)
    for version in loose_items(record or {}, "PolicyVersionList"):
        if isinstance(version, Mapping) and version.get("IsDefaultVersion") is True and version.get("Document"):
            name = arn.rpartition("/")[2]
            by_aws = ":iam::aws:policy/" in arn
            return readable(capture, _of_group(PolicyText(name, as_text(version["Document"]), by_aws, arn), group))
    return capture.unexpected(f"it does not hold the document of {arn}")


def _of_group(policy: PolicyText, group: str) -> PolicyText:
    return replace(policy, name=f"{policy.name} of group {group}", group=group) if group else policy


def readable(capture: Capture, policy: PolicyText) -> Any:
    """The policy of an identity, or the gap if it cannot be read as one."""
    return _tried(capture, policy, lambda: permissions({policy.name: policy.text}))


def parsed(capture: Capture, policy: PolicyText) -> Any:
    """A policy that names principals, or the gap if it cannot be read as a policy."""
    return _tried(capture, policy, lambda: parse_policy(policy.text))


def trust_of(capture: Capture, record: Record) -> Any:
    """The trust policy of a role, or the gap if it cannot be read as a policy. Raises KeyError if there is none."""
    return parsed(capture, PolicyText("trust policy", as_text(record["AssumeRolePolicyDocument"])))


def _tried(capture: Capture, policy: PolicyText, read: Callable[[], object]) -> Any:
    try:
        read()
    except PolicyError as problem:
        return capture.unexpected(str(problem))
    return policy


def as_text(document: object) -> str:
    """A policy document as JSON text, whether it came as text or as an object."""
    return document if isinstance(document, str) else json.dumps(document, sort_keys=True, ensure_ascii=False)


def rights_of_role(capture: Capture, arn: str) -> tuple[Any, Any]:
    """The policies and the boundary (None without one) of any role of the account, as the account's details hold them; or the gap."""
    details = listing(capture)
    for record in details.records:
        if record.get("Arn") == arn:
            managed = managed_policies(capture)
            try:
                return policies_of(capture, record, managed, "RolePolicyList"), boundary_of(capture, record, managed)
            except MALFORMED as problem:
                gap = capture.unexpected(f"{type(problem).__name__} {problem}")
                return gap, gap
    target = capture.target
    gap = details.gap or Gap(
        capture.call, "out_of_scope", f"{arn} is not among the account's roles", "", target.account, "", capture.ref
    )
    return gap, gap
