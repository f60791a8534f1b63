"""Secrets in files: what is found of a labelled set and what is falsely alarmed, beside detect-secrets with its default plugins in the same run."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from assaybook.code.file_secrets import secrets  # noqa: E402
from assaybook.code.package import Package, Program, Reading  # noqa: E402
from secret_samples import NEGATIVE, POSITIVE, Sample  # noqa: E402

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


def measured(name: str, finds: Callable[[str, str], bool]) -> tuple[float, float]:
    def hits(samples: Sequence[Sample]) -> int:
        return sum(finds(path, text) for _, path, text in samples)

    started = time.process_time()
    found, false = hits(POSITIVE), hits(NEGATIVE)
    took = time.process_time() - started
    rate, alarms = found / len(POSITIVE), 100 * false / len(NEGATIVE)
    print(
        f"{name:24} found {found:3} of {len(POSITIVE)} ({rate:.0%})   false alarms {false:3} of {len(NEGATIVE)} ({alarms:.1f} in 100)   {took:.2f} CPU s"
    )
    return rate, alarms


def main() -> None:
    rate, alarms = measured("assaybook", ours)
    measured("detect-secrets, default", theirs)
    print(
        f"bounds: at least {LEAST_FOUND:.0%} found, at most {MOST_FALSE:.0f} false alarms in 100: {'kept' if rate >= LEAST_FOUND and alarms <= MOST_FALSE else 'BROKEN'}"
    )


if __name__ == "__main__":
    main()
