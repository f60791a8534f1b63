"""Terraform's functions on texts, lists and mappings. Source: Terraform documentation, "Built-in Functions"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from ..located import Block, Series
from ..resources import Unresolved
from ..values import Partly, bare, is_known, text_of
from .encodings import ENCODINGS
from .functions_of_text import FILLING, OF_TEXT
from .unknown import Missing, missing, symbol, truth
from .working_out import members_of

_MOST = 5_000
# What a function of a wrong value ends with; Terraform would refuse it likewise.
_REFUSED = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, ArithmeticError)


def called(name: str, given: list[Any], where: str) -> Any:
    """What a function gives; a symbol where that hangs on something unknown or where the function is not known."""
    name = name.rpartition("::")[2]
    function = _LENIENT.get(name)
    strict = None if function else _STRICT.get(name)
    if function is None and strict is None:
        return symbol(f"{name}()", f"the function {name} is not read", where)
    if strict is not None:
        unknown = next((each for each in given if isinstance(each, Unresolved)), None)
        if unknown is not None:
            return symbol(f"{name}({bare(unknown.symbol)})", unknown.why, where, secret=unknown.no_echo)
        function = strict
    try:
        found = function(*given) if function is not None else None
    except _REFUSED:
        return missing(f"{name}()", f"{name} is not used as it can be", where)
    if isinstance(found, str) and not is_known([each for each in given if isinstance(each, str | list)]):
        return Partly(found)
    return _at(found, where)


def _at(value: Any, where: str) -> Any:
    """New lists and mappings stand where they were made."""
    file, _, line = where.rpartition(":")
    if isinstance(value, Block | Series) and not value.file:
        value.file, value.line = (file, int(line)) if line.isdigit() else (where, 0)
    return value


def series(items: Any) -> Series:
    """A list of some values."""
    made = Series()
    for item in items:
        made.add(item)
        if len(made) > _MOST:
            break
    return made


def mapping(pairs: Any) -> Block:
    """A mapping of some keys and values."""
    made = Block()
    for key, item in pairs:
        made.put(str(text_of(key)), item)
    return made


def _concat(*lists: Any) -> Series:
    made = Series()
    for each in lists:
        for item in each if isinstance(each, list) else [each]:
            made.add(item, getattr(each, "line", 0))
    return made


def _merge(*mappings: Any) -> Any:
    made = Block()
    for each in mappings:
        if isinstance(each, Block):
            made.file, made.line = made.file or each.file, made.line or each.line
            for key, item in each.items():
                made.take(each, key, item)
        elif isinstance(each, Unresolved):
            # What it adds is not known, and neither is whether it replaces something.
            made.put(each.symbol, each)
    return made


def _flat(value: Any, depth: int = 0) -> Iterator[Any]:
    for each in value:
        if isinstance(each, list) and depth < 20:
            yield from _flat(each, depth + 1)
        else:
            yield each


def _lookup(held: Any, key: Any, *default: Any) -> Any:
    if isinstance(held, Unresolved):
        return symbol(f"{bare(held.symbol)}.{text_of(key)}", held.why, held.where)
    if isinstance(key, Unresolved):
        return symbol(f"lookup({bare(key.symbol)})", key.why, key.where)
    if hasattr(held, "member"):
        found = held.member(text_of(key), "")
        return default[0] if isinstance(found, Missing) and default else found
    return held[text_of(key)] if text_of(key) in held else default[0]


def _length(value: Any) -> int:
    if isinstance(value, Partly) or not isinstance(value, str | list | dict):
        raise TypeError
    return len(value)


def _coalesce(*values: Any) -> Any:
    return next(each for each in values if each is not None and each != "" and not isinstance(each, Missing))


def _coalescelist(*values: Any) -> Any:
    return next(each for each in values if each)


def _unique(value: Any) -> Series:
    if isinstance(value, Block):
        return series(value.values())
    made = Series(value.file, value.line) if isinstance(value, Series) else Series()
    seen: set[str] = set()
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        key = (
            item.symbol
            if isinstance(item, Unresolved)
            else f"{type(item).__name__}:{text_of(item)}"
            if isinstance(item, str | int | float | bool)
            else str(id(item))
        )
        if key not in seen:
            seen.add(key)
            made.add(item, value.lines[index] if isinstance(value, Series) and index < len(value.lines) else 0)
    return made


def _one(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    return items[0] if items else None


def _element(value: Any, index: Any) -> Any:
    return value[int(index) % len(value)]


def _slice(value: Any, start: Any, end: Any) -> Series:
    return series(value[int(start) : int(end)])


def _range(*numbers: Any) -> Series:
    found = range(*(int(each) for each in numbers))
    if len(found) > _MOST:
        raise ValueError
    return series(found)


def _zipmap(keys: Any, values: Any) -> Block:
    return mapping(zip(keys, values, strict=False))


def _setproduct(*lists: Any) -> Series:
    size = 1
    for each in lists:
        size *= len(each)
    if size > _MOST:
        raise ValueError
    return series(series(each) for each in product(*lists))


def _index(value: Any, wanted: Any) -> int:
    return int(value.index(wanted))


def _contains(value: Any, wanted: Any) -> Any:
    if isinstance(wanted, Unresolved) or isinstance(value, Unresolved):
        said = wanted if isinstance(wanted, Unresolved) else value
        return symbol(f"contains({bare(said.symbol)})", said.why, said.where)
    if wanted in value:
        return True
    unknown = next((each for each in value if isinstance(each, Unresolved)), None)
    return symbol(f"contains({bare(unknown.symbol)})", unknown.why, unknown.where) if unknown else False


def _sort_key(value: Any) -> str:
    return str(text_of(value))


def _text(value: Any) -> Any:
    return value if value is None else text_of(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    number = float(value)
    return int(number) if number.is_integer() else number


def _bool(value: Any) -> Any:
    return truth(value) if value is not None else None


def _sum(value: Any) -> Any:
    return sum(_number(each) for each in value)


def _keys(value: Any) -> Series:
    return series(sorted(value.keys()))


def _values(value: Any) -> Series:
    return series(item for _, item in sorted(value.items()))


def _transpose(value: Any) -> Block:
    made: dict[str, Series] = {}
    for key, items in sorted(value.items()):
        for item in items:
            made.setdefault(text_of(item), Series()).add(key)
    return mapping(sorted(made.items()))


def _all(value: Any) -> bool:
    return all(truth(each) is True for each in value)


def _any(value: Any) -> bool:
    return any(truth(each) is True for each in value)


def _same(value: Any) -> Any:
    return value


def _compact(value: Any) -> Series:
    return series(each for each in value if each is not None and each != "")


def _pick(how: Callable[..., Any]) -> Callable[..., Any]:
    def picked(*numbers: Any) -> Any:
        return how(_number(each) for each in numbers)

    return picked


def _negated(value: Any, *sets: Any) -> Series:
    away = [item for each in sets for item in each]
    return series(each for each in value if each not in away)


def _shared(value: Any, *sets: Any) -> Series:
    return series(each for each in value if all(each in other for other in sets))


def _matchkeys(values: Any, keys: Any, wanted: Any) -> Series:
    return series(value for value, key in zip(values, keys, strict=False) if key in wanted)


def _chunks(value: Any, size: Any) -> Series:
    return series(series(value[at : at + int(size)]) for at in range(0, len(value), int(size)))


# Those that go on with what is not known among what they are given.
_LENIENT: Mapping[str, Callable[..., Any]] = {
    "concat": _concat,
    "contains": _contains,
    "coalesce": _coalesce,
    "flatten": lambda value: value if isinstance(value, Unresolved) else series(_flat(value)),
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": _same,
    "sensitive": _same,
    "tolist": lambda value: (
        value if isinstance(value, Unresolved) else _unique(value) if isinstance(value, Block) else value
    ),
    "tomap": _same,
    "toset": lambda value: value if isinstance(value, Unresolved) else _unique(value),
    "tostring": lambda value: value if isinstance(value, Unresolved) else _text(value),
    **ENCODINGS,
    **FILLING,
}
_STRICT: Mapping[str, Callable[..., Any]] = {
    "alltrue": _all,
    "anytrue": _any,
    "chunklist": _chunks,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "distinct": _unique,
    "element": _element,
    "index": _index,
    "keys": _keys,
    "length": _length,
    "matchkeys": _matchkeys,
    "max": _pick(max),
    "min": _pick(min),
    "one": _one,
    "range": _range,
    "reverse": lambda value: series(reversed(value)),
    "setintersection": _shared,
    "setproduct": _setproduct,
    "setsubtract": _negated,
    "setunion": lambda *values: _unique(_concat(*values)),
    "slice": _slice,
    "sort": lambda value: series(sorted(value, key=_sort_key)),
    "sum": _sum,
    "tobool": _bool,
    "tonumber": _number,
    "transpose": _transpose,
    "values": _values,
    "zipmap": _zipmap,
    **OF_TEXT,
}
__all__ = ["called", "mapping", "members_of", "series"]
