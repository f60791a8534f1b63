"""Who may reach a resource, judged from its own policy: anyone, services, other accounts, or only its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .callers import Part, judge
from .denial import Clause, Remainder, remainder
from .document import ALLOW, Policy, Statement, parse_policy
from .principals import callers_of
from .reach import Holder, Reach, ordered
from .sources import DEFAULT_NEEDS


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who may reach the resource through one Allow statement, once conditions and Denies are taken off.

    `constrained`: something narrows the callers beyond the principal. `confused_deputy`: strangers can send a
    granted service in their stead. `accounts`: ids of foreign accounts and organisations that get in, `unlisted`
    those of them that are not trusted. `missing`: source keys that a granted service lacks. `conditions`: each
    condition with what it does. `undecided`: what the answer still hangs on.
    """

    reach: Reach
    constrained: bool
    confused_deputy: bool
    accounts: tuple[str, ...]
    services: tuple[str, ...]
    actions: tuple[str, ...]
    conditions: tuple[str, ...]
    undecided: tuple[str, ...]
    because: str
    unlisted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    statement: str = ""
    resources: tuple[str, ...] = ()

    @property
    def public(self) -> bool:
        """Whether anyone at all gets in."""
        return self.reach is Reach.ANYONE and not self.constrained


Needs = Mapping[str, tuple[str, ...]]


def exposure(
    statement: Statement,
    *,
    own_account: str,
    own_organisation: str | None = None,
    trusted: frozenset[str] = frozenset(),
    needs: Needs = DEFAULT_NEEDS,
) -> Exposure:
    """Who may reach the resource through this one Allow statement, leaving Denies aside.

    `own_account` and `own_organisation` are the holder's ids; `trusted` holds account and organisation ids that
    are known; `needs` maps service principals to the source keys they need. A Deny statement lets nobody in.
    """
    holder = Holder(own_account, own_organisation)
    if statement.effect != ALLOW:
        return _nobody(statement, f"{statement.label} is a Deny")
    left = Remainder(statement, tuple(Clause((one,)) for one in statement.conditions), ())
    return _judge(statement, left, holder, trusted, needs)


def resource_policy(
    document: str | Mapping[str, Any] | Policy,
    *,
    own_account: str,
    own_organisation: str | None = None,
    trusted: frozenset[str] = frozenset(),
    needs: Needs = DEFAULT_NEEDS,
) -> tuple[Exposure, ...]:
    """Who may reach the resource through each Allow statement of its policy, after the Deny statements.

    One Exposure for each Allow, in the order of the policy. Raises PolicyError if the document is malformed.
    """
    policy = document if isinstance(document, Policy) else parse_policy(document)
    holder = Holder(own_account, own_organisation)
    return tuple(
        _judge(one, remainder(one, policy.statements), holder, trusted, needs)
        for one in policy.statements
        if one.effect == ALLOW
    )


def _judge(allow: Statement, left: Remainder, holder: Holder, trusted: frozenset[str], needs: Needs) -> Exposure:
    if left.statement is None:
        return _nobody(allow, f"{allow.label} is {left.remarks[0]}")
    callers = callers_of(left.statement, holder)
    if not callers:
        return _nobody(allow, f"{allow.label} names no principal")
    parts = [judge(one, left, holder, needs) for one in callers]
    reach = max((part.reach for part in parts), key=lambda one: one.rank)
    accounts = ordered(account for part in parts for account in part.accounts)
    unknown_elements = (f"the element {name} is not known" for name in allow.unknown_elements)
    return Exposure(
        reach=reach,
        constrained=all(part.constrained for part in parts if part.reach is reach),
        confused_deputy=any(part.confused for part in parts),
        accounts=accounts,
        services=ordered(service for part in parts for service in part.services),
        actions=_names(left.statement.actions, left.statement.not_actions),
        conditions=tuple(dict.fromkeys([one for part in parts for one in part.phrases] + list(left.remarks))),
        undecided=tuple(dict.fromkeys([*(one for part in parts for one in part.undecided), *unknown_elements])),
        because=_sentence(allow, next(part for part in parts if part.reach is reach), parts),
        unlisted=tuple(account for account in accounts if account not in trusted),
        missing=ordered(key for part in parts for key in part.missing),
        statement=allow.label,
        resources=_names(left.statement.resources, left.statement.not_resources),
    )


def _nobody(statement: Statement, because: str) -> Exposure:
    return Exposure(
        Reach.NOBODY,
        constrained=True,
        confused_deputy=False,
        accounts=(),
        services=(),
        actions=_names(statement.actions, statement.not_actions),
        conditions=(),
        undecided=(),
        because=f"Nobody gets in: {because}.",
        statement=statement.label,
        resources=_names(statement.resources, statement.not_resources),
    )


def _names(named: tuple[str, ...] | None, spared: tuple[str, ...] | None) -> tuple[str, ...]:
    if named is not None:
        return named
    return (f"all but {', '.join(spared)}",) if spared is not None else ()


_WORDS = {
    Reach.NOBODY: "Nobody gets in",
    Reach.OWN_ACCOUNT: "Only its own account gets in",
    Reach.ORGANISATION: "Only its organisation gets in",
    Reach.SERVICE: "An AWS service gets in",
    Reach.UNKNOWN: "Who gets in cannot be told",
    Reach.OTHER_ACCOUNT: "Another account gets in",
    Reach.ANYONE: "Anyone gets in",
}


def _sentence(allow: Statement, part: Part, parts: list[Part]) -> str:
    words = _WORDS[part.reach]
    if part.reach is Reach.ANYONE and part.constrained:
        words = "Anyone from a limited origin gets in"
    who = part.principal
    names = f" ({', '.join(part.accounts)})" if part.accounts else ""
    stranger = next((one for one in parts if one.confused), None)
    tail = (
        f"; strangers can send {', '.join(stranger.services) or stranger.principal}, since {' and '.join(stranger.missing)} is missing"
        if stranger
        else ""
    )
    open_points = f"; undecided: {part.undecided[0]}" if part.undecided else ""
    return f"{words}{names}: {allow.label} allows {who}{tail}{open_points}."
