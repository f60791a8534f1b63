"""How far each plan goes: which rows it asks, and what to say of those that it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from . import Call
from .aws import CALLS

# From the smallest to the largest; each asks all that those before it ask.
PLANS = ("lean", "standard", "full")
# The plan of a run over a source tree: it asks no account, and what only an account tells is not known.
SOURCE = "source"
ACCOUNT_ONLY = "templates and code do not tell this; collect from the account"
# What is read from files and not asked of an account.
DERIVED = frozenset({"code", "source", "repository", "template", "advisories", "imported"})
# Facts read from the packages of functions, which a cloud run may leave out.
CODE = "code:"


def asked(calls: Iterable[Call], plan: str) -> tuple[Call, ...]:
    """The rows that a plan asks, each with the parents that it follows there. Raises ValueError for a name that is none."""
    wanted = PLANS[: PLANS.index(plan) + 1]
    return tuple(
        replace(call, also=tuple(lead for lead in call.also if (lead.plan or call.plan) in wanted))
        for call in calls
        if call.plan in wanted
    )


def rank(plan: str) -> int:
    """The place of a plan among the others, from 1; 0 for a name that is none."""
    return PLANS.index(plan) + 1 if plan in PLANS else 0


@cache
def _smallest() -> Mapping[str, str]:
    return {call.key: call.plan for call in CALLS}


def left_out(plan: str, call: str) -> str:
    """Why a call of the plan for AWS was not made, if it is because of the plan in use, and what would make it; empty if it is for another reason."""
    smallest = _smallest().get(call, "")
    if plan == SOURCE:
        return "" if call.partition(":")[0] in DERIVED else ACCOUNT_ONLY
    if call.startswith(CODE) and rank(plan):
        return "the code of functions was not read; the plan standard reads it, without --no-code"
    if not rank(plan) or rank(smallest) <= rank(plan):
        return ""
    return f"the plan {plan} does not ask this; --plan {smallest} does"
