"""The journal of a collection: every finished capture, so that an interruption loses nothing of note.

Lines of JSON, readable only by the owner, redacted like the seal; removed when the seal is written.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ..canonical import canonical
from ..capture import ABSENT, OK, STATES, Capture, Target
from .errors import CollectError

FORMAT = "assaybook-journal/1"
FIELDS = tuple(each.name for each in fields(Capture))
FLUSH_SECONDS = 0.2


class Journal:
    """Append-only file of captures. `kept` holds what an earlier, interrupted collection of the same scope had answered."""

    def __init__(self, path: Path, scope: Mapping[str, Any], started: str, *, resume: bool) -> None:
        """Begin, or with `resume` go on with, the journal at `path`. Raises CollectError if it is of another scope, OSError if it cannot be written."""
        self.kept: tuple[Capture, ...] = ()
        self._flushed = time.monotonic()
        self.started = started
        header = {"format": FORMAT, "scope": dict(scope), "started": started}
        old = path.read_bytes() if resume and path.exists() else b""
        if old.strip():
            self.started, self.kept = _read(path, old, scope)
            header["started"] = self.started
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written anew on resuming, so that a line torn by the interruption does not spoil the next one.
        fresh = path.with_name(f"{path.name}.new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._stream = os.fdopen(handle, "wb")
        self._stream.write(canonical(header) + b"\n")
        for capture in self.kept:
            self._stream.write(_line(capture))
        self._stream.flush()
        fresh.replace(path)

    def add(self, capture: Capture) -> None:
        """Write one capture. Whatever ends this process, all but the last moment's captures survive it."""
        self._stream.write(_line(capture))
        now = time.monotonic()
        if now - self._flushed > FLUSH_SECONDS:
            self._stream.flush()
            self._flushed = now

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


def _line(capture: Capture) -> bytes:
    # Not `asdict`, which copies answers deeply, at a cost that shows in the time of a collection.
    document = {name: getattr(capture, name) for name in FIELDS}
    document["target"] = asdict(capture.target)
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _read(path: Path, data: bytes, scope: Mapping[str, Any]) -> tuple[str, tuple[Capture, ...]]:
    first, *lines = data.split(b"\n")
    try:
        header = json.loads(first)
        found, started = header["scope"], str(header["started"])
        readable = header["format"] == FORMAT
    except (ValueError, KeyError, TypeError) as problem:
        raise CollectError(
            f"{path} is no journal of a collection ({problem}). Remove it and collect without --resume."
        ) from problem
    if not readable or found != json.loads(canonical(dict(scope))):
        differing = sorted(name for name in {*scope, *found} if scope.get(name) != found.get(name))
        raise CollectError(
            f"{path} is the journal of another collection (it differs in {', '.join(differing) or 'format'}). "
            "Use the same regions, profile and plan, or collect without --resume."
        )
    captures = []
    for line in lines:
        capture = _capture(line)
        if capture is not None and capture.state in (OK, ABSENT):
            captures.append(capture)
    return started, tuple(captures)


def _capture(line: bytes) -> Capture | None:
    """The capture in a line; None for a line that an interruption tore, whose request is made again."""
    try:
        document = json.loads(line)
        made = Capture(
            **{
                **document,
                "target": Target(**document["target"]),
                "request_ids": tuple(document["request_ids"]),
            }
        )
    except (ValueError, TypeError, KeyError):
        return None
    return made if made.state in STATES else None
