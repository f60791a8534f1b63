"""Blocks are checked before they are rendered: what is wrong is said with its place, and what is missing is filled in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.report.blocks import end, facts, finding, heading, paragraph, section, table
from assaybook.report.html import render_html
from assaybook.report.validate import DEEPEST, BlockError, valid_block, valid_blocks
from report_sample import document, every_kind


def test_every_kind_of_block_is_known_and_stays_as_it_is() -> None:
    blocks = valid_blocks(every_kind())
    assert valid_blocks(json.loads(json.dumps(blocks))) == blocks


def test_optional_fields_are_filled_in() -> None:
    assert valid_block({"kind": "table", "columns": ["a"], "rows": [["x"]]}) == table(["a"], [["x"]])
    assert valid_block({"kind": "facts", "rows": [["a", "b"]]}) == facts([("a", "b")])
    assert valid_block({"kind": "heading", "level": 2, "c": ["a"]}) == heading(2, "a")
    short = {"kind": "finding", "title": "t", "outcome": "fail", "severity": "low", "subject": "s", "because": "b"}
    assert valid_block(short) == finding(title="t", outcome="fail", severity="low", subject="s", because="b")


def test_fields_that_nobody_knows_are_dropped() -> None:
    assert valid_block({**paragraph("a"), "html": "<b>"}) == paragraph("a")


def test_rows_become_as_long_as_the_head_and_lose_nothing() -> None:
    made = valid_block(
        {"kind": "table", "columns": ["a", "b"], "rows": [["1"], ["1", "2", "3"]], "align": "r?lr", "total": 1}
    )
    assert [[len(row), row[-1]] for row in made["rows"]] == [
        [2, []],
        [2, [{"t": "text", "s": "2"}, {"t": "text", "s": " "}, {"t": "text", "s": "3"}]],
    ]
    assert made["align"] == "rl"
    assert made["total"] == 2


@pytest.mark.parametrize("widths", [[1], [0, 1], [1, 2, 3]])
def test_widths_that_do_not_fit_are_left_out(widths: list[float]) -> None:
    assert valid_block({"kind": "table", "columns": ["a", "b"], "rows": [], "widths": widths})["widths"] == []


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (None, r"block: a block is an object with a `kind`, not NoneType"),
        ([], r"block: a block is an object with a `kind`, not list"),
        ({}, r"block: unknown kind of block None; known are heading, par"),
        ({"kind": "script"}, r"unknown kind of block 'script'"),
        ({"kind": ["par"]}, r"unknown kind of block \['par'\]"),
        ({"kind": "par"}, r"block: a block of kind par needs `c`"),
        ({"kind": "par", "c": "text"}, r"block\.c: must be a list, not str"),
        ({"kind": "par", "c": [{"t": "html", "s": "<b>"}]}, r"block\.c: unknown kind of run 'html'"),
        ({"kind": "par", "c": [{"t": "text", "s": 3}]}, r"block\.c: must be text, not int"),
        ({"kind": "heading", "level": 7, "c": []}, r"block\.level: must be a whole number from 1 to 6"),
        ({"kind": "heading", "level": True, "c": []}, r"must be a whole number"),
        ({"kind": "note", "tone": "red", "c": []}, r"block\.tone: must be one of info, warning, alert, not 'red'"),
        ({"kind": "table", "columns": [], "rows": []}, r"block: a table needs columns"),
        ({"kind": "table", "columns": ["a"], "rows": ["a"]}, r"block\.rows: must be a list, not str"),
        ({"kind": "facts", "rows": [["a"]]}, r"block\.rows: each row is a name and a value"),
        ({"kind": "list", "items": [], "ordered": "yes"}, r"block\.ordered: must be true or false"),
        ({"kind": "section", "role": "x", "blocks": [{"kind": "y"}]}, r"block\.blocks\[0\]: unknown kind of block 'y'"),
        ({"kind": "section", "role": "x", "blocks": [], "attributes": {"a": 1}}, r"block\.attributes: must be text"),
        ({"kind": "image", "format": "svg", "data": "<svg>", "alt": "a"}, r"block\.data: must be base64"),
        ({"kind": "image", "format": "gif", "data": "", "alt": "a"}, r"block\.format: must be one of png, jpeg, svg"),
        ({"kind": "image", "format": "png", "data": "", "alt": ""}, r"block\.alt: must say in words"),
        ({"kind": "end"}, r"a block of kind end needs `area`"),
    ],
)
def test_what_is_no_block_is_refused_with_its_place(block: object, said: str) -> None:
    with pytest.raises(BlockError, match=said):
        valid_block(block)


def test_what_is_nested_too_deep_is_refused() -> None:
    block, run = paragraph("x"), {"t": "text", "s": "x"}
    for _ in range(DEEPEST + 2):
        block, run = section("scope", [block]), {"t": "strong", "c": [run]}
    with pytest.raises(BlockError, match="nested more than"):
        valid_block(block)
    with pytest.raises(BlockError, match="nested more than"):
        valid_block({"kind": "par", "c": [run]})


def test_a_long_wrong_kind_does_not_make_a_long_message() -> None:
    with pytest.raises(BlockError) as caught:
        valid_block({"kind": "x" * 100_000})
    assert len(str(caught.value)) < 500


def test_the_last_word_of_a_notebook_is_a_block() -> None:
    assert valid_block(end("A", "0" * 64, "met"))["status"] == "met"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["t", "s", "c", "kind", "href"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.data())
def test_a_block_with_any_field_replaced_is_refused_or_rendered(data: st.DataObject) -> None:
    block = dict(data.draw(st.sampled_from(every_kind())))
    block[data.draw(st.sampled_from(sorted(block)))] = data.draw(ANYTHING)
    try:
        made = valid_block(block)
    except BlockError:
        return
    assert "<!DOCTYPE html>" in render_html(document(made))
