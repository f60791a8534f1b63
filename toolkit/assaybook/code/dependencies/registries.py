"""Where scripts, image files and pipelines fetch packages from: options of pip and npm on their command lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .components import NPM, PYPI, Files, Setting, Unreadable, host_of, text_of
from .python_requirements import EXTRA, INDEX, LINKS, setting
from .readers import vendored

_SCRIPTS = re.compile(
    r"(^|/)(Dockerfile[\w.-]*|[\w.-]*\.Dockerfile|Makefile|Jenkinsfile|buildspec[\w.-]*\.ya?ml|[\w.-]+\.sh|\.gitlab-ci\.yml|bitbucket-pipelines\.yml|azure-pipelines[\w.-]*\.yml|tox\.ini)$"
    r"|(^|/)\.github/workflows/[^/]+\.ya?ml$|(^|/)\.circleci/config\.yml$"
)
_PIP = re.compile(
    rf"(?P<name>{INDEX}|{EXTRA}|{LINKS}|--trusted-host|(?<=\s)-i(?=\s))(?:[=\s]+)(?P<value>[\"']?[^\s\"';&|]+)"
)
_KINDS = {INDEX: "index", "-i": "index", EXTRA: "extra", LINKS: "links", "--trusted-host": "trusted"}
_VARIABLE = re.compile(r"\b(PIP_(?:EXTRA_)?INDEX_" + r"URL|PIP_TRUSTED_HOST)\s*[=:]\s*[\"']?([^\s\"';&|]+)")
_VARIABLES = {"PIP_INDEX_" + "URL": "index", "PIP_EXTRA_INDEX_" + "URL": "extra", "PIP_TRUSTED_HOST": "trusted"}
_NPM = re.compile(
    r"(?:npm|yarn|pnpm)\s+(?:config\s+set\s+(?:(@[\w.-]+):)?(?:registry|npmRegistryServer)[\s=]+|[\w -]*--registry[=\s]+)[\"']?(https?://[^\s\"';&|]+)"
)
_LARGEST = 500_000


def script_settings(files: Files) -> Iterator[Setting]:
    """The settings that scripts give on the command line; lines that are comments are passed over."""
    for path in files:
        if not _SCRIPTS.search(path) or vendored(path):
            continue
        try:
            text = text_of(files[path]())
        except Unreadable:
            continue
        if len(text) <= _LARGEST:
            for number, line in enumerate(text.splitlines(), 1):
                if not line.lstrip().startswith(("#", "//")):
                    yield from _of_line(path, number, line[:4000])


def _of_line(path: str, number: int, line: str) -> Iterator[Setting]:
    if re.search(r"\bpip[\d.]*\b|\buv\b|\bpoetry\b|\bpipenv\b", line):
        for each in _PIP.finditer(line):
            yield setting(path, number, _KINDS[each["name"]], each["value"].strip("\"'"))
    for each in _VARIABLE.finditer(line):
        yield setting(path, number, _VARIABLES[each[1]], each[2])
    for each in _NPM.finditer(line):
        host, plain = host_of(each[2])
        if host:
            yield Setting(path, number, "scoped" if each[1] else "index", host, NPM, plain, each[1] or "")
    if re.search(r"npm\s+config\s+set\s+strict-ssl[\s=]+false", line):
        yield Setting(path, number, "trusted", "any host", NPM, True)


__all__ = ["PYPI", "script_settings"]
