"""What is new since an earlier result, and that a pipeline answers for that alone."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.assess import Assessment, gate
from assaybook.compare import CompareError, compare, load_baseline
from assaybook.model import Finding, Outcome, Severity, Status, Subject, finding_id
from assaybook.report.exports import findings_json, schema
from demo_run import assessed, demo_captures

CHECK = "public-endpoint-without-auth"


@cache
def demo() -> Assessment:
    return assessed(demo_captures())


def finding(row: str, outcome=Outcome.FAIL, because="it is open", where="", severity=Severity.HIGH) -> Finding:
    subject = Subject("source", "shop", "tree", "file", row, row)
    return Finding(
        id=finding_id(CHECK, subject, row),
        check=CHECK,
        subject=subject,
        row=row,
        outcome=outcome,
        because=because,
        severity=severity,
        where=where,
    )


def assessment(*found: Finding) -> Assessment:
    """The demo's assessment with these findings alone, also under their control."""
    controls = tuple(
        replace(
            each,
            findings=tuple(found) if CHECK in each.control.checks else (),
            status=Status.NOT_MET if CHECK in each.control.checks else Status.MET,
        )
        for each in demo().controls
    )
    return replace(demo(), findings=tuple(found), controls=controls)


def since(tmp_path, before, after):
    (tmp_path / "findings.json").write_text(findings_json(assessment(*before)))
    return compare(assessment(*after), load_baseline(tmp_path))


def test_new_persisting_and_fixed(tmp_path):
    found = since(
        tmp_path, [finding("old"), finding("mended")], [finding("old"), finding("new"), finding("mended", Outcome.PASS)]
    )
    assert found.new == {finding("new").id}
    assert found.persisting == {finding("old").id}
    assert [each.subject for each in found.fixed] == ["mended"]
    assert found.unseen == ()


def test_what_is_gone_is_fixed_and_what_cannot_be_told_is_not(tmp_path):
    found = since(tmp_path, [finding("gone"), finding("denied")], [finding("denied", Outcome.UNKNOWN)])
    assert [each.subject for each in found.fixed] == ["gone"]
    assert [each.subject for each in found.unseen] == ["denied"]


def test_a_review_that_fails_now_is_new(tmp_path):
    assert since(tmp_path, [finding("a", Outcome.REVIEW)], [finding("a")]).new == {finding("a").id}
    assert since(tmp_path, [finding("a")], [finding("a", Outcome.REVIEW)]).new == frozenset()


def test_a_file_that_was_renamed_makes_nothing_new(tmp_path):
    before = [finding("a", because="line 3 of src/old.py holds a password", where="src/old.py:3")]
    after = [finding("b", because="line 9 of src/new.py holds a password", where="src/new.py:9")]
    found = since(tmp_path, before, after)
    assert found.new == frozenset()
    assert found.moved == {after[0].id: before[0].id}
    assert found.fixed == ()


def test_a_second_one_of_the_same_words_is_new(tmp_path):
    before = [finding("a", because="line 3 of src/old.py holds a password", where="src/old.py:3")]
    after = [finding(name, because=f"line 9 of {name}.py holds a password", where=f"{name}.py:9") for name in "bc"]
    assert len(since(tmp_path, before, after).new) == 1


def test_a_file_that_still_has_its_own_lends_it_to_no_other(tmp_path):
    before = [finding("a", because="line 3 of a.py holds a password", where="a.py:3")]
    after = [*before, finding("b", because="line 3 of b.py holds a password", where="b.py:3")]
    assert since(tmp_path, before, after).new == {finding("b").id}


def test_resources_of_an_account_do_not_move(tmp_path):
    assert since(tmp_path, [finding("a", because="a is open")], [finding("b", because="a is open")]).new == {
        finding("b").id
    }


def test_only_what_is_new_gates(tmp_path):
    before, after = [finding("old")], [finding("old")]
    found = since(tmp_path, before, after)
    assert gate(assessment(*after), "automatic", Severity.HIGH) is Status.NOT_MET
    assert gate(assessment(*after), "automatic", Severity.HIGH, found.counted) is Status.MET
    worse = [*after, finding("new")]
    assert (
        gate(assessment(*worse), "automatic", Severity.HIGH, since(tmp_path, before, worse).counted) is Status.NOT_MET
    )


def test_what_cannot_be_told_any_more_leaves_it_undetermined(tmp_path):
    after = [finding("a", Outcome.UNKNOWN)]
    known = since(tmp_path, after, after)
    assert gate(assessment(*after), "automatic", Severity.HIGH, known.counted) is Status.MET
    lost = since(tmp_path, [], after)
    assert gate(assessment(*after), "automatic", Severity.HIGH, lost.counted) is Status.UNDETERMINED


def test_another_version_and_another_catalogue_are_said(tmp_path):
    document = json.loads(findings_json(assessment()))
    document["tool"]["version"] = "0.0.1"
    document["inputs"]["catalogue"] = "other"
    (tmp_path / "findings.json").write_text(json.dumps(document))
    notes = compare(assessment(), load_baseline(tmp_path / "findings.json")).notes
    assert "version 0.0.1" in notes[0]
    assert "another catalogue" in notes[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"findings": 3, "tool": {"version": "1"}}',
        '{"findings": [{"id": "a"}], "tool": {"version": "1"}, "inputs": {}}',
        "\0",
    ],
)
def test_what_is_no_result_is_refused_with_one_message(tmp_path, text):
    path = tmp_path / "findings.json"
    path.write_text(text)
    with pytest.raises(CompareError, match="Name "):
        load_baseline(path)


def test_a_baseline_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CompareError, match="there is no such file"):
        load_baseline(tmp_path / "nowhere")


def test_the_comparison_stands_in_the_result_and_follows_the_schema(tmp_path):
    after = [finding("b")]
    found = since(tmp_path, [finding("a")], after)
    document = json.loads(findings_json(assessment(*after), found))
    jsonschema.Draft202012Validator(schema()).validate(document)
    assert document["baseline"]["new"] == [after[0].id]
    assert document["baseline"]["fixed"] == [finding("a").id]


outcomes = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(list(Outcome)), max_size=6)


@given(outcomes, outcomes)
def test_every_open_finding_is_new_or_persists_and_every_old_one_has_a_fate(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("since")
    old = [finding(name, outcome) for name, outcome in before.items()]
    new = [finding(name, outcome) for name, outcome in after.items()]
    found = since(folder, old, new)
    is_open = {each.id for each in new if each.outcome in (Outcome.FAIL, Outcome.REVIEW)}
    was_open = {each.id for each in old if each.outcome in (Outcome.FAIL, Outcome.REVIEW)}
    assert found.new | found.persisting == is_open
    assert not found.new & found.persisting
    fates = {each.id for each in (*found.fixed, *found.unseen)}
    assert fates | (was_open & is_open) | set(found.moved.values()) == was_open
    assert compare(assessment(*old), load_baseline(folder)).new == frozenset()
