"""How grave an advisory is: the word of its database, else the base score of its CVSS vector.

Sources: CVSS v3.1 Specification Document, section 7 (equations); CVSS v4.0 Specification Document. Version 4 has no equation but a table of 270 places;
where only such a vector is given its impact and exploitability metrics are taken for a word, never for a score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

WORDS = ("low", "medium", "high", "critical")
_WORDS: Mapping[str, str] = {"moderate": "medium", **{each: each for each in WORDS}}
_V3 = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
# Privileges weigh less where the scope changes.
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}


def metrics_of(vector: str) -> Mapping[str, str]:
    """The metrics of a vector by name."""
    return dict(part.split(":", 1) for part in vector.split("/") if part.count(":") == 1)


def base_score(vector: str) -> float | None:
    """The base score of a CVSS v3.0 or v3.1 vector; None for what is none."""
    if not vector.startswith(("CVSS:3.0/", "CVSS:3.1/")):
        return None
    metrics = metrics_of(vector)
    try:
        changed = metrics["S"] == "C"
        privileges = _PRIVILEGES[metrics["S"]][metrics["PR"]]
        value = {name: table[metrics[name]] for name, table in _V3.items()}
    except KeyError:
        return None
    lost = 1 - (1 - value["C"]) * (1 - value["I"]) * (1 - value["A"])
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if changed else 6.42 * lost
    if impact <= 0:
        return 0.0
    exploitability = 8.22 * value["AV"] * value["AC"] * privileges * value["UI"]
    return _rounded_up(min(1.08 * (impact + exploitability) if changed else impact + exploitability, 10))


def _rounded_up(number: float) -> float:
    """Appendix A of the specification: so that all implementations round alike."""
    whole = round(number * 100_000)
    return whole / 100_000.0 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10.0


def word_of_score(score: float) -> str:
    """The qualitative rating of a score; empty for 0. Source: CVSS v3.1, section 5."""
    if score <= 0:
        return ""
    return "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low"


def _word_of_v4(vector: str) -> str:
    metrics = metrics_of(vector)
    impacts = [metrics.get(name, "N") for name in ("VC", "VI", "VA")]
    easy = metrics.get("AV") == "N" and metrics.get("AC") == "L" and metrics.get("AT") == "N"
    free = metrics.get("PR") == "N" and metrics.get("UI") == "N"
    if impacts.count("H") >= 2 and easy and free:
        return "critical"
    if "H" in impacts:
        return "high" if easy or free else "medium"
    return "medium" if "L" in impacts and easy else "low"


def severity(record: Mapping[str, Any], affected: Iterable[Mapping[str, Any]]) -> tuple[str, float | None]:
    """Word and score (None where there is no v3 vector) of an advisory in OSV's form; an empty word where nothing says it."""
    vectors = [
        str(each.get("score", ""))
        for part in (record, *affected)
        for each in (part.get("severity") or [])
        if isinstance(each, Mapping)
    ]
    scores = [score for each in vectors if (score := base_score(each)) is not None]
    score = max(scores, default=None)
    said = [
        record.get("database_specific"),
        *(each.get("ecosystem_specific") for each in affected),
        *(each.get("database_specific") for each in affected),
    ]
    for each in said:
        word = str(each.get("severity", "")).lower() if isinstance(each, Mapping) else ""
        if word in _WORDS:
            return _WORDS[word], score
    if str(record.get("id", "")).startswith("MAL-"):
        return "critical", score
    if score is not None:
        return word_of_score(score), score
    fourth = [each for each in vectors if each.startswith("CVSS:4.0/")]
    return (_word_of_v4(fourth[0]) if fourth else ""), None
