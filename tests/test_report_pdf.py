"""The PDF: tagged, with bookmarks and page labels, the same bytes each time, and hostile text in it is only text."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from assaybook.report import pdf
from assaybook.report.blocks import Block, badge, heading, paragraph, raw, table
from assaybook.report.pdf import render_pdf
from assaybook.report.pdf_tables import MOST_ROWS, fitted_tables
from assaybook.report.pdf_text import BREAK, MOST_CHARACTERS, soft
from assaybook.report.validate import BlockError, valid_block
from report_sample import HOSTILE, document, every_kind


def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def text_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(made).pages)


@pytest.fixture(scope="module")
def made() -> bytes:
    return render_pdf(document())


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second attempt without tags."""
    whole = pdf._compiled

    def once(data: dict[str, object], *rest: object) -> bytes:
        assert not data["remark"], "the standards' rules were broken"
        return whole(data, *rest)

    monkeypatch.setattr(pdf, "_compiled", once)


def test_it_claims_the_standards_and_is_tagged(made: bytes, strict: None) -> None:
    assert render_pdf(document()) == made
    reader = read(made)
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] is True or catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Report plain words"
    metadata = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata


def roles(node: object) -> list[str]:
    """The roles of a structure tree, in reading order."""
    node = node.get_object() if isinstance(node, pypdf.generic.IndirectObject) else node
    if isinstance(node, list):
        return [role for each in node for role in roles(each)]
    if not isinstance(node, dict):
        return []
    mine = [str(node["/S"])] if "/S" in node else []
    return mine + roles(node.get("/K", []))


def test_the_tags_name_headings_tables_lists_and_figures(made: bytes) -> None:
    found = roles(read(made).trailer["/Root"]["/StructTreeRoot"])
    for role in ("/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure", "/Link", "/TOC"):
        assert role in found, role


def figures(node: object) -> list[str]:
    node = node.get_object() if isinstance(node, pypdf.generic.IndirectObject) else node
    if isinstance(node, list):
        return [alt for each in node for alt in figures(each)]
    if not isinstance(node, dict):
        return []
    mine = [str(node["/Alt"])] if node.get("/S") == "/Figure" and "/Alt" in node else []
    return mine + figures(node.get("/K", []))


def test_every_drawing_says_what_it_shows(made: bytes) -> None:
    alts = figures(read(made).trailer["/Root"]["/StructTreeRoot"])
    for alt in ("A gauge plain words", "Controls by area", "Failures by area", "An image plain words"):
        assert alt in alts


def titles(outline: list[object]) -> list[str]:
    return [name for each in outline for name in (titles(each) if isinstance(each, list) else [each["/Title"]])]


def test_bookmarks_contents_and_page_labels(made: bytes) -> None:
    reader = read(made)
    assert titles(reader.outline) == ["1 Summary", "Contents", "2 Chapter plain words", "Section"]
    assert reader.page_labels[1:4] == ["1", "2", "3"]
    pages = [page.extract_text() for page in reader.pages]
    assert "1 Summary" in pages[1]
    assert "Contents" in pages[2]
    for number, page in enumerate(pages[1:], 1):
        assert f"Page {number} of {len(pages) - 1}" in page
        assert "SYNTHETIC ACCOUNT · DRAFT" in page
        assert "CONFIDENTIAL" in page
    assert "SYNTHETIC ACCOUNT · DRAFT" in pages[0]


def test_links_lead_to_their_heading_and_lost_ones_are_words(made: bytes) -> None:
    annotations = [each.get_object() for page in read(made).pages for each in page.get("/Annots", [])]
    addresses = [each["/A"]["/URI"] for each in annotations if "/URI" in each.get("/A", {})]
    assert addresses == ["https://example.org/"]
    assert any("/Dest" in each or each.get("/A", {}).get("/S") == "/GoTo" for each in annotations)


