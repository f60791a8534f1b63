"""Which file is read by which reader, by the name that its tool gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from . import (
    dotnet,
    image_files,
    installed,
    maven,
    npm_locks,
    npm_manifests,
    other_ecosystems,
    python_locks,
    python_projects,
    python_requirements,
)
from .components import CARGO, COMPOSER, GO, MAVEN, NPM, NUGET, PYPI, RUBYGEMS, Reader

# File names in lower case: the ecosystem and its reader.
_NAMES: Mapping[str, tuple[str, Reader]] = {
    "pyproject.toml": (PYPI, python_projects.read_pyproject),
    "pipfile": (PYPI, python_projects.read_pipfile),
    "setup.cfg": (PYPI, python_projects.read_setup_cfg),
    "setup.py": (PYPI, python_projects.read_setup_py),
    "pip.conf": (PYPI, python_projects.read_pip_settings),
    "pip.ini": (PYPI, python_projects.read_pip_settings),
    "pipfile.lock": (PYPI, python_locks.read_pipfile_lock),
    "poetry.lock": (PYPI, python_locks.read_poetry_lock),
    "uv.lock": (PYPI, python_locks.read_uv_lock),
    "pdm.lock": (PYPI, python_locks.read_pdm_lock),
    "package.json": (NPM, npm_manifests.read_package_json),
    ".npmrc": (NPM, npm_manifests.read_npmrc),
    ".yarnrc": (NPM, npm_manifests.read_yarnrc),
    ".yarnrc.yml": (NPM, npm_manifests.read_yarnrc_yml),
    "package-lock.json": (NPM, npm_locks.read_package_lock),
    "npm-shrinkwrap.json": (NPM, npm_locks.read_package_lock),
    "yarn.lock": (NPM, npm_locks.read_yarn_lock),
    "pnpm-lock.yaml": (NPM, npm_locks.read_pnpm_lock),
    "bun.lock": (NPM, npm_locks.read_bun_lock),
    "pom.xml": (MAVEN, maven.read_pom),
    "build.gradle": (MAVEN, maven.read_gradle),
    "build.gradle.kts": (MAVEN, maven.read_gradle),
    "gradle.lockfile": (MAVEN, maven.read_gradle_lock),
    "libs.versions.toml": (MAVEN, maven.read_gradle_catalogue),
    "go.mod": (GO, other_ecosystems.read_go_mod),
    "go.sum": (GO, other_ecosystems.read_go_sum),
    "packages.config": (NUGET, dotnet.read_dotnet_packages),
    "packages.lock.json": (NUGET, dotnet.read_dotnet_lock),
    "directory.packages.props": (NUGET, dotnet.read_dotnet_project),
    "nuget.config": (NUGET, dotnet.read_nuget_settings),
    "gemfile": (RUBYGEMS, other_ecosystems.read_gemfile),
    "gemfile.lock": (RUBYGEMS, other_ecosystems.read_gemfile_lock),
    "cargo.toml": (CARGO, other_ecosystems.read_cargo_manifest),
    "cargo.lock": (CARGO, other_ecosystems.read_cargo_lock),
    "composer.json": (COMPOSER, other_ecosystems.read_composer_manifest),
    "composer.lock": (COMPOSER, other_ecosystems.read_composer_lock),
}
_PATTERNS: tuple[tuple[re.Pattern[str], str, Reader], ...] = (
    (re.compile(r"(^|/)requirements/[^/]+\.(txt|in)$"), PYPI, python_requirements.read_requirements),
    (re.compile(r"(^|/)[\w.-]*requirements?[\w.-]*\.(txt|in|pip)$"), PYPI, python_requirements.read_requirements),
    (re.compile(r"(^|/)pylock(\.[\w-]+)?\.toml$"), PYPI, python_locks.read_pylock),
    (re.compile(r"(^|/)(Dockerfile[\w.-]*|[\w.-]+\.Dockerfile|Containerfile)$"), "", image_files.read_image_file),
    (re.compile(r"\.(cs|fs|vb)proj$"), NUGET, dotnet.read_dotnet_project),
)
_INSTALLED: tuple[tuple[re.Pattern[str], str, Reader], ...] = (
    (re.compile(r"\.dist-info/METADATA$"), PYPI, installed.read_python_metadata),
    (re.compile(r"\.egg-info(/PKG-INFO)?$|/EGG-INFO/PKG-INFO$"), PYPI, installed.read_python_metadata),
    (re.compile(r"\.jar$"), MAVEN, installed.read_jar),
    (re.compile(r"\.deps\.json$"), NUGET, installed.read_dotnet_dependencies),
    (re.compile(r"(^|/)specifications/[^/]+\.gemspec$"), RUBYGEMS, installed.read_gem_specification),
    (re.compile(r"(^|/)vendor/composer/installed\.json$"), COMPOSER, installed.read_composer_installed),
)
# Folders of what others made: what lists dependencies there lists those of others.
_VENDORED = re.compile(
    r"(^|/)(node_modules|site-packages|dist-packages|bower_components|\.venv|venv|\.tox|__pypackages__)/"
)
_BUILD_WRAPPERS = re.compile(r"(^|/)(gradle/wrapper|\.mvn/wrapper|\.m2)/")
MANIFEST_KINDS = frozenset(_NAMES)


def vendored(path: str) -> bool:
    """Whether a file lies in a folder into which an installer writes."""
    return _VENDORED.search(path) is not None


def reader_of(path: str) -> tuple[str, Reader] | None:
    """Ecosystem and reader of a file; None for one that tells nothing about dependencies."""
    if installed.is_installed_node_package(path):
        return NPM, installed.read_node_package
    for pattern, ecosystem, reader in _INSTALLED:
        if pattern.search(path) and not _BUILD_WRAPPERS.search(path):
            return ecosystem, reader
    if vendored(path) or ".dist-info/" in path or ".egg-info/" in path:
        return None
    found = _NAMES.get(path.rpartition("/")[2].lower())
    if found is not None:
        return found
    for pattern, ecosystem, reader in _PATTERNS:
        if pattern.search(path):
            return ecosystem, reader
    return None
