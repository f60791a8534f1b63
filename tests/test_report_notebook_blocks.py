"""What a notebook shows becomes blocks: all of it is data, none of it is code or markup."""

import base64
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from assaybook.report.blocks import MIME, paragraph, section
from assaybook.report.document import plain, walk
from assaybook.report.html import render_html
from assaybook.report.notebook_blocks import MOST_TEXT, notebook_blocks
from assaybook.report.pdf import render_pdf
from assaybook.report.stray_tables import stray_tables
from assaybook.report.validate import valid_blocks
from report_sample import HOSTILE, PIXEL, document


def shown(*outputs: Any, tags: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    cell = new_code_cell("print('never shown')", outputs=list(outputs), metadata={"tags": list(tags)})
    return valid_blocks(notebook_blocks(new_notebook(cells=[cell])))


def display(**data: Any) -> Any:
    names = {"html": "text/html", "text": "text/plain", "markdown": "text/markdown", "png": "image/png", "ours": MIME}
    return new_output("display_data", data={names.get(name, name): value for name, value in data.items()})


def markdown(source: str) -> list[dict[str, Any]]:
    return valid_blocks(notebook_blocks(new_notebook(cells=[new_markdown_cell(source)])))


def test_our_blocks_win_over_their_html_and_text() -> None:
    block = section("scope", [paragraph("ours")])
    assert shown(display(html="<b>html</b>", text="text", ours=block)) == valid_blocks([block])
    assert shown(display(ours=[paragraph("one"), paragraph("two")])) == [paragraph("one"), paragraph("two")]


def test_an_output_that_only_says_it_is_ours_shows_as_an_error_and_stops_nothing() -> None:
    made = shown(display(ours=[{"kind": "script", "text": "x"}, paragraph("after")]))
    assert made[0]["kind"] == "error"
    assert "unknown kind" in made[0]["text"]
    assert made[1] == paragraph("after")
    assert shown(display(ours=["not a block"]))[0]["kind"] == "error"


def test_cells_and_outputs_can_be_left_out() -> None:
    hidden = new_markdown_cell("# hidden", metadata={"tags": ["remove-cell"]})
    assert notebook_blocks(new_notebook(cells=[hidden])) == []
    stream = new_output("stream", name="stdout", text="x")
    assert shown(stream, tags=("remove-output",)) == []
    assert shown(stream, tags=("remove-cell",)) == []
    assert shown(stream) == [{"kind": "raw", "text": "x"}]


def test_code_and_the_error_stream_are_never_shown() -> None:
    assert shown(new_output("stream", name="stderr", text="a warning with a path")) == []
    assert "never shown" not in str(shown(new_output("stream", name="stdout", text="x")))


def test_terminal_sequences_are_gone_and_long_output_says_so() -> None:
    assert shown(new_output("stream", name="stdout", text="\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\r\n")) == [
        {"kind": "raw", "text": "red link"}
    ]
    (block,) = shown(new_output("stream", name="stdout", text="y" * (MOST_TEXT + 7)))
    assert block["text"].endswith("… 7 more characters are in the notebook")


def test_an_error_is_visible_without_its_traceback() -> None:
    output = new_output("error", ename="ValueError", evalue="\x1b[31mwrong\x1b[0m", traceback=["/a/path/of/mine"])
    assert shown(output) == [{"kind": "error", "ename": "ValueError", "text": "wrong"}]


def test_a_data_frame_becomes_a_table() -> None:
    frame = pd.DataFrame({"name": ["<script>", "b"], "count": [1, 2]})
    html = f"<style>td {{}}</style>{frame.to_html()}"
    (block,) = shown(display(html=html, text=repr(frame)))
    assert block["columns"] == ["", "name", "count"]
    assert [[plain(cell) for cell in row] for row in block["rows"]] == [["0", "<script>", "1"], ["1", "b", "2"]]


def test_tables_of_broken_html_are_read_as_far_as_they_go() -> None:
    assert stray_tables("<p>no table</p>") == []
    (block,) = stray_tables("<table><tr><td>a<td>b<tr><td colspan=2>c<script>alert(1)</script>")
    assert [[plain(cell) for cell in row] for row in block["rows"]] == [["a", "b"], ["", "c"]]
    assert "alert" not in str(block)
    assert stray_tables("<table></table>") == []


def test_html_without_a_table_falls_back_to_text() -> None:
    assert shown(display(html="<b onclick=alert(1)>bold</b>", text="plain")) == [{"kind": "raw", "text": "plain"}]
    (block,) = shown(display(html="<b>bold</b>"))
    assert block["kind"] == "note"
    assert "text/html" in plain(block["c"])


def test_widgets_are_left_out_unless_they_bring_a_block() -> None:
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}
    assert shown(new_output("display_data", data={**widget, "text/plain": "Button()"})) == []
    assert shown(new_output("display_data", data={**widget, MIME: paragraph("answer")})) == [paragraph("answer")]


def test_images_are_kept_if_they_are_images() -> None:
    (block,) = shown(display(png=f"{PIXEL}\n", text="<Figure size 1x1>"))
    assert base64.b64decode(block["data"]).startswith(b"\x89PNG")
    assert "Figure size" in block["alt"]
    for broken in ("not base64!", base64.b64encode(b"<svg onload=alert(1)>").decode()):
        assert shown(display(png=broken))[0]["kind"] == "note"


def test_markdown_becomes_blocks() -> None:
    made = markdown(
        "# Title\n\nA *b* **c** `d` [e](https://example.org) \n\n- x\n- y\n\n1. z\n\n> quoted\n\n```\ncode\n```\n\n|a|b|\n|-|-:|\n|1|2|\n\n---\n"
    )
    assert [block["kind"] for block in made] == ["heading", "par", "list", "list", "quote", "raw", "table"]
    assert [run["t"] for run in made[1]["c"] if run["t"] != "text"] == ["em", "strong", "code", "link"]
    assert (made[2]["ordered"], made[3]["ordered"]) == (False, True)
    assert made[6]["align"] == "lr"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[x](javascript:alert(1))",
        "![x](https://example.org/beacon.png)",
        "[x](data:text/html,y)",
    ],
)
def test_markdown_lets_nothing_through(source: str) -> None:
    for block in walk(markdown(source)):
        assert block["kind"] in ("par", "raw")
        assert "link" not in [run["t"] for run in block.get("c", ())]


def test_deep_markdown_does_not_break() -> None:
    for source in (
        ">" * 200 + " deep",
        "\n".join("  " * depth + "- x" for depth in range(60)),
        "*" * 500 + "a" + "*" * 500,
        "[" * 2_000,
    ):
        assert isinstance(markdown(source), list)


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - {"surrogate"}))
def test_hostile_outputs_reach_both_reports_as_text(name: str) -> None:
    words = HOSTILE[name]
    cells = [
        new_markdown_cell(words),
        new_code_cell(
            words,
            outputs=[
                new_output("stream", name="stdout", text=words),
                display(text=words, html=words),
                display(markdown=words),
            ],
        ),
    ]
    blocks = notebook_blocks(nbformat.reads(nbformat.writes(new_notebook(cells=cells)), as_version=4))
    page = render_html(document(*blocks))
    assert "<script" not in page
    assert "<img" not in page
    assert render_pdf(document(*blocks)).startswith(b"%PDF-1.7")
