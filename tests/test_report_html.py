"""The HTML report: one file, well formed, inert, readable without colour, and hostile text in it is only text."""

import hashlib
import re
from dataclasses import replace

import pytest

from assaybook.report.blocks import Block, finding, heading, link, paragraph, section, table
from assaybook.report.html import render_html
from assaybook.report.markup import breakable, floors
from assaybook.report.validate import BlockError, valid_block
from report_pages import read
from report_sample import HOSTILE, document, every_kind


def body(html: str) -> str:
    """The page without its style sheet."""
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def content(*blocks: Block) -> str:
    """What these blocks become, with white space evened."""
    found = body(render_html(document(*blocks)))
    inner = found[found.index("</section>", found.index('class="cover"')) + 10 : found.index("<footer")]
    return re.sub(r"\s*\n\s*", "\n", inner).strip()


def test_it_is_one_well_formed_file_that_needs_nothing_and_runs_nothing() -> None:
    html = render_html(document())
    page = read(html)
    assert page.faults == []
    assert page.tags["main"] == page.tags["nav"] == page.tags["h1"] == 1
    assert page.tags["title"] == 1 + page.tags["svg"]
    assert html.startswith("<!DOCTYPE html>\n<html lang=")
    assert page.tags["script"] == 0
    outside = [each for each in page.links if not each.startswith("#")]
    assert outside == ["https://example.org/"]
    style = html[html.index("<style>") : html.index("</style>")]
    assert "@import" not in style
    assert set(re.findall(r"url\(([^)]{0,15})", style)) == {"data:font/woff2"}


def test_the_policy_forbids_all_that_the_file_does_not_use() -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', render_html(document()))
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "font-src": "data:",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_policy_stands_before_anything_that_it_governs() -> None:
    html = render_html(document())
    assert html.index("Content-Security-Policy") < html.index("<style>") < html.index("<body>")


def test_the_same_document_gives_the_same_bytes() -> None:
    first, second = render_html(document()), render_html(document())
    assert hashlib.sha256(first.encode()).digest() == hashlib.sha256(second.encode()).digest()


def test_blocks_are_not_changed_by_rendering() -> None:
    blocks = every_kind()
    before = repr(blocks)
    render_html(document(*blocks))
    assert repr(blocks) == before


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_words_are_text_and_break_nothing(name: str) -> None:
    html = render_html(document(words=HOSTILE[name]))
    html.encode("utf-8")
    page, plain = read(html), read(render_html(document()))
    assert page.faults == []
    # Places to break a line may be more or fewer; nothing else may appear or vanish.
    for tag in ("span", "wbr"):
        del page.tags[tag], plain.tags[tag]
    assert page.tags == plain.tags


def test_hostile_html_can_be_read_as_it_was() -> None:
    text = "".join(read(render_html(document(words=HOSTILE["html"]))).text)
    assert HOSTILE["html"] in text


def test_what_cannot_be_seen_is_named() -> None:
    for name, token in (("bidi", "⟨U+202E⟩"), ("zero", "⟨U+200B⟩"), ("control", "⟨U+0000⟩"), ("surrogate", "⟨U+D83D⟩")):
        html = body(render_html(document(words=HOSTILE[name])))
        assert token in html
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", html)


def test_banner_and_classification_stand_at_the_top_and_on_each_printed_page() -> None:
    html = render_html(document())
    head = html[html.index('<header class="strip">') : html.index("</header>")]
    assert "SYNTHETIC ACCOUNT · DRAFT" in head
    assert "CONFIDENTIAL" in head
    printed = html[html.index("@media print") : html.index("</style>")]
    # Browsers repeat a header group on each page only if it may not break.
    assert re.search(r"\.strip\{display:table-header-group;[^}]*break-inside:avoid\}", printed)


def test_contents_and_inner_links_lead_to_their_headings() -> None:
    page = read(render_html(document()))
    inner = [each[1:] for each in page.links if each.startswith("#")]
    assert inner
    assert set(inner) <= set(page.ids)
    assert {"summary", "chapter", "section"} <= set(inner)


def test_headings_leave_no_level_out() -> None:
    page = read(render_html(document(heading(3, "deep"), heading(6, "deeper"), heading(1, "top"), heading(4, "again"))))
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_severity_and_status_are_words_beside_their_colour() -> None:
    shown = content(
        finding(title="orders", outcome="review", severity="high", subject="arn:aws:x", because="Because it is so.")
    )
    assert '<span class="badge tone-high"><span aria-hidden="true">▲ </span>high</span>' in shown
    assert '<span class="badge tone-review"><span aria-hidden="true">◐ </span>review</span>' in shown


def test_data_cannot_choose_a_class() -> None:
    shown = content(
        finding(title="t", outcome="fail", severity='x" onclick="y', subject="s", because="b"),
        section('summary" onload="z', [paragraph("in")]),
        section("no-such-role", [paragraph("in")]),
    )
    assert set(re.findall(r'class="([^"]*)"', shown)) == {
        "badge tone-not-applicable",
        "because",
        "details",
        "finding tone-not-applicable",
        "finding-head",
        "finding-title",
        "part",
    }


