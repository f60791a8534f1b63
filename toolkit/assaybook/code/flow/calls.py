"""Calls: of functions of the program, and of what libraries offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import ir
from ..knowledge.terms import EVENT, REQUEST, SECRET, Callback, Source
from ..secrets import is_secret_name
from .callables import of_function, with_this
from .classes import construct, validated, validates
from .data import ENVIRONMENT, FLAGS, element_of, extended, key_of, passed
from .data import PATTERN as _PATTERN
from .expressions import environment_taint, site_of
from .functions import NAMED
from .guards import about, begins, contains, each_tested, matched, tested, typed
from .machine import Machine
from .methods import CHANGING, GIVING
from .objects import Arguments, ClassRef, Frame, FunctionRef, Instance, Site
from .sinks import judge, option
from .values import (
    CLEAN,
    FIXED,
    UNSET,
    Fact,
    Taint,
    Value,
    changed,
    deep,
    doubtful,
    is_tainted,
    join,
    merge_taints,
    named,
)

# Methods by which a text takes up other texts, whatever it is that has them.
_ARRANGING = frozenset(("joinpath", "replace", "format", "join", "concat"))


def evaluate_call(machine: Machine, node: ir.Call, frame: Frame) -> Value:
    """What a call gives, and what it does to what it is called on."""
    written = node.function
    receiver: Value | None = None
    if isinstance(written, ir.Member):
        receiver = machine.evaluate(written.of, frame)
        callee = machine.member(receiver, written.name, written.place, frame)
    else:
        callee = machine.evaluate(written, frame)
    arguments = given(machine, node.arguments, frame)
    site = site_of(node, frame)
    if receiver is not None and isinstance(written, ir.Member):
        _switch(machine, written, receiver, callee, arguments, frame)
        schema = validates(machine, receiver, written.name)
        if schema is not None:
            return validated(machine, schema, join(*arguments.all()), site, frame)
        if frame.scope.language != ir.PYTHON:
            made = of_function(machine, written.name, receiver, arguments, site, frame)
            if made is not None:
                return made
            callee = with_this(callee, receiver)
        if not callee.refs or receiver.taints or receiver.fields is not None or receiver.items is not None:
            special = _method(machine, written, receiver, callee, arguments, site, frame)
            if special is not None:
                return special
    return call(machine, callee, arguments, site, frame, receiver)


def _switch(
    machine: Machine, written: ir.Member, receiver: Value, callee: Value, arguments: Arguments, frame: Frame
) -> None:
    """A call that changes what an object allows: external entities, say."""
    for name, feature, value in machine.lookup.knowledge.switches:
        first, second = arguments.at(0), arguments.at(1)
        if callee.name != name or first is None or second is None or not isinstance(written.of, ir.Name):
            continue
        if first.name.rsplit(".", 1)[-1] == feature and second.constant is not UNSET and bool(second.constant) is value:
            machine.assign(written.of, named(f"{receiver.name}.unhardened"), frame)


def given(machine: Machine, written: tuple[ir.Argument, ...], frame: Frame) -> Arguments:
    """The arguments of a call."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    rest: Value | None = None
    rest_keywords: Value | None = None
    for each in written:
        value = machine.evaluate(each.value, frame)
        if each.name:
            keywords[each.name] = value
        elif each.spread == "**":
            keywords.update(value.fields or {})
            if value.taints or value.element is not None:
                loose = value.but(fields=None)
                rest_keywords = loose if rest_keywords is None else join(rest_keywords, loose)
        elif each.spread == "*":
            if value.items is not None and value.element is None and rest is None:
                positional.extend(value.items)
            else:
                element = element_of(value, machine.lookup, frame.scope.language)
                rest = element if rest is None else join(rest, element)
        elif rest is not None:
            rest = join(rest, value)
        else:
            positional.append(value)
    return Arguments(tuple(positional), keywords, rest, rest_keywords)


