"""What a principal may do on which resources, statement by statement, after all that limits it.

Answers how far a role reaches into data, what is lost with it, and what a policy would have to name that grants no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .condition import evaluate_all
from .document import ALLOW, Condition, Statement
from .identity import Permissions
from .layers import Layer, Rule
from .match import action_matches, covers, matches, overlaps
from .meet import meet
from .request import NOTHING_KNOWN, RequestContext, substitute
from .statement import lowered, names_action
from .truth import Truth


@dataclass(frozen=True, slots=True)
class Extent:
    """What one statement gives of the actions that were asked about, cut to what boundary, organisation and Denies leave.

    `written` are the action patterns of the statement that name them, as they stand there. `resources` are patterns; `spared`
    are patterns within them that are not reached, from NotResource and from Denies. `conditions` are those of the statement and
    of the limits that may keep requests out, each as a person reads it; `certain` says whether they are known to hold.
    `own_conditions` are the statement's own.
    """

    statement: str
    actions: tuple[str, ...]
    written: tuple[str, ...]
    resources: tuple[str, ...]
    spared: tuple[str, ...]
    conditions: tuple[str, ...]
    own_conditions: tuple[Condition, ...]
    certain: Truth


@dataclass(frozen=True, slots=True)
class _Reach:
    """What is left of one action of one statement."""

    resources: tuple[str, ...]
    spared: tuple[str, ...]
    conditions: tuple[str, ...]
    certain: Truth


def extent(held: Permissions, actions: Iterable[str], context: RequestContext = NOTHING_KNOWN) -> tuple[Extent, ...]:
    """One Extent for each statement of the principal's own policies and each set of resources that some of the actions reach.

    `actions` are plain names without wildcards; statements that reach nothing with them are left out.
    """
    wanted = frozenset(actions)
    found: list[Extent] = []
    own, limits = held.layers[0], held.layers[1:]
    for rule in own.rules:
        by_reach: defaultdict[_Reach, list[str]] = defaultdict(list)
        for action in _asked(rule.statement, wanted) if rule.statement.effect == ALLOW else ():
            reach = _left(rule, action, held, limits, context)
            if reach is not None and reach.resources:
                by_reach[reach].append(action)
        for reach, names in by_reach.items():
            found.append(
                Extent(
                    rule.name,
                    tuple(names),
                    _written(rule.statement, names),
                    reach.resources,
                    reach.spared,
                    reach.conditions,
                    rule.statement.conditions,
                    reach.certain,
                )
            )
    return tuple(found)


@lru_cache(maxsize=4096)
def _asked(statement: Statement, wanted: frozenset[str]) -> tuple[str, ...]:
    """Those of the actions that the statement names, by name."""
    if statement.actions is None:
        return tuple(sorted(action for action in wanted if names_action(statement, action)))
    plain = _by_lower_case(wanted)
    found: set[str] = set()
    for pattern in lowered(statement.actions):
        found.update({plain[pattern]} if pattern in plain else set())
        if "*" in pattern or "?" in pattern:
            found.update(action for name, action in plain.items() if matches(pattern, name))
    return tuple(sorted(found))


@lru_cache(maxsize=64)
def _by_lower_case(actions: frozenset[str]) -> dict[str, str]:
    return {action.lower(): action for action in actions}


def _written(statement: Statement, actions: Iterable[str]) -> tuple[str, ...]:
    if statement.actions is None:
        return (f"all but {', '.join(statement.not_actions or ())}",)
    return tuple(one for one in statement.actions if any(action_matches(one, action) for action in actions))


def _left(
    rule: Rule, action: str, held: Permissions, limits: tuple[Layer, ...], context: RequestContext
) -> _Reach | None:
    reach = _given(rule.statement, context)
    for layer in limits:
        if reach is None:
            return None
        offers = [given for one in layer.speaking(action).allows if (given := _given(one.statement, context))]
        reach = _within(reach, offers)
    for layer in held.layers:
        for deny in layer.speaking(action).denies:
            if reach is None:
                return None
            reach = _after(reach, deny, context)
    return reach


def _given(statement: Statement, context: RequestContext) -> _Reach | None:
    certain = evaluate_all(statement.conditions, context, variables=statement.variables)
    if certain is Truth.FALSE:
        return None
    said = tuple(str(one) for one in statement.conditions) if certain is Truth.UNKNOWN else ()
    named = _filled(statement.resources or ("*",), statement, context)
    return _Reach(named, _filled(statement.not_resources or (), statement, context), said, certain)


def _filled(patterns: tuple[str, ...], statement: Statement, context: RequestContext) -> tuple[str, ...]:
    """The patterns with their variables; one whose value is not known stays as it is written, since it names one thing."""
    if not statement.variables:
        return patterns
    found = [(one, substitute(one, context)) for one in patterns]
    return tuple(filled[0] if filled[1] else one for one, filled in found if filled is not None)


def _within(reach: _Reach, offers: list[_Reach]) -> _Reach | None:
    """What a limiting layer leaves: each resource met with those that the layer offers, the surest offers first."""
    left: list[str] = []
    spared, conditions, certain = list(reach.spared), list(reach.conditions), reach.certain
    for one in reach.resources:
        for offer in sorted(offers, key=lambda each: each.certain is not Truth.TRUE):
            if any(covers(kept, one) for kept in left):
                break
            met = [shared for pattern in offer.resources if (shared := meet(one, pattern)) is not None]
            if met:
                left += met
                spared += offer.spared
                conditions += offer.conditions
                certain = certain if offer.certain is Truth.TRUE else Truth.UNKNOWN
    if not left:
        return None
    return _Reach(_once(left), _once(spared), _once(conditions), certain)


def _after(reach: _Reach, deny: Rule, context: RequestContext) -> _Reach | None:
    """What a Deny leaves: a sure one takes away what it covers, one that hangs on a condition is told as a condition."""
    statement = deny.statement
    holds = evaluate_all(statement.conditions, context, variables=statement.variables)
    if holds is Truth.FALSE:
        return reach
    if holds is Truth.UNKNOWN:
        lines = " and ".join(str(one) for one in statement.conditions)
        return _Reach(reach.resources, reach.spared, _once([*reach.conditions, f"not {lines}"]), Truth.UNKNOWN)
    if statement.not_resources is not None:
        kept = [
            shared
            for one in reach.resources
            for but in statement.not_resources
            if (shared := meet(one, but)) is not None
        ]
        return _Reach(_once(kept), reach.spared, reach.conditions, reach.certain) if kept else None
    denied = statement.resources or ()
    left = [one for one in reach.resources if not any(covers(wide, one) for wide in denied)]
    parts = [wide for wide in denied if any(overlaps(wide, one) for one in left)]
    return _Reach(tuple(left), _once([*reach.spared, *parts]), reach.conditions, reach.certain) if left else None


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
