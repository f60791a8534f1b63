"""What the plan in use did not ask, and which controls that leaves open."""

from __future__ import annotations

from collections import defaultdict

from ...assess import Assessment
from ...call_use import serving
from ...plan.aws import CALLS
from ...plan.extent import asked, rank
from ..blocks import Block, Cell, code, heading, paragraph, table
from .wording import noun


def left_out_by_plan(assessment: Assessment) -> list[Block]:
    """Each call that every plan in use leaves out, once; nothing if there is none."""
    plan = max(assessment.plans, key=rank, default="")
    if not rank(plan):
        return _left_to_account(assessment)
    within = {call.key for call in asked(CALLS, plan)}
    rows = [call for call in CALLS if call.key not in within]
    if not rows:
        return []
    open_by: defaultdict[str, set[str]] = defaultdict(set)
    for each in assessment.not_assessed:
        if each.by_plan:
            open_by[each.call].update(each.affects)
    serves = serving(CALLS, assessment.catalogue)
    shown: list[list[Cell]] = []
    for call in rows:
        controls = sorted({*open_by[call.key], *serves[call.key]}, key=assessment.catalogue.position)
        shown.append([[code(call.key)], call.why, [code(f"--plan {call.plan}")], ", ".join(controls) or "none"])
    return [
        heading(2, f"Left out by the {plan} plan", "left-out"),
        paragraph(
            f"The evidence was collected with the {plan} plan, which leaves out {noun('call', len(rows))}. What rests on them alone is not known, and never passed."
        ),
        table(["Call", "What it is for", "Asked with", "Bears on"], shown, widths=[26, 46, 18, 24]),
    ]


def _left_to_account(assessment: Assessment) -> list[Block]:
    """The controls that a source tree leaves open because only an account could tell; nothing if there are none."""
    open_ones = assessment.account_only
    if not open_ones:
        return []
    rows: list[list[Cell]] = [[each, assessment.result(each).control.title] for each in open_ones]
    return [
        heading(2, "Left to the account", "left-out"),
        paragraph(
            f"The evidence is a source tree: its code, and its templates as if they had been deployed. {noun('control', len(rows))} of those that are open rest on what only an "
            "account tells. They are not known and never passed, and they do not count for the exit code. Collect from the account to decide them."
        ),
        table(["Control", "What it demands"], rows, widths=[12, 88]),
    ]
