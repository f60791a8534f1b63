"""Rows about who is told: where alarms lead, what watches for security events, what notices runaway cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class AlarmTarget(Row):
    """One action of an alarm. `kind` is topic, scaling (of capacity or machines) or other (a function, an incident manager).

    `confirmed` counts the subscriptions of a topic that were confirmed, `pending` those that still await it; both are 0 for anything else.
    `exists` is false for a topic that is gone.
    """

    SAID: ClassVar[Mapping[str, str]] = {"confirmed": "subscriptions to a topic"}

    alarm: str  # key of the Alarm
    kind: str
    target: str
    exists: bool
    confirmed: int
    pending: int


@dataclass(frozen=True, kw_only=True)
class EventWatch(Row):
    """Something that looks for the events of one region and tells somebody: a rule of an event bus, or a filter over the log of a trail with its alarms.

    `kind` is rule or filter, `pattern` what it looks for in the provider's own language. `told` names what it tells: targets of the rule, or alarms
    on the filter's metric that act. A filter over the log of a trail of several regions is a row in each of them.
    """

    SAID: ClassVar[Mapping[str, str]] = {"told": "whom it tells"}

    kind: str
    name: str
    pattern: str
    enabled: bool
    told: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SecurityEvent(Row):
    """A kind of security event in one region of an account, for which something should watch. `event` is one of `SECURITY_EVENTS`."""

    account: str
    region: str
    event: str


# Kinds of security events in words. Those of services without regions come past in one region only.
# Source: AWS CloudTrail User Guide, "Global service events"; CIS AWS Foundations Benchmark 3.0, section 4.
SECURITY_EVENTS: Mapping[str, str] = {
    "function-change": "changes of code, configuration and policies of functions",
    "identity-change": "changes of identities and their policies",
    "trail-change": "stopping and changing of the audit trail",
    "key-loss": "disabling and deletion of keys",
    "root-sign-in": "use of the root user",
    "bucket-policy-change": "changes of bucket policies",
    "recorder-stop": "stopping of the configuration recorder",
}
GLOBAL_EVENTS = frozenset({"identity-change", "root-sign-in"})


@dataclass(frozen=True, kw_only=True)
class CostAlarm(Row):
    """Something that looks at the bill of an account. `kind` is budget or cost anomaly monitor; `told` says whether it tells anybody."""

    account: str
    kind: str
    name: str
    told: bool
