"""Grants that are too broad by their form: everything, nearly everything, or the whole of a service.

Judged is what is left after Deny statements, boundary, session policies and service control policies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from .condition import evaluate_all
from .document import ALLOW, DENY, Statement
from .identity import Layer, Permissions, Rule
from .match import action_covers, covers
from .request import NOTHING_KNOWN
from .truth import Truth, every


class Breadth(StrEnum):
    """How much a grant holds: every action, all but some, or every action of one service."""

    ADMIN = "admin"
    NEAR_ADMIN = "near_admin"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class BroadGrant:
    """One grant on all resources and the statement that gives it.

    `service` is the prefix of the service's actions, empty for the other kinds; `spared` names actions that are not
    held; `certain` is unknown where conditions decide whether the grant holds, and `conditions` names them.
    """

    breadth: Breadth
    service: str
    statement: str
    certain: Truth
    conditions: tuple[str, ...]
    spared: tuple[str, ...]

    @property
    def because(self) -> str:
        """One sentence for a report."""
        what = {Breadth.ADMIN: "every action", Breadth.NEAR_ADMIN: "nearly every action"}.get(
            self.breadth, f"every action of {self.service}"
        )
        but = f", all but {', '.join(self.spared)}" if self.spared else ""
        given = f", if {' and '.join(self.conditions)}" if self.conditions else ""
        return f"{self.statement} allows {what} on every resource{but}{given}."


def broad_grants(held: Permissions) -> tuple[BroadGrant, ...]:
    """The broad grants of a principal, broadest first; the first layer's statements are the ones that are named.

    `svc:*` counts on `*` and on a pattern for all of the service's resources. An Allow with NotAction on all resources
    holds nearly everything, whatever it names, unless it names everything.
    """
    own, limits = held.layers[0], held.layers[1:]
    grants = [grant for rule in own.rules for grant in _given(rule)]
    for layer in limits:
        offers = [offer for rule in layer.rules for offer in _given(rule)]
        grants = [left for grant in grants for left in _within(grant, offers)]
    for layer in held.layers:
        for statement in _denials(layer):
            grants = [left for grant in grants for left in _after(grant, statement)]
    order = list(Breadth)
    return tuple(
        sorted(set(grants), key=lambda one: (order.index(one.breadth), one.service, one.statement, one.spared))
    )


def _given(rule: Rule) -> list[BroadGrant]:
    """The broad grants that one statement gives if nothing else is said."""
    statement = rule.statement
    if statement.effect != ALLOW:
        return []
    certain = evaluate_all(statement.conditions, NOTHING_KNOWN, variables=statement.variables)
    if certain is Truth.FALSE:
        return []
    shown = tuple(str(one) for one in statement.conditions) if certain is Truth.UNKNOWN else ()
    grant = BroadGrant(Breadth.SERVICE, "", rule.name, certain, shown, tuple(statement.not_resources or ()))
    if statement.not_actions is not None:
        return _all_but(grant, statement)
    if any(_whole(action) for action in statement.actions or ()):
        kind = Breadth.NEAR_ADMIN if grant.spared else Breadth.ADMIN
        return [replace(grant, breadth=kind)] if _every_resource(statement, "") else []
    services = sorted({_service(action) for action in statement.actions or ()} - {""})
    return [replace(grant, service=one) for one in services if _every_resource(statement, one)]


def _all_but(grant: BroadGrant, statement: Statement) -> list[BroadGrant]:
    spared = statement.not_actions or ()
    if any(_whole(action) for action in spared) or not _every_resource(statement, ""):
        return []
    kind = Breadth.NEAR_ADMIN if spared or grant.spared else Breadth.ADMIN
    return [replace(grant, breadth=kind, spared=(*spared, *grant.spared))]


def _whole(action: str) -> bool:
    return covers(action, "?*:?*")


def _service(action: str) -> str:
    """The service prefix of a pattern for all of a service's actions, else empty."""
    prefix, colon, name = action.lower().partition(":")
    return prefix if colon and prefix and "*" not in prefix and covers(name, "?*") else ""