def test_nothing_in_it_runs_or_is_fetched(made: bytes) -> None:
    for name in (b"/JS", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/AA", b"/OpenAction"):
        assert name not in made


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_words_are_text_and_break_nothing(name: str, strict: None) -> None:
    words = HOSTILE[name]
    said = text_of(render_pdf(document(words=words)))
    assert "Report" in said
    assert not [each for each in said if each in words and each in "\x00\x07\x1b\x1f\x7f\u200b\u202e\u2066\ufeff"]


def test_markup_comes_out_as_it_went_in(strict: None) -> None:
    said = text_of(render_pdf(document(paragraph(HOSTILE["typst"]), paragraph(HOSTILE["html"])))).replace("\n", "")
    assert "#set page(fill: red) $x^2$ `raw` @nowhere *bold* _it_ #panic" in said
    assert "<script>alert(2)" in said


def test_what_cannot_be_seen_is_named(strict: None) -> None:
    said = text_of(
        render_pdf(document(paragraph(HOSTILE["bidi"]), raw(HOSTILE["control"]), paragraph(HOSTILE["rare"])))
    )
    for point in ("⟨U+202E⟩", "⟨U+0007⟩", "⟨U+0000⟩", "⟨U+13000⟩"):
        assert point in said


def test_chinese_japanese_korean_and_emoji_are_legible(strict: None) -> None:
    said = text_of(render_pdf(document(paragraph(HOSTILE["cjk"]), paragraph("fire 🔥"))))
    for words in ("注文処理", "関数", "주문", "订单", "🔥"):
        assert words in said


def test_skipped_heading_levels_and_empty_headings_are_mended(strict: None) -> None:
    blocks = (
        heading(4, "Deep"),
        heading(6, "Deeper"),
        heading(1, "  ", "gone"),
        heading(1, "Top"),
        heading(5, "Under"),
    )
    assert titles(read(render_pdf(document(*blocks))).outline) == ["Contents", "1 Deep", "Deeper", "2 Top", "Under"]


def test_a_report_of_nothing_is_a_report(strict: None) -> None:
    assert text_of(render_pdf(document(paragraph("")))).startswith("Report")


def test_text_that_the_standards_refuse_costs_the_tags_and_not_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "STANDARDS", ["ua-1"])
    monkeypatch.setattr(pdf, "legible", lambda text: f"{text}\ue000" if text == "Report plain words" else text)
    said = text_of(render_pdf(document()))
    assert "could not be tagged" in said


def test_an_unknown_block_is_refused() -> None:
    with pytest.raises(BlockError, match="unknown kind"):
        render_pdf(document({"kind": "script", "text": "alert(1)"}))


def wide(columns: int, rows: int) -> Block:
    names = [f"column number {each}" for each in range(columns)]
    body = [
        [f"row {row}", *("the same" if each % 2 else f"cell {row} {each}" * 2 for each in range(1, columns))]
        for row in range(rows)
    ]
    return valid_block(table(names, body, caption="Wide"))


def test_a_wide_table_becomes_several_and_loses_nothing() -> None:
    block = wide(30, 5)
    tables = fitted_tables(block)
    assert len(tables) > 1
    assert {each["columns"][0] for each in tables} == {"column number 0"}
    shown = [name for each in tables for name in each["columns"][1:]] + [name for name, _ in tables[0]["same"]]
    assert sorted(shown) == sorted(block["columns"][1:])
    assert all(value == "the same" for _, value in tables[0]["same"])
    assert all(len(row) == len(each["columns"]) for each in tables for row in each["rows"])


def test_what_could_not_be_read_does_not_hide_that_the_others_are_the_same() -> None:
    hole = ["unreadable", [badge("not readable", "unknown"), " denied"], *[""] * 28]
    block = valid_block({**wide(30, 5), "rows": [hole, *wide(30, 5)["rows"]]})
    first, *more = fitted_tables(block)
    assert first["unread"]
    assert len(first["same"]) == 15
    assert len(first["rows"]) == 6
    assert all(len(each["rows"]) == 5 for each in more)


def test_a_column_that_repeats_the_first_is_said_once() -> None:
    rows = [[f"name {each}", f"name {each}", *(f"{each}{column}" for column in range(6))] for each in range(4)]
    (only,) = fitted_tables(valid_block(table(["subject", "name", *"abcdef"], rows)))
    assert only["same"] == [["name", "the subject"]]
    assert only["columns"] == ["subject", *"abcdef"]


def test_a_long_table_says_how_much_it_shows() -> None:
    (only,) = fitted_tables(valid_block(table(["a"], [[str(each)] for each in range(MOST_ROWS + 5)], caption="Long")))
    assert only["caption"] == f"Long ({MOST_ROWS} of {MOST_ROWS + 5} rows)"
    assert len(only["rows"]) == MOST_ROWS


def test_long_names_can_break_and_copy_clean() -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:" + "x" * 60
    broken = soft(arn)
    assert broken.replace(BREAK, "") == arn
    assert max(map(len, broken.split(BREAK))) <= 30
    assert soft("short") == "short"
    assert "(5,000 characters in all)" in soft("y" * 5_000)
    assert len(soft("y" * 5_000).replace(BREAK, "")) < MOST_CHARACTERS + 40


def test_blocks_are_not_changed_by_rendering() -> None:
    blocks = every_kind()
    render_pdf(document(*blocks))
    assert blocks == every_kind()


def test_another_process_and_place_gives_the_same_bytes(made: bytes, tmp_path: Path) -> None:
    program = "import sys; from assaybook.report.pdf import render_pdf; from report_sample import document; sys.stdout.buffer.write(render_pdf(document()))"
    places = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]), "TMPDIR": str(tmp_path)}
    strange = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Chatham", "LC_ALL": "tr_TR.UTF-8", "HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **places, **strange},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert ran.stdout == made
    assert list(tmp_path.iterdir()) == []
