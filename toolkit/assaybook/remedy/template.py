"""A template of a remedy: text with places, each of which knows how a value must be written there so that it stays data."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\[\[([^\[\]]*)\]\]")
Write = Callable[[str], str]
_JSON = re.compile(r"\s*(?:\{|\[(?!\[))")
_ORDINARY = re.compile(r"[A-Za-z0-9/_.:-]+")


class RemedyError(ValueError):
    """A remedy cannot be used: file, line, and what is wrong."""

    def __init__(self, origin: str, line: int | None, message: str) -> None:
        super().__init__(f"{origin}{f', line {line}' if line else ''}: {message}")
        self.line = line
        self.message = message


class Misplaced(ValueError):
    """A placeholder stands where no value can be written safely. `line` counts from 1 within the snippet."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Place:
    """Where the value of a placeholder goes, and how it is written there."""

    name: str
    write: Write


@dataclass(frozen=True, slots=True)
class Scalar:
    """A run of text and places that is written as one value."""

    parts: tuple[str | Place, ...]
    write: Write


Part = str | Place | Scalar


@dataclass(frozen=True)
class Template:
    """A snippet, line by line. A line of which every placeholder is empty is left out: what a subject lacks (an alias) needs no line.

    With `options_only` that holds for lines that begin with an option (`--`), since others hold parts of the shell's own language.
    Where that was the last line of a command that goes on over several, the line before it becomes the last.
    """

    text: str
    lines: tuple[tuple[Part, ...], ...]
    options_only: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(match[1] for match in PLACEHOLDER.finditer(self.text))

    def filled(self, values: Mapping[str, str]) -> str:
        """The snippet with these values. Raises KeyError for a placeholder that has none."""
        made: list[str] = []
        for line in self.lines:
            text = _line(line, values)
            if text is None and self.options_only and not _begins(line).startswith("--"):
                text = "".join(_written(part, values) for part in line)
            if text is not None:
                made.append(text)
            elif made and made[-1].endswith(_GOES_ON) and not _ends(line).endswith(_GOES_ON):
                made[-1] = f"{made[-1].removesuffix(_GOES_ON).rstrip()}\n"
        return "".join(made)


_GOES_ON = "\\\n"


def _begins(parts: tuple[Part, ...]) -> str:
    return parts[0].lstrip() if isinstance(parts[0], str) else ""


def _ends(parts: tuple[Part, ...]) -> str:
    return parts[-1] if isinstance(parts[-1], str) else ""


def _line(parts: tuple[Part, ...], values: Mapping[str, str]) -> str | None:
    places = [each for part in parts for each in _places(part)]
    if places and not any(values[each.name] for each in places):
        return None
    return "".join(_written(part, values) for part in parts)


def _places(part: Part) -> tuple[Place, ...]:
    if isinstance(part, Scalar):
        return tuple(each for each in part.parts if isinstance(each, Place))
    return (part,) if isinstance(part, Place) else ()


def _written(part: Part, values: Mapping[str, str]) -> str:
    if isinstance(part, Place):
        return part.write(values[part.name])
    if isinstance(part, Scalar):
        return part.write("".join(_written(each, values) for each in part.parts))
    return part


def template(text: str, parts: list[Part], *, options_only: bool = False) -> Template:
    """The template of these parts, sorted into lines."""
    lines: list[tuple[Part, ...]] = []
    line: list[Part] = []
    for part in parts:
        pieces = part.splitlines(keepends=True) if isinstance(part, str) else [part]
        for piece in pieces:
            line.append(piece)
            if isinstance(piece, str) and piece.endswith("\n"):
                lines.append(tuple(line))
                line = []
    return Template(text, (*lines, tuple(line)) if line else tuple(lines), options_only)


def line_at(text: str, place: int) -> int:
    """The line, from 1, of a place in a text."""
    return text.count("\n", 0, place) + 1


def is_json(text: str) -> bool:
    """Whether a text begins as a JSON object or list."""
    return _JSON.match(text) is not None


def json_text(value: str) -> str:
    """A value inside a JSON string."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def seen(value: str) -> str:
    """A value of which nothing is invisible: control and format characters and line ends are shown as code points, so that no line can be smuggled in."""
    return "".join(f"⟨U+{ord(each):04X}⟩" if unicodedata.category(each) in _UNSEEN else each for each in value)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def camel(value: str) -> str:
    """A value as part of a logical id of CloudFormation, which is alphanumeric: `tax-calculate` gives `TaxCalculate`."""
    words = re.findall(r"[A-Za-z0-9]+", value)
    return "".join(word[:1].upper() + word[1:] for word in words) + _mark(value)


def snake(value: str) -> str:
    """A value as part of a name of Terraform: `tax-calculate` gives `tax_calculate`."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", value).strip("_") + _mark(value)


def _mark(value: str) -> str:
    # What is lost from an odd name is made up for, so that two of them do not become one.
    return "" if _ORDINARY.fullmatch(value) else hashlib.sha256(value.encode()).hexdigest()[:6]
