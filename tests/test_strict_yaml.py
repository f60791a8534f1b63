"""YAML that is anything but plain and unambiguous is refused, with the line."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from assaybook.strict_yaml import YamlError, line_of, load_yaml


def test_plain_data_is_read() -> None:
    text = "a: 1\nb: [x, 'no', 1.10]\nc: {d: null, e: 2026-01-31}\n"
    assert load_yaml(text, "plain.yaml") == {"a": 1, "b": ["x", "no", 1.1], "c": {"d": None, "e": date(2026, 1, 31)}}
    assert load_yaml("", "empty.yaml") is None


def test_merged_keys_may_be_overridden() -> None:
    text = "rows:\n  - &good {a: 1, b: 2}\n  - &bad {<<: *good, b: 3}\n  - {<<: *bad, a: 4}\n  - *good\n"
    assert load_yaml(text, "merge.yaml") == {"rows": [{"a": 1, "b": 2}, {"a": 1, "b": 3}, {"a": 4, "b": 3}, {"a": 1, "b": 2}]}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands here a second time .first in line 1"),
        ("x:\n  - {a: 1, a: 1}\n", 2, "second time"),
        ("x: &base {k: 1, k: 2}\ny: {<<: *base}\n", 1, "second time"),
        ("y:\n  z: 1\n  'z': 2\n", 3, "second time"),
        ("a: !!python/object/apply:os.getcwd []\n", 1, "could not determine a constructor"),
        ("a: 1\nb: [2\n", 3, ""),
        ("a: 1\n\tb: 2\n", 2, ""),
        ("a: 1\n---\nb: 2\n", 2, "document"),
        ("a: 1\nb: 2026-13-45\n", 2, "not a value"),
        ("a: 1\nb: x\x00y\n", 2, "U.0000"),
        ("? [a, b]\n: 1\n", 1, "unhashable"),
        ("a: *nowhere\n", 1, "alias"),
    ],
)
def test_refusals_name_origin_and_line(text: str, line: int, says: str) -> None:
    with pytest.raises(YamlError, match=says) as caught:
        load_yaml(text, "answers.yaml")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"answers.yaml, line {line}: ")


@pytest.mark.parametrize("text", ["[" * 5_000, "{a: " * 5_000, "- " * 5_000, "\n".join(" " * n + "a:" for n in range(500))])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(YamlError, match="nested too deeply"):
        load_yaml(text, "deep.yaml")


def test_moderate_nesting_is_read() -> None:
    value: object = load_yaml("[" * 60 + "]" * 60, "nested.yaml")
    for _ in range(59):
        assert isinstance(value, list)
        (value,) = value
    assert value == []


def test_the_slow_reader_refuses_the_same() -> None:
    code = (
        "import sys, yaml\n"
        "del yaml.CSafeLoader\n"
        "from assaybook.strict_yaml import YamlError, load_yaml\n"
        "assert load_yaml('a: &x {k: 1}\\nb: {<<: *x, l: [2]}', 'o') == {'a': {'k': 1}, 'b': {'k': 1, 'l': [2]}}\n"
        "try:\n"
        "    load_yaml('a: 1\\na: 2', 'o')\n"
        "except YamlError as error:\n"
        "    sys.exit(0 if error.line == 2 else 3)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_line_of_a_path() -> None:
    text = "a: 1\nb:\n  - c: 2\n    d: 3\n  - c: 4\n"
    assert line_of(text, ()) == 1
    assert line_of(text, ("b", 0, "d")) == 4
    assert line_of(text, ("b", 1)) == 5
    assert line_of(text, ("b", 1, "missing")) == 5
    assert line_of(text, ("b", 7)) == 2
    assert line_of("", ("a",)) is None
