"""Rows about what others wrote and we run: packages, advisories about them, manifests, registries, licences, and how a repository is kept up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class PackageAdvisory(Row):
    """One vulnerability, under all its names, in one version of a package that a workload ships.

    `asked` is set in place of `version` where every version of a declared range is affected. `severity` is low, medium, high or critical, empty where no
    database says it; `exploited` the day since which it is known to be exploited, `likelihood` the predicted chance of it in thousandths. `published` is None where no
    database says it. `status` is what a statement of exploitability (VEX) says, empty without one. `known_by` names the sources.

    Each package of code has one row more, whose `advisory` is empty: it stands for the packages in which no vulnerability is known. `others` is how many these are, and missing
    if not all of them were compared with advisories; `oldest` is the date of the oldest data that they were compared with.
    """

    SAID: ClassVar[Mapping[str, str]] = {"others": "whether vulnerabilities are known in the other packages"}

    workload: str
    package: str
    ecosystem: str
    name: str
    version: str
    asked: str
    advisory: str
    aliases: tuple[str, ...]
    summary: str
    severity: str
    exploited: str
    likelihood: int | None
    published: datetime | None
    fixed: str
    shipped: bool
    direct: bool
    known_by: tuple[str, ...]
    others: int
    oldest: datetime | None
    status: str
    justification: str
    stated: str


@dataclass(frozen=True, kw_only=True)
class DependencyManifest(Row):
    """A list of dependencies, and how firmly it fixes what a build installs.

    `locks` are the lock files that cover it; `open` its direct dependencies without an exact version; `elsewhere` those that come from Git or an address and not from a
    registry, `movable` those of them that no commit fixes. `complete` says that the list, or its build system, fixes also what the dependencies need; `hashed` that every
    package carries a hash. `of_platform` says that it names only what the platform itself brings along.
    """

    SAID: ClassVar[Mapping[str, str]] = {
        "locks": "lock files",
        "open": "open versions",
        "elsewhere": "dependencies from elsewhere",
    }

    workload: str
    package: str
    path: str
    ecosystem: str
    declared: int
    development: bool
    locks: tuple[str, ...]
    open: tuple[str, ...]
    elsewhere: tuple[str, ...]
    movable: tuple[str, ...]
    plain: tuple[str, ...]
    complete: bool
    hashed: bool
    of_platform: bool


@dataclass(frozen=True, kw_only=True)
class RegistrySetting(Row):
    """Where packages are fetched from, as a file sets it.

    `kind` is index (in place of the usual registry), extra (beside it), links, trusted (a host whose certificate is not looked at) or scoped (for `scope` only). `plain` says that
    no TLS protects it; `hashed` that every package of the ecosystem is held to a hash, so that another registry cannot put its own in place.
    """

    workload: str
    package: str
    path: str
    kind: str
    host: str
    ecosystem: str
    scope: str
    plain: bool
    hashed: bool


@dataclass(frozen=True, kw_only=True)
class PackageHealth(Row):
    """What is known of the state of a package: `state` is kept, yanked, deprecated, abandoned or malicious, `why` in its maintainers' or the data's words."""

    workload: str
    package: str
    ecosystem: str
    name: str
    version: str
    state: str
    why: str
    instead: str
    known_by: str


@dataclass(frozen=True, kw_only=True)
class DirectDependency(Row):
    """A dependency that somebody chose by its name. `resembles` is a well-known package whose name it could be mistaken for, empty if there is none; `how` says in what they differ."""

    workload: str
    package: str
    ecosystem: str
    name: str
    resembles: str
    how: str


@dataclass(frozen=True, kw_only=True)
class LicenceUse(Row):
    """A licence under which components of a package stand, as their metadata states it."""

    workload: str
    package: str
    licence: str
    components: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Repository(Row):
    """A repository as its files describe it: update services, scanners in pipelines, owners who must be asked.

    `services` are those that are in force, `idle` those whose configuration switches them off, with the reason. `ecosystems` have manifests here, `uncovered` are those that no
    service updates. `scanners` look at dependencies, `code_scanners` at code; those that cannot stop a pipeline end with `(cannot stop)`. Whether anything was merged stands in no file.
    """

    name: str
    services: tuple[str, ...]
    idle: tuple[str, ...]
    ecosystems: tuple[str, ...]
    uncovered: tuple[str, ...]
    scanners: tuple[str, ...]
    code_scanners: tuple[str, ...]
    owners: tuple[str, ...]
