"""A notebook that does not finish shows in the report and in the exit code, and changes no result."""

import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import assaybook.run
from assaybook.cli import main
from assaybook.resources import folder
from demo_run import write_demo_seal


@pytest.fixture
def broken_books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books = tmp_path / "books"
    shutil.copytree(folder("notebooks"), books)
    path = books / "c-access-control.ipynb"
    book = nbformat.read(path, as_version=4)
    book.cells[3].source = "raise RuntimeError('the cell <b>broke</b>')"
    book.cells[3].cell_type = "code"
    book.cells[3].outputs, book.cells[3].execution_count = [], None
    nbformat.write(book, path)
    monkeypatch.setattr(assaybook.run, "folder", lambda _: books)


@pytest.mark.usefixtures("broken_books")
def test_the_section_says_render_error_and_the_results_stand(tmp_path: Path) -> None:
    seal = write_demo_seal(tmp_path)
    whole = CliRunner().invoke(main, ["assess", str(seal), "-o", str(tmp_path / "whole")])
    said = CliRunner().invoke(main, ["report", str(seal), "-o", str(tmp_path / "out"), "--control", "F1-0*"])
    assert whole.exit_code == 1
    assert said.exit_code == 3, said.output
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "c-access-control: render error" in page
    assert "the cell &lt;b&gt;broke&lt;/b&gt;" in page
    assert "DRAFT" in page
    again = CliRunner().invoke(main, ["report", str(seal), "-o", str(tmp_path / "again")])
    assert again.exit_code == 1
    for name in ("findings.json", "results.jsonl.gz", "findings.csv", "controls.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
