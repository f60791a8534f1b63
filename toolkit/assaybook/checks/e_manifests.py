"""E1 Trusted dependencies: what a build installs is fixed, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.supply_chain import DependencyManifest, RegistrySetting
from ..watched import Watched

# Public registries of the ecosystems and well-known hosts beside them; source: documentation of each package manager.
PUBLIC = (
    "pypi.org", "files.pythonhosted.org", "pypi.python.org", "registry.npmjs.org", "registry.yarnpkg.com", "npm.jsr.io", "repo.maven.apache.org", "repo1.maven.org",
    "maven.google.com", "plugins.gradle.org", "repo.spring.io", "proxy.golang.org", "api.nuget.org", "www.nuget.org", "rubygems.org", "index.rubygems.org", "index.crates.io", "static.crates.io",
    "repo.packagist.org", "packagist.org", "download.pytorch.org", "pypi.nvidia.com",
)  # fmt: skip
# Registries that a provider hosts for one customer.
HOSTED = (
    "*.d.codeartifact.*.amazonaws.com", "pkgs.dev.azure.com", "*.pkgs.visualstudio.com", "*.pkg.dev", "npm.pkg.github.com", "maven.pkg.github.com", "nuget.pkg.github.com", "*.jfrog.io",
    "gitlab.com", "*.cloudsmith.io", "packagecloud.io", "*.gemfury.com",
)  # fmt: skip


@check("dependencies-not-locked", over=DependencyManifest)
def dependencies_not_locked(manifest: DependencyManifest, evidence: Watched) -> Verdict:
    """What a build installs is fixed by a lock file or by exact versions, with hashes."""
    path = manifest.path
    if manifest.development:
        return na(f"{path} lists what is for development or tests only")
    if not manifest.declared:
        return na(f"{path} lists no dependency that is shipped")
    if manifest.locks:
        return _locked(manifest, path)
    if manifest.open:
        named = _some(manifest.open)
        light = Severity.LOW if manifest.of_platform else None
        return fail(
            f"{path} leaves {len(manifest.open)} of {manifest.declared} dependencies open ({named}), and no lock file fixes them: "
            "each build installs what is newest that day",
            severity=light,
        )
    if manifest.hashed or (manifest.complete and manifest.ecosystem in ("Maven", "Go")):
        return ok(
            f"{path} fixes each version"
            + (" with a hash" if manifest.hashed else ", and its registry never changes one")
        )
    rest = "carries no hashes" if manifest.complete else "neither a lock file nor hashes fix what these need in turn"
    return fail(f"{path} names exact versions, but {rest}", severity=Severity.LOW)


def _locked(manifest: DependencyManifest, path: str) -> Verdict:
    if manifest.hashed or manifest.ecosystem == "Maven":
        return ok(f"{manifest.locks[0]} fixes what {path} asks for" + (", with hashes" if manifest.hashed else ""))
    return fail(
        f"{manifest.locks[0]} fixes the versions of {path} without hashes for all of them, so a changed archive would not be noticed",
        severity=Severity.LOW,
    )


@check("dependency-outside-registry", over=DependencyManifest)
def dependency_outside_registry(manifest: DependencyManifest, evidence: Watched) -> Verdict:
    """Dependencies come from a registry, not from a repository or an address."""
    path = manifest.path
    if manifest.development:
        return na(f"{path} lists what is for development or tests only")
    if not manifest.declared:
        return na(f"{path} lists no dependency that is shipped")
    if manifest.plain:
        return fail(
            f"{path} takes {_some(manifest.plain)} without TLS: whoever is on the way decides what is installed",
            severity=Severity.HIGH,
        )
    if manifest.movable:
        return fail(
            f"{path} takes {_some(manifest.movable)} and not from a registry, at a place that can be changed without a new version"
        )
    if manifest.elsewhere:
        return fail(
            f"{path} takes {_some(manifest.elsewhere)} and not from a registry, though fixed by a commit",
            severity=Severity.LOW,
        )
    return ok(f"all {manifest.declared} dependencies of {path} come from a registry")


@check("registry-not-trusted", over=RegistrySetting)
def registry_not_trusted(setting: RegistrySetting, evidence: Watched) -> Verdict:
    """Packages are fetched over TLS from registries that are trusted, and no public package can take the place of an internal one."""
    host, path = setting.host, setting.path
    if setting.kind == "trusted":
        return fail(
            f"{path} tells the installer not to look at the certificate of {host}: whoever is on the way decides what is installed"
        )
    if setting.plain:
        light = Severity.LOW if setting.hashed else Severity.HIGH
        return fail(
            f"{path} fetches packages from {host} without TLS: whoever is on the way decides what is installed",
            severity=light,
        )
    if not host:
        return review(f"{path} takes the address of a registry from a variable, whose value is not in it")
    known = _matches(host, PUBLIC)
    if setting.kind == "extra" and setting.ecosystem == "PyPI" and not known:
        return _beside(setting)
    declared = evidence.parameter("trusted_registries")
    if known or _matches(host, HOSTED):
        return ok(
            f"{path} fetches packages from {host}, " + ("a public registry" if known else "a hosted private registry")
        )
    if _matches(host, tuple(declared)):
        return ok(f"{path} fetches packages from {host}, which is declared to be trusted")
    return review(f"{path} fetches packages from {host}, which nobody has declared to be trusted")


def _beside(setting: RegistrySetting) -> Verdict:
    if setting.hashed:
        return ok(f"{setting.path} looks for packages in {setting.host} too, and hashes say which file is taken")
    return fail(
        f"{setting.path} looks for packages in {setting.host} beside the public index: pip takes the highest version of either, so whoever "
        "publishes an internal name there is installed"
    )


def _matches(host: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(host, each) for each in patterns)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown + (f" and {len(names) - 3} more" if len(names) > 3 else "")
