"""Projects of .NET: project files, packages.config, packages.lock.json and nuget.config."""

from __future__ import annotations

import re

from .components import (
    DECLARED,
    LOCKED,
    NUGET,
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
    xml_of,
)


def read_dotnet_project(path: str, content: bytes) -> Parsed:
    """PackageReference of *.csproj, *.fsproj and *.vbproj."""
    root, lines = xml_of(content), Lines(text_of(content))
    found = []
    for each in root.iter():
        if str(each.tag).rpartition("}")[2] not in ("PackageReference", "PackageVersion") or not each.get("Include"):
            continue
        asked = each.get("Version") or each.findtext("Version") or ""
        version = asked.strip("[]") if re.fullmatch(r"\[?\d[\w.+-]*\]?", asked) else ""
        private = "all" in (each.get("PrivateAssets") or each.findtext("PrivateAssets") or "").lower()
        name = each.get("Include", "")
        found.append(Component(NUGET, name, version, DECLARED, path, lines.of(name), asked, True, development=private))
    return Parsed(bounded(found), manifest=bool(found))


def read_dotnet_packages(path: str, content: bytes) -> Parsed:
    """packages.config."""
    lines = Lines(text_of(content))
    found = [
        Component(
            NUGET,
            each.get("id", ""),
            each.get("version", ""),
            DECLARED,
            path,
            lines.of(each.get("id", "")),
            direct=True,
        )
        for each in xml_of(content).iter("package")
        if each.get("id")
    ]
    return Parsed(bounded(found), manifest=True)


def read_dotnet_lock(path: str, content: bytes) -> Parsed:
    """packages.lock.json."""
    document, lines = json_of(content), Lines(text_of(content))
    found = [
        Component(
            NUGET, str(name), word(mapping(entry).get("resolved")), LOCKED, path, lines.of(str(name)),
            direct=mapping(entry).get("type") == "Direct", hashed=bool(mapping(entry).get("contentHash")),
        )
        for framework in mapping(document.get("dependencies")).values()
        for name, entry in mapping(framework).items()
        if mapping(entry).get("type") != "Project"
    ]  # fmt: skip
    return Parsed(bounded(found), lock=True)


def read_nuget_settings(path: str, content: bytes) -> Parsed:
    """nuget.config."""
    found = []
    lines = Lines(text_of(content))
    for each in xml_of(content).findall("./packageSources/add"):
        host, plain = host_of(each.get("value", ""))
        if host:
            found.append(Setting(path, lines.of(each.get("key", "")), "scoped", host, NUGET, plain))
    return Parsed(settings=tuple(found))
