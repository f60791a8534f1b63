"""Walking a folder: every file that counts, links followed within the folder only, nothing opened that is no file."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...code.chosen import INSTALLED, INSTALLED_MANIFEST, NEVER, is_binary
from ...code.package import Refused, UnreadableFile
from ..errors import CollectError

LARGEST_FILE = 20 << 20
MOST_FILES = 200_000
MOST_BYTES = 4 << 30
DEEPEST = 64
# What a run of this tool leaves beside each other: its results are no source.
RESULTS = frozenset({"evidence.seal", "engagement.key"})
# A folder that many functions link to is read in each of them, and a maze of links still ends.
MOST_LINKS = 50


@dataclass(frozen=True, slots=True)
class FolderFile:
    """Reads one file of a folder when it is called. Raises UnreadableFile if it is no longer the file that was found, and what `open` raises."""

    path: str
    size: int

    def __call__(self) -> bytes:
        """Its content."""
        # Not blocking, as a pipe may have taken the place of the file meanwhile.
        handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnreadableFile(f"{self.path}: is no file any more")
            data = stream.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise UnreadableFile(f"{self.path}: is larger than {LARGEST_FILE >> 20} MB")
        return data


@dataclass(frozen=True)
class Walked:
    """The files of a folder by path, sorted; what was refused; how many were left out because of the folder they are in, and how many hold no text."""

    files: Mapping[str, Callable[[], bytes]]
    refused: tuple[Refused, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    binaries: int = 0


def walk(root: Path, results: Path | None = None) -> Walked:
    """Everything below a folder that counts, but for a folder of results. Raises CollectError if it is too large to be a source tree, OSError if it cannot be read at all."""
    work = _Walk(os.path.realpath(root), os.path.realpath(results) if results else "")
    if work.results == work.root:
        raise CollectError(f"{root}: is the source, and the results are to go there too. Name another folder with -o.")
    with os.scandir(work.root):
        pass
    work.run()
    files = {path: work.files[path] for path in sorted(work.files)}
    refused = tuple(sorted(work.refused, key=lambda each: (each.path, each.why)))
    return Walked(files, refused, dict(sorted(work.skipped.items())), work.binaries)


class _Walk:
    def __init__(self, root: str, results: str) -> None:
        self.root, self.results = root, results
        self.files: dict[str, FolderFile] = {}
        self.refused: list[Refused] = []
        self.skipped: Counter[str] = Counter()
        self.binaries = 0
        self._bytes = 0
        self._links: Counter[str] = Counter()

    def run(self) -> None:
        waiting = [(self.root, "")]
        while waiting:
            waiting.extend(self._folder(*waiting.pop()))

    def _folder(self, where: str, path: str) -> Iterator[tuple[str, str]]:
        try:
            with os.scandir(where) as found:
                entries = sorted(found, key=lambda each: each.name)
        except OSError as problem:
            self.refused.append(Refused(_shown(path), f"the folder cannot be read ({problem.strerror})"))
            return
        names = {each.name for each in entries}
        if path and (names >= RESULTS or os.path.realpath(where) == self.results):
            self.skipped["results of assaybook"] += 1
            return
        parents = path.split("/") if path else []
        installed = _installed(parents)
        for entry in entries:
            below = f"{path}/{entry.name}" if path else entry.name
            if not _is_text(entry.name):
                self.refused.append(Refused(_shown(below), "its name is no text"))
                continue
            try:
                mode = entry.stat().st_mode
                target = self._followed(entry, where, stat.S_ISDIR(mode))
                if target and stat.S_ISDIR(mode):
                    if self._enters(entry.name, below, parents, installed):
                        yield target, below
                elif target:
                    self._file(entry.stat(), target, below, installed)
            except OSError as problem:
                self.refused.append(Refused(below, f"it cannot be read ({problem.strerror})"))

    def _followed(self, entry: os.DirEntry[str], where: str, folder: bool) -> str:
        """Where an entry really is; empty if it is a link that is not followed."""
        if not entry.is_symlink():
            return entry.path
        real = os.path.realpath(entry.path)
        why = ""
        if os.path.commonpath([real, self.root]) != self.root:
            why = "a link that leads out of the folder"
        elif folder and os.path.commonpath([os.path.realpath(where), real]) == real:
            why = "a link that leads back to where it is"
        elif folder and self._links[real] >= MOST_LINKS:
            why = f"more than {MOST_LINKS} links lead to the same folder"
        if why:
            self.refused.append(Refused(os.path.relpath(entry.path, self.root).replace(os.sep, "/"), why))
            return ""
        self._links[real] += 1
        return real

    def _enters(self, name: str, below: str, parents: list[str], installed: bool) -> bool:
        if name in NEVER:
            self.skipped[name] += 1
            return False
        if len(parents) >= DEEPEST:
            self.refused.append(Refused(below, f"it is more than {DEEPEST} folders deep"))
            return False
        # Of installed packages only their manifests count, and those of what is installed within them.
        return not installed or name == INSTALLED

    def _file(self, found: os.stat_result, target: str, below: str, installed: bool) -> None:
        if installed and below.rpartition("/")[2] != INSTALLED_MANIFEST:
            self.skipped[INSTALLED] += 1
        elif not stat.S_ISREG(found.st_mode):
            self.refused.append(Refused(below, "a pipe, a socket or a device, which is not opened"))
        elif is_binary(below):
            self.binaries += 1
        elif found.st_size > LARGEST_FILE:
            self.refused.append(Refused(below, f"it is larger than {LARGEST_FILE >> 20} MB"))
        else:
            self.files[below] = FolderFile(target, found.st_size)
            self._bytes += found.st_size
            if len(self.files) > MOST_FILES or self._bytes > MOST_BYTES:
                raise CollectError(
                    f"{self.root} holds more than {MOST_FILES:,} files or {MOST_BYTES >> 30} GB. Name a folder within it, or leave some out in [source] exclude."
                )


def _installed(parents: list[str]) -> bool:
    """Whether a folder is that of an installed package of Node.js."""
    if INSTALLED not in parents:
        return False
    below = len(parents) - 1 - parents[::-1].index(INSTALLED)
    within = parents[below + 1 :]
    return bool(within) and len(within) >= (2 if within[0].startswith("@") else 1)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8") or "."
