"""Asking sources of advisories about the packages that were found. Nothing is reached over the network that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from ...capture import FAILED, OK, Capture, Target
from ...code.advisories import VexError, read_vex
from .asked import Answered, Asked, Unreached, asked_of
from .exploited import read_exploited, read_likelihood
from .osv_api import ADDRESS as OSV_ADDRESS
from .osv_api import ask_osv_api
from .osv_files import ask_osv_files
from .registries import NPM_ADDRESS, PYPI_ADDRESS, ask_npm, ask_pypi

OSV_API = "osv-api"
QUERY, PACKAGES, VEX, EXPLOITED, LIKELIHOOD = (
    "advisories:Query",
    "advisories:Packages",
    "advisories:Vex",
    "advisories:Exploited",
    "advisories:Likelihood",
)
LARGEST_VEX = 20_000_000


@dataclass(frozen=True)
class Sources:
    """Where to ask. `osv` is a folder or archive; the API and the registries are reached over the network and only where they are named here."""

    osv: tuple[Path, ...] = ()
    osv_api: bool = False
    registries: tuple[str, ...] = ()
    vex: tuple[Path, ...] = ()
    exploited: Path | None = None
    likelihood: Path | None = None
    # Other addresses, for mirrors and tests, by the name of the source.
    addresses: Mapping[str, str] | None = None

    def __bool__(self) -> bool:
        return bool(self.osv or self.osv_api or self.registries or self.vex or self.exploited or self.likelihood)


def components_of(captures: Iterable[Capture]) -> Iterator[Mapping[str, Any]]:
    """The components that captures of `code:Dependencies` hold."""
    for each in captures:
        if each.call == "code:Dependencies" and each.state == OK:
            yield from each.answer.get("components") or ()


def advisories_for(
    components: Iterable[Mapping[str, Any]], sources: Sources, clock: Callable[[], datetime], target: Target
) -> tuple[Capture, ...]:
    """One capture for each source, reached or not. They are filed under `target`, which is one that was collected, and speak of all packages."""
    asked = asked_of(components)
    made = [*_queries(asked, sources, clock, target)]
    names = sorted({name for each in made if each.call == QUERY and each.state == OK for name in _cves(each.answer)})
    made += [_file(VEX, path, clock, target, _vex) for path in sources.vex]
    if sources.exploited:
        made.append(_file(EXPLOITED, sources.exploited, clock, target, lambda path: read_exploited(path, names)))
    if sources.likelihood:
        made.append(_file(LIKELIHOOD, sources.likelihood, clock, target, lambda path: read_likelihood(path, names)))
    return tuple(made)


def _queries(
    asked: tuple[Asked, ...], sources: Sources, clock: Callable[[], datetime], target: Target
) -> Iterator[Capture]:
    addresses = sources.addresses or {}
    for path in sources.osv:
        yield from _asked(
            f"OSV files {path.name}", asked, clock, target, partial(_alone, partial(ask_osv_files, path, asked))
        )
    if sources.osv_api:
        address = addresses.get("osv", OSV_ADDRESS)
        yield from _asked("OSV API", asked, clock, target, partial(_alone, partial(ask_osv_api, asked, clock, address)))
    if "pypi" in sources.registries:
        yield from _asked(
            "PyPI", asked, clock, target, partial(ask_pypi, asked, clock, addresses.get("pypi", PYPI_ADDRESS))
        )
    if "npm" in sources.registries:
        yield from _asked(
            "npm registry", asked, clock, target, partial(ask_npm, asked, clock, addresses.get("npm", NPM_ADDRESS))
        )


def _alone(ask: Callable[[], Answered]) -> tuple[Answered, list[dict[str, Any]]]:
    """A source that knows advisories only."""
    return ask(), []


def _asked(
    source: str,
    asked: tuple[Asked, ...],
    clock: Callable[[], datetime],
    target: Target,
    ask: Callable[[], tuple[Answered, list[dict[str, Any]]]],
) -> Iterator[Capture]:
    params = {"source": source}
    try:
        answered, told = ask()
    except Unreached as problem:
        # What was asked is kept, so that each package can be said not to be assessed by this source.
        yield Capture(
            QUERY,
            target,
            params,
            FAILED,
            reason="unreached",
            message=str(problem)[:300],
            at=_now(clock),
            records=len(asked),
        )
        return
    yield Capture(
        QUERY, target, params, OK, answered.document(), at=_now(clock), pages=1, records=len(answered.records)
    )
    if source in ("PyPI", "npm registry"):
        found = {
            "source": source,
            "packages": sorted(told, key=lambda each: (each["ecosystem"], each["name"], each["version"])),
        }
        yield Capture(PACKAGES, target, params, OK, found, at=_now(clock), pages=1, records=len(told))


def _file(
    call: str, path: Path, clock: Callable[[], datetime], target: Target, read: Callable[[Path], Mapping[str, Any]]
) -> Capture:
    params = {"source": path.name}
    try:
        answer = read(path)
    except Unreached as problem:
        return Capture(call, target, params, FAILED, reason="unreadable", message=str(problem)[:300], at=_now(clock))
    return Capture(call, target, params, OK, answer, at=_now(clock), pages=1, records=1)


def _vex(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST_VEX:
            raise Unreached(f"{path.name} is too large")
        statements = read_vex(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError, VexError) as problem:
        raise Unreached(f"{path.name}: {problem}") from problem
    return {"source": path.name, "statements": [each.document() for each in statements]}


def _cves(answer: Mapping[str, Any]) -> Iterator[str]:
    for each in answer["advisories"]:
        yield from (name for name in (each["id"], *(each.get("aliases") or ())) if name.startswith("CVE-"))


def _now(clock: Callable[[], datetime]) -> str:
    return clock().isoformat(timespec="seconds")


__all__ = ["OSV_API", "Sources", "advisories_for", "asked_of", "components_of"]
