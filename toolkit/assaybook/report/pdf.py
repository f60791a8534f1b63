"""A report as PDF, made by Typst: tagged (PDF/UA-1, PDF/A-2a), with bookmarks, and the same bytes for the same document.

The template is constant and what a report says reaches it as JSON, placed as strings: nothing from an account is ever read as markup.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from .blocks import Block
from .document import Document, outlined, walk
from .flow_layout import flow_layout
from .glyphs import legible, mapped
from .pdf_tables import fitted_tables
from .pdf_text import BREAK, soft
from .tones import ACCENT, TONES
from .validate import valid_blocks

Standard = Literal["a-2a", "ua-1"]
STANDARDS: list[Standard] = ["a-2a", "ua-1"]
TEMPLATE = ("report.typ", "style.typ", "drawings.typ")
MOST_RAW = 20_000
_UNTAGGED = "This file could not be tagged for assistive technology; report.html can be read with it."
_RASTER = frozenset({"png", "jpeg"})


def render_pdf(document: Document) -> bytes:
    """The report as PDF. Raises BlockError for blocks that cannot be shown.

    Should Typst refuse the standards' rules for some text, the report is made without tags rather than not at all, and says so on its cover.
    """
    made = outlined(valid_blocks(list(document.blocks)))
    labels = {each.anchor: f"heading-{number}" for number, each in enumerate(made.entries, 1)}
    images, blocks = _images(mapped(_labelled(made.blocks, labels), legible))
    data = _data(document, blocks)
    try:
        return _compiled(data, images, document, STANDARDS)
    except typst.TypstError:
        return _compiled({**data, "remark": _UNTAGGED}, images, document, [])


def _compiled(
    data: Mapping[str, Any], images: Mapping[str, bytes], document: Document, standards: list[Standard]
) -> bytes:
    packed = {
        **_template(),
        "report.json": json.dumps(data, ensure_ascii=False, sort_keys=True).encode(),
        **images,
    }
    with TemporaryDirectory(prefix="assaybook-") as folder:
        for name, content in packed.items():
            Path(folder, name).write_bytes(content)
        made = typst.compile(
            str(Path(folder, TEMPLATE[0])),
            root=folder,
            font_paths=_fonts(),
            pdf_standards=[*standards],
            timestamp=int(document.as_of.timestamp()),
        )
    assert isinstance(made, bytes)
    return made


@cache
def _template() -> dict[str, bytes]:
    """The template's files by name."""
    folder = files(__package__).joinpath("templates")
    return {name: folder.joinpath(name).read_bytes() for name in TEMPLATE}


@cache
def _fonts() -> Any:
    """Our own fonts alone: what a machine happens to have must not change the report."""
    with as_file(files(__package__).joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def _data(document: Document, blocks: Iterable[Block]) -> dict[str, Any]:
    when = document.as_of
    return {
        "title": _short(document.title) or "Report",
        "subtitle": _short(document.subtitle),
        "classification": _short(document.classification),
        "banner": _short(document.banner),
        "run": _short(document.run_id),
        "date": [when.year, when.month, when.day],
        "as_of": when.strftime("%d %B %Y, %H:%M UTC").lstrip("0"),
        "facts": [[soft(name), [_run(run) for run in value]] for name, value in mapped(document.facts, legible)],
        "accent": ACCENT,
        "tones": {
            name: {"sign": each.sign, "ink": each.ink, "paper": each.paper, "fill": each.fill}
            | {"mark": each.mark, "striped": each.striped}
            for name, each in sorted(TONES.items())
        },
        "remark": "",
        "blocks": [made for block in blocks for made in _block(block)],
    }


def _labelled(value: Any, labels: Mapping[str, str]) -> Any:
    """Anchors and the links to them under names of our own, which no text can make ambiguous."""
    if isinstance(value, list):
        return [_labelled(each, labels) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: _labelled(each, labels) for name, each in value.items()}
    if value.get("kind") == "heading":
        made["anchor"] = labels[value["anchor"]]
    elif value.get("t") == "link" and value["href"].startswith("#"):
        made["href"] = f"#{labels[value['href'][1:]]}"
    return made


def _images(blocks: list[Block]) -> tuple[dict[str, bytes], list[Block]]:
    """The images as files beside the template, and the blocks with their names; a form that the PDF cannot hold leaves its words."""
    found: dict[str, bytes] = {}
    for block in walk(blocks):
        if block["kind"] == "image" and block["format"] in _RASTER:
            name = f"image-{len(found) + 1}.{block['format']}"
            found[name] = base64.b64decode(block["data"])
            block["data"] = name
    return found, blocks


def _block(block: Block) -> Iterable[Block]:
    """A block with its texts legible and ready to break."""
    match block["kind"]:
        case "heading" | "par" | "note":
            yield {**block, "c": [_run(run) for run in block["c"]]}
        case "quote" | "section":
            yield {**block, "blocks": [made for each in block["blocks"] for made in _block(each)]}
        case "list":
            yield {**block, "items": [[made for each in item for made in _block(each)] for item in block["items"]]}
        case "facts":
            yield {**block, "rows": [[soft(name), [_run(run) for run in value]] for name, value in block["rows"]]}
        case "table":
            for each in fitted_tables(block):
                yield {
                    **each,
                    "columns": [soft(name) for name in each["columns"]],
                    "rows": [[[_run(run) for run in cell] for cell in row] for row in each["rows"]],
                }
        case "finding":
            yield _finding(block)
        case "steps":
            more = block["total"] - len(block["steps"])
            said = f"{more:,} more steps are not shown." if more > 0 else ""
            yield {**block, "caption": soft(block["caption"]), "steps": _steps(block["steps"]), "more": said}
        case "raw":
            yield {"kind": "raw", "text": soft(block["text"], most=MOST_RAW)}
        case "snippets":
            # Paper is not copied from: the commands say what is to be done, and the other forms lie beside the report.
            yield {"kind": "par", "c": [{"t": "strong", "c": [{"t": "text", "s": soft(block["title"])}]}]}
            yield from ({"kind": "raw", "text": soft(text, most=MOST_RAW)} for _, text in block["items"][:1])
            if block["remark"]:
                yield {"kind": "par", "c": [{"t": "text", "s": soft(block["remark"])}]}
        case "error":
            yield {"kind": "error", "ename": soft(block["ename"]), "text": soft(block["text"])}
        case "chart" if block["form"] == "flow":
            yield {**block, "data": flow_layout(block["data"])}
        case _:
            yield block


def _short(text: str) -> str:
    """A text of the cover and of the head of each page, on one line."""
    return soft(" ".join(legible(text).split()), most=200).replace(BREAK, "")


def _finding(block: Block) -> Block:
    texts = {
        name: soft(block[name])
        for name in ("title", "subject", "where", "because", "remedy", "check", "id", "waiver", "severity", "outcome")
    }
    details = [[soft(name), soft(value)] for name, value in block["details"]]
    said = {"details": details, "evidence": [soft(each) for each in block["evidence"]]}
    return {**block, **texts, **said, "steps": _steps(block["steps"])}


def _steps(given: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{**each, **{name: soft(each[name]) for name in ("where", "said", "code")}} for each in given]


def _run(run: Mapping[str, Any]) -> dict[str, Any]:
    if "c" in run:
        return {**run, "c": [_run(each) for each in run["c"]]}
    return {**run, "s": soft(run["s"])} if "s" in run else dict(run)
