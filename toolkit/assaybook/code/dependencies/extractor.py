"""The extractor of `code:Dependencies`: the inventory of a package as plain JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..package import Package, Program, Reading
from .components import INSTALLED, MAVEN, NPM, Component, Files
from .imports import imported
from .inventory import Inventory, Manifest, inventory
from .package_urls import package_url
from .readers import vendored

VERSION = 1
_BUNDLED = re.compile(rb"__webpack_require__|^// (?:\.\./)*node_modules/|\bwebpackChunk|parcelRequire", re.MULTILINE)
_SMALLEST_BUNDLE = 50_000
_LOOKED_AT = 400_000


def dependencies(program: Program, reading: Reading) -> Mapping[str, Any]:
    """What a package depends on. Nothing here is a verdict, and nothing is looked up anywhere."""
    package = program.package
    found = inventory(package.files, package.kind)
    return {
        "version": VERSION,
        "kind": package.kind,
        "workloads": sorted({each.workload for each in package.entries if each.workload}),
        "components": [_component(package, each) for each in found.components],
        "manifests": [_manifest(package, each) for each in found.manifests],
        "imports": imported(program),
        "registries": _registries(package, found),
        "unread": [{"where": package.where(path), "why": why} for path, why in sorted(found.unread)],
        "bundled": [{"where": package.where(path), "why": why} for path, why in _not_visible(package.files, found)],
    }


def _component(package: Package, each: Component) -> dict[str, Any]:
    return {
        "purl": package_url(each.ecosystem, each.name, each.version),
        "ecosystem": each.ecosystem,
        "name": each.name,
        "version": each.version,
        "asked": each.asked,
        "origin": each.origin,
        "direct": each.direct,
        "development": each.development,
        "optional": each.optional,
        "licence": each.licence,
        "hashed": each.hashed,
        "source": each.source,
        "reference": each.reference,
        "where": package.where(each.path, each.line),
    }


def _manifest(package: Package, each: Manifest) -> dict[str, Any]:
    return {
        "path": package.where(each.path),
        "ecosystem": each.ecosystem,
        "declared": each.declared,
        "development": each.development,
        "locks": [package.where(path) for path in each.locks],
        "open": list(each.open),
        "elsewhere": list(each.elsewhere),
        "hashed": each.hashed,
        "complete": each.complete,
        "platform_only": each.platform_only,
    }


def _registries(package: Package, found: Inventory) -> list[dict[str, Any]]:
    seen: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for each in sorted(found.settings, key=lambda one: (one.path, one.line, one.kind, one.host)):
        seen.setdefault(
            (each.path, each.kind, each.host, each.scope),
            {
                "where": package.where(each.path, each.line),
                "path": package.where(each.path),
                "kind": each.kind,
                "host": each.host,
                "ecosystem": each.ecosystem,
                "plain": each.plain,
                "scope": each.scope,
            },
        )
    return list(seen.values())


def _not_visible(files: Files, found: Inventory) -> Iterator[tuple[str, str]]:
    """Code of others that was built into files, so that no metadata tells name and version."""
    installed = {each.ecosystem for each in found.components if each.origin == INSTALLED}
    for path in files:
        if vendored(path):
            continue
        if path.endswith((".js", ".mjs", ".cjs")) and NPM not in installed:
            content = files[path]()
            if len(content) >= _SMALLEST_BUNDLE and _BUNDLED.search(content[:_LOOKED_AT]):
                yield path, "a bundler built packages into this file; their names and versions are not in it"
        elif path.rpartition("/")[2] == "bootstrap" or path.endswith(".so"):
            content = files[path]()
            if b"\xff Go buildinf:" in content[:2_000_000]:
                yield path, "a program of Go; the modules that are built in are not read"
        elif path.endswith(".jar") and not any(
            each.path == path for each in found.components if each.ecosystem == MAVEN
        ):
            yield path, "a Java archive that does not say what it holds"
