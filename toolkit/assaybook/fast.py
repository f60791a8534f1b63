"""Imports that cost much and give nothing here.

`jsonschema` compiles the grammar of RFC 3987 when `rfc3987_syntax` is installed, which it is wherever JupyterLab is: 1.4 of the 1.8 CPU seconds that
`import papermill` takes. Only the format checkers `iri` and `iri-reference` need it, and neither nbformat nor the schemas of this package use them.
"""

from __future__ import annotations

import sys

UNUSED = ("rfc3987_syntax",)


def lean_imports() -> None:
    """Keep unneeded imports out of this process. Call it before papermill, nbformat or jsonschema is imported; later it does no harm and no good.

    A module that was already imported stays. In this process `import rfc3987_syntax` fails from then on, and jsonschema goes on without it.
    """
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
