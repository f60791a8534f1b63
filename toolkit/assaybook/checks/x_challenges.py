"""The challenges that cut across: whether the inventory is complete."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok
from ..tables.scope import Population
from ..watched import Watched


@check("inventory-count-differs", over=Population)
def inventory_count_differs(population: Population, evidence: Watched) -> Verdict:
    """What was listed is as much as the provider counts in another way."""
    source = population.second_source
    if not source:
        return na(f"nothing else counts {population.population}")
    listed, counted = population.records, population.second_count
    where = f"{population.subject.account}/{population.subject.region}"
    if listed != counted:
        return fail(f"{listed} {population.population} were listed in {where}, but {source} counts {counted}")
    return ok(f"{listed} {population.population} were listed in {where}, as many as {source} counts")
