"""Wildcards: matching, covering and overlapping, checked against a plain search over short texts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assaybook.policy.match import (
    action_covers,
    action_matches,
    action_overlaps,
    arn_matches,
    covers,
    literal,
    matches,
    overlaps,
)

TEXTS = ["".join(letters) for size in range(6) for letters in itertools.product("abz", repeat=size)]
PATTERNS = st.text(alphabet="ab*?", max_size=4)
SHORT_PATTERNS = st.text(alphabet="ab*?", max_size=3)


def plainly(pattern: str, text: str) -> bool:
    """The textbook definition, one character after the other."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return plainly(pattern[1:], text) or (bool(text) and plainly(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and plainly(pattern[1:], text[1:])


@given(PATTERNS, st.sampled_from(TEXTS))
def test_matches_is_the_textbook_definition(pattern: str, text: str) -> None:
    assert matches(pattern, text) == plainly(pattern, text)


@settings(max_examples=300)
@given(PATTERNS, PATTERNS)
@example("*?", "?*")
@example("?*", "*a")
@example("*", "")
@example("a*b", "a*z*b")
@example("?*?", "??")
def test_covers_is_inclusion(wide: str, narrow: str) -> None:
    assert covers(wide, narrow) == all(plainly(wide, text) for text in TEXTS if plainly(narrow, text))


@settings(max_examples=300)
@given(SHORT_PATTERNS, SHORT_PATTERNS)
@example("*a", "b*")
@example("aa*", "*bb")
def test_overlaps_is_a_common_text(one: str, other: str) -> None:
    # Patterns of three characters that overlap at all do so in a text of at most five.
    assert overlaps(one, other) == any(plainly(one, text) and plainly(other, text) for text in TEXTS)


@given(PATTERNS, PATTERNS, PATTERNS)
def test_covering_goes_on_through_a_third(one: str, two: str, three: str) -> None:
    if covers(one, two) and covers(two, three):
        assert covers(one, three)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("lambda:*Function", "lambda:Get*", True),
        ("s3:Get*", "s3:Put*", False),
        ("s3:*Object", "s3:GetBucket*", True),
        ("a?c", "abc", True),
        ("", "*", True),
        ("", "?", False),
    ],
)
def test_overlaps(one: str, other: str, wanted: bool) -> None:
    assert overlaps(one, other) is wanted


def test_actions_know_no_case() -> None:
    assert action_matches("IAM:pa*OLE", "iam:PassRole")
    assert action_covers("S3:*", "s3:getobject")
    assert action_overlaps("S3:G*", "s3:*OBJECT")
    assert not matches("S3:*", "s3:GetObject")


def test_literal_wildcards_match_themselves_only() -> None:
    assert matches(literal("a*?"), "a*?")
    assert not matches(literal("a*"), "abc")
    assert covers("a*", literal("a*b"))
    assert not covers(literal("a*"), "a*")
    assert not overlaps(literal("*"), "ab")


@pytest.mark.parametrize(
    ("pattern", "arn", "wanted"),
    [
        ("arn:aws:sns:*:111122223333:*", "arn:aws:sns:us-east-1:111122223333:orders", True),
        ("arn:aws:sns:*:111122223333:*", "arn:aws:sns:us-east-1:999988887777:x:111122223333:y", False),
        ("arn:aws:s3:::*", "arn:aws:s3:::bucket/key:with:colons", True),
        ("arn:aws:s3:*:*:*", "arn:aws:s3:::bucket", True),
        ("arn:aws:lambda:*:function:pay", "arn:aws:lambda:us-east-1:111122223333:function:pay", False),
        ("*", "arn:aws:s3:::bucket", True),
        ("arn:aws:s3*", "arn:aws:s3:::bucket", True),
        ("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", False),
    ],
)
def test_arn_conditions_hold_part_by_part(pattern: str, arn: str, wanted: bool) -> None:
    assert arn_matches(pattern, arn) is wanted


def test_a_resource_star_runs_past_colons() -> None:
    assert matches("arn:aws:lambda:*:function:pay", "arn:aws:lambda:us-east-1:111122223333:function:pay")


def test_hostile_patterns_stay_cheap() -> None:
    hostile = "*a" * 60
    assert not matches(hostile, "a" * 59 + "b" * 2000)
    assert not covers("*a" + "?" * 40, "*a" + "*b" * 20)
    assert overlaps("*a" * 40, "*b" * 40 + "*")
