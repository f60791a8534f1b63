"""Functions that templates declare and functions that accounts have, set beside each other where both were read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ...capture import Captures, has_symbol
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.compute import Workload
from ...tables.scope import InventoryComparison

# The tag that CloudFormation gives to what it makes, and how it names what no template names.
# Source: AWS CloudFormation User Guide, "Resource tag" and "Name type".
LOGICAL = "aws:cloudformation:logical-id"
SHORTEST = 8
_MADE = re.compile(r"-([A-Za-z0-9]+)-[A-Za-z0-9]{8,14}$")
_SYMBOL = re.compile(r"\$\{[^{}]*\}")


def shape_inventory(captures: Captures, ground: Sequence[Row | Hole]) -> Iterator[Row | Hole]:
    """A row for each template with functions and for each account and region; none where only one side was read."""
    rows = [each for each in ground if isinstance(each, Workload)]
    declared = [each for each in rows if captures.declared(each.subject.account)]
    deployed = [each for each in rows if not captures.declared(each.subject.account)]
    unread = [
        each
        for each in ground
        if isinstance(each, Hole) and each.table is Workload and not captures.declared(each.subject.account)
    ]
    if not declared or not (deployed or unread):
        return
    for each in unread:
        yield Hole(InventoryComparison, each.gap, each.subject)
    templates: defaultdict[str, list[Workload]] = defaultdict(list)
    for row in declared:
        templates[row.where.rpartition(":")[0] or row.subject.account].append(row)
    for path, mine in sorted(templates.items()):
        first = mine[0].subject
        subject = Subject(first.provider, first.account, first.region, "template", path, path)
        yield _compared("template", path, mine, deployed, subject)
    places: defaultdict[tuple[str, str, str], list[Workload]] = defaultdict(list)
    for row in deployed:
        places[row.subject.provider, row.subject.account, row.subject.region].append(row)
    for (provider, account, region), mine in sorted(places.items()):
        name = f"{account}/{region}"
        yield _compared("account", name, mine, declared, Subject(provider, account, region, "region", name, name))


def _compared(
    side: str, name: str, mine: Sequence[Workload], others: Sequence[Workload], subject: Subject
) -> InventoryComparison:
    from_template = side == "template"
    told: dict[str, list[str]] = {"same": [], "alike": [], "": []}
    for row in mine:
        pairs = ((row, each) if from_template else (each, row) for each in others)
        found = {_likeness(declared, deployed) for declared, deployed in pairs}
        told["same" if "same" in found else "alike" if "alike" in found else ""].append(row.name)
    return InventoryComparison(
        key=f"{side}|{name}",
        subject=subject,
        sources=tuple(sorted({ref for row in mine for ref in row.sources})),
        where=name if from_template else "",
        side=side,
        name=name,
        functions=len(mine),
        same=len(told["same"]),
        alike=tuple(sorted(told["alike"])),
        missing=tuple(sorted(told[""])),
    )


def _likeness(declared: Workload, deployed: Workload) -> str:
    """Whether a function of a template is one of an account: same, alike or neither (empty)."""
    if declared.name == deployed.name:
        return "same"
    # What no template names is called by its stack and logical id here, of which the stack's name is made up.
    logical = declared.name.rpartition("-")[2]
    tags = deployed.tags
    if not isinstance(tags, Gap) and isinstance(tags, Mapping) and LOGICAL in tags:
        return "same" if "-" in declared.name and tags[LOGICAL] == logical else _pattern(declared.name, deployed.name)
    made = _MADE.search(deployed.name)
    # A name that would be too long is cut within the logical id.
    if (
        made
        and "-" in declared.name
        and (made[1] == logical or (len(made[1]) >= SHORTEST and logical.startswith(made[1])))
    ):
        return "alike"
    return _pattern(declared.name, deployed.name)


def _pattern(declared: str, deployed: str) -> str:
    if not has_symbol(declared):
        return ""
    parts = _SYMBOL.split(declared)
    if not any(part.strip("-_") for part in parts):
        return ""
    return "alike" if re.fullmatch("[A-Za-z0-9_-]+".join(map(re.escape, parts)), deployed) else ""
