"""Java builds: pom.xml (as far as one file tells), build.gradle(.kts), gradle.lockfile, and version catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from .components import (
    DECLARED,
    LOCKED,
    MAVEN,
    Component,
    Lines,
    Parsed,
    Setting,
    bounded,
    host_of,
    mapping,
    text_of,
    toml_of,
    word,
    xml_of,
)

_RANGE = re.compile(r"[\[\](),+]|LATEST|RELEASE|latest\.|SNAPSHOT$")
_GRADLE = re.compile(
    r"^\s*(?P<scope>implementation|api|compile|runtime|compileOnly|runtimeOnly|testImplementation|testCompile|testRuntimeOnly|testCompileOnly|annotationProcessor|developmentOnly)"
    r"""\s*\(?\s*(?:platform\()?["'](?P<group>[\w.-]+):(?P<name>[\w.-]+)(?::(?P<version>[^"':@]+))?""",
    re.MULTILINE,
)
_GRADLE_MAP = re.compile(
    r"""^\s*(?P<scope>\w+)\s*\(?\s*group\s*[:=]\s*["'](?P<group>[\w.-]+)["']\s*,\s*name\s*[:=]\s*["'](?P<name>[\w.-]+)["'](?:\s*,\s*version\s*[:=]\s*["'](?P<version>[^"']+)["'])?""",
    re.MULTILINE,
)
_VARIABLE = re.compile(r"""^\s*(?:ext\.|def\s+|val\s+)?(\w+)\s*=\s*["']([\w.+-]+)["']""", re.MULTILINE)


def read_pom(path: str, content: bytes) -> Parsed:
    """The direct dependencies; versions that a parent elsewhere sets stay unknown."""
    root, lines = xml_of(content), Lines(text_of(content))
    for each in root.iter():
        each.tag = str(each.tag).rpartition("}")[2]
    values = {each.tag: (each.text or "").strip() for each in root.findall("./properties/*")}
    for name in ("version", "groupId", "artifactId"):
        values[f"project.{name}"] = _text(root, name) or _text(root, f"parent/{name}")
    managed = {
        _key(each, values): _filled(_text(each, "version"), values)
        for each in root.findall("./dependencyManagement/dependencies/dependency")
    }
    found = [_dependency(path, lines, each, values, managed) for each in root.findall("./dependencies/dependency")]
    settings = [*_repositories(path, lines, root)]
    return Parsed(bounded(each for each in found if each is not None), tuple(settings), manifest=True)


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _filled(said: str, values: Mapping[str, str]) -> str:
    for _ in range(5):
        filled = re.sub(r"\$\{([^}]+)\}", lambda found: values.get(found[1], found[0]), said)[:300]
        if filled == said:
            break
        said = filled
    return said


def _key(element: Element, values: Mapping[str, str]) -> str:
    return f"{_filled(_text(element, 'groupId'), values)}:{_filled(_text(element, 'artifactId'), values)}"


def _dependency(
    path: str, lines: Lines, element: Element, values: Mapping[str, str], managed: Mapping[str, str]
) -> Component | None:
    name, scope = _key(element, values), _text(element, "scope")
    if scope == "system" or name == ":":
        return None
    asked = _filled(_text(element, "version"), values) or managed.get(name, "")
    version = asked if asked and "${" not in asked and not _RANGE.search(asked) else ""
    return Component(
        MAVEN,
        name,
        version,
        DECLARED,
        path,
        lines.of(_text(element, "artifactId")),
        asked,
        True,
        development=scope in ("test", "provided"),
        optional=_text(element, "optional") == "true",
    )


def _repositories(path: str, lines: Lines, root: Element) -> Iterator[Setting]:
    for each in (*root.findall("./repositories/repository"), *root.findall("./pluginRepositories/pluginRepository")):
        host, plain = host_of(_text(each, "url"))
        if host:
            yield Setting(path, lines.of(_text(each, "id")), "extra", host, MAVEN, plain)


def read_gradle(path: str, content: bytes) -> Parsed:
    """Simple forms of build.gradle and build.gradle.kts; nothing is run."""
    text = text_of(content)
    variables = dict(_VARIABLE.findall(text))
    found = []
    for pattern in (_GRADLE, _GRADLE_MAP):
        for each in pattern.finditer(text):
            if pattern is _GRADLE_MAP and not re.match(
                r"(test|annotation)?(implementation|api|compile|runtime)", each["scope"], re.IGNORECASE
            ):
                continue
            asked = re.sub(r"\$\{?(\w+)\}?", lambda held: variables.get(held[1], held[0]), each["version"] or "")
            version = "" if not asked or "$" in asked or _RANGE.search(asked) else asked
            line = text.count("\n", 0, each.start("group")) + 1
            scope = each["scope"].lower()
            found.append(
                Component(
                    MAVEN,
                    f"{each['group']}:{each['name']}",
                    version,
                    DECLARED,
                    path,
                    line,
                    asked,
                    True,
                    development=scope.startswith(("test", "annotation", "development", "compileonly")),
                )
            )
    settings = []
    for said in re.finditer(r"""\burl\s*[=(]?\s*(?:uri\()?\s*["']([^"']+)["']""", text):
        host, plain = host_of(said[1])
        if host:
            settings.append(Setting(path, text.count("\n", 0, said.start()) + 1, "extra", host, MAVEN, plain))
    return Parsed(bounded(found), tuple(settings), manifest=bool(found))


def read_gradle_lock(path: str, content: bytes) -> Parsed:
    """gradle.lockfile: versions without hashes; those stand in gradle/verification-metadata.xml."""
    found = []
    for number, line in enumerate(text_of(content).splitlines(), 1):
        parts = re.match(r"^([\w.-]+:[\w.-]+):([^=:]+)=(.*)$", line.strip())
        if parts:
            scopes = parts[3].split(",")
            development = all(each.lower().startswith(("test", "annotation")) for each in scopes)
            found.append(Component(MAVEN, parts[1], parts[2], LOCKED, path, number, development=development))
    return Parsed(bounded(found), lock=True)


def read_gradle_catalogue(path: str, content: bytes) -> Parsed:
    """gradle/libs.versions.toml."""
    document, lines = toml_of(content), Lines(text_of(content))
    versions = mapping(document.get("versions"))
    found = []
    for entry in mapping(document.get("libraries")).values():
        if isinstance(entry, str):
            name, _, asked = entry.rpartition(":") if entry.count(":") == 2 else (entry, "", "")
        else:
            detail = mapping(entry)
            name = word(detail.get("module")) or f"{word(detail.get('group'))}:{word(detail.get('name'))}"
            said = detail.get("version")
            asked = word(versions.get(mapping(said).get("ref", ""))) if isinstance(said, Mapping) else word(said)
        if name.count(":") == 1:
            version = asked if asked and not _RANGE.search(asked) else ""
            found.append(Component(MAVEN, name, version, DECLARED, path, lines.of(name.partition(":")[2]), asked, True))
    return Parsed(bounded(found), manifest=bool(found))
