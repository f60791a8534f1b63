"""Results as files for other tools: JSON with a published schema, JSON lines, CSV."""

from __future__ import annotations

from pathlib import Path

from ...assess import Assessment
from ...files import write_atomically
from .csv_files import controls_csv, findings_csv
from .cyclonedx import bill_of_materials
from .findings_json import SCHEMA_ID, findings_document, findings_json, schema
from .remedies import write_remedies
from .result_lines import results_jsonl


def write_results(assessment: Assessment, out: Path) -> None:
    """Write findings.json, results.jsonl.gz, findings.csv, controls.csv, the folder remedies and, where packages were read, sbom.cdx.json.

    Raises OSError and leaves nothing half-written.
    """
    write_atomically(out / "findings.json", findings_json(assessment))
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
    "results_jsonl",
    "schema",
    "write_results",
]
