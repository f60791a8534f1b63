"""How long the demo takes, from the command to the PDF, against importing its libraries only."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

BASELINE = "import boto3, papermill, nbconvert, typst, jinja2"


@dataclass(frozen=True)
class Spent:
    """Seconds of wall clock and of processors (children included), and the peak of memory of all processes together in MB."""

    wall: float
    cpu: float
    peak: float


def spent(*command: str) -> Spent:
    """Run a command to its end and measure it. Raises CalledProcessError if it fails."""
    before, start = os.times(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        peaks = [0.0]
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(child.pid, peaks, done))
        watcher.start()
        _, said = child.communicate(timeout=300)
        done.set()
        watcher.join()
    wall, after = time.perf_counter() - start, os.times()
    if child.returncode not in (0, 1, 3):
        raise subprocess.CalledProcessError(child.returncode, command, stderr=said)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Spent(wall, cpu, max(peaks))


def _watch(root: int, peaks: list[float], done: threading.Event) -> None:
    while not done.wait(0.05):
        peaks.append(sum(map(_proportional, _family(root))) / 1024)


def _family(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        except OSError:
            continue
        waiting.extend(map(int, children))
    return found


def _proportional(pid: int) -> int:
    """Kilobytes of a process, pages that it shares counted in parts (the forked notebooks share nearly all)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    """Print what the demo, its stages and the baseline take."""
    tool = (sys.executable, "-m", "assaybook")
    with tempfile.TemporaryDirectory() as folder:
        baseline = spent(sys.executable, "-c", BASELINE)
        demo = spent(*tool, "demo", "-o", folder)
        seal, config = f"{folder}/evidence.seal", f"{folder}/assess.toml"
        assess = spent(*tool, "assess", seal, "-c", config, "-o", f"{folder}/assess")
        report = spent(*tool, "report", seal, "-c", config, "-o", f"{folder}/report")
    rows = [
        ("importing the libraries only (baseline)", baseline, ""),
        ("assaybook demo", demo, "12 s wall, 400 MB"),
        ("assaybook assess", assess, ""),
        ("assaybook report (assess, nine notebooks, HTML, PDF)", report, ""),
    ]
    print(f"{'':54} {'wall s':>7} {'CPU s':>7} {'peak MB':>8} {'x base':>7}  bound")
    for name, one, bound in rows:
        print(f"{name:54} {one.wall:7.2f} {one.cpu:7.2f} {one.peak:8.0f} {one.wall / baseline.wall:7.2f}  {bound}")
    print(f"{'nine notebooks, HTML and PDF alone':54} {'':7} {report.cpu - assess.cpu:7.2f} {'':8} {'':7}  6 CPU s")


if __name__ == "__main__":
    main()
