"""What starts a container image that a template builds: the command of its configuration, else that of its Dockerfile."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_COMMAND = re.compile(r"^\s*CMD\s*(\[.*\])\s*$", re.IGNORECASE | re.MULTILINE)
LONGEST_DOCKERFILE = 1 << 20


def command_of(configured: Any, folder: str, files: Mapping[str, Callable[[], bytes]]) -> str:
    """The handler of a function that is an image; empty if nothing tells it."""
    said = configured.get("Command") if isinstance(configured, Mapping) else None
    if isinstance(said, (list, tuple)) and said and isinstance(said[0], str):
        return said[0]
    read = files.get("Dockerfile" if folder in ("", ".") else f"{folder}/Dockerfile")
    if read is None:
        return ""
    try:
        text = read()[:LONGEST_DOCKERFILE].decode("utf-8", "replace")
    except OSError:
        return ""
    found = _COMMAND.findall(text)
    try:
        command = json.loads(found[-1]) if found else []
    except ValueError:
        return ""
    return command[0] if isinstance(command, list) and command and isinstance(command[0], str) else ""
