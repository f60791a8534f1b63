"""What code is read from: the files of a package, and where it is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .ir import Module


@dataclass(frozen=True, slots=True)
class Entry:
    """A configured way into the code: a workload's handler, as it is configured (`app.lambda_handler`, `src/index.handler`, an Azure or Google function).

    `workload` is the key of the Workload (an ARN on AWS), empty if none is known. `guessed` marks one that no configuration names but whose name and
    parameters are those of a handler.
    """

    workload: str
    handler: str
    runtime: str = ""
    provider: str = "aws"
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not read, and why (too large, a symbolic link, a path that leaves the package ...)."""

    path: str
    why: str


class UnreadableFile(OSError):
    """A file of a package that does not give what it announces: it is gone, larger than it said, or damaged."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that is held in memory."""

    data: bytes = field(repr=False)

    def __call__(self) -> bytes:
        """Its content."""
        return self.data


@dataclass(frozen=True)
class Package:
    """Files that are deployed together. `files` maps paths (posix, relative, sorted) to what reads them, so that nothing is held that nobody looks at.

    `kind` is zip, layer, image or folder; `name` identifies it in captures (an ARN, a path); `sha256` is over paths and contents; `located` is put before a
    path to say where a file is for a person (the folder of the package within the repository, else empty). `borrowed` has the files that are there only so
    that imports find them (those of the function's own layers), each with where it is for a person: what they hold by themselves is told of the package
    that they belong to. `notes` are oddities that hide nothing.
    """

    name: str
    kind: str
    files: Mapping[str, Callable[[], bytes]] = field(repr=False)
    sha256: str
    entries: tuple[Entry, ...] = ()
    refused: tuple[Refused, ...] = ()
    located: str = ""
    borrowed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def where(self, path: str, line: int = 0) -> str:
        """Where a file or line is, as a person would look it up."""
        whole = self.borrowed.get(path) or (f"{self.located}/{path}" if self.located else path)
        return f"{whole}:{line}" if line else whole

    def alone(self) -> Package:
        """The same package without the files that it borrowed."""
        if not self.borrowed:
            return self
        own = {path: read for path, read in self.files.items() if path not in self.borrowed}
        return replace(self, files=own, borrowed={})


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A source file that could not be parsed, or is in a language that is not read, and why."""

    path: str
    why: str
    line: int = 0


class NotParsed(Exception):
    """A source file cannot be lowered: why, and at which line (0: none in particular). Raised by what lowers a language; the program keeps it as Unparsed."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why, self.line = why, line


@dataclass(frozen=True)
class Program:
    """A package with its own source parsed; what is vendored (site-packages, node_modules) is in none of these."""

    package: Package
    modules: Mapping[str, Module]
    unparsed: tuple[Unparsed, ...] = ()
    vendored: int = 0
    tests: tuple[str, ...] = ()  # paths of modules that are tests or their fixtures: parsed, but no way in
    notes: tuple[Unparsed, ...] = ()  # parts of parsed files that could not be read

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    def alone(self) -> Program:
        """The same program without what its package borrowed."""
        borrowed = self.package.borrowed
        if not borrowed:
            return self
        own = {path: module for path, module in self.modules.items() if path not in borrowed}
        left = tuple(each for each in self.unparsed if each.path not in borrowed)
        tests = tuple(each for each in self.tests if each not in borrowed)
        notes = tuple(each for each in self.notes if each.path not in borrowed)
        return replace(self, package=self.package.alone(), modules=own, unparsed=left, tests=tests, notes=notes)

    @property
    def languages(self) -> Mapping[str, int]:
        """How many files of each language were parsed."""
        counts: dict[str, int] = {}
        for each in self:
            counts[each.language] = counts.get(each.language, 0) + 1
        return {language: counts[language] for language in sorted(counts)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What an extractor needs beside the package. `fingerprint` makes a keyed digest of a secret value; `code_lines` is False if no line of code is to be kept."""

    fingerprint: Callable[[str], str]
    code_lines: bool = True


# Gives the answer of a derived capture: plain JSON, in a defined order, without any secret value.
Extractor = Callable[[Program, Reading], Mapping[str, Any]]
