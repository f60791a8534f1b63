"""`results.jsonl.gz`: every outcome of every check on every row, passes included, one JSON value a line."""

from __future__ import annotations

import gzip
import io

from ...assess import Assessment
from ...canonical import canonical
from .findings_json import result_entry


def results_jsonl(assessment: Assessment) -> bytes:
    """The packed lines; the same bytes for the same result and version of zlib, the same unpacked bytes always."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="", compresslevel=6) as packer:
        for finding in assessment.findings:
            packer.write(canonical(result_entry(assessment, finding)) + b"\n")
    return buffer.getvalue()
