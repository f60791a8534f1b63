"""Thousands of functions from a stub, collected, sealed and assessed: what each stage takes for 1,000, 3,000 and 10,000 of them.

Bounds: at most 600 MB in each stage, at most 20 s to assess the 10,000, and a cost for each function that does not grow: at most 1.5 times that of the
first thousand, which is the baseline of the same run. With `--estate` there are roles, queues, tables, tags and log groups around them too, without bounds.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
COUNTS = (1000, 3000, 10000)
MEGABYTES, SECONDS, GROWTH = 600, 20, 1.5


def collect(folder: Path) -> None:
    """Collect and seal as the command line does."""
    from assaybook.collecting import collect_to

    collect_to(folder / "evidence.seal", regions=("us-east-1",))


def assess(folder: Path) -> None:
    """Open, shape and assess as the command line does."""
    from assaybook.engagement import assess_files

    print(len(assess_files([folder / "evidence.seal"]).findings))


def measured(task: str, folder: Path, address: str = "") -> dict[str, float]:
    """Run a stage in a process of its own; its seconds and its peak of memory."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if not address:
        del environment["AWS_ENDPOINT_URL"]
    done = subprocess.run(
        [sys.executable, __file__, task, str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure, or, in a child, do one of the stages."""
    if sys.argv[1:2] and sys.argv[1] in ("collect", "assess"):
        began = time.perf_counter()
        {"collect": collect, "assess": assess}[sys.argv[1]](Path(sys.argv[2]))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": time.perf_counter() - began, "megabytes": memory}))
        return
    from collect import stub

    options = ("--estate",) if "--estate" in sys.argv else ()
    within, first = True, 0.0
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with stub("--latency", "0.001", *options, functions=count) as address:
                collected = measured("collect", folder, address)
            assessed = measured("assess", folder)
        each = assessed["seconds"] / count
        first = first or each
        most = max(collected["megabytes"], assessed["megabytes"])
        print(
            f"{count:6,} functions: collect {collected['seconds']:6.1f} s {collected['megabytes']:4.0f} MB, assess {assessed['seconds']:5.1f} s "
            f"{assessed['megabytes']:4.0f} MB; {collected['seconds'] / count * 1000:.1f} and {each * 1000:.2f} ms a function, {each / first:.2f} of the first thousand",
            flush=True,
        )
        within &= most <= MEGABYTES and assessed["seconds"] <= SECONDS and each / first <= GROWTH
    if not options and not within:
        sys.exit(f"a bound was not met: {MEGABYTES} MB, {SECONDS} s, growth {GROWTH}")


if __name__ == "__main__":
    main()
