"""Results of other tools, read from the files in which they exchange them. Pure; nothing of them is believed, and nothing but what is needed is kept."""

from __future__ import annotations

from .reported import LARGEST, RefusedImport, Reported, Results, read_results, results_of

__all__ = ["LARGEST", "RefusedImport", "Reported", "Results", "read_results", "results_of"]
