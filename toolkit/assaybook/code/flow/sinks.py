"""Whether what a call is given does harm there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .. import ir
from ..knowledge.terms import (
    CODE,
    COMMAND,
    DESERIALISATION,
    EVENT,
    EXTERNAL,
    LOG,
    NOSQL,
    PATH,
    REDIRECT,
    REQUEST,
    RESPONSE,
    SECRET,
    SQL,
    SSRF,
    STORED,
    TEMPLATE,
    XSS,
    Sink,
)
from ..secrets import is_secret_name
from .data import ENVIRONMENT, part_of
from .guards import is_loose_host
from .machine import Machine
from .objects import Arguments, Frame, Site
from .taint import Taint, filter_taints
from .values import LOOSE, UNSET, Value, deep, is_tainted

# Data within these is what is read, not where it is read from.
_IN_MEMORY = frozenset({"io.BytesIO", "io.StringIO"})
_LOOKS_LIKE_SQL = re.compile(
    r"(?i)\b(?:select\b.*\bfrom|insert\s+into|update\b.+\bset|delete\s+from|create\s+table|drop\s+table|merge\s+into|where)\b",
    re.DOTALL,
)
_SHELL = re.compile(r"(?:^|/)(?:sh|bash|dash|zsh|ksh|cmd|cmd\.exe|powershell|pwsh|python[\d.]*|node|perl|ruby)$")
_SHELL_SWITCH = re.compile(r"^(?:-\w*c|/[cC]|-e|--eval|-Command)$")
# What queries are made on, by how people name it; `find` and `query` are methods of much else.
_STORE = re.compile(
    r"(?:(?i:db|database|conn|connection|pool|client|sql|pg|postgres|knex|sequelize|orm|repo|repository|manager|data_?source|query_?runner|query_?builder|"
    r"transaction|cursor|rds|dao|prisma|collection|coll|model|mongo|container|items|request)|(?:^|\.)(?:ds|qb|trx|tx|cur|em|[A-Z][a-z]\w*))$"
)
# What a store or another service gives does the same harm where it is run, and less where it only names something.
_RUN = frozenset((COMMAND, CODE, SQL, DESERIALISATION, TEMPLATE, XSS))
_FROM_STORE = _RUN | {PATH, SSRF}
# What may hold personal data as a whole: whether it does has to be read.
_BODY = re.compile(r"(?:event|request)\.body$|event\.request\.userAttributes$")
_WHOLE = re.compile(r"(?:event|request)(?:\.(?:multiValueHeaders|headers|cookies))?$|event\.params\.header$")
_SENSITIVE = re.compile(
    r"(?i)^(?:authorization|cookie|cookies|set-cookie|x-api-key|ssn|social_?security(?:_?number)?|card_?number|credit_?card|cvv|cvc|pin|iban|passport(?:_?number)?)$"
)
# Tokens that say where to go on, not who somebody is.
_NO_CREDENTIAL = re.compile(
    r"(?i)(?:next|page|paging|pagination|continuation|request|idempotency|task|device|start|sync|cursor|marker|resume)[_-]?token$"
)
_HTML = re.compile(
    r"(?i)<(?:!doctype|html|body|head|div|p|h[1-6]|span|script|a|b|i|ul|li|table|form|img|br)\b[^>]*>?|text/html"
)


def judge(
    machine: Machine, name: str, arguments: Arguments, site: Site, frame: Frame, receiver: Value | None = None
) -> None:
    """Notes the untrusted data that a call is given and that does harm there."""
    for sink, exact in machine.lookup.sinks.of(name):
        doubt = "" if exact else _loose(machine, sink, name, frame)
        if doubt is None:
            continue
        condition = _condition(sink, arguments)
        if condition is None:
            continue
        for value in _dangerous(machine, sink, arguments, receiver):
            if value.name in _IN_MEMORY and sink.kind in (PATH, SSRF):
                continue
            unsure = doubt
            if doubt and sink.kind == SQL and sink.when_imported:
                if not looks_like_sql(value):
                    continue
                if any(each in machine.imported for each in sink.when_imported):
                    unsure = ""  # what it is called on is not known, but it is given SQL
            judge_value(machine, sink, value, site, frame, name, unsure or condition)


def judge_value(machine: Machine, sink: Sink, value: Value, site: Site, frame: Frame, name: str, doubt: str) -> None:
    """Notes the untrusted data of one value that does harm."""
    for taint, why in _harmful(sink, value, frame):
        # A schema keeps nothing out of a log.
        kept = "" if sink.kind == LOG and taint.why.startswith("it is validated") else taint.why
        reason = kept or why or sink.review or doubt or _by_nature(taint, sink.kind, name)
        machine.note_flow(sink.kind, replace(taint, why=reason), site, name, sink.said)


def _loose(machine: Machine, sink: Sink, name: str, frame: Frame) -> str | None:
    """Why a method of something that is not known is not certain to be the sink; None if it is another's."""
    if not sink.callee.startswith("*"):
        return ""
    root = name.split(".", 1)[0]
    imported = any(each in machine.imported for each in sink.when_imported)
    # A module of the package's own that is not at hand (a layer, an alias of the compiler) may give anything.
    if root == "?" or name.startswith((".", "/", "@/", "~", "#")):
        if imported and (frame.scope.language == ir.PYTHON or _STORE.search(name.rpartition(".")[0])):
            return ""
        return f"what {name.lstrip('?.')} belongs to is not known"
    if sink.when_imported and not any(
        name == each or name.startswith((f"{each}.", f"{each}/")) for each in sink.when_imported
    ):
        return None
    return "" if sink.when_imported else f"what {name} does is not known"


