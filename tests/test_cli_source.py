"""A source tree from the command line, as a user types it: what is found, what is said, and the exit codes."""

import json
import socket
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assaybook.assess import gate
from assaybook.capture import FAILED, OK, PLACES, TREE
from assaybook.cli import main
from assaybook.engagement import assess_files
from assaybook.model import Outcome, Severity, Status
from assaybook.plan.extent import ACCOUNT_ONLY, left_out
from assaybook.seal import open_seal

WEAK = """AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: all
          PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}
  Hello:
    Type: AWS::Lambda::Function
    Properties: {Handler: app.handler, Runtime: python3.12, Role: !GetAtt Role.Arn, Code: hello/}
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !Ref Hello}
"""
SAFE = """AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {KmsMasterKeyId: alias/aws/sns}
"""
APP = "import os\n\n\ndef handler(event, context):\n    os.system('ls ' + event['body'])\n"
FILES = {"template.yaml": WEAK, "hello/app.py": APP, "hello/requirements.txt": "requests==2.19.1\n"}
PASSWORD = "hunter2" + "hunter2" + "!x"


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials, no network and no cache of this machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def collect(source: Path, out: Path, *arguments: str | Path) -> Any:
    said = run("collect", "--source", source, "-o", out, *arguments)
    assert said.exit_code == 0, said.output
    return open_seal(out / "evidence.seal")


def test_a_source_tree_is_collected_without_credentials_or_network(tmp_path: Path) -> None:
    seal = collect(write(tmp_path / "app", FILES), tmp_path / "out")
    assert seal.manifest.plan == "source" and seal.manifest.principals == ()
    calls = {each.call for each in seal.captures}
    assert {
        TREE,
        PLACES,
        "repository:Files",
        "code:Package",
        "code:Flows",
        "code:Dependencies",
        "lambda:ListFunctions",
    } <= calls
    tree = next(each for each in seal.captures if each.call == TREE)
    assert (tree.answer["name"], tree.answer["files"], tree.answer["packages"]) == ("app", 3, 2)


def test_defects_of_templates_and_code_are_found(tmp_path: Path) -> None:
    collect(write(tmp_path / "app", FILES), tmp_path / "out")
    said = run("assess", tmp_path / "out/evidence.seal", "-o", tmp_path / "out")
    assert said.exit_code == 1
    found = json.loads((tmp_path / "out/findings.json").read_text())["findings"]
    failed = {each["check"] for each in found if each["outcome"] == "fail"}
    assert {"public-endpoint-without-auth", "admin-rights-on-workload-role"} <= failed
    assert "left to the account: " in said.output
    assert not [each for each in found if each["outcome"] == "error"]


def test_a_zip_and_a_folder_give_the_same_findings(tmp_path: Path) -> None:
    root = write(tmp_path / "app", FILES)
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    ids = []
    for number, source in enumerate((root, tmp_path / "app.zip")):
        collect(source, tmp_path / f"out{number}")
        findings = assess_files([tmp_path / f"out{number}/evidence.seal"]).findings
        ids.append({(each.check, each.subject.native, each.outcome) for each in findings})
    assert ids[0] == ids[1]


def test_the_same_tree_gives_the_same_results(tmp_path: Path) -> None:
    root = write(tmp_path / "app", FILES)
    results = []
    for number in range(2):
        out = tmp_path / f"out{number}"
        out.mkdir()
        (out / "engagement.key").write_text("00" * 32)
        collect(root, out)
        results.append(
            [(each.id, each.outcome, each.because) for each in assess_files([out / "evidence.seal"]).findings]
        )
    assert results[0] == results[1]


