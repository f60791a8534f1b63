"""Rows about who beyond the account may reach what keeps data."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class StoreGrant(Row):
    """One Allow statement of the policy of a store or key, or accounts with which an attribute shares a copy.

    `statement` is the statement's place in the policy (from 0) and `policy` the whole document as JSON text, so that its Deny statements count too;
    `shared_with` are the account ids of an attribute, for which `policy` is empty.
    """

    kind: str
    name: str
    sid: str
    statement: int
    policy: str
    own_account: str
    shared_with: tuple[str, ...]
