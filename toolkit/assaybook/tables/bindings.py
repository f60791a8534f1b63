"""Rows about what leads to a function: which release of it is bound, how long the caller waits, how much runs at once, whether requests are traced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Binding(Row):
    """One event source, route, rule, subscription, notification, pipe or schedule, with the release of a function that it invokes.

    `source` says in words what invokes; `via` is the key of an API where the source is one of its routes. `qualifier` is the alias or version that is named, empty
    where there is none. `exists` says whether the function, and the alias or version, exist. `waits` is the time in seconds for which a caller waits, None where none does.
    `production` is the standing of the function by its tags.
    """

    SAID: ClassVar = {"exists": "whether the target exists"}

    kind: str  # mapping, rule, subscription, notification, pipe, schedule, route
    source: str
    via: str
    workload: str  # ARN of the function without qualifier
    qualifier: str
    exists: bool
    active: bool
    waits: float | None
    production: bool | None


@dataclass(frozen=True, kw_only=True)
class TracedEntry(Row):
    """A stage of a REST API, a GraphQL API or a state machine, with whether it begins a trace. `kind` is rest, graphql or state machine."""

    kind: str
    name: str
    api: str  # key of the API, empty for a state machine
    traced: bool
    production: bool | None


@dataclass(frozen=True, kw_only=True)
class ConcurrencyBound(Row):
    """How much of a function may run at once where the public or a queue drives it.

    `kind` is url or queue. `reserved` is the concurrency that is reserved for the function (read for URLs only), `maximum` that of the mapping; None for none.
    `pool` is what all functions of the region without a reservation share, `sharers` how many functions the region has.
    """

    kind: str
    source: str
    workload: str
    public: bool
    active: bool
    reserved: int | None
    maximum: int | None
    pool: int
    sharers: int
