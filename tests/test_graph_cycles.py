"""Loops through more than one function: what one writes starts the next, and the last starts the first again."""

from typing import Any

import pytest

from assaybook.evidence import Gap, Row
from assaybook.tables.graph import Loop
from graph_rows import Derived, allow, arn, bus, feed, function_arn, role, store, workload

GAP = Gap("iam:GetAccountAuthorizationDetails", "denied")


def ring(*rows: Row | Any) -> dict[str, Loop]:
    """The loops of an estate by function."""
    return {row.workload.rpartition(":")[2]: row for row in Derived(*rows).rows(Loop)}


def starts(kind: str, name: str, function: str, **more: Any) -> list[Any]:
    """A store that starts a function."""
    return [store(kind, name), feed(kind, name, function_arn(function), **more)]


def does(name: str, *statements: dict[str, Any], **more: Any) -> list[Any]:
    """A function under a role of its own."""
    return [workload(name), role(*statements, name=name, **more)]


def two(first: dict[str, Any], second: dict[str, Any], **filters: Any) -> list[Any]:
    """Bucket `in` starts `a`, bucket `mid` starts `b`."""
    return [
        *starts("bucket", "in", "a"),
        *starts("bucket", "mid", "b", **filters),
        *does("a", first),
        *does("b", second),
    ]


PUT_MID = allow("s3:PutObject", "arn:aws:s3:::mid/*")
PUT_IN = allow("s3:PutObject", "arn:aws:s3:::in/*")


def test_two_buckets_whose_functions_write_into_each_other_are_a_proven_loop_that_is_told_once() -> None:
    found = ring(*two(PUT_MID, PUT_IN))
    assert found["a"].around == (
        "a may write to bucket mid (own, statement 1 of role a), which starts b; "
        "b may write to bucket in (own, statement 1 of role b), which starts a"
    )
    assert (found["a"].around_proven, found["a"].told_at) == (True, "")
    assert (found["b"].around_proven, found["b"].told_at) == (True, "a")
    assert found["a"].proven == found["a"].possible == ()


@pytest.mark.parametrize(
    ("second", "filters"),
    [
        (allow("s3:PutObject", "arn:aws:s3:::out/*"), {}),
        (allow("s3:GetObject", "arn:aws:s3:::in/*"), {}),
        (PUT_IN, {"filters": ("event s3:ObjectRemoved:*",)}),
        (PUT_IN, {"active": False}),
    ],
)
def test_a_chain_that_does_not_close_is_none(second: dict[str, Any], filters: dict[str, Any]) -> None:
    assert {each.around for each in ring(*two(PUT_MID, second, **filters)).values()} == {""}


def test_prefixes_that_differ_break_the_circle_and_wider_rights_leave_it_to_the_code() -> None:
    only_out = allow("s3:PutObject", "arn:aws:s3:::mid/out/*")
    assert ring(*two(only_out, PUT_IN, filters=("prefix raw/",)))["a"].around == ""
    wider = ring(*two(PUT_MID, PUT_IN, filters=("prefix raw/",)))
    assert wider["a"].around and not wider["a"].around_proven


def test_a_right_to_every_bucket_says_nothing_about_what_is_written() -> None:
    assert ring(*two(allow("s3:*", "*"), PUT_IN))["b"].around == ""


def test_queues_and_topics_between_three_functions_are_a_possible_loop() -> None:
    found = ring(
        *starts("queue", "jobs", "a"), *does("a", allow("sns:Publish", arn("topic", "news"))),
        store("topic", "news"), feed("topic", "news", arn("queue", "mail")),
        *starts("queue", "mail", "b"), *does("b", allow("dynamodb:PutItem", arn("table", "orders"))),
        *starts("table", "orders", "c"), *does("c", allow("sqs:SendMessage", arn("queue", "jobs"))),
    )  # fmt: skip
    said = found["a"].around
    assert "a may write to topic news and queue mail" in said and "c may write to queue jobs" in said
    assert said.endswith("AWS does not stop such a loop")
    assert not found["a"].around_proven
    assert [found[each].told_at for each in "abc"] == ["", "a", "a"]


@pytest.mark.parametrize(
    ("more", "closed"), [({}, True), ({"filters": ("pattern on source",), "own_events_only": True}, False)]
)
def test_a_bus_closes_a_loop_unless_its_rule_waits_for_events_of_aws(more: dict[str, Any], closed: bool) -> None:
    found = ring(
        bus("shop"), feed("bus", "shop", function_arn("b"), **more),
        *does("a", allow("events:PutEvents", arn("bus", "shop"))),
        *does("b", allow("sqs:SendMessage", arn("queue", "jobs"))), *starts("queue", "jobs", "a"),
    )  # fmt: skip
    assert bool(found["a"].around) is closed
    assert not found["a"].around_proven


def test_what_one_role_lets_a_function_start_is_unknown_behind_a_role_that_could_not_be_read() -> None:
    hidden = [
        *starts("bucket", "in", "a"),
        *starts("bucket", "mid", "b"),
        *does("a", PUT_MID),
        *does("b", policies=GAP),
    ]
    assert ring(*hidden)["a"].around == GAP
    away = [*starts("bucket", "in", "a"), *starts("bucket", "mid", "b"), *does("a"), *does("b", policies=GAP)]
    assert ring(*away)["a"].around == ""


def test_a_long_ring_is_found_without_deep_recursion() -> None:
    count = 1500
    rows: list[Any] = []
    for place in range(count):
        after = f"q{(place + 1) % count:04d}"
        rows += [feed("queue", f"q{place:04d}", function_arn(f"f{place:04d}"))]
        rows += does(f"f{place:04d}", allow("sqs:SendMessage", arn("queue", after)))
    found = ring(*rows)
    assert found["f0000"].around.endswith("1494 more steps lead back to it")
    assert {each.told_at for name, each in found.items() if name != "f0000"} == {"f0000"}
