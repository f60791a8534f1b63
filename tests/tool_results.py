"""Files of results as the tools write them, in their shapes and with made-up content."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def place(path: str, line: int = 0, end: int = 0, **region: Any) -> dict[str, Any]:
    """A location of SARIF."""
    lines = {"startLine": line} if line else {}
    if end:
        lines["endLine"] = end
    physical: dict[str, Any] = {"artifactLocation": {"uri": path}, "region": {**lines, **region}}
    return {"physicalLocation": physical}


def result(named: str, path: str = "", line: int = 0, text: str = "look here", **more: Any) -> dict[str, Any]:
    """A result of SARIF."""
    held = {"ruleId": named, "message": {"text": text}, **more}
    return {**held, "locations": [place(path, line)]} if path else held


def run(
    named: str, results: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]] = (), **more: Any
) -> dict[str, Any]:
    """A run of SARIF."""
    driver = {"name": named, "semanticVersion": "1.2.3", "rules": list(rules)}
    return {"tool": {"driver": driver}, "results": list(results), **more}


def sarif(*runs: Mapping[str, Any]) -> bytes:
    """A log of SARIF."""
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": list(runs)}).encode()


def prowler(check: str, arn: str, status: str = "FAIL", **more: Any) -> dict[str, Any]:
    """A finding of OCSF as Prowler writes it."""
    return {
        "class_uid": 2004,
        "metadata": {"event_code": check, "product": {"name": "Prowler", "vendor_name": "Prowler", "version": "5.4.0"}},
        "finding_info": {"uid": f"prowler-aws-{check}-1", "title": "A title"},
        "message": "A title",
        "status": "New",
        "status_id": 1,
        "status_code": status,
        "status_detail": f"{arn} is not as it should be.",
        "severity_id": 4,
        "resources": [{"uid": arn, "name": arn.rpartition(":")[2], "region": "us-east-1", "type": "AwsLambdaFunction"}],
        **more,
    }


# By tool: a run with one result in app.py, line 6, and the topic under which it belongs.
TOOLS: Mapping[str, tuple[dict[str, Any], str]] = {
    "Bandit": (
        run(
            "Bandit",
            [result("B605", "app.py", 6, level="error")],
            [{"id": "B605", "properties": {"tags": ["security", "external/cwe/cwe-78"]}}],
        ),
        "injection",
    ),
    "Semgrep": (
        run(
            "Semgrep OSS",
            [result("python.lang.security.audit.os-system", "app.py", 6)],
            [
                {
                    "id": "python.lang.security.audit.os-system",
                    "properties": {"tags": ["CWE-78: Improper Neutralization", "OWASP-A03:2021"]},
                }
            ],
        ),
        "injection",
    ),
    "CodeQL": (
        run(
            "CodeQL",
            [
                result(
                    "py/full-ssrf",
                    "app.py",
                    6,
                    ruleIndex=0,
                    rule={"id": "py/full-ssrf", "index": 0, "toolComponent": {"index": 0}},
                )
            ],
            tool={
                "driver": {"name": "CodeQL", "rules": []},
                "extensions": [
                    {
                        "name": "codeql/python",
                        "rules": [{"id": "py/full-ssrf", "properties": {"tags": ["external/cwe/cwe-918"]}}],
                    }
                ],
            },
        ),
        "request-forgery",
    ),
    "Snyk Code": (
        run(
            "SnykCode",
            [result("python/Ssrf", "app.py", 6)],
            [{"id": "python/Ssrf", "properties": {"cwe": ["CWE-918"]}}],
        ),
        "request-forgery",
    ),
    "Snyk Open Source": (
        run(
            "Snyk Open Source",
            [result("SNYK-PYTHON-REQUESTS-72435", "requirements.txt", 1)],
            [{"id": "SNYK-PYTHON-REQUESTS-72435", "properties": {"tags": ["security", "CWE-78", "pip"]}}],
        ),
        "vulnerable-package",
    ),
    "Trivy": (
        run(
            "Trivy",
            [result("CVE-2018-18074", "requirements.txt", 1, "Package: requests")],
            [{"id": "CVE-2018-18074", "properties": {"tags": ["vulnerability"]}}],
        ),
        "vulnerable-package",
    ),
    "Trivy of templates": (run("Trivy", [result("AWS-0096", "template.yaml", 6)]), "unencrypted-store"),
    "gitleaks": (run("gitleaks", [result("generic-api-key", "app.py", 6)]), "written-secret"),
    "Checkov": (run("checkov", [result("CKV_AWS_45", "template.yaml", 6)]), "written-secret"),
    "Checkov by our list of peers": (run("checkov", [result("CKV_AWS_116", "template.yaml", 6)]), ""),
    "a tool that nobody knows": (
        run("Housemade", [result("x1", "app.py", 6, taxa=[{"id": "327", "toolComponent": {"name": "CWE"}}])]),
        "weak-cryptography",
    ),
    "a weakness of none of our topics": (
        run("Housemade", [result("x2", "app.py", 6, properties={"cwe": "CWE-703"})]),
        "",
    ),
}