def test_a_finding_card() -> None:
    card = finding(
        title="orders-api",
        outcome="fail",
        severity="critical",
        subject="arn:aws:lambda:us-east-1:111122223333:function:orders-api",
        because="Anyone may call it.",
        where="111122223333/us-east-1",
        check="public-endpoint-without-auth",
        id="0123456789abcdef",
        evidence=("E-0001", "E-0002"),
        details=[("Endpoint.auth", "none")],
    )
    assert content(card) == (
        '<article class="finding tone-critical">\n'
        '<p class="finding-head"><span class="badge tone-critical"><span aria-hidden="true">◆ </span>critical</span> '
        '<strong class="finding-title">orders-api</strong> '
        '<span class="quiet">111122223333/<wbr><span class="whole">us-east-1</span></span></p>\n'
        '<p class="because">Anyone may call it.</p>\n'
        '<dl class="details">\n'
        "<div><dt>Subject</dt><dd><code>arn:<wbr>aws:<wbr>lambda:<wbr>"
        '<span class="whole">us-east-1</span>:<wbr>111122223333:<wbr>function:<wbr>orders-<wbr>api</code></dd></div>\n'
        "<div><dt>Endpoint.auth</dt><dd>none</dd></div>\n"
        "<div><dt>Trace</dt><dd>check <code>public-<wbr>endpoint-<wbr>without-<wbr>auth</code> "
        'finding <code>0123456789abcdef</code> evidence <span class="whole">E-0001</span>, '
        '<span class="whole">E-0002</span></dd></div>\n'
        "</dl>\n"
        "</article>"
    )


def test_a_table() -> None:
    shown = content(table(["Name", "Failures"], [["orders", "3"]], caption="Worst", align="lr", total=9, widths=[3, 1]))
    assert shown == (
        '<div class="scroll">\n<table>\n'
        '<caption>Worst <span class="quiet">1 of 9 rows are shown.</span></caption>\n'
        '<colgroup><col style="width:75.0%"><col style="width:25.0%"></colgroup>\n'
        '<thead><tr><th scope="col">Name</th><th scope="col" class="r">Failures</th></tr></thead>\n'
        '<tbody>\n<tr><td>orders</td><td class="r">3</td></tr>\n</tbody>\n</table>\n</div>'
    )


def test_a_wide_table_can_be_reached_and_scrolled_with_the_keyboard() -> None:
    shown = content(table(["a", "b", "c", "d"], [["1", "2", "3", "4"]]))
    assert '<div class="scroll" tabindex="0" role="region" aria-label="Table: a, b, c, d">' in shown


def test_an_empty_table_says_so_and_keeps_its_head() -> None:
    shown = content(table(["a", "b"], []))
    assert '<td colspan="2" class="quiet">None.</td>' in shown


def test_links_to_the_web_tell_nobody_where_they_came_from() -> None:
    shown = content(paragraph(link("https://example.org/?a=1&b=2", "there")))
    assert shown == '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">there</a></p>'


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "file:///etc/passwd", " https://x", "//x"]
)
def test_other_links_are_words(href: str) -> None:
    assert "<a" not in content(paragraph(link(href, "click")))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("D1-06, C1-01", '<span class="whole">D1-06</span>, <span class="whole">C1-01</span>'),
        ("until 2027-01-31", 'until <span class="whole">2027-01-31</span>'),
        ("a&b<c", "a&amp;b&lt;c"),
        ("a_very_long&odd<name_of_it", "a_<wbr>very_<wbr>long&amp;odd&lt;name_<wbr>of_<wbr>it"),
        ("short-name", "short-name"),
        ("'quoted-and-rather-long'", "&#39;quoted-<wbr>and-<wbr>rather-<wbr>long&#39;"),
    ],
)
def test_lines_break_at_joints_and_not_inside_ids(text: str, made: str) -> None:
    assert str(breakable(text)) == made
    assert "".join(read(made).text) == text


def test_columns_have_room_for_their_longest_word_within_reason() -> None:
    made = valid_block(table(["a", "name"], [["x", "y" * 500], ["x", "a text of many words " * 20]]))
    narrow, wide = floors(made)
    assert 2 < narrow < 4
    assert 14 < wide < 18


def test_an_invalid_block_is_refused() -> None:
    with pytest.raises(BlockError, match=r"blocks\[0\]: unknown kind of block 'html'"):
        render_html(replace(document(), blocks=({"kind": "html", "text": "<b>"},)))


def test_a_document_of_nothing_is_a_page() -> None:
    assert (
        read(render_html(replace(document(), blocks=(), facts=(), banner="", classification="", subtitle=""))).faults
        == []
    )
