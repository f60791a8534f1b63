"""The page on calls: what is asked, with which permission, in which plan, how often, what for, and which controls it serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from ..call_use import ANSWERED_BY, NOT_ASKED_YET, operations, serving
from ..capture import GLOBAL
from ..catalogue import Catalogue, Control, load_catalogue
from ..plan import Call
from ..plan.aws import CALLS
from ..plan.extent import PLANS, asked
from ..plan.permissions import permissions_of
from .markdown import cell, row

_HEAD = ("Call", "Permission", "Plan", "How often", "What for", "Serves")


def calls_page() -> str:
    """The page as Markdown."""
    catalogue = load_catalogue()
    return "\n".join(_lines(catalogue)) + "\n"


def _lines(catalogue: Catalogue) -> Iterator[str]:
    counts = Counter(each.plan for each in CALLS)
    yield "# Which control needs which call"
    yield ""
    yield "Made from the plan (`toolkit/assaybook/plan/`) and the checklists by `make docs`; do not edit. All calls only read."
    yield ""
    yield (
        f"There are {len(CALLS)} rows. `--plan lean` asks {counts['lean']} of them, `--plan standard` (the default) {counts['lean'] + counts['standard']}, `--plan full` all. "
        "Every run also asks `sts:GetCallerIdentity` and `ec2:DescribeRegions`. What a plan leaves out is not known in the report, never passed."
    )
    yield ""
    yield "A call serves a control if the control names it as evidence, or names a call that is made about its records. A call that serves none gives names, tags or the bounds of what was looked at."
    serves = serving(CALLS, catalogue)
    for client, rows in groupby(sorted(CALLS, key=lambda each: each.key), key=lambda each: each.name.partition(":")[0]):
        yield from ("", f"## {client}", "", row(_HEAD), row(["---"] * len(_HEAD)))
        for call in rows:
            permissions = ", ".join(f"`{each}`" for each in permissions_of(call)) or "none"
            yield row(
                (
                    f"`{call.key}`",
                    permissions,
                    call.plan,
                    often(call),
                    cell(call.why),
                    ", ".join(serves[call.key]) or "–",
                )
            )
    yield from _left_open(catalogue)
    yield from _controls(catalogue)


def often(call: Call) -> str:
    """How often a call is made, in words."""
    if call.instead_of:
        return f"in place of `{call.instead_of}`, where that is not supported"
    where = "in each account" if call.scope == GLOBAL else "in each region"
    if call.regions:
        where = f"in {', '.join(call.regions)}"
    if not call.each:
        return f"once {where}"
    what = f"record of `{call.each}`" + (" that it concerns" if call.over or call.when else "")
    return f"for {call.batch} at a time of the records of `{call.each}`" if call.batch else f"for each {what}"


def _left_open(catalogue: Catalogue) -> Iterator[str]:
    yield from ("", "## What each plan leaves open", "")
    yield "A control with checks is left open by a plan as far as it rests on a call that the plan does not make."
    serves = serving(CALLS, catalogue)
    for plan in PLANS[:-1]:
        within = {call.key for call in asked(CALLS, plan)}
        lacking = {
            each: sorted(call.key for call in CALLS if call.key not in within and each in serves[call.key])
            for each in _checked(catalogue)
        }
        found = {each: calls for each, calls in lacking.items() if calls}
        yield from ("", f"### {plan}", "")
        if not found:
            yield "No control with checks rests on what this plan leaves out."
            continue
        yield row(("Control", "What is demanded", "Rests also on"))
        yield row(["---"] * 3)
        for id, calls in found.items():
            yield row((id, cell(catalogue.control(id).title), ", ".join(f"`{each}`" for each in calls)))


def _checked(catalogue: Catalogue) -> list[str]:
    return [each.id for each in catalogue.controls if each.checks]


def _controls(catalogue: Catalogue) -> Iterator[str]:
    yield from ("", "## What controls name as evidence and is not asked as such", "")
    yield row(("Operation", "Why", "Named by"))
    yield row(["---"] * 3)
    for name in sorted({*ANSWERED_BY, *NOT_ASKED_YET}):
        by = [each.id for each in catalogue.controls if name in operations(each) and decided(each)]
        if by:
            why = f"Answered by {ANSWERED_BY[name]}" if name in ANSWERED_BY else NOT_ASKED_YET[name]
            yield row((f"`{name}`", cell(why), ", ".join(by)))


def decided(control: Control) -> bool:
    """Whether code decides the control or narrows it for a person."""
    return control.kind != "manual" and bool(control.checks)
