"""What the rows of roles and users hold, as the evaluator wants it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from ..tables.identity import PolicyText
from .identity import Permissions, permissions

Levels = tuple[tuple[PolicyText, ...], ...]


class HasPolicies(Protocol):
    """A row with policies of its own and limits on them: a Role or a Principal."""

    @property
    def policies(self) -> tuple[PolicyText, ...]:
        """Its own policies, those of its groups included."""
        ...

    @property
    def boundary(self) -> PolicyText | None:
        """Its permissions boundary."""
        ...

    @property
    def service_control(self) -> Levels:
        """The service control policies of each level of the organisation."""
        ...


def held(principal: HasPolicies) -> Permissions:
    """What the principal may do within its boundary and the organisation's policies; made once for equal policies.

    Raises PolicyError if a document cannot be read, which shaping has tried before.
    """
    return _made(principal.policies, principal.boundary, principal.service_control)


@lru_cache(maxsize=4096)
def _made(policies: tuple[PolicyText, ...], boundary: PolicyText | None, levels: Levels) -> Permissions:
    return permissions(
        named(policies),
        boundary=boundary.text if boundary else None,
        scps=[named(level) for level in levels],
    )


def named(policies: Iterable[PolicyText]) -> dict[str, str]:
    """The documents by name. An inline policy may bear the name of an attached one, and both count."""
    documents: dict[str, str] = {}
    for each in policies:
        name = each.name if each.name not in documents else f"{each.name} ({len(documents) + 1})"
        documents[name] = each.text
    return documents
