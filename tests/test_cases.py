"""Every check on every row of its case file; then again with each fact that it read taken away."""

import pytest

from assaybook.checks import ALL
from assaybook.config import Declarations
from assaybook.evidence import Hole, Row
from assaybook.model import Outcome
from case_files import FOLDER, Case, catalogue, load, paths, without

CASES = [case for path in paths() for case in load(path)]
# Who a row is about is never missing, and where it stands weighs only on the severity.
ALWAYS_THERE = {"key", "subject", "sources", "setting", "where"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    finding = case.decided()
    assert (finding.outcome, finding.because) == (case.outcome, finding.because), finding.because
    assert case.because in finding.because
    if case.severity is not None:
        assert finding.severity is case.severity, finding.severity_why


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_sentence_reads_well(case: Case) -> None:
    said = case.decided().because
    assert said == said.strip()
    assert said
    assert not said.endswith(".")
    assert "None" not in said and "frozenset" not in said and "()" not in said and "Gap(" not in said


@pytest.mark.parametrize("case", CASES, ids=str)
def test_missing_evidence_is_never_a_pass(case: Case) -> None:
    before = case.decided()
    read = sorted({(fact.table, fact.field) for fact in before.relied_on if fact.table != "parameter"})
    for table, field in read:
        if field in ALWAYS_THERE:
            continue
        others = tuple(_without(each, table, field) for each in case.others)
        after = case.put(_without(case.row, table, field), others)
        allowed = {Outcome.UNKNOWN, Outcome.FAIL} if before.outcome is Outcome.FAIL else {Outcome.UNKNOWN}
        assert after.outcome in allowed, f"{table}.{field} is missing, and yet: {after.because}"


def _without(item: Row | Hole, table: str, field: str) -> Row | Hole:
    return without(item, field) if isinstance(item, Row) and type(item).__name__ == table else item


@pytest.mark.parametrize("case", CASES, ids=str)
def test_thresholds_are_named_by_the_home_control(case: Case) -> None:
    named = {*catalogue().home(case.check.id).parameters, *Declarations.model_fields}
    read = {fact.field for fact in case.decided().relied_on if fact.table == "parameter"}
    assert read <= named


@pytest.mark.parametrize("check", ALL)
def test_each_check_has_a_good_row_a_bad_row_and_a_near_miss(check: str) -> None:
    cases = load(FOLDER / f"{check}.yaml")
    kinds = [case.kind for case in cases]
    assert kinds.count("good") == 1
    assert "near" in kinds
    # What only informs cannot fail; where a person concludes, a check may have nothing worse to say than that one has to.
    home = catalogue().home(check)
    # What another tool says proves nothing here, whatever kind of control it is filed under.
    # Nor does a source tree say what else there may be.
    proves = home.kind == "auto" and not check.startswith(("another-tool-reports-", "declared-and-deployed-"))
    doubtful = {Outcome.FAIL} if proves else {Outcome.FAIL, Outcome.REVIEW}
    worst = {Outcome.UNKNOWN} if home.severity == "info" else doubtful
    assert any(case.outcome in worst for case in cases if case.kind == "bad")
    assert all(case.outcome is not Outcome.FAIL for case in cases if case.kind != "bad")
    assert len({case.name for case in cases}) == len(cases)


def test_each_case_file_belongs_to_a_check() -> None:
    assert {path.stem for path in paths()} == set(ALL)
