"""Distributions of CloudFront that stand before other web entries, and whether those can be reached past them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Gap
from ..records import Listing, Record, listing, loose_items, loose_part
from .apis import Api
from .firewalls import NO_FIREWALL, by_arn


@dataclass(frozen=True, slots=True)
class Front:
    """A distribution before a host. `marked` says whether it adds a header of its own, by which the host can tell its requests."""

    name: str
    acl: str
    marked: bool


@dataclass(frozen=True)
class Fronts:
    """The distributions of an account that are switched on, by the host names of their origins."""

    found: Listing
    by_origin: Mapping[str, Front]
    captures: Captures

    def before(self, *hosts: str) -> Front | Gap | None:
        """The distribution before one of these hosts; None if there is certainly none."""
        front = next((self.by_origin[host] for host in hosts if host in self.by_origin), None)
        return front if front is not None else self.found.gap

    def firewall(self, front: Front) -> Any:
        """The web ACL of a distribution, or the gap."""
        return by_arn(self.captures, self.found.capture.target, front.acl)


@dataclass(frozen=True, slots=True)
class Way:
    """What stands before an entry to which no web ACL can be attached: its front (empty if none), the front's web ACL, whether it is the only way in."""

    front: Any
    acl: Any
    locked: Any


def fronts_of(captures: Captures) -> dict[str, Fronts]:
    """The distributions of each account."""
    return {
        capture.target.account: _fronts(captures, capture)
        for capture in captures.expect("cloudfront:ListDistributions", "aws", scope=GLOBAL)
    }


def _fronts(captures: Captures, capture: Capture) -> Fronts:
    found = listing(capture)
    origins: dict[str, Front] = {}
    for record in found.records:
        if record.get("Enabled") is not False:
            for host, front in _origins(record):
                origins.setdefault(host, front)
    return Fronts(found, origins, captures)


def _origins(record: Record) -> Iterator[tuple[str, Front]]:
    for origin in loose_items(loose_part(record, "Origins"), "Items"):
        if isinstance(origin, Mapping):
            marked = bool(loose_items(loose_part(origin, "CustomHeaders"), "Items"))
            name = str(record.get("DomainName") or record.get("Id") or "a distribution")
            yield str(origin.get("DomainName", "")), Front(name, str(record.get("WebACLId") or ""), marked)


def way_to(front: Front | Gap | None, fronts: Fronts | None, locked: bool) -> Way:
    """The way to an entry; `locked` says whether the entry refuses whoever does not come through the front."""
    if isinstance(front, Gap):
        return Way(front, front, front)
    if front is None or fronts is None:
        return Way("", NO_FIREWALL, False)
    return Way(front.name, fronts.firewall(front), locked)


def way_to_api(api: Api, fronts: Fronts | None) -> Way:
    """The way to an HTTP API: locked if its default endpoint is off and the front marks its requests."""
    domains = api.domains
    if isinstance(domains, Gap) and api.execute_endpoint_off:
        return Way(domains, domains, domains)
    hosts = (api.host, *(() if isinstance(domains, Gap) else sorted(domains)))
    front = fronts.before(*hosts) if fronts else None
    return way_to(front, fronts, isinstance(front, Front) and front.marked and api.execute_endpoint_off)
