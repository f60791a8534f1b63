"""Where the parts of a flow drawing stand: nodes in columns, links between them. HTML and PDF draw the same places, so that both show one picture.

Nodes of the first column keep their order; those of later columns stand where what leads to them does, as far as there is room. Where links have weights,
groups are drawn, and every column keeps its order. Same data, same places.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 760.0
# Room between columns, as a share of a column's width: links of few columns cross more and want more of it.
GAPS: Mapping[int, float] = {2: 0.8, 3: 0.62}
GAP = 0.3
LETTER = 6.5
LINE = 15.0
EDGE = 8.0
BETWEEN = 10.0
MOST_SPREAD = 60.0
HEAD = 24.0
LEGEND = 26.0
MOST_LINES = 2
MOST_LETTERS = 200
THIN, THICK = 1.4, 15.0
# How a link is drawn, so that it can be told without colour: what fails is a strong line, what waits is broken, what is not known is dotted.
STYLES: Mapping[str, str] = {"fail": "solid", "review": "dashed", "unknown": "dotted"}
_JOINTS = re.compile(r"[^/_.:-]*[/_.:-]?")


def flow_layout(data: Mapping[str, Any]) -> dict[str, Any]:
    """The drawing's places in pixels of a page 760 wide: `heads`, `nodes` with their lines, `links` as curves, `legend`, `width` and `height`."""
    columns: Sequence[str] = data["columns"]
    share = GAPS.get(len(columns), GAP)
    wide = WIDTH / (len(columns) + share * (len(columns) - 1))
    gap = wide * share
    nodes = [_node(each, wide) for each in data["nodes"]]
    top = (LEGEND if data["legend"] else 0.0) + HEAD
    height = _placed(nodes, data["links"], len(columns), top)
    for node in nodes:
        node["x"] = node["column"] * (wide + gap)
    return {
        "width": WIDTH,
        "height": height,
        "heads": [
            {"x": place * (wide + gap), "y": top - 9, "text": cut(name, wide)} for place, name in enumerate(columns)
        ],
        "nodes": nodes,
        "links": _links(nodes, data["links"]),
        "legend": _legend(data["legend"]),
    }


def _node(given: Mapping[str, Any], wide: float) -> dict[str, Any]:
    room = wide - 2 * EDGE - 4
    lines = wrapped(given["label"], room)
    note = cut(given["note"], room + 8)
    height = 2 * 7.0 + LINE * (len(lines) + bool(note)) - 2
    return {
        "column": given["column"],
        "lines": lines,
        "note": note,
        "tone": given["tone"],
        "width": wide,
        "height": height,
        "x": 0.0,
        "y": 0.0,
    }


def _placed(nodes: Sequence[dict[str, Any]], links: Sequence[Mapping[str, Any]], columns: int, top: float) -> float:
    """Give each node its height on the page; gives the height of the whole."""
    before: defaultdict[int, list[int]] = defaultdict(list)
    grouped = any(link["weight"] > 1 for link in links)
    for link in links if not grouped else ():
        before[link["target"]].append(link["source"])
    lowest = top
    for column in range(columns):
        members = [place for place, node in enumerate(nodes) if node["column"] == column]
        wanted = {place: _wanted(nodes, before[place], place, top) for place in members}
        if column:
            members.sort(key=lambda place: (wanted[place], place))
        at = top
        for place in members:
            node = nodes[place]
            node["y"] = max(at, wanted[place] - node["height"] / 2) if before[place] else at
            at = node["y"] + node["height"] + BETWEEN
        lowest = max(lowest, at - BETWEEN)
    for column in range(columns if grouped else 1):
        _spread([node for node in nodes if node["column"] == column], lowest)
    return lowest + 4


def _wanted(nodes: Sequence[dict[str, Any]], before: Sequence[int], place: int, top: float) -> float:
    """The middle of what leads to a node; the top for one to which nothing does."""
    if not before:
        return top
    middles = [float(nodes[each]["y"] + nodes[each]["height"] / 2) for each in before]
    return sum(middles) / len(middles)


