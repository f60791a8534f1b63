"""Imports that cost much and give nothing here."""

from __future__ import annotations

import sys
from typing import Any, cast


def lean_imports() -> None:
    """Keep `jsonschema` from building a grammar for the format `iri`; call it before papermill, nbconvert or nbformat is imported.

    JupyterLab brings `rfc3987_syntax` along, which compiles a Lark grammar when it is imported: 1.4 of the 1.8 CPU seconds of `import papermill`, measured. jsonschema
    takes its absence as usual and only lacks the checkers of the formats `iri` and `iri-reference`, which no notebook and no schema of ours uses.
    """
    cast("dict[str, Any]", sys.modules).setdefault("rfc3987_syntax", None)
