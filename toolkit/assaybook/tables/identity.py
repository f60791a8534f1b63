"""Rows about who may do what: roles, grants on resources, long-lived keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..evidence import Row


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy document as JSON text, with the name under which a person finds it."""

    name: str
    text: str
    managed_by_provider: bool = False


@dataclass(frozen=True, kw_only=True)
class Role(Row):
    """A role that workloads run under. `workloads` are keys of Workload rows, `boundary` its permissions boundary."""

    name: str
    workloads: tuple[str, ...]
    policies: tuple[PolicyText, ...]
    boundary: PolicyText | None
    trust: PolicyText


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
