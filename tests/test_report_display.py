"""What a notebook cell shows: text, scoped HTML without scripts, and blocks as data."""

import json
import re

import pytest

from assaybook.report.blocks import MIME, Block, code, heading, link, paragraph, section, table
from assaybook.report.display import Shown
from assaybook.report.validate import BlockError, valid_blocks
from report_pages import read
from report_sample import HOSTILE, every_kind


def bundle(blocks: list[Block]) -> dict[str, object]:
    return Shown(blocks)._repr_mimebundle_()


def test_the_three_forms() -> None:
    blocks = every_kind()
    made = bundle(blocks)
    assert list(made) == ["text/plain", "text/html", MIME]
    assert valid_blocks(made[MIME]) == valid_blocks(blocks)
    assert json.loads(json.dumps(made)) == made
    assert made == bundle(every_kind())


def test_the_html_is_well_formed_and_inert() -> None:
    page = read(Shown(every_kind()).html())
    assert page.faults == []
    assert page.tags["style"] == 1


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_words_are_text(name: str) -> None:
    html = Shown(every_kind(HOSTILE[name])).html()
    html.encode("utf-8")
    assert read(html).faults == []


def test_the_style_touches_nothing_else_in_the_notebook() -> None:
    style = re.sub(r"/\*.*?\*/", "", Shown([]).html().partition("<style>")[2].partition("</style>")[0], flags=re.DOTALL)
    selectors = [each.strip() for rule in re.findall(r"([^{}]+)\{", style) for each in rule.split(",")]
    assert selectors
    assert [each for each in selectors if ".assaybook" not in each] == []
    assert "url(" not in style
    assert "@" not in style


def test_colours_follow_the_theme_of_jupyterlab() -> None:
    style = Shown([]).html()
    assert "var(--jp-content-font-color1" in style
    assert 'body[data-jp-theme-light="false"] .assaybook{' in style


def test_the_text_says_what_the_html_says() -> None:
    text = repr(Shown(every_kind("some\x1b[31m words")))
    assert "high: some⟨U+001B⟩[31m words: some⟨U+001B⟩[31m words" in text
    assert "Failures by area" in text
    assert "Client" not in text
    assert all(each.isprintable() or each == "\n" for each in text)


def test_a_table_as_text() -> None:
    assert repr(Shown([table(["a", "b"], [["1", "2"], ["3", "4"]], caption="Pairs")])) == "Pairs\na | b\n1 | 2\n3 | 4"
    assert repr(Shown([])) == "nothing to show"


def test_plain_cells_are_stored_as_strings() -> None:
    made = bundle([section("scope", [table(["a", "b"], [["1", code("2")]])])])[MIME]
    assert made[0]["blocks"][0]["rows"] == [["1", [code("2")]]]


def test_links_to_other_notebooks_are_words_here_and_links_in_the_report() -> None:
    shown = Shown([heading(1, "Here", "here"), paragraph(link("#here", "in"), link("#there", "out"))])
    assert read(shown.html()).links == ["#here"]
    assert [run["t"] for run in shown._repr_mimebundle_()[MIME][1]["c"]] == ["link", "link"]


def test_what_is_no_block_is_refused_where_it_is_made() -> None:
    with pytest.raises(BlockError, match="unknown kind of block 'html'"):
        Shown([{"kind": "html", "text": "<b>"}])
