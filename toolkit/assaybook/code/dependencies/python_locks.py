"""Lock files of Python: Pipfile.lock, poetry.lock, uv.lock, pdm.lock and pylock.toml (PEP 751)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from .components import (
    LOCKED,
    PATH,
    PYPI,
    REGISTRY,
    URL,
    VCS,
    Component,
    Lines,
    Parsed,
    bounded,
    host_of,
    json_of,
    mapping,
    sequence,
    text_of,
    toml_of,
    word,
)


def read_pipfile_lock(path: str, content: bytes) -> Parsed:
    """Pipfile.lock: what `develop` holds is not shipped."""
    document, lines = json_of(content), Lines(text_of(content))
    return Parsed(bounded(_pipenv(path, document, lines)), lock=True)


def _pipenv(path: str, document: Mapping[str, Any], lines: Lines) -> Iterator[Component]:
    shipped = mapping(document.get("default"))
    for section in ("default", "develop"):
        for name, entry in mapping(document.get(section)).items():
            if section == "develop" and name in shipped:
                continue
            detail = mapping(entry)
            yield Component(
                PYPI,
                canonicalize_name(str(name)),
                word(detail.get("version")).lstrip("="),
                LOCKED,
                path,
                lines.of(str(name)),
                direct="index" in detail,
                development=section == "develop",
                hashed=bool(detail.get("hashes")),
                source=VCS if detail.get("git") else PATH if detail.get("path") or detail.get("file") else REGISTRY,
                reference=host_of(word(detail.get("git")))[0],
            )


def read_poetry_lock(path: str, content: bytes) -> Parsed:
    """poetry.lock; hashes stand with each package, or in the metadata of older ones."""
    document, lines = toml_of(content), Lines(text_of(content))
    meta = mapping(document.get("metadata"))
    older = {
        canonicalize_name(str(name)): listed
        for name, listed in mapping(meta.get("files") or meta.get("hashes")).items()
    }
    found = []
    for entry in map(mapping, sequence(document.get("package"))):
        name = canonicalize_name(word(entry.get("name")))
        groups = [word(each) for each in sequence(entry.get("groups"))]
        development = entry.get("category") == "dev" or bool(groups and "main" not in groups)
        kind, reference = _poetry_source(mapping(entry.get("source")))
        found.append(
            Component(
                PYPI,
                name,
                word(entry.get("version")),
                LOCKED,
                path,
                lines.of(word(entry.get("name"))),
                development=development,
                optional=entry.get("optional") is True,
                hashed=bool(entry.get("files") or older.get(name)),
                source=kind,
                reference=reference,
            )
        )
    tells = any(each.get("category") or each.get("groups") for each in map(mapping, sequence(document.get("package"))))
    return Parsed(bounded(found), lock=True, needs={} if tells else _poetry_needs(document))


def _poetry_needs(document: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    needs: dict[str, tuple[str, ...]] = {}
    for entry in map(mapping, sequence(document.get("package"))):
        named = tuple(sorted(canonicalize_name(str(each)) for each in mapping(entry.get("dependencies"))))
        needs[canonicalize_name(word(entry.get("name")))] = named
    return needs


def _poetry_source(source: Mapping[str, Any]) -> tuple[str, str]:
    host = host_of(word(source.get("url")))[0]
    kind = {"git": VCS, "url": URL, "directory": PATH, "file": PATH}.get(word(source.get("type")), REGISTRY)
    return kind, f"{host}@{word(source.get('resolved_reference'))}" if kind == VCS else host


def read_uv_lock(path: str, content: bytes) -> Parsed:
    """uv.lock: what only the groups of the project itself lead to is not shipped; what nothing leads to may be."""
    document, lines = toml_of(content), Lines(text_of(content))
    entries = [mapping(each) for each in sequence(document.get("package"))]
    own = [each for each in entries if {"editable", "virtual", "directory"} & set(mapping(each.get("source")))]
    shipped = _reached(entries, [name for each in own for name in _names(each.get("dependencies"))])
    groups = [mapping(each.get("dev-dependencies")) for each in own]
    developing = _reached(entries, [name for each in groups for listed in each.values() for name in _names(listed)])
    found = []
    for entry in entries:
        if any(entry is each for each in own):
            continue
        source = mapping(entry.get("source"))
        kind = VCS if "git" in source else URL if "url" in source else PATH if "path" in source else REGISTRY
        files = [*sequence(entry.get("wheels")), mapping(entry.get("sdist"))]
        name = word(entry.get("name"))
        found.append(
            Component(
                PYPI,
                canonicalize_name(name),
                word(entry.get("version")),
                LOCKED,
                path,
                lines.of(name),
                direct=any(name in _names(each.get("dependencies")) for each in own),
                development=name in developing and name not in shipped,
                hashed=any(mapping(each).get("hash") for each in files),
                source=kind,
                reference=host_of(word(source.get("git")))[0],
            )
        )
    return Parsed(bounded(found), lock=True)


def _names(listed: object) -> list[str]:
    return [word(mapping(each).get("name")) for each in sequence(listed)]


def _reached(entries: list[Mapping[str, Any]], start: list[str]) -> set[str]:
    leads: dict[str, list[str]] = {}
    for entry in entries:
        optional = [name for listed in mapping(entry.get("optional-dependencies")).values() for name in _names(listed)]
        leads.setdefault(word(entry.get("name")), []).extend([*_names(entry.get("dependencies")), *optional])
    seen, waiting = set(start), list(start)
    while waiting:
        new = set(leads.get(waiting.pop(), ())) - seen
        seen |= new
        waiting += sorted(new)
    return seen


def read_pdm_lock(path: str, content: bytes) -> Parsed:
    """pdm.lock."""
    document, lines = toml_of(content), Lines(text_of(content))
    older = mapping(mapping(document.get("metadata")).get("files"))
    found = []
    for entry in map(mapping, sequence(document.get("package"))):
        name, version = word(entry.get("name")), word(entry.get("version"))
        groups = [word(each) for each in sequence(entry.get("groups"))]
        kind = VCS if entry.get("git") else PATH if entry.get("path") else REGISTRY
        found.append(
            Component(
                PYPI,
                canonicalize_name(name),
                version,
                LOCKED,
                path,
                lines.of(name),
                development=bool(groups) and "default" not in groups,
                hashed=bool(entry.get("files") or older.get(f"{name} {version}")),
                source=kind,
                reference=host_of(word(entry.get("git")))[0],
            )
        )
    return Parsed(bounded(found), lock=True)


def read_pylock(path: str, content: bytes) -> Parsed:
    """pylock.toml. Source: PEP 751."""
    document, lines = toml_of(content), Lines(text_of(content))
    found = []
    for entry in map(mapping, sequence(document.get("packages"))):
        name = word(entry.get("name"))
        files = [*sequence(entry.get("wheels")), mapping(entry.get("sdist")), mapping(entry.get("archive"))]
        kind = (
            VCS if entry.get("vcs") else PATH if entry.get("directory") else URL if entry.get("archive") else REGISTRY
        )
        found.append(
            Component(
                PYPI,
                canonicalize_name(name),
                word(entry.get("version")),
                LOCKED,
                path,
                lines.of(name),
                hashed=any(mapping(each).get("hashes") for each in files),
                source=kind,
                reference=word(mapping(entry.get("vcs")).get("commit-id")),
            )
        )
    return Parsed(bounded(found), lock=True)
