"""The bill of materials: valid by the standard's own schema, the same each time, and true to what was found."""

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from advisory_records import NOW, TARGET, shaped
from assaybook.assess import Assessment
from assaybook.capture import FAILED, OK, Capture, Captures, Target
from assaybook.catalogue import load_catalogue
from assaybook.code.dependencies import dependencies
from assaybook.code.package import Package, Program, Reading
from assaybook.config import load_config
from assaybook.evidence import Evidence
from assaybook.people import People
from assaybook.report.exports import bill_of_materials, write_results

SHOP = {
    "a/package.json": '{"dependencies": {"lodash": "4.17.15", "@scope/thing": "^1.0.0"}, "devDependencies": {"jest": "29.0.0"}}',
    "b/requirements.txt": "PyYAML==5.1\nsix\n",
    "node_modules/left/package.json": '{"name": "left", "version": "1.0.0", "license": "(MIT OR Apache-2.0)"}',
    "pom.xml": "<project><dependencies><dependency><groupId>org.x</groupId><artifactId>y</artifactId><version>1.0</version></dependency></dependencies></project>",
}
VEX = {
    "vulnerabilities": ["CVE-2020-14343"],
    "packages": ["pkg:pypi/pyyaml@5.1"],
    "status": "not_affected",
    "justification": "vulnerable_code_not_in_execute_path",
    "said": "",
    "author": "Team",
    "date": "2026-11-01",
    "file": "vex.json",
}


def captured(given: Mapping[str, str], name: str = "shop") -> Capture:
    opened = {path: (lambda content=content: content.encode()) for path, content in sorted(given.items())}
    answer = dependencies(Program(Package(name, "folder", opened, "x"), {}), Reading(str))
    return Capture("code:Dependencies", TARGET, {"package": name}, OK, answer, ref=f"E-{name}")


def assessed(*captures: Capture) -> Assessment:
    from assaybook.assess import run_checks, scores
    from assaybook.checks import ALL
    from assaybook.status import judge_all

    catalogue = load_catalogue()
    parameters = {**catalogue.effective(), **load_config(None).declared()}
    evidence = Evidence(shaped(Captures(captures), parameters), NOW)
    findings = run_checks(ALL, catalogue, evidence, parameters)
    results = judge_all(catalogue.controls, findings, People(), NOW.date())
    automatic, whole = scores(results)
    return Assessment(
        inputs={"seal": "sha256:abc", "config": "c", "answers": "a", "waivers": "w", "catalogue": "k"},
        tool_version="0.1.0",
        as_of=NOW,
        as_at=NOW.date(),
        synthetic=False,
        engagement={"system": "Shop"},
        principals=(),
        plans=("source",),
        parameters=parameters,
        changed_parameters=(),
        selection=(),
        tags=(),
        controls=results,
        findings=findings,
        waivers=(),
        not_assessed=(),
        automatic=automatic,
        whole=whole,
        evidence=evidence,
        captures=captures,
        catalogue=catalogue,
        stale=(),
    )


@pytest.fixture(scope="module")
def validator() -> jsonschema.protocols.Validator:
    folder = files("cyclonedx.schema._res")
    bundled = {
        name: json.loads(folder.joinpath(f"{name}.SNAPSHOT.schema.json").read_text(encoding="utf-8"))
        for name in ("bom-1.6", "spdx", "jsf-0.82")
    }
    registry: Registry[Any] = Registry()
    for content in bundled.values():
        registry = registry.with_resource(content["$id"], Resource.from_contents(content))
    for name in ("spdx", "jsf-0.82"):
        registry = registry.with_resource(
            f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", Resource.from_contents(bundled[name])
        )
    return jsonschema.Draft7Validator(bundled["bom-1.6"], registry=registry, format_checker=jsonschema.FormatChecker())


def document(*captures: Capture) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(bill_of_materials(assessed(*captures)))
    return made


def test_it_is_valid(validator: jsonschema.protocols.Validator) -> None:
    vex = Capture("advisories:Vex", TARGET, {"source": "vex.json"}, OK, {"statements": [VEX]}, ref="E-3")
    made = document(captured(SHOP), captured({"c/package.json": SHOP["a/package.json"]}, "other"), vex)
    assert [error.message for error in validator.iter_errors(made)] == []


