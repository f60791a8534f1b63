"""The estate in the report: the worst paths link by link, all functions in groups, and what there is to say where nothing is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assaybook.assess import Assessment
from assaybook.evidence import Evidence
from assaybook.model import Outcome
from assaybook.report.document import plain, walk
from assaybook.report.sections import practice_section, summary_section
from assaybook.report.sections.paths import WHO, attack_paths, estate
from assaybook.report.validate import valid_block
from assaybook.tables.graph import AttackPath
from case_files import AS_OF
from demo_run import assessed, demo_captures


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return assessed(demo_captures())


def test_the_worst_path_is_drawn_with_all_its_links(assessment: Assessment) -> None:
    (drawing,) = attack_paths(assessment)
    data = valid_block(drawing)["data"]
    labels = [each["label"] for each in data["nodes"]]
    assert labels[:5] == [
        "mail rule operations",
        "ops-admin",
        "app.py:11",
        "ops-admin",
        "Every action on every resource",
    ]
    assert [each["note"] for each in data["nodes"] if each["column"] == 2] == ["command execution"]
    assert [each["tone"] for each in data["links"][:4]] == ["fail"] * 4
    assert drawing["caption"].startswith("Attack paths: 1 fails")
    assert (
        "mail rule operations (anyone on the internet) starts ops-admin, whose code at app.py:11 lets through what is sent (command execution), under role ops-admin"
        in drawing["alt"]
    )


def test_where_no_code_was_read_the_drawing_has_no_column_for_it() -> None:
    unread = assessed(tuple(each for each in demo_captures() if not each.call.startswith("code:")))
    (drawing,) = attack_paths(unread)
    data = valid_block(drawing)["data"]
    assert data["columns"] == ["What starts it", "Function", "Role", "What the role reaches"]
    assert [each["label"] for each in data["nodes"]][:3] == ["mail rule operations", "ops-admin", "ops-admin"]


def test_a_function_with_several_entries_is_one_node(assessment: Assessment) -> None:
    nodes = attack_paths(assessment)[0]["data"]["nodes"]
    assert sum(each["label"] == "ops-admin" and each["column"] == 1 for each in nodes) == 1


def test_few_paths_say_that_they_are_few(assessment: Assessment) -> None:
    (drawing,) = attack_paths(assessment, 2)
    assert drawing["caption"].endswith("; the worst 2 are drawn")
    assert len([each for each in drawing["data"]["nodes"] if each["column"] == 0]) == 2


def test_every_function_that_anything_starts_is_in_the_estate(assessment: Assessment) -> None:
    (drawing,) = estate(assessment)
    data = valid_block(drawing)["data"]
    started = {each.workload for each in assessment.evidence.rows(AttackPath) if each.kind != "none"}
    assert f"{len(started)} functions" in drawing["caption"]
    assert [each["label"] for each in data["nodes"] if each["column"] == 0] == [
        name for name in WHO.values() if name in {each["label"] for each in data["nodes"]}
    ], "the least trusted first"
    assert all(each["weight"] >= 1 for each in data["links"])
    assert "Anyone on the internet: " in drawing["alt"]


def test_four_thousand_functions_make_no_larger_drawing(assessment: Assessment) -> None:
    rows = assessment.evidence.rows(AttackPath)
    many = [replace(row, key=f"{row.key} {n}", workload=f"{row.workload} {n}") for row in rows for n in range(70)]
    large = replace(assessment, evidence=Evidence(many, AS_OF))
    (drawing,), (small,) = estate(large), estate(assessment)
    assert len(drawing["data"]["nodes"]) == len(small["data"]["nodes"])
    assert len(drawing["data"]["links"]) == len(small["data"]["links"])
    assert valid_block(drawing)


def test_where_no_path_is_open_it_is_said_in_a_sentence(assessment: Assessment) -> None:
    passed = tuple(replace(each, outcome=Outcome.PASS) for each in assessment.findings)
    (said,) = attack_paths(replace(assessment, findings=passed))
    assert "No path leads" in plain(said["c"])
    assert attack_paths(replace(assessment, findings=())) == []
    assert estate(replace(assessment, evidence=Evidence([], AS_OF))) == []


def test_the_drawings_stand_in_the_practice_and_on_the_summary(assessment: Assessment) -> None:
    def flows(block: Any) -> list[str]:
        return [each["caption"] for each in walk([block]) if each["kind"] == "chart" and each["form"] == "flow"]

    paths, whole = flows(practice_section(assessment, "XA"))
    assert paths.startswith("Attack paths") and whole.startswith("The estate")
    (summary,) = flows(summary_section(assessment))
    assert summary.startswith("Attack paths")
    assert flows(practice_section(assessment, "XB")) == []
