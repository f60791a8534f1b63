"""Area C: users of an account hold no rights of an administrator, and theirs come through groups."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok
from ..tables.identity import KeyHolder, Principal
from ..watched import Watched
from .c_sign_in import is_for_emergencies
from .rights import privilege_of, unread_limits

MOST_NAMED = 4


@check("administrator-outside-federation", over=Principal)
def administrator_outside_federation(user: Principal, evidence: Watched) -> Verdict:
    """No user of the account administers it with a password or an access key of its own."""
    if user.kind != "user":
        return na(f"role {user.name} has neither password nor access key")
    if is_for_emergencies(user.name, evidence):
        return na(f"user {user.name} is declared for emergencies")
    privilege = privilege_of(user)
    if not privilege:
        return ok(f"user {user.name} holds no rights of an administrator")
    keys = evidence.one(KeyHolder, user.key).active_keys
    ways = ["a password"] if user.console else []
    ways += ["an active access key" if keys == 1 else f"{keys} active access keys"] if keys else []
    if not ways:
        return ok(
            f"user {user.name} is as good as an administrator ({privilege}), and has no password and no active key"
        )
    return fail(
        f"user {user.name} is as good as an administrator ({privilege}) and has {' and '.join(ways)} of its own; whoever gets hold of that has the account "
        f"until somebody notices, since nothing expires{unread_limits([user])}"
    )


@check("policy-attached-to-user", over=Principal)
def policy_attached_to_user(user: Principal, evidence: Watched) -> Verdict:
    """The rights of users come through groups, where a review sees them together."""
    if user.kind != "user":
        return na(f"role {user.name} is no user")
    if is_for_emergencies(user.name, evidence):
        return na(f"user {user.name} is declared for emergencies")
    own = [each.name for each in user.policies if not each.group]
    if not own:
        through = f"through {', '.join(user.groups)} only" if user.groups else "no rights"
        return ok(f"user {user.name} has {'rights ' if user.groups else ''}{through}")
    more = f" and {len(own) - MOST_NAMED} more" if len(own) > MOST_NAMED else ""
    return fail(
        f"user {user.name} has rights of its own and not through a group ({', '.join(own[:MOST_NAMED])}{more}), which a review of groups and roles misses",
        severity=Severity.LOW,
    )
