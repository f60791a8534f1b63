"""Reads texts of HCL, from character to character: names, numbers, texts with something to fill in, and texts that go on to an end mark."""

from __future__ import annotations

import re
from bisect import bisect_right

from .syntax import Choice, Expression, Literal, Malformed, Repeated, Text

DEEPEST = 60
_SPACE = re.compile(r"(?:[ \t\r]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_SPACE_AND_LINES = re.compile(r"(?:[ \t\r\n]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_TOKEN = re.compile(r"[^\W\d][\w-]*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\.\.|=>|==|!=|<=|>=|&&|\|\||::|.", re.DOTALL)
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)[ \t\r]*\n")
_PLAIN = re.compile(r'[^"\\$%\n]+')
_PLAIN_LINES = re.compile(r"[^$%]+")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LETTER = re.compile(r"u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})")
_KEYWORDS = {"true": True, "false": False, "null": None}


class Reader:
    """A place in a text. The parser goes on from here with what stands at it."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.over_lines: list[bool] = [False]
        self._first = first_line
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    @property
    def line(self) -> int:
        """The line of this place."""
        return bisect_right(self._starts, self.at) - 1 + self._first

    def wrong(self, why: str) -> Malformed:
        """The error that says why the text is wrong at this place."""
        return Malformed(why, self.line)

    def peek(self) -> str:
        """The next token, without going on; the empty text at the end."""
        pattern = _SPACE_AND_LINES if self.over_lines[-1] else _SPACE
        space = pattern.match(self.text, self.at)
        if space:
            self.at = space.end()
        found = _TOKEN.match(self.text, self.at)
        return found.group() if found else ""

    def take(self) -> str:
        """The next token."""
        token = self.peek()
        self.at += len(token)
        return token

    def took(self, token: str) -> bool:
        """Whether the next token is this one; if so, it is taken."""
        if self.peek() != token:
            return False
        self.at += len(token)
        return True

    def demand(self, token: str) -> None:
        """Takes this token; raises if another one stands here."""
        if not self.took(token):
            found = self.peek()
            raise self.wrong(f"{token} is missing before {found!r}" if found else f"{token} is missing at the end")

    def is_name(self, token: str) -> bool:
        """Whether a token is a name."""
        return bool(token) and (token[0].isalpha() or token[0] == "_")

    def name(self) -> str:
        """The name that stands here."""
        token = self.peek()
        if not self.is_name(token):
            raise self.wrong(f"{token!r} is no name")
        return self.take()

    def skip_lines(self) -> None:
        """Goes on to the next line that says something."""
        space = _SPACE_AND_LINES.match(self.text, self.at)
        if space:
            self.at = space.end()

    def expression(self) -> Expression:
        """The expression that stands here."""
        raise NotImplementedError

    def quoted(self) -> Expression:
        """The text in quotes that begins here."""
        line = self.line
        self.demand('"')
        parts = self._parts('"', line)
        return _joined(parts, line)

    def heredoc(self) -> Expression | None:
        """The text up to an end mark that begins here, if one does."""
        found = _HEREDOC.match(self.text, self.at)
        if found is None:
            return None
        line = self.line
        self.at = found.end()
        end = re.compile(rf"^[ \t]*{re.escape(found.group(2))}[ \t\r]*$", re.MULTILINE).search(self.text, self.at)
        if end is None:
            raise self.wrong(f"the text up to {found.group(2)} has no end")
        raw = self.text[self.at : end.start()]
        self.at = end.end()
        inner = type(self)(_without_indent(raw) if found.group(1) else raw, line + 1)
        inner.depth = self.depth + 1
        return inner.whole_text(line)

    def whole_text(self, line: int = 1) -> Expression:
        """All of this text as one with parts to fill in, as files of templates are."""
        if self.depth > DEEPEST:
            raise self.wrong("nested too deeply")
        return _joined(self._parts("", line), line)

    def _parts(self, end: str, line: int) -> list[Expression]:
        """The parts up to the end of a text, or up to a directive that ends a part of it, which is left to the caller."""
        parts: list[Expression] = []
        while True:
            before = self.at
            literal = self._literal(end)
            if literal:
                parts.append(Literal(literal, line))
            if self.at >= len(self.text):
                if end:
                    raise Malformed("a text has no end", line)
                return parts
            if end and self.text.startswith(end, self.at):
                self.at += len(end)
                return parts
            if self._ends_part():
                return parts
            parts += self._filled(end)
            if self.at == before:
                raise self.wrong("a text cannot be read")

    def _literal(self, end: str) -> str:
        made: list[str] = []
        text = self.text
        while self.at < len(text):
            found = (_PLAIN if end else _PLAIN_LINES).match(text, self.at)
            if found:
                made.append(found.group())
                self.at = found.end()
                continue
            if end and text.startswith(end, self.at):
                break
            if text.startswith(("$${", "%%{"), self.at):
                made.append(text[self.at] + "{")
                self.at += 3
            elif text.startswith(("${", "%{"), self.at):
                break
            elif text[self.at] == "\\" and end:
                made.append(self._escaped())
            elif text[self.at] == "\n" and end:
                raise self.wrong("a text has no end in its line")
            else:
                made.append(text[self.at])
                self.at += 1
        return "".join(made)

    def _escaped(self) -> str:
        letter = _LETTER.match(self.text, self.at + 1)
        if letter:
            self.at = letter.end()
            code = int(letter.group(1) or letter.group(2), 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        known = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        return _ESCAPES.get(known, f"\\{known}")

    def _ends_part(self) -> bool:
        return bool(re.compile(r"%\{~?\s*(?:else|endif|endfor)\s*~?\}").match(self.text, self.at))

    def _filled(self, end: str) -> list[Expression]:
        """What is to be filled in here: a value, or parts that a condition or a repetition makes."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong("nested too deeply")
        directive = self.text[self.at] == "%"
        self.at += 2
        if self.text.startswith("~", self.at):
            self.at += 1
        self.over_lines.append(True)
        made = self._directive(end) if directive else self._value()
        self.over_lines.pop()
        self.depth -= 1
        return [made]

    def _value(self) -> Expression:
        value = self.expression()
        self._close()
        # A text that is nothing but one value is that value; two parts keep it a text.
        return value

    def _close(self) -> None:
        self.took("~")
        self.demand("}")

    def _directive(self, end: str) -> Expression:
        line, word = self.line, self.take()
        if word == "if":
            condition = self.expression()
            self._close()
            then = _joined(self._inner(end), line)
            otherwise: Expression = Literal("", line)
            if self._mark() == "else":
                otherwise = _joined(self._inner(end), line)
                self._mark()
            return Choice(condition, then, otherwise, line)
        if word == "for":
            names = [self.name()]
            while self.took(","):
                names.append(self.name())
            self.demand("in")
            over = self.expression()
            self._close()
            body = _joined(self._inner(end), line)
            self._mark()
            return Repeated(tuple(names), over, body, line)
        raise self.wrong(f"the directive {word} is not known")

    def _inner(self, end: str) -> list[Expression]:
        parts = self._parts("", self.line) if not end else self._quoted_parts(end)
        if self.at >= len(self.text):
            raise self.wrong("a directive has no end")
        return parts

    def _quoted_parts(self, end: str) -> list[Expression]:
        parts = self._parts(end, self.line)
        if not self._ends_part():
            raise self.wrong("a directive has no end")
        return parts

    def _mark(self) -> str:
        """The word of the directive that ends a part."""
        if not self._ends_part():
            raise self.wrong("a directive has no end")
        self.at += 2
        self.took("~")
        word = self.take()
        self._close()
        return word


def _joined(parts: list[Expression], line: int) -> Expression:
    if not parts:
        return Literal("", line)
    if len(parts) == 1 and not isinstance(parts[0], Choice | Repeated):
        return parts[0]
    return Text(tuple(parts), line)


def _without_indent(text: str) -> str:
    lines = text.split("\n")
    said = [each for each in lines if each.strip()]
    indent = min((len(each) - len(each.lstrip(" \t")) for each in said), default=0)
    return "\n".join(each[indent:] for each in lines)


def keyword(token: str) -> Literal | None:
    """The value that a keyword stands for, if it is one."""
    return Literal(_KEYWORDS[token], 0) if token in _KEYWORDS else None
