"""Rows about products of third parties: the agents that functions carry, and the roles through which vendors read an account."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row
from .identity import PolicyText


@dataclass(frozen=True, kw_only=True)
class Agent(Row):
    """A product of a third party that shows on a release of a workload: by a layer, by the handler that it puts in place of the function's own, or by its variables.

    `sign` says in words by what it shows. `layer` is the ARN of its layer, empty if it shows otherwise, and `layer_version` the number of that layer (0 without one).
    `superseded_below` is the number from which on the layer is not known to be superseded, `superseded_why` the reason, and `newest` the newest number that the
    dated list of the vendor's releases knows; the first and the last are None where there is no such list. `keys` names the variables that may hold the agent's own key.
    `ended` says that the product is no longer sold under its name, empty if it is.
    """

    workload: str
    version: str
    vendor: str
    product: str
    purpose: str  # protection or monitoring
    sign: str
    layer: str
    layer_version: int
    superseded_below: int | None
    superseded_why: str
    newest: int | None
    keys: tuple[str, ...]
    ended: str


@dataclass(frozen=True, kw_only=True)
class VendorRole(Row):
    """A role whose trust policy names the account of a known vendor. `account` is that account, `boundary` the role's permissions boundary."""

    name: str
    vendor: str
    product: str
    account: str
    policies: tuple[PolicyText, ...]
    boundary: PolicyText | None
