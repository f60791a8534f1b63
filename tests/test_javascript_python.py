"""One control means one thing: the same handler in Python and in JavaScript gives the same flows."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml

from test_javascript_flows import kinds

PAIRS = yaml.safe_load((Path(__file__).parent / "javascript" / "pairs.yaml").read_text(encoding="utf-8"))
PYTHON = """import json
{imports}
def handler(event, context):
    body = json.loads(event['body'])
    name = event['queryStringParameters']['name']
{lines}
    return {{'statusCode': 200}}
"""
JAVASCRIPT = """{imports}
exports.handler = async (event, context) => {{
  const body = JSON.parse(event.body);
  const name = event.queryStringParameters.name;
{lines}
  return {{ statusCode: 200 }};
}};
"""


def program(form: str, pair: dict[str, str]) -> str:
    return form.format(imports=pair["imports"], lines=indent(pair["lines"], "    "))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda each: each["said"])
def test_both_languages_alike(pair: dict[str, Any]) -> None:
    ours = kinds({"app.py": program(PYTHON, pair["python"])}, "app.handler")
    theirs = kinds({"app.js": program(JAVASCRIPT, pair["javascript"])}, "app.handler")
    assert ours == theirs
