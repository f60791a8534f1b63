"""Accounts, regions and populations out of captures; and what holds for shaping as a whole."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.capture import DENIED, OK, Capture, Captures, numbered
from assaybook.check import put
from assaybook.checks import ALL
from assaybook.evidence import Evidence, Gap
from assaybook.model import Outcome, Severity
from assaybook.plan.aws import CALLS
from assaybook.plan.aws.functions import COUNT_BY_TYPE
from assaybook.shape import shape
from assaybook.tables.compute import Workload
from assaybook.tables.imports import ImportedFinding
from assaybook.tables.register import DataRegister, RegisterEntry
from assaybook.tables.scope import Account, InventoryComparison, Population, Region
from case_files import AS_OF
from shaped_account import (
    ACCOUNT,
    GLOBE,
    HERE,
    Shaped,
    absent,
    account,
    answered,
    denied,
    function,
    having,
    lacking,
    parameters,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_the_account_and_its_organisation() -> None:
    row = Shaped(account()).one(Account)
    assert (row.account, row.organisation, row.management_account) == (ACCOUNT, "o-exampleorg1", ACCOUNT)


def test_an_account_that_stands_alone_has_no_organisation() -> None:
    kept = [each for each in account() if not each.call.startswith("organizations:")]
    row = Shaped([*kept, absent("organizations:DescribeOrganization", GLOBE)]).one(Account)
    assert (row.organisation, row.management_account) == ("", "")


def test_a_denied_organisation_is_a_gap() -> None:
    assert isinstance(lacking("organizations:DescribeOrganization").one(Account).organisation, Gap)


def test_a_region_counts_functions_and_not_versions() -> None:
    assert Shaped(account()).one(Region).workloads == 1
    assert isinstance(lacking("lambda:ListFunctions").one(Region).workloads, Gap)


def population(found: Shaped, name: str) -> Population:
    """The population of this name."""
    (row,) = [each for each in found.rows(Population).values() if each.population == name]
    return row


def test_functions_are_counted_a_second_time_by_the_account() -> None:
    row = population(Shaped(account()), "functions")
    assert (row.call, row.records, row.second_source, row.second_count, row.pages) == (
        "lambda:ListFunctions",
        1,
        "lambda:GetAccountSettings",
        1,
        1,
    )
    assert population(Shaped(account()), "roles").second_count == 1


@pytest.mark.parametrize(
    ("call", "field"), [("lambda:GetAccountSettings", "second_count"), ("lambda:ListFunctions", "records")]
)
def test_a_denied_count_is_a_gap(call, field) -> None:
    assert isinstance(getattr(population(lacking(call), "functions"), field), Gap)


def test_a_population_that_was_not_listed_is_a_gap_and_no_silence() -> None:
    assert isinstance(population(Shaped(account()), "topics").records, Gap)


def counted_by_config(*results: str) -> list[Population]:
    """The rows of populations that AWS Config counts, where it answers with these lines."""
    asked = answered("config:SelectResourceConfig", params={"Expression": COUNT_BY_TYPE}, Results=list(results))
    return _of_config(having(asked))


def _of_config(found: Shaped) -> list[Population]:
    return [each for each in found.rows(Population).values() if each.second_source == "config:SelectResourceConfig"]


def test_aws_config_is_a_second_source_for_what_it_records() -> None:
    (row,) = counted_by_config('{"resourceType": "AWS::Lambda::Function", "COUNT(*)": 2}')
    assert (row.population, row.records, row.second_count) == ("functions", 1, 2)
    (other,) = counted_by_config('{"resourceType": "AWS::ApiGateway::RestApi", "COUNT(*)": 1}')
    assert (other.population, other.records, other.second_count) == ("REST APIs", 1, 1)
    assert counted_by_config() == []


def test_a_second_source_that_could_not_be_read_is_a_gap() -> None:
    asked = answered("config:SelectResourceConfig", params={"Expression": COUNT_BY_TYPE})
    rows = _of_config(having(denied(asked)))
    assert sorted(each.population for each in rows) == ["HTTP and WebSocket APIs", "REST APIs", "functions"]
    for row in (*rows, *counted_by_config("no JSON")):
        assert isinstance(row.second_count, Gap)


def test_a_plan_that_does_not_ask_aws_config_has_no_row_of_it() -> None:
    assert _of_config(Shaped(account())) == []


def test_order_does_not_depend_on_the_order_of_captures() -> None:
    captures = list(numbered(account()))
    mixed = list(captures)
    random.Random(7).shuffle(mixed)
    first, second = (_evidence(each) for each in (captures, mixed))
    assert [(table, first.rows(table)) for table in first.tables] == [
        (table, second.rows(table)) for table in second.tables
    ]


def _evidence(captures: list[Capture]) -> Evidence:
    return Evidence(shape(Captures(captures), parameters()), AS_OF)


def test_two_different_records_of_one_name_are_a_row_and_a_hole() -> None:
    found = having(
        answered("lambda:ListFunctions", Functions=[function()]),
        replace(answered("lambda:ListFunctions", Functions=[function(Runtime="java21")]), params={"second": True}),
    )
    assert len(found.rows(Workload)) == 1
    assert "two different records" in found.holes(Workload)[0].gap.reason


def test_an_account_of_which_nothing_was_answered_passes_no_check() -> None:
    captures = [replace(each, state=DENIED, answer={}, code="AccessDenied") for each in account()]
    evidence = _evidence(list(numbered(captures)))
    said = {
        each.check: each.outcome for check in ALL.values() for each in put(check, evidence, parameters(), Severity.HIGH)
    }
    # The organisation's own register, what other tools report, and what stands in a source tree alone, come from no call.
    elsewhere = (DataRegister, RegisterEntry, ImportedFinding, InventoryComparison)
    asked = {id for id, each in ALL.items() if not issubclass(each.over, elsewhere)}
    assert asked - set(said) == set()
    assert set(said.values()) <= {Outcome.UNKNOWN, Outcome.NOT_APPLICABLE}


@settings(max_examples=300, deadline=None)
@given(
    place=st.integers(min_value=0, max_value=len(account()) - 1), answer=st.dictionaries(st.text(max_size=8), ANYTHING)
)
def test_no_answer_breaks_the_shaping(place, answer) -> None:
    captures = account()
    captures[place] = replace(captures[place], answer=answer)
    _evidence(list(numbered(captures)))


@settings(max_examples=400, deadline=None)
@given(place=st.integers(min_value=0, max_value=len(account()) - 1), data=st.data())
def test_no_value_inside_an_answer_breaks_the_shaping(place, data) -> None:
    captures = account()
    spots = list(_spots(captures[place].answer, ()))
    if not spots:
        return
    path = data.draw(st.sampled_from(spots))
    captures[place] = replace(captures[place], answer=_with(captures[place].answer, path, data.draw(ANYTHING)))
    _evidence(list(numbered(captures)))


def _spots(value, path):
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return
    for name, inner in items:
        yield (*path, name)
        yield from _spots(inner, (*path, name))


def _with(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=200, deadline=None)
@given(
    call=st.sampled_from(CALLS), answer=st.dictionaries(st.sampled_from(["Items", "items"]), ANYTHING), members=ANYTHING
)
def test_any_call_of_the_plan_may_answer_anything(call, answer, members) -> None:
    target = GLOBE if call.scope == "global" else HERE
    top = call.items.partition(".")[0]
    given_answer = {**answer, **({top: members} if top else {})}
    kept = [each for each in account() if each.call != call.key]
    _evidence(list(numbered([*kept, Capture(call.key, target, {}, OK, given_answer)])))
