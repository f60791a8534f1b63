"""The core stands on its own: no SDK, no pandas, no command line comes along."""

import subprocess
import sys

import pytest

CORE = [
    "model",
    "evidence",
    "tables",
    "policy",
    "code",
    "checks",
    "shape",
    "assess",
    "score",
    "status",
    "catalogue",
    "seal",
    "engagement",
]
HEAVY = [
    "boto3",
    "botocore",
    "pandas",
    "numpy",
    "click",
    "requests",
    "urllib3",
    "papermill",
    "nbconvert",
    "nbformat",
    "IPython",
    "jinja2",
    "typst",
]


@pytest.mark.parametrize("module", CORE)
def test_the_core_imports_alone(module: str) -> None:
    code = f"import sys, assaybook.{module}; print(*[each for each in {HEAVY!r} if each in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.split() == []


@pytest.mark.parametrize("module", ["model", "evidence", "capture", "check", "score"])
def test_the_words_need_the_standard_library_only(module: str) -> None:
    code = (
        f"import sys, assaybook.{module}\n"
        "own = {'assaybook', '__main__', 'sitecustomize', 'site', *sys.builtin_module_names, *sys.stdlib_module_names}\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} - own))"
    )
    said = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": "toolkit"},
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.split() == []
