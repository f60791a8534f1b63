"""Who makes a request, and how far the Principal element of a statement names that one.

Source: IAM User Guide, "AWS JSON policy elements: Principal", "... NotPrincipal" and "AWS global condition context keys".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from .document import Principal, Statement
from .identity import Permissions
from .match import arn_parts
from .request import MISSING, UNKNOWN_VALUE, RequestContext, Value
from .truth import Truth

_ACCOUNT = re.compile(r"\d{12}")


class Naming(IntEnum):
    """How a statement names a requester, from not at all to by its own ARN; the order says which grants more."""

    NOT = 0
    ACCOUNT = 1
    """Through its account, which leaves the decision to the account's own policies."""
    EVERYONE = 2
    ROLE = 3
    """By the ARN of the role, so that the role's boundary and session policies still bind."""
    SESSION_OF_ROLE = 4
    """By a session of the role, which may or may not be the one that asks."""
    ITSELF = 5
    """By the ARN of the user, the session or the service."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Somebody who makes a request, with all that its own side allows.

    `arn` is that of an IAM user or role, of an assumed role's session, or the name of a service principal
    (`sns.amazonaws.com`); empty for an anonymous caller. `held` is None for services and anonymous callers, which have
    no policies of their own. `organisation` is the id of its organisation, empty if it has none, None if that is not known. No control policy of an organisation binds a service-linked role.
    """

    arn: str
    held: Permissions | None = None
    service_linked: bool = False
    organisation: str | None = None

    @property
    def account(self) -> str:
        """The account of a user, role or session; empty for services and anonymous callers."""
        parts = arn_parts(self.arn)
        return parts[4] if parts else ""

    @property
    def role(self) -> str:
        """The ARN of the role behind a role or its session, without a path if only the session is known; else empty."""
        parts = arn_parts(self.arn)
        if parts is None or parts[5].startswith("user/"):
            return ""
        if parts[2] == "sts" and parts[5].startswith("assumed-role/"):
            return f"arn:{parts[1]}:iam::{parts[4]}:role/{parts[5].split('/')[1]}"
        return self.arn if parts[5].startswith("role/") else ""

    @property
    def service(self) -> bool:
        """Whether a service asks by its own name."""
        return bool(self.arn) and not self.account


def request_of(requester: Requester, context: RequestContext) -> RequestContext:
    """The context with the keys that follow from who asks, directly and by TLS; what the context says already stays.

    A role's name, tags and session name are its session's, so they stay unknown; a user's tags too.
    """
    if requester.service:
        return context.filled(
            {
                "aws:PrincipalIsAWSService": "true",
                "aws:PrincipalServiceName": requester.arn,
                "aws:PrincipalArn": MISSING,
                "aws:PrincipalAccount": MISSING,
                "aws:PrincipalOrgID": MISSING,
                "aws:SecureTransport": "true",
            }
        )
    nobody: Mapping[str, Value] = {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalServiceName": MISSING,
        "aws:PrincipalServiceNamesList": MISSING,
        "aws:SourceArn": MISSING,
        "aws:SourceAccount": MISSING,
        "aws:SourceOrgID": MISSING,
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
        "aws:CalledVia": MISSING,
    }
    if not requester.account:
        return context.filled({**nobody, "aws:PrincipalArn": MISSING, "aws:PrincipalAccount": MISSING})
    user = ":user/" in requester.arn
    return context.filled(
        {
            **nobody,
            "aws:PrincipalArn": requester.role or requester.arn,
            "aws:PrincipalAccount": requester.account,
            "aws:PrincipalOrgID": UNKNOWN_VALUE
            if requester.organisation is None
            else requester.organisation or MISSING,
            "aws:PrincipalType": "User" if user else "AssumedRole",
            "aws:username": requester.arn.rpartition("/")[2] if user else MISSING,
            "aws:SourceIdentity": UNKNOWN_VALUE,
            "kms:CallerAccount": requester.account,
        }
    )


def naming(statement: Statement, requester: Requester) -> tuple[Naming, Truth]:
    """How the statement names the requester, and how surely; the strongest of its principals counts.

    NotPrincipal names everyone but those it lists. AWS wants the account listed along with its principal there, and
    says that a Deny may else reach the principal all the same, so that case is unknown.
    """
    if statement.not_principals is not None:
        return Naming.EVERYONE, _spared(statement.not_principals, requester).negated()
    found = max((_named(one, requester) for one in statement.principals or ()), default=Naming.NOT)
    sure = Truth.UNKNOWN if found is Naming.SESSION_OF_ROLE else Truth.of(found is not Naming.NOT)
    return found, sure


def _spared(listed: tuple[Principal, ...], requester: Requester) -> Truth:
    found = {_named(one, requester) for one in listed}
    itself = found & {Naming.ITSELF, Naming.ROLE, Naming.SESSION_OF_ROLE}
    if Naming.EVERYONE in found or (itself and (Naming.ACCOUNT in found or requester.service)):
        return Truth.TRUE
    return Truth.UNKNOWN if itself or Naming.ACCOUNT in found else Truth.FALSE


def _named(principal: Principal, requester: Requester) -> Naming:
    name = principal.name
    if principal.kind == "Service":
        return Naming.ITSELF if name in (requester.arn, "*") and requester.service else Naming.NOT
    if principal.kind != "AWS":
        return Naming.NOT
    if name == "*":
        return Naming.EVERYONE
    if not requester.account:
        return Naming.NOT
    if name == requester.arn:
        return Naming.ROLE if name == requester.role else Naming.ITSELF
    if _ACCOUNT.fullmatch(name):
        return Naming.ACCOUNT if name == requester.account else Naming.NOT
    return _named_by_arn(name, requester)


def _named_by_arn(name: str, requester: Requester) -> Naming:
    parts = arn_parts(name)
    if parts is None or parts[4] != requester.account:
        return Naming.NOT
    if parts[5] == "root":
        return Naming.ACCOUNT
    role = requester.role
    if not role:
        return Naming.NOT
    short = role.rpartition("/")[2]
    if parts[2] == "sts" and parts[5].startswith(f"assumed-role/{short}/"):
        return Naming.SESSION_OF_ROLE if requester.arn == role else Naming.NOT
    # A session's ARN holds no path, so that only the last part of the role's ARN can be compared.
    session = requester.arn != role and parts[5].startswith("role/") and parts[5].rpartition("/")[2] == short
    return Naming.ROLE if session else Naming.NOT
