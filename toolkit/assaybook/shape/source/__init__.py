"""Derived captures to rows: what was read from code and from sources of advisories. Pure."""

from collections.abc import Iterator, Mapping

from ...capture import Captures
from ...evidence import Hole, Row
from .advisories import shape_advisories
from .dependencies import shape_dependencies


def shape_source(captures: Captures, parameters: Mapping[str, object]) -> Iterator[Row | Hole]:
    """Every row about code and what it depends on."""
    yield from shape_dependencies(captures, parameters)
    yield from shape_advisories(captures)


__all__ = ["shape_source"]
