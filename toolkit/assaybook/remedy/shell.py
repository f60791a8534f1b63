"""Values in shell commands: quoted by where they stand, so that a function named `$(reboot)` is a name and nothing else.

Source: POSIX.1-2024, Shell Command Language, section 2.2 (quoting) and 2.7.4 (here-documents); AWS CLI User Guide, "Using shorthand syntax".
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from .template import PLACEHOLDER, Misplaced, Part, Place, Template, Write, is_json, json_text, line_at, template

_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)(\w+)\1")
_SHORTHAND_SAFE = re.compile(r"[\w./:@$+-]*")
_OPTION = re.compile(r"--[\w-]+=")
_READS_FILE = re.compile(r"(?=(?:fileb?|https?)://)", re.IGNORECASE)


@dataclass(slots=True)
class _Context:
    """Where the reader stands: `bare`, `single` or `double` quotes or a comment, and where that began."""

    mode: str
    start: int


@dataclass(slots=True)
class _Reader:
    text: str
    parts: list[Part] = field(default_factory=list)
    stack: list[_Context] = field(default_factory=lambda: [_Context("bare", 0)])
    word: int = 0
    kept: int = 0
    heredocs: list[tuple[str, bool]] = field(default_factory=list)


def shell_template(text: str) -> Template:
    """The template of shell commands. Raises Misplaced for a placeholder in a here-document that the shell expands."""
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
    return template(text, reader.parts, options_only=True)


def _put(reader: _Reader, match: re.Match[str], write: Write) -> None:
    reader.parts += [reader.text[reader.kept : match.start()], Place(match[1], write)]
    reader.kept = match.end()


def _step(reader: _Reader, place: int) -> int:
    """Past one character or one mark; gives the next place."""
    text, now = reader.text, reader.stack[-1]
    here = text[place]
    if now.mode == "single":
        if here == "'":
            reader.stack.pop()
        return place + 1
    if now.mode == "comment":
        if here != "\n":
            return place + 1
        reader.stack.pop()
        now = reader.stack[-1]
    if here == "\\":
        return place + 2
    if text.startswith("$(", place):
        reader.stack.append(_Context("bare", place + 2))
        reader.word = place + 2
        return place + 2
    if now.mode == "double":
        if here == '"':
            reader.stack.pop()
        return place + 1
    return _bare(reader, place, here)


def _bare(reader: _Reader, place: int, here: str) -> int:
    text = reader.text
    if here == ")" and len(reader.stack) > 1:
        reader.stack.pop()
    elif here in "'\"":
        reader.stack.append(_Context("single" if here == "'" else "double", place + 1))
    elif here == "#" and (place == 0 or text[place - 1] in " \t\n;"):
        reader.stack.append(_Context("comment", place + 1))
    elif found := _HEREDOC.match(text, place):
        reader.heredocs.append((found[2], bool(found[1])))
        return found.end()
    elif here in " \t;|&()":
        reader.word = place + 1
    elif here == "\n":
        reader.word = place + 1
        return _bodies(reader, place + 1)
    return place + 1


def _bodies(reader: _Reader, place: int) -> int:
    """Past the here-documents that begin after this line."""
    for delimiter, literal in reader.heredocs:
        end = re.compile(rf"^\t*{delimiter}$", re.MULTILINE).search(reader.text, place)
        stop = end.start() if end else len(reader.text)
        for match in PLACEHOLDER.finditer(reader.text, place, stop):
            if not literal:
                raise Misplaced(
                    line_at(reader.text, match.start()),
                    f"[[{match[1]}]] stands in a here-document that the shell expands; quote its delimiter, as in <<'{delimiter}'",
                )
            _put(reader, match, json_text if is_json(reader.text[place:]) else _within(delimiter))
        place = end.end() if end else stop
    reader.heredocs.clear()
    return place


def _within(delimiter: str) -> Write:
    """In a here-document a value is what it is, but for one that would end it."""
    return lambda value: f"{value} " if value == delimiter else value


def _write(reader: _Reader, match: re.Match[str]) -> Write:
    """How the value of a placeholder is written where it stands."""
    now = reader.stack[-1]
    if now.mode == "comment":
        return str
    before = reader.text[(reader.word if now.mode == "bare" else now.start) : match.start()]
    if now.mode != "bare" and is_json(before):
        inner: Write = json_text
    elif _is_shorthand(reader, before) and reader.text[match.end() : match.end() + 1] in (
        "",
        ",",
        "}",
        "]",
        " ",
        "\n",
        "'",
        '"',
    ):
        inner = _shorthand
    else:
        inner = unread if now.mode == "bare" else str
    outer = {"bare": shlex.quote, "single": _in_single, "double": _in_double}[now.mode]
    return lambda value: outer(inner(value))


def _is_shorthand(reader: _Reader, before: str) -> bool:
    """Whether a value follows the `=` of the CLI's shorthand, and not that of an option or of an assignment."""
    if not before.endswith("=") or _OPTION.fullmatch(before):
        return False
    head = reader.text[: reader.word].rstrip(" \t")
    begins = not head or head[-1] in ";&|(" or (head[-1] == "\n" and not head.endswith("\\\n"))
    return not (begins and reader.stack[-1].mode == "bare")


def _shorthand(value: str) -> str:
    """A value in the CLI's shorthand (`Name=x,Value=y`), quoted where it holds a sign of that syntax."""
    if _SHORTHAND_SAFE.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unread(value: str) -> str:
    """A value that the CLI does not take for a file or page to read, or for an option: `file:///etc/passwd` and `--debug` as names do no harm."""
    if _READS_FILE.match(value) and not value.lower().startswith("https://"):
        return f"./{value}"
    return f"./{value}" if value.startswith("-") else value


def _in_single(value: str) -> str:
    return value.replace("'", "'\"'\"'")


def _in_double(value: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", value)
