"""What a principal may do: its own policies, within its boundary, session policies and service control policies.

Grants that a resource's own policy gives to the principal are not part of the answer: `access` joins both, `exposure`
judges a resource's policy alone. Source: IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .layers import Document, Documents, Layer, LayerKind, Rule, identity_layer
from .request import NOTHING_KNOWN, RequestContext
from .statement import applies_to
from .truth import Truth, every

__all__ = ["Answer", "Document", "Documents", "Layer", "Permissions", "Rule", "passable_roles", "permissions"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the principal may do it, the statement that decides (empty if none does), and why in one sentence."""

    granted: Truth
    statement: str
    because: str


@dataclass(frozen=True, slots=True, eq=False)
class Permissions:
    """All layers that decide over a principal; every one must allow, and a Deny in any of them wins.

    Two are equal only if they are the same object, so that what is worked out of one can be kept without comparing policies.
    """

    layers: tuple[Layer, ...]

    def allows(self, action: str, resource: str = "*", context: RequestContext = NOTHING_KNOWN) -> Answer:
        """Whether the principal may call the action on the resource (an ARN; `*` for an action that takes none)."""
        denied, denier = self.denied(action, resource, context)
        if denied is Truth.TRUE:
            return Answer(Truth.FALSE, denier, f"{action} is denied by {denier}.")
        granting, truths = "", []
        for layer in self.layers:
            name, truth = layer_allows(layer, action, resource, context)
            if truth is Truth.FALSE:
                return Answer(Truth.FALSE, "", f"{action} on {resource} is not allowed by {layer.name}.")
            granting = granting or name
            truths.append(truth)
        return granted(action, granting, every(truths), denier)

    def names(self, action: str) -> bool:
        """Whether some statement of every layer allows the action on anything at all, Denies and conditions aside."""
        return all(layer.speaking(action).allows for layer in self.layers)

    def denied(self, action: str, resource: str, context: RequestContext) -> tuple[Truth, str]:
        """Whether a Deny applies, and the name of the first that does or, failing that, of the first that may."""
        perhaps = ""
        for layer in self.layers:
            truth, name = layer_denies(layer, action, resource, context)
            if truth is Truth.TRUE:
                return truth, name
            perhaps = perhaps or name
        return (Truth.UNKNOWN if perhaps else Truth.FALSE), perhaps


def permissions(
    policies: Documents,
    *,
    boundary: Document | None = None,
    scps: Iterable[Documents] = (),
    session: Documents | None = None,
) -> Permissions:
    """The permissions of a principal, from its identity policies (named by a mapping, or a plain sequence).

    `boundary` is the permissions boundary; `scps` has one collection for each level of the organisation, root to
    account, and every level must allow. No boundary, no level, no session policy: no limit from it.
    Raises PolicyError if a document is malformed or is not an identity policy (it names principals or no resources).
    """
    layers = [identity_layer("its own policies", policies, LayerKind.OWN, "policy")]
    if boundary is not None:
        documents = {"boundary": boundary}
        layers.append(identity_layer("its permissions boundary", documents, LayerKind.BOUNDARY, "boundary"))
    for level, found in enumerate(scps, 1):
        name = f"the service control policies of level {level}"
        layers.append(identity_layer(name, found, LayerKind.ORGANISATION, f"level {level} control policy"))
    if session is not None:
        layers.append(identity_layer("the session policies", session, LayerKind.SESSION, "session policy"))
    return Permissions(tuple(layers))


def layer_allows(layer: Layer, action: str, resource: str, context: RequestContext) -> tuple[str, Truth]:
    """The first rule that surely allows, else the first that may, else none."""
    perhaps = ""
    for rule in layer.speaking(action).allows:
        truth = applies_to(rule.statement, resource, context)
        if truth is Truth.TRUE:
            return rule.name, truth
        if truth is Truth.UNKNOWN:
            perhaps = perhaps or rule.name
    return perhaps, Truth.UNKNOWN if perhaps else Truth.FALSE


def layer_denies(layer: Layer, action: str, resource: str, context: RequestContext) -> tuple[Truth, str]:
    """Whether a Deny of the layer applies, and the name of the first that does or, failing that, of the first that may."""
    perhaps = ""
    for rule in layer.speaking(action).denies:
        truth = applies_to(rule.statement, resource, context)
        if truth is Truth.TRUE:
            return truth, rule.name
        if truth is Truth.UNKNOWN:
            perhaps = perhaps or rule.name
    return (Truth.UNKNOWN if perhaps else Truth.FALSE), perhaps


def granted(action: str, granting: str, truth: Truth, perhaps_denied_by: str) -> Answer:
    """The answer for what is allowed, surely or perhaps, by the statement `granting`, unless a Deny that is open applies."""
    if perhaps_denied_by:
        name = perhaps_denied_by
        return Answer(Truth.UNKNOWN, name, f"{action} is allowed by {granting}, unless {name} denies it.")
    if truth is Truth.UNKNOWN:
        return Answer(truth, granting, f"Whether {action} is allowed hangs on the conditions of {granting}.")
    return Answer(truth, granting, f"{action} is allowed by {granting}.")


def passable_roles(
    held: Permissions, roles: Iterable[str], service: str, context: Mapping[str, str] | None = None
) -> tuple[tuple[str, Answer], ...]:
    """Which of the roles (ARNs) the principal may, or may perhaps, hand to the service with iam:PassRole.

    `service` is the service principal that gets the role, `lambda.amazonaws.com`; a PassRole that is limited to
    another service does not count. Sorted by ARN; roles that surely cannot be passed are left out.
    """
    request = RequestContext({**(context or {}), "iam:PassedToService": service})
    answers = ((role, held.allows("iam:PassRole", role, request)) for role in sorted(set(roles)))
    return tuple((role, answer) for role, answer in answers if answer.granted is not Truth.FALSE)
