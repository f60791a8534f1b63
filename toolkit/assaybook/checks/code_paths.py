"""The code's part of an attack path: whether what a trigger sends reaches a place where it takes over the function's rights."""

from __future__ import annotations

from dataclasses import dataclass

from ..tables.flows import InjectionFlow
from ..tables.graph import AttackPath
from ..watched import Watched

# What runs code or commands has the rights of the role; so has who reads files, as the credentials of the role are in the environment of the process
# (AWS Lambda Developer Guide, "Using Lambda environment variables", AWS_SESSION_TOKEN; proc(5), /proc/self/environ).
TAKES_OVER = frozenset({"command", "code", "deserialisation", "template", "path", "xml"})
# What changes a query reaches the data that the function reaches.
READS_DATA = frozenset({"sql", "nosql"})
REQUESTS = frozenset({"url", "api", "load balancer"})
# Whoever calls the function itself writes the whole event.
ANYTHING = frozenset({"account", "service"})


@dataclass(frozen=True, slots=True)
class CodePath:
    """The worst flow that fits a path, None if there is none; `read` says that all code of the workload was read and every place followed."""

    flow: InjectionFlow | None
    read: bool


def flow_into(path: AttackPath, evidence: Watched) -> CodePath:
    """What is known of the workload's code."""
    rows, gap = evidence.seen(InjectionFlow, workloads=path.workload)
    flows = [
        each
        for each in rows
        if each.kind in TAKES_OVER | READS_DATA and each.source_kind in ("event", "request") and _fits(each, path)
    ]
    # Certain ones first, and those that take everything before those that take data; then as the evidence orders them.
    flows.sort(key=lambda each: (not each.certain, each.kind not in TAKES_OVER, each.key))
    return CodePath(
        flows[0] if flows else None, bool(rows) and gap is None and not flows and not any(each.cut for each in rows)
    )


def _fits(flow: InjectionFlow, path: AttackPath) -> bool:
    """Whether the flow can begin at this kind of trigger: a handler of requests is not started by a queue through the same lines."""
    if flow.http is None or path.kind in ANYTHING:
        return True
    return flow.http is (path.kind in REQUESTS)
