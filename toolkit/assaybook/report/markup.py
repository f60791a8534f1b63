"""The Jinja environment that HTML is made with: everything is escaped, and text is made visible before it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from .blocks import Block
from .charts import chart_svg
from .document import plain
from .glyphs import visible
from .tones import tone, tone_class

ROLES = ("scope", "practice", "control", "answer", "cover", "summary", "conclusion")


LONG = 18
SHORT = 12
WIDEST_WORD = 16
WIDEST_TEXT = 26

# Control ids, references of evidence, dates and regions, which a line break at their hyphens would make hard to read.
_WHOLE = r"\b(?:[A-GX][A-E1-9]-\d\d|E-\d{4,}|\d{4}-\d\d-\d\d|[a-z]{2}(?:-[a-z]+)+-\d)\b"
_KEPT = re.compile(_WHOLE, re.ASCII)
_LONG = re.compile(rf"\S{{{LONG + 1},}}")
_PIECE = re.compile(rf"({_WHOLE})([/:_.,=?-]?)|[^/:_.,=?-]*[/:_.,=?-]|[^/:_.,=?-]+", re.ASCII)
_JOINT = re.compile(r"[/:_.,=?-]+")


def breakable(text: str) -> Markup:
    """The text, visible and escaped, with places to break a line inside long names (nothing that is copied along) and none inside ids, dates and regions."""
    seen = visible(text)
    if "-" not in seen and len(seen) <= LONG:
        return escape(seen)
    parts: list[str] = []
    end = 0
    for long in _LONG.finditer(seen):
        parts += [_kept(seen[end : long.start()]), "<wbr>".join(map(_piece, _PIECE.finditer(long[0])))]
        end = long.end()
    return Markup("".join([*parts, _kept(seen[end:])]))


def _kept(text: str) -> str:
    return _KEPT.sub(r'<span class="whole">\g<0></span>', str(escape(text)))


def _piece(match: re.Match[str]) -> str:
    return f'<span class="whole">{match[1]}</span>{match[2]}' if match[1] else str(escape(match[0]))


def floors(block: Block) -> list[float]:
    """The least width of each column of a table without widths, in em: its longest word must not be torn, and a long text wants more than a word's room."""
    columns: list[list[str]] = [[] for _ in block["columns"]]
    for row in block["rows"]:
        for column, cell in zip(columns, row, strict=True):
            column.append(plain(cell))
    return [_floor([name, *column]) for name, column in zip(block["columns"], columns, strict=True)]


def _floor(texts: Sequence[str]) -> float:
    words = {word for text in texts for word in text.split()}
    parts = (part for word in words for part in ([word] if len(word) <= SHORT else _JOINT.split(word)))
    longest = max(map(len, parts), default=0)
    usual = sorted(map(len, texts))[int(len(texts) * 0.9)] / 3
    letters = max(min(longest, WIDEST_WORD), min(usual, WIDEST_TEXT), 3)
    return round(0.58 * letters + 1, 1)


def read_template(name: str) -> str:
    """A file of the folder `templates`."""
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Template:
    """A compiled template."""
    return _environment().get_template(name)


@cache
def blocks_module() -> Any:
    """The macros that make blocks HTML."""
    return template("blocks.html.j2").make_module({"roles": ROLES})


@cache
def _environment() -> Environment:
    made = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(read_template),
    )
    made.filters.update(
        visible=visible,
        breakable=breakable,
        floors=floors,
        tone_class=tone_class,
        sign=lambda name: tone(name).sign,
        chart_svg=chart_svg,
    )
    made.globals["roles"] = ROLES
    return made
