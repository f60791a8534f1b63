"""Evidence tables in full, for people who want to see every row."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from ...evidence import Evidence, Gap, Row
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
    shown_rows: list[list[Cell]] = [[str(row.subject), *(_cell(getattr(row, name)) for name in names)] for row in rows]
    first: list[list[Cell]] = [
        [str(hole.subject), [badge("not readable", "unknown"), f" {hole.gap}"], *[""] * (len(names) - 1)]
        for hole in holes
    ]
    columns = ["subject", *(name.replace("_", " ") for name in names)]
    unread = f"; {noun('part', len(holes))} could not be read" if holes else ""
    caption = f"Evidence in full, {_words(table_type.__name__)}: {noun('row', len(rows))}{unread}"
    return table(columns, [*first, *shown_rows], caption=caption)


def _words(name: str) -> str:
    """`EnvironmentVariable` as `environment variable`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


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
