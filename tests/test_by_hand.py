"""The notebooks by hand: papermill and nbconvert as anybody calls them."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from assaybook.batch import ENGINES, run_notebooks
from assaybook.resources import folder
from demo_run import write_demo_seal

BIN = Path(sys.executable).parent


def called(*command: str | Path, cwd: Path, code: int = 0) -> str:
    environment = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(cwd)}
    said = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (said.returncode == 0) is (code == 0), said.stdout + said.stderr
    return said.stdout + said.stderr


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    there = tmp_path_factory.mktemp("hand")
    seal = write_demo_seal(there)
    called(
        BIN / "papermill",
        folder("notebooks") / "c-access-control.ipynb",
        there / "out.ipynb",
        "-p",
        "seal",
        seal,
        cwd=there,
    )
    return there / "out.ipynb"


def test_papermill_runs_a_notebook_to_its_conclusion(executed: Path) -> None:
    from assaybook.batch import unfinished

    assert unfinished(executed) == ""
    text = executed.read_text(encoding="utf-8")
    assert "C1-01" in text


@pytest.mark.parametrize(
    ("exporter", "suffix", "start"),
    [("assaybook-html", ".html", b"<!doctype html>"), ("assaybook-pdf", ".pdf", b"%PDF-")],
)
def test_nbconvert_makes_a_report_of_it(executed: Path, exporter: str, suffix: str, start: bytes) -> None:
    called(BIN / "jupyter", "nbconvert", "--to", exporter, executed.name, cwd=executed.parent)
    made = executed.with_suffix(suffix).read_bytes()
    assert made[: len(start)].lower() == start.lower()
    assert len(made) > 5000


@pytest.mark.parametrize("engine", [[], ["--engine", "assaybook"]])
def test_papermill_with_a_parameter_that_the_notebook_does_not_know_is_refused(
    executed: Path, tmp_path: Path, engine: list[str]
) -> None:
    seal = executed.with_name("evidence.seal")
    book = folder("notebooks") / "c-access-control.ipynb"
    said = called(BIN / "papermill", book, tmp_path / "out.ipynb", "-p", "seel", seal, *engine, cwd=tmp_path, code=1)
    assert "has no parameter seel; it has seal, config, out" in said
    assert not (tmp_path / "evidence.seal").exists()


def test_a_seal_that_is_not_there_says_what_to_do(executed: Path, tmp_path: Path) -> None:
    book = folder("notebooks") / "00-scope.ipynb"
    said = called(BIN / "papermill", book, tmp_path / "out.ipynb", "-p", "seal", "none.seal", cwd=tmp_path, code=1)
    assert "there is no seal none.seal" in said


def test_stock_kernels_show_the_same(executed: Path, tmp_path: Path) -> None:
    """The engine of our own and papermill's with a kernel give the same blocks for a notebook of the product."""
    books = [folder("notebooks") / f"{name}.ipynb" for name in ("c-access-control", "99-summary")]
    given = {"seal": str(executed.with_name("evidence.seal")), "config": ""}
    shown = {}
    for engine in ENGINES:
        ran = run_notebooks(books, tmp_path / engine, given, engine=engine)
        assert [each.problem for each in ran] == ["", ""]
        cells = [
            cell for each in ran for cell in nbformat.read(each.path, as_version=4).cells if cell.cell_type == "code"
        ]
        shown[engine] = [output.data for cell in cells for output in cell.outputs]
    assert len(shown["assaybook"]) > 10
    assert shown["assaybook"] == shown["nbclient"]


def test_notebooks_are_kept_without_outputs_and_thin() -> None:
    books = sorted(folder("notebooks").glob("*.ipynb"))
    assert [each.stem[:2] for each in books] == ["00", "99", "a-", "b-", "c-", "d-", "e-", "f-", "g-"]
    for path in books:
        book = nbformat.read(path, as_version=4)
        code = [cell for cell in book.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code)
        assert len(code) <= 30
        assert all(cell.source.count("\n") <= 8 for cell in code)
        steps = [node for cell in code for node in ast.walk(ast.parse(cell.source))]
        assert not [
            node
            for node in steps
            if isinstance(node, ast.If | ast.For | ast.While | ast.FunctionDef | ast.Lambda | ast.comprehension)
        ]
