"""Imports that cost much and give nothing here: without them `import papermill` takes less than a third of its CPU time (measured where JupyterLab is installed).

Each of these is imported by others only inside `try`, and they go on without it:

- `rfc3987_syntax` (1.4 s: it compiles a grammar) and `isoduration` (0.1 s): jsonschema's checkers of the formats `iri`, `iri-reference` and `duration`, which neither
  nbformat nor the schemas of this package use;
- `papermill.s3` (0.3 s: it imports boto3): notebooks at `s3://` addresses, which this package never reads or writes.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, cast

UNUSED = ("rfc3987_syntax", "isoduration", "papermill.s3")


def lean_imports() -> None:
    """Keep unneeded imports out of this process. Call it before papermill, nbformat or jsonschema is imported; later it does no harm and no good.

    A module that was already imported stays. From then on importing one of the others fails in this process.
    """
    for name in UNUSED:
        cast("dict[str, ModuleType | None]", sys.modules).setdefault(name, None)


def warm_up(papermill: Any) -> None:
    """Run an empty notebook in this process, so that what papermill, nbformat and IPython build on first use is there before notebooks are forked.

    Without it each child builds it anew, which is half of what nine small notebooks cost.
    """
    from nbformat import v4

    empty = v4.new_notebook(cells=[v4.new_code_cell("None")], metadata={"language_info": {"name": "python"}})
    empty.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    papermill.execute_notebook(empty, None, engine_name="assaybook", kernel_name="python3", progress_bar=False)