def _every_resource(statement: Statement, service: str) -> bool:
    """Whether the statement is for all resources, or for all of the service's; NotResource spares only what it names."""
    if statement.not_resources is not None:
        return not any(covers(one, "arn:aws:*") for one in statement.not_resources)
    wanted = ["arn:aws:*"]
    if service:
        wanted.append("arn:aws:s3:::*" if service == "s3" else f"arn:aws:{service}:*:*:*")
    return any(covers(one, whole) for one in statement.resources or () for whole in wanted)


def _within(grant: BroadGrant, offers: Iterable[BroadGrant]) -> list[BroadGrant]:
    """What a limiting layer leaves of a grant: the layer's own broad offers, cut to the grant."""
    offers = sorted(offers, key=lambda one: (list(Breadth).index(one.breadth), one.certain is not Truth.TRUE))
    if grant.breadth is Breadth.SERVICE:
        fitting = [one for one in offers if _offers_service(one, grant.service)]
        return [_joined(grant, fitting[0])] if fitting else []
    if offers and offers[0].breadth is not Breadth.SERVICE:
        return [_joined(grant, offers[0])]
    return [
        replace(_joined(grant, offer), breadth=Breadth.SERVICE, service=offer.service, spared=offer.spared)
        for offer in offers
        if not any(action_covers(spared, f"{offer.service}:?*") for spared in grant.spared)
    ]


def _offers_service(offer: BroadGrant, service: str) -> bool:
    if offer.breadth is Breadth.SERVICE:
        return offer.service == service
    return not any(action_covers(spared, f"{service}:?*") for spared in offer.spared)


def _joined(grant: BroadGrant, limit: BroadGrant) -> BroadGrant:
    spared = grant.spared if grant.breadth is Breadth.SERVICE else (*grant.spared, *limit.spared)
    near = grant.breadth is Breadth.ADMIN and limit.breadth is Breadth.NEAR_ADMIN
    return replace(
        grant,
        breadth=Breadth.NEAR_ADMIN if near else grant.breadth,
        spared=tuple(dict.fromkeys(spared)),
        certain=every((grant.certain, limit.certain)),
        conditions=tuple(dict.fromkeys((*grant.conditions, *limit.conditions))),
    )


def _denials(layer: Layer) -> Iterable[Statement]:
    """The Deny statements that hold for all resources and all requests; others leave a broad grant broad."""
    for rule in layer.rules:
        one = rule.statement
        if (
            one.effect == DENY
            and one.resources is not None
            and any(covers(name, "arn:aws:*") for name in one.resources)
        ):
            holds = evaluate_all(one.conditions, NOTHING_KNOWN, variables=one.variables)
            if holds is Truth.TRUE:
                yield one


def _after(grant: BroadGrant, deny: Statement) -> list[BroadGrant]:
    if deny.not_actions is not None:
        return _only(grant, deny.not_actions)
    denied = deny.actions or ()
    if grant.breadth is Breadth.SERVICE:
        return [] if any(action_covers(one, f"{grant.service}:?*") for one in denied) else [grant]
    if any(_whole(one) for one in denied):
        return []
    return [replace(grant, breadth=Breadth.NEAR_ADMIN, spared=tuple(dict.fromkeys((*grant.spared, *denied))))]


def _only(grant: BroadGrant, kept: tuple[str, ...]) -> list[BroadGrant]:
    """A Deny with NotAction leaves only what it names."""
    if any(_whole(one) for one in kept):
        return [grant]
    services = {_service(one) for one in kept} - {""}
    if grant.breadth is Breadth.SERVICE:
        return [grant] if grant.service in services else []
    return [
        replace(grant, breadth=Breadth.SERVICE, service=service, spared=())
        for service in sorted(services)
        if not any(action_covers(spared, f"{service}:?*") for spared in grant.spared)
    ]
