"""What rows are worth where a template leaves values open: each row is made with several values in their place, and what comes out alike is known.

A value that a template does not tell (a parameter without a default, an import of another stack) is marked in its captures. Shapers and the things
that they call look at values in a hundred ways, so that no mark could be handed through all of them. Instead the rows of such a stack are made once
for each of a few values of every kind: none, false, true, a text that equals any other, one that equals none, small and large numbers, empty and full
lists and objects. A kind that a field does not take makes no row there and is left aside. A field that is alike in all that remain does not hang on what is
open; any other becomes a gap that names it, and a row that is only there in some is a hole.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..capture import PLACES, UNRESOLVED, UNTOLD, Capture, Captures
from ..evidence import Gap, Hole, Row, Setting

Shaping = Callable[[Captures], Iterator[Row | Hole]]
MOST_NAMED = 3
# Members of a row that say which row it is: where one of them differs, there is no row to speak of.
IDENTITY = ("key", "subject", "sources", "setting", "where")
ABSENT = object()


class AnyText(str):
    """A text that equals every other, and an object whose members are such texts, so that code that reads either takes it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, str)

    __hash__ = str.__hash__

    def __str__(self) -> str:
        return self

    def __contains__(self, other: object) -> bool:
        return True

    def __getitem__(self, place: Any) -> Any:
        return self if isinstance(place, str) else str.__getitem__(self, place)

    def get(self, name: object, default: object = None) -> Any:
        """As of an object: any member is there."""
        return self

    def items(self) -> tuple[()]:
        """As of an object: there is none that could be named."""
        return ()

    keys = values = items

    def _same(self, *_: object) -> Any:
        return self

    lower = upper = casefold = strip = lstrip = rstrip = removesuffix = removeprefix = _same

    def startswith(self, *_: object) -> bool:
        """It begins, and ends, with whatever is asked for."""
        return True

    endswith = startswith


class AnyLists(AnyText):
    """The same, with lists for members."""

    __slots__ = ()

    def get(self, name: object, default: object = None) -> Any:
        """As of an object: any member is there, and a list."""
        return [AnyText(self)]


