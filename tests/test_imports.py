"""Results of other tools beside ours: under which control they come, when a person is asked, and that they never make anything pass."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assaybook.assess import Assessment
from assaybook.capture import OK, Capture, Captures, Target
from assaybook.cli import main
from assaybook.code.imports import Reported, read_results
from assaybook.collect.imports import imported, read_imports
from assaybook.dated import load_dated
from assaybook.engagement import assess_files
from assaybook.evidence import Hole
from assaybook.model import Outcome, Status
from assaybook.options import collecting_arguments
from assaybook.seal import open_seal
from assaybook.shape.source.import_topics import TABLES, topic_of
from assaybook.shape.source.imports import CALL, shape_imports
from assaybook.tables.imports import ImportedFinding, ImportedRun
from tool_results import TOOLS, place, prowler, result, run, sarif

APP = """import os
import hashlib


def handler(event, context):
    os.system("ls " + event["body"])
    name = hashlib.sha256(event["body"].encode()).hexdigest()
    return {"statusCode": 200, "body": name}
"""
TEMPLATE = """AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: orders/
      Handler: app.handler
      Runtime: python3.13
      Events:
        Api: {Type: Api, Properties: {Path: /orders, Method: post}}
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {SqsManagedSseEnabled: false}
"""
FILES = {"template.yaml": TEMPLATE, "orders/app.py": APP, "orders/requirements.txt": "requests==2.19.1\n"}
TREE = Target("source", "app", "tree")
CWE_78 = {"properties": {"tags": ["external/cwe/cwe-78"]}}


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def assessed(tmp_path: Path, data: Mapping[str, bytes], files: Mapping[str, str] = FILES) -> Assessment:
    root, out = write(tmp_path / "app", files), tmp_path / "out"
    named = []
    for name, content in data.items():
        (tmp_path / name).write_bytes(content)
        named += ["--import", tmp_path / name]
    said = command("collect", "--source", root, "-o", out, *named)
    assert said.exit_code == 0, said.output
    return assess_files([out / "evidence.seal"])


def reported(assessment: Assessment) -> list[Any]:
    found = [each for each in assessment.findings if each.check.startswith("another-tool-reports-")]
    assert all(each.outcome in (Outcome.REVIEW, Outcome.NOT_APPLICABLE) for each in found)
    return found


def shaped(*runs: Mapping[str, Any], rows: tuple[Any, ...] = ()) -> list[Any]:
    answer = {"runs": [each.document() for each in read_results(sarif(*runs))]}
    return list(shape_imports(Captures([Capture(CALL, TREE, {"file": "x.sarif"}, OK, answer)]), rows))


@pytest.mark.parametrize("name", TOOLS)
def test_each_tool_comes_under_its_topic(name: str) -> None:
    made, topic = TOOLS[name]
    row, counted = shaped(made)
    assert type(row) is TABLES.get(topic, ImportedFinding)
    assert (counted.results, counted.mapped) == (1, 1 if topic else 0)
    assert bool(counted.unmapped) is not bool(topic)


@pytest.mark.parametrize(
    ("tool", "rule", "weaknesses", "topic"),
    [
        ("Bandit", "B324", ("CWE-327",), "weak-cryptography"),
        ("Bandit", "B113", ("CWE-400",), ""),
        ("bandit", "B501", ("CWE-295",), "unverified-transport"),
        ("Snyk Open Source", "SNYK-JS-LODASH-567746", ("CWE-94",), "vulnerable-package"),
        ("Trivy", "CVE-2021-44228", ("CWE-502",), "vulnerable-package"),
        ("Grype", "GHSA-jf85-cpcp-j695", (), "vulnerable-package"),
        ("Checkov", "CKV_AWS_27", (), "unencrypted-store"),
        ("Checkov", "CKV_AWS_20", (), "exposed-store"),
        ("Checkov", "CKV_AWS_117", (), ""),
        ("Prowler", "awslambda_function_url_public", (), "open-entry"),
        ("Prowler", "awslambda_function_not_publicly_accessible", (), "open-entry"),
        ("Prowler", "awslambda_function_no_secrets_in_variables", (), "written-secret"),
        ("AWS Security Hub", "Lambda.1", (), "open-entry"),
        # What leaks by a log leaks in the clear, too; the log is where it is mended.
        ("CodeQL", "py/clear-text-logging-sensitive-data", ("CWE-312", "CWE-359", "CWE-532"), "logged-data"),
        ("CodeQL", "py/reflective-xss", ("CWE-79", "CWE-116"), "injection"),
        ("CodeQL", "py/jwt-missing-verification", ("CWE-347",), "unverified-token"),
        ("CodeQL", "py/unused-import", (), ""),
        ("GitLeaks", "aws-access-token", (), "written-secret"),
        ("", "", (), ""),
    ],
)
def test_topics(tool: str, rule: str, weaknesses: tuple[str, ...], topic: str) -> None:
    assert topic_of(tool, Reported(rule, "warning", "", weaknesses=weaknesses))[0] == topic


def test_topics_have_tables_and_each_weakness_has_one_topic() -> None:
    entries = load_dated("reported_topics").entries
    assert set(entries) == set(TABLES)
    for member in ("weaknesses", "checks", "rules"):
        told = [each for entry in entries.values() for each in getattr(entry, member)]
        assert len(told) == len(set(told)), member


def test_what_ours_found_is_not_asked_again_and_what_it_did_not_is(tmp_path: Path) -> None:
    bandit = run(
        "Bandit",
        [
            result("B605", "orders/app.py", 6, level="error"),
            result("B324", "orders/app.py", 7, "weak hash", level="error"),
            result("B404", "orders/app.py", 1, level="note"),
        ],
        [{"id": "B605", **CWE_78}, {"id": "B404", **CWE_78}],
    )
    found = {each.row.split("|")[1]: each for each in reported(assessed(tmp_path, {"bandit.sarif": sarif(bandit)}))}
    assert found["B605"].outcome is Outcome.NOT_APPLICABLE
    assert "is judged by itself; Bandit B605 reports it, too" in found["B605"].because
    assert found["B324"].outcome is Outcome.REVIEW
    assert found["B324"].check == "another-tool-reports-weak-cryptography"
    assert "line 7 of orders/app.py" in found["B324"].because and "weak hash" in found["B324"].because
    assert found["B324"].where == "orders/app.py:7"
    assert found["B404"].outcome is Outcome.NOT_APPLICABLE


def test_a_vulnerable_package_is_known_by_any_of_its_names(tmp_path: Path) -> None:
    trivy = run(
        "Trivy",
        [result("CVE-2018-18074", "orders/requirements.txt", 1), result("CVE-2099-0001", "orders/requirements.txt", 1)],
    )
    found = {each.row.split("|")[1]: each for each in reported(assessed(tmp_path, {"trivy.sarif": sarif(trivy)}))}
    assert found["CVE-2018-18074"].outcome is Outcome.NOT_APPLICABLE
    assert found["CVE-2099-0001"].outcome is Outcome.REVIEW


def test_a_resource_of_a_template_is_judged_by_itself(tmp_path: Path) -> None:
    where = {
        "ruleId": "CKV_AWS_27",
        "message": {"text": "not encrypted"},
        "locations": [place("/template.yaml", 12, 14)],
    }
    other = {**where, "locations": [place("/template.yaml", 1, 2)]}
    found = reported(assessed(tmp_path, {"checkov.sarif": sarif(run("checkov", [where, other]))}))
    assert sorted(each.outcome for each in found) == [Outcome.NOT_APPLICABLE, Outcome.REVIEW]


@pytest.mark.parametrize(
    "said",
    ["orders/app.py", "/build/app/orders/app.py", "file:///checkout/app/orders/app.py", "app.py", "./orders/app.py"],
)
def test_paths_from_above_and_below(tmp_path: Path, said: str) -> None:
    made = run("Bandit", [result("B605", said, 6, level="error")])
    (found,) = reported(assessed(tmp_path, {"bandit.sarif": sarif(made)}))
    assert found.where == "orders/app.py:6"
    assert found.outcome is Outcome.NOT_APPLICABLE


def test_what_was_set_aside_is_listed_and_not_asked(tmp_path: Path) -> None:
    made = result(
        "B324", "orders/app.py", 7, suppressions=[{"kind": "inSource", "justification": "a name and no proof"}]
    )
    assessment = assessed(tmp_path, {"bandit.sarif": sarif(run("Bandit", [made]))})
    (found,) = reported(assessment)
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "a name and no proof" in found.because
    (counted,) = assessment.evidence.rows(ImportedRun)
    assert (counted.results, counted.mapped, counted.dismissed) == (1, 1, 1)


def test_nothing_that_is_imported_makes_anything_pass(tmp_path: Path) -> None:
    well = run("Semgrep", [result("r", "orders/app.py", 6, kind="pass")], [{"id": "r", **CWE_78}])
    with_it = assessed(tmp_path / "a", {"semgrep.sarif": sarif(well, run("CodeQL", []))})
    without = assessed(tmp_path / "b", {})
    told = [(each.check, each.row, each.outcome) for each in without.findings]
    assert [(each.check, each.row, each.outcome) for each in with_it.findings] == told
    before = {each.control.id: each.status for each in without.controls}
    assert {each.control.id: each.status for each in with_it.controls} == before


def test_a_result_never_betters_the_status_of_a_control(tmp_path: Path) -> None:
    made = [run("Bandit", [result("B324", "orders/app.py", 7, level="error")])]
    with_it, without = assessed(tmp_path / "a", {"x.sarif": sarif(*made)}), assessed(tmp_path / "b", {})
    for one, other in zip(with_it.controls, without.controls, strict=True):
        if one.status is not other.status:
            assert (one.control.id, one.status) == ("B1-05", Status.UNDETERMINED)


def test_secrets_in_messages_never_reach_the_seal(tmp_path: Path) -> None:
    secret = "AK" + "IA" + "QWERTYUIOPASDFGH"
    made = result("aws-access-token", "orders/app.py", 2, f"found {secret} in the file", properties={"tags": [secret]})
    assessed(tmp_path, {"gitleaks.sarif": sarif(run("gitleaks", [made]))})
    seal = open_seal(tmp_path / "out/evidence.seal")
    said = json.dumps([dict(each.answer) for each in seal.captures if each.call == CALL])
    assert "aws-access-token" in said and secret not in said


def test_prowler_beside_a_template_made_of_names(tmp_path: Path) -> None:
    arn = "arn:aws:lambda:us-east-1:111122223333:function:elsewhere"
    assessment = assessed(
        tmp_path, {"prowler.ocsf.json": json.dumps([prowler("awslambda_function_url_public", arn)]).encode()}
    )
    (found,) = reported(assessment)
    assert (found.outcome, found.check) == (Outcome.REVIEW, "another-tool-reports-open-entry")
    assert (found.subject.native, found.subject.account, found.subject.kind) == (arn, "111122223333", "lambda")


def test_ids_stay_when_lines_move_and_one_result_in_two_files_is_one(tmp_path: Path) -> None:
    def made(by: int) -> bytes:
        return sarif(run("Bandit", [result("B324", "a.py", line + by, f"line {line + by}") for line in (3, 9)]))

    ids = [{each.id for each in reported(assessed(tmp_path / str(by), {"x.sarif": made(by)}))} for by in (0, 40)]
    assert ids[0] == ids[1] and len(ids[0]) == 2
    twice = assessed(tmp_path / "twice", {"x.sarif": made(0), "y.sarif": made(0)})
    assert {each.id for each in reported(twice)} == ids[0]


def test_order_in_the_file_changes_nothing() -> None:
    results = [result(rule, path, line) for rule in ("B324", "B605") for path in ("a.py", "b.py") for line in (1, 2)]
    assert shaped(run("Bandit", results)) == shaped(run("Bandit", results[::-1]))


def test_a_capture_that_no_reader_wrote_is_a_hole() -> None:
    for answer in ({}, {"runs": [{}]}, {"runs": [{"results": [{"x": 1}]}]}, {"runs": 3}):
        (only,) = shape_imports(Captures([Capture(CALL, TREE, {"file": "x"}, OK, answer)]), ())
        assert isinstance(only, Hole)


def test_the_summary_says_what_was_imported(tmp_path: Path) -> None:
    made = run(
        "Ban\x1bdit", [result("B9", "a.py", 1), result("B9", "a.py", 2)], invocations=[{"executionSuccessful": False}]
    )
    assessed(tmp_path, {"x.sarif": sarif(made)})
    said = command("assess", tmp_path / "out/evidence.seal", "-o", tmp_path / "out").output
    assert (
        "imported from Ban dit (x.sarif): 2 results: 0 filed under controls, 0 set aside in the tool, 2 not mapped (1 rule); the tool says that its run failed"
        in said
    )
    assert "\x1b" not in said


def test_the_configuration_names_files_relative_to_itself(tmp_path: Path) -> None:
    write(tmp_path / "app", FILES)
    (tmp_path / "x.sarif").write_bytes(sarif(run("Bandit", [result("B324", "orders/app.py", 7)])))
    (tmp_path / "assess.toml").write_text('[source]\npath = "app"\nimports = ["x.sarif"]\n')
    assert command("collect", "-c", tmp_path / "assess.toml", "-o", tmp_path / "out").exit_code == 0
    assert len(reported(assess_files([tmp_path / "out/evidence.seal"]))) == 1


@pytest.mark.parametrize(
    ("data", "said"), [(b"{", "is not JSON"), (None, "cannot be read"), (b"[" * 99_999, "nested too deeply")]
)
def test_a_file_that_cannot_be_used_stops_the_run_with_one_message(
    tmp_path: Path, data: bytes | None, said: str
) -> None:
    root = write(tmp_path / "app", FILES)
    if data is not None:
        (tmp_path / "x.sarif").write_bytes(data)
    ended = command("collect", "--source", root, "-o", tmp_path / "out", "--import", tmp_path / "x.sarif")
    assert ended.exit_code == 2
    assert said in ended.output and "x.sarif" in ended.output and "Traceback" not in ended.output
    assert not (tmp_path / "out/evidence.seal").exists()


def test_two_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.sarif").write_bytes(sarif(run("Bandit", [])))
    read = read_imports([tmp_path / "a/x.sarif", tmp_path / "b/x.sarif"], b"k" * 32)
    assert [name for name, _, _ in read] == ["x.sarif", "x.sarif (2)"]


def test_a_run_passes_the_files_on() -> None:
    asked = {
        **dict.fromkeys(("regions", "advisories"), ()),
        **dict.fromkeys(("profile", "plan", "source", "cache"), ""),
        **dict.fromkeys(("code", "code_lines", "cached"), True),
        "resume": False,
        "imports": (Path("x.sarif"), Path("y.json")),
    }
    assert collecting_arguments(asked) == ["--import", "x.sarif", "--import", "y.json"]


def test_an_account_takes_what_is_imported_under_its_first_target() -> None:
    read = [("x.sarif", {"runs": []}, 0)]
    targets = [Target("aws", "222222222222", "eu-west-1"), Target("aws", "111111111111", "us-east-1")]
    (of_accounts,) = imported(read, targets, lambda: datetime(2026, 11, 1, tzinfo=UTC))
    (of_tree,) = imported(read, [*targets, TREE], lambda: datetime(2026, 11, 1, tzinfo=UTC))
    assert (of_accounts.target, of_tree.target) == (targets[1], TREE)


def test_as_many_results_as_are_read_are_rows() -> None:
    results = [
        result(f"r{number % 500}", f"src/{number % 900}.py", number % 3000 + 1, f"text {number}")
        for number in range(20_000)
    ]
    assert len(shaped(run("Semgrep", results))) == 20_001


@pytest.mark.parametrize(
    ("path", "asked"), [("tests/test_orders.py", False), ("orders/tests.py", True), ("orders/app.py", True)]
)
def test_what_lies_among_tests_is_not_asked(path: str, asked: bool, tmp_path: Path) -> None:
    made = run("Bandit", [result("B602", path, 70, level="error")])
    (found,) = reported(assessed(tmp_path, {"x.sarif": sarif(made)}))
    assert (found.outcome is Outcome.REVIEW) is asked
