"""The files of a source tree as templates see each other: what one includes, nests or imports of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .cloudformation import Stack
from .code_places import Files
from .loading import Document, Unreadable, decoded, load
from .located import Block, Series
from .resources import Unresolved
from .values import unresolved

Content = Callable[[], bytes]


class Forest:
    """All files of a source tree, each loaded once. `taken` are those that another template takes in and that are no template of their own."""

    def __init__(self, files: Mapping[str, Content]) -> None:
        self._contents = files
        self.paths = tuple(sorted(files))
        self.files = Files(files)
        self.roots: list[Stack] = []
        self.taken: set[str] = set()
        self._last: tuple[str, bytes] = ("", b"")
        self._documents: dict[str, Document | None] = {}
        self._exports: dict[str, list[tuple[Stack, str]]] | None = None

    def content(self, path: str) -> bytes:
        """What is in a file. The last one is kept, as several ask about each file in turn."""
        if self._last[0] != path:
            self._last = (path, self._contents[path]())
        return self._last[1]

    def document(self, path: str) -> Document | None:
        """The document in a file; None if it is none."""
        if path not in self._documents:
            try:
                self._documents[path] = load(self.content(path), path) if path in self._contents else None
            except Unreadable:
                self._documents[path] = None
        return self._documents[path]

    def remarks(self, path: str) -> list[tuple[int, str]]:
        """What was odd about the text of a file."""
        found = self.document(path)
        return found.remarks if found is not None else []

    def text(self, path: str) -> str:
        """The text of a file; empty if it is none."""
        try:
            return decoded(self.content(path)) if path in self._contents else ""
        except Unreadable:
            return ""

    def fragment(self, path: str) -> Block | None:
        """The mapping in a file; None if it holds none."""
        found = self.document(path)
        return found.value if found is not None and isinstance(found.value, Block) else None

    def prepare(self, stack: Stack) -> Block:
        """A template with its transforms applied."""
        from .sam import expanded

        return expanded(stack)

    def exported(self, name: str, asking: Stack, where: str) -> Any:
        """What a stack of the tree exports under a name.

        Each stack has an account of its own only because it is assessed on its own; what one imports lies in the account of the importing one.
        """
        found = [each for each in self._known_exports().get(name, []) if each[0].path != asking.path]
        if len(found) != 1:
            why = "no template" if not found else "more than one template"
            return unresolved(f"ImportValue {name}", f"{why} of the source tree exports {name}", where)
        stack, output = found[0]
        return moved(stack.output(output, where), stack.place.account, asking.place.account)

    def _known_exports(self) -> Mapping[str, list[tuple[Stack, str]]]:
        if self._exports is None:
            # Set before it is filled: the name of an export may itself hang on an import.
            self._exports = {}
            found: dict[str, list[tuple[Stack, str]]] = {}
            for root in self.roots:
                for stack in root.stacks():
                    for name, output in stack.exports():
                        found.setdefault(name, []).append((stack, output))
            self._exports = found
        return self._exports


def moved(value: Any, account: str, to: str) -> Any:
    """A value as it is in another account."""
    if isinstance(value, str) and not isinstance(value, Unresolved):
        return type(value)(value.replace(account, to))
    if isinstance(value, Series):
        series = value.like()
        for item, line in zip(value, value.lines, strict=True):
            series.add(moved(item, account, to), line)
        return series
    return value
