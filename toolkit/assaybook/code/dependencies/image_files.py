"""What a Dockerfile installs by name: `pip install flask==0.12`, `npm install express`. Such packages stand in no manifest and run in the image all the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace

from .components import Component, Parsed, bounded, text_of
from .npm_manifests import declared
from .python_requirements import requirement

# Tools that install, and what the platform's images bring along.
_TOOLS = frozenset(
    {
        "pip",
        "setuptools",
        "wheel",
        "poetry",
        "pipenv",
        "uv",
        "virtualenv",
        "pip-tools",
        "awslambdaric",
        "awscli",
        "npm",
        "yarn",
        "pnpm",
        "aws-lambda-ric",
        "node-gyp",
    }
)
_PIP = re.compile(r"(?:\bpip[\d.]*|\buv\s+pip)\s+install\s+(.*)$", re.DOTALL)
_NPM = re.compile(r"\b(?:npm\s+(?:install|i|add)|yarn\s+add|pnpm\s+add)\s+(.*)$", re.DOTALL)
# Options that are followed by a value.
_WITH_VALUE = frozenset(
    {
        "-r",
        "--requirement",
        "-c",
        "--constraint",
        "-t",
        "--target",
        "-i",
        "-f",
        "-e",
        "--editable",
        "--prefix",
        "--root",
        "--trusted-host",
        "--platform",
        "--python-version",
        "--timeout",
        "--cache-dir",
        "--registry",
    }
)


def read_image_file(path: str, content: bytes) -> Parsed:
    """The packages that RUN lines name; those of a list (`-r`) stand in that list."""
    found = bounded(_installed(path, text_of(content)))
    return Parsed(found, manifest=bool(found))


def _installed(path: str, text: str) -> Iterator[Component]:
    for line, said in _instructions(text):
        for command in re.split(r"&&|\|\||;|\|", said):
            pip, npm = _PIP.search(command), _NPM.search(command)
            for name in _names(pip[1]) if pip else ():
                made = requirement(path, line, name)
                if made is not None and made.name not in _TOOLS:
                    yield replace(made, line=line)
            for name in _names(npm[1]) if npm else ():
                parts = re.fullmatch(r"((?:@[\w.-]+/)?[\w.-]+)(?:@(.+))?", name)
                if parts and parts[1] not in _TOOLS and parts[1] not in (".", ".."):
                    yield declared(path, line, parts[1], parts[2] or "")


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """RUN instructions with the line on which each begins; continued lines are one, comments between them are none."""
    held, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        start = start or number
        if line.rstrip().endswith(("\\", "`")):
            held += line.rstrip()[:-1] + " "
            continue
        whole = (held + line).strip()
        if re.match(r"RUN\s", whole, re.IGNORECASE):
            yield start, whole[4:]
        held, start = "", 0


def _names(said: str) -> Iterator[str]:
    try:
        words = shlex.split(said, comments=True)
    except ValueError:
        return
    skip = False
    for each in words:
        if skip:
            skip = False
        elif each.startswith("-"):
            skip = "=" not in each and (each in _WITH_VALUE or each.endswith("-url"))
        elif (
            "$" not in each
            and not each.startswith((".", "/"))
            and not each.endswith((".whl", ".txt", ".tgz", ".tar.gz"))
        ):
            yield each.strip("\"'")
