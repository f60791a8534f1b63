"""A template as a whole: what it repeats is written out, and what it includes is taken in."""

from __future__ import annotations

from typing import Any

from .intrinsics import Resolver
from .located import Block, block, over
from .repeated import Repetition, has_repetition
from .resources import Problem

_SECTIONS = ("Resources", "Outputs", "Conditions", "Mappings", "Parameters")


def assembled(raw: Block, resolver: Resolver) -> tuple[Block, list[Problem]]:
    """The template without repetitions and inclusions, and what of them could not be done."""
    whole, problems = _written_out(raw, resolver)
    said = whole.get("Transform")
    for each in said if isinstance(said, list) else [said]:
        if includes(each, resolver):
            whole = _with(whole, each, resolver)
    for section in _SECTIONS:
        inner = block(whole.get(section))
        if "Fn::Transform" not in inner:
            continue
        if not includes(inner["Fn::Transform"], resolver):
            problems.append(Problem(inner.where("Fn::Transform"), f"a macro makes a part of the section {section}"))
        taken = whole.like()
        for key, value in whole.items():
            taken.take(whole, key, _with(inner, inner["Fn::Transform"], resolver) if key == section else value)
        whole = taken
    return whole, problems


def includes(transform: Any, resolver: Resolver) -> bool:
    """Whether a transform includes a fragment that is in the source tree."""
    return isinstance(resolver.fragment(transform), Block)


def _written_out(raw: Block, resolver: Resolver) -> tuple[Block, list[Problem]]:
    if not has_repetition(raw):
        return raw, []
    repetition = Repetition(resolver.resolve)
    written = repetition.written_out(raw)
    return (written if isinstance(written, Block) else raw), repetition.problems


def _with(value: Block, transform: Any, resolver: Resolver) -> Block:
    """A mapping and the fragment that is included in it, as one."""
    made = value.like()
    for source in (value, block(resolver.fragment(transform))):
        for key, item in source.items():
            old = made.get(key)
            if key != "Fn::Transform":
                made.take(source, key, over(old, item) if isinstance(old, Block) and isinstance(item, Block) else item)
    return made
