"""Rows about how callers prove who they are: authorizers of APIs, user pools, the applications that use them, and identity pools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..evidence import Row
from .identity import PolicyText


@dataclass(frozen=True, kw_only=True)
class Authorizer(Row):
    """An authorizer of an API. `kind` is function, jwt or cognito.

    `cached_seconds` is how long its answer is kept (0: not at all), `identity_sources` what the kept answer is looked up by, in the form
    `header name`, `query name`, `context name` or `variable name`. `routes` are those that use it. `issuer` and `audiences` are those of tokens.
    """

    api_name: str
    kind: str
    cached_seconds: int
    identity_sources: tuple[str, ...]
    routes: tuple[str, ...]
    issuer: str
    audiences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UserPool(Row):
    """A pool of people who sign in. `second_factor` is ON, OPTIONAL or OFF; `threat_protection` is OFF, AUDIT or ENFORCED.

    `decides_sign_up` names a function that decides about each sign-up, empty if none does.
    `classes` are the kinds of characters that a password must have; `own_sign_in` is false if every application leaves signing in to other providers.
    """

    SAID: ClassVar[Mapping[str, str]] = {"own_sign_in": "how its applications sign people in"}

    name: str
    id: str
    self_sign_up: bool
    decides_sign_up: str
    second_factor: str
    password_length: int
    classes: tuple[str, ...]
    threat_protection: str
    own_sign_in: bool
    production: bool | None


@dataclass(frozen=True, kw_only=True)
class AppClient(Row):
    """An application that signs people of a pool in. `grants` are its OAuth flows, empty if it uses none; times are in minutes.

    `own_sign_in` is false if it leaves signing in to other providers, or if only machines use it.
    `insecure_callbacks` are addresses without TLS to which codes and tokens are sent.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "hides_users": "what it tells of accounts",
        "revocable": "the revocation of tokens",
        "own_sign_in": "how it signs people in",
        "access_minutes": "the life of access tokens",
        "refresh_minutes": "the life of refresh tokens",
    }

    name: str
    pool: str  # key of the UserPool
    grants: tuple[str, ...]
    insecure_callbacks: tuple[str, ...]
    revocable: bool
    access_minutes: int
    refresh_minutes: int
    hides_users: bool
    own_sign_in: bool


@dataclass(frozen=True, kw_only=True)
class IdentityPool(Row):
    """A pool that hands out credentials of the cloud. `guests` says whether it does so to people who did not sign in.

    `guest_role` is that role's ARN (empty if there is none) and `guest_policies` what it may do; `classic_flow` lets callers choose a role and a session themselves.
    """

    SAID: ClassVar[Mapping[str, str]] = {"guest_policies": "what guests may do"}

    name: str
    guests: bool
    classic_flow: bool
    guest_role: str
    guest_policies: tuple[PolicyText, ...]
    guest_boundary: PolicyText | None
