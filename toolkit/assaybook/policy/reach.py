"""The words for who may reach a resource, and how one condition narrows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Reach(StrEnum):
    """Who is left when all is said; from nobody to anyone, `rank` orders them."""

    NOBODY = "nobody"
    OWN_ACCOUNT = "own_account"
    ORGANISATION = "organisation"
    SERVICE = "service"
    UNKNOWN = "unknown"
    OTHER_ACCOUNT = "other_account"
    ANYONE = "anyone"

    @property
    def rank(self) -> int:
        """0 for nobody up to 6 for anyone; what is unknown ranks above what is known to be ours."""
        return _RANKS[self]


_RANKS = {reach: rank for rank, reach in enumerate(Reach)}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who owns the resource: account id, and organisation id if it is known."""

    account: str
    organisation: str | None = None


class Effect(StrEnum):
    """What a condition does to the callers that the principal lets in."""

    NOTHING = "nothing"
    UNDECIDED = "undecided"
    NARROWS = "narrows"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What one condition (or one value of it) leaves of the callers.

    `reach` says who is left if it narrows (anyone: from a limited origin), `foreign` the account and organisation
    ids among them that are not the holder's, `keys` the condition keys in lower case, `why` a short phrase.
    """

    effect: Effect
    why: str
    reach: Reach = Reach.ANYONE
    foreign: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    note: str = ""


def nothing(why: str) -> Narrowing:
    """The condition keeps nobody out."""
    return Narrowing(Effect.NOTHING, why)


def undecided(why: str) -> Narrowing:
    """Whether the condition keeps anybody out cannot be told."""
    return Narrowing(Effect.UNDECIDED, why)


def never(why: str) -> Narrowing:
    """The condition never holds."""
    return Narrowing(Effect.NEVER, why)


def narrows(reach: Reach, why: str, *foreign: str, services: tuple[str, ...] = ()) -> Narrowing:
    """The condition leaves these callers only."""
    return Narrowing(Effect.NARROWS, why, reach, foreign, services)


_WIDEST_FIRST = (Effect.NOTHING, Effect.UNDECIDED)


def widest(parts: Sequence[Narrowing]) -> Narrowing:
    """What alternatives (values of a condition, or conditions joined by OR) leave together: the widest decides."""
    for effect in _WIDEST_FIRST:
        for part in parts:
            if part.effect is effect:
                return part
    live = [part for part in parts if part.effect is Effect.NARROWS]
    if not live:
        return parts[0] if parts else never("no value is given, so nothing matches")
    if len(live) == 1:
        return live[0]
    keys = frozenset.intersection(*(part.keys for part in live))
    return replace(
        max(live, key=lambda part: part.reach.rank),
        foreign=ordered(one for part in live for one in part.foreign),
        services=ordered(one for part in live for one in part.services),
        keys=keys,
        why=" or ".join(dict.fromkeys(part.why for part in live)),
        note="; ".join(dict.fromkeys(part.note for part in live if part.note)),
    )


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Sorted, each once."""
    return tuple(sorted(set(names)))
