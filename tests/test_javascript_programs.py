"""Whole handlers as people write them: those with a defect, in many dialects, and ordinary ones in which nothing is to be found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from test_javascript_flows import kinds

PROGRAMS = yaml.safe_load((Path(__file__).parent / "javascript" / "programs.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("program", PROGRAMS["defects"], ids=lambda each: each["said"])
def test_defect(program: dict[str, Any]) -> None:
    assert (program["kind"], True) in kinds(program["files"], "")


@pytest.mark.parametrize("program", PROGRAMS["ordinary"], ids=lambda each: each["said"])
def test_ordinary(program: dict[str, Any]) -> None:
    assert not {kind for kind, certain in kinds(program["files"], "") if certain}
