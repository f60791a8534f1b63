"""Facts of packages that were read before, by the content of the package and all that decides what is read of it.

Only what may stand in a seal is kept, so the cache holds no code but the masked single lines, and no secret. A file that cannot be used, for whatever
reason, counts as none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import stat
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...canonical import canonical
from ...code.extractors import EXTRACTORS, extractor_version
from ...code.package import Package
from ...files import write_atomically

FORMAT = "assaybook-facts/1"
MOST_BYTES = 512 << 20
LARGEST = 256 << 20
SUFFIX = ".json.gz"
# Beyond its bound the cache is cut to this share of it, oldest first, so that it is not cut at each run.
KEPT_SHARE = 0.8


def default_folder() -> Path:
    """Where facts are kept unless another folder is named: `assaybook` in the user's folder for caches."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if given.startswith("/") else Path.home() / ".cache") / "assaybook"


class FactCache:
    """Facts by key, in files of a folder that only its owner can read. Nothing that goes wrong with it stops a collection."""

    def __init__(self, folder: Path | None, *, most: int = MOST_BYTES) -> None:
        """Use a folder, made if it is not there; None keeps nothing. A folder that others may write to is not used."""
        self._most = most
        self._folder = folder if folder and _own(folder) else None

    def get(self, key: str) -> Mapping[str, Any] | None:
        """What was kept under a key, if it is whole."""
        if self._folder is None:
            return None
        path = self._path(self._folder, key)
        try:
            with gzip.open(path) as stream:
                data = stream.read(LARGEST + 1)
            document = json.loads(data) if len(data) <= LARGEST else None
            if not isinstance(document, dict) or document.get("format") != FORMAT or document.get("key") != key:
                return None
            facts = document.get("facts")
            if not isinstance(facts, dict) or hashlib.sha256(canonical(facts)).hexdigest() != document.get("sha256"):
                return None
            os.utime(path)
        except (OSError, EOFError, ValueError, zlib.error, RecursionError):
            return None
        return facts

    def put(self, key: str, facts: Mapping[str, Any]) -> None:
        """Keep facts under a key."""
        if self._folder is None:
            return
        document = {
            "format": FORMAT,
            "key": key,
            "facts": facts,
            "sha256": hashlib.sha256(canonical(dict(facts))).hexdigest(),
        }
        path = self._path(self._folder, key)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_atomically(path, gzip.compress(canonical(document), 5, mtime=0), mode=0o600)
        except OSError:
            self._folder = None

    def prune(self) -> int:
        """Remove what was not used for longest until the bound holds; gives how many were removed."""
        if self._folder is None:
            return 0
        found: list[tuple[float, int, Path]] = []
        for path in self._folder.glob(f"??/*{SUFFIX}"):
            try:
                told = path.stat()
            except OSError:
                continue
            found.append((told.st_mtime, told.st_size, path))
        total, removed = sum(size for _, size, _ in found), 0
        if total <= self._most:
            return 0
        for _, size, path in sorted(found):
            path.unlink(missing_ok=True)
            total, removed = total - size, removed + 1
            if total <= self._most * KEPT_SHARE:
                break
        return removed

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / f"{key}{SUFFIX}"


def _own(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = folder.stat()
    except OSError:
        return False
    mine = not hasattr(os, "geteuid") or told.st_uid == os.geteuid()
    return mine and not told.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def key_of(package: Package, mark: str, *, code_lines: bool) -> str:
    """The key of a package's facts: its content and name, its entries, the rules, the options, and `mark`, which tells one engagement's fingerprints from another's."""
    content = {
        "package": [package.name, package.kind, package.sha256, package.located, package.within],
        "entries": [
            [each.workload, each.handler, each.runtime, each.provider, each.guessed] for each in package.entries
        ],
        "refused": [[each.path, each.why] for each in package.refused],
        "borrowed": dict(package.borrowed),
        "notes": list(package.notes),
        "extractors": sorted(EXTRACTORS),
        "version": extractor_version(),
        "code lines": code_lines,
        "mark": mark,
    }
    return hashlib.sha256(canonical(content)).hexdigest()
