"""The same answers give the same seal, wherever and under whichever settings they are collected."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest


def collected(out: Path, **environment: str) -> str:
    command = [sys.executable, "-m", "assaybook", "collect", "--demo", "-o", str(out)]
    said = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert said.returncode == 0, said.stderr
    return hashlib.sha256((out / "evidence.seal").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "11"},
        {
            "TZ": "America/St_Johns",
            "LC_ALL": "C",
            "PYTHONUTF8": "0",
            "AWS_DEFAULT_REGION": "sa-east-1",
            "AWS_PROFILE": "none-such",
        },
    ],
    ids=["india", "newfoundland"],
)
def test_the_seal_is_the_same_bytes(tmp_path: Path, environment: dict[str, str]) -> None:
    here = collected(tmp_path / "here", TZ="UTC", PYTHONHASHSEED="1")
    assert collected(tmp_path / "there", **environment) == here
