"""The layers of an image, one upon the other, as far as their files say something: code, manifests, what is installed."""

from __future__ import annotations

import gzip
import re
import tarfile
import zlib
from collections import Counter
from typing import IO, Any

from .archives import path_problem
from .chosen import is_binary, keeps
from .image_store import ImageStore, RefusedImage
from .package import Refused

WHITEOUT, OPAQUE = ".wh.", ".wh..wh..opq"
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
LARGEST_FILE = 4 << 20
MOST_HELD = 256 << 20
MOST_READ = 4 << 30
LARGEST_HEADER = 1 << 20
MOST_MEMBERS = 500_000
BUFFER = 1 << 16
MOST_REFUSED = 1000
# Folders that people put code into, beside the one that the image is started in.
CODE = ("var/task/", "opt/", "app/", "usr/src/", "srv/", "home/", "function/", "code/", "workspace/", "root/")
# What says what is installed, wherever it is.
INSTALLED = re.compile(
    r"(?:^|/)(?:[^/]+\.(?:dist-info|egg-info)/(?:METADATA|PKG-INFO|RECORD|direct_url\.json|top_level\.txt)|node_modules/(?:@[^/]+/)?[^/]+/package\.json)$"
    r"|^(?:var/lib/dpkg/status(?:\.d/[^/]+)?|lib/apk/db/installed|etc/os-release|usr/lib/os-release)$"
)


class Layers:
    """The files of layers that were added so far."""

    def __init__(self, root: str) -> None:
        """`root` is the folder in which the image's own code is."""
        self.files: dict[str, bytes] = {}
        self.notes: list[str] = []
        self._roots = (*CODE, f"{root}/") if root else CODE
        self._refused: dict[str, str] = {}
        self._folders: Counter[str] = Counter()
        self._held = 0
        self._read = 0

    def refused(self) -> tuple[Refused, ...]:
        """What was not read, and why."""
        return tuple(Refused(path, self._refused[path]) for path in sorted(self._refused))

    def add(self, store: ImageStore, name: str) -> None:
        """Put a layer upon the others. Raises RefusedImage if it cannot be read: what it would have changed is not known then."""
        with store.open(name) as packed:
            start = packed.read(4)
            packed.seek(0)
            if start == ZSTD:
                raise RefusedImage("a layer of it is packed with Zstandard, which is not read")
            stream: Any = gzip.GzipFile(fileobj=packed) if start[:2] == GZIP else packed
            bounded = _Bounded(stream, MOST_READ - self._read)
            source: Any = bounded
            try:
                with tarfile.open(fileobj=source, mode="r|", bufsize=BUFFER) as archive:
                    self._members(archive, bounded)
            except (tarfile.TarError, EOFError, ValueError, OSError, zlib.error, RecursionError) as damage:
                raise RefusedImage(f"a layer of it is damaged, or too large ({type(damage).__name__})") from damage
            self._read += bounded.read_so_far

    def _members(self, archive: tarfile.TarFile, bounded: _Bounded) -> None:
        for number in range(MOST_MEMBERS + 1):
            member = archive.next()
            if member is None:
                return
            # Its content and the next header may come now; a header that is larger than any has to be is a trap.
            bounded.allow(member.size + LARGEST_HEADER)
            # A stream forgets nothing by itself.
            archive.members = []  # type: ignore[attr-defined]
            self._member(archive, member)
            if number == MOST_MEMBERS:
                raise RefusedImage(f"a layer of it has more than {MOST_MEMBERS:,} files")

    def _member(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        path = "/".join(part for part in member.name.split("/") if part not in ("", "."))
        folder, _, last = path.rpartition("/")
        if not path:
            return
        if problem := path_problem(path):
            self._refuse(path, problem)
        elif last == OPAQUE:
            self._remove_below(folder)
        elif last.startswith(WHITEOUT):
            self._remove("/".join(filter(None, [folder, last.removeprefix(WHITEOUT)])))
        elif not member.isdir():
            self._remove(path)
            self._add(archive, member, path)

    def _add(self, archive: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> None:
        if not self._wanted(path):
            return
        if member.islnk():
            linked = self.files.get("/".join(part for part in member.linkname.split("/") if part not in ("", ".")))
            if linked is not None:
                self._hold(path, linked)
            return
        if not member.isreg():
            return
        if member.size > LARGEST_FILE:
            self._refuse(path, f"it is larger than {LARGEST_FILE >> 20} MB")
        elif self._held + member.size > MOST_HELD:
            self._refuse(path, f"more than {MOST_HELD >> 20} MB of text are in the image")
        elif (stream := archive.extractfile(member)) is not None:
            data = stream.read(LARGEST_FILE)
            if b"\0" not in data[:1024]:
                self._hold(path, data)

    def _wanted(self, path: str) -> bool:
        if INSTALLED.search(path):
            return keeps(path.split("/"))
        return path.startswith(self._roots) and not is_binary(path) and keeps(path.split("/"))

    def _hold(self, path: str, data: bytes) -> None:
        self.files[path] = data
        self._held += len(data)
        self._folders.update(_folders(path))

    def _remove(self, path: str) -> None:
        """Take away what a lower layer had at a path and below it."""
        self._refused.pop(path, None)
        if path in self.files:
            self._held -= len(self.files.pop(path))
            self._folders.subtract(_folders(path))
        elif self._folders[path] > 0:
            self._remove_below(path)

    def _remove_below(self, folder: str) -> None:
        start = f"{folder}/" if folder else ""
        for each in [each for each in self.files if each.startswith(start)]:
            self._remove(each)

    def _refuse(self, path: str, why: str) -> None:
        if len(self._refused) < MOST_REFUSED:
            self._refused[path] = why


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


class _Bounded:
    """A stream that gives no more than it may, in all and for one member."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._most = stream, most
        self._allowed = LARGEST_HEADER
        self.read_so_far = 0

    def allow(self, size: int) -> None:
        """So many bytes more may be read."""
        self._allowed = self.read_so_far + size + 2 * BUFFER

    def read(self, size: int = -1) -> bytes:
        """Bytes. Raises ValueError beyond the bounds."""
        data = self._stream.read(size)
        self.read_so_far += len(data)
        if self.read_so_far > min(self._most, self._allowed):
            raise ValueError("it unpacks to too much")
        return data
