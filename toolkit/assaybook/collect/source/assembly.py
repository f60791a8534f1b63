"""Assemblies of the CDK hold copies of folders of the source tree. A person wants to be told of the original."""

from __future__ import annotations

from collections.abc import Mapping

from ...code.chosen import ASSEMBLY


def original(code: str, digests: Mapping[str, str]) -> str:
    """The folder that an asset was copied from: one that holds the same files; the asset itself if it was made by a build."""
    if ASSEMBLY not in code.split("/"):
        return code
    copied = {path[len(code) + 1 :]: digest for path, digest in digests.items() if path.startswith(f"{code}/")}
    if not copied:
        return code
    # The longest name is the rarest one, so that few places are tried.
    first = max(copied, key=lambda path: (path.count("/"), len(path), path))
    for path in sorted(digests):
        if digests[path] != copied[first] or ASSEMBLY in path.split("/") or not f"/{path}".endswith(f"/{first}"):
            continue
        root = path[: len(path) - len(first)]
        if root and all(digests.get(f"{root}{each}") == digest for each, digest in copied.items()):
            return root.rstrip("/")
    return code
