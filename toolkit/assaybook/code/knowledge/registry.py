"""The knowledge of each language that is read."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from .. import ir
from .python import PYTHON_KNOWLEDGE
from .terms import Knowledge

_NOTHING = Knowledge((), (), (), ())


def _of_javascript() -> Knowledge:
    try:
        module = import_module(".javascript", __package__)
    except ImportError:
        return _NOTHING
    knowledge: Knowledge = module.JAVASCRIPT_KNOWLEDGE
    return knowledge


JAVASCRIPT_KNOWLEDGE = _of_javascript()
KNOWLEDGE: Mapping[str, Knowledge] = {
    ir.PYTHON: PYTHON_KNOWLEDGE,
    ir.JAVASCRIPT: JAVASCRIPT_KNOWLEDGE,
    ir.TYPESCRIPT: JAVASCRIPT_KNOWLEDGE,
}
