"""Variables of the Serverless Framework: `${self:…}`, `${opt:…}`, `${env:…}`, `${file(…):…}` and the like.

Source: Serverless Framework documentation, "Variables".
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from .intrinsics import DEEPEST
from .located import Block, Series
from .naming import stack_account
from .resources import Unresolved
from .values import Partly, is_known, joined, text_of, unresolved

if TYPE_CHECKING:
    from .forest import Forest

_SOURCE = re.compile(r"\s*([A-Za-z][\w-]*)(?:\(([^()]*)\))?(?::(?!:)(.*))?$", re.DOTALL)
_LITERAL = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|(-?\d+)|(true|false|null))\s*$""")
_DATA = (".yml", ".yaml", ".json")
DEFAULT_REGION = "us-east-1"
_MISSING = object()
# What is told by what is deployed already, or by a service, so that a fallback says nothing about it.
_ELSEWHERE = frozenset({"aws", "cf", "output", "s3", "ssm", "state", "terraform", "vault", "doppler"})
_MOST = 20_000


class Variables:
    """Resolves the variables of one service."""

    def __init__(self, forest: Forest, path: str, raw: Block) -> None:
        self.forest = forest
        self.path = path
        self.folder = posixpath.dirname(path)
        self.raw = raw
        self.stage = "dev"
        self.region = ""
        self._busy: set[str] = set()
        self._left = _MOST

    def resolve(self, value: Any, depth: int = 0) -> Any:
        """The value with its variables resolved; what is not known is `Unresolved`, or a text with symbols in it."""
        if depth > DEEPEST:
            return unresolved("…", "nested too deeply", self.path)
        if isinstance(value, Block):
            made = value.like()
            for key, item in value.items():
                name = text_of(self._text(key, value.where(key), depth)) if "${" in key else key
                made.take(value, key, self._within(item, value.where(key), depth), name)
            return made
        if isinstance(value, Series):
            series = value.like()
            for index, item in enumerate(value):
                series.add(self._within(item, value.where(index), depth), value.lines[index])
            return series
        return self._within(value, self.path, depth)

    def _within(self, item: Any, where: str, depth: int) -> Any:
        if isinstance(item, str):
            return self._text(item, where, depth + 1) if "${" in item else item
        return self.resolve(item, depth + 1) if isinstance(item, Block | Series) else item

    def _text(self, text: str, where: str, depth: int) -> Any:
        if depth > DEEPEST or self._left <= 0:
            return Partly(text)
        self._left -= 1
        parts = [self._variable(part, where, depth) if is_variable else part for is_variable, part in _parts(text)]
        return parts[0] if len(parts) == 1 else joined(parts)

    def _variable(self, said: str, where: str, depth: int) -> Any:
        alternatives = _alternatives(said)
        first = _SOURCE.match(alternatives[0])
        if not alternatives[0].lstrip().startswith("${") and (
            first is None or (first.group(3) is None and first.group(2) is None)
        ):
            # CloudFormation's own, for Fn::Sub.
            inner = self._text(said, where, depth + 1) if "${" in said else said
            return joined(["${", inner, "}"])
        for alternative in alternatives:
            found = self._alternative(alternative.strip(), where, depth)
            if found is not _MISSING:
                return found
        return unresolved(said, f"${{{said}}} has no value in the source tree", where)

    def _alternative(self, said: str, where: str, depth: int) -> Any:
        literal = _LITERAL.match(said)
        if literal is not None:
            return _literal(literal)
        if "${" not in said:
            return self._source(said, where, depth)
        inner = self._text(said, where, depth + 1)
        if [is_variable for is_variable, _ in _parts(said)] == [True]:
            return inner
        if not is_known(inner):
            return unresolved(text_of(inner), "it hangs on a value that is not known", where)
        return self._source(text_of(inner), where, depth)

    def _source(self, said: str, where: str, depth: int) -> Any:
        match = _SOURCE.match(said)
        if match is None:
            return said.strip()
        source, argument, address = match.group(1), match.group(2), (match.group(3) or "").strip()
        if source == "self":
            return self._self(address, depth)
        if source == "file":
            return self._file((argument or "").strip(), address, where, depth)
        if source == "opt":
            return {"stage": self.stage, "region": self.region or _MISSING}.get(address, _MISSING)
        if source == "sls":
            return (
                self.stage if address == "stage" else unresolved(said.strip(), "it differs with each deployment", where)
            )
        if source == "param":
            return self._param(address, depth)
        if source == "strToBool":
            return (
                text_of(self._source(argument or "", where, depth) if ":" in (argument or "") else argument).lower()
                == "true"
            )
        if source == "aws" and address in ("region", "accountId"):
            return stack_account(self.path) if address == "accountId" else self.region or DEFAULT_REGION
        if source == "env":
            return _MISSING
        if source in _ELSEWHERE:
            return unresolved(said.strip(), f"it is read from {source} when the service is deployed", where)
        return unresolved(said.strip(), f"the source {source} is not known", where)

    def _self(self, address: str, depth: int) -> Any:
        if address == "provider.stage":
            return self.stage
        if address == "provider.region" and self.region:
            return self.region
        key = f"self:{address}"
        if not address or key in self._busy:
            return _MISSING
        self._busy.add(key)
        try:
            return self._walk(self.raw, address, depth)
        finally:
            self._busy.discard(key)

    def _walk(self, value: Any, address: str, depth: int) -> Any:
        """What stands at a dotted address, with the variables on the way there resolved."""
        for step in address.split(".") if address else ():
            value = self._text(value, self.path, depth + 1) if isinstance(value, str) and "${" in value else value
            if isinstance(value, Unresolved):
                return value
            if isinstance(value, Block) and step in value:
                value = value[step]
            elif isinstance(value, Series) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                return _MISSING
        found = self._within(value, self.path, depth)
        return _MISSING if found is None else found

    def _param(self, name: str, depth: int) -> Any:
        for holder in (
            f"params.{self.stage}",
            f"stages.{self.stage}.params",
            "params.default",
            "stages.default.params",
        ):
            found = self._self(f"{holder}.{name}", depth)
            if found is not _MISSING:
                return found
        return _MISSING

    def _file(self, said: str, address: str, where: str, depth: int) -> Any:
        path = self.forest.files.place(said.removeprefix("~/"), self.folder)
        if not path:
            return _MISSING
        if not path.endswith(_DATA):
            if path.endswith((".js", ".ts", ".cjs", ".mjs")):
                return unresolved(f"file({said})", f"the program {path} makes it", where)
            return self.forest.text(path)
        self.forest.taken.add(path)
        key = f"file:{path}:{address}"
        document = self.forest.document(path)
        if document is None or key in self._busy:
            return unresolved(f"file({said})", f"{path} could not be read", where)
        self._busy.add(key)
        try:
            return self._walk(document.value, address, depth)
        finally:
            self._busy.discard(key)


