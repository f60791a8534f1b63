"""Results as files for other tools: JSON with a published schema, JSON lines, CSV."""

from .csv_files import controls_csv, findings_csv
from .findings_json import SCHEMA_ID, findings_document, findings_json, schema
from .result_lines import results_jsonl

__all__ = ["SCHEMA_ID", "controls_csv", "findings_csv", "findings_document", "findings_json", "results_jsonl", "schema"]
