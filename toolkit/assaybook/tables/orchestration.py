"""Rows about state machines, and about what is in transit between functions through them and through queues."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class StateMachine(Row):
    """A state machine. `secrets` are the kinds of secret that the recorder masked in its definition."""

    name: str
    kind: str  # standard or express
    secrets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Passage(Row):
    """Where state lies on its way from one function to the next: a state machine or a queue.

    `logs_data` says whether input and output of executions go into its log; `encrypted` whether what waits in it is encrypted.
    """

    kind: str  # state machine, queue
    name: str
    sensitive: bool
    logs_data: bool
    encrypted: bool


@dataclass(frozen=True, kw_only=True)
class Subscription(Row):
    """Who gets what a topic is told: `protocol` as SNS names it, `host` of an HTTP endpoint (empty for other protocols)."""

    topic: str
    protocol: str
    host: str
