"""JSON with the line of every value."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from .loading import DEEPEST, MOST, Document, Unreadable
from .located import Block, Series

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = (("true", True), ("false", False), ("null", None))
_LONGEST_NUMBER = 40
# The standard library's own, which is documented by its use only.
_SCAN_STRING: Callable[[str, int, bool], tuple[str, int]] = vars(json.decoder)["scanstring"]


def load_json(text: str, path: str) -> Document:
    """The value of a JSON text. Raises Unreadable for what is no JSON (comments and commas too many among it), is nested too deeply or comes to too much."""
    return _Reader(text, path).document()


class _Reader:
    """Reads one text from its start to its end."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.remarks: list[tuple[int, str]] = []
        self.values = 0

    def document(self) -> Document:
        value, end = self._value(self._skip(0), 0)
        end = self._skip(end)
        if end != len(self.text):
            raise self._wrong(end, "something follows the end of the value")
        return Document(value, self.remarks)

    def _line(self, at: int) -> int:
        return bisect_right(self.starts, at)

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _wrong(self, at: int, why: str) -> Unreadable:
        if self.text.startswith(("//", "/*", "#"), at):
            why = "JSON has no comments"
        return Unreadable(self._line(at), why)

    def _value(self, at: int, depth: int) -> tuple[Any, int]:
        self.values += 1
        if depth > DEEPEST:
            raise self._wrong(at, "nested too deeply")
        if self.values > MOST:
            raise self._wrong(at, f"comes to more than {MOST:,} values")
        first = self.text[at : at + 1]
        if first == "{":
            return self._mapping(at, depth)
        if first == "[":
            return self._list(at, depth)
        if first == '"':
            return self._string(at)
        for word, value in _WORDS:
            if self.text.startswith(word, at):
                return value, at + len(word)
        number = _NUMBER.match(self.text, at)
        if number is None or number.end() - at > _LONGEST_NUMBER:
            raise self._wrong(at, "not a value of JSON")
        return json.loads(number.group()), number.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            # Not strict: CloudFormation takes line breaks within texts.
            return _SCAN_STRING(self.text, at + 1, False)
        except json.JSONDecodeError as error:
            raise self._wrong(error.pos, error.msg) from error

    def _mapping(self, at: int, depth: int) -> tuple[Block, int]:
        made = Block(self.path, self._line(at))
        at = self._skip(at + 1)
        if self.text.startswith("}", at):
            return made, at + 1
        while True:
            if not self.text.startswith('"', at):
                raise self._wrong(at, "a key in quotes is missing")
            line = self._line(at)
            key, at = self._string(at)
            at = self._skip(at)
            if not self.text.startswith(":", at):
                raise self._wrong(at, "a colon is missing")
            value, at = self._value(self._skip(at + 1), depth + 1)
            if key in made:
                self.remarks.append((line, f"the key {key!r} stands a second time (first in line {made.lines[key]})"))
            made.put(key, value, line)
            at = self._skip(at)
            if self.text.startswith("}", at):
                return made, at + 1
            at = self._comma(at)

    def _list(self, at: int, depth: int) -> tuple[Series, int]:
        made = Series(self.path, self._line(at))
        at = self._skip(at + 1)
        if self.text.startswith("]", at):
            return made, at + 1
        while True:
            line = self._line(at)
            value, at = self._value(at, depth + 1)
            made.add(value, line)
            at = self._skip(at)
            if self.text.startswith("]", at):
                return made, at + 1
            at = self._comma(at)

    def _comma(self, at: int) -> int:
        if not self.text.startswith(",", at):
            raise self._wrong(at, "a comma is missing")
        return self._skip(at + 1)
