"""Calls of what a library or the language offers: what they do, and what they give."""

from __future__ import annotations

from dataclasses import replace

from .. import ir
from ..knowledge.terms import SECRET
from .answers import judge_answer
from .callbacks import call_back, hand_over
from .classes import validated
from .data import FLAGS, passed, substituted
from .data import PATTERN as _PATTERN
from .functions import NAMED
from .guards import about, each_tested, matched, tested, typed
from .machine import Machine
from .methods import GIVING
from .objects import Arguments, ClassRef, Frame, Site
from .origins import environment_value, from_source, own_object
from .sinks import judge, option
from .taint import Fact, merge_taints
from .values import CLEAN, FIXED, UNSET, Value, changed, deep, doubtful, is_tainted, join, named


def outside(
    machine: Machine, callee: Value, arguments: Arguments, site: Site, frame: Frame, receiver: Value | None
) -> Value:
    """A call of what a library or the language offers."""
    lookup = machine.lookup
    name = lookup.renamed(callee.name or "?")
    judge(machine, name, arguments, site, frame, receiver)
    answered = lookup.knowledge.answering.get(name)
    if answered is not None:
        return _answer(machine, arguments.at(answered), site, frame)
    if lookup.ends.of(name):
        frame.alive = False
        return CLEAN
    known = _test(machine, name, receiver, arguments)
    if known is not None:
        return known
    validator = next(
        (
            each
            for each in lookup.validators.of(name)
            if not each[0].name.startswith("*") or any(each[0].library in one for one in machine.imported)
        ),
        None,
    )
    if validator is not None and (
        is_tainted(join(*arguments.all())) or (receiver is not None and is_tainted(receiver))
    ):
        return _validating(machine, validator[0].library, validator[0].returns, receiver, arguments, site, frame)
    cleaned = _clean(machine, name, receiver, arguments, frame)
    if cleaned is not None:
        return cleaned
    source = from_source(machine, name, arguments, site, frame, receiver)
    if source is not None:
        return source
    if lookup.keyed.of(name):
        first = arguments.at(0) or arguments.keywords.get("service_name")
        key = "?" if first is None or not isinstance(first.constant, str) else first.constant
        return named(f"{name}({key})")
    if lookup.transparent.of(name):
        return arguments.positional[0] if arguments.positional else named(name)
    if name.startswith(lookup.knowledge.standing) and name[name.rfind(".") + 1].isupper():
        first = arguments.at(0)
        own = own_object(arguments, receiver)
        stands = own or (first.constant if first is not None and isinstance(first.constant, str) else None)
        return named(name).but(constant=UNSET if stands is None else stands)
    for made, choice, harmless in lookup.knowledge.hardened:
        if name == made:
            value = option(arguments, choice)
            return named(f"{name}.{'hardened' if value is not None and value.constant is harmless else 'unhardened'}")
    if name in lookup.environment or any(name.startswith(f"{each}.") for each in lookup.environment):
        return environment_value(name, arguments, frame, site)
    if lookup.registered.of(name):
        handed = hand_over(machine, name, arguments, site)
        if handed is not None:
            return handed
    back = call_back(machine, name, receiver, arguments, site, frame)
    if back is not None:
        return back
    return _result(machine, name, receiver, arguments, frame)


def _answer(machine: Machine, value: Value | None, site: Site, frame: Frame) -> Value:
    """What is answered through a call (`callback(null, response)`)."""
    if value is not None:
        judge_answer(machine, value, frame.facts, ir.Place(site.line, site.column, site.end), frame, False)
    return CLEAN


def _test(machine: Machine, name: str, receiver: Value | None, arguments: Arguments) -> Value | None:
    """Calls that test data."""
    if name in ("bool", "Boolean"):
        first = arguments.at(0)
        return None if first is None else Value(truthy=first.truthy, falsy=first.falsy, pieces=(FIXED,))
    if name in ("any", "all"):
        first = arguments.at(0)
        return None if first is None or first.element is None else each_tested(first.element, name == "all")
    if name in ("isinstance", "issubclass"):
        return typed(arguments)
    if name in ("re.match", "re.fullmatch", "re.search", "regex.match", "regex.fullmatch"):
        data = arguments.at(1)
        return (
            None if data is None else matched(arguments.at(0), data, name.endswith("fullmatch")).but(taints=data.taints)
        )
    if name in ("re.compile", "RegExp"):
        first = arguments.at(0)
        flags = arguments.at(1) if name == "RegExp" else None
        fields = {_PATTERN: CLEAN if first is None else first, FLAGS: CLEAN if flags is None else flags}
        return named("re.Pattern").but(fields=fields)
    if receiver is not None and receiver.fields and _PATTERN in receiver.fields and name.endswith((".sub", ".subn")):
        text = arguments.at(1)
        return None if text is None else substituted(receiver, arguments.at(0), text)
    if receiver is not None and receiver.fields and _PATTERN in receiver.fields:
        last, data = name.rsplit(".", 1)[-1], arguments.at(0)
        if last in ("match", "fullmatch", "search", "test", "exec") and data is not None:
            result = matched(receiver.fields[_PATTERN], data, last == "fullmatch")
            return result if last == "test" else result.but(taints=data.taints)
    return tested(name, receiver, arguments, machine.lookup)


