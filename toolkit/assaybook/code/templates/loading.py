"""YAML and JSON of templates, with the line of every value and CloudFormation's short tags in their long form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from .located import Block, Series

if TYPE_CHECKING:
    from yaml import SafeLoader as FastestLoader
else:
    FastestLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LARGEST = 4_000_000  # bytes; CloudFormation itself takes 1 MB
DEEPEST = 64
MOST = 300_000  # values, once aliases are followed
_STANDARD = "tag:yaml.org,2002:"
# YAML 1.1 as CloudFormation reads it, but for what only ever hurts here: dates (`2012-10-17`), numbers to the base of 60 (`03:00`) and
# octal ones (an account id with a zero in front), all of which stay text.
_NULL = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"yes|Yes|YES|true|True|TRUE|on|On|ON")
_FALSE = re.compile(r"no|No|NO|false|False|FALSE|off|Off|OFF")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?")
_PLAIN_NAMES = frozenset({"Ref", "Condition"})


class Unreadable(Exception):
    """A text is no YAML or JSON, or too much of it: the line (0 where there is none) and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}" if line else why)
        self.line = line
        self.why = why


@dataclass(slots=True)
class Document:
    """What was read: the value, and what was odd about the text (line and what)."""

    value: Any
    remarks: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is being read, and how much it comes to once aliases are followed."""

    made: Block | Series
    tag: str
    line: int
    anchor: str | None
    key: str | None = None
    key_line: int = 0
    values: int = 1
    levels: int = 0
    merged: list[Any] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """The text of a file. Raises Unreadable if it is neither UTF-8 nor marked as UTF-16, or too large."""
    if len(content) > LARGEST:
        raise Unreadable(0, f"larger than {LARGEST:,} bytes")
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(0, "not a text in UTF-8") from error


def load(content: bytes, path: str) -> Document:
    """The document of a file: JSON if it begins as JSON does and is named so, or is JSON; else YAML. Raises Unreadable."""
    text = decoded(content)
    if text.lstrip()[:1] in ("{", "["):
        from .json_text import load_json

        try:
            return load_json(text, path)
        except Unreadable:
            if path.endswith((".json", ".template")):
                raise
    return load_yaml(text, path)


def load_yaml(text: str, path: str) -> Document:
    """The first document of a YAML text. Raises Unreadable for what is no YAML, is nested too deeply, comes to too much or has no end."""
    try:
        return _Builder(path).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 0, error.problem or "not YAML") from error
    except yaml.YAMLError as error:
        raise Unreadable(0, str(error).splitlines()[0]) from error


class _Builder:
    """Makes values of the events of a YAML text one by one, without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.remarks: list[tuple[int, str]] = []
        self.open: list[_Open] = []
        self.anchored: dict[str, tuple[Any, int, int]] = {}
        self.documents: list[Any] = []

    def build(self, text: str) -> Document:
        for event in _events(text):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.DocumentStartEvent) and self.documents:
                self.remarks.append((line, "only the first document of the file was read"))
                break
            if isinstance(event, yaml.MappingStartEvent):
                self._begin(Block(self.path, line), event, line)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._begin(Series(self.path, line), event, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._end()
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event, line)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(str(event.anchor), line)
        return Document(self.documents[0] if self.documents else None, self.remarks)

    def _begin(self, made: Block | Series, event: yaml.CollectionStartEvent, line: int) -> None:
        if self.open and isinstance(self.open[-1].made, Block) and self.open[-1].key is None:
            raise Unreadable(line, "a key that is no text")
        self.open.append(_Open(made, event.tag or "", line, event.anchor))
        if len(self.open) > DEEPEST:
            raise Unreadable(line, "nested too deeply")

    def _end(self) -> None:
        done = self.open.pop()
        if isinstance(done.made, Block):
            for each in done.merged:
                _merge(done.made, each)
        value = tagged(done.tag, done.made, self.path, done.line)
        if done.anchor is not None:
            self.anchored[done.anchor] = (value, done.values, done.levels + 1)
        self._place(value, done.line, done.values, done.levels + 1)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        around = self.open[-1] if self.open else None
        if around is not None and isinstance(around.made, Block) and around.key is None:
            self._key(around, event.value, line)
            if event.anchor is not None:
                self.anchored[event.anchor] = (event.value, 1, 0)
            return
        tag = event.tag or ""
        plain = event.implicit[0] and not tag
        value = tagged(tag, plain_value(event.value) if plain else event.value, self.path, line)
        if event.anchor is not None:
            self.anchored[event.anchor] = (value, 1, 0)
        self._place(value, line, 1, 0)

    def _key(self, around: _Open, key: str, line: int) -> None:
        if key in around.made and key != "<<":
            assert isinstance(around.made, Block)
            self.remarks.append(
                (line, f"the key {key!r} stands a second time (first in line {around.made.lines[key]})")
            )
        around.key, around.key_line = key, line

    def _alias(self, anchor: str, line: int) -> None:
        if any(each.anchor == anchor for each in self.open):
            raise Unreadable(line, f"the alias {anchor!r} stands within what it refers to")
        if anchor not in self.anchored:
            raise Unreadable(line, f"the alias {anchor!r} refers to nothing")
        value, values, levels = self.anchored[anchor]
        around = self.open[-1] if self.open else None
        if around is not None and isinstance(around.made, Block) and around.key is None:
            self._key(around, str(value), line)
            return
        self._place(value, line, values, levels)

    def _place(self, value: Any, line: int, values: int, levels: int) -> None:
        if not self.open:
            self.documents.append(value)
            return
        around = self.open[-1]
        around.values += values
        around.levels = max(around.levels, levels)
        if around.values > MOST:
            raise Unreadable(line, f"comes to more than {MOST:,} values")
        if len(self.open) + levels > DEEPEST:
            raise Unreadable(line, "nested too deeply")
        if isinstance(around.made, Series):
            around.made.add(value, line)
            return
        key, around.key = around.key, None
        if key == "<<" and isinstance(value, dict | list):
            around.merged.append(value)
        else:
            around.made.put(str(key), value, around.key_line)


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=FastestLoader)


def _merge(into: Block, value: Any) -> None:
    """Fill in what a merge key brings along; what the mapping says itself prevails."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Block):
            for key, item in each.items():
                if key not in into:
                    into.take(each, key, item)


def plain_value(text: str) -> Any:
    """What a scalar without quotes means."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    return None if _NULL.fullmatch(text) else text


def tagged(tag: str, value: Any, path: str, line: int) -> Any:
    """A value with its tag in the long form of CloudFormation's functions; YAML's own tags make text, numbers and switches."""
    if not tag or tag == "!":
        return value
    if tag.startswith(_STANDARD):
        kind = tag.removeprefix(_STANDARD)
        return plain_value(value) if kind in ("int", "float", "bool", "null") and isinstance(value, str) else value
    name = tag.lstrip("!")
    if name == "GetAtt" and isinstance(value, str) and "." in value:
        first, _, rest = value.partition(".")
        pair = Series(path, line)
        pair.add(first, line)
        pair.add(rest, line)
        value = pair
    whole = name if name in _PLAIN_NAMES or name.startswith("Fn::") else f"Fn::{name}"
    made = Block(path, line)
    made.put(whole, value, line)
    return made