def call(
    machine: Machine, callee: Value, arguments: Arguments, site: Site, frame: Frame, receiver: Value | None = None
) -> Value:
    """What calling a value gives."""
    results: list[Value] = []
    for each in callee.refs[:4]:
        if isinstance(each, FunctionRef):
            results.append(machine.invoke(each, arguments, site, frame))
        elif isinstance(each, ClassRef):
            results.append(construct(machine, each, arguments, site, frame))
        elif isinstance(each, Instance):
            method = each.of.find("__call__")
            if method is not None:
                bound = machine.member(Value(refs=(each,)), "__call__", ir.Place(site.line), frame)
                results.append(call(machine, bound, arguments, site, frame))
    if results:
        return join(*results)
    if callee.name == "super":
        return named("<super>")
    return _outside(machine, callee, arguments, site, frame, receiver)


def _method(
    machine: Machine, written: ir.Member, receiver: Value, callee: Value, arguments: Arguments, site: Site, frame: Frame
) -> Value | None:
    """Methods of data: of texts, lists and records, not of what a library offers under the same name."""
    name = written.name
    arranges = name in _ARRANGING and callee.name not in NAMED and any(is_tainted(each) for each in arguments.all())
    if not arranges and receiver.name and not receiver.name.startswith("?") and not is_tainted(receiver):
        return None
    if receiver.refs and not is_tainted(receiver):
        return None
    whole = callee.name or f"?.{name}"
    if is_tainted(receiver):
        judge(machine, whole, arguments, site, frame, receiver)
    if receiver.taints and name in ("startswith", "startsWith"):
        return begins(receiver, arguments.at(0))
    if name in ("includes", "__contains__", "has", "indexOf", "some"):
        part = arguments.at(0)
        if receiver.taints and part is not None:
            return contains(receiver, part)
        if part is not None and part.taints and not is_tainted(receiver) and name != "some":
            from .guards import truth

            return truth(about(part))
    known = tested(whole, receiver, arguments, machine.lookup)
    if known is not None:
        return known
    if machine.lookup.callbacks.of(whole) and any(each.refs for each in arguments.all()):
        return None
    if name == "match" and receiver.taints:
        return matched(pattern_of(arguments.at(0)), receiver, False).but(taints=receiver.taints)
    if name in ("update", "append") and receiver.plain:
        return None
    changing = CHANGING.get(name)
    if changing is not None:
        result, after = changing(receiver, arguments, machine.lookup, frame.scope.language)
        if (
            after is not receiver
            and isinstance(written.of, ir.Name | ir.Member | ir.Item)
            and after.key != receiver.key
        ):
            machine.assign(written.of, after, frame)
        return result
    giving = GIVING.get(name)
    if giving is not None and not (receiver.plain and not arguments.positional):
        return giving(receiver, arguments, machine.lookup, frame.scope.language)
    return None


def pattern_of(value: Value | None) -> Value | None:
    """The text of a regular expression, compiled or not."""
    if value is not None and value.fields and _PATTERN in value.fields:
        return value.fields[_PATTERN]
    return value


