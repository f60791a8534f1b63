"""Whether one statement speaks about a request: its actions, its resources and its conditions, whatever its effect."""

from __future__ import annotations

from functools import lru_cache

from ..capture import has_symbol
from .condition import evaluate_all
from .document import Statement
from .match import matches
from .request import RequestContext, substitute
from .truth import Truth, every, some


def applies(statement: Statement, action: str, resource: str, context: RequestContext) -> Truth:
    """Whether the statement speaks about this request, whatever its effect and its principals."""
    if not names_action(statement, action):
        return Truth.FALSE
    return applies_to(statement, resource, context)


def applies_to(statement: Statement, resource: str, context: RequestContext) -> Truth:
    """The same for a statement of which it is known that it names the action.

    A statement without Resource, as in a role's trust policy, speaks about the one resource that it is attached to.
    """
    named = names_resource(statement, resource, context)
    if named is Truth.FALSE or not statement.conditions:
        return named
    return every((named, evaluate_all(statement.conditions, context, variables=statement.variables)))


def names_action(statement: Statement, action: str) -> bool:
    """Whether Action names the action, or NotAction does not; upper and lower case are alike."""
    wanted = action.lower()
    if statement.actions is not None:
        return any(matches(pattern, wanted) for pattern in lowered(statement.actions))
    return not any(matches(pattern, wanted) for pattern in lowered(statement.not_actions or ()))


@lru_cache(maxsize=16384)
def lowered(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns in lower case."""
    return tuple(pattern.lower() for pattern in patterns)


def names_resource(statement: Statement, resource: str, context: RequestContext) -> Truth:
    """Whether Resource names the resource, or NotResource does not; unknown where a variable has no known value."""
    if statement.resources is not None:
        return some(_fits(one, resource, context, statement.variables) for one in statement.resources)
    return some(_fits(one, resource, context, statement.variables) for one in statement.not_resources or ()).negated()


def _fits(pattern: str, resource: str, context: RequestContext, variables: bool) -> Truth:
    if "${" not in pattern or not (variables or has_symbol(pattern)):
        return Truth.of(matches(pattern, resource))
    filled = substitute(pattern, context)
    if filled is None or not matches(filled[0], resource):
        return Truth.FALSE
    return Truth.TRUE if filled[1] else Truth.UNKNOWN
