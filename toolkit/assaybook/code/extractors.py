"""All extractors by the call whose answer they give. Each is imported when it is first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from .. import __version__
from .package import Extractor, Program, Reading

PACKAGE = "code:Package"


def _late(module: str, name: str) -> Extractor:
    def extract(program: Program, reading: Reading) -> Mapping[str, Any]:
        found: Extractor = getattr(import_module(f".{module}", __package__), name)
        return found(program, reading)

    return extract


EXTRACTORS: Mapping[str, Extractor] = {
    PACKAGE: _late("package_facts", "package_facts"),
    "code:Flows": _late("flow.extract", "flows"),
    "code:Habits": _late("habits", "habits"),
    "code:Dependencies": _late("dependencies.extractor", "dependencies"),
}
# These tell what a file holds by itself, so that what a package only borrowed is told of the package that owns it.
OWN_FILES = frozenset({"code:Habits", "code:Secrets", "code:Dependencies"})


@cache
def extractor_version() -> str:
    """The version of the tool and a digest of all that decides what is extracted, so that facts of other rules are never taken for those of these."""
    digest = hashlib.sha256()
    root = files(__package__.partition(".")[0])
    for folder in ("code", "data"):
        for path, content in sorted(_texts(root.joinpath(folder), folder)):
            digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return f"{__version__}+{digest.hexdigest()[:16]}"


def _texts(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        below = f"{path}/{each.name}"
        if each.is_dir():
            found += _texts(each, below)
        elif each.name.endswith((".py", ".yaml")):
            found.append((below, each.read_bytes()))
    return found