def _parts(text: str) -> list[tuple[bool, str]]:
    """A text cut into what stands there and the insides of variables, outermost ones."""
    parts: list[tuple[bool, str]] = []
    start = at = 0
    while (at := text.find("${", at)) >= 0:
        end = _closing(text, at + 2)
        if end < 0:
            break
        if at > start:
            parts.append((False, text[start:at]))
        parts.append((True, text[at + 2 : end]))
        start = at = end + 1
    if start < len(text) or not parts:
        parts.append((False, text[start:]))
    return parts


def _closing(text: str, at: int) -> int:
    depth = 1
    while at < len(text):
        if text.startswith("${", at):
            depth, at = depth + 1, at + 2
            continue
        if text[at] == "}":
            depth -= 1
            if not depth:
                return at
        at += 1
    return -1


def _alternatives(text: str) -> list[str]:
    """The parts of a variable between commas that stand in no quotes or parentheses."""
    parts, depth, quote, start = [], 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "({":
            depth += 1
        elif letter in ")}":
            depth -= 1
        elif letter == "," and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _literal(match: re.Match[str]) -> Any:
    single, double, number, word = match.groups()
    if number is not None:
        return int(number) if len(number) < 19 else number
    if word is not None:
        return {"true": True, "false": False, "null": None}[word]
    return single if single is not None else double
