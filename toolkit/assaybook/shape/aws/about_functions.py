"""All rows that speak of functions beyond the workload itself; the functions are read once for all of them."""

from __future__ import annotations

from collections.abc import Iterator

from ...capture import Captures
from ...evidence import Hole, Row
from ..tags import TagWords
from .activity import shape_activity
from .bindings import estate_of, shape_bindings
from .concurrency import shape_concurrency
from .functions import functions
from .loops import shape_loops
from .settings import shape_settings
from .signing import shape_signing
from .tracing import shape_tracing


def shape_about_functions(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Rows of settings, activity, provenance, concurrency, bindings and traces."""
    read = functions(captures, words)
    estate = estate_of(captures, read)
    for found, whole in read:
        yield from shape_settings(found, whole)
        yield from shape_loops(found, whole, captures)
        yield from shape_activity(found, whole, captures)
        yield from shape_signing(found, whole, captures)
        yield from shape_concurrency(found, whole, estate)
    yield from shape_bindings(estate, words)
    yield from shape_tracing(captures, words)
