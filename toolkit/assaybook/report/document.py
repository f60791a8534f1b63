"""A report as a whole: what stands on the cover, and its blocks in order, numbered and made safe to lay out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .blocks import Block, Inline

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading in the outline: its level from 1, the number of its chapter (`3`, empty below level 1), its words and its anchor."""

    level: int
    number: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Outlined:
    """Blocks as they are laid out, and the headings among them."""

    blocks: list[Block]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report. `banner` stands on every page (DRAFT, SYNTHETIC ACCOUNT); `as_of` is the document's date; `facts` are names and values for the cover."""

    title: str
    subtitle: str
    classification: str
    banner: str
    as_of: datetime
    run_id: str
    facts: tuple[tuple[str, list[Inline]], ...]
    blocks: tuple[Block, ...]

    def outline(self) -> tuple[Entry, ...]:
        """The headings in order."""
        return outlined(self.blocks).entries


def plain(runs: Iterable[Inline]) -> str:
    """The words of runs, without their form."""
    return "".join("\n" if run["t"] == "br" else run["s"] if "s" in run else plain(run.get("c", ())) for run in runs)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, those that hold others before what they hold."""
    for block in blocks:
        yield block
        yield from walk(block.get("blocks", ()))
        if block["kind"] == "list":
            for item in block["items"]:
                yield from walk(item)


def outlined(blocks: Iterable[Block]) -> Outlined:
    """Blocks as they are laid out, with their headings in order."""
    made = laid_out(blocks)
    entries = (
        Entry(block["level"], block["number"], plain(block["c"]), block["anchor"])
        for block in walk(made)
        if block["kind"] == "heading"
    )
    return Outlined(made, tuple(entries))


def laid_out(blocks: Iterable[Block]) -> list[Block]:
    """Copies of blocks that every exporter can lay out as they come.

    Headings have a number, an anchor of their own and no skipped level, empty headings are gone, a link to an anchor that is nowhere is its words, and `end` blocks, which
    only speak to the runner, are left out.
    """
    given = list(blocks)
    anchors = _Anchors(given)
    levels = _Levels()
    return [made for block in given for made in _laid(block, anchors, levels)]


class _Levels:
    """Heading levels without gaps, as PDF/UA demands, and chapter numbers."""

    def __init__(self) -> None:
        self.open: list[int] = []
        self.chapters = 0

    def enter(self, wanted: int) -> int:
        while self.open and self.open[-1] >= wanted:
            self.open.pop()
        self.open.append(wanted)
        return min(len(self.open), DEEPEST)

    def number(self, level: int) -> str:
        if level > 1:
            return ""
        self.chapters += 1
        return str(self.chapters)


class _Anchors:
    """Anchors, each given out once; the first heading that asks for a name gets it."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        headings = (block for block in walk(blocks) if block["kind"] == "heading" and plain(block["c"]).strip())
        self.known = {block["anchor"] for block in headings if block["anchor"]}
        self.given: set[str] = set()
        self.headings = 0

    def take(self, wanted: str) -> str:
        self.headings += 1
        anchor = wanted if wanted and wanted not in self.given else f"heading-{self.headings}"
        while anchor in self.given or (anchor != wanted and anchor in self.known):
            anchor += "-"
        self.given.add(anchor)
        return anchor


def _laid(block: Block, anchors: _Anchors, levels: _Levels) -> Iterator[Block]:
    kind = block["kind"]
    if kind == "end":
        return
    if kind == "heading":
        runs = _runs(block["c"], anchors)
        if not plain(runs).strip():
            return
        level = levels.enter(block["level"])
        yield {
            **block,
            "c": runs,
            "level": level,
            "number": levels.number(level),
            "anchor": anchors.take(block["anchor"]),
        }
    elif kind in ("par", "note"):
        yield {**block, "c": _runs(block["c"], anchors)}
    elif kind in ("section", "quote"):
        yield {**block, "blocks": [made for each in block["blocks"] for made in _laid(each, anchors, levels)]}
    elif kind == "list":
        items = [[made for each in item for made in _laid(each, anchors, levels)] for item in block["items"]]
        yield {**block, "items": items}
    elif kind == "facts":
        yield {**block, "rows": [[name, _runs(value, anchors)] for name, value in block["rows"]]}
    elif kind == "table":
        if block["columns"]:
            yield {**block, "rows": [_row(row, len(block["columns"]), anchors) for row in block["rows"]]}
    else:
        yield block


def _row(row: list[list[Inline]], width: int, anchors: _Anchors) -> list[list[Inline]]:
    """A row of exactly so many cells."""
    cells = [_runs(cell, anchors) for cell in row[:width]]
    return cells + [[] for _ in range(width - len(cells))]


def _runs(runs: Iterable[Inline], anchors: _Anchors) -> list[Inline]:
    made: list[Inline] = []
    for run in runs:
        inner: Any = run.get("c")
        if inner is None:
            made.append(run)
        elif run["t"] == "link" and not _leads(run["href"], anchors):
            made += _runs(inner, anchors)
        else:
            made.append({**run, "c": _runs(inner, anchors)})
    return made


def _leads(href: str, anchors: _Anchors) -> bool:
    """Whether a link goes somewhere that a report may send its reader: an anchor of its own, the web or a mail address."""
    if href.startswith("#"):
        return href[1:] in anchors.known
    return href.startswith(("https://", "http://", "mailto:"))