def _spread(members: Sequence[dict[str, Any]], lowest: float) -> None:
    """Spread a column that is shorter than the tallest over its height, so that links stay apart; never so far that it falls asunder."""
    if len(members) < 2:
        return
    spare = lowest - max(node["y"] + node["height"] for node in members)
    step = min(spare / (len(members) - 1), MOST_SPREAD)
    for number, node in enumerate(members):
        node["y"] += number * step


def _links(nodes: Sequence[dict[str, Any]], links: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Curves from the right edge of a node to the left edge of another, side by side where several meet."""
    most = max((each["weight"] for each in links), default=1) or 1
    weighted = most > 1
    thick = [THIN + (THICK - THIN) * each["weight"] / most if weighted else _plain(each["tone"]) for each in links]
    ends: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, each in enumerate(links):
        ends["out", each["source"]].append(number)
        ends["in", each["target"]].append(number)
    place: dict[tuple[str, int], float] = {}
    for (side, at), numbers in ends.items():
        other = "target" if side == "out" else "source"
        ordered = sorted(numbers, key=lambda one: (nodes[links[one][other]]["y"], one))
        spread = min(nodes[at]["height"] - 10, sum(thick[one] for one in ordered) + 3 * (len(ordered) - 1))
        step = spread / len(ordered)
        middle = nodes[at]["y"] + nodes[at]["height"] / 2
        for number, one in enumerate(ordered):
            place[side, one] = middle - spread / 2 + step * (number + 0.5)
    made = []
    for number, each in enumerate(links):
        start, end = nodes[each["source"]], nodes[each["target"]]
        x1, x2 = start["x"] + start["width"], end["x"]
        bend = (x2 - x1) / 2
        y1, y2 = place["out", number], place["in", number]
        made.append(
            {
                "points": [x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2],
                "thick": thick[number],
                "style": STYLES.get(each["tone"], "solid"),
                "tone": each["tone"],
                "weighted": weighted,
            }
        )
    return sorted(made, key=lambda each: -float(each["thick"]))


def _plain(tone: str) -> float:
    return 2.6 if tone == "fail" else 1.8


def _legend(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    made, x = [], 0.0
    for each in entries:
        made.append(
            {"x": x, "y": 9.0, "style": STYLES.get(each["tone"], "solid"), "thick": _plain(each["tone"]), **each}
        )
        x += 34 + width_of(each["label"]) * LETTER + 22
    return made


def width_of(text: str) -> int:
    """How many letters wide a text is; those of East Asian scripts and pictures are two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def cut(text: str, room: float) -> str:
    """The text cut to what fits in this many pixels."""
    most, taken = max(3, int(room / LETTER)), 0
    if width_of(text) <= most:
        return text
    for number, each in enumerate(text):
        taken += width_of(each)
        if taken > most - 1:
            return f"{text[:number].rstrip()}…"
    return text


def wrapped(text: str, room: float) -> list[str]:
    """The text in at most two lines, broken between words, long names at their joints; the last line is cut."""
    text = text[:MOST_LETTERS]
    most = max(3, int(room / LETTER))
    lines = [""]
    pieces = [piece for word in text.split() for piece in _pieces(word, most)]
    for piece in pieces:
        if width_of((lines[-1] + piece).rstrip()) <= most or not lines[-1] or len(lines) == MOST_LINES:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [cut(line.strip(), room) for line in lines]


def _pieces(word: str, most: int) -> list[str]:
    """A word with the space after it; one that is too long for a line in its parts, and these in pieces that fit."""
    if width_of(word) <= most:
        return [f"{word} "]
    parts = [part for part in _JOINTS.findall(word) if part]
    cuts = [part[start : start + most] for part in parts for start in range(0, len(part), most)]
    return [*cuts[:-1], f"{cuts[-1]} "]
