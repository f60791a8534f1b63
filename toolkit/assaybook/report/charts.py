"""Charts as inline SVG for HTML. The PDF draws the same data natively.

A chart can be read without colour: every part has its number or label, and what is not decided is striped. Colours are CSS variables of the tone classes, so that
a chart follows the page into dark mode.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from .blocks import Block
from .flow_layout import flow_layout
from .glyphs import mapped, visible
from .tones import TONES, tone, tone_class

WIDTH = 760
LABEL = 250
ROW = 34
BAR = 20
LETTER = 6.5


def chart_svg(block: Block) -> Markup:
    """The drawing of a chart block, with title and description for those who do not see it."""
    drawn, height = {"stacked": _stacked, "heat": _heat, "gauge": _gauge, "flow": _flow}[block["form"]](block["data"])
    id = "chart-" + hashlib.sha256(f"{block['caption']}\x00{block['alt']}".encode("utf-8", "replace")).hexdigest()[:10]
    head = Markup('<title id="{id}-t">{title}</title><desc id="{id}-d">{alt}</desc>').format(
        id=id, title=visible(block["caption"] or "Chart"), alt=visible(block["alt"])
    )
    stripes = Markup(
        '<defs><pattern id="{id}-s" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="6" class="stripe"></line></pattern></defs>'
    ).format(id=id)
    body = Markup("").join(drawn).replace("#stripes", f"#{id}-s")
    frame = Markup(
        '<svg class="chart-drawing" role="img" aria-labelledby="{id}-t {id}-d" viewBox="0 0 {width} {height}" width="{width}" height="{height}" focusable="false">'
    ).format(id=id, width=WIDTH, height=round(height))
    return frame + head + stripes + body + Markup("</svg>")


def _element(name: str, content: str = "", /, **attributes: object) -> Markup:
    said = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _figure(value))
        for key, value in attributes.items()
    )
    return Markup("<{}{}>{}</{}>").format(Markup(name), said, escape(content), Markup(name))


def _figure(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _text(content: str, x: float, y: float, style: str = "label", anchor: str = "start") -> Markup:
    return _element("text", visible(content), x=float(x), y=float(y), class_=style, text_anchor=anchor)


def _area(name: str, x: float, y: float, width: float, height: float) -> list[Markup]:
    place = {"x": float(x), "y": float(y), "width": float(max(width, 0)), "height": float(height)}
    parts = [_element("rect", class_=f"area tone-{tone_class(name)}", **place)]
    if tone(name).striped:
        parts.append(_element("rect", fill="url(#stripes)", **place))
    return parts


def fitted(label: str, width: float) -> str:
    """The label cut to what fits in this many pixels."""
    most = max(3, int(width / LETTER))
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def number(value: float) -> str:
    """A count as text; whole numbers without a point."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def percent(value: float | None) -> str:
    """A share as a whole percentage; what is neither nothing nor all never reads as 0 % or 100 %."""
    if value is None:
        return "not known"
    whole = round(value * 100)
    return f"{min(max(whole, 1 if value > 0 else 0), 100 if value >= 1 else 99)} %"


def _stacked(data: dict[str, Any]) -> tuple[list[Markup], float]:
    parts = _legend(data["series"])
    most = max((sum(row["values"]) for row in data["rows"]), default=0) or 1
    room = WIDTH - LABEL - 56
    top = 34.0
    for row in data["rows"]:
        parts.append(_text(fitted(row["label"], LABEL - 12), 0, top + 15))
        x = float(LABEL)
        for series, value in zip(data["series"], row["values"], strict=True):
            if not value:
                continue
            width = room * value / most
            parts += _area(series["tone"], x, top, width - 1.5, BAR)
            if width >= len(number(value)) * LETTER + 6:
                parts.append(_number(series["tone"], number(value), x + (width - 1.5) / 2, top))
            x += width
        parts.append(_text(number(sum(row["values"])), x + 8, top + 15, "quiet"))
        top += ROW
    return parts, top


def _number(name: str, content: str, x: float, top: float) -> Markup:
    return _text(content, x, top + 14.5, f"on-area tone-{tone_class(name)}", "middle")


def _legend(series: Sequence[dict[str, str]]) -> list[Markup]:
    parts, x = [], float(LABEL)
    for each in series:
        parts += _area(each["tone"], x, 3, 12, 12)
        parts.append(_text(each["label"], x + 18, 13.5, "quiet"))
        x += 18 + len(each["label"]) * LETTER + 24
    return parts


