"""Zip archives read in memory and with bounds. Nothing is ever written to disk, and no size, count or name that an archive tells is believed.

What makes an archive as a whole untrustworthy raises `RefusedArchive` with one reason; a single odd entry is refused and the rest is read.
"""

from __future__ import annotations

import stat
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .package import Refused, UnreadableFile
from .zip_directory import (
    ENCRYPTED,
    LONGEST_NAME,
    Entry,
    RefusedArchive,
    Source,
    directory_of,
    entries_of,
    read_bytes,
    spans_of,
)

__all__ = ["ArchiveLimits", "RefusedArchive", "Unpacked", "ZippedFile", "is_zip", "path_problem", "zip_files"]

STORED, DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Bounds on what is read of an archive.

    `file` and `total` are bytes after decompression. AWS unpacks at most 250 MB of function and layers together, and takes at most 50 MB zipped when they are
    uploaded directly (AWS Lambda Developer Guide, "Lambda quotas"), so that the defaults leave room. `ratio` is how much smaller a file of more than `small` bytes may have been packed.
    """

    entries: int = 100_000
    file: int = 20 << 20
    total: int = 1 << 30
    ratio: int = 400
    small: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of an archive by path, sorted, with what reads them; what was refused; and oddities that hide nothing."""

    files: Mapping[str, Callable[[], bytes]]
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZippedFile:
    """Reads one file of an archive when it is called. Raises UnreadableFile if it is not what the archive announced."""

    source: Source
    path: str
    start: int
    packed: int
    size: int
    method: int
    crc: int

    def __call__(self) -> bytes:
        """Its content."""
        raw = read_bytes(self.source, self.start, self.packed)
        data = raw
        if self.method == DEFLATED:
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                data = unpacker.decompress(raw, self.size + 1)
            except zlib.error as damage:
                raise UnreadableFile(f"{self.path}: is damaged ({damage})") from damage
            if unpacker.unconsumed_tail or (len(data) == self.size and not unpacker.eof):
                data += b"\0"
        if len(data) != self.size:
            raise UnreadableFile(f"{self.path}: its size is not the one that the archive tells")
        if zlib.crc32(data) != self.crc:
            raise UnreadableFile(f"{self.path}: is damaged (its checksum is another)")
        return data


def is_zip(data: bytes) -> bool:
    """Whether something begins as an archive does."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def zip_files(source: Source, limits: ArchiveLimits | None = None) -> Unpacked:
    """The files of an archive (its bytes, or the path of a file). Raises RefusedArchive, or OSError if the file cannot be read."""
    bounds = limits or ArchiveLimits()
    length = len(source) if isinstance(source, bytes) else source.stat().st_size
    directory, first, shift = directory_of(source, length, bounds.entries)
    entries = list(entries_of(directory, shift))
    if sum(each.size for each in entries) > bounds.total:
        raise RefusedArchive(f"it would unpack to more than {bounds.total >> 20} MB")
    spans = spans_of(source, entries, first)
    refused: list[Refused] = []
    kept: dict[str, ZippedFile] = {}
    twice = _different(entries)
    parents = {
        "/".join(parts[:end]) for each in entries for parts in [each.path.split("/")] for end in range(1, len(parts))
    }
    for entry, (start, problem) in zip(entries, spans, strict=True):
        if entry.path.endswith("/") and not entry.size:
            continue
        why = problem or _refusal(entry, bounds)
        if not why and entry.path in twice:
            why = "two different entries have this name, and which one is used depends on who unpacks them"
        if not why and entry.path in parents:
            why = "a file where others have a folder"
        if why:
            refused.append(Refused(entry.path[:LONGEST_NAME], why))
        else:
            kept[entry.path] = ZippedFile(source, entry.path, start, entry.packed, entry.size, entry.method, entry.crc)
    return Unpacked(
        {path: kept[path] for path in sorted(kept)},
        tuple(sorted(set(refused), key=lambda each: (each.path, each.why))),
        tuple(_alike(kept)),
    )


def _refusal(entry: Entry, bounds: ArchiveLimits) -> str:
    kind = stat.S_IFMT(entry.attributes >> 16)
    if problem := path_problem(entry.path):
        return problem
    if kind == stat.S_IFLNK:
        return "a symbolic link, which is not followed"
    if kind not in (0, stat.S_IFREG):
        return "a device, a folder or something else that is no file"
    if entry.flags & ENCRYPTED:
        return "it is encrypted"
    if entry.method not in (STORED, DEFLATED):
        return f"its method of compression ({entry.method}) is not read"
    if entry.method == STORED and entry.packed != entry.size:
        return "it is not compressed and still tells two sizes"
    if entry.size > bounds.file:
        return f"it is larger than {bounds.file >> 20} MB"
    if entry.size > bounds.small and entry.size > bounds.ratio * max(1, entry.packed):
        return f"it is packed more than {bounds.ratio} times smaller than it is"
    return ""


def path_problem(path: str) -> str:
    """Why a path must not be used; empty if it may be."""
    if not path or path == "/" or len(path) > LONGEST_NAME:
        return "its name is empty or too long"
    if "\0" in path:
        return "its name holds a zero byte"
    if path.startswith("/") or path[1:2] == ":" or "\\" in path:
        return "its name is no relative path (it begins with a slash or a drive, or holds a backslash)"
    if ".." in path.split("/"):
        return "its name leads out of the archive"
    return ""


def _different(entries: Sequence[Entry]) -> set[str]:
    """The names under which entries with different content stand."""
    contents: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for each in entries:
        contents[each.path].add((each.crc, each.size))
    return {path for path, found in contents.items() if len(found) > 1}


def _alike(paths: Mapping[str, object]) -> Iterator[str]:
    counted = Counter(path.casefold() for path in paths)
    for path in sorted(path for path in paths if counted[path.casefold()] > 1):
        yield f"{path}: another name differs from it only by case"
