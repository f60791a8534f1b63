"""`samconfig.toml`: the region, stack name and parameters that a template is deployed with.

Source: AWS SAM Developer Guide, "AWS SAM CLI configuration file".
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .naming import name_of_stack

if TYPE_CHECKING:
    from .forest import Forest

_PAIR = re.compile(r"""(?:ParameterKey=)?(\w+)(?:,ParameterValue)?=("[^"]*"|'[^']*'|\S*)""")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a template is deployed with by default; empty where the file does not say."""

    region: str = ""
    stack: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)


def settings(forest: Forest, template: str) -> Settings:
    """The settings beside a template, if there are any that can be read and that are about this template."""
    path = posixpath.join(posixpath.dirname(template), "samconfig.toml")
    if path not in forest.files:
        return Settings()
    try:
        said = tomllib.loads(forest.content(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return Settings()
    chosen = _parameters(said)
    named = chosen.get("template_file", chosen.get("template"))
    if isinstance(named, str) and posixpath.basename(named) not in (posixpath.basename(template), "packaged.yaml"):
        return Settings()
    region, stack = chosen.get("region"), chosen.get("stack_name")
    return Settings(
        region if isinstance(region, str) and _REGION.fullmatch(region) else "",
        name_of_stack(stack) if isinstance(stack, str) else "",
        _overrides(chosen.get("parameter_overrides")),
    )


def _parameters(said: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of `deploy` in the default environment, or those that all commands share."""
    merged: dict[str, Any] = {}
    default = said.get("default")
    for command in ("global", "build", "deploy"):
        part = default.get(command) if isinstance(default, dict) else None
        inner = part.get("parameters") if isinstance(part, dict) else None
        if isinstance(inner, dict):
            merged.update(inner)
    return merged


def _overrides(said: Any) -> dict[str, str]:
    text = " ".join(each for each in said if isinstance(each, str)) if isinstance(said, list) else said
    if not isinstance(text, str):
        return {}
    return {name: value.strip("\"'") for name, value in _PAIR.findall(text)}
