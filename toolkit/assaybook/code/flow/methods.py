"""Ordinary methods of texts, lists and records, of both languages: what they give, and how they change what they are called on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..knowledge.terms import PATH
from .data import (
    element_of,
    format_braces,
    joined,
    key_of,
    keys_of,
    part_of,
    passed,
    replaced,
    text_only,
    values_of,
    with_part,
)
from .guards import about
from .lookup import Lookup
from .objects import Arguments
from .values import CLEAN, FIXED, UNSET, Value, changed, constant, join, text_of

Given = Callable[[Value, Arguments, Lookup, str], Value]
# Gives what the call gives, and what its receiver has become.
Changing = Callable[[Value, Arguments, Lookup, str], tuple[Value, Value]]


def _get(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    key, default = arguments.at(0), arguments.at(1)
    found = CLEAN if key is None else part_of(value, key_of(key), lookup)
    default = default if default is not None else arguments.keywords.get("default")
    name = None if key is None else key_of(key)
    whole = value.fields is not None and value.element is None and not value.taints and value.items is None
    if whole and name is not None and name not in (value.fields or {}) and default is not None:
        return default
    found = found if default is None else join(found, default)
    # That a known record has an entry of that name tells that the name is one of those known.
    return (
        found.but(truthy=about(key))
        if key is not None and key.taints and not value.taints and default is None
        else found
    )


def _keys(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return Value(element=keys_of(value, lookup))


def _values(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return Value(element=values_of(value, lookup))


def _items(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return Value(element=Value(items=(keys_of(value, lookup), values_of(value, lookup))))


def _join(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    other = arguments.at(0)
    if language == "python":
        return passed(value) if other is None else joined(value, other, lookup, language)
    return joined(constant(",") if other is None else other, value, lookup, language)


def _format(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return format_braces(value, arguments, lookup)


def _replace(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    result = replaced(value, arguments)
    first, second = arguments.at(0), arguments.at(1)
    without = second.constant if second is not None else None
    if language == "python" and first is not None and first.constant == "/" and isinstance(without, str):
        if "/" in without:
            return result
        # Without a separator a name stays in its folder.
        return changed(passed(value), lambda each: replace(each, cleaned=each.cleaned | {PATH}))
    return result


def _split(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    part = passed(value)
    part = changed(
        part, lambda each: replace(each, text=True, path=each.path if each.path.endswith("[]") else each.path + "[]")
    )
    return Value(element=part if part.taints else Value(pieces=(FIXED,)))


def _same(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return value


def _text(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    known = value.constant
    return constant(known) if isinstance(known, str) else text_only(value).but(constant=UNSET)


def _lower(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    return (
        constant(value.constant.lower()) if isinstance(value.constant, str) else passed(value).but(pieces=value.pieces)
    )


def _concatenate(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    if value.items is not None or value.element is not None:
        return join(Value(element=element_of(value, lookup, language)), *arguments.all())
    return text_of((value, *arguments.all()))


def _joinpath(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> Value:
    found = [value]
    for each in arguments.all():
        found.extend((constant("/"), each))
    return text_of(found).but(name="pathlib.Path")


GIVING: Mapping[str, Given] = {
    "get": _get,
    "getlist": _get,
    "get_all": _get,
    "getAll": _get,
    "__getitem__": _get,
    "at": _get,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "entries": _items,
    "join": _join,
    "format": _format,
    "replace": _replace,
    "replaceAll": _replace,
    "split": _split,
    "rsplit": _split,
    "splitlines": _split,
    "partition": _split,
    "rpartition": _split,
    "joinpath": _joinpath,
    "copy": _same,
    "lower": _lower,
    "toLowerCase": _lower,
    "concat": _concatenate,
    **dict.fromkeys(
        [
            "strip",
            "lstrip",
            "rstrip",
            "upper",
            "title",
            "capitalize",
            "casefold",
            "swapcase",
            "center",
            "ljust",
            "rjust",
            "zfill",
            "expandtabs",
            "removeprefix",
            "removesuffix",
            "encode",
            "decode",
            "trim",
            "trimStart",
            "trimEnd",
            "toUpperCase",
            "toString",
            "normalize",
            "padStart",
            "padEnd",
            "substring",
            "substr",
            "isoformat",
        ],
        _text,
    ),
    **dict.fromkeys(
        [
            "slice",
            "reverse",
            "reversed",
            "flat",
            "sort",
            "to_dict",
            "dict",
            "model_dump",
            "tolist",
            "toArray",
            "read",
            "getvalue",
            "readlines",
            "readline",
            "valueOf",
            "repeat",
        ],
        _same,
    ),
}


def _append(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    if (
        value.items is not None
        and value.element is None
        and not arguments.rest
        and len(value.items) + len(arguments.positional) <= 32
    ):
        return CLEAN, value.but(items=(*value.items, *arguments.positional), constant=UNSET)
    return CLEAN, with_part(value, None, join(*arguments.all()))


def _extend(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    other = arguments.at(0)
    if other is None:
        return CLEAN, value
    if (
        value.items is not None
        and other.items is not None
        and value.element is None
        and other.element is None
        and not other.taints
    ):
        return CLEAN, value.but(items=(*value.items, *other.items)[:32])
    return CLEAN, with_part(value, None, element_of(other, lookup, language))


def _insert(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    return CLEAN, with_part(value, None, join(*arguments.positional[1:]))


def _update(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    other = arguments.at(0)
    after = value.but(constant=UNSET)
    if other is not None:
        fields = {**(after.fields or {}), **(other.fields or {})}
        after = join(after.but(fields=fields), other.but(fields=None, constant=UNSET, pieces=None, name="")).but(
            constant=UNSET
        )
    for name in sorted(arguments.keywords):
        after = with_part(after, name, arguments.keywords[name])
    return CLEAN, after


def _set(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    key, part = arguments.at(0), arguments.at(1)
    if key is None or part is None:
        return CLEAN, value
    return part, with_part(value, key_of(key), part)


def _setdefault(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    found = _get(value, arguments, lookup, language)
    key = arguments.at(0)
    return found, value if key is None else with_part(value, key_of(key), found)


def _pop(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    if not arguments.positional:
        return element_of(value, lookup, language), value
    return _get(value, arguments, lookup, language), value


def _clear(value: Value, arguments: Arguments, lookup: Lookup, language: str) -> tuple[Value, Value]:
    return CLEAN, CLEAN


CHANGING: Mapping[str, Changing] = {
    "append": _append,
    "add": _append,
    "push": _append,
    "unshift": _append,
    "appendleft": _append,
    "write": _append,
    "extend": _extend,
    "insert": _insert,
    "update": _update,
    "set": _set,
    "setdefault": _setdefault,
    "__setitem__": _set,
    "pop": _pop,
    "popitem": _pop,
    "popleft": _pop,
    "shift": _pop,
    "clear": _clear,
}
