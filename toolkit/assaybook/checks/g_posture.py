"""Area G: the provider's services that watch the posture of an account."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.posture import Analyzer, ScannerStatus, SecurityStandards
from ..tables.scope import Account, Region
from ..watched import Watched

SHOWN = 3
MEANS = {"outside": "access from outside", "unused": "unused access"}


@check("security-standards-off", over=SecurityStandards)
def security_standards_off(row: SecurityStandards, evidence: Watched) -> Verdict:
    """Security Hub measures the region by at least one standard."""
    where = f"{row.region} of account {row.subject.account}"
    if not row.hub:
        return fail(f"Security Hub is off in {where}, so that nobody is told when a setting goes wrong tomorrow")
    if not row.standards:
        return fail(f"Security Hub is on in {where} without any standard, so that it checks nothing itself")
    return ok(f"Security Hub measures {where} by {', '.join(row.standards)}")


@check("access-analyzer-missing", over=Region)
def access_analyzer_missing(region: Region, evidence: Watched) -> Verdict:
    """Access from outside is analysed in each region, and unused access somewhere in the account or its organisation."""
    account, name = region.account, region.region
    places = {"outside": {"account": account, "region": name}, "unused": {"account": account}}
    missing = [each for each, place in places.items() if not _analysed(each, name, place, evidence)]
    if not missing:
        return ok(f"access from outside is analysed in {name}, and unused access in the account {account}")
    organisation = evidence.one(Account, account).organisation
    if organisation:
        # The organisation may have an analyzer in an account that was not collected.
        evidence.one(Analyzer, f"for {MEANS[missing[0]]} of the organisation {organisation}")
    return fail(f"no analyzer looks for {' and '.join(MEANS[each] for each in missing)} in {name} of account {account}")


def _analysed(looks_at: str, region: str, place: dict[str, str], evidence: Watched) -> bool:
    def for_all(each: Analyzer) -> bool:
        near = looks_at == "unused" or each.subject.region == region
        return each.active and each.organisation and near

    own = evidence.any(Analyzer, lambda each: each.active, looks_at=looks_at, **place)
    return own is not None or evidence.any(Analyzer, for_all, looks_at=looks_at) is not None


@check("outside-access-undecided", over=Analyzer)
def outside_access_undecided(analyzer: Analyzer, evidence: Watched) -> Verdict:
    """Everything that an analyzer found open to others was closed, or archived with a reason."""
    if analyzer.looks_at != "outside":
        return na(f"the analyzer {analyzer.name} does not look for access from outside")
    if not analyzer.active:
        return na(f"the analyzer {analyzer.name} is not active")
    findings = analyzer.findings
    if not findings:
        return ok(f"no finding of the analyzer {analyzer.name} awaits a decision")
    more = f" and {len(findings) - SHOWN} more" if len(findings) > SHOWN else ""
    return fail(
        f"{len(findings)} findings of the analyzer {analyzer.name} await a decision, the oldest since {analyzer.oldest}: others can reach "
        f"{', '.join(findings[:SHOWN])}{more}"
    )


@check("function-scanner-off", over=ScannerStatus)
def function_scanner_off(status: ScannerStatus, evidence: Watched) -> Verdict:
    """The provider's scanner looks at the packages of functions wherever there are functions."""
    region = evidence.one(Region, status.key)
    where = f"{status.region} of account {status.subject.account}"
    if not region.workloads:
        return na(f"there is no function in {where}")
    if status.packages:
        return ok(
            f"Amazon Inspector scans packages of functions in {where}; its scan of code is {'on' if status.code else 'off'}"
        )
    declared = evidence.parameter("declared_scanner")
    if declared:
        return review(
            f"functions in {where} are scanned by {declared}, as the configuration declares; its coverage report shows whether they are"
        )
    return fail(
        f"Amazon Inspector does not scan the {region.workloads} functions in {where}, so that nobody hears of new vulnerabilities in them"
    )
