"""Tables out of HTML that is not ours, such as the repr of a DataFrame: their text alone, as table blocks."""

from __future__ import annotations

from html.parser import HTMLParser

from .blocks import Block, table

MOST_ROWS = 2_000
MOST_COLUMNS = 60
_SKIPPED = frozenset({"script", "style", "template", "head", "title"})


def stray_tables(markup: str) -> list[Block]:
    """The tables of an HTML text as blocks, empty if there is none. A table within a table is read as part of its cell's words."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return [made for rows, head in reader.tables if (made := _block(rows, head)) is not None]


def _block(rows: list[list[str]], head: int) -> Block | None:
    width = min(max((len(row) for row in rows), default=0), MOST_COLUMNS)
    if not width:
        return None
    padded = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    columns = [" ".join(filter(None, names)) for names in zip(*padded[:head], strict=True)] if head else [""] * width
    body = padded[head:]
    return table(columns, body[:MOST_ROWS], total=len(body))


class _Reader(HTMLParser):
    """Collects the words of cells; `tables` holds rows and how many of them are headings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[list[list[str]], int]] = []
        self.rows: list[list[str]] = []
        self.head = 0
        self.depth = 0
        self.skipped = 0
        self.in_head = False
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell; a cell that spans columns fills them with nothing."""
        if tag in _SKIPPED:
            self.skipped += 1
        elif tag == "table":
            self.depth += 1
        elif self.depth != 1:
            return
        elif tag == "thead":
            self.in_head = True
        elif tag == "tr":
            self._end_cell()
            self.rows.append([])
            self.head += self.in_head
        elif tag in ("td", "th") and self.rows:
            self._end_cell()
            self.cell = []
            span = next((value or "1" for name, value in attrs if name == "colspan"), "1")
            if span.isdecimal() and len(span) < 4:
                self.rows[-1] += [""] * min(int(span) - 1, MOST_COLUMNS)

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, the head or the table."""
        if tag in _SKIPPED:
            self.skipped = max(0, self.skipped - 1)
        elif tag == "table" and self.depth:
            self.depth -= 1
            if not self.depth:
                self._end_cell()
                self.tables.append((self.rows, self.head))
                self.rows, self.head, self.in_head = [], 0, False
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()
        elif self.depth == 1 and tag == "thead":
            self.in_head = False

    def handle_data(self, data: str) -> None:
        """Keep the words of the open cell."""
        if self.cell is not None and not self.skipped:
            self.cell.append(data)

    def close(self) -> None:
        """A table that was never closed counts as it stands."""
        super().close()
        if self.depth:
            self._end_cell()
            self.tables.append((self.rows, self.head))

    def _end_cell(self) -> None:
        if self.cell is not None:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
