"""Colours and signs of outcomes, statuses, severities and ratings, once for HTML and PDF.

A tone is never told by colour alone: each badge carries its word and a sign of its own shape, and drawings carry numbers, labels and stripes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

ACCENT = "#1d4e66"


@dataclass(frozen=True, slots=True)
class Tone:
    """`ink` on `paper` is a badge; `fill` is an area of a drawing with `mark` written on it; the two with `_dark` are for dark pages."""

    sign: str
    ink: str
    paper: str
    fill: str
    mark: str
    ink_dark: str
    paper_dark: str
    striped: bool = False


_CRITICAL = Tone("◆", "#ffffff", "#7d1128", "#7d1128", "#ffffff", "#ffffff", "#a01a3a")
_HIGH = Tone("▲", "#8c1d18", "#fae3e1", "#bd423a", "#ffffff", "#ffb4ab", "#4a1512")
_MEDIUM = Tone("■", "#7a4a00", "#fbecd0", "#e0a33e", "#2b1d00", "#f5c878", "#402a05")
_LOW = Tone("●", "#2a4d7c", "#e2ebf6", "#7fa3cf", "#0e2038", "#a9c8ee", "#1b2f4a")
_QUIET = Tone("–", "#4a5560", "#ebeef0", "#c9d0d6", "#20272d", "#b8c2cb", "#2a3138")
_GOOD = Tone("✓", "#1d5c37", "#e0f0e5", "#3d8059", "#ffffff", "#93d6ab", "#123321")
_OPEN = Tone("?", "#5d4a7a", "#ece6f5", "#c4b6da", "#251a38", "#cbb8ea", "#2f2444", striped=True)
_BAD = replace(_HIGH, sign="✕")

TONES: Mapping[str, Tone] = {
    "critical": _CRITICAL,
    "high": _HIGH,
    "medium": _MEDIUM,
    "low": _LOW,
    "info": replace(_QUIET, sign="○"),
    "pass": _GOOD,
    "met": _GOOD,
    "conforming": _GOOD,
    "fail": _BAD,
    "not_met": _BAD,
    "error": replace(_HIGH, sign="!"),
    "review": replace(_OPEN, sign="◐"),
    "unknown": _OPEN,
    "undetermined": _OPEN,
    "minor": _MEDIUM,
    "major": _HIGH,
    "not_conforming": replace(_CRITICAL, sign="✕"),
    "not_rated": replace(_QUIET, sign="○"),
    "not_applicable": _QUIET,
    "none": Tone("", "#5f6a73", "#f4f6f7", "#eff2f4", "#5f6a73", "#93a0ab", "#1d2329"),
}


def tone(name: str) -> Tone:
    """The tone of that name; any other name is neutral, so that data cannot choose what a page looks like."""
    return TONES.get(name, _QUIET)


def tone_class(name: str) -> str:
    """The name as part of a CSS class, from the closed list."""
    return name.replace("_", "-") if name in TONES else "not-applicable"


def stylesheet(scope: str) -> str:
    """CSS that gives each tone class below `scope` its colours as variables."""
    return _rules(scope, lambda each: f"--ink:{each.ink};--paper:{each.paper};--fill:{each.fill};--mark:{each.mark}")


def dark_stylesheet(scope: str) -> str:
    """The badges' colours for dark pages. Areas of drawings keep theirs, but for the empty ones."""
    empty = TONES["none"]
    badges = _rules(scope, lambda each: f"--ink:{each.ink_dark};--paper:{each.paper_dark}")
    return f"{badges}\n{scope} .tone-none{{--fill:{empty.paper_dark};--mark:{empty.ink_dark}}}"


def _rules(scope: str, colours: Callable[[Tone], str]) -> str:
    """One rule for each set of colours."""
    names: dict[str, list[str]] = {}
    for name, each in TONES.items():
        names.setdefault(colours(each), []).append(f"{scope} .tone-{tone_class(name)}")
    return "\n".join(f"{','.join(selectors)}{{{said}}}" for said, selectors in names.items())