def _heat(data: dict[str, Any]) -> tuple[list[Markup], float]:
    width = (WIDTH - LABEL) / max(1, len(data["columns"]))
    parts = [
        _text(fitted(column, width), LABEL + width * (place + 0.5), 14, "quiet", "middle")
        for place, column in enumerate(data["columns"])
    ]
    top = 24.0
    for row in data["rows"]:
        parts.append(_text(fitted(row["label"], LABEL - 12), 0, top + 19))
        for place, cell in enumerate(row["cells"]):
            x = LABEL + width * place
            name = cell["tone"] if cell["tone"] in TONES else "none"
            parts += _area(name, x + 1.5, top, width - 3, ROW - 5)
            parts.append(_number(name, number(cell["value"]), x + width / 2, top + 4.5))
        top += ROW
    return parts, top


def _gauge(data: dict[str, Any]) -> tuple[list[Markup], float]:
    room = WIDTH - LABEL - 90
    parts = [_text("0", LABEL, 14, "quiet"), _text("100 %", LABEL + room, 14, "quiet", "end")]
    low, high, value = data["low"], data["high"], data["value"]
    top = 24.0
    parts.append(_text("Conformity", 0, top + 15))
    parts += _area("none", LABEL, top, room, BAR)
    if low is not None and high is not None:
        parts += _area("low", LABEL + room * low, top + 5, max(room * (high - low), 2), BAR - 10)
    if value is not None:
        parts.append(
            _element("rect", x=LABEL + room * value - 2.0, y=top - 3, width=4, height=BAR + 6, class_="marker")
        )
    parts.append(_text(percent(value), LABEL + room + 14, top + 15, "strong-label"))
    bounds = f"{percent(low)} if all that is not known had failed, {percent(high)} if it had passed"
    parts.append(_text(bounds if low is not None else "no bounds", LABEL, top + BAR + 17, "quiet"))
    top += ROW + 26
    if data["coverage"] is not None:
        parts.append(_text("Coverage", 0, top + 15))
        parts += _area("none", LABEL, top, room, BAR)
        parts.append(
            _element(
                "rect", x=float(LABEL), y=top, width=float(room * data["coverage"]), height=float(BAR), class_="covered"
            )
        )
        parts.append(_text(percent(data["coverage"]), LABEL + room + 14, top + 15, "strong-label"))
        top += ROW
    return parts, top


def _flow(data: dict[str, Any]) -> tuple[list[Markup], float]:
    seen = {**data, **{name: mapped(data[name], visible) for name in ("columns", "nodes", "legend")}}
    made = flow_layout(seen)
    parts = []
    for each in made["legend"]:
        parts.append(_line(f"M{each['x']:.0f} {each['y']:.0f}h26", each))
        parts.append(_text(each["label"], each["x"] + 33, each["y"] + 4.5, "quiet"))
    parts += [_text(each["text"], each["x"], each["y"], "quiet") for each in made["heads"]]
    for each in made["links"]:
        x1, y1, x2, y2, x3, y3, x4, y4 = (_figure(round(float(one), 1)) for one in each["points"])
        parts.append(_line(f"M{x1} {y1}C{x2} {y2} {x3} {y3} {x4} {y4}", each))
    for each in made["nodes"]:
        place = {"x": float(each["x"]), "y": float(each["y"]), "height": float(each["height"])}
        parts.append(_element("rect", class_="node", width=float(each["width"]), rx=3, **place))
        parts.append(_element("rect", class_=f"area tone-{tone_class(each['tone'])}", width=4, **place))
        parts += _node_words(each)
    return parts, made["height"]


def _node_words(node: dict[str, Any]) -> list[Markup]:
    x, y = node["x"] + 12, node["y"] + 17.5
    parts = []
    for number, line in enumerate(node["lines"]):
        parts.append(_text(line, x, y + 15 * number))
    if node["note"]:
        parts.append(_text(node["note"], x, y + 15 * len(node["lines"]), "quiet"))
    return parts


def _line(path: str, link: dict[str, Any]) -> Markup:
    style = f"link {link['style']} tone-{tone_class(link['tone'])}" + (" band" if link.get("weighted") else "")
    return _element("path", d=path, class_=style, stroke_width=float(round(link["thick"], 1)))
