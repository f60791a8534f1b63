"""Where the parts of an image lie: in a folder, or in one tar archive."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from typing import IO, Protocol

from ..errors import AssaybookError
from .archives import path_problem

LARGEST_DOCUMENT = 8 << 20
MOST_PARTS = 10_000


class RefusedImage(AssaybookError):
    """An image that is not read at all, and the one reason why."""


class ImageStore(Protocol):
    """The parts of an image by name."""

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""

    def read(self, name: str) -> bytes:
        """A document of the image. Raises RefusedImage if it is too large, KeyError or OSError if it is not there."""

    def open(self, name: str) -> IO[bytes]:
        """A part as a stream."""

    def close(self) -> None:
        """Close what is open."""


class FolderStore:
    """An OCI layout in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return not path_problem(name) and (self._folder / name).is_file()

    def read(self, name: str) -> bytes:
        """The content of a file."""
        with self.open(name) as stream:
            return _bounded(stream.read(LARGEST_DOCUMENT + 1))

    def open(self, name: str) -> IO[bytes]:
        """A file, which has to be one and to lie in the folder."""
        if path_problem(name):
            raise RefusedImage("a name in it leads elsewhere")
        path = self._folder / name
        if (
            os.path.commonpath([path.resolve(), self._folder.resolve()]) != str(self._folder.resolve())
            or not path.is_file()
        ):
            raise RefusedImage("a part of it is missing, or lies elsewhere")
        return path.open("rb")

    def close(self) -> None:
        """Nothing is kept open."""


class TarStore:
    """An OCI archive, or what `docker save` writes. Raises RefusedImage if it is no such thing."""

    def __init__(self, path: Path) -> None:
        try:
            self._tar = tarfile.open(path, "r:")  # noqa: SIM115 - open as long as the store is
            self._members: dict[str, tarfile.TarInfo] = {}
            for number, each in enumerate(self._tar):
                if number > MOST_PARTS:
                    raise RefusedImage(f"it has more than {MOST_PARTS} parts")
                self._members[each.name.removeprefix("./")] = each
        except (tarfile.TarError, EOFError, ValueError, RecursionError) as damage:
            raise RefusedImage("it is no tar archive; one that is packed has to be unpacked first") from damage

    def has(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self._members

    def read(self, name: str) -> bytes:
        """The content of a member."""
        with self.open(name) as stream:
            return _bounded(stream.read(LARGEST_DOCUMENT + 1))

    def open(self, name: str) -> IO[bytes]:
        """A member; links within the archive, as older versions of Docker write them, are followed once."""
        member = self._members.get(name)
        if member is not None and member.issym():
            member = self._members.get(os.path.normpath(f"{name.rpartition('/')[0]}/{member.linkname}"))
        stream = self._tar.extractfile(member) if member is not None and member.isreg() else None
        if stream is None:
            raise RefusedImage("a part of it is missing")
        return stream

    def close(self) -> None:
        """Close the archive."""
        self._tar.close()


def _bounded(data: bytes) -> bytes:
    if len(data) > LARGEST_DOCUMENT:
        raise RefusedImage(f"a document in it is larger than {LARGEST_DOCUMENT >> 20} MB")
    return data
