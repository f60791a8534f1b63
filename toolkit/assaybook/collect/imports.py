"""Results of other tools, read from files and sealed beside what was collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ..capture import OK, Capture, Target
from ..code.imports import LARGEST, RefusedImport, read_results
from .errors import CollectError
from .redact import Redactor

CALL = "imported:Findings"
SOURCE = "source"
# Name, redacted content and number of redactions of a file.
Import = tuple[str, dict[str, Any], int]


def read_imports(paths: Sequence[Path], key: bytes) -> tuple[Import, ...]:
    """The files of results. Raises CollectError for one that cannot be used, before anything is collected."""
    names: dict[str, int] = {}
    made = []
    for path in paths:
        names[path.name] = names.get(path.name, 0) + 1
        name = path.name if names[path.name] == 1 else f"{path.name} ({names[path.name]})"
        try:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
            runs = [each.document() for each in read_results(data)]
        except OSError as problem:
            raise CollectError(
                f"{path}: cannot be read ({problem.strerror}). Name another file with --import."
            ) from problem
        except RefusedImport as refused:
            raise CollectError(f"{path}: {refused}.") from refused
        answer, count = Redactor(key).answer({"runs": runs})
        made.append((name, answer, count))
    return tuple(made)


def imported(read: Iterable[Import], targets: Iterable[Target], clock: Callable[[], datetime]) -> tuple[Capture, ...]:
    """One capture for each file, filed under the source tree if there is one, else under the first target; it speaks of all."""
    place = min(targets, key=lambda each: (each.provider != SOURCE, each))
    return tuple(
        Capture(
            CALL,
            place,
            {"file": name},
            OK,
            answer,
            at=clock().isoformat(timespec="seconds"),
            pages=1,
            records=sum(len(each["results"]) for each in answer["runs"]),
            redactions=count,
        )
        for name, answer, count in read
    )
