"""Rows of the estate as a graph: what feeds what, what starts a workload, what its role reaches, and the paths that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..evidence import Row

# How far the senders of events can be trusted; the least trusted last.
OWN_ACCOUNT = "own_account"
ORGANISATION = "organisation"
INTERNET_AUTHENTICATED = "internet_authenticated"
OTHER_ACCOUNT = "other_account"
INTERNET_ANONYMOUS = "internet_anonymous"
TRUSTS = (OWN_ACCOUNT, ORGANISATION, INTERNET_AUTHENTICATED, OTHER_ACCOUNT, INTERNET_ANONYMOUS)


@dataclass(frozen=True, kw_only=True)
class Feed(Row):
    """One thing that hands its events to another: a bucket to a function, a topic to a queue, a rule to a state machine.

    `source` and `target` are ARNs without qualifier; `release` is the alias or version that is named. `filters` says in words which events pass.
    `origin` is one of TRUSTS where the kind of the source decides who can send, `unknown` where nothing in the cloud tells, empty where the policy of the
    source does; `because` says why.
    `own_events_only` says whether the filter lets only events of the own account, or of AWS itself, pass.
    """

    kind: str  # bucket, topic, queue, stream, table, broker, bus, schedule, pipe, state machine, device rule, mail, resolver, authorizer, sign-in
    source: str
    source_name: str
    target: str
    release: str = ""
    filters: tuple[str, ...] = ()
    active: bool = True
    origin: str = ""
    because: str = ""
    own_events_only: bool = False


@dataclass(frozen=True, kw_only=True)
class SourcePolicy(Row):
    """Who may send to a source of events that is no store: an event bus or a stream. `policy` is its policy as JSON text, empty if it has none."""

    kind: str  # bus, stream
    name: str
    policy: str


@dataclass(frozen=True, kw_only=True)
class Trigger(Row):
    """One source that starts one workload: an edge of the graph, of whatever kind.

    `trust` is one of TRUSTS, of the least trusted who can send events through `source`; `because` says why. `direct` says whether the sender's own call
    runs the workload, and not something that keeps or passes events in between. `senders` names accounts that are not the own one. `declared` is what the
    organisation says of a source whose events it trusts, empty if it says nothing.
    """

    SAID: ClassVar[Mapping[str, str]] = {"trust": "who can send events", "because": "who can send events"}

    workload: str
    kind: str
    source: str
    source_name: str
    trust: str
    because: str
    direct: bool
    senders: tuple[str, ...]
    filters: tuple[str, ...]
    active: bool
    declared: str = ""


@dataclass(frozen=True, kw_only=True)
class Reach(Row):
    """What a workload's role may do that matters to an attacker.

    `power` says in a sentence part how it is, or becomes, an administrator, empty if neither; `power_if` the same where it hangs on conditions.
    `stores` counts the collected stores and secrets that it may read or write, `sensitive` those that are secrets or tagged sensitive (or whose tags are
    not known); `sensitive_named` names the first of these with the statement that gives them, `stores_said` says in words what it reaches.
    `by_wildcard` says whether sensitive ones are reached by a pattern that fits every name of their kind.
    """

    SAID: ClassVar[Mapping[str, str]] = {"power": "what the role may do", "sensitive": "which data the role reaches"}

    name: str
    workloads: tuple[str, ...]
    power: str
    power_if: str
    stores: int
    stores_said: tuple[str, ...]
    sensitive: int
    sensitive_named: tuple[str, ...]
    by_wildcard: bool


@dataclass(frozen=True, kw_only=True)
class AttackPath(Row):
    """All triggers of one kind that start a workload, with what its role reaches. A workload that nothing starts has one row of kind `none`.

    `trust` is that of the least trusted trigger that is not declared as trusted, `entries` names the triggers of that trust (the first few of `entry_count`); the other fields are those
    of `Trigger` and `Reach`.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "trust": "the trust in the callers",
        "because": "the trust in the callers",
        "power": "what its role may do",
        "power_if": "what its role may do",
        "sensitive": "which data its role reaches",
    }

    workload: str
    kind: str
    entries: tuple[str, ...]
    entry_count: int
    trust: str
    because: str
    direct: bool
    senders: tuple[str, ...]
    role: str
    power: str
    power_if: str
    sensitive: int
    sensitive_named: tuple[str, ...]
    by_wildcard: bool


@dataclass(frozen=True, kw_only=True)
class BlastRadius(Row):
    """What one workload puts at stake: how exposed it is, and how many stores its role reaches. `exposure` is one of TRUSTS, or `unknown`."""

    SAID: ClassVar[Mapping[str, str]] = {"stores": "what its role reaches", "sensitive": "which data its role reaches"}

    workload: str
    exposure: str
    role: str
    power: str
    stores: int
    stores_said: tuple[str, ...]
    sensitive: int
    sensitive_named: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Loop(Row):
    """Whether a workload can start itself through what triggers it, alone or by way of other workloads.

    `starters` names the stores and topics that start it; `proven` says through which of them every event that it writes starts it again, `possible`
    through which that may happen, each with the statement of its role that lets it write there.
    `around` tells in words the loop through other workloads that it is one of, empty if there is none; `around_proven` says whether every event of that loop
    goes on to the next workload, and `told_at` names the workload under which the loop is reported, empty if that is this one.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "proven": "where its role may write",
        "possible": "where its role may write",
        "around": "where the roles of others may write",
    }

    workload: str
    starters: tuple[str, ...]
    proven: tuple[str, ...]
    possible: tuple[str, ...]
    around: str
    around_proven: bool
    told_at: str
