"""The terms in which languages and libraries are described for the analysis of flows.

A callee is named by the full dotted name that it resolves to: `subprocess.run`, `child_process.exec`, `boto3.client(dynamodb).execute_statement`; a `*` as a
whole part stands for any one part (`*.execute`, a method of anything), and such a loose name gives no certain flow unless `when_imported` confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass

# The kinds of sinks: what untrusted data does there.
COMMAND, CODE, SQL, NOSQL, DESERIALISATION, TEMPLATE = "command", "code", "sql", "nosql", "deserialisation", "template"
PATH, SSRF, XML, REGEX, REDIRECT, HEADER, LOG = "path", "ssrf", "xml", "regex", "redirect", "header", "log"
SINK_KINDS = (COMMAND, CODE, SQL, NOSQL, DESERIALISATION, TEMPLATE, PATH, SSRF, XML, REGEX, REDIRECT, HEADER, LOG)
# The kinds of sources: whose data it is.
EVENT, REQUEST, STORED, EXTERNAL = "event", "request", "stored", "external"


@dataclass(frozen=True, slots=True)
class Sink:
    """A call that does harm with untrusted data.

    `positions` are the arguments (from 0) that do, `keywords` the named ones; of an argument that is a record only `keys` count (dotted paths), if given.
    `only_if` names a keyword and the constant it must have for harm (`shell`, True); `unless` one that makes it harmless; for JavaScript they are keys of an
    options object among the arguments. `built` says that only a text put together counts, as the call takes values apart from it (SQL with parameters).
    `when_imported` lists modules of which one must be imported in the package for a loose name to count for certain. `said` is the sentence part that says what happens
    (`runs it as a shell command`).
    """

    kind: str
    callee: str
    positions: tuple[int, ...] = (0,)
    keywords: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    only_if: tuple[str, object] | None = None
    unless: tuple[str, object] | None = None
    built: bool = False
    when_imported: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What gives untrusted data: a call, or an attribute that is read (`flask.request.args`). `kind` is one of the kinds of sources."""

    kind: str
    name: str
    called: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Cleaner:
    """A call after which data is harmless: for the sink kinds in `for_kinds`, or for all where that is empty. The result is clean; with `in_place` the arguments are too."""

    callee: str
    for_kinds: tuple[str, ...] = ()
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Validator:
    """A check against a schema: a call, a decorator or a class that is built on. `library` is how people call it (pydantic, zod).

    `returns` says that what it gives is validated; else its arguments are, once it did not raise.
    """

    library: str
    name: str
    form: str = "call"  # call, decorator or base
    returns: bool = True


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is known of a language and its libraries. `passing` are calls whose result is as untrusted as their arguments (`json.loads`, `str.format`)."""

    sinks: tuple[Sink, ...]
    sources: tuple[Source, ...]
    cleaners: tuple[Cleaner, ...]
    validators: tuple[Validator, ...]
    passing: tuple[str, ...] = ()
