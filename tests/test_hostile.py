"""Everything from an account is hostile: names and texts of all kinds are harmless and legible wherever they show."""

import csv
import html.parser
import io
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import nbformat
import pypdf
import pytest

from assaybook.capture import Capture
from assaybook.engagement import assess_files
from assaybook.report.blocks import MIME
from assaybook.report.exports import write_results
from assaybook.run import write_report
from assaybook.seal import write_seal
from assaybook.terminal import summary_lines
from demo_run import demo_captures

NAMES = {
    "payments-webhook": "<img src=x onerror=alert(1)><script>alert(2)<\\script>",
    "catalog-feed": "#set page(fill: red) $x^2$ `raw` @nowhere *bold* _it_ #panic()",
    "orders-export": "=cmd|' C calc'!A0",
    "notify-email": "safe\u202egnp.exe\u202c\u2066x\u2069",
    "notify-push": "注文処理-関数-주문-订单",
    "ops-admin": "🔥 fire 🧨👩‍👩‍👧 and \x07bell \x1b[31mred",
    "ops-cleanup": "long-" + "x" * 10_000 + "-end",
    "legacy-pdf": "-2+3",
    "legacy-invoice": "@SUM(1)",
    "data-lake-ingest": "[click](javascript) ![](x) | a | b | <b>bold<b>",
    "partner-gateway": "tab\tand\nline and \u0000nul and \u2028separator",
}
VISIBLE = ["<img src=x onerror=alert(1)>", "#set page(fill: red)", "safe", "注文処理-関数-주문-订单", "fire", "-end"]


def hostile() -> list[Capture]:
    made = []
    for capture in demo_captures():
        text = json.dumps([capture.answer, capture.params, capture.message])
        for name, payload in NAMES.items():
            text = text.replace(name, json.dumps(payload)[1:-1])
        answer, params, message = json.loads(text)
        made.append(replace(capture, answer=answer, params=params, message=message))
    return made


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    seal = folder / "evidence.seal"
    write_seal(
        seal,
        hostile(),
        plan="standard",
        started="2026-11-16T09:00:00Z",
        as_of="2026-11-16T09:00:00Z",
        principals=["<b>me</b>"],
        synthetic=True,
    )
    assessment = assess_files([seal])
    write_results(assessment, folder)
    broken = write_report(assessment, [seal], None, folder, "assaybook", said=lambda _: None)
    assert broken == ()
    (folder / "terminal.txt").write_text("\n".join(summary_lines(assessment)), encoding="utf-8")
    return folder


class _Reader(html.parser.HTMLParser):
    """Notes what would run, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "base", "img") and not any(
            name == "src" and (value or "").startswith("data:") for name, value in attrs
        ):
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (
                name in ("href", "src", "action", "xlink:href")
                and (value or "").strip().lower().startswith(("javascript", "vbscript", "data:text"))
            ):
                self.bad.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(markup: str) -> _Reader:
    reader = _Reader()
    reader.feed(markup)
    return reader


def test_html_runs_nothing_and_shows_the_names(out: Path) -> None:
    reader = read((out / "report.html").read_text(encoding="utf-8"))
    assert reader.bad == []
    text = "".join(reader.text)
    for name in VISIBLE:
        assert name in text.replace("\u200b", "").replace("\u00ad", ""), name
    assert not [each for each in text if unicodedata.category(each) == "Cc" and each not in "\n\t\r"]
    assert not [
        each
        for each in text
        if unicodedata.bidirectional(each) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")
    ]


def test_pdf_shows_the_names(out: Path) -> None:
    pages = pypdf.PdfReader(out / "report.pdf").pages
    assert len(pages) < 360
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    for name in ("onerror", "#set page", "注文処理", "订单"):
        assert name in text, name


def test_csv_cells_start_no_formula(out: Path) -> None:
    for name in ("findings.csv", "controls.csv"):
        text = (out / name).read_bytes().decode("utf-8")
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%")), cell
                assert not [each for each in cell if unicodedata.category(each) in ("Cc", "Cf") and each != "\n"], cell


def test_terminal_gets_no_control_characters(out: Path) -> None:
    text = (out / "terminal.txt").read_text(encoding="utf-8")
    assert not [each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs") and each != "\n"]


def test_notebook_outputs_run_nothing(out: Path) -> None:
    seen = 0
    for path in (out / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if "text/html" in data:
                    seen += 1
                    assert read(data["text/html"]).bad == []
                    assert MIME in data
    assert seen > 30


def test_findings_keep_the_names_as_they_are(out: Path) -> None:
    names = {each["name"] for each in json.loads((out / "findings.json").read_text(encoding="utf-8"))["findings"]}
    assert any(NAMES["payments-webhook"] in name for name in names)
    assert any(NAMES["ops-cleanup"] in name for name in names)
