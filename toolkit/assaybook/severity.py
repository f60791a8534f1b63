"""The severity that a finding ends with: the control's, moved by its own rule, then by where the subject stands."""

from __future__ import annotations

from functools import lru_cache

from .evidence import Setting
from .model import Severity, Verdict

NOWHERE = Setting(internet=False, sensitive=False, production=None)


def effective(base: Severity, verdict: Verdict, setting: Setting | None) -> tuple[Severity, str]:
    """The effective severity and the reason for any move, empty if there was none.

    One step worse if the subject can be reached from the internet or holds sensitive data (once, not twice), one step milder
    if it is not production. What is not known counts as the worse case, so that losing a permission never makes a result look better.
    Only reachability from the internet makes a finding critical; info never moves.
    """
    return _effective(base, verdict.severity, verdict.used, setting or NOWHERE)


@lru_cache(maxsize=4096)
def _effective(base: Severity, own: Severity | None, used: frozenset[str], place: Setting) -> tuple[Severity, str]:
    severity, reasons = base, []
    if own is not None and own is not base:
        severity = own
        reasons.append(f"{severity} by the control's own rule (base {base})")
    if severity is Severity.INFO:
        return severity, "; ".join(reasons)
    worse = _worse(place, used)
    if worse:
        ceiling = Severity.CRITICAL if place.internet is not False and "internet" not in used else Severity.HIGH
        raised = severity.step(1)
        if raised.rank <= ceiling.rank:
            severity = raised
            reasons.append(f"one step up: {worse}")
    if place.production is False and "environment" not in used:
        severity = max(severity.step(-1), Severity.LOW, key=lambda each: each.rank)
        reasons.append("one step down: not production")
    return severity, "; ".join(reasons)


def _worse(place: Setting, used: frozenset[str]) -> str:
    if place.internet and "internet" not in used:
        return "reachable from the internet"
    if place.sensitive and "sensitive" not in used:
        return "tagged sensitive"
    if place.internet is None and "internet" not in used:
        return "whether the internet reaches it could not be read"
    if place.sensitive is None and "sensitive" not in used:
        return "its tags could not be read, so sensitive data cannot be ruled out"
    return ""