def looks_like_sql(value: Value) -> bool:
    """Whether the constant parts of a text are those of a statement."""
    return value.pieces is not None and any(
        isinstance(each, str) and _LOOKS_LIKE_SQL.search(each) for each in value.pieces
    )


def _condition(sink: Sink, arguments: Arguments) -> str | None:
    """Whether the call's options make it a sink: empty, or why that is not certain; None if they do not."""
    if sink.only_if is not None:
        name, needed = sink.only_if
        value = option(arguments, name)
        if value is None:
            return None
        if value.constant is UNSET and not value.name:
            return f"whether {name} is {needed} is not known"
        if not _same(value, needed):
            return None
    if sink.unless is not None:
        name, harmless = sink.unless
        value = option(arguments, name)
        if value is not None and _same(value, harmless):
            return None
    return ""


def _same(value: Value, wanted: object) -> bool:
    if wanted is ...:
        return True
    choices = wanted.split("|") if isinstance(wanted, str) else [wanted]
    if isinstance(value.constant, str):
        return value.constant.split(";")[0].strip().lower() in choices or value.constant in choices
    if value.constant is not UNSET:
        return bool(value.constant == wanted)
    return bool(value.name) and value.name.rsplit(".", 1)[-1] in choices


def option(arguments: Arguments, name: str) -> Value | None:
    """A named argument, an entry of an options object, or the argument at a position (`1`)."""
    if "|" in name:
        return next((found for each in name.split("|") if (found := option(arguments, each)) is not None), None)
    if "." in name:
        holder, _, inner = name.partition(".")
        within = option(arguments, holder)
        return next(
            (
                value
                for each, value in ((within.fields if within else None) or {}).items()
                if each.lower() == inner.lower()
            ),
            None,
        )
    if name.isdigit():
        return arguments.at(int(name))
    if name in arguments.keywords:
        return arguments.keywords[name]
    for each in arguments.positional:
        if each.fields and name in each.fields:
            return each.fields[name]
    return None


def _dangerous(machine: Machine, sink: Sink, arguments: Arguments, receiver: Value | None) -> Iterator[Value]:
    given: list[Value] = []
    if sink.rule == "program" and len(sink.positions) > 1:
        program, rest = arguments.at(sink.positions[0]), arguments.at(sink.positions[1])
        yield _command_line(program, rest)
        return
    for position in sink.positions:
        value = receiver if position == -1 else arguments.at(position)
        if value is not None:
            given.append(value)
    for name in sink.keywords:
        if name in arguments.keywords:
            given.append(arguments.keywords[name])
        elif arguments.rest_keywords is not None:
            given.append(part_of(arguments.rest_keywords, name, machine.lookup))
    if "*" in sink.keywords:
        given.extend(arguments.keywords[name] for name in sorted(arguments.keywords) if name not in sink.keywords)
    for value in given:
        if not sink.keys or (value.fields is None and (value.pieces is not None or sink.kind == SSRF)):
            # A text is not taken apart: what takes an address or an object with one takes the text as the address.
            yield value
            continue
        for key in sink.keys:
            part = value
            for name in key.split("."):
                known = part.fields or part.taints or part.items or part.element
                part = part_of(part, None if name in ("*", "[]") else name, machine.lookup) if known else Value()
            yield part


def _command_line(program: Value | None, rest: Value | None) -> Value:
    """A program and the list of its arguments, which JavaScript gives apart, as one list."""
    first = Value() if program is None else program
    if rest is None or (rest.items is None and rest.element is None and not rest.taints):
        return Value(items=(first,))
    loose = rest.element if rest.items is not None or rest.element is not None else Value(taints=rest.taints)
    return Value(items=(first, *(rest.items or ())), element=loose)


