"""YAML that is anything but plain and unambiguous is refused, with the line."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.strict_yaml import YamlError, line_of, load_yaml


def test_plain_data_is_read() -> None:
    text = "a: 1\nb: [x, 'no', 1.10]\nc: {d: null, e: 2026-01-31}\n"
    assert load_yaml(text, "plain.yaml") == {"a": 1, "b": ["x", "no", 1.1], "c": {"d": None, "e": date(2026, 1, 31)}}
    assert load_yaml("", "empty.yaml") is None


def test_merged_keys_may_be_overridden() -> None:
    text = "rows:\n  - &good {a: 1, b: 2}\n  - &bad {<<: *good, b: 3}\n  - {<<: *bad, a: 4}\n  - *good\n"
    assert load_yaml(text, "merge.yaml") == {
        "rows": [{"a": 1, "b": 2}, {"a": 1, "b": 3}, {"a": 4, "b": 3}, {"a": 1, "b": 2}]
    }


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands here a second time .first in line 1"),
        ("x:\n  - {a: 1, a: 1}\n", 2, "second time"),
        ("x: &base {k: 1, k: 2}\ny: {<<: *base}\n", 1, "second time"),
        ("y:\n  z: 1\n  'z': 2\n", 3, "second time"),
        ("z: 1\nx: {a: 1, b: {c: 1, c: 2}}\n", 2, "'c' stands here a second time .first in line 2"),
        ('[{a: 1, "\\x61": 2}]\n', 1, "second time"),
        ("{1: a,\n 0x1: b}\n", 2, "'0x1' stands here a second time .as '1' in line 1"),
        ("{yes: a, true: b}\n", 1, "as 'yes' in line 1"),
        ("{1: a, true: b}\n", 1, "as '1' in line 1"),
        ("{null: a, ~: b}\n", 1, "second time"),
        ("x: &base {k: 1}\ny: {<<: *base, <<: *base}\n", 2, "'<<' stands here a second time"),
        ("a: !!python/object/apply:os.getcwd []\n", 1, "the tag !!python/object/apply:os.getcwd"),
        ("a: 1\nb: !!set {x, y}\n", 2, "the tag !!set"),
        ("a: !!omap [b: 1, b: 2]\n", 1, "the tag !!omap"),
        ("a: !!binary aGVsbG8=\n", 1, "the tag !!binary"),
        ("a: !!timestamp tomorrow\n", 1, "the tag !!timestamp"),
        ("a: !!null something\n", 1, "the tag !!null"),
        ("a: !Ref Table\n", 1, "the tag !Ref"),
        ("a: =\n", 1, "quote it"),
        ("a: 1:" + "00:" * 200 + "00.5\n", 1, "not a value"),
        ("a: &a [1, *a]\n", 1, "stands within what it refers to"),
        ("a: &a {b: {<<: *a}}\n", 1, "stands within what it refers to"),
        ("a: 1\nb: [2\n", 3, "did not find expected|expected ',' or ']'"),
        ("a: 1\n\tb: 2\n", 2, "tab character|cannot start any token"),
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


@pytest.mark.parametrize(
    "text", ["[" * 5_000, "{a: " * 5_000, "- " * 5_000, "\n".join(" " * n + "a:" for n in range(500))]
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(YamlError, match="nested too deeply"):
        load_yaml(text, "deep.yaml")


def test_deep_nesting_by_aliases_is_refused() -> None:
    rows = ["a0: &a0 1"] + [f"a{n}: &a{n} " + "[" * 20 + f"*a{n - 1}" + "]" * 20 for n in range(1, 5)]
    assert isinstance(load_yaml("\n".join(rows[:4]), "shallow.yaml"), dict)
    with pytest.raises(YamlError, match="nested too deeply") as caught:
        load_yaml("\n".join(rows), "deep.yaml")
    assert caught.value.line == 5


def test_aliases_that_come_to_too_much_are_refused() -> None:
    rows = ["a0: &a0 [1, 2]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert isinstance(load_yaml("\n".join(rows[:4]), "small.yaml"), dict)
    with pytest.raises(YamlError, match="more than 1000000 values"):
        load_yaml("\n".join(rows), "laughs.yaml")


def test_an_alias_may_stand_beside_what_it_refers_to() -> None:
    assert load_yaml("a: &a [1]\nb: [*a, *a]\nc: &c x\nd: *c\n", "alias.yaml") == {
        "a": [1],
        "b": [[1], [1]],
        "c": "x",
        "d": "x",
    }


def test_quoted_words_with_a_meaning_are_text() -> None:
    assert load_yaml("a: '='\n'<<': 1\nb: !!str 1\n", "quoted.yaml") == {"a": "=", "<<": 1, "b": "1"}


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(_plain(key) and _plain(each) for key, each in value.items())
    if isinstance(value, list):
        return all(_plain(each) for each in value)
    return value is None or isinstance(value, str | int | float | bool | date)


@given(st.text(alphabet="a1:-?[]{},&*!<|>=~#'\" \n.0x_", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = load_yaml(text, "any.yaml")
    except YamlError:
        return
    assert _plain(found)
    line = line_of(text, ("a", 0))
    assert line is None or 1 <= line <= text.count("\n") + 1


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
