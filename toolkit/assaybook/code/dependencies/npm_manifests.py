"""package.json and where npm, Yarn and pnpm fetch from. Source: npm documentation, "package.json" and ".npmrc"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .components import (
    DECLARED,
    NPM,
    PATH,
    REGISTRY,
    URL,
    VCS,
    Component,
    Lines,
    Parsed,
    Setting,
    bounded,
    host_of,
    json_of,
    mapping,
    text_of,
    word,
    yaml_of,
)

_SECTIONS = (("dependencies", False, False), ("optionalDependencies", False, True), ("devDependencies", True, False))
_EXACT = re.compile(r"^[=v]?\s*(\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?)$")
_SHORT = re.compile(r"^(github:|gitlab:|bitbucket:|gist:)?[\w.-]+/[\w.-]+(#.*)?$")


def read_package_json(path: str, content: bytes) -> Parsed:
    """What a package.json declares. Peers are the choice of whoever installs, and no dependency of this folder."""
    document, lines = json_of(content), Lines(text_of(content))
    found: list[Component] = []
    shipped: set[str] = set()
    for section, development, optional in _SECTIONS:
        for name, asked in mapping(document.get(section)).items():
            if name in shipped:
                continue
            shipped.add(name)
            found.append(declared(path, lines.of(name), name, word(asked), development, optional))
    return Parsed(bounded(found), manifest=True)


def declared(
    path: str, line: int, name: str, asked: str, development: bool = False, optional: bool = False
) -> Component:
    """A dependency as package.json declares it, under the name of what it really is."""
    source, reference = source_of(asked)
    real = re.match(r"^npm:((?:@[^@/]+/)?[^@]+)(?:@(.+))?$", asked)
    called, said = (real[1], real[2] or "") if real else (name, asked)
    version = exact(said) if source == REGISTRY else ""
    shown = said if source == REGISTRY else reference
    return Component(
        NPM,
        called,
        version,
        DECLARED,
        path,
        line,
        shown,
        True,
        development,
        optional,
        source=source,
        reference=reference,
    )


def exact(asked: str) -> str:
    """The one version that a text admits, or an empty one."""
    found = _EXACT.match(asked.strip())
    return found[1] if found else ""


def source_of(asked: str) -> tuple[str, str]:
    """Where a dependency comes from, and its host with revision."""
    if asked.startswith(("file:", "link:", "portal:", "workspace:", "./", "../", "/", "~/")):
        return PATH, ""
    revision = asked.partition("#")[2]
    ending = f"@{revision}" if revision and re.fullmatch(r"[\w./:^~<>=-]+", revision) else ""
    if asked.startswith(("git+", "git:", "git@", "ssh:")) or re.match(r"^https?://.*\.git(#|$)", asked):
        host = "unknown" if asked.startswith("git@") else host_of(asked)[0]
        found = re.match(r"^git@([\w.-]+):", asked)
        return VCS, (found[1] if found else host) + ending
    if asked.startswith(("http:", "https:")):
        host, plain = host_of(asked)
        return URL, f"http://{host}" if plain else host
    if not asked.startswith(("npm:", "catalog:", "@")) and _SHORT.match(asked):
        named = {"gitlab:": "gitlab.com", "bitbucket:": "bitbucket.org"}
        return VCS, named.get(asked.partition(":")[0] + ":", "github.com") + ending
    return REGISTRY, ""


def read_npmrc(path: str, content: bytes) -> Parsed:
    """.npmrc: the registry, and those of scopes. Tokens are not read."""
    return Parsed(settings=tuple(_npmrc(path, text_of(content))))


def _npmrc(path: str, text: str) -> Iterator[Setting]:
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r"""^\s*(?:(@[\w.-]+):)?registry\s*[= ]\s*["']?([^\s"']+)""", line)
        if found:
            host, plain = host_of(found[2])
            if host:
                yield Setting(path, number, "scoped" if found[1] else "index", host, NPM, plain, found[1] or "")
        elif re.match(r"^\s*strict-ssl\s*=?\s*\"?false", line):
            yield Setting(path, number, "trusted", "any host", NPM, True)


def read_yarnrc_yml(path: str, content: bytes) -> Parsed:
    """.yarnrc.yml of Yarn 2 and later."""
    document, lines = yaml_of(content, path), Lines(text_of(content))
    found: list[Setting] = []
    host, plain = host_of(word(document.get("npmRegistryServer")))
    if host:
        found.append(Setting(path, lines.of("npmRegistryServer"), "index", host, NPM, plain))
    for scope, entry in mapping(document.get("npmScopes")).items():
        host, plain = host_of(word(mapping(entry).get("npmRegistryServer")))
        if host:
            found.append(Setting(path, lines.of(str(scope)), "scoped", host, NPM, plain, f"@{scope}"))
    if document.get("enableStrictSsl") is False:
        found.append(Setting(path, lines.of("enableStrictSsl"), "trusted", "any host", NPM, True))
    return Parsed(settings=tuple(found))


def read_yarnrc(path: str, content: bytes) -> Parsed:
    """.yarnrc of Yarn 1."""
    found: list[Setting] = []
    for number, line in enumerate(text_of(content).splitlines(), 1):
        said = re.match(r"""^\s*"?(?:(@[\w.-]+):)?registry"?\s+"?([^\s"]+)""", line)
        if said:
            host, plain = host_of(said[2])
            if host:
                found.append(Setting(path, number, "scoped" if said[1] else "index", host, NPM, plain, said[1] or ""))
    return Parsed(settings=tuple(found))
