"""The Jinja environment that HTML is made with: everything is escaped, and text is made visible before it is."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from .charts import chart_svg
from .glyphs import visible
from .tones import tone, tone_class

ROLES = ("scope", "practice", "control", "answer", "cover", "summary", "conclusion")


# Control ids, dates and regions, which a line break at their hyphens would make hard to read.
_WHOLE = re.compile(r"\b(?:[A-GX][A-E1-9]-\d\d|E-\d{4,}|\d{4}-\d\d-\d\d|[a-z]{2}(?:-[a-z]+)+-\d)\b", re.ASCII)


def unbroken(text: str) -> Markup:
    """The text, made visible and escaped, with ids, dates and regions kept on one line."""
    seen = escape(visible(text))
    return Markup(_WHOLE.sub(_kept, seen)) if "-" in seen else seen


def _kept(match: re.Match[str]) -> str:
    return f'<span class="whole">{match[0]}</span>'


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
        unbroken=unbroken,
        tone_class=tone_class,
        sign=lambda name: tone(name).sign,
        chart_svg=chart_svg,
    )
    made.globals["roles"] = ROLES
    return made
