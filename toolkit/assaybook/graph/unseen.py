"""What may be hidden in what could not be read: triggers that a workload may have beside those that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ..evidence import Gap, Hole, Row
from ..policy.sources import service_name
from ..tables.compute import Endpoint, Route, Workload
from ..tables.graph import Feed
from ..tables.identity import Grant
from .statements import services_of

# Which kinds of triggers a call shows, and the service that a workload's own policy must let in for them; empty where a role does instead.
# Source: AWS Lambda Developer Guide, "Granting function access to AWS services" and the pages on each event source.
SHOWS: Mapping[str, tuple[frozenset[str], str]] = {
    "s3": (frozenset({"bucket"}), "s3.amazonaws.com"),
    "sns": (frozenset({"topic"}), "sns.amazonaws.com"),
    "events": (frozenset({"bus", "bucket"}), "events.amazonaws.com"),
    "iot": (frozenset({"device rule"}), "iot.amazonaws.com"),
    "ses": (frozenset({"mail"}), "ses.amazonaws.com"),
    "lambda": (frozenset({"queue", "stream", "table", "broker", "database"}), ""),
    "pipes": (frozenset({"queue", "stream", "table", "broker"}), ""),
    "stepfunctions": (frozenset({"state machine"}), ""),
    "appsync": (frozenset({"resolver", "authorizer"}), ""),
    "apigateway": (frozenset({"authorizer"}), "apigateway.amazonaws.com"),
    "apigatewayv2": (frozenset({"authorizer"}), "apigateway.amazonaws.com"),
    # A schedule is always the own account's, so one that is hidden changes nothing.
    "scheduler": (frozenset(), ""),
}
OF_TABLE: Mapping[type[Row], frozenset[str]] = {
    Endpoint: frozenset({"url"}),
    Route: frozenset({"api", "resolver"}),
    Grant: frozenset({"account", "service", "sign-in", "load balancer", "url"}),
}
# What can put events into each kind of source: by the policy of the source, or with a role.
BY_POLICY: Mapping[str, str] = {
    "s3": "s3.amazonaws.com",
    "sns": "sns.amazonaws.com",
    "events": "events.amazonaws.com",
    "ses": "ses.amazonaws.com",
}
BY_ROLE = frozenset({"iot", "pipes"})
FED = frozenset({"queue", "topic", "bucket", "stream", "bus", "state machine"})
TAKES_ROLES = frozenset({"stream", "bus", "state machine"})


def client_of(hole: Hole) -> str:
    """The service that was asked in vain."""
    return hole.gap.call.partition(":")[0]


class Unseen:
    """The holes that may hide triggers, by where they lie."""

    def __init__(self, holes: Iterable[Hole], workloads: Mapping[str, Workload], grants: Iterable[Grant]) -> None:
        # Of many holes of one kind in one place the first says as much as all of them.
        self._whole: defaultdict[tuple[str, str], dict[tuple[str, str], Hole]] = defaultdict(dict)
        self._single: defaultdict[str, list[Hole]] = defaultdict(list)
        for hole in holes:
            if hole.table is Feed or hole.table in OF_TABLE:
                if hole.parent in workloads:
                    self._single[hole.parent].append(hole)
                else:
                    place = (hole.subject.account, hole.subject.region)
                    self._whole[place].setdefault((hole.table.__name__, client_of(hole)), hole)
        self._services: defaultdict[str, set[str]] = defaultdict(set)
        for row in grants:
            self._services[row.workload].update(map(service_name, services_of(row)))

    def behind(self, workload: Workload, kinds: frozenset[str] | None = None) -> Gap | None:
        """Why another trigger of one of these kinds (of any, if none are named) cannot be ruled out; None if it can."""
        return next(
            (
                hole.gap
                for hole in self._near(workload)
                if (hidden := self._hidden(hole, workload.key)) and (kinds is None or hidden & kinds)
            ),
            None,
        )

    def urls(self, workload: Workload) -> Gap | None:
        """Why the URLs of a workload are not known; None if they are."""
        return next((hole.gap for hole in self._near(workload) if hole.table is Endpoint), None)

    def before(self, source: str, kind: str, account: str, services: frozenset[str]) -> Gap | None:
        """Why something that feeds a source of this kind cannot be ruled out; `services` are those that its policy lets in."""
        if kind not in FED:
            return None
        region = source.split(":")[3] if source.count(":") > 4 else ""
        places = [
            place for place in self._whole if place[0] == account and (not region or place[1] in (region, "global"))
        ]
        for place in places:
            for hole in self._whole[place].values():
                client = client_of(hole)
                let_in = BY_POLICY.get(client) in services or (client == "events" and kind in TAKES_ROLES)
                if hole.table is Feed and (client in BY_ROLE or let_in):
                    return hole.gap
        return None

    def between(self, workload: Workload) -> Gap | None:
        """Why something that feeds what starts the workload cannot be ruled out."""
        near = (hole for hole in self._near(workload) if hole.table is Feed)
        return next((hole.gap for hole in near if client_of(hole) in (*BY_POLICY, *BY_ROLE)), None)

    def _near(self, workload: Workload) -> Iterator[Hole]:
        yield from self._single.get(workload.key, ())
        for region in (workload.subject.region, "global"):
            yield from self._whole.get((workload.subject.account, region), {}).values()

    def _hidden(self, hole: Hole, workload: str) -> frozenset[str]:
        """The kinds of triggers of the workload that the hole may hide."""
        if hole.table is not Feed:
            return OF_TABLE[hole.table]
        kinds, service = SHOWS.get(client_of(hole), (frozenset(), ""))
        return kinds if not service or service in self._services[workload] or self._unread(workload) else frozenset()

    def _unread(self, workload: str) -> bool:
        """Whether the policy of the workload itself could not be read."""
        return any(hole.table is Grant for hole in self._single.get(workload, ()))
