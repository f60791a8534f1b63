"""What stands in front of functions: routes, stages and web entries of API Gateway, AppSync, CloudFront and function URLs."""

from __future__ import annotations

from collections.abc import Iterator

from ...capture import Captures
from ...evidence import Hole, Row
from ..tags import TagWords
from .entries import shape_entries
from .routes import shape_routes
from .stages import shape_stages


def shape_interfaces(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Route, ApiStage and WebEntry rows."""
    yield from shape_routes(captures, words)
    yield from shape_stages(captures, words)
    yield from shape_entries(captures, words)
