"""The layers of policies that decide over a request, and an index that finds the statements that name an action.

A layer is a set of policies of which one must allow: a principal's own policies, its permissions boundary, its session
policies, one level of service control policies. A Deny in any of them wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .document import ALLOW, DENY, Policy, PolicyError, Statement, parse_policy
from .statement import lowered, names_action

Document = str | Mapping[str, Any] | Policy
Documents = Mapping[str, Document] | Sequence[Document]


class LayerKind(StrEnum):
    """What a layer is; a grant by a resource's own policy may do without some kinds."""

    OWN = "own"
    BOUNDARY = "boundary"
    SESSION = "session"
    ORGANISATION = "organisation"
    RESOURCE_CONTROL = "resource control"


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement and the name a report gives it: the policy's name and the statement's label."""

    name: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Spoken:
    """The rules of one layer that name an action, those that allow and those that deny, in their order."""

    allows: tuple[Rule, ...]
    denies: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """Policies of which one must allow: the principal's own, its boundary, or one level of the organisation."""

    name: str
    rules: tuple[Rule, ...]
    kind: LayerKind = LayerKind.OWN
    _by_service: dict[str, tuple[Rule, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _spoken: dict[str, Spoken] = field(default_factory=dict, init=False, repr=False, compare=False)

    def speaking(self, action: str) -> Spoken:
        """The rules that name the action; found once for each action and kept."""
        found = self._spoken.get(action)
        if found is None:
            named = [rule for rule in self._candidates(action) if names_action(rule.statement, action)]
            found = Spoken(
                tuple(rule for rule in named if rule.statement.effect == ALLOW),
                tuple(rule for rule in named if rule.statement.effect == DENY),
            )
            self._spoken[action] = found
        return found

    def _candidates(self, action: str) -> tuple[Rule, ...]:
        """The rules whose actions begin with the action's service, or with a wildcard."""
        service = action.partition(":")[0].lower()
        if not self._by_service:
            self._by_service.update(_sorted_by_service(self.rules))
        return self._by_service.get(service, self._by_service[""])


def _sorted_by_service(rules: tuple[Rule, ...]) -> dict[str, tuple[Rule, ...]]:
    """For each service prefix that some rule writes out, the rules that may name its actions; empty for all others."""
    named: defaultdict[int, set[str]] = defaultdict(set)
    for place, rule in enumerate(rules):
        for pattern in lowered(rule.statement.actions or ()):
            prefix = pattern.partition(":")[0]
            named[place].add("" if "*" in prefix or "?" in prefix else prefix)
        if rule.statement.actions is None:
            named[place].add("")
    services = {service for found in named.values() for service in found} | {""}
    return {
        service: tuple(rule for place, rule in enumerate(rules) if named[place] & {service, ""}) for service in services
    }


def identity_layer(name: str, documents: Documents, kind: LayerKind, said: str) -> Layer:
    """A layer of policies that name no principals; `said` names documents that come without a name.

    Raises PolicyError if a document is malformed, names principals or no resources.
    """
    rules = _rules(documents, said)
    for rule in rules:
        _require_identity(rule)
    return Layer(name, rules, kind)


def resource_control_layers(levels: Iterable[Documents]) -> tuple[Layer, ...]:
    """The resource control policies over a resource, one layer for each level of the organisation, root to account.

    Their statements name every principal, which is all that AWS takes there, so that the principal is left aside.
    Source: AWS Organizations User Guide, "RCP syntax". Raises PolicyError if a document is malformed.
    """
    return tuple(
        Layer(
            f"the resource control policies of level {level}",
            _rules(documents, f"level {level} resource control policy"),
            LayerKind.RESOURCE_CONTROL,
        )
        for level, documents in enumerate(levels, 1)
    )


def _rules(documents: Documents, kind: str) -> tuple[Rule, ...]:
    if isinstance(documents, Mapping):
        named = list(documents.items())
    else:
        named = [(f"{kind} {place}", document) for place, document in enumerate(documents, 1)]
    rules: list[Rule] = []
    for name, document in named:
        policy = document if isinstance(document, Policy) else parse_policy(document)
        rules += [Rule(f"{name}, {statement.label}", statement) for statement in policy.statements]
    return tuple(rules)


def _require_identity(rule: Rule) -> None:
    statement = rule.statement
    if statement.principals is not None or statement.not_principals is not None:
        raise PolicyError(f"{rule.name}: an identity policy names no principals")
    if statement.resources is None and statement.not_resources is None:
        raise PolicyError(f"{rule.name}: neither Resource nor NotResource")
