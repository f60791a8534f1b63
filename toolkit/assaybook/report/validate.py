"""Whether data are blocks. Blocks come out of notebook files, so nothing about their form can be taken for granted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

DEEPEST = 24
TONES = frozenset({"info", "warning", "alert"})


class BlockError(ValueError):
    """Data that are no blocks: where, and what is wrong."""


def validate(block: object, where: str = "block", depth: int = 0) -> None:
    """Refuse what no exporter can show. Raises BlockError, which names the place."""
    if depth > DEEPEST:
        raise BlockError(f"{where}: blocks are nested deeper than {DEEPEST}")
    if not isinstance(block, dict):
        raise BlockError(f"{where}: a block is an object with a kind, this is {type(block).__name__}")
    kind = block.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise BlockError(f"{where}: unknown kind {kind!r:.60}; known are {', '.join(sorted(_KINDS))}")
    _KINDS[kind](_Reader(block, f"{where} ({kind})", depth))


class _Reader:
    """Reads the fields of a block, and refuses those of another type."""

    def __init__(self, block: Mapping[str, Any], where: str, depth: int) -> None:
        self.block, self.where, self.depth = block, where, depth

    def strings(self, *names: str) -> None:
        for name in names:
            self.typed(name, str)

    def typed(self, name: str, wanted: type) -> Any:
        value = self.block.get(name)
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise BlockError(f"{self.where}: {name} must be {wanted.__name__}, it is {type(value).__name__}")
        return value

    def runs(self, value: object, place: str, depth: int = 0) -> None:
        if not isinstance(value, list) or depth > DEEPEST:
            raise BlockError(f"{self.where}: {place} must be a list of runs")
        for run in value:
            if not isinstance(run, dict):
                raise BlockError(f"{self.where}: {place} holds {type(run).__name__} where a run is due")
            self._run(run, place, depth)

    def _run(self, run: Mapping[str, Any], place: str, depth: int) -> None:
        kind = run.get("t")
        needed = _RUNS.get(kind) if isinstance(kind, str) else None
        if needed is None:
            raise BlockError(f"{self.where}: unknown run {kind!r:.60} in {place}; known are {', '.join(sorted(_RUNS))}")
        for name in needed:
            if name == "c":
                self.runs(run.get("c"), place, depth + 1)
            elif not isinstance(run.get(name), str):
                raise BlockError(f"{self.where}: a run {kind} in {place} needs {name} as a string")

    def blocks(self, value: object, place: str) -> None:
        if not isinstance(value, list):
            raise BlockError(f"{self.where}: {place} must be a list of blocks")
        for number, each in enumerate(value, 1):
            validate(each, f"{self.where}, {place} {number}", self.depth + 1)


def _heading(reader: _Reader) -> None:
    if not 1 <= reader.typed("level", int) <= 6:
        raise BlockError(f"{reader.where}: level must be 1 to 6")
    reader.strings("anchor")
    reader.runs(reader.block.get("c"), "c")


def _words(reader: _Reader) -> None:
    reader.runs(reader.block.get("c"), "c")


def _note(reader: _Reader) -> None:
    _words(reader)
    reader.strings("tone")
    if reader.block["tone"] not in TONES:
        raise BlockError(f"{reader.where}: tone must be one of {', '.join(sorted(TONES))}")


def _facts(reader: _Reader) -> None:
    reader.typed("columns", int)
    for row in reader.typed("rows", list):
        if not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], str):
            raise BlockError(f"{reader.where}: a row is a name and its value")
        reader.runs(row[1], "value")


def _table(reader: _Reader) -> None:
    columns = reader.typed("columns", list)
    if not all(isinstance(each, str) for each in columns):
        raise BlockError(f"{reader.where}: columns must be strings")
    reader.strings("caption", "align")
    reader.typed("total", int)
    if not all(isinstance(each, int | float) and each > 0 for each in reader.typed("widths", list)):
        raise BlockError(f"{reader.where}: widths must be numbers above 0")
    for row in reader.typed("rows", list):
        if not isinstance(row, list):
            raise BlockError(f"{reader.where}: a row must be a list of cells")
        for cell in row:
            reader.runs(cell, "cell")


def _finding(reader: _Reader) -> None:
    reader.strings("title", "outcome", "severity", "subject", "where", "because", "remedy", "check", "id", "waiver")
    if not all(isinstance(each, str) for each in reader.typed("evidence", list)):
        raise BlockError(f"{reader.where}: evidence must be strings")
    for pair in reader.typed("details", list):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(each, str) for each in pair):
            raise BlockError(f"{reader.where}: details are names and values")


def _list(reader: _Reader) -> None:
    reader.typed("ordered", bool)
    for item in reader.typed("items", list):
        reader.blocks(item, "item")


def _chart(reader: _Reader) -> None:
    reader.strings("alt", "caption", "form")
    data = reader.typed("data", dict)
    form = reader.block["form"]
    if not reader.block["alt"].strip():
        raise BlockError(f"{reader.where}: a chart needs words that say what it shows (alt)")
    if form not in _CHARTS:
        raise BlockError(f"{reader.where}: unknown form {form!r:.60}; known are {', '.join(sorted(_CHARTS))}")
    if not _CHARTS[form](data):
        raise BlockError(f"{reader.where}: the data do not fit the form {form}")


def _is_share(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _gauge_data(data: Mapping[str, Any]) -> bool:
    shares = all(_is_share(data.get(name)) for name in ("value", "low", "high", "coverage"))
    return shares and isinstance(data.get("label"), str) and isinstance(data.get("tone", ""), str)


def _is_labelled(rows: object) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and isinstance(row.get("label"), str) for row in rows)


def _stacked_data(data: Mapping[str, Any]) -> bool:
    series, rows = data.get("series"), data.get("rows")
    if not (_is_labelled(series) and _is_labelled(rows) and isinstance(data.get("unit", ""), str)):
        return False
    assert isinstance(series, list)
    assert isinstance(rows, list)
    values = (row.get("values") for row in rows)
    return all(isinstance(each.get("tone"), str) for each in series) and all(
        isinstance(each, list) and len(each) == len(series) and all(map(_is_count, each)) for each in values
    )


def _heat_data(data: Mapping[str, Any]) -> bool:
    columns, rows = data.get("columns"), data.get("rows")
    if not (isinstance(columns, list) and all(isinstance(each, str) for each in columns) and _is_labelled(rows)):
        return False
    assert isinstance(rows, list)
    return all(
        isinstance(row.get("cells"), list)
        and len(row["cells"]) == len(columns)
        and all(
            isinstance(cell, dict) and _is_count(cell.get("value")) and isinstance(cell.get("tone"), str)
            for cell in row["cells"]
        )
        for row in rows
    )


def _image(reader: _Reader) -> None:
    reader.strings("alt", "mime", "data")
    if reader.block["mime"] != "image/png":
        raise BlockError(f"{reader.where}: only images of type image/png can be shown")


def _section(reader: _Reader) -> None:
    reader.strings("role")
    reader.typed("attributes", dict)
    reader.blocks(reader.block.get("blocks"), "blocks")


_RUNS: dict[str, tuple[str, ...]] = {
    "text": ("s",),
    "code": ("s",),
    "strong": ("c",),
    "em": ("c",),
    "badge": ("s", "tone"),
    "link": ("href", "c"),
    "br": (),
}
_CHARTS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "gauge": _gauge_data,
    "heat": _heat_data,
    "stacked": _stacked_data,
}
_KINDS: dict[str, Callable[[_Reader], None]] = {
    "chart": _chart,
    "end": lambda reader: reader.strings("area", "digest", "status"),
    "error": lambda reader: reader.strings("ename", "text"),
    "facts": _facts,
    "finding": _finding,
    "heading": _heading,
    "image": _image,
    "list": _list,
    "note": _note,
    "par": _words,
    "quote": lambda reader: reader.blocks(reader.block.get("blocks"), "blocks"),
    "raw": lambda reader: reader.strings("text"),
    "section": _section,
    "table": _table,
}
