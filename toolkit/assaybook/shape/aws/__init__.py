"""Captures of AWS to rows, one module for each subject."""

from __future__ import annotations

from collections.abc import Iterator

from ...capture import Captures
from ...evidence import Hole, Row
from ..tags import TagWords
from .compute import shape_compute
from .data import shape_data
from .deliveries import shape_deliveries
from .grants import shape_grants
from .identity import shape_identity
from .interfaces import shape_interfaces
from .monitoring import shape_monitoring
from .scope import shape_scope
from .services import shape_services
from .trails import shape_trails
from .vendors import shape_vendors


def shape_aws(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Every row and hole of the captures of AWS."""
    yield from shape_scope(captures)
    yield from shape_compute(captures, words)
    yield from shape_interfaces(captures, words)
    yield from shape_identity(captures, words)
    yield from shape_grants(captures, words)
    yield from shape_data(captures, words)
    yield from shape_deliveries(captures, words)
    yield from shape_monitoring(captures, words)
    yield from shape_trails(captures)
    yield from shape_services(captures)
    yield from shape_vendors(captures, words)
