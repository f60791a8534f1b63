"""The same inputs give the same bytes: in another process, offline, under another locale, time zone and hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo_run import write_demo_seal

RESULTS = ("findings.json", "results.jsonl.gz", "findings.csv", "controls.csv")
GUARDED = """\
import sys
allowed = sys.argv.pop(1)

def refuse(event, arguments):
    if event.startswith(('socket.connect', 'socket.getaddrinfo', 'socket.bind', 'subprocess.', 'os.exec', 'os.posix_spawn', 'os.fork', 'os.system')):
        raise RuntimeError(f'assess must not {event} {arguments!r}')
    if event == 'open' and isinstance(arguments[0], str) and isinstance(arguments[1], str) and set(arguments[1]) & set('wax+') and not str(arguments[0]).startswith(allowed):
        raise RuntimeError(f'assess must not write {arguments!r}')

from assaybook.cli import main
import assaybook.run
sys.addaudithook(refuse)
main()
"""


def assess(seal: Path, out: Path, **environment: str) -> dict[str, bytes]:
    command = [sys.executable, "-B", "-c", GUARDED, str(out), "assess", str(seal), "-o", str(out)]
    said = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment}
    )
    assert said.returncode in (0, 1, 3), said.stderr
    assert "Traceback" not in said.stderr, said.stderr
    return {name: (out / name).read_bytes() for name in RESULTS}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("replay")
    seal = write_demo_seal(folder)
    return seal, assess(seal, folder / "first", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "2"},
        {"TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "4294967295"},
        {"AWS_DEFAULT_REGION": "ap-southeast-2", "AWS_PROFILE": "none-such", "HOME": "/nonexistent"},
    ],
    ids=["hash-seed", "time-zone", "ascii-locale", "turkish", "aws-settings"],
)
def test_results_are_the_same_bytes(
    sealed: tuple[Path, dict[str, bytes]], tmp_path: Path, environment: dict[str, str]
) -> None:
    seal, first = sealed
    assert assess(seal, tmp_path / "again", **environment) == first


def test_another_folder_and_name_change_nothing(sealed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    seal, first = sealed
    copy = tmp_path / "renamed ünï.seal"
    copy.write_bytes(seal.read_bytes())
    assert assess(copy, tmp_path / "out") == first


def test_the_day_of_judgement_is_an_input(sealed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    seal, first = sealed
    out = tmp_path / "later"
    command = [sys.executable, "-m", "assaybook", "assess", str(seal), "-o", str(out), "--as-at", "2027-11-16"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode in (0, 1, 3), said.stderr
    assert (out / "findings.json").read_bytes() != first["findings.json"]