def _outside(
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
    validator = next(iter(lookup.validators.of(name)), None)
    if validator is not None and (
        is_tainted(join(*arguments.all())) or (receiver is not None and is_tainted(receiver))
    ):
        return _validating(machine, validator[0].library, validator[0].returns, receiver, arguments, site, frame)
    cleaned = _clean(machine, name, receiver, arguments, frame)
    if cleaned is not None:
        return cleaned
    source = _source(machine, name, arguments, site, frame, receiver)
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
        own = _own_object(arguments, receiver)
        stands = own or (first.constant if first is not None and isinstance(first.constant, str) else None)
        return named(name).but(constant=UNSET if stands is None else stands)
    for made, choice, harmless in lookup.knowledge.hardened:
        if name == made:
            value = option(arguments, choice)
            return named(f"{name}.{'hardened' if value is not None and value.constant is harmless else 'unhardened'}")
    if name in lookup.environment or any(name.startswith(f"{each}.") for each in lookup.environment):
        return _environment(name, arguments, frame, site)
    if lookup.registered.of(name):
        handed = _handed(machine, name, arguments, site)
        if handed is not None:
            return handed
    back = _callback(machine, name, receiver, arguments, site, frame)
    if back is not None:
        return back
    return _result(machine, name, receiver, arguments, frame)


def _answer(machine: Machine, value: Value | None, site: Site, frame: Frame) -> Value:
    """What is answered through a call (`callback(null, response)`)."""
    from .answers import judge_answer

    if value is not None:
        judge_answer(machine, value, frame.facts, ir.Place(site.line, site.column, site.end), frame, False)
    return CLEAN


def _handed(machine: Machine, name: str, arguments: Arguments, site: Site) -> Value | None:
    """Functions that are handed over to a framework, which calls them for requests."""
    for route, exact in machine.lookup.registered.of(name):
        if not exact and route.when_imported and not any(each in machine.imported for each in route.when_imported):
            continue
        candidates = arguments.all() if route.position == -1 else (arguments.at(route.position) or CLEAN,)
        found = False
        for value in candidates:
            for each in _functions_in(value):
                if isinstance(each, FunctionRef):
                    found = True
                    if not any(known is each or known == each for _, _, known in machine.handed):
                        machine.handed.append((route, site.file, each))
        if found:
            return named(name)
    return None


def _functions_in(value: Value, depth: int = 4) -> Iterator[object]:
    """The functions in a value: itself, or in records and lists (routes with options, tables of resolvers)."""
    yield from value.refs
    if depth and not value.refs:
        for name in sorted(value.fields or {}):
            yield from _functions_in((value.fields or {})[name], depth - 1)
        for each in value.items or ():
            yield from _functions_in(each, depth - 1)


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


def _source(
    machine: Machine, name: str, arguments: Arguments, site: Site, frame: Frame, receiver: Value | None
) -> Value | None:
    lookup = machine.lookup
    found = lookup.called.of(name)
    if not found:
        if name.endswith(".send") and arguments.positional and arguments.positional[0].name:
            command = arguments.positional[0]
            found = lookup.called.of(command.name)
        if not found:
            return None
    source: Source = found[0][0]
    if source.kind == SECRET and not _is_secret(name, arguments):
        return named(name)
    resource = resource_of(source, arguments)
    if not resource and receiver is not None and isinstance(receiver.constant, str):
        resource = receiver.constant
    taint = source_taint(source, name, site.file, site.line, site.function, resource)
    own = _own_object(arguments, receiver)
    if own is not None and source.path.startswith("s3"):
        taint = replace(own, path=f"{own.path} (content)", said="the object in the bucket", text=False, built=False)
        taint = taint.step(site.file, site.line, site.function, "reads the object")
    if source.kind == REQUEST and arguments.positional and isinstance(arguments.positional[0].constant, str):
        part = extended(taint, arguments.positional[0].constant, lookup)
        taint = part or taint
    machine.note_read(taint)
    value = Value(taints=(taint,), name=name)
    for each in arguments.positional:
        if any(isinstance(ref, FunctionRef) for ref in each.refs):
            # What it gives goes to a callback: behind an error, but for requests of Node, which have none.
            given = (value,) if name.startswith(("http.", "https.")) else (CLEAN, value)
            machine.call(each, Arguments(given), site, frame)
    return value


def _own_object(arguments: Arguments, receiver: Value | None) -> Taint | None:
    """The key of the event's own object, if that is what is read: its content is of who put it there."""
    if receiver is not None and isinstance(receiver.constant, Taint):
        return receiver.constant
    for each in (*arguments.all(), *(part for value in arguments.positional for part in (value.fields or {}).values())):
        for taint in each.taints:
            if taint.kind == EVENT and ".s3.object" in taint.path:
                return taint
    return None


def _is_secret(name: str, arguments: Arguments) -> bool:
    """Whether what is asked for is a secret by its name: parameters are often ordinary settings."""
    if "get_parameter" in name.lower() or "getparameter" in name.lower():
        decrypted = option(arguments, "WithDecryption") or option(arguments, "decrypt")
        return decrypted is not None and bool(decrypted.constant is True)
    if name.endswith(("getenv", ".get")):
        first = arguments.at(0)
        return first is not None and isinstance(first.constant, str) and is_secret_name(first.constant)
    return True


def source_taint(source: Source, name: str, file: str, line: int, function: str, resource: str = "") -> Taint:
    """Data of a source, with its first step."""
    path = source.path or ".".join(name.split(".")[-2:])
    said = source.said or path
    return Taint(source.kind, path, said, resource, text=not source.structured).step(
        file, line, function, f"reads {said}"
    )


def resource_of(source: Source, arguments: Arguments) -> str:
    """The constant name of the table, bucket or queue that is read."""
    for name in source.resource:
        value = option(arguments, name)
        if value is not None and isinstance(value.constant, str):
            return value.constant
    return ""


def _environment(name: str, arguments: Arguments, frame: Frame, site: Site) -> Value:
    """`os.environ.get("X")`."""
    first = arguments.at(0)
    key = None if first is None else key_of(first)
    if name.rsplit(".", 1)[-1] in ("copy", "items", "values"):
        return Value(taints=(environment_taint(frame, site.line),))
    if key is None or not is_secret_name(key):
        return Value(pieces=(FIXED,))
    taint = replace(environment_taint(frame, site.line), path=f"{ENVIRONMENT}.{key}", said=f"the environment's {key}")
    return Value(taints=(taint,))


def _callback(
    machine: Machine, name: str, receiver: Value | None, arguments: Arguments, site: Site, frame: Frame
) -> Value | None:
    """Calls that call what they are given."""
    known = machine.lookup.callbacks.of(name)
    callback: Callback | None = known[0][0] if known else None
    handed = arguments.at(callback.position) if callback is not None else None
    if not any(each.refs or any(item.refs for item in each.items or ()) for each in arguments.all()) and (
        handed is None or not handed.name or handed.name == name
    ):
        return None
    language = frame.scope.language
    if callback is None:
        # Whatever it does with them: it may call them with anything that it was given.
        data = doubtful(
            passed(
                *(each for each in arguments.all() if not each.refs), *((receiver,) if receiver is not None else ())
            ),
            f"it passes through {name.lstrip('?.')}, which is not read",
        )
        results = [
            machine.call(each.but(name=""), Arguments(rest=data) if is_tainted(data) else Arguments(), site, frame)
            for argument in arguments.all()
            for each in (argument, *(argument.items or ()))
            if any(isinstance(ref, FunctionRef) for ref in each.refs)
        ]
        if not results:
            return None
        if frame.function == "" and language != ir.PYTHON:
            # At the level of a module this is how handlers are wrapped: what comes of it is called as they are.
            inner = tuple(ref for each in arguments.all() for ref in each.refs if isinstance(ref, FunctionRef))
            return Value(refs=inner, name=name)
        return join(*results).but(name=name)
    function = arguments.at(callback.position)
    if function is None or not (function.refs or function.name):
        function = next(each for each in arguments.all() if each.refs)
    data = (receiver or CLEAN) if callback.of < 0 else arguments.at(callback.of) or CLEAN
    if callback.gives == "rest":
        rest = [each for each in arguments.positional if each is not function]
        for each in ("args", "kwargs"):
            if each in arguments.keywords:
                items = arguments.keywords[each].items
                rest.extend(
                    items if items is not None else (element_of(arguments.keywords[each], machine.lookup, language),)
                )
        result = machine.call(
            function,
            Arguments(tuple(rest), {name: each for name, each in arguments.keywords.items() if not each.refs}),
            site,
            frame,
        )
    elif callback.gives == "value":
        result = machine.call(function, Arguments((data,)), site, frame)
        others = [each for each in arguments.positional if each is not function and each.refs]
        result = join(result, *(machine.call(each, Arguments((CLEAN,)), site, frame) for each in others))
    else:
        element = element_of(data, machine.lookup, language)
        extra = [each for each in arguments.positional if not each.refs and each is not data]
        parameters = (join(*extra), element) if callback.result == "value" and name.endswith("reduce") else (element,)
        result = machine.call(function, Arguments(parameters), site, frame)
    if callback.result == "list":
        return Value(element=result)
    if callback.result == "same":
        return data
    return result if callback.result == "value" else CLEAN


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
