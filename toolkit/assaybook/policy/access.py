"""Who may do what to a resource, when the principal's own policies and the resource's policy are taken together.

In one account either side may grant; between accounts both must. A few resources (KMS keys, roles) are reached only if
their own policy says so. An explicit Deny anywhere wins. Grants of KMS and access control lists are not looked at.
Sources: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic" and "Permissions boundaries for
IAM entities"; AWS Organizations User Guide, "Service control policies" and "Resource control policies".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .document import ALLOW, DENY, Policy, Statement
from .identity import Answer, granted, layer_allows, layer_denies
from .layers import Layer, LayerKind
from .request import NOTHING_KNOWN, RequestContext
from .requester import Naming, Requester, naming, request_of
from .statement import applies
from .truth import Truth, every, some


@dataclass(frozen=True, slots=True)
class Resource:
    """What is reached: its ARN, the account that owns it, its own policy and what its organisation says over it.

    `decides_alone`: nobody gets in unless the resource's policy says so, as for KMS keys and for roles that are assumed.
    `controls` are the resource control policies, from `resource_control_layers`; empty for what they do not cover and for
    the management account.
    """

    arn: str
    account: str
    policy: Policy | None = None
    name: str = "the resource policy"
    decides_alone: bool = False
    controls: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """One principal that may, or may perhaps, do something to a resource."""

    requester: Requester
    action: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Grant:
    """What one side says: how surely it allows, and the statement that does."""

    truth: Truth
    statement: str


_NONE = _Grant(Truth.FALSE, "")
# What binds a principal that the resource's policy names, by how it is named.
_BINDING = {
    Naming.ITSELF: frozenset({LayerKind.ORGANISATION}),
    Naming.SESSION_OF_ROLE: frozenset({LayerKind.ORGANISATION}),
    Naming.ROLE: frozenset({LayerKind.ORGANISATION, LayerKind.BOUNDARY, LayerKind.SESSION}),
}


def who_can(
    requesters: Iterable[Requester],
    actions: Sequence[str],
    resource: Resource,
    context: RequestContext = NOTHING_KNOWN,
) -> tuple[Access, ...]:
    """The principals that may, or may perhaps, call one of the actions, in the order given; the surest action counts."""
    found: list[Access] = []
    for requester in requesters:
        answers = [Access(requester, action, decide(requester, action, resource, context)) for action in actions]
        best = max(answers, key=lambda one: _SURENESS[one.answer.granted], default=None)
        if best is not None and best.answer.granted is not Truth.FALSE:
            found.append(best)
    return tuple(found)


_SURENESS = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}


def decide(requester: Requester, action: str, resource: Resource, context: RequestContext = NOTHING_KNOWN) -> Answer:
    """Whether the requester may call the action on the resource, and the statement that decides."""
    request = request_of(requester, context.filled({"aws:ResourceAccount": resource.account}))
    denied, denier = _denied(requester, action, resource, request)
    if denied is Truth.TRUE:
        return Answer(Truth.FALSE, denier, f"{action} is denied by {denier}.")
    if not requester.service_linked:
        for layer in resource.controls:
            if layer_allows(layer, action, resource.arn, request)[1] is Truth.FALSE:
                return Answer(Truth.FALSE, "", f"{action} on {resource.arn} is not allowed by {layer.name}.")
    found = _granted(requester, action, resource, request)
    if found.truth is Truth.FALSE:
        return Answer(
            Truth.FALSE, "", f"{action} on {resource.arn} is allowed to {requester.arn or 'strangers'} by nothing."
        )
    return granted(action, found.statement, found.truth, denier)


def _denied(requester: Requester, action: str, resource: Resource, request: RequestContext) -> tuple[Truth, str]:
    perhaps = ""
    layers = (*_layers(requester), *(() if requester.service_linked else resource.controls))
    for layer in layers:
        truth, name = layer_denies(layer, action, resource.arn, request)
        if truth is Truth.TRUE:
            return truth, name
        perhaps = perhaps or name
    for statement in resource.policy.statements if resource.policy else ():
        if statement.effect != DENY:
            continue
        truth = every((naming(statement, requester)[1], applies_here(statement, action, resource.arn, request)))
        name = f"{resource.name}, {statement.label}"
        if truth is Truth.TRUE:
            return truth, name
        if truth is Truth.UNKNOWN:
            perhaps = perhaps or name
    return (Truth.UNKNOWN if perhaps else Truth.FALSE), perhaps


def _layers(requester: Requester) -> tuple[Layer, ...]:
    """The layers that bind the requester; control policies do not bind service-linked roles."""
    if requester.held is None:
        return ()
    return tuple(
        layer
        for layer in requester.held.layers
        if not (requester.service_linked and layer.kind is LayerKind.ORGANISATION)
    )


def applies_here(statement: Statement, action: str, resource: str, request: RequestContext) -> Truth:
    """Whether a statement of a resource's own policy speaks about the request; without Resource it means the resource itself."""
    if statement.resources is None and statement.not_resources is None:
        statement_with = Statement(
            statement.index,
            statement.effect,
            actions=statement.actions,
            not_actions=statement.not_actions,
            resources=("*",),
            conditions=statement.conditions,
            variables=statement.variables,
        )
        return applies(statement_with, action, resource, request)
    return applies(statement, action, resource, request)


