"""How far each plan goes: which rows it asks, and what to say of those that it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from . import Call
from .aws import CALLS

# From the smallest to the largest; each asks all that those before it ask.
PLANS = ("lean", "standard", "full")


def asked(calls: Iterable[Call], plan: str) -> tuple[Call, ...]:
    """The rows that a plan asks, with those of their further leads that it asks. Raises ValueError for a name that is none."""
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
    if not rank(plan) or rank(smallest) <= rank(plan):
        return ""
    return f"the plan {plan} does not ask this; --plan {smallest} does"
