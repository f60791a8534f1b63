"""Derived captures of code become rows: one a fact, one where all was read and there is none, a hole for what was not read; missing evidence is never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.capture import FAILED, OK, Capture, Captures, Target
from assaybook.check import put
from assaybook.checks import ALL
from assaybook.code.package import Entry
from assaybook.evidence import Evidence, Hole, Row, Setting
from assaybook.model import Outcome, Subject
from assaybook.shape.source import shape_source
from assaybook.shape.source.habits import GROUPS, TABLES
from assaybook.tables.code import CodedUse, CodePackage, CryptographicUse, ErrorAnswer, StaticKey, UnprotectedCall
from assaybook.tables.compute import Workload
from case_files import base, defaults
from habit_facts import answer

TARGET = Target("aws", "111122223333", "us-east-1")
ARN = "arn:aws:lambda:us-east-1:111122223333:function:"
SAFE = "def handler(event, context):\n    return {'statusCode': 200, 'body': '{}'}\n"
UNSAFE = "import requests\ndef handler(event, context):\n    return requests.get('https://a.example.com', verify=False, timeout=3)\n"
OVER_CODE = [each for each in ALL.values() if each.over in TABLES]


def workload(name: str, *, internet: bool | None = False, target: Target = TARGET) -> Workload:
    arn = f"{ARN}{name}"
    return Workload(
        key=arn,
        subject=Subject("aws", target.account, target.region, "function", arn, name),
        setting=Setting(internet=internet),
        name=name,
        package="zip",
        runtime="python3.13",
        role=f"arn:aws:iam::111122223333:role/{name}",
        tags={},
        critical=False,
        production=None,
        sensitive=False,
        reserved_concurrency=None,
        tracing=True,
        network=False,
        log_group="",
    )


def habits_of(files: Mapping[str, str], *entries: Entry, package: str = "functions/orders") -> Capture:
    return Capture("code:Habits", TARGET, {"package": package}, OK, dict(answer(files, *entries)), ref="E-0007")


def package_of(**changed: Any) -> Capture:
    given: dict[str, Any] = {
        "kind": "folder", "located": "functions/orders", "sha256": "ab", "files": 3, "parsed": 2, "vendored": 1, "languages": {"python": 2}, "others": {"Go": 1},
        "unparsed": [{"path": "functions/orders/old.py", "line": 1, "why": "is no Python 3"}], "partly": [], "entries": [{"workload": f"{ARN}orders", "handler": "app.handler"}],
    }  # fmt: skip
    return Capture("code:Package", TARGET, {"package": "functions/orders"}, OK, {**given, **changed}, ref="E-0006")


def shaped(captures: list[Capture], *workloads: Workload) -> list[Row | Hole]:
    """The rows and holes about code: what else is read from packages has tests of its own."""
    made = shape_source(Captures(captures), workloads)
    return [each for each in made if (each.table if isinstance(each, Hole) else type(each)) in (CodePackage, *TABLES)]


def outcomes(items: list[Row | Hole]) -> dict[str, set[Outcome]]:
    evidence = Evidence(items, datetime(2026, 11, 24, tzinfo=UTC))
    return {each.id: {one.outcome for one in put(each, evidence, defaults(), base(each.id))} for each in OVER_CODE}


def test_a_fact_is_a_row_of_the_workload_that_runs_it() -> None:
    found = shaped(
        [habits_of({"app.py": UNSAFE}, Entry(f"{ARN}orders", "app.handler"))], workload("orders", internet=True)
    )
    (row,) = [each for each in found if isinstance(each, UnprotectedCall)]
    assert (row.workload, row.subject.name, row.where, row.sources) == (
        f"{ARN}orders",
        "orders",
        "app.py:3",
        ("E-0007",),
    )
    assert row.setting.internet is True and row.certain and row.function == "handler"
    assert row.code == "return requests.get('https://a.example.com', verify=False, timeout=3)"
    assert not [each for each in found if isinstance(each, Hole)]


def test_what_all_was_read_and_holds_nothing_says_so() -> None:
    found = shaped([habits_of({"app.py": SAFE}, Entry(f"{ARN}orders", "app.handler"))], workload("orders"))
    rows = [each for each in found if isinstance(each, Row)]
    assert {type(each) for each in rows} == set(TABLES) and len(rows) == len(TABLES)
    said = outcomes([*found, workload("orders")])
    assert said["call-without-verified-tls"] == {Outcome.PASS}
    assert said["object-owner-not-checked"] == {Outcome.NOT_APPLICABLE}
    assert all(each <= {Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN} for each in said.values())


def test_code_of_several_workloads_is_told_of_the_package_in_the_worst_place() -> None:
    entries = (Entry(f"{ARN}orders", "app.handler"), Entry(f"{ARN}admin", "app.handler"))
    found = shaped([habits_of({"app.py": UNSAFE}, *entries)], workload("orders", internet=True), workload("admin"))
    (row,) = [each for each in found if isinstance(each, UnprotectedCall)]
    assert (row.workload, row.subject.kind, row.subject.name) == ("", "package", "functions/orders")
    assert row.setting.internet is True
    assert len([each for each in found if isinstance(each, CodedUse)]) == 2


@pytest.mark.parametrize("files", [{"main.go": "package main"}, {"app.py": SAFE, "old.py": "print 'x'"}])
def test_what_was_not_read_is_unknown_for_every_check(files: Mapping[str, str]) -> None:
    found = shaped([habits_of(files)])
    assert {each.table for each in found if isinstance(each, Hole)} == set(TABLES)
    assert not [each for each in found if isinstance(each, Row)]
    assert all(each == {Outcome.UNKNOWN} for each in outcomes(found).values())


def test_a_fact_in_what_was_read_stands_beside_what_was_not() -> None:
    found = shaped([habits_of({"app.py": UNSAFE, "main.go": "package main"})])
    assert outcomes(found)["call-without-verified-tls"] == {Outcome.FAIL, Outcome.UNKNOWN}
    (one,) = {each.gap.reason for each in found if isinstance(each, Hole)}
    assert one.startswith("1 file was not read: main.go (")


def test_a_package_that_could_not_be_read_is_unknown() -> None:
    failed = replace(habits_of({"app.py": SAFE}), state=FAILED, answer={}, reason="broken zip")
    found = shaped([failed, replace(package_of(), state=FAILED, answer={}, reason="broken zip")])
    assert {each.table for each in found if isinstance(each, Hole)} == {*TABLES, CodePackage}
    assert all(each == {Outcome.UNKNOWN} for each in outcomes(found).values())


def test_workloads_whose_code_nobody_read_are_unknown() -> None:
    found = shaped([], workload("orders"), workload("admin"))
    assert len(found) == len(TABLES) and all(isinstance(each, Hole) and each.subject.kind == "region" for each in found)
    found = shaped(
        [habits_of({"app.py": SAFE}, Entry(f"{ARN}orders", "app.handler"))], workload("orders"), workload("admin")
    )
    holes = [each for each in found if isinstance(each, Hole)]
    assert {each.subject.name for each in holes} == {"admin"} and len(holes) == len(TABLES)
    assert shaped([]) == []


def test_packages() -> None:
    (row,) = [each for each in shaped([package_of()], workload("orders")) if isinstance(each, CodePackage)]
    assert (row.files, row.parsed, row.vendored, row.languages, row.others) == (3, 2, 1, ("python",), ("Go",))
    assert row.unread == ("functions/orders/old.py: is no Python 3",)
    assert row.subject.name == "orders" and row.where == "functions/orders"
    (odd,) = [each for each in shaped([package_of(files="many")]) if isinstance(each, Hole)]
    assert odd.gap.state == "failed"


def test_one_answer_with_every_group_fills_every_table() -> None:
    text = """
