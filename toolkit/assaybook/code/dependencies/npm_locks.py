"""Lock files of JavaScript: package-lock.json (1 to 3), npm-shrinkwrap.json, yarn.lock (1 and Berry), pnpm-lock.yaml (5 to 9), bun.lock."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .components import (
    LOCKED,
    NPM,
    PATH,
    REGISTRY,
    URL,
    VCS,
    Component,
    Lines,
    Parsed,
    Unreadable,
    bounded,
    host_of,
    json_of,
    mapping,
    scope_words,
    sequence,
    text_of,
    word,
    yaml_of,
)
from .npm_manifests import exact, source_of

USUAL = frozenset({"registry.npmjs.org", "registry.yarnpkg.com", "registry.npmmirror.com"})


def read_package_lock(path: str, content: bytes) -> Parsed:
    """package-lock.json and npm-shrinkwrap.json; `integrity` is the hash."""
    document, lines = json_of(content), Lines(text_of(content))
    packages = document.get("packages")
    found = _flat(path, packages, lines) if isinstance(packages, Mapping) else _nested(path, document, lines)
    return Parsed(bounded(found), lock=True)


def _flat(path: str, packages: Mapping[str, Any], lines: Lines) -> Iterator[Component]:
    direct: set[str] = set()
    for place, entry in packages.items():
        if "node_modules/" not in str(place):
            for section in ("dependencies", "devDependencies", "optionalDependencies"):
                direct.update(mapping(mapping(entry).get(section)))
    for place, entry in packages.items():
        detail = mapping(entry)
        if "node_modules/" not in str(place) or detail.get("link") is True:
            continue
        name = word(detail.get("name")) or str(place).rpartition("node_modules/")[2]
        yield _made(
            path, name, detail, lines.of(str(place)), direct=str(place) == f"node_modules/{name}" and name in direct
        )


def _nested(path: str, document: Mapping[str, Any], lines: Lines) -> Iterator[Component]:
    waiting: list[tuple[str, object, int]] = [
        (name, entry, 0) for name, entry in mapping(document.get("dependencies")).items()
    ]
    while waiting:
        name, entry, depth = waiting.pop(0)
        detail = mapping(entry)
        yield _made(path, str(name), detail, lines.of(str(name)), direct=False)
        if depth < 100:
            waiting += [(inner, each, depth + 1) for inner, each in mapping(detail.get("dependencies")).items()]


def _made(path: str, name: str, detail: Mapping[str, Any], line: int, *, direct: bool) -> Component:
    said = word(detail.get("version"))
    source, reference = _resolved(word(detail.get("resolved")), said)
    # `devOptional` marks what is needed for development or by something optional, so it may be shipped.
    return Component(
        NPM,
        name,
        exact(said),
        LOCKED,
        path,
        line,
        direct=direct,
        development=detail.get("dev") is True,
        optional=detail.get("optional") is True,
        licence=scope_words(detail.get("license")),
        hashed=bool(detail.get("integrity")) or detail.get("inBundle") is True or detail.get("bundled") is True,
        source=source,
        reference=reference,
    )


def _resolved(resolved: str, version: str) -> tuple[str, str]:
    for each in (resolved, version):
        if each.startswith(("git+", "git:", "git@", "github:")):
            return source_of(each)
        if each.startswith("file:"):
            return PATH, ""
    if resolved.startswith("http"):
        host, plain = host_of(resolved)
        packed = "/-/" in resolved or host in USUAL or re.search(r"\.tgz($|[?#])", resolved)
        if host == "codeload.github.com":
            return VCS, f"github.com@{resolved.rpartition('/')[2]}"
        return (REGISTRY, f"http://{host}" if plain else host) if packed else (URL, f"http://{host}" if plain else host)
    return REGISTRY, ""


def read_yarn_lock(path: str, content: bytes) -> Parsed:
    """yarn.lock. It does not say what is for development: the manifest beside it does."""
    text = text_of(content)
    if "__metadata:" in text:
        document = yaml_of(content, path)
        return Parsed(bounded(_berry(path, document, Lines(text))), lock=True, needs=_berry_needs(document))
    return Parsed(bounded(_classic(path, text)), lock=True, needs=_classic_needs(text))


def _classic_needs(text: str) -> Mapping[str, tuple[str, ...]]:
    needs: dict[str, set[str]] = {}
    name, inside = "", False
    for said in text.splitlines():
        if said[:1] not in ("", " ", "#"):
            found = re.match(r'^"?((?:@[^@/]+/)?[^@",]+)@', said)
            name, inside = (found[1] if found else ""), False
            needs.setdefault(name, set())
        elif re.match(r"^  \S", said):
            inside = said.strip() in ("dependencies:", "optionalDependencies:")
        elif inside and (pair := re.match(r'^    "?((?:@[^@/]+/)?[^@"\s]+)"?\s', said)):
            needs[name].add(pair[1])
    return {each: tuple(sorted(names)) for each, names in needs.items()}


def _berry_needs(document: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    needs: dict[str, set[str]] = {}
    for key, entry in document.items():
        found = re.match(r"^((?:@[^@/]+/)?[^@]+)@(?!workspace)", str(key))
        if found:
            needs.setdefault(found[1], set()).update(map(str, mapping(mapping(entry).get("dependencies"))))
    return {each: tuple(sorted(names)) for each, names in needs.items()}


def _classic(path: str, text: str) -> Iterator[Component]:
    name, line, fields = "", 0, dict[str, str]()
    for number, said in enumerate([*text.splitlines(), "end:"], 1):
        if not said.strip() or said.startswith("#"):
            continue
        if not said.startswith(" "):
            if name and fields.get("version"):
                yield _yarn(path, name, line, fields)
            first = said.rstrip(":").split(",")[0].strip().strip('"')
            found = re.match(r"^((?:@[^@/]+/)?[^@]+)@(.*)$", first)
            name, line, fields = (found[1], number, {"asked": found[2]}) if found else ("", 0, {})
            continue
        pair = re.match(r"""^  (version|resolved|integrity)\s+"?([^"]*)"?$""", said.rstrip())
        if pair:
            fields[pair[1]] = pair[2]


