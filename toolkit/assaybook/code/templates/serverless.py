"""Serverless Framework."""

from __future__ import annotations

from typing import Any

from .resources import Template


def is_service(forest: Any, path: str) -> bool:
    """Whether a file is a service."""
    return False


def read_service(forest: Any, path: str) -> Template:
    """A service."""
    raise NotImplementedError
