"""Advisories: their records, the order of versions, how grave they are, and statements of who is not affected. Nothing is looked up here."""

from .exploitability import Statement, VexError, latest, read_vex, statement_of
from .records import Advisory, Match, affects, grouped, matches, names_of, read_advisory
from .severities import base_score, word_of_score
from .versions import canonical_name, version_of

__all__ = [
    "Advisory",
    "Match",
    "Statement",
    "VexError",
    "affects",
    "base_score",
    "canonical_name",
    "grouped",
    "latest",
    "matches",
    "names_of",
    "read_advisory",
    "read_vex",
    "statement_of",
    "version_of",
    "word_of_score",
]
