"""Rows about what keeps data: stores, the keys that encrypt them, and what can be opened to everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Store(Row):
    """A place that keeps data, with what encrypts it and what refuses plaintext.

    `kind` is bucket, table, queue, topic, stream, delivery stream, database, database cluster, in-memory database, file system, search domain, cache or log group.
    `encryption` says what encrypts it at rest in words, empty if nothing does; `by_service` that the service always encrypts;
    `key_id` is the id, ARN or alias of its KMS key, empty if none is named. `policy` is its resource policy as JSON text, empty if it has none.
    `transport` says what its own setting does about connections without TLS: refuses, accepts, undecided (the setting has no value
    or lies elsewhere), policy (its resource policy decides) or unasked; `transport_setting` names the setting and its value.
    `closed` says whether Block Public Access covers a bucket in all four ways; None if that is not known, as it only lowers a severity.
    """

    kind: str
    name: str
    encryption: str
    by_service: bool
    key_id: str
    policy: str
    transport: str
    transport_setting: str
    closed: bool | None
    tags: Mapping[str, str]
    production: bool | None
    sensitive: bool


@dataclass(frozen=True, kw_only=True)
class Key(Row):
    """A KMS key. `managed_by` is customer or provider; `used_by` names what was collected and is encrypted with it; `aliases` are all of its names.

    `rotatable` says whether KMS could rotate it by itself (symmetric, with material that KMS made).
    `policy` is its policy as JSON text, empty if it has none that can be asked for.
    """

    name: str
    managed_by: str
    spec: str
    origin: str
    state: str
    rotatable: bool
    rotation: bool
    policy: str
    used_by: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Share(Row):
    """Something that one setting can open to everyone: a resource policy, an access list, an attribute.

    `policy` is the resource policy as JSON text (empty if there is none), `policy_blocked_by` names what neutralises a public one, empty if
    nothing does. `provider_view` is what the provider itself says of the policy: public, not public, or empty where it says nothing.
    `access_list` names the grants of an access list to everybody, `access_list_blocked_by` what neutralises them.
    `shared_with_everybody` says whether it is shared with all accounts as a whole; `sharing_blocked_by` what neutralises that.
    `website` says whether a bucket serves a website.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "policy_blocked_by": "what may block the policy",
        "access_list_blocked_by": "what may block the access list",
        "sharing_blocked_by": "what may block the sharing",
    }

    kind: str  # bucket, access point, queue, topic, stream, table, secret, image repository, search domain, event bus, backup vault, snapshot, document
    name: str
    policy: str
    policy_blocked_by: str
    provider_view: str
    access_list: tuple[str, ...]
    access_list_blocked_by: str
    shared_with_everybody: bool
    sharing_blocked_by: str
    website: bool


@dataclass(frozen=True, kw_only=True)
class DatabaseProxy(Row):
    """A proxy between workloads and a database, which keeps no data itself; `demands_tls` says whether it refuses clients without TLS."""

    name: str
    engine: str
    demands_tls: bool


@dataclass(frozen=True, kw_only=True)
class PublicAccessBlock(Row):
    """Which ways of making a bucket public stay open: for an account as a whole, or for a bucket with what its account blocks taken in.

    `open_ways` names the switches that neither account nor bucket sets; empty if every way is blocked.
    """

    kind: str  # account, bucket
    name: str
    open_ways: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DatabaseAddress(Row):
    """Whether a database has an address in the internet; its network rules then alone keep strangers from its port."""

    kind: str  # database, database cluster
    name: str
    public: bool
