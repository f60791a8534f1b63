"""A function's own layers, put where its imports find them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...code.package import Package

# Where Lambda looks for what a layer brings, below /opt. Source: AWS Lambda Developer Guide, "Packaging your layer content".
SEARCHED = ("python/", "nodejs/")
VERSIONED = "python/lib/"


def borrowed_files(package: Package, layers: Sequence[Package]) -> Package:
    """The package with the files of its layers among its own, which win where both have a path.

    What a layer has below `python/` is imported as if it lay beside the handler; modules of Node.js are found in `nodejs/node_modules`.
    The last layer wins among several, as it does when Lambda unpacks them one after the other.
    """
    files: dict[str, Callable[[], bytes]] = {}
    places: dict[str, str] = {}
    for layer in layers:
        built = any(path.startswith(SEARCHED) for path in layer.files)
        for path, read in layer.files.items():
            seen = _seen(path) if built else path
            files[seen], places[seen] = read, layer.where(path)
    for path in package.files:
        places.pop(path, None)
    digest = hashlib.sha256("\n".join([package.sha256, *(each.sha256 for each in layers)]).encode()).hexdigest()
    together = {**files, **package.files}
    return replace(
        package,
        files={path: together[path] for path in sorted(together)},
        borrowed=dict(sorted(places.items())),
        sha256=digest,
    )


def _seen(path: str) -> str:
    """Where a handler's imports find a file of a layer."""
    if path.startswith(VERSIONED):
        return path.partition("/site-packages/")[2] or f"opt/{path}"
    if path.startswith("python/"):
        return path.removeprefix("python/")
    if path.startswith("nodejs/node_modules/"):
        return path.removeprefix("nodejs/")
    return f"opt/{path}"
