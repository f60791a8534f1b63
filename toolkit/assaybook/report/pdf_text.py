"""Text for the PDF: of bounded length, and with places where a long name may break."""

from __future__ import annotations

import re

BREAK = "\x1f"
MOST_CHARACTERS = 1_200
UNBROKEN = 24
BREAKS = re.compile(r"\s+|(?<=[/:_.,=@?&+\-])(?=[^\s/:_.,=@?&+\-])")
_LONG = re.compile(r"\S{12,}")
_AFTER = re.compile(r"(?<=[/:_.,=@?&+\-])(?=[^\s/:_.,=@?&+\-])")
_UNBROKEN = re.compile(rf"[^{BREAK}⟨⟩]{{{UNBROKEN}}}(?=[^{BREAK}])")


def soft(text: str, most: int = MOST_CHARACTERS) -> str:
    """A legible text as the template takes it: it puts an empty box at each BREAK, where a line may end and which leaves no trace in copied text.

    A text longer than `most` characters is cut and says so; findings.json has it in full.
    """
    if len(text) > most:
        text = f"{text[:most]}… ({len(text):,} characters in all)"
    if len(text) < 12:
        return text
    return _LONG.sub(_broken, text)


def _broken(match: re.Match[str]) -> str:
    return _UNBROKEN.sub(rf"\g<0>{BREAK}", _AFTER.sub(BREAK, match[0]))
