"""Values in Terraform: strings without interpolation, and names that are names.

Source: HashiCorp, HCL Native Syntax Specification, "Template Expressions" and "Identifiers".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .template import PLACEHOLDER, Part, Place, Template, Write, is_json, json_text, snake, template

_LABELLED = re.compile(
    r'^[ \t]*(?:resource|data|module|variable|output|provider|dynamic|check)[ \t]+(?:"[^"\n]*"[ \t]+)*$'
)
_HEREDOC = re.compile(r"<<[-~]?(\w+)[ \t]*\n")
_NAME = re.compile(r"[\w.\]]")


@dataclass(slots=True)
class _Reader:
    """`stack` has the quotes and interpolations that are open: `"` with the place where it began, or `{`."""

    text: str
    parts: list[Part] = field(default_factory=list)
    stack: list[tuple[str, int]] = field(default_factory=list)
    kept: int = 0


def terraform_template(text: str) -> Template:
    """The template of a fragment of Terraform."""
    reader = _Reader(text)
    place = 0
    while place < len(text):
        match = PLACEHOLDER.match(text, place)
        if match:
            _put(reader, match, _write(reader, match))
            place = match.end()
        else:
            place = _step(reader, place)
    reader.parts.append(text[reader.kept :])
    return template(text, reader.parts)


def _put(reader: _Reader, match: re.Match[str], write: Write) -> None:
    reader.parts += [reader.text[reader.kept : match.start()], Place(match[1], write)]
    reader.kept = match.end()


def _step(reader: _Reader, place: int) -> int:
    text = reader.text
    inside = reader.stack[-1][0] if reader.stack else ""
    if inside == '"':
        return _in_string(reader, place)
    if text.startswith("/*", place):
        return _comment(reader, place, text.find("*/", place) + 2)
    if text[place] == "#" or text.startswith("//", place):
        return _comment(reader, place, text.find("\n", place))
    if found := _HEREDOC.match(text, place):
        return _heredoc(reader, found)
    if text[place] == '"':
        reader.stack.append(('"', place + 1))
    elif text[place] == "{" and inside:
        reader.stack.append(("{", place))
    elif text[place] == "}" and inside == "{":
        reader.stack.pop()
    return place + 1


def _in_string(reader: _Reader, place: int) -> int:
    text = reader.text
    if text[place] == "\\" or text.startswith(("$${", "%%{"), place):
        return place + 2
    if text.startswith(("${", "%{"), place):
        reader.stack.append(("{", place))
        return place + 2
    if text[place] == '"':
        reader.stack.pop()
    return place + 1


def _comment(reader: _Reader, start: int, end: int) -> int:
    """Past a comment, in which a value is written without what could end it."""
    stop = end if end > start else len(reader.text)
    for match in PLACEHOLDER.finditer(reader.text, start, stop):
        _put(reader, match, lambda value: value.replace("*/", "* /"))
    return stop


def _heredoc(reader: _Reader, found: re.Match[str]) -> int:
    text = reader.text
    end = re.compile(rf"^[ \t]*{found[1]}[ \t]*$", re.MULTILINE).search(text, found.end())
    stop = end.start() if end else len(text)
    in_json = is_json(text[found.end() : stop])
    for match in PLACEHOLDER.finditer(text, found.end(), stop):
        _put(reader, match, _json_literal if in_json else _literal)
    return end.end() if end else stop


def _write(reader: _Reader, match: re.Match[str]) -> Write:
    text = reader.text
    if reader.stack and reader.stack[-1][0] == '"':
        start = reader.stack[-1][1]
        head = text[text.rfind("\n", 0, start) + 1 : start - 1]
        if _LABELLED.match(head):
            return _label if match.start() == start else snake
        return _json_string if is_json(text[start:]) else _string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if _NAME.match(before) or _NAME.match(after):
        return _label if before == "." else snake
    return lambda value: f'"{_string(value)}"'


def _label(value: str) -> str:
    made = snake(value)
    return made if made[:1].isalpha() or made[:1] == "_" else f"r_{made}"


def _literal(value: str) -> str:
    return value.replace("${", "$${").replace("%{", "%%{")


def _string(value: str) -> str:
    return _literal(value.replace("\\", "\\\\").replace('"', '\\"'))


def _json_literal(value: str) -> str:
    return _literal(json_text(value))


def _json_string(value: str) -> str:
    return _string(json_text(value))
