"""Trust in issuers outside the account, how people sign in, password policies and the length of sessions to rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...policy.document import ALLOW, Principal, parse_policy
from ...tables.federation import ConsoleAccess, FederatedTrust, PasswordPolicy, RoleSession, SignIn
from ..records import MALFORMED, Record, hole, listing, part, place, shaped, text
from .credentials import ROOT, Line, report_lines, said, time_of
from .policy_texts import trust_of
from .resources import sources

OUTSIDE = ("pods.eks.amazonaws.com", "rolesanywhere.amazonaws.com")
# The provider that Identity Center makes in each account to which it gives permission sets. Source: IAM Identity Center user guide.
CENTER = "AWSSSO_"


def shape_federation(captures: Captures) -> Iterator[Row | Hole]:
    """FederatedTrust, ConsoleAccess, SignIn, PasswordPolicy and RoleSession rows."""
    for capture in captures.expect("iam:GetAccountAuthorizationDetails", "aws", scope=GLOBAL):
        yield from _trusts(captures, capture)
    for capture in captures.expect("iam:GetCredentialReport", "aws", scope=GLOBAL):
        yield from _people(captures, capture)
    for capture in captures.expect("iam:ListRoles", "aws", scope=GLOBAL):
        found = listing(capture)
        yield from found.holes(RoleSession)
        for record in found.records:
            yield from shaped(capture, RoleSession, partial(_session, capture, record))


def _trusts(captures: Captures, capture: Capture) -> Iterator[Row | Hole]:
    found = listing(capture)
    yield from found.holes(FederatedTrust)
    providers = _providers(captures, capture.target)
    for record in found.records:
        try:
            arn, name = text(record, "Arn"), text(record, "RoleName")
            trust = trust_of(capture, record)
        except MALFORMED as problem:
            gap = capture.unexpected(f"{type(problem).__name__} {problem}")
            yield hole(FederatedTrust, gap, place(capture.target))
            continue
        subject = Subject("aws", capture.target.account, GLOBAL, "role", arn, name)
        if isinstance(trust, Gap):
            yield hole(FederatedTrust, trust, subject)
            continue
        for statement in parse_policy(trust.text).statements:
            for principal in statement.principals or () if statement.effect == ALLOW else ():
                issuer = issuer_of(principal)
                if issuer:
                    yield FederatedTrust(
                        key=f"{arn}/{statement.index}/{issuer}",
                        subject=subject,
                        sources=sources(capture),
                        role=arn,
                        role_name=name,
                        issuer=issuer,
                        policy=trust.text,
                        statement=statement.index,
                        registered=_registered(providers, principal),
                    )


def issuer_of(principal: Principal) -> str:
    """The issuer that a principal of a trust policy stands for; empty for any other principal."""
    if principal.kind == "Service":
        return principal.name if principal.name in OUTSIDE else ""
    if principal.kind != "Federated":
        return ""
    kind, slash, name = principal.name.rpartition(":")[2].partition("/")
    return name if slash and kind == "oidc-provider" else f"{kind}/{name}" if slash else principal.name


def _providers(captures: Captures, target: Target) -> Any:
    """The ARNs of the providers of an account, or the gap."""
    found: set[str] = set()
    for call in ("iam:ListOpenIDConnectProviders", "iam:ListSAMLProviders"):
        listed = listing(captures.about(call, target))
        if listed.gap is not None:
            return listed.gap
        found.update(str(each.get("Arn")) for each in listed.records)
    return frozenset(found)


def _registered(providers: Any, principal: Principal) -> Any:
    """Whether the account has the provider; those that AWS knows by itself need no registration."""
    if ":oidc-provider/" not in principal.name and ":saml-provider/" not in principal.name:
        return True
    return providers if isinstance(providers, Gap) else principal.name in providers


def _people(captures: Captures, capture: Capture) -> Iterator[Row | Hole]:
    target, lines = capture.target, report_lines(capture)
    account = Subject("aws", target.account, GLOBAL, "account", target.account, target.account)
    summary = captures.about("iam:GetAccountSummary", target)
    if isinstance(lines, Gap):
        yield hole(ConsoleAccess, lines, place(target, "account"))
    else:
        if all(line.get("user") != ROOT for line in lines):
            left_out = capture.unexpected("the report leaves out the root user")
            yield hole(ConsoleAccess, left_out, place(target, "account"))
        for line in lines:
            yield from shaped(capture, ConsoleAccess, partial(_access, capture, summary, line), account)
    users: Any = lines if isinstance(lines, Gap) else capture.read(lambda _: _console_users(lines))
    saml = captures.about("iam:ListSAMLProviders", target)
    names = saml.read(_provider_names)
    yield SignIn(
        key=target.account,
        subject=account,
        sources=sources(capture, saml),
        account=target.account,
        console_users=users,
        saml_providers=names,
        identity_center=_center(captures, target, names),
    )
    policy = captures.about("iam:GetAccountPasswordPolicy", target)
    none = policy.state == ABSENT
    yield PasswordPolicy(
        key=target.account,
        subject=account,
        sources=sources(capture, policy),
        account=target.account,
        present=False if none else policy.read(lambda answer: bool(part(answer, "PasswordPolicy"))),
        min_length=0 if none else policy.read(lambda answer: int(answer["PasswordPolicy"]["MinimumPasswordLength"])),
        history=0
        if none
        else policy.read(lambda answer: int(answer["PasswordPolicy"].get("PasswordReusePrevention", 0))),
        console_users=users,
    )


def _access(capture: Capture, summary: Capture, line: Line) -> ConsoleAccess:
    root = line["user"] == ROOT
    name = "root" if root else line["user"]
    return ConsoleAccess(
        key=line["arn"],
        subject=Subject("aws", capture.target.account, GLOBAL, "user", line["arn"], name),
        sources=sources(capture, *([summary] if root else [])),
        user=name,
        root=root,
        password=summary.read(_root_password) if root else said(line, "password_enabled"),
        mfa=said(line, "mfa_active"),
        password_last_used=time_of(line["password_last_used"]),
    )


def _root_password(answer: Record) -> bool:
    # Accounts whose root credentials the organisation removed have none; older answers do not tell, and then there is one.
    return bool(part(answer, "SummaryMap").get("AccountPasswordPresent", 1))


def _console_users(lines: tuple[Line, ...]) -> tuple[str, ...]:
    return tuple(sorted(line["user"] for line in lines if line["user"] != ROOT and said(line, "password_enabled")))


def _provider_names(answer: Record) -> tuple[str, ...]:
    return tuple(sorted(text(each, "Arn").partition("/")[2] for each in answer["SAMLProviderList"]))


def _center(captures: Captures, target: Target, providers: Any) -> Any:
    """Whether Identity Center serves the account: true where one sign is seen, a gap where none is and one could not be read."""
    if not isinstance(providers, Gap) and any(each.startswith(CENTER) for each in providers):
        return True
    lost: Any = providers if isinstance(providers, Gap) else None
    for capture in captures.expect("sso-admin:ListInstances", "aws"):
        if capture.target.account == target.account:
            found = listing(capture)
            if found.records:
                return True
            lost = lost or found.gap
    return lost or False


def _session(capture: Capture, record: Record) -> RoleSession:
    arn, name = text(record, "Arn"), text(record, "RoleName")
    return RoleSession(
        key=arn,
        subject=Subject("aws", capture.target.account, GLOBAL, "role", arn, name),
        sources=sources(capture),
        name=name,
        hours=int(record["MaxSessionDuration"]) / 3600,
    )