def _validating(
    machine: Machine,
    library: str,
    returns: bool,
    receiver: Value | None,
    arguments: Arguments,
    site: Site,
    frame: Frame,
) -> Value:
    why = f"it is validated by {library}; whether the schema rules this out has to be read"
    data = next((each for each in arguments.all() if is_tainted(each) and not each.refs), None)
    data = data or (receiver if receiver is not None else CLEAN)
    machine.note_validated(library, site, data)
    if not returns:
        frame.facts = frame.facts | about(data, doubt=why)
    model = next((ref for each in arguments.all() for ref in each.refs if isinstance(ref, ClassRef)), None)
    if model is not None and model.annotations:
        return validated(machine, model, data, site, frame)
    taints = tuple(each if each.why else replace(each, why=why) for each in merge_taints(deep(data)))
    return data.but(taints=taints, fields=None, items=None, element=None, constant=UNSET, pieces=None)


def _clean(machine: Machine, name: str, receiver: Value | None, arguments: Arguments, frame: Frame) -> Value | None:
    found = machine.lookup.cleaners.of(name)
    if not found:
        return None
    kinds: frozenset[str] = frozenset()
    for cleaner, _ in found:
        for each in arguments.all() if cleaner.in_place or cleaner.doubt else ():
            if cleaner.doubt:
                frame.facts = frame.facts | about(each, doubt=cleaner.doubt)
            else:
                frame.facts = frame.facts | frozenset(
                    Fact(taint.identity, frozenset(cleaner.for_kinds)) for taint in each.taints
                )
        if not cleaner.for_kinds:
            return Value(pieces=(FIXED,), name=name if not name.startswith("?") else "")
        kinds |= frozenset(cleaner.for_kinds)
    data = passed(*arguments.all(), *((receiver,) if receiver is not None else ()))
    return changed(data, lambda each: replace(each, cleaned=each.cleaned | kinds))


def _result(machine: Machine, name: str, receiver: Value | None, arguments: Arguments, frame: Frame) -> Value:
    """What a call of a library gives, as far as it is as untrusted as what it was given."""
    lookup = machine.lookup
    arranged = NAMED.get(name)
    if arranged is not None:
        return arranged(arguments, lookup, frame.scope.language)
    if name.startswith(("str.", "bytes.")) and arguments.positional:
        giving = GIVING.get(name.partition(".")[2])
        if giving is not None:  # a method that is called as a function
            rest = replace(arguments, positional=arguments.positional[1:])
            return giving(arguments.positional[0], rest, lookup, frame.scope.language)
    involved = (*arguments.all(), *((receiver,) if receiver is not None else ()))
    if not any(is_tainted(each) for each in involved):
        if name.startswith("?") and receiver is not None and receiver.name == "" and not receiver.plain:
            return Value(pieces=(FIXED,))
        return named(f"{name}()" if lookup.gives_function(name) else name)
    if lookup.parsing.of(name):
        return changed(passed(*involved), lambda each: replace(each, text=False))
    if lookup.texts.of(name):
        return changed(passed(*involved), lambda each: replace(each, text=True))
    if lookup.passing.of(name):
        if "unquote" in name or "decodeURIComponent" in name:
            machine.unquoted = True
        single = involved[0] if len(involved) == 1 else None
        data = passed(*involved)
        if name[name.rfind(".") + 1].isupper() or name == "tarfile.open":
            data = data.but(name=name)
        return data.but(pieces=single.pieces) if single is not None and single.pieces else data
    if lookup.is_closed(name):
        return named(name)
    data = passed(*involved)
    if all(each.kind == SECRET for each in data.taints):
        return named(name)  # a client made with a password is no secret, nor is what it gives
    return doubtful(data, f"it passes through {name.lstrip('?.')}, which is not read").but(name=name)