def test_components_are_there_once_with_their_places() -> None:
    made = document(captured(SHOP), captured({"c/package.json": SHOP["a/package.json"]}, "other"))
    by_name = {(each.get("group", ""), each["name"]): each for each in made["components"] if each["type"] == "library"}
    assert set(by_name) == {
        ("", "lodash"),
        ("@scope", "thing"),
        ("", "jest"),
        ("", "pyyaml"),
        ("", "six"),
        ("", "left"),
        ("org.x", "y"),
    }
    lodash = by_name[("", "lodash")]
    assert (lodash["purl"], lodash["version"], lodash["scope"]) == ("pkg:npm/lodash@4.17.15", "4.17.15", "required")
    assert [each["location"] for each in lodash["evidence"]["occurrences"]] == ["a/package.json:1", "c/package.json:1"]
    assert by_name[("", "jest")]["scope"] == "excluded"
    assert "version" not in by_name[("@scope", "thing")]
    assert {"name": "assaybook:asked", "value": "^1.0.0"} in by_name[("@scope", "thing")]["properties"]
    assert by_name[("", "left")]["licenses"] == [{"license": {"name": "(MIT OR Apache-2.0)"}}]


def test_dependencies_name_what_is_there_and_leave_development_out() -> None:
    made = document(captured(SHOP))
    refs = {each["bom-ref"] for each in made["components"]} | {"assessed"}
    named = {ref for each in made["dependencies"] for ref in (each["ref"], *each["dependsOn"])}
    assert named <= refs
    assert not any("jest" in ref for each in made["dependencies"] for ref in each["dependsOn"])


def test_vulnerabilities_carry_what_is_stated_of_them() -> None:
    vex = Capture("advisories:Vex", TARGET, {"source": "vex.json"}, OK, {"statements": [VEX]}, ref="E-3")
    found = {each["id"]: each for each in document(captured(SHOP), vex)["vulnerabilities"]}
    assert found["CVE-2021-23337"]["affects"] == [{"ref": "pkg:npm/lodash@4.17.15"}]
    assert found["CVE-2021-23337"]["ratings"] == [{"severity": "high"}]
    assert found["CVE-2021-23337"]["recommendation"] == "Upgrade lodash to 4.17.21"
    assert "analysis" not in found["CVE-2021-23337"]
    analysis = found["CVE-2020-14343"]["analysis"]
    assert (analysis["state"], analysis["justification"]) == ("not_affected", "code_not_reachable")


def test_the_same_bytes_and_a_number_from_the_seal() -> None:
    one = assessed(captured(SHOP))
    assert bill_of_materials(one) == bill_of_materials(assessed(captured(SHOP)))
    other = replace(one, inputs={**one.inputs, "seal": "sha256:other"})
    first, second = json.loads(bill_of_materials(one)), json.loads(bill_of_materials(other))
    assert first["serialNumber"] != second["serialNumber"]
    assert first["metadata"]["timestamp"] == "2026-11-24T09:00:00+00:00"


def test_it_is_written_where_there_are_components(tmp_path) -> None:
    write_results(assessed(captured(SHOP)), tmp_path / "with")
    assert (tmp_path / "with" / "sbom.cdx.json").read_bytes().startswith(b"{")
    write_results(assessed(captured({"app.py": ""})), tmp_path / "without")
    assert not (tmp_path / "without" / "sbom.cdx.json").exists()


def test_hostile_answers_make_no_broken_document(validator: jsonschema.protocols.Validator) -> None:
    odd = {
        "components": [
            3,
            {"name": ""},
            {"name": "a", "version": 3},
            {"name": "x\u0000y<script>", "purl": "", "asked": "^1"},
        ]
    }
    captures = (
        Capture("code:Dependencies", Target("source", "t", "tree"), {"package": "p"}, OK, odd, ref="E-1"),
        Capture("code:Dependencies", Target("source", "t", "tree"), {"package": "q"}, FAILED, reason="x", ref="E-2"),
    )
    assert [error.message for error in validator.iter_errors(document(*captures))] == []
