"""Rows about the organisation in which an account stands."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row
from .identity import PolicyText


@dataclass(frozen=True, kw_only=True)
class Guardrails(Row):
    """The policies of an organisation that limit one of its accounts.

    `organisation` is its id, empty for an account that stands alone; `management` says whether the account manages the organisation, which its
    service control policies do not limit. `service_control` and `resource_control` have the policies of each level, from the root to the account.
    """

    account: str
    organisation: str
    management: bool
    service_control: tuple[tuple[PolicyText, ...], ...]
    resource_control: tuple[tuple[PolicyText, ...], ...]
