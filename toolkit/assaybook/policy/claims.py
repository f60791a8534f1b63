"""What a statement of a trust policy demands of a token, or of a request by a service: the values that really limit it.

Source: IAM User Guide, "IAM and AWS STS condition context keys" and "Single-valued vs. multivalued context keys".
"""

from __future__ import annotations

from dataclasses import dataclass

from .compare import operator_of, plain
from .denial import remainder
from .document import ALLOW, Condition, Policy
from .match import has_wildcard


@dataclass(frozen=True, slots=True)
class Demand:
    """Values of which a request must have one. `patterns` keep their wildcards where the operator takes them.

    A value that is compared letter by letter stands in `exact`.
    """

    exact: tuple[str, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demands:
    """All demands of one Allow statement on its requests, after the Deny statements of its policy.

    `nobody` says that a Deny takes the statement away. `holes` names conditions on a key that look as if they limited it and do not, by key.
    """

    nobody: bool
    by_key: dict[str, tuple[Demand, ...]]
    holes: dict[str, tuple[str, ...]]

    def on(self, key: str) -> tuple[Demand, ...]:
        """The demands on a key, whatever its case."""
        return self.by_key.get(key.lower(), ())

    def why_open(self, key: str) -> str:
        """Which condition on a key does not limit it, and why; empty if there is none."""
        return "; ".join(self.holes.get(key.lower(), ()))


def demands(policy: Policy, index: int) -> Demands:
    """What the Allow statement with this index demands. Raises IndexError if the policy has none there, ValueError if it is a Deny."""
    statement = policy.statements[index]
    if statement.effect != ALLOW:
        raise ValueError(f"{statement.label} is no Allow")
    left = remainder(statement, policy.statements)
    if left.statement is None:
        return Demands(True, {}, {})
    single = [each.conditions[0] for each in left.clauses if len(each.conditions) == 1 and not each.exempt]
    required = {condition.key.lower() for condition in single if _requires(condition)}
    found: dict[str, list[Demand]] = {}
    holes: dict[str, list[str]] = {}
    for condition in single:
        key = condition.key.lower()
        why = _why_open(condition, required=key in required)
        if why:
            holes.setdefault(key, []).append(f"{condition.operator} {why}")
        elif why is not None:
            found.setdefault(key, []).append(_demand(condition))
    return Demands(
        False,
        {key: tuple(each) for key, each in found.items()},
        {key: tuple(each) for key, each in holes.items()},
    )


def _requires(condition: Condition) -> bool:
    """Whether a request without the key fails the condition."""
    operator = operator_of(condition.operator)
    if operator is None:
        return False
    if operator.name == "null":
        return {value.lower() for value in condition.values} == {"false"}
    return operator.demands_key


def _why_open(condition: Condition, *, required: bool) -> str | None:
    """Why the condition does not limit its key; empty if it does, None if it says nothing about values."""
    operator = operator_of(condition.operator)
    if operator is None or operator.name == "null":
        return None
    if operator.negated:
        return "shuts out only what it names"
    if operator.quantifier == "forallvalues" and not required:
        return "also holds for a request without it"
    if operator.if_exists and not required:
        return "also holds for a request without it"
    return "" if operator.family in ("string", "arn") else None


def _demand(condition: Condition) -> Demand:
    operator = operator_of(condition.operator)
    wild = operator is not None and operator.takes_wildcards
    patterns = tuple(each for each in condition.values if wild and has_wildcard(each))
    return Demand(tuple(plain(each) for each in condition.values if each not in patterns), patterns)
