"""Rows about data that flows through code: from whoever sends it to where it does harm."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow: where it is, what happens there in words, and the line of code (secrets masked; empty where lines are left out)."""

    file: str
    line: int
    function: str
    said: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Flow(Row):
    """Data that reaches a place where it does harm.

    `workload` is the key of the one whose handler it enters by, empty if none is known; `package` that of its code. `kind` is what happens at the sink (command, sql, ssrf ...),
    `source_kind` whose data it is (event, request, stored, external, secret), `source` what is read in words, `resource` the store that it was read back from if one is named.
    `certain` is false where a step was not read, a guard or schema stands between or a limit cut the analysis; `why` then says which.
    """

    package: str
    workload: str
    handler: str
    guessed: bool
    kind: str
    certain: bool
    why: str
    source_kind: str
    source: str
    resource: str
    sink: str
    sink_said: str
    function: str
    steps: tuple[Step, ...]
