"""Captures to typed rows. Pure: no clock, no network, and no answer, however odd, that makes it break or lose a row in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..capture import Captures
from ..evidence import Gap, Hole, Row
from ..graph import derive
from .aws import shape_aws
from .left_to_account import left_to_account
from .places import placed
from .source import shape_source
from .tags import TagWords
from .untold import told


def shape(captures: Captures, parameters: Mapping[str, object]) -> Iterator[Row | Hole]:
    """Every row and hole that the captures hold, in a defined order, and those of the graph that they make together.

    `parameters` are the effective thresholds; those that name tag keys and values decide what counts as critical, production and sensitive, `trusted_producers` which
    sources of events the organisation trusts.
    Of two different rows with one key the first is kept, and a hole says that there was another.
    """
    words = TagWords.of(parameters)
    ground = list(_once(placed(captures, told(captures, lambda each: shape_aws(each, words)))))
    yield from left_to_account(captures, ground)
    yield from _once(shape_source(captures, ground, parameters))
    producers = parameters.get("trusted_producers")
    yield from placed(captures, derive(ground, producers if isinstance(producers, Mapping) else {}))


def _once(items: Iterator[Row | Hole]) -> Iterator[Row | Hole]:
    seen: dict[tuple[type[Row], str], Row] = {}
    for item in items:
        if isinstance(item, Hole):
            yield item
            continue
        before = seen.setdefault((type(item), item.key), item)
        if before is item:
            yield item
        elif before != item:
            yield Hole(type(item), Gap("", "failed", f"two different records call themselves {item.key}"), item.subject)


__all__ = ["shape"]
