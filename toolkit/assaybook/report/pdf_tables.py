"""Tables that are wider or longer than a page: what is the same in every row is said once, and the rest is split by columns."""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import Block, Inline
from .document import plain
from .pdf_text import BREAKS, MOST_CHARACTERS, UNBROKEN

MOST_ROWS = 400
LETTERS = 116
NARROWEST, WIDEST = 6, 40
PADDING = 2
SHORT = 20
MANY = 7
MOST_SAID = 90


def fitted_tables(block: Block) -> list[Block]:
    """One table or several that together say what this one says and fit a page's width. Rows beyond MOST_ROWS are left to report.html, and the caption says so."""
    rows = block["rows"][:MOST_ROWS]
    shown = {**block, "rows": rows, "same": [], "unread": False, "nothing": not rows}
    shown["caption"] = _caption(block, len(rows))
    if block["widths"] or len(block["columns"]) < MANY:
        return [{**shown, "widths": _widened(shown) if block["widths"] else _weights(shown)}]
    read = [row for row in rows if _is_read(row)]
    said = {place: value for place in range(1, len(block["columns"])) if (value := _same(block, read, place))}
    left = [place for place in range(len(block["columns"])) if place not in said]
    weights = dict(zip(range(len(block["columns"])), _weights(shown), strict=True))
    first, *more = [_picked(shown, group, weights) for group in _groups(left, weights)]
    first["same"] = [[block["columns"][place], value] for place, value in said.items()]
    first["unread"] = len(read) < len(rows)
    for number, each in enumerate(more, 2):
        each["caption"] = f"{block['caption'] or 'Table'} (columns, part {number} of {len(more) + 1})"
        each["rows"] = [row for row in each["rows"] if _is_read(row, 1)]
    return [first, *more]


def _is_read(row: Sequence[Sequence[Inline]], start: int = 2) -> bool:
    """Whether a row says more than what it is about and that it could not be read."""
    return any(plain(cell) for cell in row[start:])


def _same(block: Block, rows: Sequence[Sequence[Sequence[Inline]]], place: int) -> str:
    """What a column says in every row, empty if the rows differ; of a column that repeats the first one, that it does."""
    if len(rows) < 2:
        return ""
    first = plain(rows[0][place])
    if first and len(first) <= MOST_SAID and all(row[place] == rows[0][place] for row in rows):
        return first
    repeats = all(plain(row[place]) == plain(row[0]) for row in rows)
    return f"the {block['columns'][0]}" if repeats else ""


def _caption(block: Block, rows: int) -> str:
    if block["total"] <= rows:
        return str(block["caption"])
    most = f"{rows:,} of {block['total']:,} rows"
    return f"{block['caption']} ({most})" if block["caption"] else most


def _weights(block: Block) -> list[float]:
    """For each column the letters of all but its longest cells, within bounds, and never fewer than its longest part that cannot break."""
    made = []
    for place, name in enumerate(block["columns"]):
        cells = [plain(row[place]) for row in block["rows"]]
        lengths = sorted(map(len, cells))
        usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
        parts = (part for words in {name, *cells} for part in BREAKS.split(words[:MOST_CHARACTERS]))
        unbroken = max(map(len, parts), default=0) + 1
        made.append(float(min(max(usual, min(unbroken, UNBROKEN), NARROWEST), WIDEST) + PADDING))
    return made


def _widened(block: Block) -> list[float]:
    """The widths that were asked for, in letters, with room for columns whose cells are all short: a time or a number takes one line."""
    made = []
    for place, width in enumerate(block["widths"]):
        asked = LETTERS * width / sum(block["widths"])
        longest = max((len(plain(row[place])) for row in block["rows"]), default=0)
        made.append(max(asked, float(longest + PADDING)) if longest <= SHORT else asked)
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
