"""Lists of words, written as a text."""

from __future__ import annotations


def set_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
