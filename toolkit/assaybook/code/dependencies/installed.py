"""What is installed in a package: metadata that installers leave beside the code. Bundled code without metadata cannot be seen this way, and is said."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from email.parser import HeaderParser

from packaging.utils import canonicalize_name

from .components import (
    COMPOSER,
    INSTALLED,
    MAVEN,
    NPM,
    NUGET,
    PYPI,
    REGISTRY,
    RUBYGEMS,
    URL,
    VCS,
    Component,
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
)

# A jar of a function is at most as large as a function; a manifest within it is a few kilobytes.
MOST_ENTRIES, MOST_PART = 20_000, 1_000_000


def read_python_metadata(path: str, content: bytes) -> Parsed:
    """METADATA of a dist-info or PKG-INFO of an egg-info. Source: Core metadata specifications (Python Packaging User Guide)."""
    headers = HeaderParser().parsestr(text_of(content).partition("\n\n")[0])
    name, version = word(headers.get("Name")), word(headers.get("Version"))
    if not name or not version:
        raise Unreadable("names no package and version")
    licence = word(headers.get("License-Expression")) or _short_licence(word(headers.get("License")))
    classifiers = [
        each.rpartition(" :: ")[2] for each in headers.get_all("Classifier") or () if each.startswith("License :: OSI")
    ]
    licence = licence or (classifiers[0] if classifiers else "")
    return Parsed((Component(PYPI, canonicalize_name(name), version, INSTALLED, path, licence=licence[:120]),))


def _short_licence(said: str) -> str:
    # Some packages put the whole text of their licence here.
    return said if len(said) <= 80 and said.upper() != "UNKNOWN" else ""


def direct_source(content: bytes) -> tuple[str, str]:
    """Where direct_url.json says that a package came from. Source: PEP 610."""
    document = json_of(content)
    host, plain = host_of(word(document.get("url")))
    commit = word(mapping(document.get("vcs_info")).get("commit_id"))
    if commit:
        return VCS, f"{host}@{commit}"
    return (URL, f"http://{host}" if plain else host) if host else (REGISTRY, "")


def read_node_package(path: str, content: bytes) -> Parsed:
    """package.json of an installed package; one without name and version (a folder of a package) is none."""
    document = json_of(content)
    name, version = word(document.get("name")), word(document.get("version"))
    if not name or not version:
        return Parsed()
    resolved = word(document.get("_resolved"))
    source = VCS if resolved.startswith("git") else REGISTRY
    licence = scope_words(document.get("license") or document.get("licenses"))
    return Parsed(
        (
            Component(
                NPM,
                name,
                version,
                INSTALLED,
                path,
                licence=licence,
                hashed=bool(document.get("_integrity")),
                source=source,
            ),
        )
    )


def is_installed_node_package(path: str) -> bool:
    """Whether a package.json is that of a package in node_modules, and not of a folder within one."""
    tail = path.rpartition("node_modules/")[2]
    return "node_modules/" in path and re.fullmatch(r"(@[^/]+/)?[^/]+/package\.json", tail) is not None


def read_jar(path: str, content: bytes) -> Parsed:
    """pom.properties of all that a jar holds (a shaded jar holds many), else its MANIFEST.MF, else the name of the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as jar:
            names = jar.namelist()
            if len(names) > MOST_ENTRIES * 5:
                raise Unreadable(f"holds more than {MOST_ENTRIES * 5:,} files")
            found = [
                *_from_properties(
                    path, jar, [each for each in names if each.endswith("/pom.properties")][:MOST_ENTRIES]
                )
            ]
            if not found:
                found = _from_manifest(path, jar, names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as problem:
        raise Unreadable("is no archive that can be read") from problem
    return Parsed(bounded(found))


def _part(jar: zipfile.ZipFile, name: str) -> str:
    with jar.open(name) as stream:
        return stream.read(MOST_PART).decode("utf-8", errors="replace")


def _from_properties(path: str, jar: zipfile.ZipFile, names: Iterable[str]) -> Iterable[Component]:
    for name in names:
        values = dict(re.findall(r"^(\w+)=(.*)$", _part(jar, name).replace("\r", ""), re.MULTILINE))
        if values.get("groupId") and values.get("artifactId") and values.get("version"):
            yield Component(
                MAVEN, f"{values['groupId']}:{values['artifactId']}", values["version"].strip(), INSTALLED, path
            )


def _from_manifest(path: str, jar: zipfile.ZipFile, names: Iterable[str]) -> list[Component]:
    values: dict[str, str] = {}
    if "META-INF/MANIFEST.MF" in names:
        values = dict(
            re.findall(r"^([\w-]+): (.*)$", _part(jar, "META-INF/MANIFEST.MF").replace("\r", ""), re.MULTILINE)
        )
    stem = re.fullmatch(r"(?:.*/)?([\w.-]+?)-(\d[\w.]*)\.jar", path)
    artifact = stem[1] if stem else ""
    version = values.get("Bundle-Version") or values.get("Implementation-Version") or (stem[2] if stem else "")
    if stem and version.startswith(stem[2]):
        version = stem[2]
    group = (
        values.get("Implementation-Vendor-Id")
        or re.sub(r";.*", "", values.get("Bundle-SymbolicName", "")).rpartition(".")[0]
    )
    if not artifact or not version or not group:
        return []
    return [Component(MAVEN, f"{group.strip()}:{artifact}", version.strip(), INSTALLED, path)]


def read_dotnet_dependencies(path: str, content: bytes) -> Parsed:
    """*.deps.json, which the .NET publisher writes beside an assembly."""
    found = []
    for key, entry in mapping(json_of(content).get("libraries")).items():
        name, _, version = str(key).rpartition("/")
        if name and mapping(entry).get("type") == "package":
            found.append(Component(NUGET, name, version, INSTALLED, path, hashed=bool(mapping(entry).get("sha512"))))
    return Parsed(bounded(found))


def read_gem_specification(path: str, content: bytes) -> Parsed:
    """Name of a file under specifications/: `rack-2.2.3.gemspec`; what it holds is Ruby, which is not run."""
    stem = re.fullmatch(r"(?:.*/)?([\w.-]+?)-(\d[\w.]*)(?:-[\w-]+)?\.gemspec", path)
    return Parsed((Component(RUBYGEMS, stem[1], stem[2], INSTALLED, path),) if stem else ())


def read_composer_installed(path: str, content: bytes) -> Parsed:
    """vendor/composer/installed.json."""
    document = json_of(content)
    development = {word(each) for each in sequence(document.get("dev-package-names"))}
    found = []
    for entry in map(mapping, sequence(document.get("packages"))):
        name, version = word(entry.get("name")), word(entry.get("version")).removeprefix("v")
        found.append(
            Component(
                COMPOSER,
                name,
                version,
                INSTALLED,
                path,
                development=name in development,
                licence=scope_words(entry.get("license")),
            )
        )
    return Parsed(bounded(found))
