"""Where in the source tree the code of functions and layers lies."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from .located import Block, block

INLINE = "inline:"
ROOT = "."


class Files:
    """The paths of a source tree, to ask what is in it."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = sorted(paths)
        self._known = frozenset(self._paths)

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def is_folder(self, path: str) -> bool:
        """Whether any file lies in the folder."""
        if path == ROOT:
            return bool(self._paths)
        start = f"{path}/"
        at = bisect_left(self._paths, start)
        return at < len(self._paths) and self._paths[at].startswith(start)

    def within(self, folder: str) -> list[str]:
        """The files in a folder and below it, in their order; of the empty folder, all."""
        if folder in ("", ROOT):
            return list(self._paths)
        start = f"{folder}/"
        at = bisect_left(self._paths, start)
        found = []
        while at < len(self._paths) and self._paths[at].startswith(start):
            found.append(self._paths[at])
            at += 1
        return found

    def place(self, path: str, *beside: str) -> str:
        """A file or folder named relative to one of these folders (the first in which it is), or an empty text if it is in none."""
        if not path or "://" in path or "${" in path or "\0" in path:
            return ""
        for folder in beside:
            whole = posixpath.normpath(posixpath.join(folder, path.replace("\\", "/")))
            if not whole.startswith(("../", "/")) and (whole in self or self.is_folder(whole)):
                return whole
        return ""

    def uploaded(self, path: str, folder: str) -> str:
        """The file that an address is likely to be the upload of: the one with the longest end of its path that is in the tree."""
        if "://" not in path:
            return self.place(path, folder)
        parts = [each for each in path.partition("://")[2].partition("?")[0].split("/")[1:] if each]
        ends = ["/".join(parts[start:]) for start in range(len(parts))]
        # What an unknown part stands for is not in the tree; what follows it may be.
        found = (self.place(each.rpartition("}")[2].lstrip("/"), folder, ROOT) for each in ends)
        return next((each for each in found if each in self), "")


def inline_file(runtime: Any) -> str:
    """What the file is called that the provider makes of code that stands in a template."""
    return "index.js" if isinstance(runtime, str) and runtime.startswith("nodejs") else "index.py"


def inline_code(properties: Any) -> str | None:
    """The code that stands in the template itself, if any does."""
    for name in ("Code", "Content"):
        text = block(block(properties).get(name)).get("ZipFile")
        if isinstance(text, str):
            return str(text)
    return None


def said_path(properties: Any, metadata: Any) -> str:
    """The local path that a function's or layer's code comes from, as its template says it; empty if it says none."""
    said = block(properties)
    about = block(metadata)
    asset = about.get("aws:asset:path")
    if isinstance(asset, str):
        return asset
    code = said.get("Code", said.get("Content"))
    if isinstance(code, str) and code:
        return code
    context = about.get("DockerContext")
    if isinstance(context, str):
        return context
    image = code.get("ImageUri") if isinstance(code, Block) else None
    return image if isinstance(image, str) and image.startswith(".") else ""
