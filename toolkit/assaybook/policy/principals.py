"""What each principal of a statement lets in, before conditions.

Source: IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .document import Principal, Statement
from .match import arn_parts, has_wildcard
from .reach import Holder, Reach

_ACCOUNT = re.compile(r"\d{12}")
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
# Identity providers that sign tokens for everybody: who trusts one trusts all of its users.
_SHARED_ISSUERS = frozenset(
    {
        "cognito-identity.amazonaws.com",
        "token.actions.githubusercontent.com",
        "accounts.google.com",
        "www.amazon.com",
        "graph.facebook.com",
        "gitlab.com",
        "app.terraform.io",
        "api.bitbucket.org",
        "agent.buildkite.com",
        "oidc.circleci.com",
        "oidc.vercel.com",
        "appleid.apple.com",
        "*",
    }
)


@dataclass(frozen=True, slots=True)
class Callers:
    """The callers one principal lets in: how far they reach, whose they are, and whether a service calls by itself."""

    principal: str
    reach: Reach
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    undecided: str = ""
    constrained: bool = False

    @property
    def from_service(self) -> bool:
        """Whether a service makes the call by its own name, so that only source keys tell for whom."""
        return self.reach is Reach.SERVICE and bool(self.services)


def callers_of(statement: Statement, holder: Holder) -> tuple[Callers, ...]:
    """The callers that the Principal or NotPrincipal element of a statement lets in, in the order written."""
    if statement.not_principals is not None:
        named = ", ".join(one.name for one in statement.not_principals) or "nobody"
        return (Callers(f"everyone but {named}", Reach.ANYONE),)
    return tuple(_callers(principal, holder) for principal in statement.principals or ())


def _callers(principal: Principal, holder: Holder) -> Callers:
    name = principal.name
    if principal.kind == "Service":
        return Callers(name, Reach.SERVICE, services=(name,))
    if principal.kind == "Federated":
        return _federated(name, holder)
    if principal.kind == "CanonicalUser":
        return Callers(name, Reach.UNKNOWN, undecided=f"whose account the canonical user {name[:12]} is")
    return _aws(name, holder)


def _aws(name: str, holder: Holder) -> Callers:
    if name and not name.strip("*"):
        return Callers("everyone", Reach.ANYONE)
    if _ACCOUNT.fullmatch(name):
        return _in_account(name, name, holder)
    parts = arn_parts(name)
    if parts and _ACCOUNT.fullmatch(parts[4]):
        return _in_account(name, parts[4], holder)
    if parts and parts[4] == "cloudfront":
        return Callers(name, Reach.SERVICE, undecided="", constrained=True)
    if _UNIQUE_ID.fullmatch(name):
        return Callers(name, Reach.UNKNOWN, undecided=f"{name} is the id of a principal that was deleted")
    if has_wildcard(name):
        return Callers(name, Reach.UNKNOWN, undecided=f"{name} is a pattern, which AWS takes in no principal")
    return Callers(name, Reach.UNKNOWN, undecided=f"who {name!r} is")


def _in_account(name: str, account: str, holder: Holder) -> Callers:
    if account == holder.account:
        return Callers(name, Reach.OWN_ACCOUNT)
    return Callers(name, Reach.OTHER_ACCOUNT, accounts=(account,))


def _federated(name: str, holder: Holder) -> Callers:
    parts = arn_parts(name)
    kind, _, issuer = parts[5].partition("/") if parts else ("", "", name)
    if issuer.split("/", 1)[0] in _SHARED_ISSUERS:
        return Callers(f"all users of {issuer}", Reach.ANYONE)
    if not parts or not _ACCOUNT.fullmatch(parts[4]):
        return Callers(name, Reach.UNKNOWN, undecided=f"who signs in at {name!r}")
    if kind == "saml-provider" or issuer.startswith("oidc.eks."):
        return _in_account(name, parts[4], holder)
    return Callers(name, Reach.UNKNOWN, undecided=f"who signs in at {issuer}")
