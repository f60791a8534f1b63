"""The command line: help, messages, exit codes, and what is left behind when things go wrong."""

import csv
import gzip
import importlib.resources
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from assaybook.cli import main
from demo_run import write_demo_seal

COMMANDS = ("demo", "collect", "assess", "report", "run", "verify", "catalogue", "explain", "permissions")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo_seal(tmp_path_factory.mktemp("cli"))


@pytest.fixture(scope="module")
def results(seal: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("results")
    assert run("assess", seal, "-o", out).exit_code == 1
    return out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_says_what_it_is_for(command: str) -> None:
    said = run(command, "--help")
    assert said.exit_code == 0
    assert command in said.output
    text = main.commands[command].help or ""
    assert text.split("\n")[0].endswith(".")


def test_help_names_the_exit_codes_and_every_command() -> None:
    said = run("--help").output
    assert "0 met, 1 not met, 2 wrong use, 3 undetermined" in said
    assert all(command in said for command in COMMANDS)


def test_findings_follow_the_published_schema(results: Path) -> None:
    packed = importlib.resources.files("assaybook.report.exports").joinpath("findings.schema.json")
    schema = json.loads(packed.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads((results / "findings.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert {"schema", "as_of", "inputs", "scope", "score", "controls", "findings", "not_assessed"} <= document.keys()
    assert len(document["controls"]) == 137
    assert {each["outcome"] for each in document["findings"]} <= {"fail", "review", "unknown", "error"}
    for each in document["findings"]:
        assert each["name"]
        assert each["because"].strip()
        assert each["controls"]
        assert each["remedy"] if each["outcome"] == "fail" else True


def test_results_stream_every_outcome(results: Path) -> None:
    lines = gzip.decompress((results / "results.jsonl.gz").read_bytes()).splitlines()
    outcomes = {json.loads(line)["outcome"] for line in lines}
    assert {"pass", "fail", "not_applicable", "review", "unknown"} <= outcomes
    shown = json.loads((results / "findings.json").read_text(encoding="utf-8"))["findings"]
    kept = [
        json.loads(line)["id"]
        for line in lines
        if json.loads(line)["outcome"] in ("fail", "review", "unknown", "error")
    ]
    assert sorted(kept) == sorted(each["id"] for each in shown)
    assert len({json.loads(line)["id"] for line in lines}) == len(lines)


def test_csv_files_have_a_row_each(results: Path) -> None:
    with (results / "controls.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 137
    with (results / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(json.loads((results / "findings.json").read_text(encoding="utf-8"))["findings"])


def test_verify_says_what_is_intact_and_what_is_not(seal: Path, tmp_path: Path) -> None:
    said = run("verify", seal)
    assert said.exit_code == 0
    assert "intact" in said.output
    assert "digest" in said.output
    damaged = tmp_path / "damaged.seal"
    whole = bytearray(seal.read_bytes())
    whole[len(whole) // 2] ^= 1
    damaged.write_bytes(whole)
    broken = run("verify", damaged)
    assert broken.exit_code == 2
    assert "parts/aws-" in broken.output
    assert "BROKEN" in broken.output
    assert run("assess", damaged, "-o", tmp_path / "out").exit_code == 2
    assert not (tmp_path / "out").exists()


def test_catalogue_prints_how_many_have_no_check_yet() -> None:
    said = run("catalogue").output
    assert said.count("\n  ") == 137
    assert "137 controls" in said
    assert "no check yet (pending)" in said
    assert run("catalogue", "--practice", "C1").output.count("\n  C1-") == said.count("\n  C1-")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("C1", "C1-01"), ("C1-01", "public-endpoint-without-auth"), ("public-endpoint-without-auth", "C1-01")],
)
def test_explain_tells_of_practice_control_and_check(name: str, expected: str) -> None:
    said = run("explain", name)
    assert said.exit_code == 0
    assert expected in said.output


def test_explain_of_nothing_is_misuse() -> None:
    said = run("explain", "C1-99")
    assert said.exit_code == 2
    assert "C1-99" in said.output


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--control", "C1-01"], 1),
        (["--control", "C9-01"], 2),
        (["--area", "Z"], 2),
        (["--fail-on", "urgent"], 2),
        (["--as-at", "2026-13-01"], 2),
        (["--control", "F1-01", "--gate", "all"], 3),
        (["--control", "F1-01"], 0),
    ],
)
def test_exit_codes_of_assess(seal: Path, tmp_path: Path, options: list[str], code: int) -> None:
    assert run("assess", seal, "-o", tmp_path / "out", *options).exit_code == code


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("assess.toml", '[engagement]\nclient = "a"\nclients = "b"\n', 3),
        ("assess.toml", '[engagement\nclient = "a"\n', 1),
        ("assess.toml", "[thresholds]\nlog_retention_days = 3\n", 2),
        ("assess.toml", '[thresholds]\nlog_retention_min_days = "long"\n', 2),
        ("answers.yaml", "answers:\n  - control: F1-01\n    colour: red\n", 3),
        ("answers.yaml", "answers: []\nanswers: []\n", 2),
        ("waivers.yaml", "waivers:\n  - id: W-1\n    expires: 2026-02-30\n", 3),
        ("waivers.yaml", "waivers: 7\n", 1),
        ("data-register.yaml", "date: 2026-09-02\napproved_by: Ada\nstores:\n  - {store: a, colour: red}\n", 4),
    ],
)
def test_bad_files_get_one_message_with_file_and_line(
    seal: Path, tmp_path: Path, name: str, text: str, line: int
) -> None:
    config = tmp_path / "assess.toml"
    people = ("answers", "waivers", "data-register")
    named = "".join(f'{each.replace("-", "_")} = "{each}.yaml"\n' for each in people)
    config.write_text(f"[people]\n{named}", encoding="utf-8")
    register = "date: 2026-09-02\napproved_by: Ada\nstores: []\n"
    (tmp_path / "data-register.yaml").write_text(register, encoding="utf-8")
    (tmp_path / "answers.yaml").write_text("answers: []\n", encoding="utf-8")
    (tmp_path / "waivers.yaml").write_text("waivers: []\n", encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    said = run("assess", seal, "-c", config, "-o", tmp_path / "out")
    assert said.exit_code == 2
    assert said.output.count("\n") == 1
    assert name in said.output
    assert f"line {line}" in said.output
    assert not (tmp_path / "out").exists()


def test_an_output_that_is_no_folder_is_misuse_and_left_alone(seal: Path, tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("mine", encoding="utf-8")
    said = run("assess", seal, "-o", out)
    assert said.exit_code == 2
    assert "file" in said.output
    assert out.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("arguments", [["collect", "--demo"], ["assess", "SEAL"]])
def test_a_full_disk_is_said_and_nothing_is_half_written(seal: Path, tmp_path: Path, arguments: list[str]) -> None:
    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    command = [str(seal) if each == "SEAL" else each for each in arguments]
    said = subprocess.run(
        [sys.executable, "-B", "-m", "assaybook", *command, "-o", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=limited,
    )
    assert said.returncode == 2, said.stderr
    assert "Nothing half-written was left" in said.stderr
    if "SEAL" in arguments:
        assert str(tmp_path / "out") in said.stderr
    left = (
        [each.name for each in (tmp_path / "out").rglob("*") if each.is_file()] if (tmp_path / "out").exists() else []
    )
    assert not [name for name in left if name.startswith(".") or name in ("evidence.seal", "findings.json")]


def test_a_tag_narrows_to_workloads_that_carry_it(seal: Path, results: Path, tmp_path: Path) -> None:
    def names(folder: Path) -> set[tuple[str, str]]:
        document = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        return {(each["check"], each["name"]) for each in document["findings"]}

    assert run("assess", seal, "-o", tmp_path / "out", "--tag", "Criticality=critical").exit_code == 1
    kept, whole = names(tmp_path / "out"), names(results)
    assert kept < whole
    assert ("plaintext-secret-in-environment", "payments-capture") in kept
    assert ("unsupported-runtime", "legacy-invoice") in whole - kept
    assert any(check == "public-store" for check, _ in kept)
    document = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert document["scope"]["tags"] == ["Criticality=critical"]
    nothing = run("assess", seal, "-o", tmp_path / "none", "--tag", "team=nobody")
    assert nothing.exit_code == 2
    assert "no workload in the evidence is tagged team=nobody" in nothing.output


def test_a_wrong_seal_is_misuse(tmp_path: Path) -> None:
    other = tmp_path / "other.seal"
    other.write_text("no seal", encoding="utf-8")
    said = run("assess", other, "-o", tmp_path / "out")
    assert said.exit_code == 2
    assert "is not a seal" in said.output
