"""What a batch run says of one notebook, for the report that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ran:
    """A notebook that was run: where it is, and what went wrong; `problem` is empty if it finished."""

    name: str
    path: Path
    problem: str = ""
