"""Rows about the assessment's own ground: accounts, regions, and how complete each population is."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Account(Row):
    """An account in scope. `organisation` is its organisation's id, empty if it stands alone.

    `whole` says that all that lies in it can be listed, which is not known of the made-up account of a template's stack.
    """

    account: str
    organisation: str
    management_account: str
    whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Region(Row):
    """A region of an account in scope. `workloads` counts the functions found there; `whole` is as with an account."""

    account: str
    region: str
    workloads: int
    whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Population(Row):
    """How a population was read, so that its completeness can be judged.

    `records` is what the listing gave, `second_count` what `second_source` says of the same thing; `second_source` is empty where there is none.
    """

    population: str
    call: str
    pages: int
    records: int
    second_source: str = ""
    second_count: int = 0


@dataclass(frozen=True, kw_only=True)
class OtherRegion(Row):
    """An enabled region of an account that is not in scope.

    `workloads` counts its functions; `denied_by` names the policy that closes the region to the reader, empty if none does.
    """

    account: str
    region: str
    workloads: int
    denied_by: str


@dataclass(frozen=True, kw_only=True)
class InventoryComparison(Row):
    """Functions of one template, or of one account and region, set beside those of the other side by their names.

    `side` is template or account, `name` the template's path or the account and region. Of its `functions`, `same` counts those whose name or logical id the other side
    has, too; `alike` those that only resemble one, as the template leaves their names open; `missing` names the others.
    """

    side: str
    name: str
    functions: int
    same: int
    alike: tuple[str, ...]
    missing: tuple[str, ...]
