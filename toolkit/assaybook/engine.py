"""The papermill engine `assaybook`: runs a notebook inside this process, without a kernel, sockets or ports.

papermill loads this module through its entry point at the end of its own import; nothing else may import it first.
"""

from __future__ import annotations

import base64
import io
import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import FrameType
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.engines import Engine

Cell = Any
MOST_OUTPUT = 2_000_000


class CellTimeout(BaseException):
    """A cell ran longer than it may. Not an Exception, so that a cell's own `except Exception` cannot swallow it."""


class _Outputs:
    """The outputs of the cell that runs, with the display handles of earlier cells."""

    def __init__(self) -> None:
        self.current: list[Any] = []
        self.displays: dict[str, list[Any]] = {}
        self.count = 0

    def stream(self, name: str, text: str) -> None:
        last = self.current[-1] if self.current else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text = (last.text + text)[:MOST_OUTPUT]
        else:
            self.current.append(new_output("stream", name=name, text=text[:MOST_OUTPUT]))


class _Stream(io.TextIOBase):
    def __init__(self, outputs: _Outputs, name: str) -> None:
        self._outputs, self._name = outputs, name

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self._outputs.stream(self._name, text.replace("\r\n", "\n"))
        return len(text)


def _mimebundle(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value for mime, value in data.items()
    }


class _Publisher(DisplayPublisher):
    outputs: _Outputs

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: str | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        """Keep a display, or put new content into an earlier one."""
        shown = (transient or {}).get("display_id")
        if update and shown:
            for node in self.outputs.displays.get(shown, ()):
                node.data, node.metadata = nbformat.from_dict(_mimebundle(data)), nbformat.from_dict(metadata or {})
            return
        node = new_output("display_data", data=_mimebundle(data), metadata=metadata or {})
        self.outputs.current.append(node)
        if shown:
            self.outputs.displays.setdefault(shown, []).append(node)

    def clear_output(self, wait: bool = False) -> None:
        """Empty the cell's outputs."""
        self.outputs.current.clear()


class _Hook(DisplayHook):
    outputs: _Outputs

    def write_output_prompt(self) -> None:
        """No prompt: notebooks number their cells themselves."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep the value of the cell's last expression."""
        self.outputs.current.append(
            new_output(
                "execute_result",
                data=_mimebundle(format_dict),
                metadata=md_dict or {},
                execution_count=self.outputs.count,
            )
        )

    def finish_displayhook(self) -> None:
        """Nothing to print."""


class _Shell(InteractiveShell):
    """An IPython shell that keeps outputs instead of printing them."""

    last_error: tuple[str, str, list[str]] | None = None

    def init_history(self) -> None:
        self.config.HistoryManager.enabled = False
        super().init_history()

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no screen."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.last_error = (etype.__name__, str(evalue), list(stb))


@contextmanager
def _shell(outputs: _Outputs) -> Iterator[_Shell]:
    before = os.environ.get("IPYTHONDIR")
    with tempfile.TemporaryDirectory(prefix="assaybook-ipython-") as folder:
        os.environ["IPYTHONDIR"] = folder
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        InteractiveShell.clear_instance()
        shell = _Shell.instance(displayhook_class=_Hook, display_pub_class=_Publisher)
        shell.colors = "nocolor"
        shell.display_pub.outputs = shell.displayhook.outputs = outputs
        shell.events.register("post_execute", _flush_figures)
        try:
            yield shell
        finally:
            _Shell.clear_instance()
            if before is None:
                os.environ.pop("IPYTHONDIR", None)
            else:
                os.environ["IPYTHONDIR"] = before


def _flush_figures() -> None:
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib_inline.backend_inline import flush_figures

        flush_figures()


@contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Raise CellTimeout in the cell after this time; needs the main thread of a system with timers, else there is no limit."""
    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_: int, __: FrameType | None) -> None:
        raise CellTimeout(f"the cell ran longer than {seconds:g} seconds")

    try:
        before: Callable[..., Any] | int | None = signal.signal(signal.SIGALRM, ring)
    except ValueError:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class InProcessEngine(Engine):
    """Runs the cells in a fresh IPython shell of this process. Modules stay imported between notebooks; names do not."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        execution_timeout: float | None = None,
        **_: object,
    ) -> Any:
        """Execute every cell in order and stop at the first that fails."""
        outputs = _Outputs()
        with _shell(outputs) as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                failed = False
                try:
                    failed = cell.cell_type == "code" and not _run(shell, outputs, cell, execution_timeout)
                    if failed:
                        nb_man.cell_exception(cell, cell_index=index)
                finally:
                    nb_man.cell_complete(cell, cell_index=index)
                if failed:
                    break
        nb_man.nb.metadata["language_info"] = {
            "name": "python",
            "version": ".".join(map(str, sys.version_info[:3])),
            "file_extension": ".py",
            "mimetype": "text/x-python",
        }
        return nb_man.nb


def _run(shell: _Shell, outputs: _Outputs, cell: Cell, timeout: float | None) -> bool:
    if not cell.source.strip():
        return True
    outputs.current, shell.last_error = [], None
    outputs.count = shell.execution_count
    spoken, complained = _Stream(outputs, "stdout"), _Stream(outputs, "stderr")
    with redirect_stdout(spoken), redirect_stderr(complained), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="To exit: use")
        try:
            with _alarm(timeout):
                shell.run_cell(cell.source, store_history=True, silent=False)
        except CellTimeout as late:
            shell.last_error = ("CellTimeout", str(late), [])
    cell.execution_count = outputs.count
    cell.outputs = outputs.current
    if shell.last_error is None:
        return True
    name, value, _ = shell.last_error
    cell.outputs.append(new_output("error", ename=name, evalue=value, traceback=[f"{name}: {value}"]))
    return False
