"""Blocks: the plain JSON data of which every notebook output, HTML page and PDF page is made.

A block is a dict with a `kind`. Text is data everywhere and is never parsed as markup. Display objects carry their block under the MIME
type `MIME`; the exporters read only that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MIME = "application/vnd.assaybook.block+json"

Block = dict[str, Any]
Inline = dict[str, Any]
Cell = str | Inline | Sequence[Inline | str]


def text(string: str) -> Inline:
    """A run of plain text."""
    return {"t": "text", "s": string}


def code(string: str) -> Inline:
    """A run of text in the monospaced face: ids, ARNs, commands."""
    return {"t": "code", "s": string}


def strong(string: str) -> Inline:
    """A run of strong text."""
    return {"t": "strong", "c": [text(string)]}


def emphasis(string: str) -> Inline:
    """A run of emphasised text."""
    return {"t": "em", "c": [text(string)]}


def badge(label: str, tone: str) -> Inline:
    """A small label. `tone` is an outcome, status, severity or rating word; it decides colour and shape."""
    return {"t": "badge", "s": label, "tone": tone}


def link(href: str, label: str) -> Inline:
    """A link: https, mailto, or `#anchor` inside the document."""
    return {"t": "link", "href": href, "c": [text(label)]}


def heading(level: int, string: str, anchor: str = "") -> Block:
    """A heading, level 1 to 6; `anchor` is what links point to."""
    return {"kind": "heading", "level": level, "c": [text(string)], "anchor": anchor}


def paragraph(*runs: Inline | str) -> Block:
    """A paragraph of runs; plain strings become text."""
    return {"kind": "par", "c": inlines(runs)}


def inlines(runs: Sequence[Inline | str]) -> list[Inline]:
    """Runs with plain strings made into text."""
    return [text(run) if isinstance(run, str) else run for run in runs]


def note(tone: str, *runs: Inline | str) -> Block:
    """A boxed remark that must not be missed; tone info, warning or alert."""
    return {"kind": "note", "tone": tone, "c": inlines(runs)}


def facts(pairs: Sequence[tuple[str, Cell]], *, columns: int = 1) -> Block:
    """A grid of name and value."""
    rows = [[name, _cell(value)] for name, value in pairs]
    return {"kind": "facts", "rows": rows, "columns": columns}


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    caption: str = "",
    align: str = "",
    total: int | None = None,
    widths: Sequence[float] | None = None,
) -> Block:
    """A table. A cell is a string or a list of runs. `align` has one letter (l, r, c) for each column.

    `total` is how many rows there are in all if only some are shown; the table then says so. `widths` are relative.
    """
    return {
        "kind": "table",
        "columns": list(columns),
        "rows": [[_cell(cell) for cell in row] for row in rows],
        "caption": caption,
        "align": align or "l" * len(columns),
        "total": len(rows) if total is None else total,
        "widths": list(widths) if widths else [],
    }


def _cell(cell: Cell) -> list[Inline]:
    if isinstance(cell, str):
        return [text(cell)]
    return [cell] if isinstance(cell, dict) else inlines(cell)


def finding(
    *,
    title: str,
    outcome: str,
    severity: str,
    subject: str,
    because: str,
    remedy: str = "",
    where: str = "",
    check: str = "",
    id: str = "",
    evidence: Sequence[str] = (),
    details: Sequence[tuple[str, str]] = (),
    waiver: str = "",
    steps: Sequence[Mapping[str, str]] = (),
) -> Block:
    """A card for one finding: what, where, why it matters, what to do. `details` are name and value of facts relied on, `steps` those of a flow, made by `step`."""
    return {
        "kind": "finding",
        "title": title,
        "outcome": outcome,
        "severity": severity,
        "subject": subject,
        "where": where,
        "because": because,
        "remedy": remedy,
        "check": check,
        "id": id,
        "evidence": list(evidence),
        "details": [list(pair) for pair in details],
        "waiver": waiver,
        "steps": [dict(each) for each in steps],
    }


def step(where: str, said: str, code: str = "", mark: str = "step") -> dict[str, str]:
    """One step of a flow: "path:line", what happens there in words, the line of code. `mark` is source, step or sink."""
    return {"where": where, "said": said, "code": code, "mark": mark}


def steps(made: Sequence[Mapping[str, str]], *, caption: str = "", total: int | None = None) -> Block:
    """A flow step by step, numbered, each made by `step`; its source and its sink are marked in words and by shape. `total` is how many there are if only some are shown."""
    return {
        "kind": "steps",
        "caption": caption,
        "steps": [dict(each) for each in made],
        "total": len(made) if total is None else total,
    }


def bullets(items: Sequence[Sequence[Inline | str] | str], *, ordered: bool = False) -> Block:
    """A list of short items."""
    made = [[paragraph(item) if isinstance(item, str) else paragraph(*item)] for item in items]
    return {"kind": "list", "ordered": ordered, "items": made}


def raw(string: str) -> Block:
    """Preformatted text, shown as it is."""
    return {"kind": "raw", "text": string}


def snippets(title: str, items: Sequence[tuple[str, str]], *, remark: str = "") -> Block:
    """Texts to copy, each under the name of the tool that reads it, folded away where that can be; where it cannot, the first of them. `remark` is said beside them."""
    return {"kind": "snippets", "title": title, "remark": remark, "items": [list(pair) for pair in items]}


def error(name: str, message: str) -> Block:
    """A cell or section that failed: visible in the report."""
    return {"kind": "error", "ename": name, "text": message[:2000]}


def chart(form: str, data: Mapping[str, Any], *, alt: str, caption: str = "") -> Block:
    """A drawing made of data by each exporter. `alt` says in words what the drawing shows.

    form `stacked`: {"series": [{"label", "tone"}], "rows": [{"label", "values": [..]}], "unit"}; `heat`: {"columns": [..], "rows": [{"label", "cells": [{"value", "tone"}]}]};
    `gauge`: {"value", "low", "high", "label"} with shares from 0 to 1 or null; `flow`: {"columns": [..], "nodes": [{"column", "label", "note", "tone"}],
    "links": [{"source", "target", "weight", "tone"}], "legend": [{"tone", "label"}]} where a link goes from a node to one of a later column, by their places in `nodes`.
    """
    return {"kind": "chart", "form": form, "data": dict(data), "alt": alt, "caption": caption}


def section(role: str, blocks: Sequence[Block], **attributes: str) -> Block:
    """A group of blocks with a role that styles it: `scope`, `practice`, `control`, `answer`, `cover`, `summary`."""
    return {"kind": "section", "role": role, "blocks": list(blocks), "attributes": dict(attributes)}


def end(area: str, digest: str, status: str) -> Block:
    """The last word of a notebook: without it the notebook did not finish."""
    return {"kind": "end", "area": area, "digest": digest, "status": status}
