"""Every check on its cases: tests/cases/<check-id>.yaml holds one good row, and bad rows and near misses derived from it.

A case file:

    over: Endpoint                 # the table
    good: {field: value ...}       # a row that passes; `setting` may be given
    parameters: {name: value}      # on top of the catalogue's defaults
    others:                        # further rows that the check reads
      Workload: [{key: ..., ...}]
    cases:
      - name: what it shows
        change: {field: value}     # against the good row; `others` replaces rows, `parameters` adds
        expect: fail               # fail, pass, review, not_applicable, unknown
        says: a part of the sentence
        severity: critical         # if the case is about it
        near: true                 # a near miss: looks bad, is not
"""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import yaml

import assaybook.tables
from assaybook.catalogue import load_catalogue
from assaybook.check import Check, put
from assaybook.checks import ALL
from assaybook.config import load_config
from assaybook.evidence import Evidence, Gap, Row, Setting
from assaybook.model import Finding, Outcome, Severity, Subject

CASES = Path(__file__).parent / "cases"
AS_OF = datetime(2026, 11, 16, 9, tzinfo=UTC)
GAP = Gap("some:Call", "denied", "AccessDenied", "some:Permission")
KINDS = ("fail", "pass")


@cache
def tables() -> dict[str, type[Row]]:
    found: dict[str, type[Row]] = {}
    for module in pkgutil.iter_modules(assaybook.tables.__path__):
        for value in vars(importlib.import_module(f"assaybook.tables.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Row) and value is not Row:
                found[value.__name__] = value
    return found


@cache
def case_file(check: str) -> dict[str, Any]:
    return yaml.safe_load((CASES / f"{check}.yaml").read_text(encoding="utf-8"))


def value_of(hint: Any, value: Any) -> Any:
    """YAML's value as the type that a field has."""
    origin, inner = get_origin(hint), get_args(hint)
    if value == "GAP":
        return GAP
    if origin is tuple and isinstance(value, list):
        return tuple(value_of(inner[0], each) for each in value)
    if origin is frozenset or hint is frozenset:
        return frozenset(value)
    if inner and NoneType in inner:
        rest = [each for each in inner if each is not NoneType]
        return None if value is None else value_of(rest[0], value)
    if hint is datetime and isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        hints = get_type_hints(hint)
        return hint(**{name: value_of(hints[name], each) for name, each in value.items()})
    return value


def row_of(table: type[Row], said: Mapping[str, Any]) -> Row:
    hints = get_type_hints(table)
    fields = {
        name: value_of(hints[name], value) for name, value in said.items() if name not in ("subject", "setting", "key")
    }
    key = str(said.get("key", "row"))
    subject = said.get("subject", {})
    made = Subject(
        provider="aws",
        account=subject.get("account", "111122223333"),
        region=subject.get("region", "us-east-1"),
        kind=subject.get("kind", table.__name__.lower()),
        native=subject.get("native", key),
        name=subject.get("name", key),
        release=subject.get("release", ""),
    )
    return table(key=key, subject=made, sources=("E-0001",), setting=Setting(**said.get("setting", {})), **fields)


@cache
def defaults() -> dict[str, object]:
    return {**load_catalogue().effective({}), **load_config(None).declared()}


def evidence_of(check: Check, said: Mapping[str, Any], case: Mapping[str, Any]) -> tuple[Evidence, dict[str, object]]:
    row = row_of(check.over, {**said["good"], **case.get("change", {})})
    others = {**said.get("others", {}), **case.get("others", {})}
    rest = [row_of(tables()[name], each) for name, rows in others.items() for each in rows]
    parameters = {**defaults(), **said.get("parameters", {}), **case.get("parameters", {})}
    return Evidence([row, *rest], AS_OF), parameters


def decided(check: Check, evidence: Evidence, parameters: Mapping[str, object], key: str) -> Finding:
    home = load_catalogue().home(check.id)
    return next(each for each in put(check, evidence, parameters, Severity(home.severity)) if each.row == key)


def all_cases() -> Iterator[Any]:
    for name in ALL:
        path = CASES / f"{name}.yaml"
        said = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {"cases": []}
        yield pytest.param(name, {"name": "good", "expect": "pass"}, id=f"{name}-good")
        for case in said["cases"]:
            yield pytest.param(name, case, id=f"{name}-{case['name'].replace(' ', '-')}")


@pytest.mark.parametrize("name", ALL)
def test_every_check_has_bad_rows_and_near_misses(name: str) -> None:
    said = case_file(name)
    check = ALL[name]
    assert said["over"] == check.over.__name__
    assert any(case["expect"] == "fail" for case in said["cases"])
    assert any(case.get("near") and case["expect"] != "fail" for case in said["cases"])
    names = [case["name"] for case in said["cases"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("name", "case"), all_cases())
def test_case(name: str, case: dict[str, Any]) -> None:
    check, said = ALL[name], case_file(name)
    evidence, parameters = evidence_of(check, said, case)
    key = str({**said["good"], **case.get("change", {})}.get("key", "row"))
    found = decided(check, evidence, parameters, key)
    assert found.outcome == case["expect"], found.because
    assert case.get("says", "") in found.because
    assert found.because == found.because.strip()
    assert found.because
    if "severity" in case:
        assert found.severity == case["severity"], found.severity_why


@pytest.mark.parametrize(("name", "case"), all_cases())
def test_without_a_fact_that_it_read_a_check_does_not_pass(name: str, case: dict[str, Any]) -> None:
    """Each field that the check read is replaced by a gap: unknown, or the same proven failure (or review), never better."""
    check, said = ALL[name], case_file(name)
    evidence, parameters = evidence_of(check, said, case)
    key = str({**said["good"], **case.get("change", {})}.get("key", "row"))
    before = decided(check, evidence, parameters, key)
    facts = [
        fact
        for fact in before.relied_on
        if fact.table != "parameter" and fact.field not in ("key", "subject", "sources", "setting")
    ]
    assert facts or check.over.__name__ == "Account", "the check read nothing of the evidence"
    for fact in facts:
        rows = [
            dataclasses.replace(row, **{fact.field: GAP})
            if (type(row).__name__, row.key) == (fact.table, fact.key)
            else row
            for table in evidence.tables
            for row in evidence.rows(table)
        ]
        after = decided(check, Evidence(rows, AS_OF), parameters, key)
        allowed = {Outcome.UNKNOWN}
        if before.outcome is Outcome.FAIL:
            allowed.add(Outcome.FAIL)
        if before.outcome in (Outcome.REVIEW, Outcome.FAIL):
            allowed.add(Outcome.REVIEW)
        assert after.outcome in allowed, f"without {fact.field}: {after.outcome}: {after.because}"
