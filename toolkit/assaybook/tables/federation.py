"""Rows about trust in issuers outside the account, how people sign in, and what they must prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class FederatedTrust(Row):
    """One Allow statement of a role's trust policy, for one issuer of tokens, assertions or certificates that it lets in.

    `issuer` is the address of a token issuer without https://, `saml-provider/NAME`, or the service that brings workloads from outside
    (`pods.eks.amazonaws.com`, `rolesanywhere.amazonaws.com`). `statement` is its place in `policy` (from 0), the whole trust policy as JSON text.
    `registered` says whether the account still has that provider; a trust in one that is gone lets nobody in.
    """

    SAID: ClassVar[Mapping[str, str]] = {"registered": "whether the account has the provider"}

    role: str
    role_name: str
    issuer: str
    policy: str
    statement: int
    registered: bool


@dataclass(frozen=True, kw_only=True)
class ConsoleAccess(Row):
    """A user of the credential report, the root user included, with what it must show to sign in to the console.

    `password` says whether it has a password; for the root user IAM says so in the account's summary.
    """

    SAID: ClassVar[Mapping[str, str]] = {"password": "whether there is a password", "mfa": "the second factor"}

    user: str
    root: bool
    password: bool
    mfa: bool
    password_last_used: datetime | None


@dataclass(frozen=True, kw_only=True)
class SignIn(Row):
    """How people come into an account: its users with a password, its SAML providers, its Identity Center.

    `identity_center` says whether an instance is visible from one of the regions that were asked, or has left its provider in the account.
    """

    account: str
    console_users: tuple[str, ...]
    saml_providers: tuple[str, ...]
    identity_center: bool


@dataclass(frozen=True, kw_only=True)
class PasswordPolicy(Row):
    """The password policy of an account. `present` is false where none was ever set; `history` counts the passwords that may not come again."""

    account: str
    present: bool
    min_length: int
    history: int
    console_users: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleSession(Row):
    """How long a session of a role may be, in hours."""

    name: str
    hours: float
