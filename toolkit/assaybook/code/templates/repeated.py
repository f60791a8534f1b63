"""`Fn::ForEach`: what a template repeats, written out.

Source: AWS CloudFormation Template Reference, "Fn::ForEach".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .located import Block, Series
from .resources import Problem
from .values import text_of

_KEY = "Fn::ForEach::"
_MOST = 5_000


def has_repetition(value: Any) -> bool:
    """Whether anything within the value is repeated."""
    if isinstance(value, Block):
        return any(key.startswith(_KEY) or has_repetition(item) for key, item in value.items())
    return isinstance(value, list) and any(has_repetition(each) for each in value)


class Repetition:
    """Writes out what is repeated. `resolve` resolves a collection; what cannot be written out becomes a problem."""

    def __init__(self, resolve: Callable[[Any], Any]) -> None:
        self._resolve = resolve
        self._made = 0
        self.problems: list[Problem] = []

    def written_out(self, value: Any, names: Mapping[str, str] | None = None) -> Any:
        """The value with each repetition in it written out; `names` are the loop's variables around it."""
        names = names or {}
        if isinstance(value, Block):
            return self._block(value, names)
        if isinstance(value, Series):
            series = value.like()
            for item, line in zip(value, value.lines, strict=True):
                series.add(self.written_out(item, names), line)
            return series
        return replaced(value, names) if isinstance(value, str) and names else value

    def _block(self, value: Block, names: Mapping[str, str]) -> Any:
        if len(value) == 1 and isinstance(value.get("Ref"), str) and value["Ref"] in names:
            return names[value["Ref"]]
        made = value.like()
        for key, item in value.items():
            if key.startswith(_KEY):
                self._repeat(made, item, names, value.where(key))
            else:
                made.take(value, key, self.written_out(item, names), replaced(key, names))
        return made

    def _repeat(self, made: Block, said: Any, names: Mapping[str, str], where: str) -> None:
        if (
            not isinstance(said, list)
            or len(said) != 3
            or not isinstance(said[0], str)
            or not isinstance(said[2], Block)
        ):
            self.problems.append(Problem(where, "a Fn::ForEach that is not written as it can be was left out"))
            return
        items = self._resolve(self.written_out(said[1], names))
        if not isinstance(items, list):
            self.problems.append(
                Problem(where, "a Fn::ForEach was left out, as what it goes through cannot be told from the template")
            )
            return
        for item in items:
            self._made += 1
            if self._made > _MOST:
                self.problems.append(
                    Problem(where, f"Fn::ForEach makes more than {_MOST:,} parts; the rest was left out")
                )
                return
            inner = self.written_out(said[2], {**names, said[0]: text_of(item)})
            if isinstance(inner, Block):
                for key, each in inner.items():
                    made.take(inner, key, each)


def replaced(text: str, names: Mapping[str, str]) -> str:
    """A text with the variables of the loops around it filled in; `&{}` keeps letters and digits only."""
    for name, value in names.items():
        letters = "".join(each for each in value if each.isalnum())
        text = text.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", letters)
    return text
