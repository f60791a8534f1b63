"""Dependencies point one way, SDKs stay where collecting is, and no file knows the machine that it was written on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "toolkit" / "assaybook"
# Each group may know those before it and none after it.
CHAINS = [
    ["model evidence", "tables", "policy", "checks", "status", "assess", "report notebook", "batch run", "cli"],
    ["seal", "shape", "engagement", "notebook run", "cli"],
    ["plan code seal", "collect", "collecting demo", "notebook run", "cli"],
    ["model", "evidence", "capture", "collect seal shape"],
    ["errors", "canonical files refusals strict_yaml", "catalogue config dated people seal"],
]
JUDGING = {
    "tables",
    "policy",
    "checks",
    "check",
    "severity",
    "assess",
    "score",
    "status",
    "people",
    "catalogue",
    "shape",
}
JUDGING |= {"engagement", "report", "notebook", "batch"}
SDKS = {"boto3", "botocore", "s3transfer", "moto", "requests", "urllib3", "socket", "http", "azure", "google"}


@cache
def imports(path: Path) -> frozenset[str]:
    """The dotted names that a module imports anywhere in it, also under TYPE_CHECKING, relative ones made absolute."""
    within = ["assaybook", *path.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = within[: len(within) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            found.update(f"{module}.{each.name}" for each in node.names)
    return frozenset(found)


def modules() -> Sequence[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    """The module or folder right under the package that a file belongs to; empty for the package itself."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def known(name: str) -> str:
    """The unit of a dotted name, or empty if it is not ours or the package itself."""
    parts = name.split(".")
    ours = parts[0] == "assaybook" and len(parts) > 1 and not parts[1].startswith("__")
    return parts[1] if ours else ""


def graph() -> dict[str, set[str]]:
    units: dict[str, set[str]] = {}
    for path in modules():
        units.setdefault(unit(path), set()).update(known(name) for name in imports(path))
    return {name: others - {name, ""} for name, others in units.items()}


def reached(name: str, units: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = units.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def test_no_two_units_know_each_other() -> None:
    """Raises CycleError, which names the circle, if there is one."""
    order = list(TopologicalSorter(graph()).static_order())
    assert order[-1] == "__main__" and len(order) > 30


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: " <- ".join(chain))
def test_nothing_knows_what_comes_after_it(chain: list[str]) -> None:
    units = graph()
    groups = [group.split() for group in chain]
    assert {name for group in groups for name in group} <= set(units)
    for place, group in enumerate(groups):
        later = {name for after in groups[place + 1 :] for name in after}
        for name in group:
            assert not reached(name, units) & later, f"{name} reaches {sorted(reached(name, units) & later)}"


def test_collecting_and_judging_do_not_know_each_other() -> None:
    units = graph()
    asking = {"collect", "collecting", "demo"}
    assert {"collect", "demo"} <= set(units)
    for name in asking:
        assert not units[name] & JUDGING, name
    for name in JUDGING - {"notebook"}:
        assert not reached(name, units) & asking, name
    assert units["notebook"] & asking == {"collecting"}


def test_only_collecting_and_the_demo_import_sdks() -> None:
    found = {unit(path) for path in modules() if {name.split(".")[0] for name in imports(path)} & SDKS}
    assert found == {"collect", "demo"}


def test_papermill_alone_imports_its_engine() -> None:
    """The engine's module needs papermill half-imported: papermill loads it through its entry point, at the end of its own import."""
    assert (PACKAGE / "engine.py").is_file()
    assert [path for path in modules() if any(name.startswith("assaybook.engine") for name in imports(path))] == []


def texts() -> Iterator[Path]:
    for folder in ("toolkit", "tests", "bench", "checklists", "notebooks", "reports/README.md", ".ci"):
        start = ROOT / folder
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if (
                path.suffix in {"", ".py", ".md", ".yaml", ".toml", ".json", ".ipynb", ".typ", ".j2", ".css", ".in"}
                and path.is_file()
            ):
                yield path
    yield from sorted(
        path for path in ROOT.iterdir() if path.is_file() and path.suffix in {"", ".md", ".toml", ".lock"}
    )


def test_no_file_names_the_machine_or_an_index() -> None:
    """What is written here works anywhere: the folder of the checkout and the address of a package index stay out."""
    index = re.compile(
        r"(?<!no-emit-)" + "index-" + r"url|--find-" + r"links|://[\w.-]*pypi" + r"\.|/simple/?(\s|$)", re.MULTILINE
    )
    machine = [place for place in {str(ROOT), str(Path.home())} if place.count("/") > 1]
    looked_at = 0
    for path in texts():
        text = path.read_text(encoding="utf-8")
        looked_at += 1
        assert not index.search(text), f"{path} names a package index"
        assert not [place for place in machine if re.search(rf"{re.escape(place)}(?![\w-])", text)], (
            f"{path} names this machine"
        )
    assert looked_at > 200
