"""E1 Trusted dependencies: known vulnerabilities in what is shipped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ..check import check
from ..evidence import EvidenceGap, Gap
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.supply_chain import PackageAdvisory
from ..watched import Watched

# From this chance of being exploited within thirty days (EPSS, in thousandths) on, a vulnerability counts one step more.
LIKELY = 500
_STATEMENTS = "advisories:Query"


@check("vulnerable-package", over=PackageAdvisory)
def vulnerable_package(found: PackageAdvisory, evidence: Watched) -> Verdict:
    """No vulnerability that is known in a shipped package stays open for longer than the set time."""
    if not found.advisory:
        return _rest(found, evidence)
    what = f"{found.name} {found.version or found.asked}"
    if not found.shipped:
        return na(f"{what} is for development and is not shipped, so {found.advisory} does not count")
    stated = _stated(found, what)
    return stated if stated is not None else _open(found, what, evidence)


def _rest(found: PackageAdvisory, evidence: Watched) -> Verdict:
    """The packages in which no vulnerability is known, if somebody looked, and lately."""
    if not found.others:
        return na(f"{found.name} ships no package of others beside those that are judged by themselves")
    days, oldest, by = evidence.parameter("advisory_db_max_age_days"), found.oldest, " and ".join(found.known_by)
    if oldest is None or oldest < evidence.as_of - timedelta(days=days):
        when = f"of {oldest.date()}" if oldest else "without a date"
        gap = Gap(_STATEMENTS, "failed", f"the data of {by} is {when}, and {days} days are the most that it may be old")
        raise EvidenceGap(f"whether vulnerabilities are known in {found.others} packages of {found.name}", gap)
    return ok(
        f"{by}, of {oldest.date()}, knows no vulnerability in {found.others} packages of {found.name}; all others are judged by themselves"
    )


def _stated(found: PackageAdvisory, what: str) -> Verdict | None:
    """What a statement of exploitability makes of it; None where it stays open."""
    if found.status == "not_affected" and found.justification:
        return ok(f"{what} has {found.advisory}, which does not matter here: {found.justification} ({found.stated})")
    if found.status == "not_affected":
        return review(f"{found.stated} says without a reason that {what} is not affected by {found.advisory}")
    if found.status == "fixed":
        return ok(f"{found.advisory} is fixed in this copy of {what}, says {found.stated}")
    if found.status == "under_investigation":
        return review(f"{found.stated} says that {found.advisory} in {what} is still looked into")
    return None


def _open(found: PackageAdvisory, what: str, evidence: Watched) -> Verdict:
    said = _told(found)
    severity = _severity(found)
    if severity is None:
        return review(f"{what} has {said}, and no database says how grave it is{_mended(found)}")
    days = _days(found, severity, evidence.parameter("patch_sla_days"))
    if days is None:
        return ok(f"{what} has {said}, of {severity} severity, for which no time is set{_mended(found)}")
    published = found.published
    if published is not None and published >= evidence.as_of - timedelta(days=days):
        due = (published + timedelta(days=days)).date()
        return ok(
            f"{what} has {said}, published on {published.date()}, and until {due} to be rid of it{_mended(found)}"
        )
    when = f"published on {published.date()}" if published else "published on a day that no database says"
    return fail(
        f"{what} has {said}, {when}, longer ago than the {days} days that are set{_mended(found)}",
        severity=severity,
    )


def _told(found: PackageAdvisory) -> str:
    """Name and substance of the vulnerability."""
    known = f", known to be exploited since {found.exploited}" if found.exploited else ""
    also = next((f" ({each})" for each in found.aliases if each.startswith("GHSA-")), "")
    return f"{found.advisory}{also}{known}" + (f": {_plain(found.summary)}" if found.summary else "")


def _plain(summary: str) -> str:
    return summary.rstrip(". ")[:160]


def _severity(found: PackageAdvisory) -> Severity | None:
    """The word of the databases, one step up for what is exploited or likely to be; None where nothing says it."""
    if not found.severity:
        return Severity.HIGH if found.exploited else None
    pressed = bool(found.exploited) or (found.likelihood is not None and found.likelihood >= LIKELY)
    return Severity(found.severity).step(1 if pressed else 0)


def _days(found: PackageAdvisory, severity: Severity, allowed: Mapping[str, int]) -> int | None:
    if found.exploited:
        return allowed["kev"]
    return (
        allowed["critical"] if severity is Severity.CRITICAL else allowed["high"] if severity is Severity.HIGH else None
    )


def _mended(found: PackageAdvisory) -> str:
    return f"; {found.fixed} fixes it" if found.fixed else "; no version that fixes it is known"
