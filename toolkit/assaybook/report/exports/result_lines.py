"""`results.jsonl.gz`: every outcome of every check on every row, passes included, one JSON value a line."""

from __future__ import annotations

import gzip
import io

from ...assess import Assessment
from ...canonical import canonical


def results_jsonl(assessment: Assessment) -> bytes:
    """The packed lines; the same bytes for the same result and version of zlib, the same unpacked bytes always."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="", compresslevel=6) as packer:
        for finding in assessment.findings:
            subject = finding.subject
            entry = {
                "id": finding.id,
                "check": finding.check,
                "controls": list(assessment.controls_of(finding)),
                "subject": subject.native,
                "name": subject.name,
                "release": subject.release,
                "kind": subject.kind,
                "provider": subject.provider,
                "account": subject.account,
                "region": subject.region,
                "outcome": finding.outcome.value,
                "severity": finding.severity.value,
                "because": finding.because,
                "evidence": list(finding.evidence),
            }
            packer.write(canonical(entry) + b"\n")
    return buffer.getvalue()