def test_a_single_template_is_assessed(tmp_path: Path) -> None:
    write(tmp_path / "app", FILES)
    seal = collect(tmp_path / "app/template.yaml", tmp_path / "out")
    package = next(each for each in seal.captures if each.call == "code:Package" and each.state != OK)
    assert package.reason == "not_in_tree" and package.where.startswith("template.yaml:")
    findings = assess_files([tmp_path / "out/evidence.seal"]).findings
    assert "admin-rights-on-workload-role" in {each.check for each in findings if each.outcome is Outcome.FAIL}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--source", "gone"], "is not there"),
        (["--source", "empty"], "holds no file to assess"),
        (["--source", "broken.zip"], "is not read"),
        (["--source", "other.bin"], "is no zip archive"),
        (["--source", "app", "--region", "eu-west-1"], "--source reads no account"),
        (["--source", "app", "--profile", "x"], "--source reads no account"),
    ],
)
def test_wrong_use_gets_one_message_and_code_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(tmp_path, {"app/app.py": "", "other.bin": "x", "broken.zip": "PK\x03\x04"}))
    (tmp_path / "empty").mkdir()
    result = run("collect", *arguments, "-o", "out")
    assert result.exit_code == 2 and said in result.output and result.output.count("assaybook:") == 1
    assert not Path("out/evidence.seal").exists()


def test_results_do_not_go_into_the_source_itself(tmp_path: Path) -> None:
    result = run("collect", "--source", write(tmp_path / "app", FILES), "-o", tmp_path / "app")
    assert result.exit_code == 2 and "Name another folder with -o" in result.output
    seal = collect(tmp_path / "app", tmp_path / "app/reports/first")
    assert next(each for each in seal.captures if each.call == TREE).answer["files"] == 3


def test_a_configuration_names_the_source_and_what_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "app", {**FILES, "tests/fixtures/x.py": "x", "assess.toml": ""})
    config = tmp_path / "app/assess.toml"
    config.write_text(
        '[source]\npath = "."\n[[source.exclude]]\npattern = "tests/fixtures"\nreason = "made up for tests"\nreviewer = "Ana"\n'
    )
    said = run("collect", "-c", config, "-o", tmp_path / "out")
    assert said.exit_code == 0, said.output
    tree = next(each for each in open_seal(tmp_path / "out/evidence.seal").captures if each.call == TREE)
    assert tree.answer["excluded"] == [
        {"pattern": "tests/fixtures", "reason": "made up for tests", "reviewer": "Ana", "files": 1}
    ]


