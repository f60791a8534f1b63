"""Which of the permissions that a plan needs the current credentials lack, asked of IAM's own policy simulator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3

from ..capture import OK, Capture
from ..plan import Call
from ..plan.permissions import permissions_of
from .answers import well_formed
from .aws import Account
from .collection import ask, known_as
from .engine import Engine
from .errors import CollectError
from .guard import read_only
from .plans import IDENTITY
from .redact import Redactor
from .scope import Limits

ROLE = Call("iam:GetRole", scope="global", why="the role's path, which the session's own name lacks")
SIMULATE = Call(
    "iam:SimulatePrincipalPolicy", items="EvaluationResults", scope="global", why="what the credentials may do"
)
ACTIONS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Lacking:
    """What to tell: lines for a person, whether nothing is lacking, and whether it could not be told."""

    lines: tuple[str, ...]
    complete: bool
    unknown: bool


def lacking(session: boto3.Session, calls: Iterable[Call]) -> Lacking:
    """Compare the permissions that the calls need with what the session's credentials may do. Raises CollectError if the credentials do not work."""
    actions = sorted({action for call in calls for action in permissions_of(call)})
    core = session._session
    with ExitStack() as stack:
        stack.enter_context(read_only(core, (IDENTITY, ROLE, SIMULATE)))
        stack.enter_context(well_formed(core))
        account = Account(core, Limits())
        stack.callback(account.close)
        engine = Engine((), Redactor(b"not kept"), lambda: datetime.now(UTC), Limits(seconds=300))
        who = ask(engine, account, IDENTITY)
        if who.state != OK:
            raise CollectError(
                f"sts:GetCallerIdentity: the credentials cannot be used ({who.code or who.reason}: {who.message})."
            )
        known_as(account, who)
        return _compared(engine, account, actions)


def _compared(engine: Engine, account: Account, actions: Sequence[str]) -> Lacking:
    if account.principal.endswith(":root"):
        line = f"{account.principal} may do all of it, and far more: use a role that has only the policy printed by `assaybook permissions aws`."
        return Lacking((line,), complete=True, unknown=False)
    source, problem = _policy_source(engine, account)
    if problem:
        return _cannot_tell(account, problem)
    decisions: dict[str, str] = {}
    for start in range(0, len(actions), ACTIONS_AT_ONCE):
        some = list(actions[start : start + ACTIONS_AT_ONCE])
        said = ask(engine, account, SIMULATE, {"PolicySourceArn": source, "ActionNames": some})
        if said.state != OK:
            return _cannot_tell(
                account, f"iam:SimulatePrincipalPolicy was not answered ({said.code or said.reason}: {said.message})"
            )
        decisions |= dict(_decisions(said))
    return _told(account, actions, decisions)


def _told(account: Account, actions: Sequence[str], decisions: Mapping[str, str]) -> Lacking:
    refused = [action for action in actions if decisions.get(action.lower(), "") not in ("allowed", "")]
    untold = [action for action in actions if action.lower() not in decisions]
    lines = [f"lacking {action} ({decisions[action.lower()]})" for action in refused]
    lines += [f"not known {action} (the simulator did not answer for it)" for action in untold]
    lines.append(
        f"{account.principal} has {len(actions) - len(refused) - len(untold)} of {len(actions)} permissions that the plan needs."
    )
    return Lacking(tuple(lines), complete=not refused and not untold, unknown=bool(untold) and not refused)


def _policy_source(engine: Engine, account: Account) -> tuple[str, str]:
    """The ARN that the simulator wants for who is asking, or why there is none."""
    parts = account.principal.split(":", 5)
    kind, _, rest = parts[5].partition("/")
    if kind == "user":
        return account.principal, ""
    if kind != "assumed-role":
        return "", f"credentials of the kind {kind} cannot be simulated"
    role = rest.partition("/")[0]
    found = ask(engine, account, ROLE, {"RoleName": role})
    arn = found.answer.get("Role", {}).get("Arn") if found.state == OK else None
    # Without permission to read the role, its ARN is guessed without a path; a wrong guess is refused by the simulator, not answered.
    return str(arn or f"arn:{account.partition}:iam::{account.id}:role/{role}"), ""


def _decisions(said: Capture) -> Iterator[tuple[str, str]]:
    results: Sequence[Mapping[str, Any]] = said.answer.get("EvaluationResults", ())
    for each in results:
        yield str(each.get("EvalActionName", "")).lower(), str(each.get("EvalDecision", ""))


def _cannot_tell(account: Account, problem: str) -> Lacking:
    lines = (
        f"It cannot be told what {account.principal} lacks: {problem}.",
        "Allow iam:SimulatePrincipalPolicy on it, or simply collect: each call that is denied is reported with the permission that it needs.",
    )
    return Lacking(lines, complete=False, unknown=True)
