"""The data register is read strictly, becomes rows, and is compared with the stores that exist."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assaybook.capture import Target
from assaybook.data_register import RegisterError, load_register
from assaybook.model import Outcome
from assaybook.people import People
from assaybook.shape.register import shape_register
from assaybook.tables.register import DataRegister, RegisterEntry
from demo_run import assessed, demo_captures

TEXT = """\
date: 2026-09-02
approved_by: Data protection officer
stores:
  - {store: orders, owner: shop team, class: confidential, flow: to the warehouse, fields: [email], max_retention_days: 400}
  - {store: orders, region: eu-west-1, account: "111122223333", owner: europe}
"""


def written(folder: Path, text: str = TEXT) -> Path:
    path = folder / "data-register.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_register_says_what_its_file_says(tmp_path: Path) -> None:
    register = load_register(written(tmp_path))
    assert (register.name, register.day, register.approved_by) == (
        "data-register.yaml",
        date(2026, 9, 2),
        "Data protection officer",
    )
    first, second = register.stores
    assert (first.store, first.data_class, first.fields, first.max_retention_days) == (
        "orders",
        "confidential",
        ("email",),
        400,
    )
    assert (second.account, second.region, second.data_class, second.flow) == ("111122223333", "eu-west-1", "", "")


def test_its_digest_is_of_what_it_says(tmp_path: Path) -> None:
    digest = load_register(written(tmp_path)).digest
    assert load_register(written(tmp_path, TEXT + "# remark\n")).digest == digest
    assert load_register(written(tmp_path, TEXT.replace("400", "30"))).digest != digest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEXT.replace("owner: europe", "owners: europe"), r"line 5: stores\.1\.owners: the schema knows no such key"),
        (TEXT.replace("2026-09-02", "soon"), "line 1: date"),
        (TEXT.replace("2026-09-02", "2026-09-02 10:00:00"), "is a date such as"),
        (TEXT.replace("400", "0"), "max_retention_days"),
        (TEXT.replace("400", '"400"'), "max_retention_days"),
        (TEXT.replace('"111122223333"', "12"), "account"),
        (TEXT.replace(', region: eu-west-1, account: "111122223333"', ""), "orders stands in the register twice"),
        ("stores: []\n", "the key is missing"),
        ("- a\n", "data-register.yaml"),
        ("date: [\n", "data-register.yaml"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RegisterError, match=says):
        load_register(written(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="cannot be read"):
        load_register(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"date: \xff\n")
    with pytest.raises(RegisterError, match="is not UTF-8"):
        load_register(tmp_path / "latin.yaml")


def test_a_register_and_its_entries_are_rows(tmp_path: Path) -> None:
    targets = [
        Target("aws", each, region) for each in ("444455556666", "111122223333") for region in ("us-east-1", "global")
    ]
    first, second, *entries = shape_register(load_register(written(tmp_path)), targets)
    assert [each.subject.account for each in (first, second)] == ["111122223333", "444455556666"]
    whole = first
    assert isinstance(whole, DataRegister)
    assert (whole.exists, whole.day, whole.stores) == (True, date(2026, 9, 2), 2)
    assert [each.key for each in entries] == ["orders", "111122223333/eu-west-1/orders"]
    assert all(isinstance(each, RegisterEntry) for each in entries)
    assert {each.subject.account for each in entries} == {"111122223333"}
    (none,) = shape_register(None, targets[:1])
    assert isinstance(none, DataRegister)
    assert (none.exists, none.day, none.stores) == (False, None, 0)


def test_stores_are_compared_with_the_register_and_its_digest_is_an_input(tmp_path: Path) -> None:
    register = load_register(written(tmp_path))
    assessment = assessed(demo_captures(), replace(People(), register=register))
    assert assessment.inputs["register"] == register.digest
    compared = [each for each in assessment.findings if each.check == "store-missing-from-data-register"]
    named = {each.subject.name for each in compared if each.outcome is Outcome.PASS}
    assert named == {"orders"}
    assert any(each.outcome is Outcome.FAIL for each in compared)


def test_without_a_register_one_finding_awaits_a_person() -> None:
    assessment = assessed(demo_captures())
    assert "register" not in assessment.inputs
    found = [each for each in assessment.findings if each.check.startswith("data-register")]
    assert [(each.check, each.outcome) for each in found] == [("data-register-outdated", Outcome.REVIEW)]
    compared = {each.outcome for each in assessment.findings if each.check == "store-missing-from-data-register"}
    assert compared == {Outcome.NOT_APPLICABLE}
