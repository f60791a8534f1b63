"""The APIs of a target, one value for each, whatever service they belong to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from ...capture import Capture, Captures
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...policy.document import PolicyError
from ...policy.exposure import resource_policy
from ...policy.reach import Reach
from ..records import MALFORMED, Listing, Record, listing, loose_items, loose_part, place, text
from ..tags import TagWords, tag_map

_LISTS = {"rest": "apigateway:GetRestApis", "v2": "apigatewayv2:GetApis", "graphql": "appsync:ListGraphqlApis"}


@dataclass(frozen=True)
class Api:
    """One API: where it was listed, its record, and its kind: rest, http, websocket or graphql."""

    capture: Capture
    captures: Captures
    words: TagWords
    record: Record
    kind: str
    id: str
    name: str

    @property
    def arn(self) -> str:
        """Its ARN; the key under which rows name it."""
        target, partition = self.capture.target, "aws-cn" if self.capture.target.region.startswith("cn-") else "aws"
        if self.kind == "graphql":
            return str(
                self.record.get("arn") or f"arn:{partition}:appsync:{target.region}:{target.account}:apis/{self.id}"
            )
        path = "restapis" if self.kind == "rest" else "apis"
        return f"arn:{partition}:apigateway:{target.region}::/{path}/{self.id}"

    @property
    def private(self) -> bool:
        """Whether its endpoint lies inside a network only."""
        if self.kind == "graphql":
            return self.record.get("visibility") == "PRIVATE"
        return "PRIVATE" in loose_items(loose_part(self.record, "endpointConfiguration"), "types")

    @property
    def execute_endpoint_off(self) -> bool:
        """Whether the default endpoint is switched off, so that only own domains lead here."""
        return bool(self.record.get("disableExecuteApiEndpoint") or self.record.get("DisableExecuteApiEndpoint"))

    @property
    def host(self) -> str:
        """The host name of its default endpoint."""
        if self.kind == "graphql":
            uris = loose_part(self.record, "uris")
            return urlsplit(str(uris.get("GRAPHQL", ""))).netloc
        return f"{self.id}.execute-api.{self.capture.target.region}.amazonaws.com"

    @cached_property
    def domains(self) -> Any:
        """Its own domains, each with whether it demands mutual TLS; or the gap."""
        target = self.capture.target
        found: dict[str, bool] = {}
        for names in [
            listing(each)
            for each in self.captures.expect("apigatewayv2:GetDomainNames", "aws")
            if each.target == target
        ]:
            if names.gap is not None:
                return names.gap
            for record in names.records:
                domain = str(record.get("DomainName", ""))
                mapped = listing(self.captures.about("apigatewayv2:GetApiMappings", target, DomainName=domain))
                if mapped.gap is not None:
                    return mapped.gap
                if any(each.get("ApiId") == self.id for each in mapped.records):
                    found[domain] = bool(loose_part(record, "MutualTlsAuthentication").get("TruststoreUri"))
        edge = self._edge_domains if self.kind == "rest" else {}
        return edge if isinstance(edge, Gap) else {**edge, **found}

    @property
    def _edge_domains(self) -> Any:
        """Its edge-optimised domains, which take no mutual TLS and which the newer service need not list; or the gap."""
        target = self.capture.target
        found: dict[str, bool] = {}
        for capture in self.captures.expect("apigateway:GetDomainNames", "aws"):
            names = listing(capture)
            if capture.target != target:
                continue
            if names.gap is not None:
                return names.gap
            for record in names.records:
                if "EDGE" in loose_items(loose_part(record, "endpointConfiguration"), "types"):
                    domain = record.get("domainName")
                    mapped = listing(self.captures.about("apigateway:GetBasePathMappings", target, domainName=domain))
                    if mapped.gap is not None:
                        return mapped.gap
                    if any(each.get("restApiId") == self.id for each in mapped.records):
                        found[str(domain)] = False
        return found

    @cached_property
    def public(self) -> Any:
        """Whether the internet reaches it at all; a gap if that hangs on something that could not be read."""
        if self.private or self._undeployed:
            return False
        if self.kind == "graphql" or not self.execute_endpoint_off:
            return True
        return self.domains if isinstance(self.domains, Gap) else bool(self.domains)

    @cached_property
    def _undeployed(self) -> bool:
        """Whether it certainly has no stage, so that nothing answers under its names."""
        if self.kind == "graphql":
            return False
        stages = inner(self, "apigateway:GetStages" if self.kind == "rest" else "apigatewayv2:GetStages")
        return stages.gap is None and not stages.records

    @cached_property
    def guarded(self) -> Any:
        """What lets only some callers in: a resource policy, or mutual TLS on every way in. Empty if nothing does."""
        policy = _policy(self.record) if self.kind == "rest" else ""
        if policy:
            try:
                exposures = resource_policy(policy, own_account=self.capture.target.account)
            except PolicyError as problem:
                return self.capture.unexpected(f"resource policy: {problem}")
            if not any(each.public or each.reach is Reach.UNKNOWN for each in exposures):
                return "a resource policy that names its callers"
            if not any(each.public for each in exposures):
                open_points = "; ".join(point for each in exposures for point in each.undecided)
                return self.capture.unexpected(f"whom the resource policy lets in hangs on {open_points}")
        if self.kind == "graphql" or not self.execute_endpoint_off:
            return ""
        domains = self.domains
        if isinstance(domains, Gap):
            return domains
        return f"mutual TLS on {', '.join(sorted(domains))}" if domains and all(domains.values()) else ""

    @property
    def subject(self) -> Subject:
        """The subject of findings about the whole API."""
        target = self.capture.target
        return Subject("aws", target.account, target.region, f"{self.kind}-api", self.arn, self.name)

    @property
    def setting(self) -> Setting:
        """Where it stands, for the severity."""
        public = self.public
        try:
            tags: Any = tag_map(self.record.get("tags", self.record.get("Tags")))
        except MALFORMED as problem:
            tags = self.capture.unexpected(str(problem))
        return self.words.setting(tags, None if isinstance(public, Gap) else public)


def _policy(record: Record) -> str:
    """The resource policy of a REST API; API Gateway gives it with its quotes escaped once more."""
    given = record.get("policy")
    if not isinstance(given, str) or not given.strip():
        return ""
    try:
        json.loads(given)
    except ValueError:
        try:
            return str(json.loads(f'"{given}"'))
        except ValueError:
            return given
    return given


def apis(captures: Captures, words: TagWords, *kinds: str) -> Iterator[tuple[Listing, tuple[Api, ...]]]:
    """The APIs of the services named (rest, v2, graphql), for each target."""
    for kind in kinds:
        for capture in captures.expect(_LISTS[kind], "aws"):
            found = listing(capture)
            whole = []
            for record in found.records:
                try:
                    whole.append(_api(capture, captures, words, record, kind))
                except MALFORMED as problem:
                    found = Listing(capture, found.records, capture.unexpected(f"{type(problem).__name__} {problem}"))
            yield found, tuple(whole)


def _api(capture: Capture, captures: Captures, words: TagWords, record: Record, kind: str) -> Api:
    if kind == "rest":
        return Api(
            capture, captures, words, record, "rest", text(record, "id"), text(record, "name", "") or text(record, "id")
        )
    if kind == "graphql":
        return Api(
            capture,
            captures,
            words,
            record,
            "graphql",
            text(record, "apiId"),
            text(record, "name", "") or text(record, "apiId"),
        )
    protocol = {"HTTP": "http", "WEBSOCKET": "websocket"}[text(record, "ProtocolType")]
    return Api(
        capture,
        captures,
        words,
        record,
        protocol,
        text(record, "ApiId"),
        text(record, "Name", "") or text(record, "ApiId"),
    )


def inner(api: Api, call: str, **params: object) -> Listing:
    """A listing inside an API: its resources, routes, stages."""
    member = {"rest": "restApiId"}.get(api.kind, "ApiId")
    return listing(api.captures.about(call, api.capture.target, **{member: api.id}, **params))


def holes(found: Listing, *tables: type[Row]) -> Iterator[Hole]:
    """The holes of a listing of APIs."""
    return found.holes(*tables, about=place(found.capture.target))


def rest_methods(api: Api) -> tuple[Listing, tuple[tuple[str, str, Mapping[str, Any]], ...]]:
    """Path, method and record of each method of a REST API."""
    found = inner(api, "apigateway:GetResources", embed=["methods"])
    made = [
        (str(resource.get("path", "")), str(method), record)
        for resource in found.records
        for method, record in loose_part(resource, "resourceMethods").items()
        if isinstance(record, Mapping)
    ]
    return found, tuple(sorted(made, key=lambda each: each[:2]))
