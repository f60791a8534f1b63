"""Which file an import means."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import lru_cache

from .. import ir

_ENDINGS = (".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx")


class Files:
    """The modules of a program, by the ways in which imports name them."""

    def __init__(self, modules: Mapping[str, ir.Module]) -> None:
        self.modules = modules
        self.folders: set[str] = set()
        self.tails: dict[str, list[str]] = {}
        for path in modules:
            folder = posixpath.dirname(path)
            while folder and folder not in self.folders:
                self.folders.add(folder)
                folder = posixpath.dirname(folder)
            self.tails.setdefault(posixpath.basename(path), []).append(path)

    @lru_cache(maxsize=8192)  # noqa: B019 - lives as long as the analysis of one program
    def python(self, importer: str, module: str, level: int) -> str | None:
        """The file (or the folder) of a module of Python; None if it is not the program's."""
        parts = [each for each in module.split(".") if each]
        folder = posixpath.dirname(importer)
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._python_at(folder, parts)
        while True:
            found = self._python_at(folder, parts)
            if found is not None:
                return found
            if not folder:
                break
            folder = posixpath.dirname(folder)
        return self._python_elsewhere(parts)

    def _python_at(self, folder: str, parts: list[str]) -> str | None:
        whole = posixpath.join(folder, *parts) if parts else folder
        for path in (f"{whole}.py", posixpath.join(whole, "__init__.py")):
            if path in self.modules:
                return path
        return whole if whole in self.folders or not parts else None

    def _python_elsewhere(self, parts: list[str]) -> str | None:
        """In a folder that is put on the path when it is deployed (a layer, `src`): if only one file can be meant."""
        tail = "/".join(parts)
        for last, ending in (
            ((f"{parts[-1]}.py", f"/{tail}.py"), ("__init__.py", f"/{tail}/__init__.py")) if parts else ()
        ):
            found = [path for path in self.tails.get(last, ()) if path.endswith(ending)]
            if len(found) == 1:
                return found[0]
        return None

    @lru_cache(maxsize=8192)  # noqa: B019
    def javascript(self, importer: str, module: str) -> str | None:
        """The file of a module of JavaScript or TypeScript; None if it is a library's."""
        if module.startswith("."):
            return self._javascript_at(posixpath.normpath(posixpath.join(posixpath.dirname(importer), module)))
        if module.startswith(("@/", "~/", "/opt/", "src/")):
            tail = module.split("/", 1)[1].removeprefix("opt/").removeprefix("nodejs/")
            folder = posixpath.dirname(importer)
            while True:
                for base in ("src", "", "nodejs", "app"):
                    found = self._javascript_at(posixpath.normpath(posixpath.join(folder, base, tail)))
                    if found is not None:
                        return found
                if not folder:
                    return None
                folder = posixpath.dirname(folder)
        return None

    def _javascript_at(self, whole: str) -> str | None:
        whole = "" if whole == "." else whole
        if whole in self.modules:
            return whole
        stem, ending = posixpath.splitext(whole)
        # TypeScript imports `./x.js` where the file is `./x.ts`.
        bases = [whole, stem] if ending in (".js", ".mjs", ".cjs", ".jsx") else [whole]
        for base in bases:
            for each in _ENDINGS:
                if f"{base}{each}" in self.modules:
                    return f"{base}{each}"
        for each in _ENDINGS:
            path = posixpath.join(whole, f"index{each}")
            if path in self.modules:
                return path
        return None
