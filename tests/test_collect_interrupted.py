"""A real interruption of the real command, against a stand-in for AWS in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from assaybook.capture import OK
from assaybook.seal import open_seal

STUB = Path(__file__).parents[1] / "bench" / "stub.py"
FUNCTIONS = 120


@pytest.fixture
def stub():
    command = [sys.executable, str(STUB), "--functions", str(FUNCTIONS), "--latency", "0.3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


def started(address, out, *options):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "stub",
        "AWS_SECRET_ACCESS_KEY": "stub",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    command = [sys.executable, "-m", "assaybook", "collect", "-o", str(out), "--region", "us-east-1", *options]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_interruptible
    )


def _interruptible():
    """A shell has what it runs in the background ignore interruptions, and Python keeps to that; here they are the point."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def asked(address):
    with urllib.request.urlopen(f"{address}/__stats", timeout=10) as answer:
        return json.load(answer)["answered"]


def test_an_interrupted_command_resumes(tmp_path, stub):
    journal = tmp_path / "evidence.seal.journal"
    with started(stub, tmp_path) as first:
        try:
            deadline = time.monotonic() + 60
            while not journal.exists() or journal.read_bytes().count(b'"lambda:ListAliases"') < 5:
                assert first.poll() is None, first.stderr.read()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            first.send_signal(signal.SIGINT)
            _, said = first.communicate(timeout=60)
        finally:
            first.kill()
    assert first.returncode == 130, said
    assert "--resume" in said
    assert "Traceback" not in said
    assert not (tmp_path / "evidence.seal").exists()
    before = asked(stub)
    kept = sum(b'"lambda:ListAliases"' in line for line in journal.read_bytes().splitlines())

    with started(stub, tmp_path, "--resume") as second:
        output, said = second.communicate(timeout=120)
    assert second.returncode == 0, said
    assert "sealed" in output
    assert not journal.exists()
    captures = [each for each in open_seal(tmp_path / "evidence.seal").captures if each.call == "lambda:ListAliases"]
    assert [each.state for each in captures] == [OK] * FUNCTIONS
    assert kept > 0
    assert asked(stub)["ListAliases"] - before["ListAliases"] == FUNCTIONS - kept
