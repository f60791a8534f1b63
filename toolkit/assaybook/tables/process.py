"""Rows about how an organisation is prepared: whom the provider can reach."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class SecurityContact(Row):
    """Whether an account names a contact for security matters. Who it is, is nobody's business here and is not kept."""

    account: str
    security_contact: bool
