"""What registries say of packages: withdrawn (yanked) or deprecated versions, and the advisories that they know.

Sources: PyPI documentation, "JSON API"; npm documentation, "Auditing package dependencies" (bulk advisories) and the abbreviated package metadata.
A package that a registry does not answer for stays unanswered: indexes without the JSON endpoint answer 404 for every package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ...code.advisories.admitted import admitted
from ...code.advisories.versions import version_of
from ...code.dependencies.components import NPM, PYPI
from .asked import Answered, Asked, Unreached, by_name
from .fetching import Absent, fetch

PYPI_ADDRESS = "https://" + "pypi.org"
NPM_ADDRESS = "https://registry.npmjs.org"
MOST = 2_000
BATCH = 200
Metadata = dict[str, Any]


def ask_pypi(
    asked: tuple[Asked, ...], clock: Callable[[], datetime], address: str = PYPI_ADDRESS
) -> tuple[Answered, list[Metadata]]:
    """Advisories and whether a version was yanked, one request a package. Raises Unreached if nothing was answered."""
    mine = tuple(each for each in asked if each.ecosystem == PYPI and each.version)
    found, told = Answered("PyPI", mine), list[Metadata]()
    wanted = by_name(mine)
    for each in mine[:MOST]:
        try:
            document = fetch(f"{address}/pypi/{quote(each.name, safe='')}/{quote(each.version, safe='')}/json")
            info, listed = document["info"], document["vulnerabilities"]
        except (Absent, Unreached, KeyError, TypeError) as problem:
            found.problems.append(f"{each.name}: {problem}")
            continue
        found.answered.add(each)
        told.append(
            _told(
                each,
                withdrawn=str(info.get("yanked_reason") or "") or bool(info.get("yanked")),
                deprecated=_inactive(info),
            )
        )
        for one in listed if isinstance(listed, list) else []:
            found.keep(_of_pypi(one, each), wanted)
    return _reached(found, clock), told


def _inactive(info: Mapping[str, Any]) -> str:
    return (
        "its maintainers call it inactive"
        if "Development Status :: 7 - Inactive" in (info.get("classifiers") or [])
        else ""
    )


def _told(each: Asked, withdrawn: str | bool, deprecated: str) -> Metadata:
    said = withdrawn if isinstance(withdrawn, str) else ("no reason is given" if withdrawn else "")
    return {
        "ecosystem": each.ecosystem, "name": each.name, "version": each.version, "yanked": bool(withdrawn), "yanked_because": " ".join(said.split())[:200],
        "deprecated": " ".join(deprecated.split())[:200],
    }  # fmt: skip


def _of_pypi(one: Mapping[str, Any], each: Asked) -> dict[str, Any]:
    fixed = next((str(version) for version in one.get("fixed_in") or []), "")
    events = [{"introduced": each.version}, *([{"fixed": fixed}] if fixed else [])]
    return {
        "id": one.get("id"), "aliases": one.get("aliases") or [], "summary": one.get("summary") or one.get("details") or "", "withdrawn": one.get("withdrawn"),
        "affected": [{"package": {"ecosystem": PYPI, "name": each.name}, "ranges": [{"type": "ECOSYSTEM", "events": events}], "versions": [each.version]}],
    }  # fmt: skip


def _reached(found: Answered, clock: Callable[[], datetime]) -> Answered:
    if found.asked and not found.answered:
        raise Unreached(found.problems[0] if found.problems else "no package was answered")
    found.dates = {each.ecosystem: clock().isoformat(timespec="seconds") for each in found.answered}
    return found


def ask_npm(
    asked: tuple[Asked, ...], clock: Callable[[], datetime], address: str = NPM_ADDRESS
) -> tuple[Answered, list[Metadata]]:
    """Advisories in bulk, and for each package whether its version is deprecated. Raises Unreached if no batch of advisories was answered."""
    mine = tuple(each for each in asked if each.ecosystem == NPM and each.version)
    found, told = Answered("npm registry", mine), list[Metadata]()
    for start in range(0, len(mine), BATCH):
        _bulk(mine[start : start + BATCH], found, address)
    for name, versions in sorted(by_name(mine).items())[:MOST]:
        try:
            packument = fetch(
                f"{address}/{quote(name[1], safe='@')}", headers={"Accept": "application/vnd.npm.install-v1+json"}
            )
            held = packument["versions"]
            told += [_told(each, False, _deprecated(held[each.version])) for each in versions if each.version in held]
        except (Absent, Unreached, KeyError, TypeError) as problem:
            found.problems.append(f"{name[1]}: {problem}")
    return _reached(found, clock), told


def _deprecated(version: Mapping[str, Any]) -> str:
    said = version.get("deprecated")
    return said if isinstance(said, str) and said else ("no reason is given" if said is True else "")


def _bulk(batch: tuple[Asked, ...], found: Answered, address: str) -> None:
    body: dict[str, list[str]] = {}
    for each in batch:
        body.setdefault(each.name, []).append(each.version)
    try:
        answer = fetch(f"{address}/-/npm/v1/security/advisories/bulk", body)
        for each in batch:
            for one in answer.get(each.name) or []:
                if _in_range(str(one["vulnerable_versions"]), each.version):
                    found.keep(_of_npm(one, each), by_name([each]))
    except (Absent, Unreached, KeyError, TypeError, AttributeError) as problem:
        found.problems.append(f"advisories: {problem}")
        return
    found.answered |= set(batch)


def _in_range(said: str, version: str) -> bool:
    """Whether a version lies in a range of npm; a form that is not read counts as a match, since the registry answered for this package."""
    intervals = admitted(NPM, said)
    placed = version_of(NPM, version)
    if placed is None or not intervals:
        return True
    for each in intervals:
        low, high = version_of(NPM, each.low), version_of(NPM, each.high)
        if (not each.low or low <= placed) and (not each.high or placed < high or (each.closed and placed == high)):
            return True
    return False


def _of_npm(one: Mapping[str, Any], each: Asked) -> dict[str, Any]:
    name = str(one.get("url", "")).rpartition("/")[2]
    vector = str((one.get("cvss") or {}).get("vectorString") or "")
    return {
        "id": name if name.startswith("GHSA-") else f"NPM-{one.get('id')}", "summary": one.get("title") or "",
        "severity": [{"type": "CVSS_V3", "score": vector}] if vector else [], "database_specific": {"severity": str(one.get("severity", ""))},
        "affected": [{"package": {"ecosystem": NPM, "name": each.name}, "versions": [each.version]}],
    }  # fmt: skip
