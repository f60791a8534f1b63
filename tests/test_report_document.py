"""Headings without gaps, anchors that lead somewhere, and nothing that an exporter could stumble over."""

from assaybook.report.blocks import Block, end, heading, link, paragraph, section, table
from assaybook.report.document import laid_out, outlined, plain, walk
from assaybook.report.validate import valid_blocks
from report_sample import document, every_kind


def entries(*blocks: Block) -> list[tuple[int, str, str, str]]:
    return [(each.level, each.number, each.title, each.anchor) for each in outlined(valid_blocks(list(blocks))).entries]


def test_levels_have_no_gaps_and_chapters_are_numbered() -> None:
    found = entries(
        heading(3, "Deep", "a"),
        heading(6, "Deeper", "b"),
        heading(1, "Top", "c"),
        heading(4, "Under", "d"),
        heading(2, "Over", "e"),
    )
    assert found == [
        (1, "1", "Deep", "a"),
        (2, "", "Deeper", "b"),
        (1, "2", "Top", "c"),
        (2, "", "Under", "d"),
        (2, "", "Over", "e"),
    ]


def test_levels_run_through_sections() -> None:
    found = entries(heading(1, "Chapter"), section("practice", [heading(2, "Practice")]), heading(3, "Control"))
    assert [level for level, *_ in found] == [1, 2, 3]


def test_an_anchor_is_given_once_and_every_heading_has_one() -> None:
    found = entries(
        heading(1, "One", "same"), heading(1, "Two", "same"), heading(1, "Three"), heading(1, "Four", "heading-2")
    )
    anchors = [anchor for *_, anchor in found]
    assert anchors[0] == "same"
    assert anchors[3] == "heading-2"
    assert len(set(anchors)) == 4


def test_links_to_nowhere_are_their_words() -> None:
    blocks = [
        heading(1, "Here", "here"),
        heading(2, "  ", "empty"),
        paragraph(
            link("#here", "found"),
            link("#empty", "lost"),
            link("#elsewhere", "lost"),
            link("https://example.org", "web"),
        ),
    ]
    made = laid_out(valid_blocks(blocks))
    assert len(made) == 2
    assert [run.get("href") for run in made[1]["c"]] == ["#here", None, None, "https://example.org"]
    assert plain(made[1]["c"]) == "foundlostlostweb"


def test_links_in_tables_facts_and_lists_are_followed_too() -> None:
    blocks = [
        table(["a"], [[[link("#nowhere", "words")]]]),
        {"kind": "list", "ordered": False, "items": [[paragraph(link("#nowhere", "words"))]]},
    ]
    made = laid_out(valid_blocks(blocks))
    assert made[0]["rows"] == [[[{"t": "text", "s": "words"}]]]
    assert made[1]["items"][0][0]["c"] == [{"t": "text", "s": "words"}]


def test_what_speaks_to_the_runner_is_left_out_and_the_given_blocks_stay_as_they_are() -> None:
    blocks = valid_blocks([*every_kind(), section("conclusion", [end("A", "", "")])])
    before = valid_blocks([*every_kind(), section("conclusion", [end("A", "", "")])])
    assert "end" not in {block["kind"] for block in walk(laid_out(blocks))}
    assert blocks == before


def test_the_outline_of_a_document() -> None:
    assert [(each.number, each.title) for each in document().outline()] == [
        ("1", "Summary"),
        ("2", "Chapter plain words"),
        ("", "Section"),
    ]
