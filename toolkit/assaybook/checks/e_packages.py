"""E1 Trusted dependencies: packages that are given up or mistaken for others, licences, and how a repository keeps up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.supply_chain import DirectDependency, LicenceUse, PackageHealth, Repository
from ..watched import Watched

# Licences that oblige those who offer a service over a network to publish its source.
_NETWORK = re.compile(r"\b(AGPL|SSPL|Affero|Server Side Public)", re.IGNORECASE)


@check("package-given-up", over=PackageHealth)
def package_given_up(package: PackageHealth, evidence: Watched) -> Verdict:
    """No package is shipped that its authors or its registry have withdrawn or given up."""
    what = f"{package.name} {package.version}".strip()
    why = f": {package.why}" if package.why else ""
    if package.state == "kept":
        return ok(f"{package.known_by} calls {what} neither withdrawn nor deprecated")
    instead = f"; {package.instead} takes its place" if package.instead and package.instead != "none" else ""
    if package.state == "malicious":
        return fail(f"{what} is malicious{why}{instead}", severity=Severity.CRITICAL)
    return fail(f"{what} is {package.state}{why}{instead}")


@check("package-name-lookalike", over=DirectDependency)
def package_name_lookalike(dependency: DirectDependency, evidence: Watched) -> Verdict:
    """No dependency has a name that can be mistaken for that of a well-known package."""
    if not dependency.resembles:
        return ok(f"the name {dependency.name} resembles no well-known package of {dependency.ecosystem}")
    return review(
        f"{dependency.name} can be mistaken for {dependency.resembles} ({dependency.how}); whether it is meant, only a person can tell"
    )


@check("package-licence-not-allowed", over=LicenceUse)
def package_licence_not_allowed(use: LicenceUse, evidence: Watched) -> Verdict:
    """Each component stands under a licence that the organisation allows."""
    allowed = evidence.parameter("allowed_licences")
    names = _some(use.components)
    if allowed is None:
        if _NETWORK.search(use.licence):
            return review(
                f"{names} stand under {use.licence}, which binds those who offer a service; no allowed licences are declared"
            )
        return na(
            f"no allowed licences are declared, and {use.licence} ({names}) does not bind those who offer a service"
        )
    if _is_allowed(use.licence, allowed):
        return ok(f"{use.licence} ({names}) is among the allowed licences")
    return review(f"{use.licence} ({names}) is not among the allowed licences")


def _is_allowed(licence: str, allowed: Sequence[str]) -> bool:
    """Whether one choice of an SPDX expression consists of allowed licences only."""
    named = {each.casefold() for each in allowed}
    return any(
        all(one.strip(" ()").casefold() in named for one in re.split(r"\s+AND\s+", choice))
        for choice in re.split(r"\s+OR\s+", licence)
    )


@check("updates-not-automated", over=Repository)
def updates_not_automated(repository: Repository, evidence: Watched) -> Verdict:
    """A service proposes updates for each ecosystem of a repository; a person says whether they are merged in time."""
    name = repository.name
    if not repository.ecosystems:
        return na(f"{name} has no manifest of dependencies")
    scanned = (
        f"; pipelines run {_some(repository.scanners)}"
        if repository.scanners
        else "; no pipeline looks for vulnerable dependencies"
    )
    if repository.services and repository.uncovered:
        return fail(f"in {name}, {_some(repository.services)} does not update {_some(repository.uncovered)}{scanned}")
    if repository.services:
        return review(
            f"in {name}, {_some(repository.services)} proposes updates; whether they are merged in time stands in no file{scanned}"
        )
    if repository.idle:
        return fail(f"in {name}, nothing updates dependencies: {_some(repository.idle)}{scanned}")
    return review(
        f"no file of {name} sets up an update service; whether one is set up elsewhere, only a person can tell{scanned}"
    )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown + (f" and {len(names) - 3} more" if len(names) > 3 else "")
