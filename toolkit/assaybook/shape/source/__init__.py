"""Derived captures, which hold facts of code, to rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...capture import Captures
from ...evidence import Hole, Row
from .habits import shape_habits
from .packages import Workloads, shape_packages


def shape_source(captures: Captures, ground: Sequence[Row | Hole]) -> Iterator[Row | Hole]:
    """Every row and hole about code. `ground` are the rows of the providers, as facts of code belong to their workloads."""
    yield from shape_packages(captures, Workloads.of(ground))
    yield from shape_habits(captures, ground)


__all__ = ["shape_source"]
