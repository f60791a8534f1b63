"""Captures of AWS to rows, one module for each subject."""

from __future__ import annotations

from collections.abc import Iterator

from ...capture import Captures
from ...evidence import Hole, Row
from ..tags import TagWords
from .about_functions import shape_about_functions
from .alerting import shape_alerting
from .audit import shape_audit
from .clusters import shape_clusters
from .compute import shape_compute
from .data import shape_data
from .delivered_logs import shape_delivered_logs
from .deliveries import shape_deliveries
from .federation import shape_federation
from .feed_apis import shape_feed_apis
from .feed_rules import shape_feed_rules
from .feed_senders import shape_feed_senders
from .feeds import shape_feeds
from .findings import shape_findings
from .grants import shape_grants
from .identity import shape_identity
from .interfaces import shape_interfaces
from .monitoring import shape_monitoring
from .network import shape_network
from .organisation import shape_organisation
from .pipelines import shape_pipelines
from .posture import shape_posture
from .principals import shape_principals
from .readers import shape_readers
from .role_use import shape_role_use
from .scope import shape_scope
from .secret_access import shape_secret_access
from .services import shape_services
from .trails import shape_trails
from .trusts import shape_trusts
from .vendors import shape_vendors


def shape_aws(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Every row and hole of the captures of AWS."""
    rows = tuple(_shaped(captures, words))
    yield from rows
    yield from shape_readers(rows)


def _shaped(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    yield from shape_scope(captures)
    yield from shape_compute(captures, words)
    yield from shape_about_functions(captures, words)
    yield from shape_interfaces(captures, words)
    yield from shape_identity(captures, words)
    yield from shape_principals(captures, words)
    yield from shape_role_use(captures, words)
    yield from shape_organisation(captures)
    yield from shape_federation(captures)
    yield from shape_clusters(captures)
    yield from shape_pipelines(captures)
    yield from shape_grants(captures, words)
    yield from shape_data(captures, words)
    yield from shape_deliveries(captures, words)
    yield from shape_monitoring(captures, words)
    yield from shape_network(captures, words)
    yield from shape_trails(captures)
    yield from shape_services(captures)
    yield from shape_vendors(captures, words)
    yield from shape_trusts(captures)
    yield from shape_secret_access(captures, words)
    yield from shape_feeds(captures)
    yield from shape_feed_rules(captures)
    yield from shape_feed_senders(captures)
    yield from shape_feed_apis(captures, words)
    yield from shape_alerting(captures)
    yield from shape_findings(captures)
    yield from shape_posture(captures)
    yield from shape_audit(captures, words)
    yield from shape_delivered_logs(captures)
