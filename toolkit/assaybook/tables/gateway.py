"""Rows about what an API gateway does with requests and answers before and after code runs: checks, errors, logs, variables, caches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class RequestCheck(Row):
    """What the gateway checks of the requests of one route.

    `target` says what answers: function, service (of AWS, without code of ours), http, private (a host behind a VPC link), mock or none. `schema` names the
    model with rules that the body is checked against, empty if there is none; `parameters_checked` says whether demanded parameters are. `parameters` are
    the parts of path, query and headers that the route declares.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "target": "what stands behind",
        "schema": "the model",
        "parameters_checked": "the check of parameters",
    }

    api: str
    kind: str  # rest, http, websocket, graphql
    method: str
    path: str
    target: str
    schema: str
    parameters_checked: bool
    parameters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ErrorAnswer(Row):
    """How a gateway answers one kind of error: an own answer for a response type, or that of one function integration.

    `inside` are the expressions that pass something of the inside on (an integration's error, a stack trace), `schema_hints` those that tell which rule of
    a schema the request broke. `stack_trace` says that the error object of a function, stack trace included, is passed on as it is. `production` is None
    if no tag says.
    """

    api: str
    what: str
    production: bool | None
    inside: tuple[str, ...]
    schema_hints: tuple[str, ...]
    stack_trace: bool


@dataclass(frozen=True, kw_only=True)
class StageLogging(Row):
    """What a stage of an API writes down.

    `access_log` is where its access log goes (an ARN), empty if it writes none; `format_has` are those of request id, time, address, identity, status and
    request that the format holds. `execution_level` is OFF, ERROR or INFO, `data_trace` says whether whole requests and answers are logged, `traced_routes`
    names the routes of which they are (`*` for all). `tracing` says whether requests are traced, None where the kind of API cannot. `production` is None
    if no tag says.
    """

    SAID: ClassVar[Mapping[str, str]] = {"access_log": "the access log", "format_has": "the format of the access log"}

    api: str
    api_name: str
    kind: str
    stage: str
    production: bool | None
    access_log: str
    format_has: tuple[str, ...]
    execution_level: str
    data_trace: bool
    traced_routes: tuple[str, ...]
    tracing: bool | None


@dataclass(frozen=True, kw_only=True)
class StageVariable(Row):
    """One variable of a stage, described as an environment variable is: `secret` is the detector's kind, `resource` the resource that the value names."""

    api_name: str
    stage: str
    name: str
    secret: str
    placeholder: bool
    length: int
    resource: str
    production: bool | None


@dataclass(frozen=True, kw_only=True)
class ApiCache(Row):
    """A cache of an API. `unencrypted` names the methods (`every method`) whose answers lie in it without encryption; empty if all are encrypted."""

    SAID: ClassVar[Mapping[str, str]] = {
        "active": "the cache",
        "unencrypted": "the encryption of the cache",
        "in_transit": "the encryption on the way to the cache",
    }

    name: str
    active: bool
    unencrypted: tuple[str, ...]
    in_transit: bool


@dataclass(frozen=True, kw_only=True)
class ApiAccess(Row):
    """An API and who can reach it at all. `private` is an endpoint inside a network, `guarded` what lets only some callers in, empty if nothing does."""

    name: str
    id: str
    kind: str
    private: bool
    public: bool
    guarded: str


@dataclass(frozen=True, kw_only=True)
class GraphLimits(Row):
    """How much one query of a GraphQL API may ask for: levels of nesting and resolvers that run, 0 for no limit.

    `anonymous` says whether a key alone, which identifies no caller, opens part of the API.
    """

    name: str
    public: bool
    anonymous: bool
    depth: int
    resolvers: int


@dataclass(frozen=True, kw_only=True)
class EdgeLog(Row):
    """Whether something between callers and functions logs: a GraphQL API, a distribution, a web ACL, a load balancer, a state machine.

    `writes` says what it logs and where, empty if it logs nothing; `lacks` what it should log besides, empty if nothing.
    """

    SAID: ClassVar[Mapping[str, str]] = {"writes": "the log", "lacks": "the log"}

    kind: str
    name: str
    writes: str
    lacks: str
