"""A checklist that is not as it must be is refused, with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from assaybook.catalogue import Catalogue, CatalogueError, load_catalogue

AREA = """\
area: C
title: Access
guide: What the guide asks.
practices:
  - id: C1
    title: Functions
    objective: Only some may call.
    frameworks: {house_rules: ["1.10", "1.1"]}
    controls:
      - id: C1-01
        title: Nobody else calls
        kind: auto
        methods: [test]
        severity: high
        objective: Nobody else calls.
        why: It would be bad.
        population: [FN]
        population_text: All functions.
        evidence: ["lambda:GetPolicy"]
        procedure: Read each policy.
        passes: Nobody else is named.
        remedy: {aws: Remove the grant.}
        parameters: [longest_days]
        checks: [door-open]
      - id: C1-02
        title: Somebody looks
        kind: hybrid
        methods: [test, examine]
        severity: low
        objective: Somebody looks.
        why: It would be noticed.
        population_text: All accounts.
        evidence: ["a record"]
        procedure: Read the record.
        passes: The record is there.
        remedy: {aws: Look.}
        cites: [door-open]
        question: Who looked?
        pending: Nothing reads it.
"""
PARAMETERS = """\
parameters:
  - name: longest_days
    kind: number
    default: 90
    minimum: 1
    unit: days
    used_by: [C1-01]
    meaning: The longest time.
    source: proposed
"""
FRAMEWORK = """\
id: house_rules
name: House rules
version: "2024"
source: Written here
license: Our own
relationship: intersects
reviewed_by: null
pattern: '\\d+\\.\\d+'
ids:
  "1.10": Doors are shut
  "1.1": Doors exist
