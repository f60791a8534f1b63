"""Markdown as blocks. Markup that Markdown lets through, such as HTML, is shown as the text that it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from .blocks import Block, Inline

DEEPEST = 12
_LINK = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)

Token = dict[str, Any]


def markdown_blocks(source: str) -> list[Block]:
    """The blocks of a Markdown text. Links lead to the web or a mail address; any other is its words. Images are their alternative text."""
    tokens = _parser()(source)
    assert isinstance(tokens, list)
    return _blocks(tokens, 0)


@cache
def _parser() -> Callable[[str], Any]:
    import mistune

    parser: Callable[[str], Any] = mistune.create_markdown(renderer="ast", plugins=["table", "strikethrough"])
    return parser


def _blocks(tokens: Iterable[Token], depth: int) -> list[Block]:
    return [made for token in tokens for made in _block(token, depth)]


def _block(token: Token, depth: int) -> list[Block]:
    kind = token["type"]
    if kind in ("blank_line", "thematic_break"):
        return []
    if kind == "heading":
        level = min(int(token["attrs"]["level"]), 6)
        return [{"kind": "heading", "level": level, "c": _runs(token["children"]), "anchor": ""}]
    if kind in ("paragraph", "block_text"):
        return [{"kind": "par", "c": _runs(token["children"])}]
    if kind == "list" and depth < DEEPEST:
        items = [_blocks(item["children"], depth + 1) for item in token["children"]]
        return [{"kind": "list", "ordered": bool(token["attrs"].get("ordered")), "items": items}]
    if kind == "block_quote" and depth < DEEPEST:
        return [{"kind": "quote", "blocks": _blocks(token["children"], depth + 1)}]
    if kind == "table":
        return [_table(token)]
    text = token.get("raw") or _words(token)
    return [{"kind": "raw", "text": text.rstrip("\n")}] if text.strip() else []


def _table(token: Token) -> Block:
    parts: dict[str, list[Token]] = {part["type"]: part["children"] for part in token["children"]}
    head, body = parts.get("table_head", []), parts.get("table_body", [])
    letters = {"right": "r", "center": "c"}
    rows = [[_runs(cell["children"]) for cell in row["children"]] for row in body]
    return {
        "kind": "table",
        "columns": [_words(cell) for cell in head],
        "rows": rows,
        "caption": "",
        "align": "".join(letters.get(cell["attrs"].get("align") or "", "l") for cell in head),
        "total": len(rows),
        "widths": [],
    }


def _runs(tokens: Iterable[Token]) -> list[Inline]:
    return [run for token in tokens for run in _run(token)]


def _run(token: Token) -> list[Inline]:
    kind = token["type"]
    if kind == "codespan":
        return [{"t": "code", "s": token["raw"]}]
    if kind == "softbreak":
        return [{"t": "text", "s": " "}]
    if kind == "linebreak":
        return [{"t": "br"}]
    if kind == "image":
        return [{"t": "text", "s": _words(token)}]
    if "children" not in token:
        return [{"t": "text", "s": token.get("raw", "")}]
    inner = _runs(token["children"])
    if kind == "strong":
        return [{"t": "strong", "c": inner}]
    if kind == "emphasis":
        return [{"t": "em", "c": inner}]
    if kind == "link" and _LINK.fullmatch(token["attrs"]["url"]):
        return [{"t": "link", "href": token["attrs"]["url"], "c": inner}]
    return inner


def _words(token: Token) -> str:
    return str(token.get("raw", "")) + "".join(_words(each) for each in token.get("children", ()))
