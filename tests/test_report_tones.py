"""Colours: enough contrast on light and dark pages, and a sign beside each."""

import re
from collections.abc import Callable

import pytest

from assaybook.model import Outcome, Severity, Status
from assaybook.report.html import render_html
from assaybook.report.tones import TONES, dark_stylesheet, stylesheet, tone, tone_class
from assaybook.score import Rating
from report_sample import document

TEXT = 4.5
DRAWING = 3.0


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", TONES)
def test_words_can_be_read_on_their_colour(name: str) -> None:
    each = TONES[name]
    assert contrast(each.ink, each.paper) >= TEXT
    assert contrast(each.ink_dark, each.paper_dark) >= TEXT
    assert contrast(each.mark, each.fill) >= TEXT


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+):(#[0-9a-f]{6})", block))


def test_the_page_itself_can_be_read_light_and_dark() -> None:
    style = render_html(document()).partition("<style>")[2].partition("</style>")[0]
    light = variables(style[style.index(":root{") :].partition("}")[0])
    dark = variables(style[style.index("prefers-color-scheme:dark") :].partition("}")[0])
    for page in (light, dark):
        for name in ("text", "quiet", "accent"):
            for paper in ("page", "soft"):
                assert contrast(page[name], page[paper]) >= TEXT, (name, paper)


def test_every_word_of_a_result_has_a_tone_of_its_own() -> None:
    words = [*Outcome, *Status, *Severity, *(each.name.lower() for each in Rating)]
    assert [each for each in words if each not in TONES] == []


def test_signs_tell_the_tones_of_one_scale_apart() -> None:
    for scale in (Severity, Status, Outcome):
        signs = [tone(each).sign for each in scale]
        assert len(set(signs)) == len(signs)
        assert all(signs)


def test_what_is_not_decided_is_striped_in_drawings() -> None:
    striped = {name for name, each in TONES.items() if each.striped}
    assert striped == {"unknown", "undetermined", "review"}


def test_another_word_is_neutral() -> None:
    assert tone('x"><script>') == tone("not_applicable")
    assert tone_class('x"><script>') == "not-applicable"


@pytest.mark.parametrize("make", [stylesheet, dark_stylesheet])
def test_each_tone_has_its_class(make: Callable[[str], str]) -> None:
    selectors = {each for rule in re.findall(r"([^{}]+)\{", make(".page")) for each in rule.strip().split(",")}
    assert selectors == {f".page .tone-{tone_class(name)}" for name in TONES}
