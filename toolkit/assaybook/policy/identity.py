"""What a principal may do: its own policies, within its boundary, session policies and service control policies.

Grants that a resource's own policy gives to the principal are not part of the answer; `exposure` judges those.
Source: IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .condition import evaluate_all
from .document import ALLOW, DENY, Policy, PolicyError, Statement, parse_policy
from .match import action_matches, matches
from .request import NOTHING_KNOWN, RequestContext, substitute
from .truth import Truth, every, some

Document = str | Mapping[str, Any] | Policy
Documents = Mapping[str, Document] | Sequence[Document]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the principal may do it, the statement that decides (empty if none does), and why in one sentence."""

    granted: Truth
    statement: str
    because: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement and the name a report gives it: the policy's name and the statement's label."""

    name: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Layer:
    """Policies of which one must allow: the principal's own, its boundary, or one level of the organisation."""

    name: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Permissions:
    """All layers that decide over a principal; every one must allow, and a Deny in any of them wins."""

    layers: tuple[Layer, ...]

    def allows(self, action: str, resource: str = "*", context: RequestContext = NOTHING_KNOWN) -> Answer:
        """Whether the principal may call the action on the resource (an ARN; `*` for an action that takes none)."""
        denied = [(rule, applies(rule.statement, action, resource, context)) for rule in self._rules(DENY)]
        for rule, truth in denied:
            if truth is Truth.TRUE:
                return Answer(Truth.FALSE, rule.name, f"{action} is denied by {rule.name}.")
        granting, truths = "", []
        for layer in self.layers:
            name, truth = _layer_allows(layer, action, resource, context)
            if truth is Truth.FALSE:
                return Answer(Truth.FALSE, "", f"{action} on {resource} is not allowed by {layer.name}.")
            granting = granting or name
            truths.append(truth)
        return _granted(action, granting, every(truths), [one for one in denied if one[1] is Truth.UNKNOWN])

    def _rules(self, effect: str) -> Iterable[Rule]:
        return (rule for layer in self.layers for rule in layer.rules if rule.statement.effect == effect)


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
    layers = [Layer("its own policies", _rules(policies, "policy"))]
    if boundary is not None:
        layers.append(Layer("its permissions boundary", _rules({"boundary": boundary}, "boundary")))
    layers += [
        Layer(f"the service control policies of level {level}", _rules(documents, f"level {level} control policy"))
        for level, documents in enumerate(scps, 1)
    ]
    if session is not None:
        layers.append(Layer("the session policies", _rules(session, "session policy")))
    return Permissions(tuple(layers))


def _rules(documents: Documents, kind: str) -> tuple[Rule, ...]:
    if isinstance(documents, Mapping):
        named = list(documents.items())
    else:
        named = [(f"{kind} {place}", document) for place, document in enumerate(documents, 1)]
    rules: list[Rule] = []
    for name, document in named:
        policy = document if isinstance(document, Policy) else parse_policy(document)
        for statement in policy.statements:
            _require_identity(statement, name)
            rules.append(Rule(f"{name}, {statement.label}", statement))
    return tuple(rules)


def _require_identity(statement: Statement, name: str) -> None:
    if statement.principals is not None or statement.not_principals is not None:
        raise PolicyError(f"{name}, {statement.label}: an identity policy names no principals")
    if statement.resources is None and statement.not_resources is None:
        raise PolicyError(f"{name}, {statement.label}: neither Resource nor NotResource")


def applies(statement: Statement, action: str, resource: str, context: RequestContext) -> Truth:
    """Whether the statement speaks about this request, whatever its effect and its principals."""
    if not _names_action(statement, action):
        return Truth.FALSE
    named = _names_resource(statement, resource, context)
    if named is Truth.FALSE:
        return Truth.FALSE
    return every((named, evaluate_all(statement.conditions, context, variables=statement.variables)))


def _names_action(statement: Statement, action: str) -> bool:
    if statement.actions is not None:
        return any(action_matches(pattern, action) for pattern in statement.actions)
    return not any(action_matches(pattern, action) for pattern in statement.not_actions or ())


def _names_resource(statement: Statement, resource: str, context: RequestContext) -> Truth:
    if statement.resources is not None:
        return some(_fits(one, resource, context, statement.variables) for one in statement.resources)
    return some(_fits(one, resource, context, statement.variables) for one in statement.not_resources or ()).negated()


def _fits(pattern: str, resource: str, context: RequestContext, variables: bool) -> Truth:
    if not variables or "${" not in pattern:
        return Truth.of(matches(pattern, resource))
    filled = substitute(pattern, context)
    if filled is None or not matches(filled[0], resource):
        return Truth.FALSE
    return Truth.TRUE if filled[1] else Truth.UNKNOWN


def _layer_allows(layer: Layer, action: str, resource: str, context: RequestContext) -> tuple[str, Truth]:
    """The first rule that surely allows, else the first that may, else none."""
    perhaps = ""
    for rule in layer.rules:
        if rule.statement.effect != ALLOW:
            continue
        truth = applies(rule.statement, action, resource, context)
        if truth is Truth.TRUE:
            return rule.name, truth
        if truth is Truth.UNKNOWN:
            perhaps = perhaps or rule.name
    return perhaps, Truth.UNKNOWN if perhaps else Truth.FALSE


def _granted(action: str, granting: str, truth: Truth, perhaps_denied: list[tuple[Rule, Truth]]) -> Answer:
    if perhaps_denied:
        name = perhaps_denied[0][0].name
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
