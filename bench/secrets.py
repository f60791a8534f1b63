"""Secrets in files: what is found of a labelled set and what is falsely alarmed, beside detect-secrets with its default plugins in the same run."""

from __future__ import annotations

import runpy
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assaybook.code.file_secrets import secrets
from assaybook.code.package import Package, Program, Reading

SAMPLES = Path(__file__).resolve().parents[1] / "tests"
Sample = tuple[str, str, str]


def samples(name: str) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """Secrets and hard negatives of a labelled set, which lies with the tests."""
    found = runpy.run_path(str(SAMPLES / f"{name}.py"))
    return found["POSITIVE"], found["NEGATIVE"]


LEAST_FOUND, MOST_FALSE = 0.95, 2.0


def ours(path: str, text: str) -> bool:
    package = Package("sample", "folder", {path: text.encode}, "")
    return bool(secrets(Program(package, {}), Reading(lambda value: ""))["secrets"])


def theirs(path: str, text: str) -> bool:
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings

    with tempfile.TemporaryDirectory() as folder, default_settings():
        file = Path(folder) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        found = SecretsCollection()
        found.scan_file(str(file))
        return any(True for _ in found)


def measured(
    name: str, finds: Callable[[str, str], bool], positive: Sequence[Sample], negative: Sequence[Sample]
) -> tuple[float, float]:
    def hits(among: Sequence[Sample]) -> int:
        return sum(finds(path, text) for _, path, text in among)

    started = time.process_time()
    found, false = hits(positive), hits(negative)
    took = time.process_time() - started
    rate, alarms = found / len(positive), 100 * false / len(negative)
    print(
        f"{name:24} found {found:3} of {len(positive)} ({rate:.0%})   false alarms {false:3} of {len(negative)} ({alarms:.1f} in 100)   {took:.2f} CPU s"
    )
    return rate, alarms


def main() -> None:
    kept = True
    for title, name in (
        ("written with the detector", "secret_samples"),
        ("written without reading it (first result: 109 of 127, 3 of 135)", "secret_samples_blind"),
    ):
        print(title)
        positive, negative = samples(name)
        rate, alarms = measured("assaybook", ours, positive, negative)
        measured("detect-secrets, default", theirs, positive, negative)
        kept = kept and rate >= LEAST_FOUND and alarms <= MOST_FALSE
    print(
        f"bounds: at least {LEAST_FOUND:.0%} found, at most {MOST_FALSE:.0f} false alarms in 100: {'kept' if kept else 'BROKEN'}"
    )


if __name__ == "__main__":
    main()
