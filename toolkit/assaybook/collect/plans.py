"""Which rows of a plan a collection asks."""

from __future__ import annotations

from ..plan import Call
from ..plan.extent import PLANS, asked
from .errors import CollectError

IDENTITY = Call("sts:GetCallerIdentity", scope="global", plan="lean", why="who asks, and in which account")
REGIONS = Call(
    "ec2:DescribeRegions",
    items="Regions",
    scope="global",
    plan="lean",
    why="the regions that are enabled in the account",
)
PREPARATION = (IDENTITY, REGIONS)


def calls_of(provider: str, plan: str) -> tuple[Call, ...]:
    """The rows of a provider's plan: those of the named plan and of the smaller ones. Raises CollectError for a name that is none."""
    if provider != "aws":
        raise CollectError(f"there is no plan for {provider!r}. Name aws.")
    if plan not in PLANS:
        raise CollectError(f"there is no plan {plan!r}. Name one of {', '.join(PLANS)}.")
    from ..plan.aws import CALLS

    return asked(CALLS, plan)
