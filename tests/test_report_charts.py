"""Charts as SVG: what they say without colour, and that they draw what the data are."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from assaybook.report.blocks import Block, chart
from assaybook.report.charts import chart_svg, fitted, number, percent
from assaybook.report.validate import BlockError, valid_block
from report_sample import GAUGE, HEAT, HOSTILE, STACKED


def made(form: str, data: dict[str, object], alt: str = "In words", caption: str = "A chart") -> Block:
    return valid_block(chart(form, data, alt=alt, caption=caption))


def drawn(form: str, data: dict[str, object]) -> ElementTree.Element:
    return ElementTree.fromstring(str(chart_svg(made(form, data))))


def words(svg: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in svg.iter("text")]


def areas(svg: ElementTree.Element, tone: str) -> list[tuple[float, float]]:
    """Place and width of the areas of a tone."""
    found = [each for each in svg.iter("rect") if each.get("class") == f"area tone-{tone}"]
    return [(float(each.get("x", "")), float(each.get("width", ""))) for each in found]


@pytest.mark.parametrize(("form", "data"), [("gauge", GAUGE), ("stacked", STACKED), ("heat", HEAT)])
def test_it_has_a_title_and_says_in_words_what_it_shows(form: str, data: dict[str, object]) -> None:
    svg = drawn(form, data)
    ids = {each.get("id"): each.text for each in svg}
    assert svg.get("role") == "img"
    assert [ids[each] for each in svg.get("aria-labelledby", "").split()] == ["A chart", "In words"]


def test_bars_are_as_long_as_their_numbers() -> None:
    svg = drawn("stacked", STACKED)
    _, (_, four) = areas(svg, "not_met".replace("_", "-"))
    _, (_, fourteen) = areas(svg, "undetermined")
    assert (fourteen + 1.5) / (four + 1.5) == pytest.approx(14 / 4, abs=0.01)
    assert words(svg) == ["not met", "undetermined", "A Secure coding", "4", "14", "18", "B Data security", "0"]


def test_what_is_undetermined_is_striped() -> None:
    svg = drawn("stacked", STACKED)
    striped = [each for each in svg.iter("rect") if (each.get("fill") or "").startswith("url(#")]
    (pattern,) = svg.iter("pattern")
    assert [each.get("fill") for each in striped] == [f"url(#{pattern.get('id')})"] * len(areas(svg, "undetermined"))


def test_a_heat_map_has_every_number() -> None:
    svg = drawn("heat", HEAT)
    assert words(svg) == ["critical", "high", "A", "3", "0"]
    assert len(areas(svg, "critical")) == len(areas(svg, "none")) == 1


def test_a_gauge_shows_value_bounds_and_coverage() -> None:
    svg = drawn("gauge", GAUGE)
    assert "74 %" in words(svg)
    assert "57 % if all that is not known had failed, 79 % if it had passed" in words(svg)
    ((start, width),) = areas(svg, "low")
    (marker,) = [each for each in svg.iter("rect") if each.get("class") == "marker"]
    (whole, room) = areas(svg, "none")[0]
    assert (start - whole) / room == pytest.approx(0.57, abs=0.001)
    assert width / room == pytest.approx(0.22, abs=0.001)
    assert (float(marker.get("x", "")) + 2 - whole) / room == pytest.approx(0.74, abs=0.001)


def test_a_gauge_of_nothing_says_so() -> None:
    nothing = {"value": None, "low": None, "high": None, "coverage": 0.0, "label": "Not rated", "tone": "not_rated"}
    said = words(drawn("gauge", nothing))
    assert "not known" in said
    assert "no bounds" in said
    assert "0 %" in said


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_labels_are_text(name: str) -> None:
    label = HOSTILE[name]
    data = {"columns": [label], "rows": [{"label": label, "cells": [{"value": 1, "tone": label}]}]}
    svg = chart_svg(made("heat", data, alt=label + ".", caption=label))
    root = ElementTree.fromstring(str(svg).encode("utf-8"))
    assert {each.tag for each in root.iter()} == {"svg", "title", "desc", "defs", "pattern", "line", "rect", "text"}
    assert not re.search(r"\son[a-z]+=", re.sub(r">[^<]*<", "><", str(svg)))


def test_drawings_of_one_page_do_not_share_ids() -> None:
    ids = [re.findall(r' id="([^"]*)"', str(chart_svg(made("heat", HEAT, alt=alt)))) for alt in ("one", "two")]
    assert not set(ids[0]) & set(ids[1])


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("pie", {}),
        ("stacked", {"series": [{"label": "a", "tone": "met"}], "rows": [{"label": "b", "values": [1, 2]}]}),
        ("stacked", {"series": "a", "rows": []}),
        ("heat", {"columns": ["a"], "rows": [{"label": "b", "cells": []}]}),
        ("heat", {"columns": ["a"], "rows": [{"label": "b", "cells": [{"value": -1, "tone": "low"}]}]}),
        ("gauge", {"value": "much"}),
        ("gauge", {"value": float("nan")}),
    ],
)
def test_data_of_the_wrong_shape_are_refused(form: str, data: dict[str, object]) -> None:
    with pytest.raises(BlockError):
        made(form, data)


def test_a_chart_without_words_is_refused() -> None:
    with pytest.raises(BlockError, match="must say in words"):
        made("heat", HEAT, alt="  ")


def test_a_share_that_is_not_all_never_reads_as_all() -> None:
    assert [percent(each) for each in (None, 0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "not known",
        "0 %",
        "1 %",
        "50 %",
        "99 %",
        "100 %",
    ]


def test_numbers_and_labels() -> None:
    assert [number(each) for each in (0, 1234, 2.5)] == ["0", "1,234", "2.5"]
    assert fitted("short", 200) == "short"
    assert fitted("a label that is much too long for its place", 100) == "a label that i…"
