"""Decides the conditions of a statement for a request of which not everything is known."""

from __future__ import annotations

from collections.abc import Iterable

from ..capture import has_symbol
from .compare import Operator, compare, operator_of
from .document import Condition
from .request import MISSING, Absent, RequestContext, substitute
from .truth import Truth, every, some


def evaluate_all(conditions: Iterable[Condition], context: RequestContext, *, variables: bool = True) -> Truth:
    """Whether all conditions hold; `variables` says whether `${...}` is substituted (policy version 2012-10-17)."""
    return every(evaluate(condition, context, variables=variables) for condition in conditions)


def evaluate(condition: Condition, context: RequestContext, *, variables: bool = True) -> Truth:
    """Whether one condition holds in the request.

    Several values are joined by OR, for a negated operator by NOR. A missing key makes a positive operator false
    and a negated one true; `...IfExists` and `ForAllValues:` hold for a missing key, `ForAnyValue:` does not.
    An operator that the policy language does not have gives unknown.
    Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context keys".
    """
    operator = operator_of(condition.operator)
    if operator is None:
        return Truth.UNKNOWN
    values = context.get(condition.key)
    if operator.name == "null":
        return _null(condition, values)
    if values is MISSING:
        return Truth.of(not operator.demands_key)
    if isinstance(values, Absent):
        return Truth.UNKNOWN
    answers = [_one(operator, value, condition, context, variables=variables) for value in values]
    if operator.quantifier == "forallvalues":
        return every(answers)
    if operator.quantifier == "foranyvalue" or len(answers) == 1:
        return some(answers)
    # A key with several values needs a set operator; without one AWS documents no answer.
    return answers[0] if len(set(answers)) == 1 else Truth.UNKNOWN


def _null(condition: Condition, values: tuple[str, ...] | Absent) -> Truth:
    wanted = {value.lower() for value in condition.values}
    if not wanted or not wanted <= {"true", "false"}:
        return Truth.UNKNOWN
    if len(wanted) == 2:
        return Truth.TRUE
    if values is MISSING:
        return Truth.of(wanted == {"true"})
    return Truth.UNKNOWN if isinstance(values, Absent) else Truth.of(wanted == {"false"})


def _one(operator: Operator, found: str, condition: Condition, context: RequestContext, *, variables: bool) -> Truth:
    matched = some(_compared(operator, found, wanted, context, variables=variables) for wanted in condition.values)
    return matched.negated() if operator.negated else matched


def _compared(operator: Operator, found: str, wanted: str, context: RequestContext, *, variables: bool) -> Truth:
    exact = True
    if has_symbol(wanted) and operator.family not in ("string", "arn"):
        return Truth.UNKNOWN
    if operator.family in ("string", "arn") and "${" in wanted and (variables or has_symbol(wanted)):
        filled = substitute(wanted, context)
        if filled is None:
            return Truth.FALSE
        wanted, exact = filled
        if not exact and not operator.takes_wildcards:
            return Truth.UNKNOWN
    answer = compare(operator, found, wanted)
    if answer is None:
        # AWS treats a value that it cannot read as no match; a value of the policy may be read otherwise there.
        return Truth.UNKNOWN
    return Truth.UNKNOWN if answer and not exact else Truth.of(answer)
