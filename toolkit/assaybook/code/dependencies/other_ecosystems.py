"""Go, Ruby, Rust and PHP: their manifests and lock files, one simple reader each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .components import (
    CARGO,
    COMPOSER,
    DECLARED,
    GO,
    LOCKED,
    PATH,
    REGISTRY,
    RUBYGEMS,
    VCS,
    Component,
    Lines,
    Parsed,
    Setting,
    bounded,
    host_of,
    json_of,
    mapping,
    scope_words,
    sequence,
    text_of,
    toml_of,
    word,
)

_GO = re.compile(r"^\s*(?:require\s+)?([\w.~/-]+\.[\w.~/-]+)\s+(v[\w.+-]+)(\s*//\s*indirect)?")
_GO_REPLACED = re.compile(
    r"^[ \t]*(?:replace[ \t]+)?(?P<name>[^\s(]+)(?:[ \t]+v\S+)?[ \t]+=>[ \t]+(?P<by>\S+)(?:[ \t]+(?P<version>v\S+))?",
    re.MULTILINE,
)
_GEM = re.compile(r"^    ([\w.-]+) \(([\w.]+)(?:-[\w-]+)?\)$")


def read_go_mod(path: str, content: bytes) -> Parsed:
    """go.mod: minimal version selection makes each version exact; their hashes stand in go.sum."""
    found, block = [], ""
    text = text_of(content)
    replaced = {each["name"]: (each["by"], each["version"]) for each in _GO_REPLACED.finditer(text)}
    for number, line in enumerate(text.splitlines(), 1):
        opened = re.match(r"^\s*(\w+)\s*\(", line)
        block = opened[1] if opened else "" if line.strip() == ")" else block
        parts = _GO.match(line)
        if (
            parts
            and block in ("", "require")
            and not line.lstrip().startswith(("module", "go ", "replace", "exclude", "retract", "toolchain"))
            and "=>" not in line
        ):
            name, version = parts[1], parts[2]
            if name in replaced:
                name, version = replaced[name]
                if not version:  # a folder beside it, which is the project's own code
                    continue
            found.append(
                Component(
                    GO,
                    name,
                    version.removeprefix("v").removesuffix("+incompatible"),
                    DECLARED,
                    path,
                    number,
                    direct=not parts[3],
                )
            )
    return Parsed(bounded(found), manifest=True)


def read_go_sum(path: str, content: bytes) -> Parsed:
    """go.sum holds hashes of all that was ever looked at; it says that what go.mod names is fixed, not what is built in."""
    return Parsed(lock=True, demands_hashes=bool(content.strip()))


def read_gemfile_lock(path: str, content: bytes) -> Parsed:
    """Gemfile.lock: sections GEM, GIT and PATH; hashes under CHECKSUMS from Bundler 2.6 on."""
    text = text_of(content)
    checked = text.partition("\nCHECKSUMS\n")[2]
    hashed = set(re.findall(r"^  ([\w.-]+) \([^)]*\) sha256=", checked, re.MULTILINE))
    direct = set(re.findall(r"^  ([\w.-]+)!?(?: \(.*\))?$", text.partition("\nDEPENDENCIES\n")[2], re.MULTILINE))
    section, found, settings = "", [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith(" "):
            section = line.strip()
        remote = re.match(r"^  remote: (\S+)$", line)
        if remote and section == "GEM":
            host, plain = host_of(remote[1])
            settings.append(Setting(path, number, "index", host, RUBYGEMS, plain))
        parts = _GEM.match(line)
        if parts and section in ("GEM", "GIT", "PATH"):
            kind = {"GIT": VCS, "PATH": PATH}.get(section, REGISTRY)
            found.append(
                Component(
                    RUBYGEMS,
                    parts[1],
                    parts[2],
                    LOCKED,
                    path,
                    number,
                    direct=parts[1] in direct,
                    hashed=parts[1] in hashed,
                    source=kind,
                )
            )
    return Parsed(bounded(found), tuple(settings), lock=True, needs=_gem_needs(text))


def _gem_needs(text: str) -> Mapping[str, tuple[str, ...]]:
    needs: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in text.splitlines():
        if parts := _GEM.match(line):
            name = parts[1]
            needs.setdefault(name, ())
        elif name and (inner := re.match(r"^      ([\w.-]+)", line)):
            needs[name] = (*needs[name], inner[1])
        elif not line.startswith("    "):
            name = ""
    return needs


def read_gemfile(path: str, content: bytes) -> Parsed:
    """Gemfile: names with their constraints; blocks of groups for development and test apart."""
    found, apart = [], False
    settings = []
    for number, line in enumerate(text_of(content).splitlines(), 1):
        if re.match(r"^\s*group\b.*:(development|test)", line):
            apart = True
        elif re.match(r"^end\b", line):
            apart = False
        origin = re.match(r"""^\s*source\s+["']([^"']+)""", line)
        if origin:
            host, plain = host_of(origin[1])
            settings.append(Setting(path, number, "index", host, RUBYGEMS, plain))
        parts = re.match(r"""^\s*gem\s+["']([\w.-]+)["']\s*(?:,\s*["']([^"']+)["'])?(.*)$""", line)
        if parts:
            asked = parts[2] or ""
            kind = (
                VCS
                if re.search(r"\b(git|github)(:|\s*=>)", parts[3])
                else PATH
                if re.search(r"\bpath(:|\s*=>)", parts[3])
                else REGISTRY
            )
            version = asked.lstrip("= ") if re.fullmatch(r"=?\s*\d[\w.]*", asked) else ""
            development = apart or bool(re.search(r":(development|test)\b", parts[3]))
            found.append(
                Component(RUBYGEMS, parts[1], version, DECLARED, path, number, asked, True, development, source=kind)
            )
    return Parsed(bounded(found), tuple(settings), manifest=True)


def read_cargo_lock(path: str, content: bytes) -> Parsed:
    """Cargo.lock: packages without a source are the workspace's own."""
    document, lines = toml_of(content), Lines(text_of(content))
    found = []
    for entry in map(mapping, sequence(document.get("package"))):
        source = word(entry.get("source"))
        if source:
            kind = VCS if source.startswith("git+") else REGISTRY
            hashed = bool(entry.get("checksum")) or kind == VCS
            name = word(entry.get("name"))
            found.append(
                Component(
                    CARGO, name, word(entry.get("version")), LOCKED, path, lines.of(name), hashed=hashed, source=kind
                )
            )
    return Parsed(bounded(found), lock=True)


def read_cargo_manifest(path: str, content: bytes) -> Parsed:
    """Cargo.toml; a bare version is a caret range there."""
    document, lines = toml_of(content), Lines(text_of(content))
    tables = [
        (document.get("dependencies"), False),
        (document.get("dev-dependencies"), True),
        (document.get("build-dependencies"), True),
    ]
    tables.append((mapping(document.get("workspace")).get("dependencies"), False))
    found = []
    for table, development in tables:
        for name, said in mapping(table).items():
            detail = mapping(said) if isinstance(said, Mapping) else {"version": said}
            kind = VCS if detail.get("git") else PATH if detail.get("path") else REGISTRY
            asked = word(detail.get("version"))
            version = asked.lstrip("= ") if asked.startswith("=") else ""
            reference = host_of(word(detail.get("git")))[0] + (
                f"@{word(detail.get('rev'))}" if detail.get("rev") else ""
            )
            called = word(detail.get("package")) or str(name)
            found.append(
                Component(
                    CARGO,
                    called,
                    version,
                    DECLARED,
                    path,
                    lines.of(str(name)),
                    asked,
                    True,
                    development,
                    source=kind,
                    reference=reference,
                )
            )
    return Parsed(bounded(found), manifest=True)


def read_composer_lock(path: str, content: bytes) -> Parsed:
    """composer.lock."""
    document, lines = json_of(content), Lines(text_of(content))
    found = []
    for section, development in (("packages", False), ("packages-dev", True)):
        for entry in map(mapping, sequence(document.get(section))):
            name = word(entry.get("name"))
            found.append(
                Component(
                    COMPOSER,
                    name,
                    word(entry.get("version")).removeprefix("v"),
                    LOCKED,
                    path,
                    lines.of(name),
                    development=development,
                    licence=scope_words(entry.get("license")),
                    hashed=bool(
                        mapping(entry.get("dist")).get("shasum") or mapping(entry.get("dist")).get("reference")
                    ),
                )
            )
    return Parsed(bounded(found), lock=True)


def read_composer_manifest(path: str, content: bytes) -> Parsed:
    """composer.json; the platform (php, ext-*) is no package."""
    document, lines = json_of(content), Lines(text_of(content))
    found = []
    for section, development in (("require", False), ("require-dev", True)):
        for name, said in mapping(document.get(section)).items():
            if "/" in str(name):
                asked = word(said)
                version = asked.removeprefix("v") if re.fullmatch(r"v?\d+(\.\d+)+", asked) else ""
                found.append(
                    Component(
                        COMPOSER, str(name), version, DECLARED, path, lines.of(str(name)), asked, True, development
                    )
                )
    return Parsed(bounded(found), manifest=bool(found))
