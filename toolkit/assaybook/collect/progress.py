"""How far a collection is: a bar on a terminal, plain lines elsewhere. Names from an account are never printed, only counts and calls."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from ..capture import ABSENT, OK, Capture

BAR_SECONDS = 0.2
LINE_SECONDS = 5.0
BAR_WIDTH = 24


class Progress(Protocol):
    """What the engine tells while it runs."""

    def update(self, done: int, known: int) -> None:
        """So many requests of those known by now are done; more become known as listings come in."""

    def noted(self, capture: Capture) -> None:
        """A capture was made."""

    def begin(self, what: str) -> None:
        """From now on these are counted (`calls`, `packages`)."""

    def close(self) -> None:
        """The collection ended, well or not."""


class Silent:
    """Tells nothing."""

    def update(self, done: int, known: int) -> None:
        """Nothing."""

    def noted(self, capture: Capture) -> None:
        """Nothing."""

    def begin(self, what: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class TerminalProgress:
    """A bar that is drawn over itself on a terminal, or a line every few seconds."""

    def __init__(self, stream: TextIO, *, bar: bool) -> None:
        self._stream, self._bar = stream, bar
        self._what = "calls"
        self._started = self._told = time.monotonic()
        self._done = self._known = 0
        self._states: Counter[str] = Counter()
        self._width = 0

    def update(self, done: int, known: int) -> None:
        """Draw anew if enough time has passed."""
        self._done, self._known = done, known
        now = time.monotonic()
        if now - self._told >= (BAR_SECONDS if self._bar else LINE_SECONDS):
            self._told = now
            self._tell(now)

    def noted(self, capture: Capture) -> None:
        """Count a capture."""
        self._states[capture.state] += 1

    def begin(self, what: str) -> None:
        """Count something else from now on."""
        self.close()
        self._what = what
        self._started = self._told = time.monotonic()
        self._done = self._known = self._width = 0
        self._states.clear()

    def close(self) -> None:
        """Say the last word, and leave the cursor on a line of its own."""
        if self._known:
            self._tell(time.monotonic())
            if self._bar:
                self._write("\n")

    def _tell(self, now: float) -> None:
        text = self._text(now)
        if not self._bar:
            self._write(f"collecting: {text}\n")
            return
        share = self._done / self._known if self._known else 0.0
        filled = int(share * BAR_WIDTH)
        columns = max(20, shutil.get_terminal_size().columns - 1)
        line = f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {text}"[:columns]
        self._write("\r" + line.ljust(min(self._width, columns)))
        self._width = len(line)

    def _text(self, now: float) -> str:
        said = f"{self._done:,} of {self._known:,} {self._what}"
        unanswered = sum(number for state, number in self._states.items() if state not in (OK, ABSENT))
        if unanswered:
            said += f", {unanswered:,} not answered"
        elapsed = now - self._started
        if self._done and self._known > self._done:
            said += f", about {_duration(elapsed / self._done * (self._known - self._done))} to go"
        return f"{said}, {_duration(elapsed)} so far"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


@contextmanager
def progress_on_terminal(stream: TextIO | None = None) -> Iterator[Progress]:
    """Progress on standard error: a bar if that is a terminal, else plain lines."""
    chosen = stream or sys.stderr
    progress = TerminalProgress(chosen, bar=chosen.isatty())
    try:
        yield progress
    finally:
        progress.close()


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
