"""Parses files of Terraform in its native syntax. What cannot be parsed costs the block that it stands in, not the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .reader import DEEPEST, Reader
from .syntax import (
    Call,
    Choice,
    Each,
    Expression,
    For,
    Item,
    Literal,
    Malformed,
    Member,
    Name,
    Object,
    Operation,
    Tuple,
    Written,
)

_STRENGTH = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_KEYWORDS = {"true": True, "false": False, "null": None}
# Where the next block of a file begins, after one that could not be read.
_NEXT = re.compile(
    r"^(?:resource|data|variable|locals|module|output|provider|terraform|moved|import|check|removed)\b", re.MULTILINE
)
_CLOSING = frozenset({"}", "]", ")", ""})


@dataclass(frozen=True, slots=True)
class Parsed:
    """The blocks and attributes of a file, and what could not be read of it: line and reason."""

    body: Written
    problems: tuple[tuple[int, str], ...]


def parse(text: str, file: str) -> Parsed:
    """The blocks of a file."""
    parser = Parser(text)
    parser.file = file
    body = Written("", (), 1, file)
    problems: list[tuple[int, str]] = []
    while True:
        try:
            parser.body(body, top=True)
            return Parsed(body, tuple(problems))
        except Malformed as error:
            problems.append((error.line, error.why))
            parser.over_lines = [False]
            parser.depth = 0
            found = _NEXT.search(text, min(len(text), text.find("\n", parser.at) + 1 or len(text)))
            if found is None or len(problems) > 100:
                return Parsed(body, tuple(problems))
            parser.at = found.start()


def parse_expression(text: str, line: int = 1) -> Expression:
    """One expression that stands by itself; raises `Malformed` if the text is none."""
    parser = Parser(text, line)
    parser.over_lines = [True]
    found = parser.expression()
    if parser.peek():
        raise parser.wrong(f"{parser.peek()!r} does not belong to an expression")
    return found


def parse_text(text: str, line: int = 1) -> Expression:
    """A text with parts to fill in; raises `Malformed` if it cannot be read."""
    return Parser(text, line).whole_text(line)


class Parser(Reader):
    """The grammar above texts: expressions, attributes and blocks."""

    file = ""

    def body(self, into: Written, *, top: bool = False) -> None:
        """Reads attributes and blocks to the end of a block, or of the file."""
        while True:
            self.skip_lines()
            token = self.peek()
            if not token and top:
                return
            if token == "}" and not top:
                return
            if not token:
                raise self.wrong("a block has no end")
            self._statement(into)

    def _statement(self, into: Written) -> None:
        line = self.line
        name = self._label() if self.peek() == '"' else self.name()
        if self.took("="):
            into.attributes.setdefault(name, (self.expression(), line))
            self._end_of_line()
            return
        labels: list[str] = []
        while self.peek() != "{":
            if self.peek() == '"':
                labels.append(self._label())
            else:
                labels.append(self.name())
        self._block(into, name, tuple(labels), line)

    def _block(self, into: Written, name: str, labels: tuple[str, ...], line: int) -> None:
        self.demand("{")
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong("nested too deeply")
        made = Written(name, labels, line, self.file)
        self.body(made)
        self.demand("}")
        self.depth -= 1
        into.blocks.append(made)

    def _label(self) -> str:
        found = self.quoted()
        if not isinstance(found, Literal) or not isinstance(found.value, str):
            raise self.wrong("a label holds something to fill in")
        return found.value

    def _end_of_line(self) -> None:
        token = self.peek()
        if token not in ("\n", "", "}", ","):
            raise self.wrong(f"{token!r} follows a value")
        if token == ",":
            self.take()

    def expression(self) -> Expression:
        """The expression that stands here."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong("nested too deeply")
        line = self.line
        found = self._operations(0)
        if self.took("?"):
            # Over lines, as both halves are often written below the condition.
            self.over_lines.append(True)
            then = self.expression()
            self.demand(":")
            self.peek()
            self.over_lines.pop()
            found = Choice(found, then, self.expression(), line)
        self.depth -= 1
        return found

    def _operations(self, least: int) -> Expression:
        left = self._single()
        while True:
            operator = self.peek()
            strength = _STRENGTH.get(operator, 0)
            if not strength or strength <= least:
                return left
            line = self.line
            self.take()
            self.skip_lines()
            left = Operation(operator, (left, self._operations(strength)), line)

    def _single(self) -> Expression:
        before: list[tuple[str, int]] = []
        while self.peek() in ("!", "-"):
            before.append((self.take(), self.line))
        found = self._steps(self._term())
        for operator, line in reversed(before):
            found = Operation(operator, (found,), line)
        return found

    def _term(self) -> Expression:
        token, line = self.peek(), self.line
        if token == '"':
            return self.quoted()
        if token == "<":
            text = self.heredoc()
            if text is not None:
                return text
        if token == "(":
            return self._within("(", ")", self.expression)
        if token == "[":
            return self._within("[", "]", self._list)
        if token == "{":
            return self._mapping()
        if token[:1].isdigit():
            number = self.take()
            return Literal(int(number) if number.isdigit() and len(number) < 40 else float(number), line)
        if not self.is_name(token):
            raise self.wrong(f"{token!r} begins no value" if token else "a value is missing")
        return self._named(line)

    def _named(self, line: int) -> Expression:
        name = self.take()
        while self.took("::"):
            name = f"{name}::{self.name()}"
        if self.peek() == "(":
            return self._call(name, line)
        if name in _KEYWORDS:
            return Literal(_KEYWORDS[name], line)
        return Name(name, line)

    def _within(self, begin: str, end: str, read: Callable[[], Expression]) -> Expression:
        self.demand(begin)
        self.over_lines.append(True)
        found = read()
        self.demand(end)
        self.over_lines.pop()
        return found

    def _call(self, name: str, line: int) -> Expression:
        self.demand("(")
        self.over_lines.append(True)
        given: list[Expression] = []
        spread = False
        while not self.took(")"):
            given.append(self.expression())
            spread = self.took("...")
            if not self.took(",") and self.peek() != ")":
                raise self.wrong(f"{self.peek()!r} follows what {name} is given")
        self.over_lines.pop()
        return Call(name, tuple(given), spread, line)

    def _list(self) -> Expression:
        line = self.line
        if self._begins_for():
            return self._for(line, mapping=False)
        items: list[Expression] = []
        while self.peek() not in _CLOSING:
            items.append(self.expression())
            if not self.took(","):
                break
        return Tuple(tuple(items), line)

    def _begins_for(self) -> bool:
        if self.peek() != "for":
            return False
        before = self.at
        self.take()
        following = self.peek()
        self.at = before
        return self.is_name(following)

    def _mapping(self) -> Expression:
        line = self.line
        self.demand("{")
        self.over_lines.append(True)
        if self._begins_for():
            made = self._for(line, mapping=True)
            self.demand("}")
            self.over_lines.pop()
            return made
        self.over_lines[-1] = False
        items: list[tuple[Expression, Expression, int]] = []
        while True:
            self.skip_lines()
            if self.took("}"):
                break
            items.append(self._entry())
            token = self.peek()
            if token == ",":
                self.take()
            elif token not in ("\n", "}"):
                raise self.wrong(f"{token!r} follows a value")
        self.over_lines.pop()
        return Object(tuple(items), line)

    def _entry(self) -> tuple[Expression, Expression, int]:
        line = self.line
        key = self.expression()
        if isinstance(key, Name):
            key = Literal(key.name, line)
        elif isinstance(key, Literal) and not isinstance(key.value, str):
            key = Literal({True: "true", False: "false", None: "null"}.get(key.value, str(key.value)), line)
        if not self.took("=") and not self.took(":"):
            raise self.wrong(f"{self.peek()!r} follows a key")
        self.skip_lines()
        return key, self.expression(), line

    def _for(self, line: int, *, mapping: bool) -> Expression:
        self.take()
        names = [self.name()]
        if self.took(","):
            names.append(self.name())
        self.demand("in")
        over = self.expression()
        self.demand(":")
        value = self.expression()
        key = None
        if mapping:
            self.demand("=>")
            key, value = value, self.expression()
        grouped = self.took("...")
        condition = self.expression() if self.took("if") else None
        return For(tuple(names), over, key, value, condition, grouped, line)

    def _steps(self, found: Expression) -> Expression:
        while True:
            token, line = self.peek(), self.line
            if token == ".":
                self.take()
                if self.took("*"):
                    # The old form takes members only from each; what follows in brackets is of the list.
                    found = Each(found, self._members(Name("", line)), line)
                    continue
                found = self._member(found, line)
            elif token == "[":
                self.take()
                self.over_lines.append(True)
                if self.peek() == "*":
                    self.take()
                    self.demand("]")
                    self.over_lines.pop()
                    return Each(found, self._steps(Name("", line)), line)
                key = self.expression()
                self.demand("]")
                self.over_lines.pop()
                found = Item(found, key, line)
            else:
                return found

    def _members(self, found: Expression) -> Expression:
        while self.peek() == ".":
            line = self.line
            self.take()
            found = self._member(found, line)
        return found

    def _member(self, found: Expression, line: int) -> Expression:
        token = self.take()
        if token and token[0].isdigit():
            # `.0.1` reads as a number.
            for part in token.split("."):
                found = Item(found, Literal(int(part) if part.isdigit() else part, line), line)
            return found
        if not self.is_name(token):
            raise self.wrong(f"{token!r} is no name")
        return Member(found, token, line)
