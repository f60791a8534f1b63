"""Knowledge of a language, made quick to look up by the names that callees resolve to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from ..knowledge.terms import CODE, TEMPLATE, Callback, Cleaner, Guard, Knowledge, Route, Sink, Source, Validator

Described = TypeVar("Described")


class _Names(Generic[Described]):
    """Descriptions by name; `*` as a whole part stands for one part or more."""

    def __init__(self, named: Iterable[tuple[str, Described]]) -> None:
        self.exact: dict[str, list[Described]] = {}
        self.loose: dict[str, list[tuple[re.Pattern[str], Described]]] = {}
        self.found: dict[str, tuple[tuple[Described, bool], ...]] = {}
        for name, each in named:
            if "*" not in name.split("."):
                self.exact.setdefault(name, []).append(each)
            else:
                pattern = r"\.".join(".+" if part == "*" else re.escape(part) for part in name.split("."))
                self.loose.setdefault(name.rsplit(".", 1)[-1], []).append((re.compile(pattern), each))

    def of(self, name: str) -> tuple[tuple[Described, bool], ...]:
        """What is described under a name, and whether by its own name."""
        known = self.found.get(name)
        if known is None:
            exact = [(each, True) for each in self.exact.get(name, ())]
            last = name.rsplit(".", 1)[-1]
            loose = [
                (each, False)
                for pattern, each in (*self.loose.get(last, ()), *self.loose.get("*", ()))
                if pattern.fullmatch(name)
            ]
            known = self.found[name] = (*exact, *loose)
        return known

    def has(self, name: str) -> bool:
        return bool(self.of(name))


class _HasCallee(Protocol):
    @property
    def callee(self) -> str: ...


class Lookup:
    """All that is known of one language."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.sinks: _Names[Sink] = _Names((each.callee, each) for each in knowledge.sinks)
        self.called: _Names[Source] = _Names((each.name, each) for each in knowledge.sources if each.called)
        self.read: _Names[Source] = _Names((each.name, each) for each in knowledge.sources if not each.called)
        self.cleaners: _Names[Cleaner] = _Names((each.callee, each) for each in knowledge.cleaners)
        self.validators: _Names[Validator] = _Names(
            (each.name, each) for each in knowledge.validators if each.form == "call"
        )
        self.validating: _Names[Validator] = _Names(
            (each.name, each) for each in knowledge.validators if each.form == "decorator"
        )
        self.schemas: _Names[Validator] = _Names(
            (each.name, each) for each in knowledge.validators if each.form == "base"
        )
        self.guards: _Names[Guard] = _Names((each.callee, each) for each in knowledge.guards)
        self.routes: _Names[Route] = _Names(
            (each.callee, each) for each in knowledge.routes if each.form == "decorator"
        )
        self.registered: _Names[Route] = _Names(
            (each.callee, each) for each in knowledge.routes if each.form == "callback"
        )
        self.callbacks: _Names[Callback] = _Names((each.callee, each) for each in knowledge.callbacks)
        self.passing: _Names[bool] = _Names((each, True) for each in knowledge.passing)
        self.parsing: _Names[bool] = _Names((each, True) for each in knowledge.parsing)
        self.texts: _Names[bool] = _Names((each, True) for each in knowledge.texts)
        self.keyed: _Names[bool] = _Names((each, True) for each in knowledge.keyed)
        self.transparent: _Names[bool] = _Names((each, True) for each in knowledge.transparent)
        self.environment = frozenset(knowledge.environment)
        self.clean = tuple(re.compile(each) for each in knowledge.clean)
        self.text_paths = tuple(re.compile(each) for each in knowledge.text_paths)
        self.ends: _Names[bool] = _Names((each, True) for each in knowledge.ends)
        self._closed = knowledge.closed

    @lru_cache(maxsize=4096)  # noqa: B019 - one lookup lives as long as the process
    def is_clean_path(self, path: str) -> bool:
        """Whether nobody outside chooses this part of an event."""
        return any(pattern.match(path) for pattern in self.clean)

    @lru_cache(maxsize=4096)  # noqa: B019
    def is_text_path(self, path: str) -> bool:
        """Whether this part of an event is nothing but a text."""
        return any(pattern.fullmatch(path) for pattern in self.text_paths)

    @lru_cache(maxsize=4096)  # noqa: B019
    def renamed(self, name: str) -> str:
        """A name, with the one that it is an alias of in its place."""
        for alias, whole in self.knowledge.aliases:
            if name == alias or (name.startswith(alias) and name[len(alias)] in ".("):
                return whole + name[len(alias) :]
        return name

    @lru_cache(maxsize=4096)  # noqa: B019
    def gives_function(self, name: str) -> bool:
        """Whether what a call gives is what was made of a text: calling that is not calling the maker again."""
        return any(exact and each.kind in (CODE, TEMPLATE) for each, exact in self.sinks.of(name))

    @lru_cache(maxsize=4096)  # noqa: B019
    def is_closed(self, name: str) -> bool:
        """Whether what such a call is given does not come back from it."""
        return any(name == each or name.startswith((f"{each}.", f"{each}(")) for each in self._closed)


_MADE: dict[int, Lookup] = {}


def lookup_of(knowledge: Knowledge) -> Lookup:
    """The lookup of some knowledge, made once: that takes longer than to follow the data of a small program."""
    made = _MADE.get(id(knowledge))
    if made is None or made.knowledge is not knowledge:
        made = _MADE[id(knowledge)] = Lookup(knowledge)
    return made
