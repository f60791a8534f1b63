"""At which file and line the things of a template are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..capture import PLACES, Captures
from ..evidence import Hole, Row


def placed(captures: Captures, items: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """The same, with the line at which each thing of a template is written."""
    if not captures.of(PLACES):
        yield from items
        return
    places = _Places(captures)
    yield from map(places.placed, items)


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
