"""Words and counts as reports say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...model import Finding, Outcome, Severity, Status
from ...status import WORST_FIRST

OUTCOME_WORDS = {
    Outcome.FAIL: "failed",
    Outcome.REVIEW: "to review",
    Outcome.UNKNOWN: "not known",
    Outcome.ERROR: "check broke",
    Outcome.PASS: "passed",
    Outcome.NOT_APPLICABLE: "not concerned",
}
STATUS_WORDS = {
    Status.MET: "met",
    Status.NOT_MET: "not met",
    Status.UNDETERMINED: "undetermined",
    Status.NOT_APPLICABLE: "not applicable",
}
_NOUNS = {
    "function": ("function", "functions"),
    "role": ("role", "roles"),
    "policy": ("policy", "policies"),
    "alias": ("alias", "aliases"),
    "repository": ("repository", "repositories"),
}


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """By severity, worst first, then by name."""
    return sorted(
        findings, key=lambda each: (-each.severity.rank, each.subject.name, each.subject.key, each.check, each.id)
    )


def noun(kind: str, number: int) -> str:
    """`3 functions`, `1 alias`."""
    plain = kind.replace("_", " ").replace("-", " ") or "subject"
    one, many = _NOUNS.get(plain, (plain, plain if plain.endswith("s") else f"{plain}s"))
    return f"{number:,} {one if number == 1 else many}"


def kinds(findings: Sequence[Finding]) -> str:
    """The kind that all these findings are about, `subject` if there are several."""
    found = {each.subject.kind for each in findings}
    return found.pop() if len(found) == 1 else "subject"


def share(value: float | None) -> str:
    """A share as a whole percentage; a share that is not quite nothing or all never reads as 0 % or 100 %."""
    if value is None:
        return "not known"
    percent = round(value * 100)
    if percent == 100 and value < 1:
        percent = 99
    if percent == 0 and value > 0:
        percent = 1
    return f"{percent} %"


def moment(when: datetime) -> str:
    """A time as reports print it, in UTC."""
    return when.strftime("%d %B %Y, %H:%M UTC").lstrip("0")


def counted(outcomes: dict[Outcome, int]) -> str:
    """`3 failed, 2 not known, 36 passed`, in that order."""
    return ", ".join(f"{outcomes[each]:,} {OUTCOME_WORDS[each]}" for each in WORST_FIRST if outcomes.get(each))


def severity_word(severity: Severity | None) -> str:
    """The severity's word, or `none`."""
    return severity.value if severity else "none"
