"""Evidence tables in full, for people who want to see every row."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from ...evidence import Evidence, Gap, Row, plural
from ..blocks import Block, Cell, Inline, badge, code, table
from ..exports.findings_json import shown
from .wording import noun

_HIDDEN = ("key", "subject", "sources", "setting", "policy", "policies", "trust", "boundary")


def table_block(evidence: Evidence, table_type: type[Row], fields: Sequence[str] = ()) -> Block:
    """Every row of a table; what could not be read is shown as such, and holes come first."""
    rows = evidence.rows(table_type)
    names = list(fields) or [each.name for each in dataclasses.fields(table_type) if each.name not in _HIDDEN]
    if not fields and "name" in names and all(getattr(row, "name", None) == str(row.subject) for row in rows):
        names.remove("name")
    holes = evidence.holes(table_type)
    shown_rows: list[list[Cell]] = [
        [str(row.subject), *(_cell(_short(name, getattr(row, name))) for name in names)] for row in rows
    ]
    first: list[list[Cell]] = [
        [str(hole.subject), [badge("not readable", "unknown"), f" {hole.gap}"], *[""] * (len(names) - 1)]
        for hole in holes
    ]
    columns = ["subject", *(name.replace("_", " ") for name in names)]
    unread = f"; {noun('part', len(holes))} could not be read" if holes else ""
    caption = f"Evidence in full: {len(rows):,} {plural(table_type)}{unread}"
    return table(columns, [*first, *shown_rows], caption=caption)


def _short(name: str, value: object) -> object:
    """Keys of workloads and roles are ARNs; their last part is what people call them."""
    if name in ("workload", "role") and isinstance(value, str):
        return re.split("[:/]", value)[-1]
    if name == "workloads" and isinstance(value, tuple):
        return tuple(re.split("[:/]", str(each))[-1] for each in value)
    return value


def _cell(value: object) -> list[Inline | str]:
    if isinstance(value, Gap):
        return [badge("not known", "unknown"), f" {value}"]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if value is None or value in ("", ()):
        return ["–"]
    made = shown(value)
    if isinstance(made, dict):
        return [", ".join(f"{name}={each}" for name, each in made.items()) or "–"]
    if isinstance(made, list):
        return [", ".join(str(each) for each in made)]
    return [code(str(made))] if str(made).startswith("arn:") else [str(made)]
