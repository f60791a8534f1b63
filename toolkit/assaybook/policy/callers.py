"""What one principal of an Allow comes to once all conditions on the statement are taken into account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .compare import operator_of
from .denial import Clause, Remainder
from .document import ALLOW, Principal, Statement
from .keys import SOURCE_KEYS, narrowing
from .principals import Callers, callers_of
from .reach import Effect, Holder, Narrowing, Reach, narrows, never, nothing, ordered, undecided, widest
from .sources import needs_source

_VERBS = {
    Effect.NARROWS: "restricts to",
    Effect.NOTHING: "does not restrict:",
    Effect.UNDECIDED: "is undecided:",
    Effect.NEVER: "never holds:",
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one principal of the statement comes to; the fields are those of an Exposure."""

    principal: str
    reach: Reach
    constrained: bool = True
    confused: bool = False
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def judge(callers: Callers, left: Remainder, holder: Holder, needs: Mapping[str, tuple[str, ...]]) -> Part:
    """Who is left of the callers of one principal; `needs` maps services to the source keys they need."""
    required, forbidden = _presence(left.clauses)
    found = [_left_by(clause, callers, holder, required, forbidden) for clause in left.clauses]
    phrases = tuple(_phrase(clause, one) for clause, one in zip(left.clauses, found, strict=True))
    if any(one.effect is Effect.NEVER for one in found):
        return Part(callers.principal, Reach.NOBODY, phrases=phrases)
    narrowed = [one for one in found if one.effect is Effect.NARROWS]
    open_points = [one.why for one in found if one.effect is Effect.UNDECIDED]
    part = _narrowed(callers, narrowed)
    if part.reach in (Reach.SERVICE, Reach.OTHER_ACCOUNT) and part.services:
        part = _deputy(part, left, narrowed, needs)
    if open_points and ((part.reach is Reach.ANYONE and not narrowed) or part.confused):
        part = replace(part, reach=max(Reach.UNKNOWN, part.reach, key=_unless_public), confused=False)
    notes = [one.note for one in narrowed if one.note]
    if part.reach is Reach.UNKNOWN and callers.undecided:
        notes.insert(0, callers.undecided)
    if part.reach is Reach.UNKNOWN or (not narrowed and part.reach.rank > Reach.ORGANISATION.rank):
        notes += open_points
    return replace(part, phrases=phrases, undecided=tuple(dict.fromkeys(notes)))


def _unless_public(reach: Reach) -> int:
    """An open condition may yet keep strangers out, so it makes `anyone` unknown, but never another account ours."""
    return -1 if reach is Reach.ANYONE else reach.rank


def _narrowed(callers: Callers, narrowed: list[Narrowing]) -> Part:
    """All narrowings hold at once, so that the narrowest says who is left."""
    reach, accounts, services = callers.reach, callers.accounts, callers.services
    # A service that acts for us only acts for nobody else, whatever other account a further condition names.
    for_us = any(one.reach.rank <= Reach.ORGANISATION.rank for one in narrowed)
    # Principals of an account that a condition names are no services of AWS, so that both together leave no more than those principals.
    named = any(one.reach is Reach.OTHER_ACCOUNT and not one.keys & SOURCE_KEYS for one in narrowed)
    for one in narrowed:
        if callers.from_service and (for_us or one.reach is not Reach.OTHER_ACCOUNT):
            continue
        if one.reach is Reach.SERVICE and (named or callers.reach is not Reach.ANYONE):
            continue
        if one.reach.rank < reach.rank:
            reach, accounts, services = one.reach, one.foreign, one.services
        elif one.reach is Reach.OTHER_ACCOUNT and callers.from_service:
            reach, accounts = one.reach, ordered(set(accounts) & set(one.foreign)) or one.foreign
        elif one.reach is reach and one.foreign:
            accounts = ordered(set(accounts) & set(one.foreign)) or accounts
    constrained = bool(narrowed) or callers.constrained
    return Part(callers.principal, reach, constrained, accounts=accounts, services=services)


def _presence(clauses: tuple[Clause, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The keys (lower case) that a request must carry, and those that it must not carry, to pass all clauses."""
    required: set[str] = set()
    forbidden: set[str] = set()
    for clause in clauses:
        if len(clause.conditions) != 1 or clause.exempt:
            continue
        condition = clause.conditions[0]
        operator, key = operator_of(condition.operator), condition.key.lower()
        wanted = {value.lower() for value in condition.values}
        if operator is None:
            continue
        if operator.name == "null" and wanted == {"true"}:
            forbidden.add(key)
        elif operator.demands_key if operator.name != "null" else wanted == {"false"}:
            required.add(key)
    return frozenset(required), frozenset(forbidden)


def _left_by(
    clause: Clause, callers: Callers, holder: Holder, required: frozenset[str], forbidden: frozenset[str]
) -> Narrowing:
    if required & forbidden & {one.key.lower() for one in clause.conditions}:
        return never("the statement wants the key there and not there")
    parts = [narrowing(one, holder, from_service=callers.from_service, required=required) for one in clause.conditions]
    return widest(parts + [_exempted(principal, holder) for principal in clause.exempt])


def _exempted(principal: Principal, holder: Holder) -> Narrowing:
    """The principals that a Deny spares, read as what is left of the callers."""
    spared = callers_of(Statement(0, ALLOW, principals=(principal,)), holder)[0]
    if spared.undecided:
        return undecided(spared.undecided)
    if spared.reach is Reach.ANYONE:
        return nothing("it spares everyone")
    return narrows(spared.reach, spared.principal, *spared.accounts, services=spared.services)


def _phrase(clause: Clause, found: Narrowing) -> str:
    shown = [str(one) for one in clause.conditions] + [f"the caller is {one.name}" for one in clause.exempt]
    where = f"Deny {clause.source} unless {' or '.join(shown)}" if clause.source else " or ".join(shown)
    return f"{where} {_VERBS[found.effect]} {found.why}"


def _deputy(part: Part, left: Remainder, narrowed: list[Narrowing], needs: Mapping[str, tuple[str, ...]]) -> Part:
    """Add the source keys that the granted services lack, and whether a stranger can send one of them."""
    actions = left.statement.actions if left.statement else None
    if _only_assumes(actions):
        return part
    held = {key for one in narrowed for key in one.keys}
    wanted = {key for service in part.services for key in needs_source(service, needs)}
    missing = ordered(key for key in wanted if key.lower() not in held)
    named = any(_names_owner(one) for one in narrowed)
    return replace(part, missing=missing, confused=bool(missing) and not named)


def _names_owner(one: Narrowing) -> bool:
    """Whether the condition says for whom the service acts."""
    source = one.keys & SOURCE_KEYS or any(key.startswith("kms:encryptioncontext:") for key in one.keys)
    return bool(source) and one.reach is not Reach.SERVICE


def _only_assumes(actions: tuple[str, ...] | None) -> bool:
    """A role is handed to a service by iam:PassRole, which never leaves the account, so no stranger can send it."""
    return bool(actions) and all(action.lower().startswith("sts:") for action in actions or ())
