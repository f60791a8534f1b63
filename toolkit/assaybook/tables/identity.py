"""Rows about who may do what: roles, grants on resources, long-lived keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy document as JSON text, with the name under which a person finds it.

    `arn` is empty for an inline policy; `group` names the group through which a user has it.
    """

    name: str
    text: str
    managed_by_provider: bool = False
    arn: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Role(Row):
    """A role that workloads run under. `workloads` are keys of Workload rows, `boundary` its permissions boundary.

    `service_control` holds the service control policies that could be read, `service_control_known` whether that is all of them, as `Principal` has them.
    """

    name: str
    workloads: tuple[str, ...]
    policies: tuple[PolicyText, ...]
    boundary: PolicyText | None
    trust: PolicyText
    service_control: tuple[tuple[PolicyText, ...], ...] = ()
    service_control_known: bool = True


@dataclass(frozen=True, kw_only=True)
class Principal(Row):
    """A role or a user of the account, with all that decides what it may do.

    `kind` is user or role. `policies` of a user hold those of its groups too, which `groups` names. `service_control` has the service control policies of
    each level of the organisation, from the root to the account; it is empty where none apply (no organisation, the management account, a role
    that a service owns), and leaves out a level that could not be read whole, in which case `service_control_known` is false: what nobody read limits nothing.
    `trust` says who may assume a role; `workloads` are keys of the Workload rows that run under it. `last_used` is None for never:
    of roles within the 400 days that IAM tracks, of users by password or access key. `console` says whether a user has a password.
    """

    SAID: ClassVar[Mapping[str, str]] = {"last_used": "the last use", "workloads": "the functions"}

    name: str
    kind: str
    path: str
    policies: tuple[PolicyText, ...]
    boundary: PolicyText | None
    service_control: tuple[tuple[PolicyText, ...], ...]
    service_control_known: bool
    trust: PolicyText | None
    service_linked: bool
    workloads: tuple[str, ...]
    created: datetime | None
    last_used: datetime | None
    console: bool
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionUse:
    """An action that IAM tracks by itself (its name without the service), and when it was last called; None for never."""

    name: str
    last: datetime | None


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A service that a role may use, by its prefix, and when it last did; None for never within the time that IAM tracks.

    `actions` has the actions that IAM tracks one by one.
    """

    service: str
    last: datetime | None
    actions: tuple[ActionUse, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoleUse(Row):
    """What a role of workloads may use and what of it it has used, by IAM's record of last access.

    `suggested_policy` is a policy document as JSON text: the role's own policies narrowed to services with a record of use, and without actions that are
    tracked and have none; empty where nothing was used.
    """

    name: str
    created: datetime | None
    services: tuple[ServiceUse, ...]
    suggested_policy: str


@dataclass(frozen=True, kw_only=True)
class Grant(Row):
    """One Allow statement of a resource policy: who may invoke a workload, an alias, a version, or use a layer.

    `statement` is its place in the policy (from 0), `policy` the whole document as JSON text, so that its Deny statements count too.
    """

    resource_kind: str  # function, alias, version, layer
    resource: str
    workload: str
    sid: str
    statement: int
    policy: str
    own_account: str


@dataclass(frozen=True, kw_only=True)
class AccessKey(Row):
    """A long-lived key. `slot` is 1 or 2; `user` the user's name; dates are None where they never happened."""

    user: str
    root: bool
    slot: int
    active: bool
    rotated: datetime | None
    last_used: datetime | None


@dataclass(frozen=True, kw_only=True)
class KeyHolder(Row):
    """A user of the account with the number of access keys that are active; `root` for the account's own user."""

    user: str
    root: bool
    active_keys: int