@pytest.mark.parametrize("missing", ["reason", "reviewer", "pattern"])
def test_what_is_left_out_needs_a_reason_and_a_reviewer(missing: str, tmp_path: Path) -> None:
    entry = {"pattern": "tests", "reason": "made up for tests", "reviewer": "Ana"}
    lines = [f'{name} = "{value}"' for name, value in entry.items() if name != missing]
    (tmp_path / "assess.toml").write_text("[[source.exclude]]\n" + "\n".join(lines) + "\n")
    result = run("collect", "-c", tmp_path / "assess.toml", "--source", tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 2 and missing in result.output


def test_no_line_of_code_is_kept_where_none_is_to_be(tmp_path: Path) -> None:
    root = write(tmp_path / "app", FILES)
    with_lines = str(collect(root, tmp_path / "one").captures)
    without = str(collect(root, tmp_path / "two", "--no-code-lines").captures)
    assert "os.system('ls '" in with_lines and "os.system('ls '" not in without


def test_templates_alone_are_read_without_the_code(tmp_path: Path) -> None:
    seal = collect(write(tmp_path / "app", FILES), tmp_path / "out", "--no-code")
    calls = {each.call for each in seal.captures}
    assert "lambda:ListFunctions" in calls and not [each for each in calls if each.startswith("code:")]
    assert gate(assess_files([tmp_path / "out/evidence.seal"]), "all", Severity.LOW) is Status.NOT_MET


def test_the_cache_is_where_it_is_told_to_be_or_nowhere(tmp_path: Path) -> None:
    root = write(tmp_path / "app", FILES)
    collect(root, tmp_path / "one", "--no-cache")
    assert not (tmp_path / "cache").exists()
    collect(root, tmp_path / "two", "--cache", tmp_path / "mine")
    assert list((tmp_path / "mine").glob("??/*.json.gz")) and not (tmp_path / "cache").exists()
    collect(root, tmp_path / "three")
    assert list((tmp_path / "cache/assaybook").glob("??/*.json.gz"))


def test_secrets_of_a_tree_are_in_no_file_that_is_left(tmp_path: Path) -> None:
    leak = f"import os\nPASSWORD = '{PASSWORD}'\n\n\ndef handler(event, context):\n    os.system('x --password={PASSWORD} ' + event['body'])\n"
    template = WEAK.replace("Code: hello/", f"Code: hello/, Environment: {{Variables: {{DB_PASSWORD: '{PASSWORD}'}}}}")
    out = tmp_path / "out"
    collect(write(tmp_path / "app", {**FILES, "hello/app.py": leak, "template.yaml": template}), out)
    run("assess", out / "evidence.seal", "-o", out)
    assert PASSWORD not in str(open_seal(out / "evidence.seal").captures)
    for path in [*out.rglob("*"), *(tmp_path / "cache").rglob("*")]:
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path


def test_what_only_an_account_tells_leaves_the_gate_alone(tmp_path: Path) -> None:
    collect(write(tmp_path / "app", {"template.yaml": SAFE}), tmp_path / "out")
    assessment = assess_files([tmp_path / "out/evidence.seal"])
    missing = [each.missing for each in assessment.findings if each.missing]
    assert any(each.reason == ACCOUNT_ONLY for each in missing)
    assert len(assessment.account_only) > 20
    assert all(assessment.result(each).status is Status.UNDETERMINED for each in assessment.account_only)
    assert gate(assessment, "automatic", Severity.HIGH) is not Status.NOT_MET


def test_without_any_template_nothing_about_the_account_is_concluded(tmp_path: Path) -> None:
    collect(write(tmp_path / "app", {"app.py": APP}), tmp_path / "out")
    assessment = assess_files([tmp_path / "out/evidence.seal"])
    assert len(assessment.account_only) > 60
    # What code alone decides may be decided.
    assert {each.control.id for each in assessment.controls if each.status is Status.MET} <= {"C3-01", "C3-05", "E3-05"}


def test_a_template_that_cannot_be_read_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    collect(
        write(
            tmp_path / "app",
            {"template.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources: {A: {Type: 'AWS::SNS::Topic'\n"},
        ),
        tmp_path / "out",
    )
    assessment = assess_files([tmp_path / "out/evidence.seal"])
    place = next(each for each in assessment.captures if each.call == PLACES)
    assert place.state == FAILED and place.reason == "template not read"
    assert gate(assessment, "automatic", Severity.LOW) is Status.UNDETERMINED
    assert {each.control.id for each in assessment.controls if each.status is Status.MET} <= {"C3-01"}


@pytest.mark.parametrize("call", ["lambda:GetPolicy", "ec2:DescribeRegions", "guardduty:ListDetectors"])
def test_the_plan_of_a_source_tree_asks_no_account(call: str) -> None:
    assert left_out("source", call) == ACCOUNT_ONLY


def test_code_that_a_plan_leaves_out_is_said_to_be(tmp_path: Path) -> None:
    assert left_out("source", "code:Flows") == ""
    assert "--no-code" in left_out("lean", "code:Flows") and "--no-code" in left_out("standard", "code:Package")


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_whole_run_works_as_it_is_typed(hash_seed: str, tmp_path: Path) -> None:
    root = write(tmp_path / "app", FILES)
    here = Path(__file__).parents[1] / "toolkit"
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(here), "HOME": str(tmp_path), "PYTHONHASHSEED": hash_seed}
    command = [
        sys.executable,
        "-m",
        "assaybook",
        "run",
        "--source",
        str(root),
        "-o",
        str(tmp_path / "out"),
        "--area",
        "A",
    ]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 1, ran.stderr[-3000:]
    assert "Traceback" not in ran.stderr
    for name in ("evidence.seal", "findings.json", "report.html", "report.pdf"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    html = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "Read from the source tree" in html


def test_a_run_into_a_new_folder_finds_what_the_last_one_read(tmp_path: Path) -> None:
    tree, kept = write(tmp_path / "app", {"app.py": APP}), ["--cache", str(tmp_path / "kept")]
    collect(tree, tmp_path / "first", *kept)
    before = {each.name: each.stat().st_mtime_ns for each in sorted((tmp_path / "kept").rglob("*")) if each.is_file()}
    collect(tree, tmp_path / "second", *kept)
    after = {each.name for each in (tmp_path / "kept").rglob("*") if each.is_file()}
    assert after == set(before)
    assert oct((tmp_path / "kept" / "engagement.key").stat().st_mode & 0o777) == "0o600"
    first, second = (assess_files([tmp_path / name / "evidence.seal"]) for name in ("first", "second"))
    assert {each.id for each in first.findings} == {each.id for each in second.findings}
