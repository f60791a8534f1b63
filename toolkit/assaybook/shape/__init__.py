"""Captures to typed rows. Pure: no clock, no network, and no answer, however odd, that makes it break or lose a row in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..capture import Captures
from ..evidence import Gap, Hole, Row
from .aws import shape_aws
from .tags import TagWords


def shape(captures: Captures, parameters: Mapping[str, object]) -> Iterator[Row | Hole]:
    """Every row and hole that the captures hold, in a defined order.

    `parameters` are the effective thresholds; those that name tag keys and values decide what counts as critical, production and sensitive.
    Of two different rows with one key the first is kept, and a hole says that there was another.
    """
    seen: dict[tuple[type[Row], str], Row] = {}
    for item in shape_aws(captures, TagWords.of(parameters)):
        if isinstance(item, Hole):
            yield item
            continue
        before = seen.setdefault((type(item), item.key), item)
        if before is item:
            yield item
        elif before != item:
            yield Hole(type(item), Gap("", "failed", f"two different records call themselves {item.key}"), item.subject)


__all__ = ["shape"]
