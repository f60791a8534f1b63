"""What readers of manifests, lock files and installed packages give, and how they read hostile files within bounds."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...strict_yaml import YamlError, load_yaml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# The ecosystems, by their names in the Open Source Vulnerability schema, and their types in package URLs.
PYPI, NPM, MAVEN, GO, NUGET = "PyPI", "npm", "Maven", "Go", "NuGet"
RUBYGEMS, CARGO, COMPOSER = "RubyGems", "crates.io", "Packagist"
URL_TYPES: Mapping[str, str] = {
    PYPI: "pypi", NPM: "npm", MAVEN: "maven", GO: "golang", NUGET: "nuget", RUBYGEMS: "gem", CARGO: "cargo", COMPOSER: "composer",
}  # fmt: skip
INSTALLED, LOCKED, DECLARED = "installed", "locked", "declared"
REGISTRY, VCS, URL, PATH = "registry", "vcs", "url", "path"
# A manifest of a person is small; the lock file of a large workspace is not.
MOST_BYTES = 32_000_000
# Beyond this, a file is no manifest but an attack on whoever reads it.
MOST_COMPONENTS = 50_000


class Unreadable(Exception):
    """A manifest or lock file cannot be read: why, in words for a report."""


@dataclass(frozen=True, slots=True)
class Component:
    """A package of others that is installed, locked or declared.

    `version` is exact, or empty where only a range (`asked`) is known. `origin` is installed, locked or declared; `path` and `line` say where.
    `source` is registry, vcs, url or path; `reference` the commit, host or folder for the latter three, never with credentials.
    """

    ecosystem: str
    name: str
    version: str
    origin: str
    path: str
    line: int = 0
    asked: str = ""
    direct: bool = False
    development: bool = False
    optional: bool = False
    licence: str = ""
    hashed: bool = False
    source: str = REGISTRY
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where packages are fetched from, as a file says it. `kind` is index (in place of the usual one), extra, links, trusted or scoped (for `scope` only)."""

    path: str
    line: int
    kind: str
    host: str
    ecosystem: str
    plain: bool = False  # without TLS
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file tells. `manifest` marks a list that people write, `lock` one that a tool wrote, with every version; `demands_hashes` an option that refuses packages without."""

    components: tuple[Component, ...] = ()
    settings: tuple[Setting, ...] = ()
    manifest: bool = False
    lock: bool = False
    demands_hashes: bool = False
    includes: tuple[str, ...] = ()
    # Of a lock that does not say what is for development: which names each name needs.
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Files = Mapping[str, Callable[[], bytes]]
Reader = Callable[[str, bytes], Parsed]


def text_of(content: bytes) -> str:
    """The text of a file, whatever it was saved with; what is no text is replaced. Raises Unreadable for one that is too large."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"is larger than {MOST_BYTES // 1_000_000} MB")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def json_of(content: bytes) -> Mapping[str, Any]:
    """The object that a JSON file holds. Raises Unreadable."""
    try:
        value = json.loads(text_of(content))
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"is no JSON ({type(problem).__name__})") from problem
    return mapping(value)


def toml_of(content: bytes) -> Mapping[str, Any]:
    """The table that a TOML file holds. Raises Unreadable."""
    try:
        return tomllib.loads(text_of(content).replace("\r\n", "\n"))
    except (ValueError, RecursionError) as problem:
        raise Unreadable("is no TOML") from problem


def yaml_of(content: bytes, path: str) -> Mapping[str, Any]:
    """The mapping that a YAML file holds. Raises Unreadable."""
    try:
        return mapping(load_yaml(text_of(content), path))
    except (YamlError, RecursionError) as problem:
        raise Unreadable("is no YAML that can be read strictly") from problem


def xml_of(content: bytes) -> Element:
    """The root of an XML file; one with a document type is refused, so that no entity is ever expanded. Raises Unreadable."""
    from xml.etree import ElementTree

    text = text_of(content)
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise Unreadable("has a document type, which is not read")
    try:
        return ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (ElementTree.ParseError, RecursionError, ValueError) as problem:
        raise Unreadable("is no XML") from problem


def mapping(value: object) -> Mapping[str, Any]:
    """A mapping, or an empty one, whatever else it may be."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> list[Any]:
    """A list, or an empty one, whatever else it may be."""
    return value if isinstance(value, list) else []


def word(value: object) -> str:
    """A text on one line, or an empty one, whatever else it may be."""
    return " ".join(value.split()) if isinstance(value, str) else ""


class Lines:
    """Finds the line on which a name stands first as a key or a value; one pass over the file however many names are asked for."""

    def __init__(self, text: str) -> None:
        self._found: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), 1):
            for name in re.findall(r"[\w@./~:-]+", line[:2000]):
                self._found.setdefault(name.rstrip(":").lower(), number)

    def of(self, name: str) -> int:
        """The line, or 0 if the name does not stand there by itself."""
        return self._found.get(name.lower(), 0)


def host_of(address: str) -> tuple[str, bool]:
    """Host of an address and whether it is fetched without TLS; user names, passwords and variables are left out."""
    try:
        parts = urlsplit(address.strip().strip("\"'"))
        host = parts.hostname or ""
    except ValueError:
        return "", False
    return host.lower(), parts.scheme in ("http", "git+http", "ftp", "git")


def scope_words(licence: object) -> str:
    """A licence as metadata states it: text, `{type: ...}`, or a list of either."""
    if isinstance(licence, str):
        return word(licence)[:120]
    if isinstance(licence, Mapping):
        return word(licence.get("type") or licence.get("name"))[:120]
    if isinstance(licence, list):
        return " OR ".join(filter(None, (scope_words(each) for each in licence[:5])))[:120]
    return ""


def bounded(components: Iterable[Component]) -> tuple[Component, ...]:
    """The components of one file. Raises Unreadable if there are more than any application has."""
    found: list[Component] = []
    for each in components:
        found.append(each)
        if len(found) > MOST_COMPONENTS:
            raise Unreadable(f"names more than {MOST_COMPONENTS:,} packages")
    return tuple(found)
