"""What starts each workload, and how far the senders can be trusted: the edges of the graph that end at a workload."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..evidence import Gap
from ..policy.exposure import Exposure
from ..policy.match import action_matches
from ..policy.reach import Reach
from ..policy.sources import service_name
from ..tables.compute import Endpoint, Route, Workload
from ..tables.graph import INTERNET_ANONYMOUS, INTERNET_AUTHENTICATED, OWN_ACCOUNT, Feed, Trigger
from ..tables.identity import Grant
from .statements import exposures
from .trust import Senders, Trust, named_accounts, of_exposure, worst

MOST_FILTERS = 8
# Kinds of sources whose call itself runs the workload, so that the caller sees what it answers or at least chooses each event.
DIRECT = frozenset({"url", "api", "resolver", "authorizer", "account", "mail", "sign-in", "service"})
# The kinds of triggers that a grant to a service is for; where such a trigger was found, the grant says nothing new.
GRANTED_FOR: Mapping[str, tuple[str, ...]] = {
    "apigateway.amazonaws.com": ("api", "authorizer"),
    "appsync.amazonaws.com": ("resolver", "authorizer"),
    "s3.amazonaws.com": ("bucket",),
    "sns.amazonaws.com": ("topic",),
    "events.amazonaws.com": ("bus", "schedule", "bucket"),
    "iot.amazonaws.com": ("device rule",),
    "ses.amazonaws.com": ("mail",),
}
# Services through which people who are not known start a function. Source: AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services".
PASSES_ON: Mapping[str, tuple[str, str]] = {
    "cognito-idp.amazonaws.com": ("sign-in", "whoever signs up or signs in to the user pool hands over what it gets"),
    "cloudfront.amazonaws.com": ("url", "the distribution signs and passes on the requests of whoever calls it"),
    "elasticloadbalancing.amazonaws.com": (
        "load balancer",
        "the load balancer passes on the requests of whoever reaches it",
    ),
    "alexa-appkit.amazon.com": ("service", "whoever uses the skill speaks to it"),
    "lex.amazonaws.com": ("service", "whoever uses the bot writes to it"),
    "lexv2.amazonaws.com": ("service", "whoever uses the bot writes to it"),
    "connect.amazonaws.com": ("service", "whoever calls the contact centre speaks to it"),
}
ASKS: Mapping[str, str] = {
    "key": "callers need an API key, which says little about who they are",
    "iam": "callers sign their requests with credentials of AWS",
    "cognito": "callers bring a token of the user pool",
    "jwt": "callers bring a token",
    "custom": "an authorizer of its own decides who calls",
    "mixed": "callers prove who they are in one of several ways",
    "platform": "the platform asks callers who they are",
}


@dataclass
class _Edge:
    """All that was found about one source that starts one workload."""

    workload: Workload
    kind: str
    source: str
    name: str
    trusts: list[Trust] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    release: str = ""
    active: bool = False


class Edges:
    """The edges to workloads by workload, kind and source."""

    def __init__(
        self, workloads: Mapping[str, Workload], organisations: Mapping[str, str], declared: Mapping[str, str]
    ) -> None:
        self.workloads = workloads
        self._declared = declared
        self.organisations = organisations
        self._found: dict[tuple[str, str, str], _Edge] = {}
        self._kinds: dict[str, set[str]] = {}

    def add(
        self,
        workload: str,
        kind: str,
        source: str,
        name: str,
        trust: Trust,
        sources: Sequence[str],
        *,
        filters: Iterable[str] = (),
        release: str = "",
        active: bool = True,
    ) -> None:
        """Note one more way of a source to a workload; a workload that was not collected has no edges."""
        held = self.workloads.get(workload)
        if held is None:
            return
        edge = self._found.setdefault((workload, kind, source), _Edge(held, kind, source, name, release=release))
        edge.trusts.append(trust)
        edge.filters += filters
        edge.sources += sources
        edge.active = edge.active or active
        self._kinds.setdefault(workload, set()).add(kind)

    def kinds(self, workload: str) -> set[str]:
        """The kinds of triggers of a workload so far."""
        return self._kinds.get(workload, set())

    def rows(self) -> Iterator[Trigger]:
        """The edges as rows, by workload, kind and source."""
        for (workload, kind, source), edge in sorted(self._found.items(), key=lambda each: each[0]):
            trust = worst(edge.trusts)
            gap: Any = trust.word if isinstance(trust.word, Gap) else None
            filters = list(dict.fromkeys(edge.filters))
            shown = filters[:MOST_FILTERS] + (
                [f"{len(filters) - MOST_FILTERS} more"] if len(filters) > MOST_FILTERS else []
            )
            yield Trigger(
                key=f"{workload}|{kind}|{source}",
                subject=replace(edge.workload.subject, release=edge.release),
                sources=tuple(dict.fromkeys((*edge.workload.sources, *edge.sources))),
                setting=edge.workload.setting,
                workload=workload,
                kind=kind,
                source=source,
                source_name=edge.name,
                trust=trust.word,
                because=trust.because if gap is None else gap,
                direct=kind in DIRECT,
                senders=trust.senders,
                filters=tuple(shown),
                active=edge.active,
                declared=self._said_of(edge, trust),
            )

    def _said_of(self, edge: _Edge, trust: Trust) -> str:
        """What the organisation says of a source that it trusts: by its ARN or URL, by its name, or of every other account that can send."""
        for name in (edge.source, edge.name):
            if name in self._declared:
                return self._declared[name]
        named = [self._declared.get(each, "") for each in trust.senders]
        return "; ".join(dict.fromkeys(named)) if named and all(named) else ""


def add_endpoints(edges: Edges, endpoints: Iterable[Endpoint]) -> None:
    """URLs of workloads."""
    for row in endpoints:
        if isinstance(row.auth, Gap) or isinstance(row.public, Gap):
            gap = row.auth if isinstance(row.auth, Gap) else row.public
            trust = Trust(gap, "whether it asks who calls could not be read")
        elif not row.public:
            trust = Trust(OWN_ACCOUNT, "only the own network reaches it")
        elif row.auth == "none":
            trust = Trust(INTERNET_ANONYMOUS, "it asks nobody who they are")
        else:
            trust = Trust(INTERNET_AUTHENTICATED, ASKS.get(row.auth, f"callers are identified by {row.auth}"))
        edges.add(row.workload, "url", row.url, f"URL {row.url}", trust, row.sources, release=row.subject.release)


def add_routes(edges: Edges, routes: Sequence[Route]) -> Mapping[str, Trust]:
    """Routes of APIs; gives the trust in the callers of each GraphQL API, whose fields start workloads by resolvers."""
    opened = {row.api: row for row in routes if row.kind == "websocket" and row.method == "$connect"}
    graphs: dict[str, list[Trust]] = {}
    for row in routes:
        # Who may open a connection is asked once; what is sent over it later is not asked again.
        asked = opened.get(row.api, row) if row.kind == "websocket" else row
        trust = of_route(asked)
        if row.kind == "graphql":
            graphs.setdefault(row.api, []).append(trust)
        if isinstance(row.workload, str) and row.workload:
            said = f"{row.method} {row.path}".strip()
            edges.add(row.workload, "api", row.api, f"API {row.api_name}", trust, row.sources, filters=(said,))
    return {api: worst(found) for api, found in graphs.items()}


def of_route(row: Route) -> Trust:
    """How far the callers of a route can be trusted."""
    for value in (row.auth, row.public, row.guarded):
        if isinstance(value, Gap) and not (value is not row.auth and row.auth not in ("none",)):
            return Trust(value, "who may call it could not be read")
    if row.public is False:
        return Trust(OWN_ACCOUNT, "only the own network reaches it")
    if row.auth == "none":
        if row.guarded:
            return Trust(INTERNET_AUTHENTICATED, f"{row.guarded} lets only some callers in")
        return Trust(INTERNET_ANONYMOUS, "it asks nobody who they are")
    return Trust(INTERNET_AUTHENTICATED, ASKS.get(row.auth, f"callers are identified by {row.auth}"))


def add_feeds(edges: Edges, feeds: Iterable[Feed], senders: Senders, graphs: Mapping[str, Trust]) -> None:
    """Buckets, topics, queues, rules and the like."""
    for row in feeds:
        if row.target in edges.workloads:
            unlisted = Trust(OWN_ACCOUNT, "no way into the API is known")
            trust = graphs.get(row.source, unlisted) if row.kind == "resolver" else senders.through(row)
            edges.add(
                row.target,
                row.kind,
                row.source,
                row.source_name,
                trust,
                row.sources,
                filters=row.filters,
                release=row.release,
                active=row.active,
            )


def add_grants(edges: Edges, grants: Iterable[Grant], unread: Callable[[Workload], Gap | None]) -> None:
    """What resource policies allow and no trigger explains: other accounts, and services that strangers can send.

    `unread` says why the URLs of a workload are not known, if they are not.
    """
    for row in grants:
        if not row.workload or row.workload not in edges.workloads or row.resource_kind == "layer":
            continue
        for exposure in exposures(row.policy, row.own_account, edges.organisations.get(row.own_account) or None):
            if exposure.index == row.statement and any(_invokes(each) for each in exposure.exposure.actions):
                _add_grant(edges, row, exposure.exposure, unread(edges.workloads[row.workload]))


def _add_grant(edges: Edges, row: Grant, found: Exposure, unread: Gap | None) -> None:
    release = row.subject.release
    trust = of_exposure(found, f"invoke {row.subject}")
    label = row.sid or f"statement {row.statement + 1}"
    if (found.services and found.reach is Reach.SERVICE) or found.confused_deputy:
        for service in found.services or ("a service",):
            name = service_name(service)
            if found.confused_deputy:
                edges.add(
                    row.workload,
                    "service",
                    f"{row.resource}#{label}",
                    f"{name.partition('.')[0]} for anybody",
                    trust,
                    row.sources,
                    release=release,
                )
            elif name in PASSES_ON and PASSES_ON[name][0] not in edges.kinds(row.workload) - {"url"}:
                kind, because = PASSES_ON[name]
                passed = Trust(INTERNET_ANONYMOUS, because)
                edges.add(
                    row.workload,
                    kind,
                    f"{row.resource}#{label}",
                    f"{kind} through {name.partition('.')[0]}",
                    passed,
                    row.sources,
                    release=release,
                )
            elif name not in GRANTED_FOR and name not in PASSES_ON:
                bound = Trust(OWN_ACCOUNT, f"{name} may invoke it for the own account")
                edges.add(
                    row.workload,
                    "service",
                    f"{row.resource}#{label}",
                    f"{name.partition('.')[0]}",
                    bound,
                    row.sources,
                    release=release,
                )
        return
    by_url = all(action_matches(each, "lambda:InvokeFunctionUrl") and not _plain(each) for each in found.actions)
    kind = "account"
    if found.reach in (Reach.NOBODY, Reach.OWN_ACCOUNT):
        return
    if by_url and "url" in edges.kinds(row.workload):
        if found.public:
            return
    elif by_url:
        # Without a URL such a statement opens nothing, but whether there is one has to be known.
        if unread is None:
            return
        kind = "url"
    who = (
        named_accounts(found.accounts)
        if found.accounts
        else "anyone"
        if found.reach is Reach.ANYONE
        else "the organisation"
    )
    if found.reach is Reach.UNKNOWN:
        who = f"callers of {label}"
    edges.add(row.workload, kind, f"{row.resource}#{label}", who, trust, row.sources, release=release)


def _plain(action: str) -> bool:
    return action_matches(action, "lambda:InvokeFunction")


def _invokes(action: str) -> bool:
    return action.startswith("all but ") or any(
        action_matches(action, each) for each in ("lambda:InvokeFunction", "lambda:InvokeFunctionUrl")
    )
