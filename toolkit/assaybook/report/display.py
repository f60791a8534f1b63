"""What a notebook cell shows: blocks as text, as HTML for JupyterLab, and as data for the exporters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from .blocks import MIME, Block, Inline
from .document import plain, walk
from .glyphs import visible
from .markup import blocks_module, read_template
from .tones import dark_stylesheet, stylesheet
from .validate import valid_blocks

_WIDEST = 60
_LAB = (
    ".assaybook{--text:var(--jp-content-font-color1,#1c2328);--quiet:var(--jp-content-font-color2,#56626c);--line:var(--jp-border-color2,#d9dfe3);"
    "--soft:var(--jp-layout-color2,#f5f7f8);--page:var(--jp-layout-color0,#ffffff);font-size:14px;max-width:72em;padding:2px}"
)
_LAB_DARK = 'body[data-jp-theme-light="false"] .assaybook{--text:#e3e8ec;--quiet:#a3afb9;--line:#3c464e;--soft:#20272c;--page:var(--jp-layout-color0,#111111);--accent:#8cc4dc}'


class Shown:
    """Blocks that a notebook displays. The exporters read the blocks; JupyterLab shows the HTML, which brings its own style and no script."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = valid_blocks(blocks)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self.html(), MIME: [_short(each) for each in self.blocks]}

    def __repr__(self) -> str:
        return "\n".join(_lines(self.blocks)) or "nothing to show"

    def html(self) -> str:
        """The blocks as an HTML fragment with its style."""
        anchors = {each["anchor"] for each in walk(self.blocks) if each["kind"] == "heading"}
        content = Markup(blocks_module().blocks(_unlinked(self.blocks, anchors)))
        return str(Markup('<style>{}</style><div class="assaybook">{}</div>').format(_style(), content))


def _short(block: Block) -> Block:
    """The block with plain cells of tables as strings, as a block may be given: notebooks hold thousands of them."""
    if block["kind"] == "section":
        return {**block, "blocks": [_short(each) for each in block["blocks"]]}
    if block["kind"] == "table":
        return {**block, "rows": [[_word(cell) for cell in row] for row in block["rows"]]}
    return block


def _word(cell: list[Inline]) -> str | list[Inline]:
    return str(cell[0]["s"]) if len(cell) == 1 and cell[0]["t"] == "text" else cell


def _unlinked(value: Any, anchors: set[str]) -> Any:
    """The same with links to places outside these blocks (another notebook of the report) as plain words."""
    if isinstance(value, list):
        return [_unlinked(each, anchors) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("t") == "link" and value["href"].startswith("#") and value["href"][1:] not in anchors:
        return {"t": "text", "s": plain(value["c"])}
    return {name: _unlinked(each, anchors) for name, each in value.items()}


@cache
def _style() -> Markup:
    parts = (
        # Twice the class, since JupyterLab's own rules for tables name two.
        read_template("blocks.css").replace(".assaybook ", ".assaybook.assaybook "),
        _LAB,
        stylesheet(".assaybook"),
        _LAB_DARK,
        dark_stylesheet('body[data-jp-theme-light="false"] .assaybook'),
    )
    return Markup("\n".join(parts))


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks in plain text, for terminals and diffs; control characters are made visible."""
    for block in blocks:
        match block["kind"]:
            case "section" | "quote":
                yield from _lines(block["blocks"])
            case "heading" | "par" | "note":
                yield visible(plain(block["c"]))
            case "list":
                yield from (f"- {line}" for item in block["items"] for line in _lines(item))
            case "facts":
                yield from (visible(f"{name}: {plain(value)}") for name, value in block["rows"])
            case "table":
                yield from _table(block)
            case "finding":
                yield visible(f"{block['severity']}: {block['title']}: {block['because']}")
                yield from _steps(block["steps"])
            case "steps":
                yield visible(block["caption"])
                yield from _steps(block["steps"])
            case "chart" | "image":
                yield visible(block["alt"])
            case "raw":
                yield visible(block["text"])
            case "snippets":
                yield visible(block["title"])
                yield from (visible(f"{name}:\n{text}") for name, text in block["items"])
            case "error":
                yield visible(f"{block['ename']}: {block['text']}")


def _steps(given: Sequence[dict[str, str]]) -> Iterator[str]:
    for number, each in enumerate(given, 1):
        mark = "" if each["mark"] == "step" else f"{each['mark']}: "
        yield visible(f"  {number}. {mark}{each['where']} {each['said']}")
        if each["code"]:
            yield visible(f"     {each['code']}")


def _table(block: Block) -> Iterator[str]:
    if block["caption"]:
        yield visible(block["caption"])
    yield " | ".join(visible(column) for column in block["columns"])
    for row in block["rows"]:
        yield " | ".join(visible(plain(cell))[:_WIDEST] for cell in row)


# Compiled when this module is imported, so that notebooks forked from a process that did so need not do it again.
blocks_module()
