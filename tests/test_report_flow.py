"""The drawing of flows: nodes that keep apart, links that join them, styles that tell without colour, and names that want to do harm."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from assaybook.report.blocks import Block, chart
from assaybook.report.charts import chart_svg
from assaybook.report.document import Document
from assaybook.report.flow_layout import WIDTH, cut, flow_layout, width_of, wrapped
from assaybook.report.html import render_html
from assaybook.report.pdf import render_pdf
from assaybook.report.validate import BlockError, valid_block
from report_sample import FLOW, HOSTILE


def block(data: Mapping[str, Any], alt: str = "In words", caption: str = "A flow") -> Block:
    return valid_block(chart("flow", data, alt=alt, caption=caption))


def drawn(data: Mapping[str, Any]) -> ElementTree.Element:
    return ElementTree.fromstring(str(chart_svg(block(data))))


def many(count: int) -> dict[str, Any]:
    """So many entries to one function."""
    nodes = [{"column": 0, "label": f"entry {number}", "note": "", "tone": ""} for number in range(count)]
    links = [{"source": number, "target": count, "weight": 1, "tone": "fail"} for number in range(count)]
    return {"columns": ["a", "b"], "nodes": [*nodes, {"column": 1, "label": "f"}], "links": links}


def changed(**more: Any) -> dict[str, Any]:
    return {**deepcopy(FLOW), **more}


def test_nodes_of_a_column_never_overlap_and_stay_on_the_page() -> None:
    for data in (FLOW, many(30)):
        made = flow_layout(block(data)["data"])
        for column in range(3):
            members = sorted((each["y"], each["height"]) for each in made["nodes"] if each["column"] == column)
            assert all(top + height < below for (top, height), (below, _) in pairwise(members))
        assert all(each["x"] + each["width"] <= WIDTH + 0.1 for each in made["nodes"])
        assert all(each["y"] + each["height"] <= made["height"] for each in made["nodes"])


def test_links_begin_and_end_at_their_nodes() -> None:
    made = flow_layout(block(FLOW)["data"])
    for link in made["links"]:
        x1, y1, *_, x4, y4 = link["points"]
        assert any(
            x1 == pytest.approx(n["x"] + n["width"]) and n["y"] <= y1 <= n["y"] + n["height"] for n in made["nodes"]
        )
        assert any(x4 == pytest.approx(n["x"]) and n["y"] <= y4 <= n["y"] + n["height"] for n in made["nodes"])


def test_weights_are_widths_and_groups_keep_their_order() -> None:
    data = changed()
    for link, weight in zip(data["links"], (40, 10, 50), strict=True):
        link["weight"] = weight
    made = flow_layout(block(data)["data"])
    thick = [each["thick"] for each in made["links"]]
    assert thick == sorted(thick, reverse=True) and thick[0] == pytest.approx(15)
    assert [each["y"] for each in made["nodes"][:2]] == sorted(each["y"] for each in made["nodes"][:2])


def test_what_fails_waits_or_is_not_known_is_told_without_colour() -> None:
    lines = [each.get("class", "") for each in drawn(FLOW).iter("path")]
    assert lines[:2] == ["link solid tone-fail", "link dashed tone-review"], "the legend"
    assert sorted(lines[2:]) == ["link dashed tone-review", "link dotted tone-unknown", "link solid tone-fail"]


def test_every_label_and_note_is_there() -> None:
    said = [each.text or "" for each in drawn(FLOW).iter("text")]
    assert {"fails", "What starts it", "mail rule operations", "Anyone on the internet", "ops-admin"} <= set(said)
    assert "API admin-legacy (POST /actions)" in " ".join(said)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_names_are_text_and_fit(name: str) -> None:
    label = HOSTILE[name]
    data = changed(columns=[label, label, label])
    for node in data["nodes"]:
        node |= {"label": label, "note": label, "tone": label}
    for link in data["links"]:
        link["tone"] = label
    root = ElementTree.fromstring(str(chart_svg(block(data, alt=f"{label}.", caption=label))).encode("utf-8"))
    assert {each.tag for each in root.iter()} == {
        "svg",
        "title",
        "desc",
        "defs",
        "pattern",
        "line",
        "path",
        "rect",
        "text",
    }
    height = float(root.get("height", ""))
    assert height < 600
    assert all(0 <= float(each.get("y", "0")) <= height for each in root.iter("text"))
    assert not re.search(r"[\x00-\x08\u202a-\u202e\u2066-\u2069]", "".join(root.itertext()))


@pytest.mark.parametrize(
    "change",
    [
        {"columns": ["only one"]},
        {"columns": ["x"] * 7},
        {"nodes": [{"column": 3, "label": "x"}]},
        {"nodes": [{"column": True, "label": "x"}]},
        {"nodes": [{"column": 0}]},
        {"links": [{"source": 0, "target": 9}]},
        {"links": [{"source": 2, "target": 0}]},
        {"links": [{"source": 0, "target": 1}]},
        {"links": [{"source": 0, "target": 2, "weight": -1}]},
        {"nodes": [{"column": 0, "label": "x"}] * 121, "links": []},
        {"legend": "x"},
    ],
)
def test_data_of_the_wrong_shape_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BlockError):
        block(changed(**change))


def test_a_flow_without_links_is_drawn() -> None:
    assert len(list(drawn(changed(links=[])).iter("path"))) == 2


def test_names_break_between_words_and_long_ones_at_their_joints() -> None:
    assert wrapped("API admin-legacy (POST /actions)", 145) == ["API admin-legacy (POST", "/actions)"]
    assert wrapped("northwind-supplier-imports-archive", 145) == ["northwind-supplier-", "imports-archive"]
    assert wrapped("x" * 500, 145) == ["x" * 22, f"{'x' * 21}…"]
    assert wrapped("", 145) == [""]
    assert (width_of("注文"), cut("注文処理関数主文", 65)) == (4, "注文処理…")


def document(*blocks: Block) -> Document:
    return Document("T", "S", "C", "", datetime(2026, 11, 16, tzinfo=UTC), "run", (), blocks)


def test_pdf_and_html_draw_it_with_its_words() -> None:
    report = document(block(FLOW, alt="Mail starts ops-admin.", caption="Attack paths"))
    made = pypdf.PdfReader(io.BytesIO(render_pdf(report)))
    assert "/StructTreeRoot" in made.trailer["/Root"], "it is tagged, so the drawing passes PDF/UA"
    text = " ".join(page.extract_text() for page in made.pages)
    for said in ("Attack paths", "mail rule operations", "ops-admin", "Identified callers", "for review"):
        assert said in text
    assert "Mail starts ops-admin." in render_html(report)


def test_hostile_names_do_not_break_the_pdf() -> None:
    data = changed(nodes=[])
    for number, label in enumerate(HOSTILE.values()):
        data["nodes"] += [{"column": number % 2, "label": label, "note": label, "tone": label}]
    report = document(block({**data, "links": [{"source": 0, "target": 1, "tone": "fail"}]}))
    assert render_pdf(report).startswith(b"%PDF")
    assert render_pdf(report) == render_pdf(replace(report))
