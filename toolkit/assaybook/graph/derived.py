"""The rows of the graph, derived from the rows that are its ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

from ..evidence import Gap, Hole, Row
from ..tables.compute import Endpoint, Route, Workload
from ..tables.data import Share, Store
from ..tables.graph import AttackPath, BlastRadius, Feed, Loop, SourcePolicy, Trigger
from ..tables.identity import Grant, Role
from ..tables.scope import Account, Region
from .paths import attack_paths, blast_radii, loops
from .reaches import Roles
from .rights import Judge
from .stores import shelves
from .triggers import Edges, add_endpoints, add_feeds, add_grants, add_routes
from .trust import Senders, Trust
from .unseen import Unseen, client_of

GROUND: tuple[type[Row], ...] = (
    Account,
    Workload,
    Endpoint,
    Route,
    Grant,
    Role,
    Store,
    Share,
    Feed,
    SourcePolicy,
    Region,
)
# What is missing where a part of the ground could not be read at all.
MISSING: dict[type[Row], tuple[type[Row], ...]] = {
    Workload: (Trigger, AttackPath, BlastRadius, Loop),
    Endpoint: (Trigger, AttackPath),
    Route: (Trigger, AttackPath),
    Grant: (Trigger, AttackPath),
    Feed: (Trigger, AttackPath, Loop),
}
# Services that run a workload for whoever calls them; nothing that a workload writes comes back through them.
NO_LOOP = frozenset({"apigateway", "apigatewayv2", "appsync", "scheduler", "ses"})
R = TypeVar("R", bound=Row)


class Ground:
    """The rows and holes that the graph is built from, in the order of their keys."""

    def __init__(self, items: Iterable[Row | Hole]) -> None:
        rows: defaultdict[type[Row], list[Row]] = defaultdict(list)
        self.holes: list[Hole] = []
        for item in items:
            if isinstance(item, Hole):
                self.holes.append(item)
            elif type(item) in GROUND:
                rows[type(item)].append(item)
            if isinstance(item, Route) and isinstance(item.workload, Gap):
                # A route of which it is not known what it runs may run any workload.
                self.holes.append(Hole(Route, item.workload, item.subject, item.api))
        self._rows = {table: sorted(found, key=lambda each: each.key) for table, found in rows.items()}

    def rows(self, table: type[R]) -> Sequence[R]:
        """The rows of a table."""
        return cast("Sequence[R]", self._rows.get(table, ()))


def derive(items: Iterable[Row | Hole], declared: Mapping[str, str] | None = None) -> Iterator[Row | Hole]:
    """Trigger, Reach, AttackPath, BlastRadius and Loop rows, and a hole in them for each part of the ground that could not be read.

    `declared` says of which sources of events the organisation trusts what they send, and why.
    """
    ground = Ground(items)
    workloads = ground.rows(Workload)
    organisations = {row.account: row.organisation for row in ground.rows(Account)}
    feeds = ground.rows(Feed)
    known = {account: each for account, each in organisations.items() if isinstance(each, str)}
    edges = Edges({row.key: row for row in workloads}, known, declared or {})
    unseen = Unseen(ground.holes, edges.workloads, ground.rows(Grant), known)
    policies, regions = ground.rows(SourcePolicy), ground.rows(Region)
    senders = Senders(feeds, ground.rows(Share), policies, regions, ground.holes, known, unseen)
    add_endpoints(edges, ground.rows(Endpoint))
    unread = {
        each.parent or each.subject.native: Trust(each.gap, "who may call it could not be read")
        for each in ground.holes
        if each.table is Route
    }
    graphs = {**unread, **add_routes(edges, ground.rows(Route))}
    add_feeds(edges, feeds, senders, graphs)
    add_grants(edges, ground.rows(Grant), unseen.urls)
    found = shelves(ground.rows(Store), ground.rows(Share))
    roles = Roles(ground.rows(Role), ground.holes, Judge(found))
    started: defaultdict[str, list[Trigger]] = defaultdict(list)
    for trigger in edges.rows():
        started[trigger.workload].append(trigger)
        yield trigger
    yield from roles.rows()
    yield from attack_paths(workloads, started, roles, unseen)
    yield from blast_radii(workloads, started, roles, unseen)
    yield from loops(workloads, feeds, roles, found, unseen)
    for hole in ground.holes:
        for table in MISSING.get(hole.table, ()):
            if table is Loop and client_of(hole) in NO_LOOP:
                continue
            yield Hole(table, hole.gap, hole.subject, hole.parent)
