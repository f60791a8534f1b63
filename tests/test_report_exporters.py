"""`jupyter nbconvert` makes the reports of a single notebook."""

import io
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pypdf
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

from assaybook.report.blocks import MIME, end, heading, paragraph, section
from assaybook.report.exporters import ReportHTMLExporter, ReportPDFExporter
from report_pages import read

RAN = "2026-11-16T10:11:12.345678+01:00"


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    outputs = [
        new_output(
            "execute_result",
            data={MIME: [heading(1, "Scope"), paragraph("It was looked at.")], "text/html": "<b>x</b>"},
        ),
        new_output("display_data", data={MIME: end("scope", "ab" * 32, "")}),
    ]
    made = new_notebook(cells=[new_code_cell("hidden_code()", outputs=outputs, execution_count=1)])
    made.metadata = {
        "title": "Scope & method",
        "papermill": {"start_time": RAN},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    path = tmp_path / "00-scope.ipynb"
    path.write_text(nbformat.writes(made), encoding="utf-8")
    return path


def test_the_names_that_nbconvert_knows() -> None:
    names = {each.name for each in entry_points(group="nbconvert.exporters")}
    assert {"assaybook-html", "assaybook-pdf"} <= names
    assert get_exporter("assaybook-html") is ReportHTMLExporter
    assert get_exporter("assaybook-pdf") is ReportPDFExporter


def test_html(notebook: Path) -> None:
    page, resources = ReportHTMLExporter().from_filename(str(notebook))
    assert resources["output_extension"] == ".html"
    assert "Scope &amp; method" in page
    assert "It was looked at." in page
    assert "hidden_code" not in page
    assert "DRAFT" in page
    assert "ab" * 32 in page.replace("<wbr>", "")


def test_pdf_is_dated_by_the_run_and_the_same_each_time(notebook: Path) -> None:
    made, resources = ReportPDFExporter().from_filename(str(notebook))
    assert resources["output_extension"] == ".pdf"
    assert made == ReportPDFExporter().from_filename(str(notebook))[0]
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert reader.metadata is not None
    assert reader.metadata.title == "Scope & method"
    said = "".join(page.extract_text() for page in reader.pages)
    assert "2026-11-16 09:11 UTC" in said
    assert "16 November 2026, 09:11 UTC" in said
    assert "It was looked at." in said


def marked(notebook: Path, **attributes: str) -> str:
    made = nbformat.read(notebook, as_version=4)
    made.cells[0].outputs[0].data[MIME] = section("scope", [heading(1, "Scope")], **attributes)
    return "".join(read(ReportHTMLExporter().from_notebook_node(made)[0]).text)


def test_a_notebook_alone_says_of_when_its_evidence_is_and_that_it_is_synthetic(notebook: Path) -> None:
    page = marked(notebook, as_of="2026-11-15T08:00:00+00:00", synthetic="yes")
    assert "SYNTHETIC ACCOUNT · DRAFT" in page
    assert "Evidence as of 2026-11-15 08:00 UTC" in page
    assert "2026-11-16 09:11 UTC" in page
    page = marked(notebook, as_of="no date", synthetic="no")
    assert "SYNTHETIC" not in page
    assert "Evidence as of 2026-11-16 09:11 UTC" in page


def test_the_words_on_every_page_can_be_set(notebook: Path) -> None:
    exporter = ReportHTMLExporter(classification="INTERNAL", banner="FINAL", subtitle="Orders")
    page, _ = exporter.from_filename(str(notebook))
    assert "INTERNAL" in page
    assert "FINAL" in page
    assert "Orders" in page
    assert "CONFIDENTIAL" not in page


def test_a_notebook_that_did_not_run_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.ipynb"
    path.write_text(nbformat.writes(new_notebook(cells=[new_code_cell("1")])), encoding="utf-8")
    page, _ = ReportHTMLExporter().from_filename(str(path))
    assert "has not concluded" in page
    assert "empty" in page
    assert ReportPDFExporter().from_filename(str(path))[0].startswith(b"%PDF-")


def test_a_strange_start_time_is_no_date(notebook: Path) -> None:
    made = nbformat.read(notebook, as_version=4)
    for said in ("yesterday", "", "2026-11-16T10:11:12"):
        made.metadata["papermill"]["start_time"] = said
        page, _ = ReportHTMLExporter().from_notebook_node(made)
        assert ("2026-11-16 10:11 UTC" in page) == (said == "2026-11-16T10:11:12")
