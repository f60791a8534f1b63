"""Rows about clusters of containers, as far as identities of the account are given to what runs there."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class PodIdentity(Row):
    """A role that a cluster gives to the pods of one service account. `role` is its ARN."""

    cluster: str
    namespace: str
    service_account: str
    role: str
