"""Text that can be shown: what is invisible, reorders its neighbours or has no glyph appears as its code point, like ⟨U+202E⟩.

Names, tags and descriptions come from the account that is assessed. A bidirectional override, a zero-width space or a control character in one of them
must neither hide nor break anything, and a reader must be able to see that it is there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import Any

MOST_MARKS = 2

# Letters and marks that show nothing, though Unicode does not count them as format characters.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2028\u2029\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
# Control, format (soft hyphen, zero width, bidirectional, tags), surrogate and private use; tab and newline may stay.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000f0000-\U0010ffff"
)
_INVISIBLE = re.compile(f"[{_BLANK}{_HIDDEN}]")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")


def visible(text: str) -> str:
    """The text with whatever is invisible or reorders text shown as code points, and piles of combining marks taken apart. For HTML, where any glyph may be had."""
    if text.isascii() and text.isprintable():
        return text
    return _MARKS.sub(_unpiled, _INVISIBLE.sub(_token, text))


def legible(text: str) -> str:
    """As `visible`, and what the bundled fonts have no glyph for is shown as its code point too. For the PDF."""
    if text.isascii() and text.isprintable():
        return text
    seen = visible(text)
    missing = {ord(each): f"⟨U+{ord(each):04X}⟩" for each in sorted(set(seen)) if not _has_glyph(each)}
    return seen.translate(missing) if missing else seen


def mapped(value: Any, change: Any) -> Any:
    """Block data with `change` applied to every string in it, names of fields left alone."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, (list, tuple)):
        return [mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {name: mapped(each, change) for name, each in value.items()}
    return value


@cache
def covered() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The runs of code points that the bundled fonts have glyphs for: where each begins, and where it ends (included)."""
    lines = files(__package__).joinpath("fonts", "coverage.txt").read_text(encoding="ascii").split()
    runs = [line.partition("-") for line in lines]
    return tuple(int(first, 16) for first, _, _ in runs), tuple(int(last or first, 16) for first, _, last in runs)


def _has_glyph(character: str) -> bool:
    first, last = covered()
    place = bisect_right(first, ord(character)) - 1
    return character in "\t\n" or (place >= 0 and ord(character) <= last[place])


def _token(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"


def _unpiled(match: re.Match[str]) -> str:
    return match[0][:MOST_MARKS] + "".join(f"⟨U+{ord(each):04X}⟩" for each in match[0][MOST_MARKS:])
