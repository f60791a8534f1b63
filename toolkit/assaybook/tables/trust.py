"""Rows about whom roles let in and what protects secrets: what the search for ways to more rights looks up."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class TrustedName(Row):
    """One principal that an Allow statement of a role's trust policy names, whatever the conditions.

    `role` is the ARN of the role; `named` a service principal, an ARN, an identity provider, the id of a whole account, or `*`.
    """

    role: str
    named: str


@dataclass(frozen=True, kw_only=True)
class SecretAccess(Row):
    """What decides who can read a secret, besides the principals' own policies.

    `kind` is secret or parameter (of type SecureString). `policy` is its resource policy as JSON text, empty if it has
    none. `encryption_key` is the ARN of the customer-managed key that it needs, empty for a key that AWS manages and whose policy opens it to
    the whole account through the service; `key_policy` is that key's policy as JSON text.
    """

    name: str
    kind: str
    policy: str
    encryption_key: str
    key_policy: str
