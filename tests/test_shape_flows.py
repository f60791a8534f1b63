"""Flows and ways in become rows: in the table of where they end, one that says so where there is none, and holes for what was not read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assaybook.capture import FAILED, OK, Capture, Captures, Target
from assaybook.evidence import Hole, Setting
from assaybook.model import Subject
from assaybook.shape.source.flows import TABLES, shape_flows, table_of
from assaybook.tables.compute import Workload
from assaybook.tables.flows import DisclosureFlow, EntryInput, ExternalFlow, InjectionFlow, LogFlow, RequestFlow, Step
from assaybook.tables.privacy import LogMask

TREE = Target("source", "shop", "tree")
ARN = "arn:aws:lambda:eu-west-1:000111222333:function:orders"
SUBJECT = Subject("aws", "000111222333", "eu-west-1", "function", ARN, "orders")
WORKLOAD = Workload(
    key=ARN,
    subject=SUBJECT,
    setting=Setting(internet=True),
    name="orders",
    package="zip",
    runtime="python3.13",
    role="r",
    tags={},
    critical=False,
    production=None,
    sensitive=False,
    reserved_concurrency=None,
    tracing=False,
    network=False,
    log_group="/aws/lambda/orders",
)


def flow(**changes: Any) -> dict[str, Any]:
    step = {"file": "app.py", "line": 3, "function": "handler", "said": "reads it", "code": "x"}
    made = {
        "key": "sql|app.py|handler|execute|request|1",
        "kind": "sql",
        "certain": True,
        "why": "",
        "source": {"kind": "event", "said": "`event.id`", "path": "event.id", "resource": ""},
        "sink": {
            "callee": "execute",
            "said": "runs it",
            "file": "app.py",
            "line": 9,
            "function": "handler",
            "text": "y",
        },
        "entry": {"workload": ARN, "handler": "app.handler", "file": "app.py", "line": 1, "guessed": False},
        "workloads": [ARN],
        "steps": [step, {**step, "line": 9}],
    }
    return made | changes


def way(**changes: Any) -> dict[str, Any]:
    made = {
        "workload": ARN,
        "handler": "app.handler",
        "file": "app.py",
        "line": 1,
        "function": "handler",
        "found": True,
        "why": "",
        "guessed": False,
        "http": True,
        "reads": ["event.id"],
        "validated": [],
        "unquoted_key": None,
    }
    return made | changes


def shaped(*flows, ways=None, state=OK, package=None, ground=(WORKLOAD,), limits=None):
    params = {"package": "services/orders"}
    answer = {
        "flows": list(flows),
        "entries": [way()] if ways is None else list(ways),
        "limits": limits or {},
        "functions": 4,
    }
    told = {"entries": [{"workload": ARN}], "unparsed": [], "partly": [], "others": {}, "parsed": 3} | (package or {})
    captures = [
        Capture("code:Package", TREE, params, OK, told),
        Capture(
            "code:Flows", TREE, params, state, answer if state == OK else {}, reason="extractor broke", ref="E-0002"
        ),
    ]
    found = list(shape_flows(Captures(captures), ground))
    return [each for each in found if not isinstance(each, Hole)], [each for each in found if isinstance(each, Hole)]


@pytest.mark.parametrize(
    ("kind", "source", "table"),
    [
        ("sql", "event", InjectionFlow),
        ("path", "stored", InjectionFlow),
        ("ssrf", "event", RequestFlow),
        ("log", "event", LogFlow),
        ("log", "secret", LogFlow),
        ("response", "secret", DisclosureFlow),
        ("code", "external", ExternalFlow),
        ("ssrf", "external", ExternalFlow),
    ],
)
def test_a_flow_belongs_where_it_ends(kind, source, table):
    assert table_of(kind, source) is table


def test_a_flow_is_a_row_at_its_sink_about_its_function():
    rows, missing = shaped(flow())
    [row] = [each for each in rows if isinstance(each, InjectionFlow)]
    assert (row.where, row.subject, row.workload, row.handler, row.http) == (
        "app.py:9",
        SUBJECT,
        ARN,
        "app.handler",
        True,
    )
    assert row.setting.internet is True
    assert row.steps == (Step("app.py", 3, "handler", "reads it", "x"), Step("app.py", 9, "handler", "reads it", "x"))
    assert missing == []


def test_its_key_holds_no_line():
    first = {each.key for each in shaped(flow())[0]}
    sink = flow()["sink"] | {"line": 77}
    assert {each.key for each in shaped(flow(sink=sink))[0]} == first


def test_a_package_that_was_read_whole_says_what_is_not_in_it():
    rows, missing = shaped(flow())
    assert {type(each) for each in rows if not getattr(each, "kind", "x")} == set(TABLES) - {InjectionFlow}
    assert missing == []


@pytest.mark.parametrize(
    "package",
    [
        {"unparsed": [{"path": "old.py", "why": "Python 2", "line": 1}]},
        {"partly": [{"path": "a.js", "why": "an error"}]},
        {"others": {"go": 2}, "parsed": 0},
    ],
)
def test_what_was_not_read_is_missing_and_no_silence(package):
    rows, missing = shaped(package=package)
    assert [each for each in rows if not isinstance(each, EntryInput)] == []
    assert {each.table for each in missing} == set(TABLES)


def test_a_script_beside_code_that_is_read_is_no_gap():
    assert shaped(package={"others": {"shell": 1}})[1] == []


def test_a_handler_that_was_not_found_is_missing():
    rows, missing = shaped(ways=[way(found=False, why="no such file", file="", line=0, function="")])
    assert rows == []
    assert {each.table for each in missing} == {*TABLES, EntryInput}


def test_a_guess_that_is_wrong_is_nothing():
    rows, missing = shaped(ways=[way(), way(found=False, guessed=True, handler="x.y")])
    assert len([each for each in rows if isinstance(each, EntryInput)]) == 1
    assert missing == []


def test_a_package_without_any_way_in_passes_nothing():
    assert shaped(ways=[], ground=()) == ([], [])


def test_a_package_that_could_not_be_read_is_missing():
    rows, missing = shaped(state=FAILED)
    assert rows == []
    assert {each.table for each in missing} == {*TABLES, EntryInput}


def test_a_function_without_code_is_missing():
    other = replace(WORKLOAD, key=f"{ARN}-2")
    _, missing = shaped(ground=(WORKLOAD, other))
    assert {each.table for each in missing} == {*TABLES, EntryInput}


def test_odd_answers_are_missing():
    for odd in (flow(sink=3), flow(certain="yes"), flow(steps=[{}]), flow(source=None), "x"):
        _, missing = shaped(odd)
        assert missing or odd == "x"


def test_a_log_that_is_masked_says_so():
    mask = LogMask(key="m", subject=SUBJECT, name="/aws/lambda/orders", policy="pii", sensitive=False)
    log = flow(kind="log")
    [row] = [each for each in shaped(log, ground=(WORKLOAD, mask))[0] if isinstance(each, LogFlow)]
    assert row.masked == "pii"
    [row] = [each for each in shaped(log)[0] if isinstance(each, LogFlow)]
    assert row.masked == ""


def test_what_limits_cut_is_counted():
    assert {each.cut for each in shaped(limits={"depth": 2, "budget": 1})[0] if isinstance(each, TABLES)} == {3}


def test_a_way_in_says_what_checks_it():
    validated = [{"library": "pydantic", "file": "app.py", "line": 4, "whole": True}]
    [row] = [each for each in shaped(ways=[way(validated=validated)])[0] if isinstance(each, EntryInput)]
    assert (row.validated, row.whole, row.where, row.workload) == (("pydantic",), True, "app.py:1", ARN)
