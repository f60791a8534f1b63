"""What a role reaches, whether its workload can start itself, and the paths that come of it."""

from dataclasses import replace
from typing import Any

import pytest

from assaybook.evidence import Gap, Hole
from assaybook.graph import derive
from assaybook.tables.data import Store
from assaybook.tables.graph import AttackPath, BlastRadius, Loop, Reach
from graph_rows import (
    ACCOUNT,
    GAP,
    GROUND,
    REGION,
    Derived,
    allow,
    arn,
    deny,
    document,
    feed,
    function_arn,
    role,
    share,
    store,
    subject,
    url,
    workload,
)

ORDERS, STOCK = store("table", "orders", sensitive=True), store("table", "stock")
DROP, SECRET = store("bucket", "drop", sensitive=True), share("secret", "psp-AbCdEf")
STORES = (ORDERS, STOCK, DROP, SECRET)
SOME = {"StringEquals": {"aws:PrincipalTag/team": "shop"}}


def reach(*statements: dict[str, Any], boundary: str = "", stores: tuple[Any, ...] = STORES) -> Reach:
    """What the role of the function reaches."""
    return Derived(*stores, role(*statements, boundary=boundary)).one(Reach)


@pytest.mark.parametrize(
    ("statement", "stores", "sensitive"),
    [
        (allow("dynamodb:GetItem", arn("table", "orders")), 1, 1),
        (allow("dynamodb:Query", arn("table", "stock")), 1, 0),
        (allow("dynamodb:Query", arn("table", "*")), 2, 1),
        (allow("dynamodb:*", "*"), 2, 1),
        (allow("dynamodb:DescribeTable", "*"), 0, 0),
        (allow("dynamodb:Query", f"{arn('table', 'orders')}/index/*"), 0, 0),
        (allow("s3:GetObject", "arn:aws:s3:::drop/*"), 1, 1),
        (allow("s3:GetObject", "arn:aws:s3:::drop/in/*"), 1, 1),
        (allow("s3:GetObject", "arn:aws:s3:::drop/in/one.csv"), 1, 1),
        (allow("s3:GetObject", "arn:aws:s3:::other/*"), 0, 0),
        (allow("s3:ListBucket", "arn:aws:s3:::drop"), 0, 0),
        (allow("secretsmanager:GetSecretValue", f"{arn('secret', 'psp')}-??????"), 1, 1),
        (allow("secretsmanager:GetSecretValue", f"{arn('secret', 'other')}-*"), 0, 0),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": arn("table", "orders")}, 1, 1),
        ({"Effect": "Allow", "Action": "dynamodb:*", "NotResource": arn("table", "orders")}, 1, 0),
    ],
)
def test_stores_are_counted_once_by_what_statements_name(
    statement: dict[str, Any], stores: int, sensitive: int
) -> None:
    found = reach(statement)
    assert (found.stores, found.sensitive) == (stores, sensitive)


def test_denials_and_boundaries_take_away() -> None:
    wide = allow("dynamodb:*", "*")
    assert reach(wide, deny("dynamodb:*", arn("table", "orders"))).sensitive == 0
    assert reach(wide, deny("dynamodb:*", "*")).stores == 0
    limit = document(allow("dynamodb:*", arn("table", "stock")))
    assert (reach(wide, boundary=limit).stores, reach(wide, boundary=limit).by_wildcard) == (1, False)


def test_a_wildcard_is_one_that_fits_every_name() -> None:
    assert reach(allow("dynamodb:*", "*")).by_wildcard
    assert reach(allow("dynamodb:*", arn("table", "*"))).by_wildcard
    assert reach(allow("s3:*", "arn:aws:s3:::*")).by_wildcard
    assert not reach(allow("dynamodb:*", arn("table", "ord*"))).by_wildcard
    assert not reach(allow("s3:*", "arn:aws:s3:::drop/*")).by_wildcard
    assert not reach(allow("dynamodb:*", arn("table", "*")), stores=(STOCK,)).by_wildcard


def test_what_is_sensitive_is_named_with_its_statement() -> None:
    found = reach(allow("dynamodb:GetItem", arn("table", "orders")), allow("s3:PutObject", "arn:aws:s3:::drop/*"))
    assert found.sensitive_named == ("writes bucket drop (own, statement 2)", "reads table orders (own, statement 1)")
    assert found.stores_said == ("bucket drop", "table orders")


