"""Captures of source trees, of packages and of sources of advisories to rows, one module for each subject. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...capture import Captures
from ...evidence import Hole, Row
from .advisories import shape_advisories
from .dependencies import shape_dependencies
from .flows import shape_flows
from .habits import shape_habits
from .imports import shape_imports
from .inventory import shape_inventory
from .packages import Workloads, shape_packages
from .secrets import shape_written_secrets
from .trees import shape_trees


def shape_source(
    captures: Captures, ground: Sequence[Row | Hole], parameters: Mapping[str, object] | None = None
) -> Iterator[Row | Hole]:
    """Every row and hole about code and what it depends on. `ground` are the rows of the providers, as facts of code belong to their workloads."""
    own = list(_own(captures, ground, parameters or {}))
    yield from own
    yield from shape_imports(captures, [*ground, *own])


def _own(captures: Captures, ground: Sequence[Row | Hole], parameters: Mapping[str, object]) -> Iterator[Row | Hole]:
    yield from shape_trees(captures)
    yield from shape_inventory(captures, ground)
    yield from shape_packages(captures, Workloads.of(ground))
    yield from shape_habits(captures, ground)
    yield from shape_flows(captures, ground)
    yield from shape_written_secrets(captures, ground)
    yield from shape_dependencies(captures, parameters)
    yield from shape_advisories(captures)


__all__ = ["shape_source"]
