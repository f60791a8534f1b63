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
    """Data that reaches a place where it does harm; one row without a kind for a package that was read whole and in which no such flow is known.

    `workload` is the key of the one whose handler it enters by, empty if none or several are known; `package` that of its code. `kind` is what happens at the sink (command, sql, ssrf ...),
    `source_kind` whose data it is (event, request, stored, external, secret), `source` what is read, in words, `resource` the store that it was read back from if one is named.
    `http` says whether the way in is an HTTP request, None if nothing tells; `guessed` that no configuration names it. `certain` is false where a step was not read, a guard or
    schema stands between, or a limit cut the analysis; `why` then says which. `functions` counts those that were read, `cut` the places at which a limit ended the search.
    """

    package: str
    workload: str
    workloads: tuple[str, ...]
    handler: str
    guessed: bool
    http: bool | None
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
    functions: int
    cut: int


@dataclass(frozen=True, kw_only=True)
class InjectionFlow(Flow):
    """Untrusted data that something runs, parses or takes for a path: command, code, sql, nosql, deserialisation, template, path, xml, regex, redirect, header or xss."""


@dataclass(frozen=True, kw_only=True)
class RequestFlow(Flow):
    """Untrusted data that decides where a request goes (ssrf)."""


@dataclass(frozen=True, kw_only=True)
class LogFlow(Flow):
    """Events or secrets that are written to a log. `masked` names the data protection policy of that log, empty if none is known."""

    masked: str = ""


@dataclass(frozen=True, kw_only=True)
class DisclosureFlow(Flow):
    """Secrets that a handler answers with."""


@dataclass(frozen=True, kw_only=True)
class ExternalFlow(Flow):
    """What an external API answers, on its way to a place where it does harm."""


@dataclass(frozen=True, kw_only=True)
class EntryInput(Row):
    """What a handler does with its event before it uses it.

    `reads` are the parts of the event that it reads; `validated` names the libraries that check it against a schema, `whole` says that one of them checks all of it. `http` says
    whether the event is an HTTP request, None if nothing tells. `unquoted` says of a key of S3 that it is decoded first, None where no key is read.
    """

    package: str
    workload: str
    handler: str
    guessed: bool
    function: str
    http: bool | None
    reads: tuple[str, ...]
    validated: tuple[str, ...]
    whole: bool
    unquoted: bool | None
