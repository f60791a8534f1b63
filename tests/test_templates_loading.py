"""YAML and JSON with the line of every value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.code.templates.json_text import load_json
from assaybook.code.templates.loading import Unreadable, load, load_yaml
from assaybook.code.templates.located import plain


def of(text: str) -> Any:
    return plain(load_yaml(text, "t.yaml").value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub 'x ${A}'", {"Fn::Sub": "x ${A}"}),
        ("!Join ['', [a, !Ref B]]", {"Fn::Join": ["", ["a", {"Ref": "B"}]]}),
        ("!If [C, a, !Ref AWS::NoValue]", {"Fn::If": ["C", "a", {"Ref": "AWS::NoValue"}]}),
        ("!Condition C", {"Condition": "C"}),
        ("!Not [!Equals [a, b]]", {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}),
        ("!Select [0, !GetAZs '']", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ("!Base64\n  Fn::Sub: x", {"Fn::Base64": {"Fn::Sub": "x"}}),
        ("!Transform {Name: a}", {"Fn::Transform": {"Name": "a"}}),
        ("!Cidr [a, 1, 2]", {"Fn::Cidr": ["a", 1, 2]}),
        ("!ImportValue\n  Fn::Sub: x", {"Fn::ImportValue": {"Fn::Sub": "x"}}),
        ("2012-10-17", "2012-10-17"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("03:00", "03:00"),
        ("1.5", 1.5),
        ("1e3", "1e3"),
        ("yes", True),
        ("'yes'", "yes"),
        ("~", None),
        ("!!str 5", "5"),
        ("!!int '5'", 5),
        ("{1: a, true: b, on: c}", {"1": "a", "true": "b", "on": "c"}),
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"d": 2, "b": 1}}),
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
        ("", None),
        ("# nothing", None),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    ],
)
def test_yaml(text: str, expected: Any) -> None:
    assert of(text) == expected


def test_lines_of_keys_and_items() -> None:
    found = load_yaml("a:\n  b: 1\n  c:\n    - x\n    - !Sub |\n        y\n", "t.yaml").value
    assert (found.lines, found["a"].lines, found["a"]["c"].lines) == ({"a": 1}, {"b": 2, "c": 3}, [4, 5])
    assert found["a"].where("c") == "t.yaml:3" and found["a"]["c"].where(1) == "t.yaml:5"


def test_a_key_twice_is_remarked_and_the_last_counts() -> None:
    document = load_yaml("a: 1\nb: 2\na: 3\n", "t.yaml")
    assert plain(document.value) == {"a": 3, "b": 2}
    assert document.remarks == [(3, "the key 'a' stands a second time (first in line 1)")]


def test_the_first_of_several_documents_is_read() -> None:
    document = load_yaml("a: 1\n---\nb: 2\n", "t.yaml")
    assert plain(document.value) == {"a": 1} and document.remarks


@pytest.mark.parametrize(
    "text", ["a: [", "\t- a", "a: *b", "a: &a [*a]", "{[1]: 2}", "a: b: c", "\x00", "%FOO\n---\na: {{x}}: {"]
)
def test_what_is_no_yaml(text: str) -> None:
    with pytest.raises(Unreadable):
        load_yaml(text, "t.yaml")


def test_json_has_lines_and_takes_tabs() -> None:
    found = load(b'{\n\t"a": {\n\t\t"b": [1,\n\t\t2.5, "x\\u00e9", true, null]}}', "t.json").value
    assert plain(found) == {"a": {"b": [1, 2.5, "xé", True, None]}}
    assert found["a"].where("b") == "t.json:3" and found["a"]["b"].where(1) == "t.json:4"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ('{\n// no\n"a": 1}', 2, "no comments"),
        ('{"a": 1,}', 1, "key in quotes"),
        ('{"a" 1}', 1, "colon"),
        ("[1 2]", 1, "comma"),
        ('{"a": 1}\nx', 2, "follows the end"),
        ('{"a": "', 1, "Unterminated"),
        ('{"a": NaN}', 1, "not a value"),
        ("[" * 100, 1, "deeply"),
        ("[" + "9" * 50 + "]", 1, "not a value"),
    ],
)
def test_what_is_no_json(text: str, line: int, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        load_json(text, "t.json")
    assert refused.value.line == line and why in refused.value.why


def test_yaml_in_braces_is_read_where_it_is_not_named_json() -> None:
    assert plain(load(b"{a: 1, b: !Ref C}", "t.yaml").value) == {"a": 1, "b": {"Ref": "C"}}
    with pytest.raises(Unreadable):
        load(b"{a: 1}", "t.json")


def test_other_encodings() -> None:
    assert plain(load("a: é".encode("utf-16"), "t.yaml").value) == {"a": "é"}
    assert plain(load(b"\xef\xbb\xbfa: 1", "t.yaml").value) == {"a": 1}
    with pytest.raises(Unreadable):
        load(b"\xff\xfe\xff", "t.yaml")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(values)
def test_json_is_read_as_the_standard_library_reads_it(value: Any) -> None:
    import json

    text = json.dumps(value, indent=1)
    assert plain(load_json(text, "t.json").value) == value
