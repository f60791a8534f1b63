"""What a block must be. Blocks come out of notebook files, which anybody may have written, so they are checked before they are rendered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .blocks import Block, Inline

DEEPEST = 24
CHART_FORMS = ("stacked", "heat", "gauge", "flow")
MOST_NODES, MOST_LINKS, MOST_COLUMNS = 120, 300, 6
NOTE_TONES = ("info", "warning", "alert")
STEP_MARKS = ("source", "step", "sink")
IMAGE_FORMATS = ("png", "jpeg", "svg")
_MISSING = object()
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class BlockError(ValueError):
    """A block that is not what it must be: where, and what is wrong."""


Read = Callable[[Any, str, int], Any]


def valid_blocks(value: Any, where: str = "blocks", depth: int = 0) -> list[Block]:
    """The blocks, with every optional field filled in and every other one dropped. Raises BlockError."""
    if depth > DEEPEST:
        raise BlockError(f"{where}: nested more than {DEEPEST} deep")
    return [valid_block(each, f"{where}[{place}]", depth) for place, each in enumerate(_list(value, where))]


def valid_block(value: Any, where: str = "block", depth: int = 0) -> Block:
    """One block, as `valid_blocks`. Raises BlockError."""
    if not isinstance(value, Mapping):
        raise BlockError(f"{where}: a block is an object with a `kind`, not {type(value).__name__}")
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise BlockError(f"{where}: unknown kind of block {kind!r:.60}; known are {', '.join(_KINDS)}")
    made: Block = {"kind": kind}
    for name, (read, default) in _KINDS[kind].items():
        given = value.get(name, default)
        if given is _MISSING:
            raise BlockError(f"{where}: a block of kind {kind} needs `{name}`")
        made[name] = read(given, f"{where}.{name}", depth)
    return _FINISH[kind](made, where) if kind in _FINISH else made


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise BlockError(f"{where}: must be a list, not {type(value).__name__}")
    return list(value)


def _string(value: Any, where: str, depth: int) -> str:
    if not isinstance(value, str):
        raise BlockError(f"{where}: must be text, not {type(value).__name__}")
    return value


def _strings(value: Any, where: str, depth: int) -> list[str]:
    return [_string(each, where, depth) for each in _list(value, where)]


def _words(value: Any, where: str, depth: int) -> str:
    if not _string(value, where, depth).strip():
        raise BlockError(f"{where}: must say in words what is shown")
    return str(value)


def _base64(value: Any, where: str, depth: int) -> str:
    packed = "".join(_string(value, where, depth).split())
    if not _BASE64.fullmatch(packed):
        raise BlockError(f"{where}: must be base64")
    return packed


def _true(value: Any, where: str, depth: int) -> bool:
    if not isinstance(value, bool):
        raise BlockError(f"{where}: must be true or false")
    return value


def _whole(least: int, most: int) -> Read:
    def read(value: Any, where: str, depth: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BlockError(f"{where}: must be a whole number from {least} to {most}")
        return value

    return read


def _one_of(*words: str) -> Read:
    def read(value: Any, where: str, depth: int) -> str:
        if value not in words:
            raise BlockError(f"{where}: must be one of {', '.join(words)}, not {value!r:.60}")
        return str(value)

    return read


def _weights(value: Any, where: str, depth: int) -> list[float]:
    return [_number(each, where) for each in _list(value, where)]


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e12:
        raise BlockError(f"{where}: must be a number that is not negative")
    return value


def _inlines(value: Any, where: str, depth: int) -> list[Inline]:
    if depth > DEEPEST:
        raise BlockError(f"{where}: nested more than {DEEPEST} deep")
    return [_inline(each, where, depth) for each in _list(value, where)]


def _inline(value: Any, where: str, depth: int) -> Inline:
    if isinstance(value, str):
        return {"t": "text", "s": value}
    form = value.get("t") if isinstance(value, Mapping) else None
    if form in ("text", "code"):
        return {"t": form, "s": _string(value.get("s"), where, depth)}
    if form == "badge":
        return {
            "t": "badge",
            "s": _string(value.get("s"), where, depth),
            "tone": _string(value.get("tone", ""), where, depth),
        }
    if form in ("strong", "em"):
        return {"t": form, "c": _inlines(value.get("c"), where, depth + 1)}
    if form == "br":
        return {"t": "br"}
    if form == "link":
        return _link(value, where, depth)
    raise BlockError(f"{where}: unknown kind of run {form!r:.60}; known are text, code, strong, em, badge, link, br")


def _link(value: Mapping[str, Any], where: str, depth: int) -> Inline:
    """A link to the web, to mail or within the document; any other scheme (`javascript:`, `file:`, `data:`) leaves only its text."""
    href, runs = _string(value.get("href"), where, depth), _inlines(value.get("c"), where, depth + 1)
    if href.startswith(("https://", "http://", "mailto:", "#")) and not any(each <= " " for each in href):
        return {"t": "link", "href": href, "c": runs}
    return {"t": "em", "c": runs}


def _cell(value: Any, where: str, depth: int) -> list[Inline]:
    return [{"t": "text", "s": value}] if isinstance(value, str) else _inlines(value, where, depth)


def _rows(value: Any, where: str, depth: int) -> list[list[list[Inline]]]:
    return [[_cell(cell, where, depth) for cell in _list(row, where)] for row in _list(value, where)]


def _facts(value: Any, where: str, depth: int) -> list[list[Any]]:
    rows = []
    for pair in _list(value, where):
        if len(_list(pair, where)) != 2:
            raise BlockError(f"{where}: each row is a name and a value")
        rows.append([_string(pair[0], where, depth), _cell(pair[1], where, depth)])
    return rows


def _pairs(value: Any, where: str, depth: int) -> list[list[str]]:
    pairs = [_strings(pair, where, depth) for pair in _list(value, where)]
    if any(len(pair) != 2 for pair in pairs):
        raise BlockError(f"{where}: each row is a name and a value")
    return pairs


def _steps(value: Any, where: str, depth: int) -> list[dict[str, str]]:
    return [
        {
            "where": _string(each.get("where"), where, depth),
            "said": _string(each.get("said"), where, depth),
            "code": _string(each.get("code", ""), where, depth),
            "mark": _one_of(*STEP_MARKS)(each.get("mark", "step"), where, depth),
        }
        for each in _objects(value, where)
    ]


def _items(value: Any, where: str, depth: int) -> list[list[Block]]:
    return [valid_blocks(item, where, depth + 1) for item in _list(value, where)]


def _inner(value: Any, where: str, depth: int) -> list[Block]:
    return valid_blocks(value, where, depth + 1)


def _attributes(value: Any, where: str, depth: int) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise BlockError(f"{where}: must be an object")
    return {str(name): _string(each, where, depth) for name, each in value.items()}


def _data(value: Any, where: str, depth: int) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BlockError(f"{where}: must be an object")
    return dict(value)


def _even(block: Block, where: str) -> Block:
    """Every row as long as the head: short ones filled, long ones cut with their rest in the last cell."""
    columns = block["columns"]
    if not columns:
        raise BlockError(f"{where}: a table needs columns")
    width = len(columns)
    rows = [_fitted(row, width) for row in block["rows"]]
    align = "".join(each if each in "lrc" else "l" for each in block["align"])[:width].ljust(width, "l")
    widths = block["widths"] if len(block["widths"]) == width and all(block["widths"]) else []
    total = max(block["total"], len(rows))
    return {**block, "rows": rows, "align": align, "widths": widths, "total": total}


def _fitted(row: list[list[Inline]], width: int) -> list[list[Inline]]:
    kept = [*row[:width], *([] for _ in range(width - len(row)))]
    for extra in row[width:]:
        kept[-1] = [*kept[-1], {"t": "text", "s": " "}, *extra]
    return kept


def _drawing(block: Block, where: str) -> Block:
    """A chart whose data has the shape that its form needs."""
    data = block["data"]
    made = {"stacked": _stacked, "heat": _heat, "gauge": _gauge, "flow": _flow}[block["form"]](data, f"{where}.data")
    return {**block, "data": made}


def _stacked(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    series = [
        {"label": _string(each.get("label"), where, 0), "tone": _string(each.get("tone", ""), where, 0)}
        for each in _objects(data.get("series"), where)
    ]
    rows = []
    for row in _objects(data.get("rows"), where):
        values = [_number(each, where) for each in _list(row.get("values"), where)]
        if len(values) != len(series):
            raise BlockError(f"{where}: each row has one value for each series")
        rows.append({"label": _string(row.get("label"), where, 0), "values": values})
    return {"series": series, "rows": rows, "unit": _string(data.get("unit", ""), where, 0)}


def _heat(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    columns = _strings(data.get("columns"), where, 0)
    rows = []
    for row in _objects(data.get("rows"), where):
        cells = [
            {"value": _number(each.get("value"), where), "tone": _string(each.get("tone", ""), where, 0)}
            for each in _objects(row.get("cells"), where)
        ]
        if len(cells) != len(columns):
            raise BlockError(f"{where}: each row has one cell for each column")
        rows.append({"label": _string(row.get("label"), where, 0), "cells": cells})
    return {"columns": columns, "rows": rows}


def _gauge(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    shares = {name: _share(data.get(name), where) for name in ("value", "low", "high", "coverage")}
    words = {name: _string(data.get(name, ""), where, 0) for name in ("label", "tone")}
    return {**shares, **words}


def _flow(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    columns = _strings(data.get("columns"), where, 0)
    if not 2 <= len(columns) <= MOST_COLUMNS:
        raise BlockError(f"{where}: a flow has 2 to {MOST_COLUMNS} columns")
    nodes: list[dict[str, Any]] = [
        {
            "column": _place(each.get("column"), len(columns), where),
            "label": _string(each.get("label"), where, 0),
            "note": _string(each.get("note", ""), where, 0),
            "tone": _string(each.get("tone", ""), where, 0),
        }
        for each in _objects(data.get("nodes"), where)
    ]
    links: list[dict[str, Any]] = [
        {
            "source": _place(each.get("source"), len(nodes), where),
            "target": _place(each.get("target"), len(nodes), where),
            "weight": _number(each.get("weight", 1), where),
            "tone": _string(each.get("tone", ""), where, 0),
        }
        for each in _objects(data.get("links"), where)
    ]
    if len(nodes) > MOST_NODES or len(links) > MOST_LINKS:
        raise BlockError(f"{where}: a flow has at most {MOST_NODES} nodes and {MOST_LINKS} links")
    if any(nodes[each["source"]]["column"] >= nodes[each["target"]]["column"] for each in links):
        raise BlockError(f"{where}: a link goes to a later column")
    legend = [
        {"tone": _string(each.get("tone", ""), where, 0), "label": _string(each.get("label"), where, 0)}
        for each in _objects(data.get("legend", []), where)
    ]
    return {"columns": columns, "nodes": nodes, "links": links, "legend": legend}


def _place(value: Any, many: int, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < many:
        raise BlockError(f"{where}: {value!r} is no place among {many}")
    return value


def _share(value: Any, where: str) -> float | None:
    return None if value is None else min(1.0, _number(value, where))


def _objects(value: Any, where: str) -> list[Mapping[str, Any]]:
    found = _list(value, where)
    if not all(isinstance(each, Mapping) for each in found):
        raise BlockError(f"{where}: must be a list of objects")
    return found


_TEXT = (_string, _MISSING)
_OPTIONAL = (_string, "")
_RUNS = (_inlines, _MISSING)

_KINDS: Mapping[str, Mapping[str, tuple[Read, Any]]] = {
    "heading": {"level": (_whole(1, 6), _MISSING), "c": _RUNS, "anchor": _OPTIONAL},
    "par": {"c": _RUNS},
    "quote": {"blocks": (_inner, _MISSING)},
    "list": {"ordered": (_true, False), "items": (_items, _MISSING)},
    "raw": {"text": _TEXT},
    "snippets": {"title": _TEXT, "remark": _OPTIONAL, "items": (_pairs, _MISSING)},
    "table": {
        "columns": (_strings, _MISSING),
        "rows": (_rows, _MISSING),
        "caption": _OPTIONAL,
        "align": _OPTIONAL,
        "total": (_whole(0, 10**9), 0),
        "widths": (_weights, []),
    },
    "facts": {"rows": (_facts, _MISSING), "columns": (_whole(1, 3), 1)},
    "note": {"tone": (_one_of(*NOTE_TONES), _MISSING), "c": _RUNS},
    "finding": {
        **dict.fromkeys(("title", "outcome", "severity", "subject", "because"), _TEXT),
        **dict.fromkeys(("where", "remedy", "check", "id", "waiver"), _OPTIONAL),
        "evidence": (_strings, []),
        "details": (_pairs, []),
        "steps": (_steps, []),
    },
    "steps": {"steps": (_steps, _MISSING), "caption": _OPTIONAL, "total": (_whole(0, 10**9), 0)},
    "image": {
        "format": (_one_of(*IMAGE_FORMATS), _MISSING),
        "data": (_base64, _MISSING),
        "alt": (_words, _MISSING),
        "caption": _OPTIONAL,
    },
    "error": {"ename": _TEXT, "text": _OPTIONAL},
    "chart": {
        "form": (_one_of(*CHART_FORMS), _MISSING),
        "data": (_data, _MISSING),
        "alt": (_words, _MISSING),
        "caption": _OPTIONAL,
    },
    "section": {"role": _TEXT, "blocks": (_inner, _MISSING), "attributes": (_attributes, {})},
    "end": {"area": _TEXT, "digest": _OPTIONAL, "status": _OPTIONAL},
}
_FINISH: Mapping[str, Callable[[Block, str], Block]] = {"table": _even, "chart": _drawing}
