"""`sbom.cdx.json`: the bill of materials of all packages that were read, with what is known of vulnerabilities. Source: CycloneDX 1.6 (ECMA-424)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ...assess import Assessment
from ...capture import OK, Capture
from ...tables.supply_chain import PackageAdvisory

CALL = "code:Dependencies"
SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
_STATES = {
    "not_affected": "not_affected",
    "fixed": "resolved",
    "under_investigation": "in_triage",
    "affected": "exploitable",
}
# OpenVEX's reasons in the words of CycloneDX.
_REASONS = {
    "component_not_present": "code_not_present",
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "vulnerable_code_cannot_be_controlled_by_adversary": "code_not_reachable",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
    **{
        each: each
        for each in (
            "code_not_present",
            "code_not_reachable",
            "requires_configuration",
            "requires_dependency",
            "requires_environment",
            "protected_by_compiler",
            "protected_at_runtime",
            "protected_at_perimeter",
            "protected_by_mitigating_control",
        )
    },
}
Document = dict[str, Any]


def bill_of_materials(assessment: Assessment) -> bytes:
    """The document, the same for the same assessment; empty if no package depends on anything."""
    packages = [each for each in assessment.captures if each.call == CALL and each.state == OK]
    components = _components(packages)
    if not components:
        return b""
    seal = assessment.inputs["seal"]
    document: Document = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:assaybook:seal:{seal}')}",
        "version": 1,
        "metadata": {
            "timestamp": assessment.as_of.isoformat(),
            "tools": {"components": [{"type": "application", "name": "assaybook", "version": assessment.tool_version}]},
            "component": {
                "type": "application",
                "bom-ref": "assessed",
                "name": str(assessment.engagement.get("system") or "assessed applications"),
            },
            "properties": [{"name": "assaybook:seal", "value": seal}],
        },
        "components": [components[ref] for ref in sorted(components)],
        "dependencies": list(_dependencies(packages)),
    }
    vulnerabilities = list(_vulnerabilities(assessment.evidence.rows(PackageAdvisory), components))
    if vulnerabilities:
        document["vulnerabilities"] = vulnerabilities
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _listed(package: Capture) -> Iterator[Mapping[str, Any]]:
    listed = package.answer.get("components")
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, Mapping) and isinstance(each.get("name"), str) and each["name"]:
            yield each


def _ref(component: Mapping[str, Any]) -> str:
    """A component under one name wherever it is: its package URL, and the range where there is no version."""
    asked = "" if component.get("version") or not component.get("asked") else f"?asked={component['asked']}"
    return f"{component.get('purl') or component['name']}{asked}"


def _package_ref(package: Capture) -> str:
    return f"code:{package.target}:{package.params.get('package', '')}"


def _components(packages: Iterable[Capture]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for package in packages:
        for each in _listed(package):
            made = found.setdefault(_ref(each), _component(each))
            if each.get("development") is not True:
                made["scope"] = (
                    "optional" if each.get("optional") is True and made["scope"] != "required" else "required"
                )
            place = {"location": str(each.get("where", ""))}
            if place not in made["evidence"]["occurrences"]:
                made["evidence"]["occurrences"].append(place)
        if any(True for _ in _listed(package)):
            name = str(package.params.get("package", "")) or "the whole tree"
            found[_package_ref(package)] = {"type": "application", "bom-ref": _package_ref(package), "name": name}
    return found


def _component(each: Mapping[str, Any]) -> Document:
    group, _, name = str(each["name"]).rpartition(":" if each.get("ecosystem") == "Maven" else "/")
    made: Document = {
        "type": "library",
        "bom-ref": _ref(each),
        "name": name,
        "scope": "excluded",
        "evidence": {"occurrences": []},
        "properties": [{"name": "assaybook:origin", "value": str(each.get("origin", ""))}],
    }
    if group:
        made["group"] = group
    for member in ("version", "purl"):
        if each.get(member):
            made[member] = str(each[member])
    if each.get("asked") and not each.get("version"):
        made["properties"].append({"name": "assaybook:asked", "value": str(each["asked"])})
    if each.get("licence"):
        made["licenses"] = [{"license": {"name": str(each["licence"])}}]
    return made


def _dependencies(packages: Iterable[Capture]) -> Iterator[Document]:
    refs: dict[str, set[str]] = {}
    for package in packages:
        needed = {_ref(each) for each in _listed(package) if each.get("development") is not True}
        if needed:
            refs.setdefault(_package_ref(package), set()).update(needed)
    yield {"ref": "assessed", "dependsOn": sorted(refs)}
    for ref in sorted(refs):
        yield {"ref": ref, "dependsOn": sorted(refs[ref])}


def _vulnerabilities(rows: Iterable[PackageAdvisory], components: Mapping[str, Document]) -> Iterator[Document]:
    from ...code.dependencies import package_url

    merged: dict[tuple[str, str], Document] = {}
    for row in rows:
        if not row.advisory:
            continue
        component = {
            "purl": package_url(row.ecosystem, row.name, row.version),
            "name": row.name,
            "version": row.version,
            "asked": row.asked,
        }
        ref = _ref(component)
        if ref in components:
            made = merged.setdefault((row.advisory, row.status), _vulnerability(row))
            if {"ref": ref} not in made["affects"]:
                made["affects"].append({"ref": ref})
    for key in sorted(merged):
        merged[key]["affects"].sort(key=lambda each: each["ref"])
        yield merged[key]


def _vulnerability(row: PackageAdvisory) -> Document:
    made: Document = {
        "bom-ref": f"{row.advisory} {row.status}".strip(),
        "id": row.advisory,
        "ratings": [{"severity": row.severity or "unknown"}],
        "affects": [],
    }
    if row.summary:
        made["description"] = row.summary
    if row.published:
        made["published"] = row.published.isoformat()
    if row.aliases:
        made["references"] = [{"id": each, "source": {"name": each.partition("-")[0]}} for each in row.aliases]
    if row.fixed:
        made["recommendation"] = f"Upgrade {row.name} to {row.fixed}"
    if row.status:
        made["analysis"] = {"state": _STATES[row.status], "detail": " ".join((row.justification, row.stated)).strip()}
        if row.justification in _REASONS and row.status == "not_affected":
            made["analysis"]["justification"] = _REASONS[row.justification]
    return made
