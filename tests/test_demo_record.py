"""Recording the demo account anew gives the file that is shipped, byte for byte: on another day, with another hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import assaybook.demo
from assaybook.demo.recording import load

SHIPPED = Path(assaybook.demo.__file__).with_name("recording.json.gz")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # In a process of its own: the clock must stand before the emulator is imported.
    path = tmp_path_factory.mktemp("record") / "recording.json.gz"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "assaybook.demo.record", str(path)]
    subprocess.run(command, check=True, timeout=300, env=environment, capture_output=True)
    return path


def test_recording_anew_gives_the_same_answers(recorded: Path) -> None:
    new, old = load(recorded), load(SHIPPED)
    assert sorted(set(new.answers) ^ set(old.answers)) == []
    different = {
        str(asked): (old.answers[asked], new.answers[asked])
        for asked in old.answers
        if old.answers[asked] != new.answers[asked]
    }
    assert different == {}, "run `make demo-account`"


def test_recording_anew_gives_the_same_bytes(recorded: Path) -> None:
    assert recorded.read_bytes() == SHIPPED.read_bytes()


def test_the_recording_is_small() -> None:
    assert SHIPPED.stat().st_size < 1_500_000
