"""Whether one principal holds rights that another does not, and whether it is as good as an administrator."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from .actions import action as known_action
from .actions import matching
from .breadth import Breadth, broad_grants
from .document import ALLOW, Statement
from .identity import Permissions
from .layers import Layer, LayerKind, Rule
from .meet import witness
from .truth import Truth

# Telemetry and the network plumbing of functions lead nowhere, whoever gains them.
_HARMLESS = frozenset({"logs", "xray", "cloudwatch", "synthetics"})
_HARMLESS_WORDS = ("networkinterface", "getcalleridentity")
_COUNTED = frozenset({"Read", "Write", "Permissions management"})


class Gain(IntEnum):
    """What a principal would win by acting as another."""

    NOTHING = 0
    MORE = 1
    ADMINISTRATOR = 2


@lru_cache(maxsize=8192)
def holds_everything(held: Permissions) -> bool:
    """Whether the principal may do everything, or nearly everything, on every resource."""
    return any(grant.certain is Truth.TRUE and grant.breadth is not Breadth.SERVICE for grant in broad_grants(held))


@lru_cache(maxsize=8192)
def administers(held: Permissions) -> bool:
    """Whether the principal is as good as an administrator: it holds everything, or every action on identities."""
    return holds_everything(held) or any(
        grant.certain is Truth.TRUE and grant.service == "iam" for grant in broad_grants(held)
    )


def gain(own: Permissions, other: Permissions) -> Gain:
    """What who holds `own` wins by acting with `other`: nothing if each counted action of `other` is held as surely already.

    Counted are actions that read, write or change permissions; listing, tagging, telemetry and network interfaces are not.
    One witness is taken out of each pattern of resources, so that patterns are compared and not only texts. A right that hangs
    on a condition is less than one that does not, and more than none.
    """
    if holds_everything(own):
        return Gain.NOTHING
    if administers(other) and not administers(own):
        return Gain.ADMINISTRATOR
    if holds_everything(other):
        return Gain.ADMINISTRATOR
    for name, resource in _reached(other):
        surely = _SURENESS[other.allows(name, resource).granted]
        if surely > _SURENESS[own.allows(name, resource).granted]:
            return Gain.MORE
    return Gain.NOTHING


_SURENESS = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}


@lru_cache(maxsize=8192)
def anything(held: Permissions) -> Permissions:
    """What the principal could do if its own policies said everything."""
    return Permissions((_EVERYTHING, *held.layers[1:]))


@lru_cache(maxsize=8192)
def newcomer(held: Permissions) -> Permissions:
    """What a new principal of the same account could do with a policy of choice: the organisation alone limits it."""
    limits = [layer for layer in held.layers if layer.kind is LayerKind.ORGANISATION]
    return Permissions((_EVERYTHING, *limits))


@lru_cache(maxsize=8192)
def unbound(held: Permissions) -> Permissions:
    """What the principal could do without its permissions boundary."""
    return Permissions(tuple(layer for layer in held.layers if layer.kind is not LayerKind.BOUNDARY))


_CHOSEN = Rule("a policy of its choice", Statement(0, ALLOW, actions=("*",), resources=("*",)))
_EVERYTHING = Layer(_CHOSEN.name, (_CHOSEN,))


@lru_cache(maxsize=8192)
def _reached(held: Permissions) -> tuple[tuple[str, str], ...]:
    """Actions and resources to try: those that the statements of the narrowest layer name."""
    layer = min(held.layers, key=lambda one: sum(_breadth(rule.statement) for rule in one.rules))
    found: dict[tuple[str, str], None] = {}
    for rule in layer.rules:
        statement = rule.statement
        if statement.effect != ALLOW:
            continue
        resources = [witness(pattern) for pattern in statement.resources or ("*",)]
        for pattern in statement.actions if statement.actions is not None else ("*",):
            for name in _counted(pattern):
                found.update({(name, resource): None for resource in resources})
    return tuple(found)


def _breadth(statement: Statement) -> int:
    """How many actions a statement names, roughly; what it does not name it leaves to thousands."""
    if statement.effect != ALLOW:
        return 0
    if statement.actions is None:
        return 100_000
    return sum(len(matching(pattern)) or 1 for pattern in statement.actions)


def _counted(pattern: str) -> list[str]:
    if "*" not in pattern and "?" not in pattern:
        found = known_action(pattern)
        counts = found is None or found.level in _COUNTED
        return [pattern] if counts and not _harmless(pattern) else []
    return [each.name for each in matching(pattern) if each.level in _COUNTED and not _harmless(each.name)]


def _harmless(name: str) -> bool:
    service, _, verb = name.lower().partition(":")
    return service in _HARMLESS or any(word in verb for word in _HARMLESS_WORDS)
