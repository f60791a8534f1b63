"""Results as files for other tools: JSON with a published schema, JSON lines, CSV."""

from __future__ import annotations

from pathlib import Path

from ...assess import Assessment
from ...compare import Comparison
from ...files import write_atomically
from .csv_files import controls_csv, findings_csv
from .cyclonedx import bill_of_materials
from .findings_json import SCHEMA_ID, findings_document, findings_json, schema
from .remedies import write_remedies
from .result_lines import results_jsonl
from .sarif import findings_sarif


def write_results(assessment: Assessment, out: Path, since: Comparison | None = None) -> None:
    """Write findings.json, findings.sarif, results.jsonl.gz, findings.csv, controls.csv, the folder remedies and, where packages were read, sbom.cdx.json.

    `since` is the comparison with an earlier result, which then stands in the first two. Raises OSError and leaves nothing half-written.
    """
    write_atomically(out / "findings.json", findings_json(assessment, since))
    write_atomically(out / "findings.sarif", findings_sarif(assessment, since))
    write_atomically(out / "results.jsonl.gz", results_jsonl(assessment))
    write_atomically(out / "findings.csv", findings_csv(assessment))
    write_atomically(out / "controls.csv", controls_csv(assessment))
    materials = bill_of_materials(assessment)
    if materials:
        write_atomically(out / "sbom.cdx.json", materials)
    write_remedies(assessment, out)


__all__ = [
    "SCHEMA_ID",
    "bill_of_materials",
    "controls_csv",
    "findings_csv",
    "findings_document",
    "findings_json",
    "findings_sarif",
    "results_jsonl",
    "schema",
    "write_results",
]
