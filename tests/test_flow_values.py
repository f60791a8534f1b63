"""The laws of abstract values, and what tests and patterns tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.code.flow.guards import is_loose_host, is_strict
from assaybook.code.flow.taint import MOST_TAINTS, Fact, Taint, merge_taints
from assaybook.code.flow.values import CLEAN, FIXED, LOOSE, Value, constant, deep, filtered, is_tainted, join, text_of

TAINTS = st.builds(
    Taint,
    kind=st.sampled_from(["event", "stored"]),
    path=st.sampled_from(["event.a", "event.a.b", "event.ab", "event.a[]"]),
    said=st.just("data"),
    why=st.sampled_from(["", "it passes through f, which is not read"]),
    cleaned=st.frozensets(st.sampled_from(["sql", "path"])),
)
PLAIN = st.one_of(
    st.just(CLEAN), st.builds(constant, st.one_of(st.text(max_size=3), st.integers(0, 3), st.none(), st.booleans()))
)
LEAVES = st.one_of(PLAIN, st.builds(lambda taints: Value(taints=merge_taints(taints)), st.lists(TAINTS, max_size=3)))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda fields: Value(fields=fields), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
        st.builds(lambda items: Value(items=tuple(items)), st.lists(inner, max_size=3)),
        st.builds(lambda element: Value(element=element), inner),
    ),
    max_leaves=6,
)


def paths(value: Value) -> set[tuple[str, str]]:
    return {(each.kind, each.path) for each in deep(value, 9)}


@given(VALUES)
def test_joining_with_itself_changes_nothing(value: Value):
    assert join(value, value).key == value.key
    assert join(value).key == value.key


@given(VALUES, VALUES)
def test_joining_loses_no_data(one: Value, other: Value):
    assert paths(one) | paths(other) <= paths(join(one, other))


@given(VALUES, VALUES)
def test_what_is_cleaned_on_one_way_only_is_not_cleaned(one: Value, other: Value):
    for each in join(one, other).taints:
        same = [
            taint
            for value in (one, other)
            for taint in value.taints
            if (taint.kind, taint.path, taint.built) == (each.kind, each.path, each.built)
        ]
        assert not same or any(each.cleaned <= taint.cleaned for taint in same)


@given(VALUES, st.sampled_from(["event:event.a", "event:event.ab", "stored:event.a"]))
def test_facts_take_away_and_never_add(value: Value, identity: str):
    after = filtered(value, frozenset((Fact(identity),)))

    assert paths(after) <= paths(value)
    assert (
        ("event", "event.ab") not in paths(value)
        or identity == "event:event.ab"
        or ("event", "event.ab") in paths(after)
    )


@given(st.lists(LEAVES, min_size=1, max_size=5))
def test_a_text_holds_what_its_parts_hold(parts: list[Value]):
    whole = text_of(parts)

    held = {path for part in parts for path in paths(part)}
    # Of more data than is kept apart some is left out.
    assert paths(whole) == held if len(held) <= MOST_TAINTS else paths(whole) < held
    assert is_tainted(whole) == (whole.pieces is not None and LOOSE in whole.pieces)


@pytest.mark.parametrize(
    ("pattern", "full", "expected"),
    [
        (r"^[a-z]+$", False, True),
        (r"\A\w+\Z", False, True),
        (r"[a-z0-9_-]{1,20}", True, True),
        (r"^(?:prod|dev|test)$", False, True),
        (r"^\d{4}-\d{2}-\d{2}$", False, True),
        (r"^[a-zA-Z0-9._-]+$", False, True),
        (r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", False, True),
        (r"[a-z]+", False, False),
        (r"^[a-z]+", False, False),
        (r"^.*$", False, False),
        (r"^[^;]+$", False, False),
        (r"^\S+$", False, False),
        (r"^a|b$", False, False),
        (r"^[\w;]+$", False, False),
        (r"^['\"\w]+$", False, False),
        (r"^https?://", False, False),
    ],
)
def test_strict_patterns(pattern: str, full: bool, expected: bool):
    assert is_strict(pattern, full) is expected


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (("https://api.example.com/v1/", LOOSE), ""),
        (("https://api.example.com?q=", LOOSE), ""),
        (("https://", LOOSE, ".example.com/"), "yes"),
        (("https://api", LOOSE), "maybe"),
        (("https://", FIXED, "/v1/", LOOSE), ""),
        ((FIXED, "/v1/", LOOSE), ""),
        ((FIXED, LOOSE), ""),
        ((LOOSE, "/v1"), "yes"),
        ((LOOSE,), "yes"),
        (None, "yes"),
        (("/next?to=", LOOSE), ""),
        (("//", LOOSE), "yes"),
    ],
)
def test_where_a_request_goes(pieces: tuple | None, expected: str):
    value = Value(taints=(Taint("event", "event.a", "data"),), pieces=pieces)

    assert is_loose_host(value) == expected
