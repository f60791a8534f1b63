"""Whether a principal may do something to at least one of many resources, such as any function that it could create."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .document import DENY
from .identity import Answer, Permissions
from .layers import Layer
from .meet import meet, witness
from .request import NOTHING_KNOWN, RequestContext, substitute
from .truth import Truth, every

# Each layer can multiply the candidates; a policy that needs more than these to show one resource does not occur.
MOST_CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Place:
    """The answers, one for each action, for the resource on which most is allowed, and that resource; empty if there is none."""

    answers: tuple[Answer, ...]
    resource: str

    @property
    def answer(self) -> Answer:
        """The answer where one action was asked about."""
        return self.answers[0]


def allows_somewhere(held: Permissions, action: str, space: str, context: RequestContext = NOTHING_KNOWN) -> Place:
    """Whether the action is allowed on some resource that the pattern `space` matches."""
    return all_allowed_somewhere(held, (action,), space, context)


def all_allowed_somewhere(
    held: Permissions, actions: Sequence[str], space: str, context: RequestContext = NOTHING_KNOWN
) -> Place:
    """Whether all the actions are allowed on one and the same resource that the pattern `space` matches.

    Statements of every layer are met with the space and with each other, and one resource out of each such pattern is
    put to the evaluator. So a Deny that leaves a part lets that part be, and a yes always has a witness.
    """
    nothing = f"is allowed on nothing that {space} matches together with all that is needed"
    refused = Place(tuple(Answer(Truth.FALSE, "", f"{action} {nothing}.") for action in actions), "")
    if not all(held.names(action) for action in actions):
        return refused
    best = refused
    for pattern in _candidates(held, actions, space, context):
        resource = witness(pattern)
        answers = tuple(held.allows(action, resource, context) for action in actions)
        together = every(answer.granted for answer in answers)
        if together is Truth.TRUE:
            return Place(answers, resource)
        if together is Truth.UNKNOWN and best is refused:
            best = Place(answers, resource)
    return best


def _candidates(held: Permissions, actions: Sequence[str], space: str, context: RequestContext) -> list[str]:
    found = [space]
    spoken = [(layer, action) for action in actions for layer in held.layers]
    for layer, action in spoken:
        named = _named(layer, action, context)
        met = [shared for one in found for pattern in named if (shared := meet(one, pattern)) is not None]
        found = list(dict.fromkeys(met))[:MOST_CANDIDATES]
    for layer, action in spoken:
        # A Deny for all but some resources leaves those.
        spared = _spared(layer, action, context)
        found += [shared for one in found for pattern in spared if (shared := meet(one, pattern)) is not None]
    return list(dict.fromkeys(found))[: 2 * MOST_CANDIDATES]


def _named(layer: Layer, action: str, context: RequestContext) -> list[str]:
    """The patterns that the layer's Allow statements name for the action; NotResource leaves nearly everything."""
    patterns: list[str] = []
    for rule in layer.speaking(action).allows:
        patterns += _filled(rule.statement.resources or ("*",), rule.statement.variables, context)
    return sorted(set(patterns), key=lambda one: (one != "*", one))


def _spared(layer: Layer, action: str, context: RequestContext) -> list[str]:
    denies = [rule.statement for rule in layer.speaking(action).denies if rule.statement.effect == DENY]
    return [pattern for one in denies for pattern in _filled(one.not_resources or (), one.variables, context)]


def _filled(patterns: tuple[str, ...], variables: bool, context: RequestContext) -> list[str]:
    if not variables:
        return list(patterns)
    return [found[0] for one in patterns if (found := substitute(one, context)) is not None]
