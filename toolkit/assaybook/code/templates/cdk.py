"""CDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .resources import Template


def assemblies(forest: Any, files: Mapping[str, Any]) -> list[Template]:
    """The stacks of assemblies."""
    return []


def cdk_sources(forest: Any) -> list[Template]:
    """Sources without an assembly."""
    return []
