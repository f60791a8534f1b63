"""How untrusted data comes in and goes on in programs of JavaScript: platforms, frameworks, modules, classes, callbacks, promises, wrappers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from test_javascript_flows import kinds

WAYS = yaml.safe_load((Path(__file__).parent / "javascript" / "ways.yaml").read_text(encoding="utf-8"))
COMMAND = ("command", True)


@pytest.mark.parametrize("way", WAYS["reached"], ids=lambda each: each["said"])
def test_reached(way: dict[str, Any]) -> None:
    assert COMMAND in kinds(way["files"], way["handler"], way["provider"])


@pytest.mark.parametrize("way", WAYS["not reached"], ids=lambda each: each["said"])
def test_not_reached(way: dict[str, Any]) -> None:
    assert COMMAND not in kinds(way["files"], way["handler"], way["provider"])
