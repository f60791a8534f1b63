"""Conditions of a template, decided where parameters have a value."""

from __future__ import annotations

from typing import Any

from .intrinsics import Resolver
from .located import Block
from .values import as_json, is_known, text_of

# What a stack is deployed to is not in its template, so that no condition may hang on what was made up in its place.
_MADE_UP = frozenset({"AWS::AccountId", "AWS::StackName", "AWS::StackId"})
DEEPEST = 50


class Conditions:
    """The named conditions of one stack; each is decided once."""

    def __init__(self, declared: Block, resolver: Resolver, *, region_known: bool) -> None:
        self._declared = declared
        self._resolver = resolver
        self._made_up = _MADE_UP if region_known else _MADE_UP | {"AWS::Region", "AWS::Partition"}
        self._decided: dict[str, bool | None] = {}

    def holds(self, name: str) -> bool | None:
        """Whether a condition holds; None if it cannot be decided, is not declared or hangs on itself."""
        if name not in self._decided:
            self._decided[name] = None
            self._decided[name] = self._decide(self._declared.get(name), 0)
        return self._decided[name]

    def _decide(self, said: Any, depth: int) -> bool | None:
        if depth > DEEPEST:
            return None
        if isinstance(said, bool):
            return said
        if isinstance(said, str) and said.lower() in ("true", "false"):
            return said.lower() == "true"
        if not isinstance(said, Block) or len(said) != 1:
            return None
        name, inner = next(iter(said.items()))
        if name == "Condition":
            return self.holds(inner) if isinstance(inner, str) else None
        if name == "Fn::Equals":
            return self._equal(inner)
        parts = [self._decide(each, depth + 1) for each in inner] if isinstance(inner, list) else []
        return _combined(name, parts)

    def _equal(self, inner: Any) -> bool | None:
        if not isinstance(inner, list) or len(inner) != 2 or any(self._is_made_up(each) for each in inner):
            return None
        first, second = (self._resolver.resolve(each) for each in inner)
        if is_known(first) and is_known(second):
            return bool(_comparable(first) == _comparable(second))
        return True if as_json(first) == as_json(second) else None

    def _is_made_up(self, value: Any) -> bool:
        if isinstance(value, Block):
            name = value.get("Ref")
            if isinstance(name, str) and name in self._made_up:
                return True
            return any(self._is_made_up(each) for each in value.values())
        if isinstance(value, list):
            return any(self._is_made_up(each) for each in value)
        return isinstance(value, str) and any(f"${{{each}}}" in value for each in self._made_up)


def _combined(name: str, parts: list[bool | None]) -> bool | None:
    if not parts:
        return None
    if name == "Fn::Not":
        return None if parts[0] is None else not parts[0]
    if name == "Fn::And":
        return False if False in parts else None if None in parts else True
    if name == "Fn::Or":
        return True if True in parts else None if None in parts else False
    return None


def _comparable(value: Any) -> Any:
    return as_json(value) if isinstance(value, dict | list) else text_of(value)