def _granted(requester: Requester, action: str, resource: Resource, request: RequestContext) -> _Grant:
    by_policy = _by_resource(requester, action, resource, request)
    if requester.held is None:
        return _surest(by_policy.values())
    own = {layer: layer_allows(layer, action, resource.arn, request) for layer in _layers(requester)}
    truths = {layer.kind: Truth.TRUE for layer in own}
    for layer, (_, truth) in own.items():
        truths[layer.kind] = every((truths[layer.kind], truth))
    name = next((said for layer, (said, _) in own.items() if layer.kind is LayerKind.OWN), "")
    itself = _Grant(every(truths.values()), name)
    any_naming = _surest(by_policy.values())
    if requester.account != resource.account:
        return _Grant(every((itself.truth, any_naming.truth)), any_naming.statement)
    if resource.decides_alone:
        itself = _Grant(every((itself.truth, any_naming.truth)), name)
    direct = [_direct(how, grant, truths) for how, grant in by_policy.items() if how is not Naming.ACCOUNT]
    return _surest([itself, *direct])


def _direct(how: Naming, grant: _Grant, truths: dict[LayerKind, Truth]) -> _Grant:
    """A grant of the resource's policy in the own account, as far as the principal's limits let it through."""
    if how in _BINDING:
        return _Grant(every([grant.truth, *(truths.get(kind, Truth.TRUE) for kind in _BINDING[how])]), grant.statement)
    # Whether a boundary binds a role that is let in as everyone is not documented.
    limits = every(truths.get(kind, Truth.TRUE) for kind in (LayerKind.BOUNDARY, LayerKind.SESSION))
    organisation = truths.get(LayerKind.ORGANISATION, Truth.TRUE)
    limited = limits if limits is Truth.TRUE else Truth.UNKNOWN
    return _Grant(every((grant.truth, organisation, limited)), grant.statement)


def _by_resource(
    requester: Requester, action: str, resource: Resource, request: RequestContext
) -> dict[Naming, _Grant]:
    """What the resource's policy grants the requester, by how it is named."""
    found: dict[Naming, _Grant] = {}
    for statement in resource.policy.statements if resource.policy else ():
        if statement.effect != ALLOW:
            continue
        how, sure = naming(statement, requester)
        truth = every((sure, applies_here(statement, action, resource.arn, request)))
        if truth is not Truth.FALSE:
            grant = _Grant(truth, f"{resource.name}, {statement.label}")
            found[how] = _surest([found.get(how, _NONE), grant])
    return found


def _surest(grants: Iterable[_Grant]) -> _Grant:
    listed = list(grants)
    truth = some(one.truth for one in listed)
    return next((one for one in listed if one.truth is truth), _NONE)
