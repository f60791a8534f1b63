"""Area C: people come through a federation, and with a second factor."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.federation import ConsoleAccess, PasswordPolicy, SignIn
from ..watched import Watched

MOST_NAMED = 4


@check("console-user-without-mfa", over=ConsoleAccess)
def console_user_without_mfa(user: ConsoleAccess, evidence: Watched) -> Verdict:
    """Whoever can sign in with a password needs a second factor too."""
    if not user.root and is_for_emergencies(user.user, evidence):
        return na(
            f"user {user.user} is declared for emergencies; that an alarm watches its use is for a person to confirm"
        )
    if user.mfa:
        last = user.password_last_used
        seen = f", and last signed in on {last:%Y-%m-%d}" if last else ""
        return ok(f"user {user.user} has a second factor{seen}")
    if not user.password:
        return ok("the root user has no password") if user.root else na(f"user {user.user} has no password")
    if user.root:
        return fail(
            f"the root user of {user.subject.account} has no second factor, so that a password opens everything",
            severity=Severity.CRITICAL,
        )
    return fail(f"user {user.user} signs in to the console with a password alone")


def is_for_emergencies(user: str, evidence: Watched) -> bool:
    """Whether a user is among the declared emergency users, of which there are no more than the set number."""
    declared = evidence.parameter("break_glass_users")
    return user in declared and len(declared) <= evidence.parameter("breakglass_max")


@check("people-outside-federation", over=SignIn)
def people_outside_federation(account: SignIn, evidence: Watched) -> Verdict:
    """People sign in through Identity Center or a federation, and not as users of the account."""
    outside = [each for each in account.console_users if not is_for_emergencies(each, evidence)]
    if outside:
        more = f" and {len(outside) - MOST_NAMED} more" if len(outside) > MOST_NAMED else ""
        named = ", ".join(outside[:MOST_NAMED]) + more
        whose = "user" if len(outside) == 1 else f"{len(outside)} users"
        return fail(
            f"account {account.account} lets {whose} with passwords of their own sign in ({named}), who stay when people leave"
        )
    if account.saml_providers or account.identity_center:
        how = "Identity Center" if account.identity_center else ", ".join(account.saml_providers)
        return ok(f"people come into account {account.account} through {how}")
    return review(
        f"account {account.account} has no console user, no SAML provider and no Identity Center; how people come in, somebody has to say"
    )


@check("password-policy-weak", over=PasswordPolicy)
def password_policy_weak(policy: PasswordPolicy, evidence: Watched) -> Verdict:
    """Passwords of console users are long and do not come again."""
    users = policy.console_users
    if not users:
        return na(f"no user of account {policy.account} has a password")
    if not policy.present:
        return fail(
            f"account {policy.account} has no password policy, so that its {_users(users)} may choose 8 characters and the same again",
            severity=Severity.MEDIUM,
        )
    shortest, kept = evidence.parameter("password_min_length"), evidence.parameter("password_history")
    short = (
        [f"{policy.min_length} characters are enough (at least {shortest} expected)"]
        if policy.min_length < shortest
        else []
    )
    again = (
        [f"{policy.history} earlier passwords are refused (at least {kept} expected)"] if policy.history < kept else []
    )
    if short or again:
        return fail(
            f"the password policy of account {policy.account} is weak for its {_users(users)}: {' and '.join([*short, *again])}",
            severity=Severity.MEDIUM,
        )
    return ok(
        f"passwords of account {policy.account} have at least {policy.min_length} characters, and {policy.history} earlier ones are refused"
    )


def _users(users: tuple[str, ...]) -> str:
    return "console user" if len(users) == 1 else f"{len(users)} console users"