def _harmful(sink: Sink, value: Value, frame: Frame) -> Iterator[tuple[Taint, str]]:
    """The data of a value that does harm in a sink, each with the reason why that is not certain."""
    if sink.rule == "program":
        candidates = list(_program(value))
    else:
        whole = deep(value) if sink.deep else value.taints
        candidates = [(each, "") for each in whole]
    if not candidates:
        return
    host = ""
    if sink.kind in (SSRF, REDIRECT):
        host = is_loose_host(value)
        if not host:
            return
    part = sink.rule == "whole" and value.pieces is not None and value.pieces[0] is not LOOSE
    for taint, why in candidates:
        for each in filter_taints((taint,), frame.facts):
            if sink.kind in each.cleaned or not _counts(sink, each, value):
                continue
            doubt = "the host is constant, but nothing sets off what follows it" if host == "maybe" else ""
            yield each, why or doubt or ("it is only a part of the name" if part else "")


def _counts(sink: Sink, taint: Taint, value: Value) -> bool:
    """Whether such data counts in such a sink at all."""
    if sink.kind in (LOG, RESPONSE):
        return _is_telling(taint) if sink.kind == LOG else taint.kind == SECRET
    if taint.kind == SECRET:
        return False
    if (taint.kind == EXTERNAL and sink.kind not in _RUN) or (taint.kind == STORED and sink.kind not in _FROM_STORE):
        return False
    if sink.built and not taint.built:
        return False
    if sink.rule == "structure" or (sink.kind == NOSQL and not sink.keys and not sink.built and not sink.rule):
        return not taint.text and not taint.built
    if sink.rule == "text":
        return taint.text or taint.built
    if sink.rule == "html":
        return _is_html(value)
    if sink.rule == "s3key":
        return taint.kind in (EVENT, REQUEST) and ".s3." not in taint.path
    return True


def _is_telling(taint: Taint) -> bool:
    """Whether such data has no place in a log: a secret, the whole event, its headers, a field whose name says so."""
    if taint.kind == SECRET:
        return True
    if taint.kind not in (EVENT, REQUEST):
        return False
    last = taint.path.rsplit(".", 1)[-1]
    if _NO_CREDENTIAL.search(last):
        return False
    if _BODY.match(taint.path) or _WHOLE.match(taint.path):
        return True
    return bool(_SENSITIVE.match(last) or ("." in taint.path and is_secret_name(last)))


def _is_html(value: Value) -> bool:
    return value.pieces is not None and any(isinstance(each, str) and _HTML.search(each) for each in value.pieces)


def _program(value: Value) -> Iterator[tuple[Taint, str]]:
    """Of an argument list what decides which program runs, or what a shell runs; other arguments may be taken for options."""
    if value.items is None:
        if value.element is not None:
            yield from ((each, "it is one of the arguments of a program") for each in deep(value.element))
        elif (value.taints and value.pieces is None) or (value.pieces and value.pieces[0] is LOOSE):
            yield from ((each, "it may be the program, or arguments of it") for each in value.taints)
        return
    items = value.items
    for index, item in enumerate(items):
        if not is_tainted(item):
            continue
        shell = index >= 2 and any(_is_shell(items, at) for at in range(index - 1))
        for each in deep(item):
            if index == 0 or shell:
                yield each, ""
            elif item.pieces is None or item.pieces[0] is LOOSE:
                yield each, "it is an argument of a program, which may take it for an option"


def _is_shell(items: tuple[Value, ...], at: int) -> bool:
    program, switch = items[at].constant, items[at + 1].constant
    return (
        isinstance(program, str)
        and isinstance(switch, str)
        and bool(_SHELL.search(program) and _SHELL_SWITCH.match(switch))
    )


def _by_nature(taint: Taint, kind: str, name: str) -> str:
    """Why a flow is not certain because of what the data is."""
    if taint.kind == STORED:
        return "it is read back from a store, and who writes there is not known from the code"
    if taint.kind == EXTERNAL:
        return "it is the answer of another service"
    if kind == LOG and name.endswith(".debug"):
        return "it is logged at the level of debugging only"
    if kind == LOG and _BODY.match(taint.path):
        return "whether the body holds personal data is not known"
    if kind == LOG and taint.path == ENVIRONMENT:
        return ""
    if kind == PATH and ".s3." in taint.path:
        return "it is the key of an object in a bucket"
    return ""
