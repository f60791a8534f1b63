"""Rows about where personal data may be: schemas of messages, logs of sensitive workloads, and the search through buckets."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class MessageSchema(Row):
    """The fields that a message or an answer between functions has, by the names in its schema. Payloads are never read."""

    kind: str  # event schema, GraphQL type
    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LogMask(Row):
    """A log group and what masks personal data in it: `policy` names its own or the account's data protection policy, empty if there is none."""

    name: str
    policy: str
    sensitive: bool  # by its own tags


@dataclass(frozen=True, kw_only=True)
class DataDiscovery(Row):
    """The search for sensitive data in the buckets of one region. `buckets` are those that lie there, `searched` those that a running search covers.

    `enabled` says whether the provider's search is on, `automated` whether it samples all buckets by itself, `jobs` names the jobs that return regularly,
    `by_criteria` those of them that choose their buckets by criteria.
    """

    region: str
    enabled: bool
    automated: bool
    jobs: tuple[str, ...]
    by_criteria: tuple[str, ...]
    buckets: tuple[str, ...]
    searched: tuple[str, ...]