def _yarn(path: str, name: str, line: int, fields: Mapping[str, str]) -> Component:
    real = re.match(r"^npm:((?:@[^@/]+/)?[^@]+)@", fields.get("asked", ""))
    source, reference = _resolved(fields.get("resolved", ""), "")
    # Yarn 1 of old wrote the SHA-1 of the archive behind its address.
    hashed = bool(fields.get("integrity")) or bool(re.search(r"#[0-9a-f]{40}$", fields.get("resolved", "")))
    return Component(
        NPM,
        real[1] if real else name,
        exact(fields["version"]),
        LOCKED,
        path,
        line,
        hashed=hashed,
        source=source,
        reference=reference,
    )


def _berry(path: str, document: Mapping[str, Any], lines: Lines) -> Iterator[Component]:
    for key, entry in document.items():
        detail = mapping(entry)
        found = re.match(r"^((?:@[^@/]+/)?[^@]+)@(\w+):(.*)$", word(detail.get("resolution")))
        if found is None or found[2] in ("workspace", "link", "portal", "patch"):
            continue
        source = {"npm": REGISTRY, "file": PATH}.get(found[2], VCS)
        version = exact(str(detail.get("version", "")))
        hashed = bool(detail.get("checksum"))
        yield Component(
            NPM, found[1], version, LOCKED, path, lines.of(str(key).split(",")[0]), hashed=hashed, source=source
        )


_PNPM = re.compile(r"^/?(?P<name>(?:@[^@/]+/)?[^@/(]+)[@/](?P<version>\d[^(_/]*)")


def read_pnpm_lock(path: str, content: bytes) -> Parsed:
    """pnpm-lock.yaml: up to version 6 each package says whether it is for development, from 9 on the importers tell."""
    document, lines = yaml_of(content, path), Lines(text_of(content))
    shipped = _pnpm_led_to(document, ("dependencies", "optionalDependencies"))
    developing = _pnpm_led_to(document, ("devDependencies",))
    found = []
    for key, entry in mapping(document.get("packages")).items():
        detail, said = mapping(entry), str(key)
        parts = _PNPM.match(said)
        resolution = mapping(detail.get("resolution"))
        name = word(detail.get("name")) or (parts["name"] if parts else said.partition("@")[0])
        version = word(detail.get("version")) or (parts["version"] if parts else "")
        kind = (
            PATH
            if resolution.get("directory")
            else VCS
            if resolution.get("commit") or resolution.get("repo")
            else REGISTRY
        )
        kind = URL if kind == REGISTRY and resolution.get("tarball") and not parts else kind
        # What nothing is seen to lead to may be shipped.
        development = detail.get("dev") is True or said in developing - shipped
        found.append(
            Component(
                NPM,
                name,
                exact(version),
                LOCKED,
                path,
                lines.of(said),
                development=development,
                optional=detail.get("optional") is True,
                hashed=bool(resolution.get("integrity")),
                source=kind,
                reference=word(resolution.get("commit")),
            )
        )
    return Parsed(bounded(found), lock=True)


def _pnpm_led_to(document: Mapping[str, Any], sections: tuple[str, ...]) -> set[str]:
    """What these sections of the importers lead to, as keys of packages; nothing for versions that say it with each package."""
    snapshots = mapping(document.get("snapshots"))
    importers = mapping(document.get("importers"))
    if not snapshots:
        return set()
    waiting: list[str] = []
    for entry in importers.values():
        for section in sections:
            for name, each in mapping(mapping(entry).get(section)).items():
                # Under another name, the version says the package too (`lodash@4.17.21`).
                version = word(mapping(each).get("version"))
                waiting += [f"{name}@{version}", version]
    seen = set(waiting)
    while waiting:
        detail = mapping(snapshots.get(waiting.pop()))
        for section in ("dependencies", "optionalDependencies"):
            for name, version in mapping(detail.get(section)).items():
                key = f"{name}@{word(version)}"
                for each in (key, word(version)):
                    if each not in seen:
                        seen.add(each)
                        waiting.append(each)
    return {each.partition("(")[0] for each in seen}


def read_bun_lock(path: str, content: bytes) -> Parsed:
    """bun.lock, which is JSON with trailing commas; the binary bun.lockb is not read."""
    text = text_of(content)
    try:
        document = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))
    except (ValueError, RecursionError) as problem:
        raise Unreadable("is no JSON") from problem
    lines = Lines(text)
    found = []
    needs: dict[str, tuple[str, ...]] = {}
    for entry in mapping(mapping(document).get("packages")).values():
        listed = sequence(entry)
        parts = re.match(r"^((?:@[^@/]+/)?[^@]+)@(.+)$", word(listed[0]) if listed else "")
        if parts is None or parts[2].startswith("workspace:"):
            continue
        source = VCS if parts[2].startswith(("git", "github:")) else REGISTRY if exact(parts[2]) else PATH
        hashed = any(word(each).startswith("sha512-") for each in listed)
        found.append(
            Component(NPM, parts[1], exact(parts[2]), LOCKED, path, lines.of(listed[0]), hashed=hashed, source=source)
        )
        needs[parts[1]] = tuple(
            sorted(
                {
                    *needs.get(parts[1], ()),
                    *(str(name) for each in listed for name in mapping(mapping(each).get("dependencies"))),
                }
            )
        )
    return Parsed(bounded(found), lock=True, needs=needs)
