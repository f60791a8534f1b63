"""What an executed notebook shows, as blocks: Markdown cells and outputs, never the code of its cells.

A notebook file is data that anybody may have written. Nothing in it is run, fetched or taken for markup, and what cannot be shown leaves a visible remark.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from .blocks import MIME, Block, error, note, raw
from .markdown_blocks import markdown_blocks
from .stray_tables import stray_tables
from .validate import BlockError, valid_block

HIDDEN_TAGS = frozenset({"remove-cell", "remove_cell"})
HIDDEN_OUTPUT_TAGS = frozenset({"remove-output", "remove_output"})
WIDGET = "application/vnd.jupyter.widget-view+json"
MOST_TEXT = 20_000
PNG = b"\x89PNG\r\n\x1a\n"
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")


def notebook_blocks(notebook: Any) -> list[Block]:
    """The blocks of an executed notebook (an nbformat 4 node or the same as plain dicts), in order.

    Cells tagged `remove-cell` are left out, as are code and the error stream. An output that says it is a block and is none shows as an error.
    """
    return [block for cell in notebook["cells"] for block in _cell(cell)]


def _cell(cell: Any) -> Iterator[Block]:
    tags = frozenset(cell.get("metadata", {}).get("tags", ()))
    if tags & HIDDEN_TAGS:
        return
    if cell["cell_type"] == "markdown":
        yield from markdown_blocks(_joined(cell["source"]))
    elif cell["cell_type"] == "code" and not tags & HIDDEN_OUTPUT_TAGS:
        for output in cell.get("outputs", ()):
            yield from _output(output)


def _output(output: Any) -> Iterator[Block]:
    kind = output["output_type"]
    if kind == "stream":
        if output.get("name") == "stdout":
            yield from _text(_joined(output["text"]))
    elif kind == "error":
        yield error(_joined(output.get("ename", "")) or "Error", unescaped(_joined(output.get("evalue", ""))))
    elif kind in ("display_data", "execute_result"):
        yield from _rich(output.get("data", {}))


def _rich(data: Any) -> Iterator[Block]:
    """The best form of an output that a report can show: our block, an image, tables, Markdown, text."""
    if WIDGET in data and MIME not in data:
        return
    if MIME in data:
        yield from _ours(data[MIME])
        return
    if "image/png" in data:
        yield _image(_joined(data["image/png"]), _joined(data.get("text/plain", "")))
        return
    if "text/html" in data:
        tables = stray_tables(_joined(data["text/html"]))
        if tables:
            yield from tables
            return
    if "text/markdown" in data:
        yield from markdown_blocks(_joined(data["text/markdown"]))
    elif "text/plain" in data:
        yield from _text(_joined(data["text/plain"]))
    elif data:
        yield note("info", f"An output of a form that reports do not show: {', '.join(sorted(data))}.")


def _ours(found: Any) -> Iterator[Block]:
    """Blocks of our own MIME type: one, or a list of them."""
    for number, block in enumerate(found if isinstance(found, list) else [found], 1):
        try:
            yield valid_block(block, f"output block {number}")
        except BlockError as problem:
            yield error("BlockError", str(problem))


def _image(encoded: str, described: str) -> Block:
    try:
        image = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        image = b""
    if not image.startswith(PNG):
        return note("warning", "An image that could not be read was left out.")
    words = unescaped(described).strip()[:200]
    alt = f"Image made by a cell of the notebook: {words}" if words else "Image made by a cell of the notebook"
    return {"kind": "image", "format": "png", "data": base64.b64encode(image).decode(), "alt": alt, "caption": ""}


def _text(text: str) -> Iterator[Block]:
    said = unescaped(text).rstrip("\n")
    if len(said) > MOST_TEXT:
        said = f"{said[:MOST_TEXT]}\n… {len(said) - MOST_TEXT:,} more characters are in the notebook"
    if said.strip():
        yield raw(said)


def unescaped(text: str) -> str:
    """The text without the colour and cursor sequences of a terminal."""
    return _ESCAPES.sub("", text).replace("\r\n", "\n")


def _joined(text: Any) -> str:
    """A text of a notebook, which may be stored as a list of lines."""
    if isinstance(text, str):
        return text
    return "".join(each for each in text if isinstance(each, str)) if isinstance(text, list) else ""
