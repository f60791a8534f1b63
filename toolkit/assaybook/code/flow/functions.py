"""Functions that languages bring along and that only arrange data anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from .data import element_of, key_of, keys_of, part_of, passed, substituted, text_only, values_of, with_part
from .lookup import Lookup
from .methods import CHANGING
from .objects import Arguments
from .taint import NORMAL
from .values import CLEAN, FIXED, Value, changed, constant, join, text_of

Named = Callable[[Arguments, Lookup, str], Value]


def _first(arguments: Arguments) -> Value:
    value = arguments.at(0)
    return CLEAN if value is None else value


def _dict(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    result = _first(arguments)
    if result.items is not None or result.element is not None:  # of pairs
        pair = element_of(result, lookup, language)
        result = Value(element=part_of(pair, "1", lookup))
    for name in sorted(arguments.keywords):
        result = with_part(result, name, arguments.keywords[name])
    return result if arguments.rest_keywords is None else join(result, arguments.rest_keywords)


def _list(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    value = _first(arguments)
    return value if value.items is not None else Value(element=element_of(value, lookup, language))


def _text(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    value = _first(arguments)
    known = value.constant
    return constant(known) if isinstance(known, str) else text_only(value)


def _dump(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    """Makes a text of data; what is told of the data is as good for the text."""
    value = passed(*arguments.positional[:1])
    return changed(value, lambda each: replace(each, text=True)).but(pieces=None if value.taints else (FIXED,))


def _enumerate(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return Value(element=Value(items=(CLEAN, element_of(_first(arguments), lookup, language))))


def _zip(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return Value(element=Value(items=tuple(element_of(each, lookup, language) for each in arguments.positional)))


def _element(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return join(element_of(_first(arguments), lookup, language), *arguments.positional[1:])


def _entries(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    value = _first(arguments)
    return Value(element=Value(items=(keys_of(value, lookup), values_of(value, lookup))))


def _keys(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return Value(element=keys_of(_first(arguments), lookup))


def _values(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return Value(element=values_of(_first(arguments), lookup))


def _assign(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    result = _first(arguments)
    for each in arguments.positional[1:]:
        _, result = CHANGING["update"](result, Arguments((each,)), lookup, language)
    return result


def _same(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return _first(arguments)


def _path(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    """A path put together of parts."""
    found: list[Value] = []
    for index, each in enumerate(arguments.all()):
        found.extend((constant("/"), each) if index else (each,))
    return text_of(found) if found else CLEAN


def _normal_path(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    """A path without `..` in it, as Node joins and resolves them: from now on its beginning tells where it lies."""
    return changed(_path(arguments, lookup, language), lambda each: replace(each, cleaned=each.cleaned | {NORMAL}))


def _substitute(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    text = arguments.at(2)
    return CLEAN if text is None else substituted(arguments.at(0), arguments.at(1), text)


def _path_object(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return _path(arguments, lookup, language).but(name="pathlib.Path")


def _address(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    """`new URL(address, base)`: a path that is put to a base does not change where that leads."""
    first, base = _first(arguments), arguments.at(1)
    if base is None:
        return first if first.pieces is not None else passed(first)
    start = first.pieces[0] if first.pieces else ""
    if isinstance(start, str) and re.match(r"/[^/\\]|[\w.-]+[/?#]", start):
        return text_of((base, constant("/"), first))
    return passed(*arguments.all())


def _attribute(arguments: Arguments, lookup: Lookup, language: str) -> Value:
    key = arguments.at(1)
    found = part_of(_first(arguments), None if key is None else key_of(key), lookup)
    default = arguments.at(2)
    return found if default is None else join(found, default)


NAMED: Mapping[str, Named] = {
    "dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": lambda arguments, lookup, language: CLEAN,
    "list": _list,
    "tuple": _list,
    "set": _list,
    "frozenset": _list,
    "sorted": _list,
    "reversed": _list,
    "iter": _list,
    "Array.from": _list,
    "Array.of": _list,
    "Set": _list,
    "URL": _address,
    "url.URL": _address,
    "Map": _dict,
    "Object": _same,
    "str": _text,
    "String": _text,
    "repr": _text,
    "ascii": _text,
    "json.dumps": _dump,
    "JSON.stringify": _dump,
    "enumerate": _enumerate,
    "zip": _zip,
    "next": _element,
    "Object.entries": _entries,
    "Object.keys": _keys,
    "Object.values": _values,
    "Object.assign": _assign,
    "Object.freeze": _same,
    "Object.fromEntries": _dict,
    "structuredClone": _same,
    "copy.copy": _same,
    "copy.deepcopy": _same,
    "os.path.join": _path,
    "pathlib.Path": _path_object,
    "pathlib.PurePath": _path_object,
    "pathlib.PosixPath": _path_object,
    "path.join": _normal_path,
    "path.normalize": _normal_path,
    "node:path.normalize": _normal_path,
    "path.resolve": _normal_path,
    "node:path.join": _normal_path,
    "node:path.resolve": _normal_path,
    "re.sub": _substitute,
    "re.subn": _substitute,
    "getattr": _attribute,
    "asyncio.run": _same,
    "Promise.resolve": _same,
    "Promise.all": _same,
    "asyncio.gather": lambda arguments, lookup, language: (
        Value(items=arguments.positional) if arguments.rest is None else Value(element=join(*arguments.all()))
    ),
}
