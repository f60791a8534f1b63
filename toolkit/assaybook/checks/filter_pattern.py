"""Whether a filter pattern of CloudWatch Logs matches a record of a trail of which only some members are known.

Only patterns over JSON are evaluated, as records of a trail are JSON; one that looks for words, or for what is not understood here, cannot be told.
Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from ..policy.truth import Truth, every, some
from .known_event import Event, Said, look

_TOKEN = re.compile(
    r"\s*(?:(?P<sign>\|\||&&|!=|>=|<=|=|>|<|\(|\))"
    r"|(?P<selector>\$(?:\.?[\w$-]+|\[[^\]]*\]|\.)+)"
    r'|"(?P<quoted>(?:[^"\\]|\\.)*)"'
    r"|%(?P<expression>[^%]*)%"
    r"|(?P<word>[^\s()&|=<>!]+))"
)
_STEP = re.compile(r"\.?([\w$-]+)|\.?\[['\"]([^'\"]+)['\"]\]|\[(\d+|\*)\]")
_DEEPEST = 60
_REPEATS, _MOST_REPEATS = re.compile(r"[*+?{]"), 3
_GROUP = re.compile(r"(?<!\\)\(")


class _NotUnderstood(Exception):
    """The pattern uses what is not evaluated here."""


def matches(pattern: str, record: Event) -> Truth:
    """Whether the pattern lets the record through. An empty pattern lets everything through."""
    text = pattern.strip()
    if not text:
        return Truth.TRUE
    if not (text.startswith("{") and text.endswith("}")):
        return Truth.UNKNOWN
    try:
        reader = _Reader(_tokens(text[1:-1]), record)
        answer = reader.alternatives(0)
        if reader.left:
            raise _NotUnderstood
    except _NotUnderstood:
        return Truth.UNKNOWN
    return answer


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _NotUnderstood
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    """Reads an expression and decides it on the way; `||` binds weaker than `&&`."""

    def __init__(self, tokens: list[tuple[str, str]], record: Event) -> None:
        self.left = tokens
        self._record = record

    def alternatives(self, depth: int) -> Truth:
        found = [self._conjunction(depth)]
        while self._take("sign", "||"):
            found.append(self._conjunction(depth))
        return some(found)

    def _conjunction(self, depth: int) -> Truth:
        found = [self._factor(depth)]
        while self._take("sign", "&&"):
            found.append(self._factor(depth))
        return every(found)

    def _factor(self, depth: int) -> Truth:
        if depth > _DEEPEST:
            raise _NotUnderstood
        if self._take("sign", "("):
            inner = self.alternatives(depth + 1)
            if not self._take("sign", ")"):
                raise _NotUnderstood
            return inner
        return self._comparison()

    def _comparison(self) -> Truth:
        kind, selector = self._next()
        if kind != "selector":
            raise _NotUnderstood
        value = look(self._record, _path(selector))
        kind, operator = self._next()
        if kind == "word":
            return self._stated(operator.upper(), value)
        if kind != "sign" or operator not in _SIGNS:
            raise _NotUnderstood
        kind, wanted = self._next()
        if kind in ("sign", "selector"):
            raise _NotUnderstood
        return _compared(operator, kind, wanted, value)

    def _stated(self, word: str, value: object) -> Truth:
        """`IS NULL`, `IS TRUE`, `IS FALSE`, `EXISTS`, `NOT EXISTS`."""
        if word == "EXISTS":
            return _there(value)
        second = self._next()[1].upper()
        if (word, second) == ("NOT", "EXISTS"):
            return _there(value).negated()
        wanted = {"TRUE": True, "FALSE": False, "NULL": None}
        if word != "IS" or second not in wanted:
            raise _NotUnderstood
        if value is Said.OPEN:
            return Truth.UNKNOWN
        return Truth.of(value is wanted[second])

    def _next(self) -> tuple[str, str]:
        if not self.left:
            raise _NotUnderstood
        first, *self.left = self.left
        return first

    def _take(self, kind: str, text: str) -> bool:
        if self.left and self.left[0] == (kind, text):
            self.left = self.left[1:]
            return True
        return False


def _path(selector: str) -> tuple[str, ...]:
    steps: list[str] = []
    at = 1
    while at < len(selector):
        match = _STEP.match(selector, at)
        if match is None or match[3] is not None:
            raise _NotUnderstood
        steps.append(match[1] or match[2])
        at = match.end()
    return tuple(steps)


def _there(value: object) -> Truth:
    return Truth.UNKNOWN if value is Said.OPEN else Truth.of(value is not Said.ABSENT)


_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}


def _compared(operator: str, kind: str, wanted: str, value: object) -> Truth:
    """A comparison. Whether `!=` holds for a member that is not there, the source does not say."""
    if value is Said.OPEN:
        return Truth.UNKNOWN
    if value is Said.ABSENT:
        return Truth.UNKNOWN if operator == "!=" else Truth.FALSE
    if kind == "expression":
        return _searched(operator, wanted, value)
    number = _number(wanted) if kind == "word" else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and number is not None:
        return Truth.of(_SIGNS[operator](value, number))
    if operator not in ("=", "!="):
        return Truth.FALSE
    text = value if isinstance(value, str) else json.dumps(value)
    expression = ".*".join(map(re.escape, wanted.split("*")))
    same = re.fullmatch(expression, text, re.DOTALL) is not None
    return Truth.of(same is (operator == "="))


def _searched(operator: str, expression: str, value: object) -> Truth:
    """A regular expression, which may match anywhere in the value. CloudWatch takes no groups, and one with many repetitions is not tried, as it could take for ever."""
    if (
        operator not in ("=", "!=")
        or not isinstance(value, str)
        or _GROUP.search(expression)
        or len(_REPEATS.findall(expression)) > _MOST_REPEATS
    ):
        return Truth.UNKNOWN
    try:
        found = re.search(expression, value) is not None
    except (re.error, OverflowError):
        return Truth.UNKNOWN
    return Truth.of(found is (operator == "="))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
