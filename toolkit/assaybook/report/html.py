"""One HTML file that needs nothing else: no script, no network, a strict content security policy."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from .blocks import facts
from .document import Document, Entry, laid_out, plain, walk
from .markup import read_template, template
from .tones import dark_stylesheet, stylesheet
from .validate import valid_block, valid_blocks

DEEPEST_LISTED = 2
_FACES = (
    ("IBM Plex Sans", "normal", 400, "IBMPlexSans-Regular-Latin1.woff2"),
    ("IBM Plex Sans", "italic", 400, "IBMPlexSans-Italic-Latin1.woff2"),
    ("IBM Plex Sans", "normal", 600, "IBMPlexSans-SemiBold-Latin1.woff2"),
    ("IBM Plex Mono", "normal", 400, "IBMPlexMono-Regular-Latin1.woff2"),
)
_DARK = "--text:#e3e8ec;--quiet:#a3afb9;--line:#323b43;--soft:#1c2227;--page:#14191d;--accent:#8cc4dc"

Contents = list[tuple[Entry, "Contents"]]


def render_html(document: Document) -> str:
    """The document as one HTML file. The same document gives the same text. Raises BlockError if a block is not valid."""
    blocks = laid_out(valid_blocks(document.blocks))
    headings = [each for each in walk(blocks) if each["kind"] == "heading" and each["level"] <= DEEPEST_LISTED]
    entries = [Entry(each["level"], each["number"], plain(each["c"]), each["anchor"]) for each in headings]
    return template("report.html.j2").render(
        document=document,
        facts=valid_block(facts(document.facts))["rows"],
        blocks=blocks,
        contents=contents(entries),
        style=_style(),
        as_of=document.as_of.strftime("%Y-%m-%d %H:%M UTC"),
    )


def contents(entries: Sequence[Entry]) -> Contents:
    """The entries as a tree: each with those below it."""
    tree: Contents = []
    for each in entries:
        branch = tree
        for _ in range(each.level - 1):
            if not branch:
                break
            branch = branch[-1][1]
        branch.append((each, []))
    return tree


@cache
def _style() -> Markup:
    dark = f":root,.assaybook{{{_DARK}}}.strip .banner{{color:#ffb4ab}}" + dark_stylesheet(".assaybook")
    parts = (
        "\n".join(map(_face, _FACES)),
        read_template("report.css"),
        read_template("blocks.css"),
        stylesheet(".assaybook"),
        f"@media screen and (prefers-color-scheme:dark){{{dark}}}",
    )
    return Markup("\n".join(parts))


def _face(face: tuple[str, str, int, str]) -> str:
    family, style, weight, name = face
    data = base64.b64encode(files(__package__).joinpath("fonts", name).read_bytes()).decode()
    return (
        f'@font-face{{font-family:"{family}";font-style:{style};font-weight:{weight};font-display:block;'
        f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
    )
