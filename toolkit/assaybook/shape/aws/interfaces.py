"""What stands in front of functions: API Gateway, AppSync, CloudFront, function URLs, load balancers and Cognito."""

from __future__ import annotations

from collections.abc import Iterator

from ...capture import Captures
from ...evidence import Hole, Row
from ..tags import TagWords
from .authorizers import shape_authorizers
from .backends import shape_backends
from .certificates import shape_certificates
from .edge_logs import shape_edge_logs
from .entries import shape_entries
from .gateways import shape_gateways
from .routes import shape_routes
from .sign_in import shape_sign_in
from .stage_logs import shape_stage_logs
from .stages import shape_stages
from .transport import shape_transport


def shape_interfaces(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Every row about the ways in."""
    yield from shape_routes(captures, words)
    yield from shape_stages(captures, words)
    yield from shape_entries(captures, words)
    yield from shape_gateways(captures, words)
    yield from shape_stage_logs(captures, words)
    yield from shape_edge_logs(captures, words)
    yield from shape_transport(captures, words)
    yield from shape_backends(captures, words)
    yield from shape_certificates(captures, words)
    yield from shape_authorizers(captures, words)
    yield from shape_sign_in(captures, words)
