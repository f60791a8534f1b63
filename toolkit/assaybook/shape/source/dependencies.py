"""Rows of manifests, registries, direct dependencies, licences, the state of packages, and repositories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import NOT_ASKED, Captures
from ...code.advisories import canonical_name
from ...code.dependencies.likeness import resembled
from ...code.dependencies.python_requirements import names_commit
from ...dated import load_dated
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.supply_chain import (
    DependencyManifest,
    DirectDependency,
    LicenceUse,
    PackageHealth,
    RegistrySetting,
    Repository,
)
from ..records import place, shaped
from .dependency_packages import MALFORMED, CodePackage, missing, packages, undeclared

REPOSITORY, METADATA = "repository:Files", "advisories:Packages"
TABLES = (DependencyManifest, DirectDependency, LicenceUse, PackageHealth, RegistrySetting)


def shape_dependencies(captures: Captures, parameters: Mapping[str, object]) -> Iterator[Row | Hole]:
    """All rows that need no advisory."""
    yield from missing(captures, *TABLES)
    declared = parameters.get("known_packages")
    allowed = frozenset(map(str, declared)) if isinstance(declared, tuple | list) else frozenset()
    told = _told(captures)
    seen: set[tuple[type[Row], str]] = set()
    for package in packages(captures):
        gap = undeclared(captures, package)
        if gap is not None:
            yield Hole(DependencyManifest, gap, package.subject)
        rows: tuple[Row | Hole, ...] = (
            *_manifests(package),
            *_registries(package),
            *_direct(package, allowed),
            *_licences(package),
            *_health(package, told),
        )
        for row in rows:
            # A file that several packages of a tree hold is told once, of the first of them.
            if isinstance(row, Hole):
                yield row
            elif (type(row), row.key) not in seen:
                seen.add((type(row), row.key))
                yield row
    yield from _repositories(captures)


def _manifests(package: CodePackage) -> Iterator[DependencyManifest | Hole]:
    for entry in package.members("manifests"):
        yield from shaped(package.capture, DependencyManifest, partial(_manifest, package, entry), package.subject)


def _manifest(package: CodePackage, entry: Mapping[str, Any]) -> DependencyManifest:
    elsewhere = tuple(map(str, entry["elsewhere"]))
    return DependencyManifest(
        **package.about(f"{entry['path']}|{entry['ecosystem']}", str(entry["path"])),
        path=str(entry["path"]),
        ecosystem=str(entry["ecosystem"]),
        declared=int(entry["declared"]),
        development=entry["development"] is True,
        locks=tuple(map(str, entry["locks"])),
        open=tuple(map(str, entry["open"])),
        elsewhere=elsewhere,
        movable=tuple(each for each in elsewhere if not names_commit(each)),
        plain=tuple(each for each in elsewhere if " http://" in each),
        complete=entry["complete"] is True,
        hashed=entry["hashed"] is True,
        of_platform=entry["platform_only"] is True,
    )


def _registries(package: CodePackage) -> Iterator[RegistrySetting | Hole]:
    for entry in package.members("registries"):
        yield from shaped(package.capture, RegistrySetting, partial(_registry, package, entry), package.subject)


def _registry(package: CodePackage, entry: Mapping[str, Any]) -> RegistrySetting:
    ecosystem, path = str(entry["ecosystem"]), str(entry["path"])
    shipped = [
        each for each in package.components if each.get("ecosystem") == ecosystem and each.get("source") == "registry"
    ]
    fixed = [each.get("hashed") is True for each in shipped if each.get("origin") != "installed"]
    return RegistrySetting(
        **package.about(f"{path}|{entry['kind']}|{entry['host']}|{entry['scope']}", str(entry["where"])),
        path=path,
        kind=str(entry["kind"]),
        host=str(entry["host"]),
        ecosystem=ecosystem,
        scope=str(entry["scope"]),
        plain=entry["plain"] is True,
        hashed=bool(fixed) and all(fixed),
    )


def _direct(package: CodePackage, allowed: frozenset[str]) -> Iterator[DirectDependency]:
    for each in package.components:
        try:
            ecosystem, name = str(each["ecosystem"]), str(each["name"])
            chosen = each["direct"] is True or each["source"] != "registry"
        except MALFORMED:
            continue
        if chosen:
            resembles, how = ("", "") if name in allowed else resembled(ecosystem, name)
            yield DirectDependency(
                **package.about(f"{_folder(each)}|{ecosystem}|{name}", str(each.get("where", ""))),
                ecosystem=ecosystem,
                name=name,
                resembles=resembles,
                how=how,
            )


def _folder(component: Mapping[str, Any]) -> str:
    """The file that names a component, without its line, which moves."""
    return str(component.get("where", "")).rpartition(":")[0] or str(component.get("where", ""))


def _licences(package: CodePackage) -> Iterator[LicenceUse]:
    found: dict[str, list[str]] = {}
    for each in package.components:
        licence = each.get("licence")
        if isinstance(licence, str) and licence and each.get("development") is not True:
            found.setdefault(licence, []).append(str(each.get("name", "")))
    for licence, names in sorted(found.items()):
        yield LicenceUse(
            **package.about(f"{package.name}|{licence}"), licence=licence, components=tuple(sorted(set(names)))
        )


def _told(captures: Captures) -> Mapping[tuple[str, str, str], tuple[str, str, str]]:
    """State, reason and source of each version of which a registry said something."""
    told: dict[tuple[str, str, str], tuple[str, str, str]] = {}
    for capture in captures.of(METADATA):
        listed = capture.answer.get("packages") if capture.gap() is None else None
        for each in listed if isinstance(listed, list) else []:
            try:
                state = "yanked" if each["yanked"] is True else "deprecated" if each["deprecated"] else "kept"
                why = str(each["yanked_because"] if state == "yanked" else each["deprecated"])
                name = canonical_name(str(each["ecosystem"]), str(each["name"]))
                told[(str(each["ecosystem"]), name, str(each["version"]))] = (state, why, str(capture.answer["source"]))
            except MALFORMED:
                continue
    return told


def _health(package: CodePackage, told: Mapping[tuple[str, str, str], tuple[str, str, str]]) -> Iterator[PackageHealth]:
    data = load_dated("abandoned_packages")
    given_up = {(each.ecosystem, each.name): each for each in data.entries.values()}
    for each in package.components:
        ecosystem, version = str(each.get("ecosystem", "")), str(each.get("version", ""))
        name = canonical_name(ecosystem, str(each.get("name", "")))
        if each.get("development") is True:
            continue
        known = given_up.get((ecosystem, name))
        said = told.get((ecosystem, name, version))
        if known is not None and (not known.versions or version in known.versions):
            state, why, instead, source = known.state, known.why, known.instead, f"data of {data.read.isoformat()}"
        elif said is not None:
            (state, why, source), instead = said, ""
        else:
            continue
        yield PackageHealth(
            **package.about(
                f"{_folder(each)}|{ecosystem}|{name}|{version or each.get('asked', '')}", str(each.get("where", ""))
            ),
            ecosystem=ecosystem,
            name=name,
            version=version,
            state=state,
            why=why,
            instead=instead,
            known_by=source,
        )


def _repositories(captures: Captures) -> Iterator[Repository | Hole]:
    found = captures.of(REPOSITORY)
    for capture in found:
        target = capture.target
        subject = Subject(target.provider, target.account, target.region, "repository", target.account, target.account)
        gap = capture.gap()
        if gap is not None:
            yield Hole(Repository, gap, subject)
            continue
        yield from shaped(capture, Repository, partial(_repository, capture.answer, subject, capture.ref), subject)
    if not found:
        for target in captures.targets("aws")[:1]:
            gap = Gap(REPOSITORY, NOT_ASKED, "an account does not hold the repositories; assess each with --source")
            yield Hole(Repository, gap, place(target))


def _repository(answer: Mapping[str, Any], subject: Subject, ref: str) -> Repository:
    services = list(answer["services"])
    active = [each for each in services if not each["off"] and not each["problem"]]
    covered = {str(name) for each in active for name in each["ecosystems"]}
    ecosystems = tuple(map(str, answer["ecosystems"]))
    return Repository(
        key=subject.native,
        subject=subject,
        sources=(ref,),
        where=str(services[0]["where"]) if services else "",
        name=subject.name,
        services=tuple(f"{each['name']} ({each['where']}{_every(each)})" for each in active),
        idle=tuple(
            f"{each['name']} ({each['where']}): {each['off'] or each['problem']}"
            for each in services
            if each not in active
        ),
        ecosystems=ecosystems,
        uncovered=() if "*" in covered else tuple(each for each in ecosystems if each not in covered),
        scanners=tuple(_steps(answer["scanners"])),
        code_scanners=tuple(_steps(answer["code_scanners"])),
        owners=tuple(map(str, answer["owners"])),
    )


def _every(service: Mapping[str, Any]) -> str:
    return f", {service['cadence']}" if service.get("cadence") else ""


def _steps(steps: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for each in steps:
        yield f"{each['name']} ({each['where']})" + ("" if each["blocks"] else " (cannot stop)")
