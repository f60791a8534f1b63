"""Mappings and lists that know where in which file each of their values stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Block(dict[str, Any]):
    """A mapping of a template; `lines` tells the line of each key, and `files` the file of those that another file brought in."""

    __slots__ = ("file", "files", "line", "lines")

    def __init__(self, file: str = "", line: int = 0) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}
        self.files: dict[str, str] = {}

    def put(self, key: str, value: Any, line: int = 0) -> None:
        """Set a key and say in which line it stands."""
        self[key] = value
        self.lines[key] = line or self.line

    def take(self, source: Block, key: str, value: Any, name: str = "") -> None:
        """Set a key (under another name, if one is given) and say that it stands where it does in another mapping."""
        self.put(name or key, value, source.lines.get(key, source.line))
        file = source.files.get(key, source.file)
        if file != self.file:
            self.files[name or key] = file
        else:
            self.files.pop(name or key, None)

    def where(self, key: str | None = None) -> str:
        """Where a key stands, or else the mapping itself: file:line."""
        if key is None:
            return place(self.file, self.line)
        return place(self.files.get(key, self.file), self.lines.get(key, self.line))

    def like(self) -> Block:
        """An empty mapping at the same place."""
        return Block(self.file, self.line)


class Series(list[Any]):
    """A list of a template; `lines` tells the line of each item."""

    __slots__ = ("file", "line", "lines")

    def __init__(self, file: str = "", line: int = 0) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: list[int] = []

    def add(self, value: Any, line: int = 0) -> None:
        """Append an item and say in which line it stands."""
        self.append(value)
        self.lines.append(line or self.line)

    def where(self, index: int | None = None) -> str:
        """Where an item stands, or else the list itself: file:line."""
        known = index is not None and index < len(self.lines)
        return place(self.file, self.lines[index] if known and index is not None else self.line)

    def like(self) -> Series:
        """An empty list at the same place."""
        return Series(self.file, self.line)


def place(file: str, line: int) -> str:
    """Where something stands, as a person would look it up."""
    return f"{file}:{line}" if line else file


def block(value: Any) -> Block:
    """The value if it is a mapping, else an empty one: templates may hold anything anywhere."""
    return value if isinstance(value, Block) else Block()


def over(below: Block, above: Block) -> Block:
    """Two mappings as one; what the second says prevails, and mappings in both are merged likewise."""
    made = above.like() if above else below.like()
    for source in (below, above):
        for key, value in source.items():
            old = made.get(key)
            if source is above and isinstance(old, Block) and isinstance(value, Block):
                value = over(old, value)
            made.take(source, key, value)
    return made


def located(value: Any, file: str, line: int) -> Any:
    """Plain JSON as mappings and lists that all stand at one place."""
    if isinstance(value, Block | Series):
        return value
    if isinstance(value, Mapping):
        made = Block(file, line)
        for key, item in value.items():
            made.put(str(key), located(item, file, line), line)
        return made
    if isinstance(value, list | tuple):
        series = Series(file, line)
        for item in value:
            series.add(located(item, file, line), line)
        return series
    return value


def plain(value: Any) -> Any:
    """The same value as plain dicts, lists, texts, numbers and switches, each a copy of its own."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def grafted(value: Any, originals: Iterable[Any], file: str, line: int) -> Any:
    """A value made from others, with the lines of those of its parts that stand at the same place in one of them; the rest stands at `line`.

    The first of the originals that has a key tells its line.
    """
    known = [each for each in originals if isinstance(each, Block | Series)]
    if isinstance(value, Mapping):
        return _grafted_block(value, [each for each in known if isinstance(each, Block)], file, line)
    if isinstance(value, list | tuple):
        lists = [each for each in known if isinstance(each, Series)]
        first = lists[0] if lists else Series(file, line)
        series = Series(first.file, first.line or line)
        for index, item in enumerate(value):
            at = first.lines[index] if index < len(first.lines) else series.line
            series.add(grafted(item, first[index : index + 1], series.file, at), at)
        return series
    return value


def _grafted_block(value: Mapping[str, Any], known: list[Block], file: str, line: int) -> Block:
    first = known[0] if known else Block(file, line)
    made = Block(first.file or file, first.line or line)
    for key, item in value.items():
        source = next((each for each in known if key in each), None)
        at = source.lines.get(key, source.line) if source is not None else made.line
        inner = grafted(item, [each[key] for each in known if key in each], source.file if source else made.file, at)
        if source is None:
            made.put(str(key), inner, at)
        else:
            made.take(source, key, inner, str(key))
    return made
