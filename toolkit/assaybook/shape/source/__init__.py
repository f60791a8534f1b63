"""Captures of source trees and of packages to rows, one module for each subject."""

from __future__ import annotations

from collections.abc import Iterator

from ...capture import Captures
from ...evidence import Hole, Row
from .trees import shape_trees


def shape_source(captures: Captures) -> Iterator[Row | Hole]:
    """Every row and hole of what was read from files."""
    yield from shape_trees(captures)
