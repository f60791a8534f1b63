"""What the analysis knows of a value: whose data is in it, what is constant, what its parts are, and what it stands for.

All values are treated as unchanging: what alters one makes another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from .objects import Reference
from .taint import NO_FACTS, Facts, Taint, filter_taints, merge_taints

MOST_PIECES = 24


DEEPEST = 4


MOST_FIELDS = 60
# Of the functions that a call may mean: a table of routes names many. One more is kept, so that it is seen when some were left out.
MOST_MEANT = 24


class _Unset:
    """Says that a value is no constant, as None is one."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset()


class _Piece:
    """A part of a text that is not constant."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


FIXED: Final = _Piece("FIXED")  # not known, but not of the untrusted data


LOOSE: Final = _Piece("LOOSE")  # of the untrusted data


Piece = str | _Piece


Pieces = tuple[Piece, ...]


class Key:
    """What equal values share; it lives as long as they do."""

    __slots__ = ("__weakref__",)


_KEYS: WeakValueDictionary[tuple[Any, ...], Key] = WeakValueDictionary()


class Value:
    """One abstract value."""

    __slots__ = (
        "_key",
        "constant",
        "element",
        "falsy",
        "fields",
        "items",
        "name",
        "pieces",
        "refs",
        "taints",
        "truthy",
    )

    def __init__(
        self,
        taints: tuple[Taint, ...] = (),
        constant: Any = UNSET,
        pieces: Pieces | None = None,
        fields: Mapping[str, Value] | None = None,
        items: tuple[Value, ...] | None = None,
        element: Value | None = None,
        refs: tuple[Reference, ...] = (),
        name: str = "",
        truthy: Facts | None = NO_FACTS,
        falsy: Facts | None = NO_FACTS,
    ) -> None:
        self.taints = taints
        self.constant = constant
        self.pieces = pieces
        self.fields = fields
        self.items = items
        self.element = element
        self.refs = refs
        self.name = name
        self.truthy = truthy  # what holds if the value is true; None: it never is
        self.falsy = falsy
        self._key: Key | None = None

    def but(self, **changes: Any) -> Value:
        """The same value with these things changed."""
        given: dict[str, Any] = {name: getattr(self, name) for name in _SLOTS}
        given.update(changes)
        return Value(**given)

    @property
    def key(self) -> Key:
        """The same for values between which the analysis makes no difference. Trails are not in it."""
        if self._key is None:
            constant = self.constant
            made_of = (
                self.taints,
                "" if constant is UNSET else (type(constant).__name__, constant),
                self.pieces,
                None if self.fields is None else tuple((name, each.key) for name, each in sorted(self.fields.items())),
                None if self.items is None else tuple(each.key for each in self.items),
                None if self.element is None else self.element.key,
                self.refs,
                self.name,
                self.truthy,
                self.falsy,
            )
            # Of parts only their keys are compared, as one object each: records of records would else be gone through again and again.
            self._key = _KEYS.setdefault(made_of, Key())
        return self._key

    @property
    def plain(self) -> bool:
        """Whether nothing at all is known of it."""
        return self.key is _NOTHING

    def __repr__(self) -> str:
        known = ((name, getattr(self, name)) for name in _SLOTS)
        return (
            "Value("
            + ", ".join(f"{name}={value!r}" for name, value in known if value not in (UNSET, (), None, "", NO_FACTS))
            + ")"
        )


_SLOTS = ("taints", "constant", "pieces", "fields", "items", "element", "refs", "name", "truthy", "falsy")


CLEAN: Final = Value()


_NOTHING = CLEAN.key


def constant(value: str | int | float | bool | None) -> Value:
    """A value that is known."""
    pieces = (value,) if isinstance(value, str) else None
    return Value(constant=value, pieces=pieces, truthy=NO_FACTS if value else None, falsy=None if value else NO_FACTS)


def named(name: str) -> Value:
    """Something of a library, by its dotted name."""
    return Value(name=name)


def tainted(*taints: Taint) -> Value:
    """A value that is untrusted data."""
    return Value(taints=taints)


def join(*values: Value) -> Value:
    """A value that may be any of these."""
    result: Value | None = None
    for each in values:
        result = each if result is None else _join(result, each, {})
    return CLEAN if result is None else result


# Pairs that were joined already, as records can hold the same parts many times.
_Joined = dict[tuple[Key, Key], "Value"]


def _join(one: Value, other: Value, joined: _Joined) -> Value:
    if one is other or one.key is other.key:
        return one
    pair = (one.key, other.key)
    known = joined.get(pair)
    if known is None:
        known = joined[pair] = _join_apart(one, other, joined)
    return known


def _join_apart(one: Value, other: Value, joined: _Joined) -> Value:
    same = one.constant is not UNSET and one.constant == other.constant and type(one.constant) is type(other.constant)
    items: tuple[Value, ...] | None = None
    element = _either(one.element, other.element, joined)
    if one.items is not None and other.items is not None and len(one.items) == len(other.items):
        items = tuple(_join(left, right, joined) for left, right in zip(one.items, other.items, strict=True))
    elif one.items is not None or other.items is not None:
        rest = [*(one.items or ()), *(other.items or ())]
        element = _either(element, join(*rest) if rest else None, joined)
    refs = (
        one.refs
        if one.refs == other.refs
        else (*one.refs, *(each for each in other.refs if each not in one.refs))[: MOST_MEANT + 1]
    )
    return Value(
        one.taints if one.taints == other.taints else merge_taints(one.taints, other.taints),
        one.constant if same else UNSET,
        _worse(one, other),
        _join_fields(one, other, joined),
        items,
        element,
        refs,
        one.name or other.name,
        _common(one.truthy, other.truthy),
        _common(one.falsy, other.falsy),
    )


def _either(one: Value | None, other: Value | None, joined: _Joined) -> Value | None:
    if one is None or other is None:
        return other if one is None else one
    return _join(one, other, joined)


def _common(one: Facts | None, other: Facts | None) -> Facts | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _join_fields(one: Value, other: Value, known: _Joined) -> Mapping[str, Value] | None:
    if one.fields is None and other.fields is None:
        return None
    joined = dict(one.fields or {})
    for name, value in (other.fields or {}).items():
        joined[name] = _join(joined[name], value, known) if name in joined else value
    for left, right in ((one, other), (other, one)):
        # An entry of one may be untrusted data of the other.
        for name in left.fields or {}:
            if right.taints and name not in (right.fields or {}):
                joined[name] = _join(
                    joined[name],
                    Value(taints=tuple(replace(each, path=f"{each.path}.{name}") for each in right.taints)),
                    known,
                )
    return joined


def _worse(one: Value, other: Value) -> Pieces | None:
    """Of two texts the one in which untrusted data comes sooner, as it decides more there."""
    if one.pieces == other.pieces:
        return one.pieces
    if one.pieces is None and one.taints:
        return None
    if other.pieces is None and other.taints:
        return None
    if one.pieces is None or other.pieces is None:
        return other.pieces if one.pieces is None else one.pieces
    first, second = _loose_at(one.pieces), _loose_at(other.pieces)
    return one.pieces if first <= second else other.pieces


def _loose_at(pieces: Pieces) -> tuple[int, int]:
    before = 0
    for index, each in enumerate(pieces):
        if each is LOOSE:
            return index, before
        before += len(each) if isinstance(each, str) else 1
    return 1_000_000, before


def pieces_of(value: Value) -> Pieces:
    """A value as a part of a text."""
    if value.pieces is not None:
        return value.pieces
    if isinstance(value.constant, str | int | float | bool | None):
        return (str(value.constant),)
    return (LOOSE,) if any(True for _ in deep(value)) else (FIXED,)


def text_of(parts: Iterable[Value]) -> Value:
    """A text that is put together of parts."""
    given = tuple(parts)
    pieces: list[Piece] = []
    for part in given:
        for each in pieces_of(part):
            if pieces and isinstance(each, str) and isinstance(pieces[-1], str):
                pieces[-1] = pieces[-1] + each
            elif not (pieces and each is pieces[-1]):
                pieces.append(each)
    if len(pieces) > MOST_PIECES:
        pieces = [*pieces[:MOST_PIECES], LOOSE if LOOSE in pieces[MOST_PIECES:] else FIXED]
    if all(isinstance(each, str) for each in pieces):
        return constant("".join(str(each) for each in pieces)[:20_000])
    mixed = len(given) > 1
    found = merge_taints(*(tuple(deep(each)) for each in given))
    taints = tuple(replace(each, text=True, built=each.built or mixed) for each in found)
    return Value(taints=taints, pieces=tuple(pieces))


def deep(value: Value, depth: int = DEEPEST) -> Iterator[Taint]:
    """The untrusted data in a value and all its parts."""
    yield from value.taints
    left = [(each, depth) for each in parts(value)]
    seen: set[int] = set()
    for each, down in left:  # grows while it is gone through
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield from each.taints
        if down > 1:
            left.extend((part, down - 1) for part in parts(each))


def parts(value: Value) -> Iterator[Value]:
    """What a record or list holds."""
    if value.fields:
        yield from value.fields.values()
    if value.items:
        yield from value.items
    if value.element is not None:
        yield value.element


def is_tainted(value: Value) -> bool:
    """Whether there is any untrusted data in a value."""
    return any(True for _ in deep(value))


def of_taints(value: Value) -> tuple[Taint, ...]:
    """All untrusted data in a value, each once."""
    return merge_taints(deep(value))


def filtered(value: Value, facts: Facts) -> Value:
    """A value under the facts that tests told."""
    if not facts or not (value.taints or value.fields or value.items or value.element):
        return value
    return _filtered(value, facts, DEEPEST, {})


def _filtered(value: Value, facts: Facts, depth: int, done: dict[tuple[int, int], Value]) -> Value:
    known = done.get((id(value), depth))
    if known is not None:
        return known
    changes: dict[str, Any] = {}
    taints = filter_taints(value.taints, facts)
    if taints != value.taints:
        changes["taints"] = taints
        if not taints and value.pieces:
            changes["pieces"] = tuple(FIXED if each is LOOSE else each for each in value.pieces)
    if depth:
        if value.fields:
            fields = {name: _filtered(each, facts, depth - 1, done) for name, each in value.fields.items()}
            if any(fields[name] is not each for name, each in value.fields.items()):
                changes["fields"] = fields
        if value.items:
            items = tuple(_filtered(each, facts, depth - 1, done) for each in value.items)
            if any(new is not old for new, old in zip(items, value.items, strict=True)):
                changes["items"] = items
        if value.element is not None:
            element = _filtered(value.element, facts, depth - 1, done)
            if element is not value.element:
                changes["element"] = element
    done[(id(value), depth)] = result = value.but(**changes) if changes else value
    return result


def changed(value: Value, change: Any) -> Value:
    """A value with its own untrusted data changed."""
    return value.but(taints=tuple(change(each) for each in value.taints)) if value.taints else value


def doubtful(value: Value, why: str) -> Value:
    """A value of which it is not certain that the data is in it."""
    return changed(value, lambda each: each if each.why else replace(each, why=why))
