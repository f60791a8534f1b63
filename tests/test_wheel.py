"""The wheel, in an environment that holds nothing but it and what the lock file names, outside the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
UV = str(Path(sys.executable).with_name("uv"))


def ran(*command: str | Path, cwd: Path) -> str:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "AWS_", "VIRTUAL_ENV", "COVERAGE"))
    }
    said = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=clean, capture_output=True, text=True, timeout=600, check=False
    )
    assert said.returncode == 0, f"{command}\n{said.stdout}\n{said.stderr}"
    return said.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    ran(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    (found,) = out.glob("assaybook-*.whl")
    return found


def test_the_wheel_carries_all_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("checklists", "notebooks"):
        expected = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.suffix in (".yaml", ".ipynb")
        }
        assert {f"assaybook/_data/{each}" for each in expected} <= names
    assert "assaybook/demo/recording.json.gz" in names
    assert "assaybook/report/exports/findings.schema.json" in names
    assert "assaybook/py.typed" in names
    assert any(name.startswith("assaybook/report/fonts/") for name in names)
    assert not [name for name in names if "tests/" in name or name.endswith(".pyc")]
    assert wheel.stat().st_size < 15_000_000


def test_the_demo_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    ran(UV, "venv", "--quiet", "--python", sys.executable, environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    ran(
        UV,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--require-hashes",
        "-r",
        ROOT / "requirements.lock",
        cwd=tmp_path,
    )
    ran(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel, cwd=tmp_path)
    where = ran(python, "-c", "import assaybook; print(assaybook.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(environment)
    said = ran(environment / "bin" / "assaybook", "demo", "-o", "out", cwd=tmp_path)
    assert "results in out" in said
    left = {each.name for each in (tmp_path / "out").iterdir()}
    assert {
        "evidence.seal",
        "findings.json",
        "results.jsonl.gz",
        "findings.csv",
        "controls.csv",
        "notebooks",
        "report.html",
        "report.pdf",
    } <= left
    assert len(list((tmp_path / "out" / "notebooks").glob("*.ipynb"))) == 9
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")
