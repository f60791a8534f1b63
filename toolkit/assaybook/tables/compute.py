"""Rows about code that runs: workloads, their releases, variables and layers, and the ways in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Workload(Row):
    """A Lambda function, Function App or Cloud Run service (its unpublished state, `$LATEST` on AWS).

    `role` is the key of its Role (an ARN on AWS), empty if it has none. `critical` is None if no tag says so.
    `asynchronous` says whether something can invoke it without waiting for the answer.
    `templated` says whether a tag names the stack or template that it comes from.
    """

    name: str
    package: str  # zip or image
    runtime: str  # empty for images
    role: str
    tags: Mapping[str, str]
    critical: bool
    production: bool | None
    sensitive: bool
    reserved_concurrency: int | None
    tracing: bool
    network: bool  # attached to a network of ours
    log_group: str
    templated: bool = False


@dataclass(frozen=True, kw_only=True)
class EnvironmentVariable(Row):
    """One environment variable of a workload. Its value was judged and dropped when it was recorded.

    `secret` is the detector's kind (`aws-access-key-id`, `password` ...), empty if it found none; `placeholder` marks
    values such as `changeme`; `length` counts characters; `resource` is the value if it names a collected resource;
    `clear` is the value where it could be kept in clear (switches of a runtime, harmless words), else empty.
    """

    workload: str  # key of the Workload
    name: str
    secret: str
    placeholder: bool
    length: int
    fingerprint: str
    resource: str
    clear: str = ""


@dataclass(frozen=True, kw_only=True)
class Release(Row):
    """A version of a workload that is in use: the unpublished one, and each that an alias points to."""

    workload: str
    version: str
    aliases: tuple[str, ...]
    package: str
    runtime: str


@dataclass(frozen=True, kw_only=True)
class LayerUse(Row):
    """A layer version that a release uses. `owner` is the account in its ARN.

    `refused` says that another account, which owns the layer, does not let it be read; that is its right and shows nothing.
    """

    workload: str
    version: str
    layer: str
    owner: str
    own: bool
    exists: bool
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Endpoint(Row):
    """A way in of the workload's own, such as a function URL. `auth` is none, iam, key or platform."""

    workload: str
    url: str
    public: bool
    auth: str
    cors_origins: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Route(Row):
    """One method and path of an API, or one authentication mode of a GraphQL API.

    `auth` is none, key, iam, cognito, jwt, custom or mixed; `kind` is rest, http, websocket or graphql.
    `public` says whether the internet reaches it; `guarded` names a resource policy or mutual TLS that lets only some callers in, empty if none.
    """

    api: str
    api_name: str
    kind: str
    method: str
    path: str
    auth: str
    public: bool
    guarded: str
    workload: str  # key of the Workload that it runs, empty if it runs none


@dataclass(frozen=True, kw_only=True)
class ApiStage(Row):
    """A deployed stage of an API; a GraphQL API, which has none, is one row with an empty `stage`.

    `rate` is the lowest explicit throttle in requests a second, None if none was set below the account's default; `unthrottled` names the routes that no
    explicit throttle covers; `usage_plan` names a usage plan with a throttle, empty if there is none. `web_acl` names the web ACL in front (empty if none),
    `web_acl_acts` whether a rule of it does more than count, `web_acl_rate_rule` whether one that does limits rates.
    """

    api: str
    api_name: str
    kind: str
    stage: str
    public: bool
    rate: float | None
    usage_plan: str
    unthrottled: tuple[str, ...]
    web_acl: str
    web_acl_acts: bool
    web_acl_rate_rule: bool


@dataclass(frozen=True, kw_only=True)
class WebEntry(Row):
    """A public HTTP way in, with what filters it.

    `attachable` says whether a web ACL can be attached directly; where it cannot, `front` names the distribution before it and `origin_locked`
    whether the entry can be reached only through that. `firewall` is acts, counts_only or none (of the entry or of its front).
    """

    kind: str
    url: str
    attachable: bool
    firewall: str
    front: str
    origin_locked: bool


@dataclass(frozen=True, kw_only=True)
class Delivery(Row):
    """A path by which events reach a workload without a caller who waits.

    `path` is asynchronous, queue, stream, rule, subscription, schedule, pipe or broker; `source` is what sends, in words or as an ARN; `failure_destination` says where failed
    events go, empty if they are lost. `retries_bounded` is false for a stream whose bad record is tried until it expires.
    `active` is false while the mapping or rule is switched off.
    """

    workload: str
    path: str
    source: str
    failure_destination: str
    retries_bounded: bool
    active: bool = True
