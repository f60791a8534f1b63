"""Rows about values that must stay secret: in the vault, beside it as plain parameters, and in the environment of workloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Secret(Row):
    """A secret in a vault, by its name and dates; its value is never asked for.

    `owner` is the service that keeps and rotates it for itself, empty if that is us; `replica_of` the region of the original if it is a copy.
    `created`, `rotated`, `changed` and `accessed` are None where the vault names no such time; `accessed` is told by the day.
    """

    name: str
    owner: str
    replica_of: str
    rotates: bool
    created: datetime | None
    rotated: datetime | None
    changed: datetime | None
    accessed: datetime | None
    key_id: str
    tags: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class SecretUse(Row):
    """Who can read a secret: names of roles whose own policies surely allow it, of workloads in production and of workloads outside it."""

    name: str
    production_roles: tuple[str, ...]
    other_roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Parameter(Row):
    """A parameter of the provider's parameter store, by its name and type: plain says that its value lies there in clear."""

    name: str
    plain: bool
    type: str
    key_id: str


@dataclass(frozen=True, kw_only=True)
class EnvironmentKey(Row):
    """A workload's environment variables with the key that encrypts them at rest; `key_id` is empty for the provider's own."""

    workload: str  # key of the Workload
    name: str
    variables: int
    key_id: str
    sensitive: bool


@dataclass(frozen=True, kw_only=True)
class WrittenSecret(Row):
    """A secret that is written into a file of a package, or that a template shows to everyone; one row of kind `none` for a package in which none was found.

    `workloads` are the keys of those that run the package; `path` and `line` say where, `name` what the value is called there. `kind` is the detector's, `shown-parameter` for a
    parameter of a template that is called like a secret and not hidden, `shown-output` for an output that hands one out, or `key-store` for a file that holds keys.
    `certain` is false where only a person can tell. `searched` counts the files that were searched.
    """

    package: str
    workloads: tuple[str, ...]
    path: str
    line: int
    name: str
    kind: str
    length: int
    fingerprint: str
    certain: bool
    code: str
    searched: int
