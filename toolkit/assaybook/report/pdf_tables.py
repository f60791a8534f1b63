"""Tables that are wider or longer than a page: what is the same in every row is said once, and the rest is split by columns."""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import Block, Inline
from .document import plain
from .pdf_text import BREAKS, MOST_CHARACTERS, UNBROKEN

MOST_ROWS = 400
LETTERS = 116
NARROWEST, WIDEST = 6, 40
MANY = 7
MOST_SAID = 90


def fitted_tables(block: Block) -> list[Block]:
    """One table or several that together say what this one says and fit a page's width. Rows beyond MOST_ROWS are left to report.html, and the caption says so."""
    rows = block["rows"][:MOST_ROWS]
    shown = {**block, "rows": rows, "same": [], "nothing": not rows}
    shown["caption"] = _caption(block, len(rows))
    if block["widths"] or len(block["columns"]) < MANY:
        return [{**shown, "widths": block["widths"] or _weights(shown)}]
    same = [place for place in range(1, len(block["columns"])) if len(rows) > 1 and _same(rows, place)]
    left = [place for place in range(len(block["columns"])) if place not in same]
    weights = dict(zip(range(len(block["columns"])), _weights(shown), strict=True))
    tables = [_picked(shown, group, weights) for group in _groups(left, weights)]
    tables[0]["same"] = [[block["columns"][place], plain(rows[0][place])] for place in same]
    for number, each in enumerate(tables[1:], 2):
        each["caption"] = f"{block['caption'] or 'Table'} (columns, part {number} of {len(tables)})"
    return tables


def _caption(block: Block, rows: int) -> str:
    if block["total"] <= rows:
        return str(block["caption"])
    most = f"{rows:,} of {block['total']:,} rows"
    return f"{block['caption']} ({most})" if block["caption"] else most


def _same(rows: Sequence[Sequence[Sequence[Inline]]], place: int) -> bool:
    first = rows[0][place]
    return len(plain(first)) <= MOST_SAID and all(row[place] == first for row in rows)


def _weights(block: Block) -> list[float]:
    """For each column the letters of all but its longest cells, within bounds, and never fewer than its longest part that cannot break."""
    made = []
    for place, name in enumerate(block["columns"]):
        cells = [plain(row[place]) for row in block["rows"]]
        lengths = sorted(map(len, cells))
        usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
        parts = (part for words in {name, *cells} for part in BREAKS.split(words[:MOST_CHARACTERS]))
        unbroken = max(map(len, parts), default=0) + 1
        made.append(float(min(max(usual, min(unbroken, UNBROKEN), NARROWEST), WIDEST)))
    return made


def _groups(places: Sequence[int], weights: dict[int, float]) -> list[list[int]]:
    """Columns that fit beside the first one, which each group repeats."""
    groups: list[list[int]] = []
    first, taken = places[0], 0.0
    for place in places[1:]:
        if not groups or taken + weights[place] > LETTERS:
            groups.append([first])
            taken = weights[first]
        groups[-1].append(place)
        taken += weights[place]
    return groups or [[first]]


def _picked(block: Block, places: Sequence[int], weights: dict[int, float]) -> Block:
    return {
        **block,
        "columns": [block["columns"][place] for place in places],
        "rows": [[row[place] for place in places] for row in block["rows"]],
        "align": "".join(block["align"][place] for place in places),
        "widths": [weights[place] for place in places],
        "same": [],
    }
