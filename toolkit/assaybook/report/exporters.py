"""nbconvert exporters: `jupyter nbconvert --to assaybook-html` and `--to assaybook-pdf` for one executed notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets import Unicode

from .blocks import Block, Inline, text
from .document import Document, walk
from .html import render_html
from .notebook_blocks import notebook_blocks
from .pdf import render_pdf

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class _ReportExporter(Exporter):
    """What both exporters share: a notebook as a document."""

    classification = Unicode("CONFIDENTIAL", help="Stands on every page.").tag(config=True)
    banner = Unicode(
        "DRAFT",
        help="Stands on every page, after what the evidence demands; one notebook alone is never a signed report.",
    ).tag(config=True)
    subtitle = Unicode("", help="Stands below the title.").tag(config=True)

    def document(self, notebook: Any, resources: Any) -> Document:
        """The document of a notebook. Its title is the notebook's own, else the file's name.

        Its date is that of the evidence, else of the run, so that the same notebook gives the same file.
        """
        metadata = notebook.metadata
        named = (resources or {}).get("metadata", {}).get("name", "")
        blocks = tuple(notebook_blocks(notebook))
        digest = next((block["digest"] for block in walk(blocks) if block["kind"] == "end" and block["digest"]), "")
        ran, marks = _ran(metadata), _marks(blocks)
        as_of = _moment(marks.get("as_of", ""), ran)
        facts: list[tuple[str, list[Inline]]] = [("Notebook", [text(named)])] if named else []
        if as_of != ran:
            facts.append(("Evidence as of", [text(as_of.strftime("%Y-%m-%d %H:%M UTC"))]))
        if ran != _UNDATED:
            facts.append(("Run", [text(ran.strftime("%Y-%m-%d %H:%M UTC"))]))
        if digest:
            facts.append(("Evidence digest", [{"t": "code", "s": digest}]))
        else:
            facts.append(("State", [text("This notebook has not concluded: run all of its cells.")]))
        title = metadata.get("title") or named or "Notebook"
        synthetic = ["SYNTHETIC ACCOUNT"] if marks.get("synthetic") == "yes" else []
        banner = " · ".join([*synthetic, *filter(None, [self.banner])])
        return Document(
            str(title), self.subtitle, self.classification, banner, as_of, digest[:12], tuple(facts), blocks
        )


class ReportHTMLExporter(_ReportExporter):
    """A notebook as one self-contained HTML file."""

    export_from_notebook = "Assaybook HTML"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **kw: Any
    ) -> tuple[str, Any]:
        """The HTML of a notebook and nbconvert's resources."""
        notebook, found = super().from_notebook_node(nb, resources, **kw)
        found["output_extension"] = ".html"
        return render_html(self.document(notebook, found)), found


class ReportPDFExporter(_ReportExporter):
    """A notebook as a tagged PDF."""

    export_from_notebook = "Assaybook PDF"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **kw: Any
    ) -> tuple[bytes, Any]:
        """The PDF of a notebook and nbconvert's resources."""
        notebook, found = super().from_notebook_node(nb, resources, **kw)
        found["output_extension"] = ".pdf"
        return render_pdf(self.document(notebook, found)), found


def _marks(blocks: Iterable[Block]) -> Mapping[str, str]:
    """What the first section that tells of its evidence says."""
    sections = (block["attributes"] for block in walk(blocks) if block["kind"] == "section")
    return next((each for each in sections if "as_of" in each), {})


def _ran(metadata: Any) -> datetime:
    """When papermill ran the notebook, else a fixed moment: a report carries no clock of its own."""
    return _moment(str(metadata.get("papermill", {}).get("start_time", "")), _UNDATED)


def _moment(said: str, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return otherwise
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
