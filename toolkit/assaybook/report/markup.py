"""The Jinja environment that HTML is made with: everything is escaped, and text is made visible before it is."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from .charts import chart_svg
from .glyphs import visible
from .tones import tone, tone_class

ROLES = ("scope", "practice", "control", "answer", "cover", "summary", "conclusion")


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
    made.filters.update(visible=visible, tone_class=tone_class, sign=lambda name: tone(name).sign, chart_svg=chart_svg)
    made.globals["roles"] = ROLES
    return made