"""


def write(folder: Path, **changed: str) -> Path:
    """A small folder of checklists, whole but for what is changed."""
    (folder / "frameworks").mkdir()
    (folder / "c-access.yaml").write_text(changed.get("area", AREA), encoding="utf-8")
    (folder / "parameters.yaml").write_text(changed.get("parameters", PARAMETERS), encoding="utf-8")
    (folder / "frameworks" / "house_rules.yaml").write_text(changed.get("framework", FRAMEWORK), encoding="utf-8")
    return folder


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} must stand once in the text"
    return text.replace(old, new)


def refused(folder: Path, says: str) -> CatalogueError:
    with pytest.raises(CatalogueError, match=says) as caught:
        load_catalogue(folder)
    return caught.value


def test_a_small_folder_is_read(tmp_path: Path) -> None:
    catalogue: Catalogue = load_catalogue(write(tmp_path))
    assert [control.id for control in catalogue.controls] == ["C1-01", "C1-02"]
    assert catalogue.home("door-open").id == "C1-01"
    assert [each.id for each in catalogue.citing("door-open")] == ["C1-02"]
    assert catalogue.practice("C1").frameworks == {"house_rules": ("1.10", "1.1")}
    counts = catalogue.counts()
    assert (counts.controls, counts.with_checks, counts.pending, counts.partial) == (2, 1, 1, 0)


def test_a_part_without_a_check_counts_apart(tmp_path: Path) -> None:
    text = changed(AREA, "        checks: [door-open]\n", "        checks: [door-open]\n        pending: Windows.\n")
    counts = load_catalogue(write(tmp_path, area=text)).counts()
    assert (counts.with_checks, counts.pending, counts.partial) == (1, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "says"),
    [
        ("title: Nobody else calls\n", "titel: Nobody\n", 11, "titel", "knows no such key.*spelling"),
        ("        why: It would be bad.\n", "", 10, "why", "the key is missing"),
        ("kind: auto\n", "kind: automatic\n", 12, "kind", "auto"),
        ("severity: high\n", "severity: grave\n", 14, "severity", "critical"),
        ("severity: high\n", "severity: 3\n", 14, "severity", "critical"),
        ("methods: [test]\n", "methods: test\n", 13, "methods", "valid tuple"),
        ("methods: [test]\n", "methods: []\n", 13, "methods", "at least 1"),
        ("methods: [test]\n", "methods: [test, test]\n", 10, "controls.0", "names test twice"),
        ("population: [FN]\n", "population: [FUNCTION]\n", 17, "population.0", "FN"),
        ("evidence: [\"lambda:GetPolicy\"]\n", "evidence: [7]\n", 19, "evidence.0", "string"),
        ("procedure: Read each policy.\n", "procedure: no\n", 20, "procedure", "string"),
        ("remedy: {aws: Remove the grant.}\n", "remedy: {azure: Remove it.}\n", 10, "controls.0", "entry for aws"),
        ("remedy: {aws: Remove the grant.}\n", "remedy: {aws: Remove it., aws: No.}\n", 22, "", "'aws' stands here a second"),
        ("title: Nobody else calls\n", "title: One\n        title: Two\n", 12, "", "second time .first in line 11"),
        ("id: C1-01\n", "id: C1-02\n", 5, "practices.0", "C1-02 stands where C1-01 belongs"),
        ("id: C1-02\n", "id: C1-03\n", 5, "practices.0", "C1-03 stands where C1-02 belongs"),
        ("id: C1-02\n", "id: C1-2\n", 25, "controls.1.id", "pattern"),
        ("- id: C1\n", "- id: B1\n", 5, "practices.0", "C1-01 stands where B1-01 belongs"),
        ("area: C\n", "area: B\n", 1, "", "C1 does not belong to area B"),
        ("area: C\n", "area: H\n", 1, "area", "'A', 'B'"),
        ("cites: [door-open]\n", "cites: [door-opens]\n", 37, "cites.0", "at home nowhere. Did you mean door-open"),
        ("checks: [door-open]\n", "checks: [door-open]\n        cites: [door-open]\n", 25, "cites.0", "at home here"),
        ("cites: [door-open]\n", "checks: [door-open]\n", 37, "checks.0", "at home in C1-01 and in C1-02"),
        ("checks: [door-open]\n", "checks: [Door_Open]\n", 24, "checks.0", "pattern"),
        ("checks: [door-open]\n", "reference: C1-02\n        checks: [door-open]\n", 10, "controls.0", "no home for checks"),
        ("        checks: [door-open]\n", "", 10, "controls.0", "needs pending"),
        ("        question: Who looked?\n", "", 25, "controls.1", "hybrid control needs a question"),
        ("kind: hybrid\n", "kind: manual\n", 25, "controls.1", "nothing pending"),
        ("pending: Nothing reads it.\n", "reference: C1-02\n", 39, "reference", "which is no other control"),
        ("pending: Nothing reads it.\n", "reference: C9-01\n", 39, "reference", "which is no other control"),
        ("parameters: [longest_days]\n", "parameters: [longest_day]\n", 23, "parameters.0", "Did you mean longest_days"),
        ('["1.10", "1.1"]', '["1.10", "1.2"]', 8, "frameworks.house_rules", "describes no id 1.2"),
        ('["1.10", "1.1"]', '["1.1", "1.1"]', 5, "practices.0", "names 1.1 twice"),
        ('["1.10", "1.1"]', "[1.10]", 8, "house_rules.0", "string"),
        ("house_rules", "house_rule", 8, "frameworks.house_rule", "Did you mean house_rules"),
    ],
)  # fmt: skip
def test_a_wrong_area_is_refused(tmp_path: Path, old: str, new: str, line: int, key: str, says: str) -> None:
    error = refused(write(tmp_path, area=changed(AREA, old, new)), says)
    assert error.origin == "c-access.yaml"
    assert error.line == line
    assert error.key.endswith(key)


def test_practices_stand_in_order(tmp_path: Path) -> None:
    head, _, body = AREA.partition("  - id: C1\n")
    body = "  - id: C1\n" + body
    second = body.replace("C1", "C2").replace("door-open", "gate-open").replace("[longest_days]", "[]")
    right = write(tmp_path, area=head + body + second)
    assert [each.id for each in load_catalogue(right).practices] == ["C1", "C2"]
    (right / "c-access.yaml").write_text(head + second + body, encoding="utf-8")
    assert refused(right, "the practice C1 stands after C2").origin == "c-access.yaml"
    (right / "c-access.yaml").write_text(head + body + body, encoding="utf-8")
    assert refused(right, "names C1 twice").origin == "c-access.yaml"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("default: 90\n", "default: 0\n", 2, "at least 1; it is 0"),
        ("default: 90\n", "default: many\n", 2, "whole number of days"),
        ("kind: number\n", "kind: numbers\n", 2, "kind numbers is a mapping"),
        ("kind: number\n", "kind: words\n", 2, "list of 1 or more days"),
        ("used_by: [C1-01]\n", "used_by: [C1-02]\n", 7, "C1-02 uses it, and C1-02 does not say so"),
        ("used_by: [C1-01]\n", "used_by: [severity]\n", 7, "C1-01 uses longest_days, which does not say so"),
        ("used_by: [C1-01]\n", "used_by: [weather]\n", 7, "severity"),
        ("source: proposed\n", "source: proposed\n    sources: []\n", 10, "knows no such key"),
    ],
)
def test_wrong_parameters_are_refused(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    error = refused(write(tmp_path, parameters=changed(PARAMETERS, old, new)), says)
    assert error.origin == "parameters.yaml"
    assert error.line == line


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("id: house_rules\n", "id: home_rules\n", 1, "the file of home_rules must bear its name"),
        ("relationship: intersects\n", "relationship: equal\n", 6, "intersects"),
        ("version: \"2024\"\n", "version: 2024\n", 3, "string"),
        ('"1.1": Doors exist\n', '"A.1": Doors exist\n', 1, "the id A.1 does not have the form"),
        ('"1.1": Doors exist\n', '"1.10": Doors exist\n', 11, "'1.10' stands here a second time"),
        ('"1.1": Doors exist\n', "1.1: Doors exist\n", 11, "string"),
        ("pattern: '\\d+\\.\\d+'\n", "pattern: '((('\n", 8, "no regular expression"),
    ],
)  # fmt: skip
def test_a_wrong_framework_is_refused(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    error = refused(write(tmp_path, framework=changed(FRAMEWORK, old, new)), says)
    assert error.origin == "frameworks/house_rules.yaml"
    assert error.line == line


def test_files_that_do_not_belong_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    stray = folder / "notes.yaml"
    stray.write_text("notes: [one]\n", encoding="utf-8")
    assert refused(folder, "knows no such key|the key is missing").origin == "notes.yaml"
    stray.write_text(AREA, encoding="utf-8")
    assert refused(folder, "stands in c-access.yaml too").origin == "notes.yaml"
    stray.write_text("", encoding="utf-8")
    assert refused(folder, "dictionary|instance").origin == "notes.yaml"
    stray.write_bytes(b"area: \xff\n")
    assert refused(folder, "cannot be read").origin == "notes.yaml"
    stray.unlink()
    (folder / "d-logs.yml").write_text("area: D\n", encoding="utf-8")
    assert refused(folder, "end in .yaml").origin == "d-logs.yml"


def test_a_folder_without_checklists_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "holds no parameters.yaml").origin == str(tmp_path)


def test_the_digest_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    folder = write(tmp_path)
    before = load_catalogue(folder).digest
    area = folder / "c-access.yaml"
    area.write_text("# A comment.\n" + AREA, encoding="utf-8")
    assert load_catalogue(folder).digest == before
    area.write_text(changed(AREA, "severity: high\n", "severity: medium\n"), encoding="utf-8")
    assert load_catalogue(folder).digest != before
