"""A source tree: a folder, a zip archive or a single template, read into files, with what was left out and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from ...code.archives import RefusedArchive, is_zip, zip_files
from ...code.chosen import INSTALLED, NEVER, is_binary, keeps
from ...code.package import Refused
from ..errors import CollectError
from .folder import walk

TEMPLATES = frozenset({".yaml", ".yml", ".json", ".template", ".tf"})
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
REFERENCE = re.compile(r"ref: (refs/[\w./-]+)")
LONGEST_GIT_FILE = 4 << 20


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Files that are left out by a pattern of their paths, why, and who agreed to that."""

    pattern: str
    reason: str
    reviewer: str


@dataclass(frozen=True)
class SourceTree:
    """What is read of a source tree. `kind` is folder, zip or template; `excluded` counts the files that each pattern left out."""

    name: str
    kind: str
    files: Mapping[str, Callable[[], bytes]] = field(repr=False)
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    excluded: tuple[tuple[Exclusion, int], ...] = ()
    binaries: int = 0
    commit: str = ""


def read_tree(path: Path, exclusions: Sequence[Exclusion] = (), results: Path | None = None) -> SourceTree:
    """Find the files of a source tree; their content is read later. Raises CollectError with what is wrong and what to do."""
    try:
        tree = _tree(path, results)
    except RefusedArchive as refused:
        raise CollectError(
            f"{path}: is not read: {refused}. Unpack it by means that you trust, and name the folder."
        ) from refused
    except OSError as problem:
        raise CollectError(
            f"{path}: cannot be read ({problem.strerror or problem}). Name a folder, a .zip or a template with --source."
        ) from problem
    if not tree.files and not tree.refused:
        raise CollectError(f"{path}: holds no file to assess. Name the folder with the code and the templates.")
    return _without(tree, exclusions)


def _tree(path: Path, results: Path | None) -> SourceTree:
    if path.is_dir():
        walked = walk(path, results)
        name = safe_name(path.resolve().name)
        return SourceTree(
            name, "folder", walked.files, walked.refused, (), walked.skipped, (), walked.binaries, commit_of(path)
        )
    if not path.exists():
        raise CollectError(f"{path}: is not there. Name a folder, a .zip or a template with --source.")
    if not path.is_file():
        raise CollectError(
            f"{path}: is neither a folder nor a file. Name a folder, a .zip or a template with --source."
        )
    with path.open("rb") as stream:
        start = stream.read(4)
    if is_zip(start):
        return _zipped(path)
    if path.suffix.lower() in TEMPLATES:
        return SourceTree(safe_name(path.stem), "template", {path.name: path.read_bytes})
    raise CollectError(
        f"{path}: is no zip archive, and its name is not that of a template (.yaml, .json, .tf). Name a folder, a .zip or a template."
    )


def _zipped(path: Path) -> SourceTree:
    unpacked = zip_files(path)
    files: dict[str, Callable[[], bytes]] = {}
    skipped: Counter[str] = Counter()
    binaries = 0
    for name, read in unpacked.files.items():
        parts = name.split("/")
        if not keeps(parts):
            skipped[next((part for part in parts if part in NEVER), INSTALLED)] += 1
        elif is_binary(name):
            binaries += 1
        else:
            files[name] = read
    return SourceTree(
        safe_name(path.stem),
        "zip",
        files,
        unpacked.refused,
        unpacked.notes,
        dict(sorted(skipped.items())),
        (),
        binaries,
    )


def _without(tree: SourceTree, exclusions: Sequence[Exclusion]) -> SourceTree:
    """The tree without what was agreed to leave out. A pattern that matches nothing is told by its count."""
    files = dict(tree.files)
    counted: list[tuple[Exclusion, int]] = []
    for each in exclusions:
        found = [path for path in files if matches(path, each.pattern)]
        counted.append((each, len(found)))
        for path in found:
            del files[path]
    return SourceTree(
        tree.name, tree.kind, files, tree.refused, tree.notes, tree.skipped, tuple(counted), tree.binaries, tree.commit
    )


def matches(path: str, pattern: str) -> bool:
    """Whether a path is one that a pattern means: `tests/fixtures` and all below it, `*.snap` by name anywhere, `src/*.json` by the whole path."""
    plain = pattern.strip("/").removesuffix("/**")
    if "/" in plain:
        return fnmatchcase(path, plain) or any(fnmatchcase(parent, plain) for parent in _parents(path))
    return any(fnmatchcase(part, plain) for part in path.split("/"))


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def safe_name(name: str) -> str:
    """A name that can stand in a target and in the name of a part of the seal."""
    return re.sub(r"[^A-Za-z0-9._]+", "_", name).strip("._")[:60] or "source"


def commit_of(root: Path) -> str:
    """The commit that is checked out, read from the folder `.git` without running anything; empty if there is none. Addresses of remotes are never read."""
    git = root / ".git"
    try:
        head = _small(git / "HEAD").strip()
        if COMMIT.fullmatch(head):
            return head
        reference = REFERENCE.fullmatch(head)
        if not reference or ".." in reference[1].split("/"):
            return ""
        loose = git / reference[1]
        if loose.is_file():
            found = _small(loose).strip()
            return found if COMMIT.fullmatch(found) else ""
        for line in _small(git / "packed-refs").splitlines():
            commit, _, name = line.partition(" ")
            if name == reference[1] and COMMIT.fullmatch(commit):
                return commit
    except (OSError, UnicodeDecodeError):
        return ""
    return ""


def _small(path: Path) -> str:
    if not path.is_file() or path.stat().st_size > LONGEST_GIT_FILE:
        raise FileNotFoundError(path)
    return path.read_text(encoding="utf-8")
