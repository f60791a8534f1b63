"""The files of a source tree as Terraform sees them: folders are modules, and each file is parsed once."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping

from ..code_places import Files
from ..loading import Unreadable, decoded
from .json_syntax import parse_json
from .parser import Parsed, parse
from .syntax import Literal, Written

LARGEST = 2_000_000
_MOST_FILES = 2_000


class Sources:
    """The Terraform files of a tree by folder."""

    def __init__(self, contents: Mapping[str, Callable[[], bytes]], paths: Iterable[str]) -> None:
        self._contents = contents
        self.files = Files(contents)
        self.folders: dict[str, list[str]] = {}
        self._parsed: dict[str, Parsed] = {}
        for path in sorted(paths):
            if path.endswith((".tf", ".tf.json")):
                self.folders.setdefault(posixpath.dirname(path), []).append(path)

    def text(self, path: str) -> str | None:
        """The text of a file; None if it is none, or too long for one."""
        read = self._contents.get(path)
        content = read() if read else None
        if content is None or len(content) > LARGEST:
            return None
        try:
            return decoded(content)
        except Unreadable:
            return None

    def parsed(self, path: str) -> Parsed:
        """What a file says."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def _parse(self, path: str) -> Parsed:
        text = self.text(path)
        if text is None:
            return Parsed(Written("", (), 1, path), ((0, "is no text that can be read"),))
        try:
            return parse_json(text, path) if path.endswith(".json") else parse(text, path)
        except RecursionError:
            return Parsed(Written("", (), 1, path), ((0, "is nested too deeply"),))

    def bodies(self, folder: str) -> list[Parsed]:
        """What the files of a folder say, in the order of their names."""
        return [self.parsed(path) for path in self.folders.get(folder, ())[:_MOST_FILES]]

    def given(self, folder: str) -> list[Parsed]:
        """The files that give values to the variables of a folder, in the order in which the later prevails."""
        start = f"{folder}/" if folder else ""
        beside = [each for each in self.files.within(folder) if "/" not in each[len(start) :]]
        names = [f"{start}terraform.tfvars", f"{start}terraform.tfvars.json"]
        names += [each for each in beside if each.endswith((".auto.tfvars", ".auto.tfvars.json"))]
        return [self.parsed(each) for each in names if each in self.files]


def calls(body: Written) -> Iterable[tuple[Written, str]]:
    """The modules that a file calls, each with where it lies as it is written; the empty text where that is no plain text."""
    for each in body.of("module"):
        source, _ = each.attributes.get("source", (None, 0))
        yield each, source.value if isinstance(source, Literal) and isinstance(source.value, str) else ""


def is_local(source: str) -> bool:
    """Whether a module lies in the same tree."""
    return source.startswith(("./", "../")) or source in (".", "..")


def beside(folder: str, source: str) -> str | None:
    """The folder of a local module; None if it lies outside the tree."""
    path = posixpath.normpath(posixpath.join(folder, source))
    if path.startswith("../") or path == ".." or path.startswith("/"):
        return None
    return "" if path == "." else path


def roots(sources: Sources) -> list[str]:
    """The folders that are deployed by themselves: no other one calls them. Of folders that only call each other, the first."""
    called: dict[str, set[str]] = {folder: set() for folder in sources.folders}
    for folder in sources.folders:
        for parsed in sources.bodies(folder):
            for _, source in calls(parsed.body):
                lies = beside(folder, source) if is_local(source) else None
                if lies is not None and lies != folder:
                    called[folder].add(lies)
    inner = {lies for each in called.values() for lies in each}
    found = [folder for folder in sources.folders if folder not in inner]
    reached: set[str] = set()
    for folder in [*found, *sources.folders]:
        if folder not in reached and folder not in found:
            found.append(folder)
        _reach(folder, called, reached)
    return sorted(found)


def _reach(folder: str, called: Mapping[str, set[str]], reached: set[str]) -> None:
    pending = [folder]
    while pending:
        each = pending.pop()
        if each not in reached:
            reached.add(each)
            pending.extend(sorted(called.get(each, ())))
