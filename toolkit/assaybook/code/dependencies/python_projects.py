"""What Python projects declare: pyproject.toml (PEP 621, PEP 735, Poetry), setup.cfg, setup.py, Pipfile, and where pip and Poetry fetch from."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from .components import (
    DECLARED,
    PATH,
    PYPI,
    URL,
    VCS,
    Component,
    Lines,
    Parsed,
    Setting,
    Unreadable,
    bounded,
    host_of,
    mapping,
    sequence,
    text_of,
    toml_of,
    word,
)
from .python_requirements import requirement, setting

_DEVELOPMENT = re.compile(r"dev|test|lint|doc|typing|check|ci\b")


def read_pyproject(path: str, content: bytes) -> Parsed:
    """The dependencies of a project; those of its build system and of its groups are for development."""
    document, lines = toml_of(content), Lines(text_of(content))
    project, tool = mapping(document.get("project")), mapping(document.get("tool"))
    found = [*_listed(path, lines, project.get("dependencies"))]
    for name, listed in mapping(project.get("optional-dependencies")).items():
        found += _listed(path, lines, listed, bool(_DEVELOPMENT.search(str(name))), optional=True)
    for listed in mapping(document.get("dependency-groups")).values():
        found += _listed(path, lines, listed, True)
    for listed in mapping(mapping(tool.get("pdm")).get("dev-dependencies")).values():
        found += _listed(path, lines, listed, True)
    found += _listed(path, lines, mapping(tool.get("uv")).get("dev-dependencies"), True)
    found += _poetry(path, lines, mapping(tool.get("poetry")))
    declares = bool(project.get("dependencies") or tool.get("poetry") or found)
    return Parsed(bounded(found), tuple(_pyproject_settings(path, lines, tool)), manifest=declares)


def _listed(
    path: str, lines: Lines, listed: object, development: bool = False, optional: bool = False
) -> Iterator[Component]:
    for each in sequence(listed):
        if isinstance(each, str):
            made = requirement(path, 0, each, development, optional)
            if made is not None:
                yield _placed(made, lines, each)


def _placed(made: Component, lines: Lines, said: str) -> Component:
    from dataclasses import replace

    written = re.match(r"[\w.-]+", said)
    return replace(made, line=lines.of(written[0] if written else made.name) or lines.of(made.name))


def _poetry(path: str, lines: Lines, poetry: Mapping[str, Any]) -> Iterator[Component]:
    yield from poetry_table(path, lines, poetry.get("dependencies"))
    yield from poetry_table(path, lines, poetry.get("dev-dependencies"), True)
    for name, group in mapping(poetry.get("group")).items():
        yield from poetry_table(path, lines, mapping(group).get("dependencies"), name != "main")


def poetry_table(path: str, lines: Lines, table: object, development: bool = False) -> Iterator[Component]:
    """A table of names with constraints, as Poetry and Pipenv write it."""
    for name, said in mapping(table).items():
        if str(name).lower() == "python":
            continue
        detail = mapping(said if isinstance(said, Mapping) else (sequence(said) or [{}])[0])
        asked = word(said if isinstance(said, str) else detail.get("version"))
        source, reference = _source(detail)
        version = asked.lstrip("=").strip() if re.fullmatch(r"={2,3}\s*[\w.+!-]+|\d[\w.+!-]*", asked) else ""
        made = canonicalize_name(str(name))
        optional = detail.get("optional") is True
        yield Component(
            PYPI,
            made,
            version,
            DECLARED,
            path,
            lines.of(str(name)),
            asked,
            True,
            development,
            optional,
            source=source,
            reference=reference,
        )


def _source(detail: Mapping[str, Any]) -> tuple[str, str]:
    if word(detail.get("git")):
        host = host_of(word(detail["git"]))[0]
        revision = word(detail.get("rev") or detail.get("ref") or detail.get("tag") or detail.get("branch"))
        return VCS, f"{host}@{revision}" if revision else host
    if word(detail.get("url") or detail.get("file")).startswith("http"):
        host, plain = host_of(word(detail.get("url") or detail.get("file")))
        return URL, f"http://{host}" if plain else host
    if word(detail.get("path")):
        return PATH, ""
    return "registry", ""


def _pyproject_settings(path: str, lines: Lines, tool: Mapping[str, Any]) -> Iterator[Setting]:
    for each in sequence(mapping(tool.get("poetry")).get("source")):
        source = mapping(each)
        host, plain = host_of(word(source.get("url")))
        kind = {"explicit": "scoped", "supplemental": "extra", "secondary": "extra"}.get(
            word(source.get("priority")), "index"
        )
        if host:
            yield Setting(path, lines.of(word(source.get("name"))), kind, host, PYPI, plain)
    uv = mapping(tool.get("uv"))
    for each in sequence(uv.get("index")):
        host, plain = host_of(word(mapping(each).get("url")))
        kind = (
            "scoped"
            if mapping(each).get("explicit") is True
            else "index"
            if mapping(each).get("default") is True
            else "extra"
        )
        if host:
            yield Setting(path, lines.of(word(mapping(each).get("name"))), kind, host, PYPI, plain)
    for each in sequence(uv.get("extra-index" + "-url")):
        yield setting(path, 0, "extra", word(each))


def read_pipfile(path: str, content: bytes) -> Parsed:
    """Pipfile of Pipenv."""
    document, lines = toml_of(content), Lines(text_of(content))
    found = [*poetry_table(path, lines, document.get("packages"))]
    found += poetry_table(path, lines, document.get("dev-packages"), True)
    settings = []
    for number, each in enumerate(sequence(document.get("source"))):
        host, plain = host_of(word(mapping(each).get("url")))
        if host:
            settings.append(
                Setting(
                    path,
                    0,
                    "extra" if number else "index",
                    host,
                    PYPI,
                    plain or mapping(each).get("verify_ssl") is False,
                )
            )
    return Parsed(bounded(found), tuple(settings), manifest=True)


def _ini(content: bytes) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text_of(content))
    except configparser.Error as problem:
        raise Unreadable("is no configuration that can be read") from problem
    return parser


def read_setup_cfg(path: str, content: bytes) -> Parsed:
    """`install_requires` of setup.cfg."""
    parser, lines = _ini(content), Lines(text_of(content))
    said = parser.get("options", "install_requires", fallback="") or ""
    found = [
        *_listed(
            path,
            lines,
            [each.strip() for each in said.splitlines() if each.strip() and not each.strip().startswith("#")],
        )
    ]
    return Parsed(bounded(found), manifest=bool(found))


def read_setup_py(path: str, content: bytes) -> Parsed:
    """`install_requires` of setup.py as far as it is constant; nothing is run."""
    try:
        tree = ast.parse(text_of(content))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise Unreadable("is no Python that can be parsed") from problem
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: list[Component] = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not (
            getattr(call.func, "id", "") == "setup" or getattr(call.func, "attr", "") == "setup"
        ):
            continue
        for keyword in call.keywords:
            if keyword.arg == "install_requires":
                found += _constants(path, keyword.value, constants)
    return Parsed(bounded(found), manifest=bool(found))


def _constants(path: str, value: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[Component]:
    if isinstance(value, ast.Name):
        value = constants.get(value.id, value)
    for each in value.elts if isinstance(value, ast.List | ast.Tuple) else ():
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            made = requirement(path, each.lineno, each.value)
            if made is not None:
                yield made


def read_pip_settings(path: str, content: bytes) -> Parsed:
    """pip.conf and pip.ini. Source: pip documentation, "Configuration"."""
    kinds = {
        "index" + "-url": "index",
        "extra-index" + "-url": "extra",
        "find" + "-links": "links",
        "trusted-host": "trusted",
    }
    parser, lines = _ini(content), Lines(text_of(content))
    found = [
        setting(path, lines.of(name) or lines.of(name.replace("-", "_")), kinds[name.replace("_", "-")], each)
        for section in parser.sections()
        for name, said in parser.items(section)
        if name.replace("_", "-") in kinds
        for each in (said or "").split()
    ]
    return Parsed(settings=tuple(found))
