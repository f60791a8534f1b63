"""What the Deny statements of a resource policy leave of an Allow statement.

A Deny without conditions takes away what it covers. A Deny with conditions turns into what must hold for a request
to get past it: `Deny if StringNotEquals aws:PrincipalOrgID o-1` lets through only requests from organisation o-1.
Source: IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .compare import operator_of
from .document import DENY, Condition, Principal, Statement
from .match import action_covers, action_overlaps, arn_parts, covers, overlaps


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand on a request: one of the conditions holds, or the caller is one of the exempt principals.

    `source` names the Deny it comes from; empty for a condition of the Allow itself.
    """

    conditions: tuple[Condition, ...]
    exempt: tuple[Principal, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of an Allow: the statement (None if nothing), the demands on it, and remarks on the Denies."""

    statement: Statement | None
    clauses: tuple[Clause, ...]
    remarks: tuple[str, ...]


_POSITIVE_TO_NEGATIVE = {
    "stringequals": "StringNotEquals",
    "stringequalsignorecase": "StringNotEqualsIgnoreCase",
    "stringlike": "StringNotLike",
    "numericequals": "NumericNotEquals",
    "dateequals": "DateNotEquals",
    "ipaddress": "NotIpAddress",
    "arnequals": "ArnNotEquals",
    "arnlike": "ArnNotLike",
    "numericlessthan": "NumericGreaterThanEquals",
    "numericlessthanequals": "NumericGreaterThan",
    "numericgreaterthan": "NumericLessThanEquals",
    "numericgreaterthanequals": "NumericLessThan",
    "datelessthan": "DateGreaterThanEquals",
    "datelessthanequals": "DateGreaterThan",
    "dategreaterthan": "DateLessThanEquals",
    "dategreaterthanequals": "DateLessThan",
}
_NEGATIVE_TO_POSITIVE = {
    "stringequals": "StringEquals",
    "stringequalsignorecase": "StringEqualsIgnoreCase",
    "stringlike": "StringLike",
    "numericequals": "NumericEquals",
    "dateequals": "DateEquals",
    "ipaddress": "IpAddress",
    "arnequals": "ArnEquals",
    "arnlike": "ArnLike",
}
_SWAPPED = {"": "", "forallvalues": "ForAnyValue:", "foranyvalue": "ForAllValues:"}


def complement(condition: Condition) -> Condition | None:
    """The condition that holds where the given one does not; None where the language has none.

    Where no exact one exists (`StringEqualsIfExists`), the result holds for a missing key too, so it is wider.
    """
    operator = operator_of(condition.operator)
    if operator is None:
        return None
    if operator.family in ("null", "bool"):
        return _boolean_complement(condition, optional=operator.if_exists, null=operator.family == "null")
    table = _NEGATIVE_TO_POSITIVE if operator.negated else _POSITIVE_TO_NEGATIVE
    name = table.get(operator.name)
    if name is None:
        return None
    # Of two ordered operators, only one may hold for a missing key; the others see to that by their negation.
    ordered = "Less" in name or "Greater" in name
    optional = "IfExists" if ordered and not operator.if_exists and not operator.quantifier else ""
    return replace(condition, operator=f"{_SWAPPED[operator.quantifier]}{name}{optional}")


def _boolean_complement(condition: Condition, *, optional: bool, null: bool) -> Condition | None:
    values = {value.lower() for value in condition.values}
    if len(values) != 1 or not values <= {"true", "false"}:
        return None
    other = ("false",) if values == {"true"} else ("true",)
    if null:
        return replace(condition, values=other)
    return replace(condition, operator="Bool" if optional else "BoolIfExists", values=other)


def remainder(allow: Statement, statements: Iterable[Statement]) -> Remainder:
    """Subtract every Deny of the policy from one Allow."""
    denies = [one for one in statements if one.effect == DENY and _touches(one, allow)]
    left: Statement | None = allow
    for _ in range(len(denies) + 1):
        before = left
        for deny in denies:
            left = _subtracted(left, deny) if left else None
        if left is None or left == before:
            break
    if left is None:
        names = ", ".join(one.label for one in denies)
        return Remainder(None, (), (f"denied by {names}",))
    clauses = [Clause((condition,)) for condition in left.conditions]
    remarks: list[str] = []
    for deny in denies:
        clause = _clause(deny, left)
        if clause is None:
            remarks.append(f"Deny {deny.label} takes away a part only")
        else:
            clauses.append(clause)
    return Remainder(left, tuple(clauses), tuple(remarks))


def _subtracted(allow: Statement, deny: Statement) -> Statement | None:
    """The Allow without what an unconditional Deny covers of it."""
    if not set(deny.conditions) <= set(allow.conditions) or not _covers_principals(deny, allow):
        return allow
    actions, resources = uncovered_actions(deny, allow), uncovered_resources(deny, allow)
    if not actions and not resources:
        return None
    if not resources and allow.actions is not None:
        return replace(allow, actions=actions)
    if not actions and allow.resources is not None:
        return replace(allow, resources=resources)
    return allow


def _clause(deny: Statement, allow: Statement) -> Clause | None:
    """What a request must show to get past a Deny that covers all the Allow grants; None if it covers a part."""
    if uncovered_actions(deny, allow) or uncovered_resources(deny, allow):
        return None
    exempt: tuple[Principal, ...] = ()
    if deny.not_principals is not None:
        exempt = deny.not_principals
    elif not _covers_principals(deny, allow):
        return None
    kept = tuple(
        complement(one) or replace(one, operator=f"unless {one.operator}")
        for one in deny.conditions
        if one not in allow.conditions
    )
    return Clause(kept, exempt, deny.label)


def _touches(deny: Statement, allow: Statement) -> bool:
    if (
        deny.actions is not None
        and allow.actions is not None
        and not any(action_overlaps(one, other) for one in deny.actions for other in allow.actions)
    ):
        return False
    if deny.resources is not None and allow.resources is not None:
        return any(overlaps(one, other) for one in deny.resources for other in allow.resources)
    return True


def _covers_principals(deny: Statement, allow: Statement) -> bool:
    if deny.not_principals is not None:
        return not deny.not_principals
    denied = deny.principals or ()
    if any(one.kind == "AWS" and one.name == "*" for one in denied):
        return True
    if allow.not_principals is not None:
        return False
    return all(any(_covers_principal(one, other) for one in denied) for other in allow.principals or ())


def _covers_principal(denied: Principal, allowed: Principal) -> bool:
    if denied == allowed:
        return True
    account = _whole_account(denied)
    return bool(account) and allowed.kind == "AWS" and account in (_whole_account(allowed), _account(allowed))


def _whole_account(principal: Principal) -> str:
    parts = arn_parts(principal.name)
    if principal.kind != "AWS" or (parts and parts[5] != "root"):
        return ""
    return parts[4] if parts else principal.name if principal.name.isdigit() else ""


def _account(principal: Principal) -> str:
    parts = arn_parts(principal.name)
    return parts[4] if parts else principal.name


def uncovered_actions(deny: Statement, allow: Statement) -> tuple[str, ...]:
    """The actions of the Allow that the Deny lets be; `NotAction` stands for everything but its list."""
    if allow.actions is None:
        whole = deny.actions is not None and any(not one.strip("*") for one in deny.actions)
        same = deny.not_actions is not None and set(deny.not_actions) <= set(allow.not_actions or ())
        return () if whole or same else ("all but " + ", ".join(allow.not_actions or ()),)
    if deny.actions is not None:
        return tuple(one for one in allow.actions if not any(action_covers(wide, one) for wide in deny.actions))
    spared = deny.not_actions or ()
    return tuple(one for one in allow.actions if any(action_overlaps(other, one) for other in spared))


def uncovered_resources(deny: Statement, allow: Statement) -> tuple[str, ...]:
    """The resources of the Allow that the Deny lets be; a statement without Resource means the whole resource."""
    granted = allow.resources if allow.resources is not None else ("*",)
    if allow.not_resources is not None:
        same = deny.not_resources is not None and set(deny.not_resources) <= set(allow.not_resources)
        granted = () if same else ("*",)
    if deny.not_resources is not None:
        return tuple(one for one in granted if any(overlaps(other, one) for other in deny.not_resources))
    denied = deny.resources if deny.resources is not None else ("*",)
    if allow.resources is None and allow.not_resources is None:
        return ()
    return tuple(one for one in granted if not any(covers(wide, one) for wide in denied))
