"""The page on other tools' checks: what at least three of them ask, and which check of ours asks it, or why none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import groupby

from ..strict_yaml import load_yaml
from .markdown import cell, row

FILE = "peer_checks.yaml"
FEWEST = 3


class PeersError(ValueError):
    """The list of other tools' checks is not as it must be."""


@dataclass(frozen=True, slots=True)
class PeerCheck:
    """A check that at least three other tools have. `by` has the ids of each; `ours` our own, and `not_ours` why there is none."""

    service: str
    asks: str
    by: Mapping[str, tuple[str, ...]]
    ours: tuple[str, ...]
    not_ours: str


@dataclass(frozen=True, slots=True)
class Peers:
    """All such checks, with the day on which the tools' lists were read. `names` are the tools' by the keys that the file uses."""

    read: date
    renew_within_days: int
    source: str
    names: Mapping[str, str]
    checks: tuple[PeerCheck, ...]


def load_peers() -> Peers:
    """The list that comes with assaybook. Raises PeersError, or YamlError with file and line."""
    text = (files("assaybook") / "data" / FILE).read_text(encoding="utf-8")
    return parse_peers(text)


def parse_peers(text: str) -> Peers:
    """The list in a YAML text. Raises PeersError for what is unknown or missing, and for an entry that is neither ours nor explained."""
    value = load_yaml(text, f"data/{FILE}")
    keys = {"title", "read", "renew_within_days", "source", "peers", "entries"}
    if not isinstance(value, dict) or set(value) != keys:
        raise PeersError(f"{FILE} must have the keys {', '.join(sorted(keys))}")
    names = {str(key): str(name) for key, name in value["peers"].items()}
    checks = tuple(_check(entry, names) for entry in value["entries"])
    return Peers(value["read"], int(value["renew_within_days"]), " ".join(value["source"].split()), names, checks)


def _check(entry: object, names: Mapping[str, str]) -> PeerCheck:
    if not isinstance(entry, dict) or not {"service", "asks", "by", "ours"} <= set(entry):
        raise PeersError(f"an entry lacks service, asks, by or ours: {entry!r:.80}")
    said = f"the entry {entry['service']}: {entry['asks']}"
    unknown = sorted(({*entry} - {"service", "asks", "by", "ours", "not_ours"}) | ({*entry["by"]} - {*names}))
    if unknown:
        raise PeersError(f"{said} has {', '.join(unknown)}, which is unknown")
    if len(entry["by"]) < FEWEST:
        raise PeersError(f"{said} names fewer than {FEWEST} tools")
    ours, why = tuple(entry["ours"]), " ".join(str(entry.get("not_ours", "")).split())
    if bool(ours) == bool(why):
        raise PeersError(f"{said} must name checks of ours or say why there is none, and not both")
    by = {name: tuple(map(str, entry["by"][name])) for name in names if name in entry["by"]}
    return PeerCheck(str(entry["service"]), str(entry["asks"]), by, ours, why)


def peers_page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines(load_peers())) + "\n"


def _lines(peers: Peers) -> Iterator[str]:
    covered = sum(bool(each.ours) for each in peers.checks)
    yield "# What other tools check"
    yield ""
    yield f"Made from `toolkit/assaybook/data/{FILE}` by `make docs`; do not edit. Read on {peers.read.isoformat()}, to be read again within {peers.renew_within_days} days."
    yield ""
    yield f"Source: {peers.source}."
    yield ""
    yield (
        f"{len(peers.checks)} checks that at least {FEWEST} of {len(peers.names)} tools have for the services of serverless applications: {covered} are asked here too, "
        f"{len(peers.checks) - covered} are not, each for the reason given. Their words are ours; a tool without an id has the check, and its id was not read."
    )
    for service, found in groupby(peers.checks, key=lambda each: each.service):
        yield from ("", f"## {service}", "", row(("What is asked", "Who asks", "Here")), row(["---"] * 3))
        for each in found:
            yield row((cell(each.asks), cell(_who(each, peers)), _here(each)))


def _who(check: PeerCheck, peers: Peers) -> str:
    return "; ".join(f"{peers.names[name]} {', '.join(ids)}".strip() for name, ids in check.by.items())


def _here(check: PeerCheck) -> str:
    return ", ".join(f"`{each}`" for each in check.ours) or f"Not asked. {cell(check.not_ours)}"
