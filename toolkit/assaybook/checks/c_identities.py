"""Area C: identities end, other accounts that get in are known, sessions are short."""

from __future__ import annotations

import re
from datetime import datetime

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.reach import Reach
from ..tables.federation import RoleSession
from ..tables.identity import Principal
from ..tables.scope import Account
from ..watched import Watched
from .rights import is_named, privilege_of
from .role_trust import FUNCTIONS, assumers, external_id_demanded, people_in

_NAMES_ORGANISATION = re.compile(r":principalorg(?:id|paths)", re.IGNORECASE)


@check("role-trust-to-unlisted-account", over=Principal)
def role_trust_to_unlisted_account(role: Principal, evidence: Watched) -> Verdict:
    """Every other account that may assume a role is declared with its owner."""
    trust = role.trust
    if trust is None or role.service_linked:
        return na("only roles can be assumed" if trust is None else f"role {role.name} belongs to a service of AWS")
    account = role.subject.account
    organisation = evidence.one(Account, account).organisation if _NAMES_ORGANISATION.search(trust.text) else None
    found = people_in(trust.text, account, organisation or None)
    if any(each.public for each in found):
        return fail(
            f"anyone with an AWS account may assume role {role.name}",
            severity=Severity.CRITICAL,
            used=frozenset({"internet"}),
        )
    accounts = sorted({each for one in found for each in one.accounts})
    if not accounts:
        open_points = [each.because.rstrip(".") for each in found if each.reach in (Reach.UNKNOWN, Reach.ANYONE)]
        if open_points:
            return review(f"role {role.name}: {open_points[0]}")
        return na(f"no other account may assume role {role.name}")
    return _known(role, accounts, external_id_demanded(trust.text), evidence)


def _known(role: Principal, accounts: list[str], external: bool, evidence: Watched) -> Verdict:
    declared = evidence.parameter("trusted_accounts")
    strangers = [each for each in accounts if each not in (declared or ()) and not _belongs(each, role, evidence)]
    if strangers:
        named = ", ".join(strangers)
        plain = "" if external else " without an external id"
        if declared is None:
            return review(f"{named} may assume role {role.name}{plain}, and no list of trusted accounts is declared")
        return fail(f"{named} may assume role {role.name}{plain} and is not among the trusted accounts")
    owners = ", ".join(f"{each} ({(declared or {}).get(each) or 'of the own organisation'})" for each in accounts)
    outside = not external and any(each in (declared or ()) for each in accounts)
    note = (
        "; no external id is demanded, which keeps a third party from being used by its other customers"
        if outside
        else ""
    )
    return ok(f"{owners} may assume role {role.name}{note}")


def _belongs(account: str, role: Principal, evidence: Watched) -> bool:
    """Whether an account is assessed too, or manages the organisation of the role's own account."""
    if evidence.any(Account, lambda each: each.account == account) is not None:
        return True
    if role.where:
        # Which organisation a template's stack will belong to is not known; that the template names another account is.
        return False
    return evidence.one(Account, role.subject.account).management_account == account


@check("identity-unused", over=Principal)
def identity_unused(identity: Principal, evidence: Watched) -> Verdict:
    """A role or user that nobody has used for the set time is gone."""
    excused = _excused(identity, evidence)
    if excused:
        return na(excused)
    if _for_functions_alone(identity) and not identity.workloads:
        return na(f"role {identity.name} is for functions and runs none, which control G2-05 looks at")
    longest = evidence.parameter("unused_days")
    idle = _idle(identity, longest, evidence.as_of)
    if not idle:
        return _fresh(identity, longest, evidence.as_of)
    privilege = privilege_of(identity)
    return fail(
        f"{identity.kind} {identity.name} {idle}, and keeps its rights" + (f": {privilege}" if privilege else ""),
        severity=Severity.MEDIUM if privilege else None,
    )


@check("role-without-workload", over=Principal)
def role_without_workload(role: Principal, evidence: Watched) -> Verdict:
    """A role for functions runs a function."""
    if role.kind != "role" or role.service_linked:
        return na(f"{role.kind} {role.name} is no role for workloads")
    if role.workloads:
        count = len(role.workloads)
        return ok(f"role {role.name} runs {count} function{'s' if count > 1 else ''}")
    if not _for_functions_alone(role):
        return na(f"role {role.name} is not for functions alone; whether it is used, control C2-06 looks at")
    excused = _excused(role, evidence)
    if excused:
        return na(excused)
    longest = evidence.parameter("unused_days")
    idle = _idle(role, longest, evidence.as_of)
    if not idle:
        return _fresh(role, longest, evidence.as_of)
    privilege = privilege_of(role)
    return fail(
        f"no function of the assessed regions runs under role {role.name}, which {idle}; whoever may pass it to a new "
        "function gets its rights" + (f" ({privilege})" if privilege else ""),
        severity=Severity.MEDIUM if privilege else None,
    )


def _excused(identity: Principal, evidence: Watched) -> str:
    """Why an identity need not be in use; empty if it has to be."""
    if identity.service_linked:
        return f"role {identity.name} belongs to a service of AWS, which alone can delete it"
    if is_named(identity, evidence.parameter("break_glass_users")):
        return f"{identity.kind} {identity.name} is declared for emergencies"
    if is_named(identity, evidence.parameter("incident_response_roles") or ()):
        return f"{identity.kind} {identity.name} is declared for incident response"
    return ""


def _for_functions_alone(identity: Principal) -> bool:
    trust = identity.trust
    if trust is None:
        return False
    found = assumers(trust.text, identity.subject.account)
    return bool(found.services) and set(found.services) <= FUNCTIONS and not found.others and not found.undecided


def _idle(identity: Principal, longest: int, as_of: datetime) -> str:
    """What to say of an identity that has not been used for too long; empty if it was used, or is too young to tell."""
    created, last = identity.created, identity.last_used
    if created is not None and (as_of - created).days <= longest:
        return ""
    if last is None:
        return "was never used within the 400 days that AWS tracks" if identity.kind == "role" else "was never used"
    days = (as_of - last).days
    return f"was last used {days} days ago, more than {longest}" if days > longest else ""


def _fresh(identity: Principal, longest: int, as_of: datetime) -> Verdict:
    created, last = identity.created, identity.last_used
    if last is not None and (as_of - last).days <= longest:
        return ok(f"{identity.kind} {identity.name} was last used {(as_of - last).days} days ago, at most {longest}")
    age = (as_of - created).days if created is not None else 0
    return na(f"{identity.kind} {identity.name} is {age} days old, too young to count as unused")


@check("privileged-session-too-long", over=Principal)
def privileged_session_too_long(role: Principal, evidence: Watched) -> Verdict:
    """A session of an administrative role is no longer than the set time."""
    trust = role.trust
    if trust is None or role.service_linked:
        return na(f"{role.kind} {role.name} gives no sessions to people")
    found = assumers(trust.text, role.subject.account)
    if found.services and not found.others:
        return na(f"only services assume role {role.name}")
    if not privilege_of(role):
        return na(f"role {role.name} is not administrative")
    longest, hours = evidence.parameter("session_max_hours"), evidence.one(RoleSession, role.key).hours
    if hours > longest:
        return fail(
            f"a session of the administrative role {role.name} may be {_hours(hours)} long, more than {longest}"
        )
    return ok(f"a session of the administrative role {role.name} is at most {_hours(hours)} long")


def _hours(hours: float) -> str:
    return "1 hour" if hours == 1 else f"{hours:g} hours"
