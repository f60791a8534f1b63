"""Text that can be shown, and the fonts that show it."""

import unicodedata

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from assaybook.report.glyphs import covered, legible, mapped, visible
from report_fonts import FONTS, faces, ranges

HAS = {point for first, last in ranges() for point in range(first, last + 1)}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("safe\u202egnp.exe", "safe⟨U+202E⟩gnp.exe"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("pay\u200bments", "pay⟨U+200B⟩ments"),
        ("\ufeff", "⟨U+FEFF⟩"),
        ("so\xadft", "so⟨U+00AD⟩ft"),
        ("\x00\x07\x1b\x7f\x85", "⟨U+0000⟩⟨U+0007⟩⟨U+001B⟩⟨U+007F⟩⟨U+0085⟩"),
        ("\ud83d", "⟨U+D83D⟩"),
        ("\ue000\U0010ffff", "⟨U+E000⟩⟨U+10FFFF⟩"),
        ("line\u2028paragraph\u2029", "line⟨U+2028⟩paragraph⟨U+2029⟩"),
        ("\u3164\u115f\u2800\ufe0f\U000e0041", "⟨U+3164⟩⟨U+115F⟩⟨U+2800⟩⟨U+FE0F⟩⟨U+E0041⟩"),
        ("e\u0301 o\u0308\u0304", "e\u0301 o\u0308\u0304"),
        ("z\u0301\u0301\u0301\u0301", "z\u0301\u0301⟨U+0301⟩⟨U+0301⟩"),
        ("漢字 🚨 שלום", "漢字 🚨 שלום"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    "text", ["é ß ñ ç", "Привет Ελληνικά", "注文処理 関数 주문 订单 訂單", "fire 🔥", "✓ ✗ ⚠ → ⟨⟩ … –", "دليل עברית"]
)
def test_what_the_fonts_have_is_legible(text: str) -> None:
    assert legible(text) == text


def test_what_the_fonts_lack_is_named() -> None:
    assert legible("𓀀 x") == "⟨U+13000⟩ x"
    assert visible("𓀀 x") == "𓀀 x"


@given(st.text())
def test_legible_text_holds_only_visible_characters_with_a_glyph(text: str) -> None:
    seen = legible(text)
    seen.encode("utf-8")
    assert legible(seen) == seen
    assert all(each in "\t\n" or ord(each) in HAS for each in seen)
    assert not [each for each in seen if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co") and each not in "\t\n"]


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_ascii_stays_as_it_is(text: str) -> None:
    assert visible(text) == legible(text) == text


def test_every_format_and_control_character_is_named() -> None:
    kept = [
        f"U+{point:04X}"
        for point in range(0x110000)
        if unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs", "Co") and visible(chr(point)) == chr(point)
    ]
    assert kept == ["U+0009", "U+000A"]


def test_strings_are_changed_at_any_depth_and_nothing_else() -> None:
    block = {"kind": "x", "n": 3, "flag": True, "c": [{"s": "a\u200bb"}, ("\u200b", None)]}
    assert mapped(block, visible) == {"kind": "x", "n": 3, "flag": True, "c": [{"s": "a⟨U+200B⟩b"}, ["⟨U+200B⟩", None]]}
    assert block["c"][0]["s"] == "a\u200bb"


def test_the_table_of_coverage_is_that_of_the_fonts() -> None:
    assert list(zip(*covered(), strict=True)) == ranges()


def test_the_ranges_of_coverage_are_in_order_and_apart() -> None:
    first, last = covered()
    assert all(begin <= end for begin, end in zip(first, last, strict=True))
    assert all(end + 1 < begin for end, begin in zip(last, first[1:], strict=False))


def test_every_font_has_its_licence_and_its_source() -> None:
    told = (FONTS / "README.md").read_text(encoding="utf-8")
    open_licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in open_licence
    assert "Bitstream Vera" in (FONTS / "DejaVu.txt").read_text(encoding="utf-8")
    for path in faces():
        with TTFont(path) as font:
            family = font["name"].getBestFamilyName()
        assert family.split(" SmBld")[0] in (open_licence if "DejaVu" not in family else "DejaVu Sans")
        stem = path.stem.partition("-")[0]
        assert stem in told


def test_a_changed_font_does_not_bear_a_reserved_name() -> None:
    for path in FONTS.glob("Assaybook*"):
        with TTFont(path) as font:
            names = {str(each) for each in font["name"].names if each.nameID in (1, 3, 4, 6, 16)}
        assert names
        assert not [each for each in names if "Noto" in each or "Source" in each or "Plex" in each]


def test_the_fonts_stay_small() -> None:
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 12_000_000
