"""How long the code of a large repository takes to read: 1,000 handler files into the intermediate form and through the analysis of flows, against parsing alone.

The whole of `collect --source` follows, twice: the second time nothing has changed and facts come from the cache.

The bounds: 60 s and 500 MB, and a tenth for the second run. (The file is not called after the package `code`, as that is a module of the standard library.)
"""

from __future__ import annotations

import ast
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from handlers import HARMLESS, write

BOUND, BOUND_MEGABYTES, BOUND_AGAIN = 60, 500, 0.1


def parsed(paths: list[Path]) -> float:
    """The baseline: seconds for `ast.parse` and tree-sitter alone."""
    import tree_sitter_javascript
    import tree_sitter_typescript
    from tree_sitter import Language, Parser

    parsers = {
        ".js": Parser(Language(tree_sitter_javascript.language())),
        ".ts": Parser(Language(tree_sitter_typescript.language_typescript())),
    }
    start = time.perf_counter()
    for path in paths:
        content = path.read_bytes()
        if path.suffix == ".py":
            ast.parse(content)
        else:
            parsers[path.suffix].parse(content)
    return time.perf_counter() - start


def flows(paths: list[Path], root: Path) -> tuple[float, float, int]:
    """Seconds to lower the files, ten a package, and to follow data through them, and how many flows that gives."""
    from assaybook.code.flow.extract import flows as extract
    from assaybook.code.package import Package, Reading
    from assaybook.code.program import read_program

    folders: dict[Path, list[Path]] = {}
    for path in paths:
        folders.setdefault(path.parent, []).append(path)
    reading = Reading(fingerprint=lambda value: "0" * 16)
    lowering = following = 0.0
    found = 0
    for folder, files in sorted(folders.items()):
        package = Package(
            str(folder.relative_to(root)), "folder", {each.name: each.read_bytes for each in sorted(files)}, "0" * 64
        )
        start = time.perf_counter()
        program = read_program(package)
        middle = time.perf_counter()
        found += len(extract(program, reading)["flows"])
        lowering += middle - start
        following += time.perf_counter() - middle
    return lowering, following, found


def collected(root: Path, out: Path) -> float:
    """Seconds for `collect` of the folder, as a person runs it."""
    start = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "assaybook",
        "collect",
        "--source",
        str(root),
        "-o",
        str(out),
        "--cache",
        str(out.parent / "kept"),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print seconds, memory and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "source"
        paths = write(root)
        texts = [path.read_text(encoding="utf-8") for path in paths]
        lines = sum(text.count("\n") for text in texts)
        defects = sum(HARMLESS not in text for text in texts)
        plain = parsed(paths)
        lowering, following, found = flows(paths, root)
        took = lowering + following
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{len(paths):,} files, {lines:,} lines: {found} flows of {defects} defects, {peak:.0f} MB at most")
        print(f"reading    {lowering:6.2f} s")
        print(f"following  {following:6.2f} s")
        print(f"together   {took:6.2f} s (bound: {BOUND} s)")
        print(f"plain      {plain:6.2f} s (parsing alone), ratio {took / plain:.1f}")
        out = Path(folder) / "out"
        first, second = collected(root, out / "first"), collected(root, out / "second")
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"collect --source, first run   {first:6.2f} s, {megabytes:.0f} MB in its largest process (bounds: {BOUND} s, {BOUND_MEGABYTES} MB)"
        )
        print(
            f"collect --source, second run  {second:6.2f} s, {second / first:.2f} of the first (bound: {BOUND_AGAIN})"
        )


if __name__ == "__main__":
    main()
