"""What the commands `demo`, `run` and `report` do: collect in a process of its own, write results, run notebooks, render."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from threading import Thread

from .assess import Assessment
from .batch import run_notebooks
from .fast import lean_imports
from .files import write_atomically
from .resources import folder

DEMO_FILES = ("assess.toml", "answers.yaml", "waivers.yaml", "data-register.yaml")


def run_collect(out: Path, arguments: Sequence[str]) -> None:
    """Run `assaybook collect` in a child, so that its threads never meet a fork; meanwhile this process imports what comes next.

    Exits with the child's code if that is not 0; the child has said why.
    """
    out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "assaybook", "collect", "-o", str(out), *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=_environment()) as child:
        warm = Thread(target=_import_ahead)
        warm.start()
        try:
            code = child.wait()
        except KeyboardInterrupt:
            child.wait()
            raise
        finally:
            warm.join()
    if code:
        sys.exit(code)


def _environment() -> dict[str, str]:
    """The child finds this package also where it is not installed."""
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH", "")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _import_ahead() -> None:
    lean_imports()
    import papermill  # noqa: F401 - imported ahead, while the child waits for answers
    import typst  # noqa: F401

    from . import engagement, notebook  # noqa: F401
    from .report import html, pdf  # noqa: F401


def demo_engagement(out: Path) -> Path:
    """Copy the demo's assess.toml, answers, waivers and data register to the results, so that a reader sees them; gives the configuration."""
    packed = files("assaybook.demo").joinpath("people")
    out.mkdir(parents=True, exist_ok=True)
    for name in DEMO_FILES:
        write_atomically(out / name, packed.joinpath(name).read_bytes())
    return out / DEMO_FILES[0]


def write_report(
    assessment: Assessment,
    seals: Sequence[Path],
    config: Path | None,
    out: Path,
    engine: str,
    said: Callable[[str], None],
) -> tuple[str, ...]:
    """Run the notebooks on this assessment and write report.html and report.pdf; gives the names of sections that could not be rendered."""
    lean_imports()
    from .notebook import remember
    from .report.compose import compose
    from .report.html import render_html
    from .report.pdf import render_pdf

    seal, config_path = seals[0].resolve(), config.resolve() if config else None
    remember(assessment, seal, config_path)
    parameters = {"seal": str(seal), "config": str(config_path) if config_path else ""}
    target = out / "notebooks"
    shutil.rmtree(target, ignore_errors=True)
    ran = run_notebooks(
        sorted(folder("notebooks").glob("*.ipynb")),
        target,
        parameters,
        engine=engine,
        said=lambda each: said(f"{each.name}: {each.problem or 'done'}"),
    )
    document = compose(assessment, ran)
    write_atomically(out / "report.html", render_html(document))
    write_atomically(out / "report.pdf", render_pdf(document))
    said(f"report: {out / 'report.pdf'}")
    return tuple(each.name for each in ran if each.problem)