class OtherText(str):
    """A text that equals no other, told from plain ones when rows are compared."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = str.__hash__

    def __str__(self) -> str:
        return self


Mapping.register(AnyText)
# What is put in the place of an open value, each made of its symbol.
VALUES: tuple[Callable[[str], Any], ...] = (
    lambda symbol: ABSENT,
    lambda symbol: False,
    lambda symbol: True,
    AnyText,
    AnyLists,
    OtherText,
    lambda symbol: 0,
    lambda symbol: 10**6,
    lambda symbol: {},
    lambda symbol: [],
    lambda symbol: [AnyText(symbol)],
    lambda symbol: [AnyLists(symbol)],
)


def told(captures: Captures, shaping: Shaping) -> Iterator[Row | Hole]:
    """The rows that `shaping` makes: of accounts without open values as they are, of each other account as far as they do not hang on those."""
    stacks = {each.target.account for each in captures.of(PLACES)}
    if not stacks:
        yield from shaping(captures)
        return
    places = _Places(captures)
    marked = {each.target.account for each in captures.all if each.target.account in stacks and _is_open(each.answer)}
    rest = captures.only(lambda each: each.target.account not in marked)
    for item in shaping(rest) if rest.all else ():
        yield places.placed(item)
    for account in sorted(marked):
        own = captures.only(lambda each, account=account: each.target.account == account)  # type: ignore[misc]
        for item in _common(own, shaping):
            yield places.placed(item)


def _is_open(value: Any) -> bool:
    if isinstance(value, Mapping):
        return UNRESOLVED in value or any(_is_open(each) for each in value.values())
    return isinstance(value, list) and any(_is_open(each) for each in value)


def _filled(value: Any, make: Callable[[str], Any]) -> Any:
    if isinstance(value, Mapping):
        if UNRESOLVED in value:
            return make(str(value[UNRESOLVED]))
        made = {name: _filled(each, make) for name, each in value.items()}
        return {name: each for name, each in made.items() if each is not ABSENT}
    if isinstance(value, list):
        return [each for each in (_filled(one, make) for one in value) if each is not ABSENT]
    return value


def _common(captures: Captures, shaping: Shaping) -> Iterator[Row | Hole]:
    """What all values agree on."""
    marks = _Marks(captures)
    worlds = []
    for make in VALUES:
        filled = captures.mapped(lambda each, make=make: replace(each, answer=_filled(each.answer, make)))  # type: ignore[misc]
        worlds.append(_World(shaping(filled)))
    keys = dict.fromkeys(key for world in worlds for key in world.rows)
    for key in keys:
        found = [world.rows[key] for world in worlds if key in world.rows]
        table, row = key[0], found[0]
        # A world without the row says that it may not be there, but for one whose values were of a kind that no row could be made of.
        lost = [world for world in worlds if key not in world.rows and not world.odd(table, row)]
        if lost or any(each.subject != row.subject for each in found):
            yield Hole(table, marks.gap(row), row.subject)
        else:
            yield _merged(found, marks)
    yield from _holes(worlds, marks)


class _World:
    """The rows and holes that one value in place of all open ones gives."""

    def __init__(self, items: Iterable[Row | Hole]) -> None:
        self.rows: dict[tuple[type[Row], str], Row] = {}
        self.holes: dict[tuple[type[Row], str, str], Hole] = {}
        self._odd: defaultdict[type[Row], set[str]] = defaultdict(set)
        for item in items:
            if isinstance(item, Hole):
                self.holes.setdefault((item.table, item.subject.key, item.parent), item)
                if _misfit(item.gap):
                    self._odd[item.table].add(item.parent)
            else:
                self.rows.setdefault((type(item), str.__str__(item.key)), item)

    def odd(self, table: type[Row], row: Row) -> bool:
        """Whether a record near a row could not be read, as its value was of a wrong kind."""
        parents = self._odd.get(table, set())
        return any(not parent or parent == row.subject.native or row.key.startswith(parent) for parent in parents)


def _misfit(gap: Gap) -> bool:
    return gap.state == "failed" and gap.reason.startswith(("unexpected answer", "two different records"))


def _holes(worlds: list[_World], marks: _Marks) -> Iterator[Hole]:
    """Holes of all worlds; one that only some have hangs on what is open, unless its value was of a wrong kind while others made the row."""
    for key in dict.fromkeys(key for world in worlds for key in world.holes):
        holes = [world.holes[key] for world in worlds if key in world.holes]
        if len(holes) == len(worlds) and (
            len({each.gap for each in holes}) == 1 or not any(_misfit(each.gap) for each in holes)
        ):
            yield holes[0]
        elif len(holes) == len(worlds) or not all(_misfit(each.gap) for each in holes):
            yield replace(holes[0], gap=marks.about(holes[0].gap, holes[0].subject.native, holes[0].subject.name))


def _merged(found: list[Row], marks: _Marks) -> Row:
    row = found[0]
    changed: dict[str, Any] = {}
    for each in dataclasses.fields(row):
        values = [getattr(one, each.name) for one in found]
        if each.name == "setting":
            changed["setting"] = _worst(values)
        elif each.name in IDENTITY:
            continue
        else:
            fit = [one for one in values if not (isinstance(one, Gap) and _misfit(one))]
            if not fit or _open_text(fit[0]) or any(_differ(one, fit[0]) for one in fit[1:]):
                changed[each.name] = marks.gap(row)
            else:
                changed[each.name] = fit[0]
    return replace(row, **changed)


def _worst(values: list[Setting]) -> Setting:
    """A setting whose members are not known where the values differ, which counts as the worse case."""
    first = values[0]
    if all(each == first for each in values):
        return first
    names = ("internet", "sensitive", "production")
    same = {name: {getattr(each, name) for each in values} for name in names}
    return Setting(**{name: held.pop() if len(held) == 1 else None for name, held in same.items()})


def _differ(one: Any, other: Any) -> bool:
    if _open_text(one) or _open_text(other):
        return True
    if isinstance(one, Gap) and isinstance(other, Gap):
        return (one.call, one.state) != (other.call, other.state)
    return type(one) is not type(other) or bool(one != other)


def _open_text(value: Any) -> bool:
    """Whether a value holds a text that stands for an open one, at any depth."""
    if isinstance(value, (AnyText, OtherText)):
        return True
    if isinstance(value, Mapping):
        return any(_open_text(each) for pair in value.items() for each in pair)
    if isinstance(value, (tuple, list, frozenset)):
        return any(map(_open_text, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return any(_open_text(getattr(value, each.name)) for each in dataclasses.fields(value))
    return False


class _Marks:
    """The open values of an account by the captures that hold them, for the words of gaps."""

    def __init__(self, captures: Captures) -> None:
        self._by_ref = {each.ref: each for each in captures.all if each.ref and _is_open(each.answer)}
        self._by_call: defaultdict[str, list[Capture]] = defaultdict(list)
        for each in captures.all:
            if _is_open(each.answer):
                self._by_call[each.call].append(each)
        self._all = tuple(each for each in captures.all if _is_open(each.answer))

    def gap(self, row: Row) -> Gap:
        """The gap of what hangs on an open value in the captures behind a row."""
        behind = [self._by_ref[each] for each in row.sources if each in self._by_ref] or list(self._all)
        return self._gap(behind, (row.subject.native, row.subject.name))

    def about(self, gap: Gap, *names: str) -> Gap:
        """The same of a gap that came of the wrong kind of a value."""
        return self._gap(self._by_call.get(gap.call) or list(self._all), names)

    def _gap(self, behind: list[Capture], names: tuple[str, ...]) -> Gap:
        said: dict[str, None] = {}
        for capture in behind:
            said.update(dict.fromkeys(_said(_near(capture.answer, names))))
        if not said:
            # Nothing near the thing itself is open, so that it hangs on something farther.
            said.update(dict.fromkeys(each for capture in behind for each in _said(capture.answer)))
        first = behind[0]
        more = f" and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
        why = "; ".join(list(said)[:MOST_NAMED]) + more
        return Gap(first.call, UNTOLD, why, "", first.target.account, first.target.region, first.ref)


def _near(answer: Any, names: tuple[str, ...]) -> Any:
    """Of a list of records those that speak of one of the names, if any do."""
    if isinstance(answer, Mapping):
        return {name: _near(each, names) for name, each in answer.items()}
    if isinstance(answer, list):
        return [each for each in answer if _speaks(each, names)] or answer
    return answer


def _speaks(value: Any, names: tuple[str, ...]) -> bool:
    if isinstance(value, Mapping):
        return any(_speaks(each, names) for each in value.values())
    if isinstance(value, list):
        return any(_speaks(each, names) for each in value)
    return isinstance(value, str) and value in names


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if UNRESOLVED in value:
            where = value.get("where")
            yield f"{value.get('why') or value[UNRESOLVED]}" + (f" ({where})" if where else "")
            return
        for each in value.values():
            yield from _said(each)
    elif isinstance(value, list):
        for each in value:
            yield from _said(each)


class _Places:
    """Where the things of templates are written, by account."""

    def __init__(self, captures: Captures) -> None:
        self._by_account: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for each in captures.of(PLACES):
            found = each.answer.get("places")
            if isinstance(found, list):
                self._by_account[each.target.account].update({str(name): str(where) for name, where in found})

    def placed(self, item: Row | Hole) -> Row | Hole:
        """A row with the line at which it, or the thing that it belongs to, is written."""
        if isinstance(item, Hole) or item.where:
            return item
        places = self._by_account.get(item.subject.account)
        if not places:
            return item
        where = next((found for name in (item.key, item.subject.native) if (found := _longest(places, name))), "")
        return replace(item, where=where) if where else item


def _longest(places: Mapping[str, str], name: str) -> str:
    """The place of the longest beginning of a name, cut at its separators, that has one."""
    while name:
        if name in places:
            return places[name]
        name = name[: max(name.rfind(mark) for mark in " /:|#")] if any(mark in name for mark in " /:|#") else ""
    return ""
