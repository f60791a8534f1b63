"""Collecting from code: a source tree, or the packages of deployed functions. Nothing that is read is run, and nothing is unpacked to disk."""

from __future__ import annotations

from .cache import default_folder
from .collection import collect_source
from .derive import ReadingOptions
from .tree import Exclusion

__all__ = ["Exclusion", "ReadingOptions", "collect_source", "default_folder"]
