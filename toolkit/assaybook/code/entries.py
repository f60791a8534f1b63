"""Where a program is started: which function of which file a configured handler names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import ir
from .package import Entry, Program

_ENDINGS = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
# Where the source lies of what is built or deployed from elsewhere.
_FOLDERS = ("", "src", "app", "lib", "lambda", "functions", "backend", "python", "nodejs")
_BUILT = re.compile(r"^(?:\./)?(?:dist|build|out|lib|\.build|\.dist|target)/")


@dataclass(frozen=True, slots=True)
class Way:
    """The function that an entry means: a name of a file's (an exported one in JavaScript), or why none was found."""

    entry: Entry
    path: str = ""
    name: str = ""
    why: str = ""


def find(program: Program, entry: Entry) -> Way:
    """The file and name that a configured handler means."""
    handler = entry.handler.strip().removeprefix("./")
    if not handler:
        return Way(entry, why="no handler is named")
    for path, name in _meant(handler, entry.provider):
        if path in program.modules:
            return Way(entry, path, name)
    for path, name in _meant(handler, entry.provider):
        tail = f"/{path}"
        found = [each for each in program.modules if each.endswith(tail)]
        if len(found) == 1:
            return Way(entry, found[0], name)
    unparsed = [
        each for each in program.unparsed if any(each.path == path for path, _ in _meant(handler, entry.provider))
    ]
    if unparsed:
        return Way(entry, unparsed[0].path, why=f"{unparsed[0].path} was not read: {unparsed[0].why}")
    return Way(entry, why=f"no file of the package is that of {entry.handler}")


def _meant(handler: str, provider: str) -> Iterator[tuple[str, str]]:
    """The files and names that a handler can mean, the likelier first."""
    if handler.endswith(_ENDINGS):
        yield handler, "main" if handler.endswith(".py") else "default"
        return
    if ":" in handler:
        path, name = handler.rsplit(":", 1)
        for each in _files(path):
            yield each, name
        return
    if "." in posixpath.basename(handler) or "." in handler:
        module, name = handler.rsplit(".", 1)
        for each in _files(module):
            yield each, name
        if "." in module:
            for each in _files(module.replace(".", "/")):
                yield each, name
        base, _, inner = posixpath.basename(module).partition(".")
        if inner:
            for each in _files(posixpath.join(posixpath.dirname(module), base)):
                yield each, inner
    if provider != "aws":
        for name in (
            "main.py",
            "function_app.py",
            "index.js",
            "index.mjs",
            "index.ts",
            "src/index.js",
            "src/index.ts",
            "dist/index.js",
        ):
            yield name, handler.rsplit(".", 1)[-1]
        for each in _files(handler):
            yield each, "main" if each.endswith(".py") else "default"
        for ending in _ENDINGS:
            yield posixpath.join(handler, f"index{ending}"), "default"
        yield posixpath.join(handler, "__init__.py"), "main"


def _files(module: str) -> Iterator[str]:
    names = [module]
    source = _BUILT.sub("", module)
    if source != module:
        names.append(source)
    for folder in _FOLDERS:
        for name in names:
            whole = posixpath.join(folder, name) if folder else name
            for ending in _ENDINGS:
                yield f"{whole}{ending}"
            yield f"{whole}/__init__.py"
            yield f"{whole}/index.js"
            yield f"{whole}/index.ts"


def parameter_names(function: ir.Function) -> tuple[str, ...]:
    """The names of a function's parameters; patterns have none."""
    return tuple(
        each.target.id if isinstance(each.target, ir.Name) else ""
        for each in function.parameters
        if each.kind in ("plain", "keyword")
    )


def owners(program: Program) -> Mapping[str, str]:
    """The workload to which the further ways in of each file belong: the only one that is configured, if there is only one."""
    workloads = {each.workload for each in program.package.entries}
    only = next(iter(workloads)) if len(workloads) == 1 else ""
    return dict.fromkeys(program.modules, only)