def test_tags_that_could_not_be_read_count_as_sensitive() -> None:
    assert reach(allow("dynamodb:*", "*"), stores=(store("table", "x", sensitive=GAP),)).sensitive == 1


@pytest.mark.parametrize(
    ("statements", "power"),
    [
        ([allow("*", "*")], "may do every action on every resource (own, statement 1)"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "may do nearly every action"),
        ([allow("iam:PutRolePolicy", "*")], "may write a policy of its own into any role (own, statement 1)"),
        ([allow(["iam:PassRole", "lambda:*"], "*")], "may run code of its own under any role"),
        ([allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/*")], "may take on any role"),
        ([allow("iam:PassRole", "*")], ""),
        ([allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/reader")], ""),
        ([allow("iam:PutRolePolicy", "*"), deny("iam:*", "*")], ""),
        ([allow("dynamodb:*", "*")], ""),
    ],
)
def test_ways_to_an_administrator(statements: list[dict[str, Any]], power: str) -> None:
    found = reach(*statements)
    assert found.power.startswith(power) and bool(found.power) is bool(power)
    assert found.power_if == ""


def test_power_on_conditions_is_told_apart() -> None:
    found = reach(allow("*", "*", Condition=SOME))
    assert (found.power, found.power_if[:14]) == ("", "may do every a")


def test_replacing_code_matters_where_another_function_is_an_administrators() -> None:
    updates = role(allow("lambda:UpdateFunctionCode", "*"))
    strong = role(allow("*", "*"), name="admin")
    assert {row.name: row.power[:24] for row in Derived(updates, strong).rows(Reach)} == {
        "admin": "may do every action on e",
        "work": "may replace the code of ",
    }
    assert Derived(updates).one(Reach).power == ""


def test_a_role_that_could_not_be_read_is_not_known() -> None:
    found = Derived(url(), role(policies=GAP))
    assert isinstance(found.one(AttackPath).power, Gap)
    assert isinstance(found.one(BlastRadius).stores, Gap)
    away = Derived(url(), replace(workload(), role="arn:aws:iam::777788889999:role/theirs"))
    assert isinstance(away.one(AttackPath).sensitive, Gap)


def loop(*statements: dict[str, Any], filters: tuple[str, ...] = (), kind: str = "bucket") -> Loop:
    """Whether the function that `drop` starts can start itself."""
    return Derived(
        store(kind, "drop"), share(kind, "drop"), feed(kind, "drop", filters=filters), role(*statements)
    ).one(Loop)


def test_a_bucket_in_which_all_that_is_written_starts_it_again_is_a_proven_loop() -> None:
    put = allow("s3:PutObject", "arn:aws:s3:::drop/*")
    assert loop(put).proven
    assert loop(put, filters=("event s3:ObjectCreated:*",)).proven
    inside = allow("s3:PutObject", "arn:aws:s3:::drop/in/*")
    assert loop(inside, filters=("prefix in/", "event s3:ObjectCreated:Put")).proven


@pytest.mark.parametrize(
    ("statement", "filters"),
    [
        (allow("s3:PutObject", "arn:aws:s3:::drop/out/*"), ("prefix in/",)),
        (allow("s3:PutObject", "arn:aws:s3:::drop/*.pdf"), ("suffix .html",)),
        (allow("s3:GetObject", "arn:aws:s3:::drop/*"), ()),
        (allow("s3:PutObject", "arn:aws:s3:::other/*"), ()),
        (allow("s3:PutObject", "arn:aws:s3:::drop/*"), ("event s3:ObjectRemoved:*",)),
        (allow("s3:DeleteObject", "arn:aws:s3:::drop/*"), ("event s3:ObjectRemoved:*",)),
    ],
)
def test_filters_and_rights_break_the_circle(statement: dict[str, Any], filters: tuple[str, ...]) -> None:
    found = loop(statement, filters=filters)
    assert (found.proven, found.possible, found.starters) == ((), (), ("bucket drop",))


@pytest.mark.parametrize(
    ("statement", "filters"),
    [
        (allow("s3:PutObject", "arn:aws:s3:::drop/*"), ("prefix in/",)),
        (allow("s3:*", "*"), ()),
        (allow("s3:PutObject", "arn:aws:s3:::drop/*", Condition=SOME), ()),
        (allow("s3:PutObject", "arn:aws:s3:::drop/*"), ("pattern on detail",)),
    ],
)
def test_a_right_that_is_wider_than_the_filter_only_makes_it_possible(
    statement: dict[str, Any], filters: tuple[str, ...]
) -> None:
    found = loop(statement, filters=filters)
    assert found.proven == () and found.possible


def test_a_queue_that_it_may_write_to_is_a_possible_loop_which_the_platform_stops() -> None:
    (said,) = loop(allow("sqs:SendMessage", arn("queue", "drop")), kind="queue").possible
    assert said == "queue drop, where own, statement 1 of role work lets it write"
    (said,) = loop(allow("kinesis:PutRecord", arn("stream", "drop")), kind="stream").possible
    assert said.endswith("AWS does not stop such a loop")


def test_a_loop_through_something_in_between_is_found() -> None:
    found = Derived(
        store("topic", "news"),
        store("queue", "jobs"),
        feed("topic", "news", arn("queue", "jobs")),
        feed("queue", "jobs"),
        role(allow("sns:Publish", arn("topic", "news"))),
    ).one(Loop)
    assert found.possible == ("topic news and queue jobs, where own, statement 1 of role work lets it write",)


def test_a_loop_of_a_role_that_could_not_be_read_is_not_known() -> None:
    found = Derived(store("queue", "jobs"), feed("queue", "jobs"), role(policies=GAP)).one(Loop)
    assert isinstance(found.proven, Gap)
    assert Derived(role(policies=GAP)).one(Loop).proven == ()


def test_one_path_for_each_kind_of_trigger_names_the_least_trusted() -> None:
    rows = [url(), feed("queue", "a"), feed("queue", "b"), share("queue", "a"), share("queue", "b", GAP)]
    found = {row.kind: row for row in Derived(*rows).rows(AttackPath)}
    assert set(found) == {"url", "queue"}
    assert (found["url"].trust, found["url"].direct) == ("internet_anonymous", True)
    assert isinstance(found["queue"].trust, Gap)
    assert (found["queue"].entries, found["queue"].entry_count) == (("queue b",), 1)


def test_a_workload_that_nothing_starts_has_a_row_that_says_so() -> None:
    assert Derived().one(AttackPath).kind == "none"
    assert Derived(feed("queue", "jobs", active=False), share("queue", "jobs")).one(AttackPath).kind == "none"


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [*GROUND, *STORES, url(), feed("queue", "a"), share("queue", "a"), workload(), role(allow("*", "*"))]
    assert list(derive(rows)) == list(derive(reversed(rows)))


def test_wide_roles_are_judged_once_for_all_stores() -> None:
    """Time that grows with the product of roles and stores would take minutes here."""
    many = [store("table", f"t{number:05d}", sensitive=True) for number in range(3000)]
    limit = document(allow("*", "*"))
    roles = [
        role(
            allow("dynamodb:*", "*"),
            allow("s3:GetObject", f"arn:aws:s3:::b{number}/*"),
            name=f"r{number}",
            boundary=limit,
        )
        for number in range(400)
    ]
    found = Derived(*many, *roles, workload("r1")).rows(Reach)
    assert {row.sensitive for row in found} == {3000}
    assert len(found) == 400 and f"{REGION}" in function_arn()


def test_stores_that_could_not_be_listed_are_not_none() -> None:
    hole = Hole(Store, replace(GAP, call="dynamodb:ListTables"), subject("region", "r"))
    reads = role(allow("dynamodb:GetItem", "*"))
    assert isinstance(Derived(hole, reads).one(Reach).sensitive, Gap)
    assert Derived(hole, role(allow("sqs:*", "*"))).one(Reach).sensitive == 0
    seen = Derived(hole, reads, ORDERS).one(Reach)
    assert (seen.sensitive, seen.by_wildcard) == (1, True)
    assert isinstance(Derived(hole, reads, STOCK).one(Reach).by_wildcard, Gap)
