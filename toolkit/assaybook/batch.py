"""Notebooks in batch: papermill runs each in a process of its own, and what it left is checked before anything is believed.

papermill alone takes `sys.exit(0)`, a killed kernel and a timeout for success. Here a notebook has finished only if every code cell completed, none has an error
and the last word of the workpaper is there.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from .errors import AssaybookError
from .fast import lean_imports, warm_up
from .files import write_atomically
from .report.blocks import MIME
from .report.ran import Ran

ENGINES = ("assaybook", "nbclient")
CELL_SECONDS = 120.0
NOTEBOOK_SECONDS = 300.0


class ParameterError(AssaybookError):
    """A notebook does not know a parameter that it was given."""


def run_notebooks(
    notebooks: Sequence[Path],
    out: Path,
    parameters: Mapping[str, str],
    *,
    engine: str = "assaybook",
    said: Callable[[Ran], None] = lambda ran: None,
    cell_seconds: float = CELL_SECONDS,
    notebook_seconds: float = NOTEBOOK_SECONDS,
    workers: int = 2,
) -> tuple[Ran, ...]:
    """Run each notebook with these parameters and leave it, executed, in `out`. One that fails stops no other.

    Raises ParameterError before anything runs if a notebook does not know a parameter.
    """
    papermill = _papermill()
    for path in notebooks:
        refuse_unknown(papermill.inspect_notebook(str(path)), parameters, path.name)
    out.mkdir(parents=True, exist_ok=True)
    targets = [(path, out / path.name) for path in notebooks]
    options = {"parameters": dict(parameters), "execution_timeout": cell_seconds}
    if engine == "assaybook" and _may_fork():
        problems = dict(_forked(papermill, targets, options, notebook_seconds, workers))
    else:
        problems = {target: _executed(papermill, path, target, engine, options) for path, target in targets}
    ran = []
    for path, target in targets:
        _drop_if_empty(target.with_suffix(".log"))
        problem = problems[target] or unfinished(target)
        if problem:
            _mark(path, target, problem)
        ran.append(Ran(path.stem, target, problem))
        said(ran[-1])
    return tuple(ran)


def _drop_if_empty(log: Path) -> None:
    if log.is_file() and not log.stat().st_size:
        log.unlink()


def refuse_unknown(known: Mapping[str, Any], given: Mapping[str, object], notebook: str) -> None:
    """Papermill only warns of a parameter that a notebook does not have, and goes on with the default. Raises ParameterError."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ParameterError(
            f"{notebook} has no parameter {', '.join(unknown)}; it has {', '.join(sorted(known)) or 'none'}."
        )


def unfinished(path: Path) -> str:
    """Why an executed notebook did not finish, or nothing if it did."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as problem:
        return f"it left no readable notebook ({type(problem).__name__})"
    concluded = False
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return f"{output.ename}: {output.evalue}"[:500]
            concluded |= (output.get("data") or {}).get(MIME, {}) != {} and _ends(output.data[MIME])
        if cell.source.strip() and cell.metadata.get("papermill", {}).get("status") != "completed":
            return "it stopped before its last cell"
    return "" if concluded else "it did not conclude"


def _ends(block: Any) -> bool:
    if isinstance(block, list):
        return any(map(_ends, block))
    return isinstance(block, dict) and (block.get("kind") == "end" or _ends(block.get("blocks", [])))


def _papermill() -> Any:
    lean_imports()
    import papermill

    return papermill


def _may_fork() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _executed(papermill: Any, path: Path, target: Path, engine: str, options: Mapping[str, Any]) -> str:
    """Run one notebook in this process. The engine of stock kernels is papermill's own."""
    name = None if engine == "nbclient" else engine
    try:
        papermill.execute_notebook(
            str(path),
            str(target),
            engine_name=name,
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            **options,
        )
    except Exception as problem:  # noqa: BLE001 - nbclient's errors share no base; whatever it is, the section says so
        return f"{type(problem).__name__}: {problem}".splitlines()[0][:500]
    return ""


def _forked(
    papermill: Any,
    targets: Sequence[tuple[Path, Path]],
    options: Mapping[str, Any],
    seconds: float,
    workers: int,
) -> Iterator[tuple[Path, str]]:
    """One child for each notebook, a few at a time, each killed at the hard limit."""
    warm_up(papermill)
    gc.collect()
    gc.freeze()
    waiting = list(targets)
    running: dict[int, tuple[Path, float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                path, target = waiting.pop(0)
                target.unlink(missing_ok=True)
                running[_fork(papermill, path, target, options)] = (target, time.monotonic() + seconds)
            for child, (target, deadline) in list(running.items()):
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    del running[child]
                    yield target, _ended(status)
                elif time.monotonic() > deadline:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    del running[child]
                    yield target, f"it ran longer than {seconds:g} seconds and was stopped"
            time.sleep(0.01)
    finally:
        gc.unfreeze()
        for child in running:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _fork(papermill: Any, path: Path, target: Path, options: Mapping[str, Any]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _redirect(target.with_suffix(".log"))
        _executed(papermill, path, target, "assaybook", options)
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may escape a forked child into its parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(log: Path) -> None:
    """What the child writes past Python's streams goes to a log; it reads nothing."""
    null = os.open(os.devnull, os.O_RDONLY)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(null, 0)
    os.dup2(file, 1)
    os.dup2(file, 2)


def _ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"its process was killed by signal {os.WTERMSIG(status)}"
    return "" if os.WEXITSTATUS(status) == 0 else f"its process ended with code {os.WEXITSTATUS(status)}"


def _mark(path: Path, target: Path, problem: str) -> None:
    """Leave a notebook that says what happened, also where the child left none."""
    try:
        notebook = nbformat.read(target, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        notebook = nbformat.read(path, as_version=4)
    notebook.metadata["assaybook"] = {"render_error": problem}
    write_atomically(target, nbformat.writes(notebook))
