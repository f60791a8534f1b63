"""An account that is not the demo: an emulator in a process of its own, asked through AWS_ENDPOINT_URL by the command line as a user types it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

HERE = Path(__file__).parent
# Function or resource, check that must fail on it.
PLANTED = (
    ("stock-importer", "plaintext-secret-in-environment"),
    ("stock-importer", "invocation-open-to-anyone"),
    ("stock-importer", "unsupported-runtime"),
    ("greeter", "public-endpoint-without-auth"),
    ("importer-role", "admin-rights-on-workload-role"),
    ("report-role", "role-shared-by-workloads"),
    ("greetings", "route-without-authorizer"),
    ("open-to-all", "public-store"),
    ("plain-queue", "store-not-encrypted"),
)
# Calls that moto's server cannot answer.
GAPS = (
    "lambda:ListFunctionUrlConfigs",
    "lambda:GetAccountSettings",
    "cloudtrail:ListEventDataStores",
)


def environment(endpoint: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    made = {
        **kept,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONPATH": str(HERE.parent / "toolkit"),
    }
    return {**made, "AWS_ENDPOINT_URL": endpoint} if endpoint else made


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("moto") / "log"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    settings = {**environment(), "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    with log.open("wb") as stream:
        server = subprocess.Popen(command, env=settings, stdout=stream, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server, log)
            subprocess.run(
                [sys.executable, str(HERE / "seed_account.py"), address], env=environment(), check=True, timeout=120
            )
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(f"{address}/moto-api/", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"moto's server did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def results(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real")
    command = [sys.executable, "-m", "assaybook", "run", "-o", str(out), "--region", "us-east-1"]
    # Each process tells on standard error which modules it imports.
    settings = {**environment(endpoint), "PYTHONPROFILEIMPORTTIME": "1"}
    ran = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=400)
    lines = ran.stderr.splitlines()
    told = "\n".join(each for each in lines if not each.startswith("import time:"))[-4000:]
    assert "Traceback" not in told, told
    assert ran.returncode in (0, 1, 3), told
    imported = {each.rpartition("|")[2].strip() for each in lines if each.startswith("import time:")}
    (out / "imported.txt").write_text("\n".join(sorted(imported)), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def findings(results: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((results / "findings.json").read_text(encoding="utf-8"))
    return read


def test_everything_that_a_run_leaves_is_there(results: Path) -> None:
    for name in (
        "evidence.seal",
        "findings.json",
        "findings.csv",
        "controls.csv",
        "results.jsonl.gz",
        "report.html",
        "report.pdf",
    ):
        assert (results / name).stat().st_size > 0
    assert len(list((results / "notebooks").glob("*.ipynb"))) == 9


@pytest.mark.parametrize(("name", "check"), PLANTED)
def test_each_planted_defect_is_found(findings: dict[str, Any], name: str, check: str) -> None:
    failed = [each for each in findings["findings"] if each["check"] == check and each["outcome"] == "fail"]
    assert any(each["name"].startswith(name) for each in failed), [each["name"] for each in failed]


def test_what_is_in_order_is_not_reported(findings: dict[str, Any]) -> None:
    failed = {(each["name"], each["check"]) for each in findings["findings"] if each["outcome"] == "fail"}
    assert ("weekly-report", "plaintext-secret-in-environment") not in failed
    assert ("weekly-report", "unsupported-runtime") not in failed
    assert ("report-role", "admin-rights-on-workload-role") not in failed
    assert {name for name, check in failed if check == "public-store"} == {"open-to-all"}


def test_what_hangs_on_a_call_that_cannot_be_made_is_unknown(findings: dict[str, Any]) -> None:
    # Block Public Access of the account would close the bucket, and moto's server cannot be asked for it.
    (bucket,) = [
        each for each in findings["findings"] if (each["name"], each["check"]) == ("open-downloads", "public-store")
    ]
    assert bucket["outcome"] == "unknown"
    assert "s3control:GetPublicAccessBlock" in bucket["because"]


@pytest.mark.parametrize("call", GAPS)
def test_what_the_emulator_lacks_is_not_assessed_with_the_reason(findings: dict[str, Any], call: str) -> None:
    (gap,) = [each for each in findings["not_assessed"] if each["call"] == call]
    assert gap["reason"].startswith("unsupported")
    assert gap["affects"]


def test_no_finding_is_an_error_and_the_account_is_named(findings: dict[str, Any]) -> None:
    assert [each for each in findings["findings"] if each["outcome"] == "error"] == []
    assert {each["account"] for each in findings["findings"]} == {"123456789012"}


def test_the_planted_secret_is_in_no_output(results: Path) -> None:
    secret = ("Z7Q3MNOP" + "RSTUVW2X").encode()
    assert [each.name for each in results.rglob("*") if each.is_file() and secret in each.read_bytes()] == []


def test_no_code_of_the_demo_took_part(results: Path) -> None:
    imported = (results / "imported.txt").read_text(encoding="utf-8").splitlines()
    assert "assaybook.collect.engine" in imported
    assert [each for each in imported if each.startswith("assaybook.demo")] == []
