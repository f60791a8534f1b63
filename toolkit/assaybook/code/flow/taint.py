"""Whose data is in a value, on what way it came there, and what tests told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


LONGEST_TRAIL = 24
# Stands in `cleaned` for a path that was brought into its normal form.
NORMAL = "normal path"


MOST_TAINTS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow."""

    file: str
    line: int
    function: str
    said: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The steps so far, the last one first."""

    step: Step
    before: Trail | None
    length: int
    cut: int = 0

    def steps(self) -> list[Step]:
        """The steps in the order in which they happen."""
        found: list[Step] = []
        here: Trail | None = self
        while here is not None:
            found.append(here.step)
            here = here.before
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Taint:
    """Untrusted data (or a secret) in a value: whose, which part, on what way, and what was done about it.

    `why` is empty while each step is certain; `cleaned` are the kinds of sinks for which it is harmless; `text` says that it can be nothing but a text;
    `built` that it was put into a larger text.
    """

    kind: str
    path: str
    said: str
    resource: str = ""
    why: str = ""
    cleaned: frozenset[str] = frozenset()
    text: bool = False
    built: bool = False
    trail: Trail | None = field(default=None, compare=False)

    @property
    def identity(self) -> str:
        """Whose data it is, to which tests that were made apply."""
        return f"{self.kind}:{self.path}"

    def step(self, file: str, line: int, function: str, said: str) -> Taint:
        """With one more step; a line is shown once."""
        last = self.trail
        if last is not None and last.step.line == line and last.step.file == file:
            return self
        step = Step(file, line, function, said)
        if last is not None and last.length >= LONGEST_TRAIL:
            return replace(self, trail=Trail(step, last.before, last.length, last.cut + 1))
        return replace(
            self, trail=Trail(step, last, 1 if last is None else last.length + 1, 0 if last is None else last.cut)
        )

    @property
    def length(self) -> int:
        """How many steps it took."""
        return 0 if self.trail is None else self.trail.length + self.trail.cut


@dataclass(frozen=True, slots=True)
class Fact:
    """What a test told of some data: harmless for these kinds of sinks (all, if empty), or doubtful for the reason given."""

    identity: str
    kinds: frozenset[str] = frozenset()
    doubt: str = ""


Facts = frozenset[Fact]


NO_FACTS: Facts = frozenset()


def merge_taints(*groups: Iterable[Taint]) -> tuple[Taint, ...]:
    """Each piece of data once, on its surest and then shortest way; at most so many."""
    best: dict[tuple[str, str, bool], Taint] = {}
    for group in groups:
        for each in group:
            key = (each.kind, each.path, each.built)
            other = best.get(key)
            if other is None:
                best[key] = each
            elif other is not each:
                best[key] = _merged(other, each)
    found = tuple(best.values())
    if len(found) > MOST_TAINTS:
        found = tuple(
            sorted(found, key=lambda one: (bool(one.why), len(one.cleaned), one.length, one.kind, one.path))[
                :MOST_TAINTS
            ]
        )
    return found


def _merged(one: Taint, other: Taint) -> Taint:
    if one == other:
        return one if one.length <= other.length else other
    first, second = sorted((one, other), key=lambda each: (bool(each.why), len(each.cleaned), each.length, each.why))
    # What is harmless on one way only is not harmless.
    if first.cleaned <= second.cleaned:
        return first
    return replace(first, cleaned=first.cleaned & second.cleaned, text=first.text and second.text)


def filter_taints(taints: tuple[Taint, ...], facts: Facts) -> tuple[Taint, ...]:
    """Data under the facts: harmless data is left out, doubtful data carries the doubt."""
    if not taints:
        return taints
    kept: list[Taint] = []
    for each in taints:
        after: Taint | None = each
        for fact in sorted(facts, key=lambda one: (one.identity, one.doubt)) if len(facts) > 1 else facts:
            if after is None or not _applies(fact.identity, each.identity):
                continue
            if fact.doubt:
                after = after if after.why else replace(after, why=fact.doubt)
            elif fact.kinds:
                after = replace(after, cleaned=after.cleaned | fact.kinds)
            else:
                after = None
        if after is not None:
            kept.append(after)
    return (
        tuple(kept)
        if len(kept) != len(taints) or any(new is not old for new, old in zip(kept, taints, strict=True))
        else taints
    )


def _applies(tested: str, identity: str) -> bool:
    return identity == tested or (identity.startswith(tested) and identity[len(tested)] in ".[")
