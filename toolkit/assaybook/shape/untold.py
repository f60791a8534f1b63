"""What rows are worth where a template leaves values open: each row is made with several values in their place, and what comes out alike is known.

A value that a template does not tell (a parameter without a default, an import of another stack) is marked in its captures. Shapers and the things
that they call look at values in a hundred ways, so that no mark could be handed through all of them. Instead the rows of such a stack are made once
for each of a few values of every kind: none, false, true, a text that equals any other, one that equals none, small and large numbers, empty and full
lists and objects. A kind that a field does not take makes no row there and is left aside; all values of one kind at least have to make it. A field that
is alike in all that remain does not hang on what is open; any other becomes a gap that names it, and a row that is only there in some is a hole.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..capture import PLACES, UNRESOLVED, UNTOLD, Capture, Captures
from ..evidence import Gap, Hole, Row, Setting
from .open_values import ABSENT, KINDS, VALUES, AnyText, OtherText

Shaping = Callable[[Captures], Iterator[Row | Hole]]
MOST_NAMED = 3
# Members of a row that say which row it is: where one of them differs, there is no row to speak of.
IDENTITY = ("key", "subject", "sources", "setting", "where")


def told(captures: Captures, shaping: Shaping) -> Iterator[Row | Hole]:
    """The rows that `shaping` makes: of accounts without open values as they are, of each other account as far as they do not hang on those."""
    stacks = {each.target.account for each in captures.of(PLACES)}
    if not stacks:
        yield from shaping(captures)
        return
    marked = {each.target.account for each in captures.all if each.target.account in stacks and _is_open(each.answer)}
    rest = captures.only(lambda each: each.target.account not in marked)
    if rest.all:
        yield from shaping(rest)
    for account in sorted(marked):
        own = captures.only(lambda each, account=account: each.target.account == account)  # type: ignore[misc]
        yield from _common(own, shaping)


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
    opened = {id(each) for each in captures.all if _is_open(each.answer)}
    for kind, make in VALUES:
        filled = captures.mapped(
            lambda each, make=make: replace(each, answer=_filled(each.answer, make)) if id(each) in opened else each  # type: ignore[misc]
        )
        worlds.append(_World(kind, shaping(filled)))
    for key in dict.fromkeys(key for world in worlds for key in world.rows):
        found = [(world.kind, world.rows[key]) for world in worlds if key in world.rows]
        table, row = key[0], found[0][1]
        # A world without the row says that it may not be there, but for one whose values were of a kind that no row could be made of.
        lost = [world for world in worlds if key not in world.rows and not world.odd(table, row)]
        if lost or not _whole(kind for kind, _ in found) or any(each.subject != row.subject for _, each in found):
            yield Hole(table, marks.gap(row), row.subject)
        else:
            yield _merged(found, marks)
    yield from _holes(worlds, marks)


def _whole(kinds: Iterable[int]) -> bool:
    """Whether all values of some kind are there."""
    counted = Counter(kinds)
    return any(counted[kind] == len(values) for kind, values in enumerate(KINDS))


class _World:
    """The rows and holes that one value in place of all open ones gives."""

    def __init__(self, kind: int, items: Iterable[Row | Hole]) -> None:
        self.kind = kind
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


def _merged(found: list[tuple[int, Row]], marks: _Marks) -> Row:
    row = found[0][1]
    changed: dict[str, Any] = {}
    for each in dataclasses.fields(row):
        values = [(kind, getattr(one, each.name)) for kind, one in found]
        if each.name == "setting":
            changed["setting"] = _worst([one for _, one in values])
        elif each.name not in IDENTITY:
            fit = [(kind, one) for kind, one in values if not (isinstance(one, Gap) and _misfit(one))]
            first = fit[0][1] if fit else None
            if len(fit) == 0 and len({one for _, one in values}) == 1:
                # What cannot be read whatever the open values are does not hang on them.
                changed[each.name] = values[0][1]
            elif not _whole(kind for kind, _ in fit) or _open_text(first) or any(_differ(one, first) for _, one in fit):
                changed[each.name] = marks.gap(row)
            else:
                changed[each.name] = first
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