import hashlib, json, os, random, requests, boto3, jwt, psycopg2
user = None
s3 = boto3.client("s3", aws_access_key_id=os.environ["KEY"], aws_secret_access_key=os.environ["SECRET"])
table = boto3.resource("dynamodb").Table("t")
def handler(event, context):
    global user
    user = event["user"]
    try:
        password_hash = hashlib.md5(event["password"]).hexdigest()
        table.get_item(Key={"id": event["pathParameters"]["id"]})
        url = s3.generate_presigned_url("get_object", Params={})
        connection = psycopg2.connect(password=os.environ["DB_PASSWORD"])
        kind = event["headers"]["X-Shopify-Topic"]
        print(requests.get("http://a.example.com").json())
        jwt.decode(kind, options={"verify_signature": False})
    except Exception as error:
        return {"statusCode": 500, "body": str(error)}
"""
    found = shaped([habits_of({"app.py": text}, Entry(f"{ARN}orders", "app.handler"))], workload("orders"))
    empty = {type(each).__name__ for each in found if getattr(each, "kind", None) == ""}
    assert empty == {"ObjectAccess"}  # it looks at a token, however badly
    assert {type(each) for each in found} == set(TABLES)
    assert all(Outcome.ERROR not in each for each in outcomes(found).values())


def test_finding_keys_do_not_know_lines() -> None:
    before = shaped([habits_of({"app.py": UNSAFE})])
    after = shaped([habits_of({"app.py": f"# moved\n{UNSAFE}"})])
    assert {each.key for each in before if isinstance(each, Row)} == {
        each.key for each in after if isinstance(each, Row)
    }


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
WHOLE = dict(answer({"app.py": UNSAFE, "old.py": "print 'x'"}, Entry(f"{ARN}orders", "app.handler")))


@given(st.sampled_from(sorted(WHOLE)), ODD)
@settings(max_examples=80, deadline=None)
def test_an_odd_answer_is_a_gap_and_never_a_pass(name: str, value: object) -> None:
    odd = Capture("code:Habits", TARGET, {"package": "p"}, OK, {**WHOLE, name: value}, ref="E-0001")
    found = shaped([odd], workload("orders"))
    assert found
    if name in ("facts", "read"):
        assert any(isinstance(each, Hole) for each in found) or (name == "read" and isinstance(value, int))


@given(st.sampled_from(sorted(WHOLE["facts"][0])), ODD)
@settings(max_examples=80, deadline=None)
def test_an_odd_fact_is_a_hole_or_a_row(name: str, value: object) -> None:
    facts = [{**each, name: value} for each in WHOLE["facts"]]
    found = shaped([Capture("code:Habits", TARGET, {"package": "p"}, OK, {**WHOLE, "facts": facts}, ref="E-0001")])
    assert found


def test_each_group_has_its_table() -> None:
    assert len({each.table for each in GROUPS}) == len(GROUPS)
    assert {each.over for each in OVER_CODE} == set(TABLES)
    assert CryptographicUse in TABLES and ErrorAnswer in TABLES and StaticKey in TABLES
