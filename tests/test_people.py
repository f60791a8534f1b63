"""Answers and waivers: read, validated, counted; never more than an overlay."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from assaybook.model import Finding, Outcome, Severity, Status, Subject
from assaybook.people import PeopleError, load_people, waived

ANSWERS = """\
answers:
  - control: F1-01
    conclusion: met
    statement: The plan of June names roles and contacts.
    by: Ada Example
    date: 2026-06-01
    until: 2027-05-31
    documents:
      - {name: plan.pdf, sha256: "SHA"}
  - control: F1-01
    conclusion: not_met
    statement: The plan does not name the on-call rota any more.
    by: Ada Example
    date: 2026-10-01
    until: 2026-12-31
""".replace("SHA", "0" * 64)
WAIVERS = """\
waivers:
  - id: W-1
    check: public-endpoint-without-auth
    subject: orders-*
    owner: Ole Example
    approver: Ada Example
    reason: A public catalogue, rate-limited and read only.
    date: 2026-10-01
    expires: 2026-12-31
"""
DAY = date(2026, 11, 16)
CONTROLS, CHECKS = ["F1-01", "F1-02"], ["public-endpoint-without-auth", "public-store"]


def load(tmp_path: Path, answers: str | None = ANSWERS, waivers: str | None = WAIVERS):
    paths = []
    for name, text in (("answers.yaml", answers), ("waivers.yaml", waivers)):
        path = tmp_path / name
        if text is not None:
            path.write_text(text, encoding="utf-8")
        paths.append(path if text is not None else None)
    return load_people(*paths, controls=CONTROLS, checks=CHECKS, waiver_max_days=365)


def finding(
    name: str = "orders-api", check: str = "public-endpoint-without-auth", outcome: Outcome = Outcome.FAIL
) -> Finding:
    subject = Subject(
        "aws", "111122223333", "us-east-1", "function", f"arn:aws:lambda:us-east-1:111122223333:function:{name}", name
    )
    return Finding(f"{name}-{check}", check, subject, name, outcome, "because", Severity.HIGH)


def test_the_latest_valid_answer_counts(tmp_path: Path) -> None:
    people = load(tmp_path)
    answer, problem = people.answer("F1-01", DAY)
    assert answer is not None
    assert (answer.conclusion, problem) == (Status.NOT_MET, "")
    assert people.answer("F1-01", date(2026, 9, 1))[0].conclusion is Status.MET
    assert people.answer("F1-02", DAY) == (None, "")


def test_an_expired_or_future_answer_does_not_count_and_says_why(tmp_path: Path) -> None:
    people = load(tmp_path)
    assert people.answer("F1-01", date(2027, 1, 1)) == (None, "the answer of Ada Example expired on 2026-12-31")
    assert people.answer("F1-01", date(2026, 5, 31)) == (
        None,
        "the answer is dated 2026-06-01, after the date of the assessment",
    )


@pytest.mark.parametrize(
    ("day", "valid", "state"),
    [
        (date(2026, 10, 1), True, "in force"),
        (date(2026, 12, 31), True, "in force"),
        (date(2027, 1, 1), False, "expired on 2026-12-31"),
        (date(2026, 9, 30), False, "not in force before 2026-10-01"),
    ],
)
def test_a_waiver_holds_from_its_first_to_its_last_day(tmp_path: Path, day: date, valid: bool, state: str) -> None:
    (use,) = waived(load(tmp_path).waivers, [finding()], day)
    assert (use.valid, use.state) == (valid, state)


def test_a_waiver_covers_failures_it_selects_and_nothing_else(tmp_path: Path) -> None:
    others = [finding("payments"), finding(check="public-store"), finding("orders-b", outcome=Outcome.UNKNOWN)]
    (use,) = waived(load(tmp_path).waivers, [finding(), *others], DAY)
    assert use.findings == (finding().id,)
    (unused,) = waived(load(tmp_path).waivers, others, DAY)
    assert "unused" in unused.state


def test_digests_are_of_content_not_of_layout(tmp_path: Path) -> None:
    people = load(tmp_path)
    assert load(tmp_path, ANSWERS + "# remark\n").answers_digest == people.answers_digest
    assert load(tmp_path, None).answers_digest != people.answers_digest
    assert load(tmp_path, waivers=WAIVERS.replace("2026-12-31", "2026-12-30")).waivers_digest != people.waivers_digest


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("statement: The plan of", "statment: The plan of"), 4, "knows no such key"),
        (("control: F1-01\n    conclusion: met", "control: F9-99\n    conclusion: met"), 2, "F9-99 is no control"),
        (("conclusion: met", "conclusion: fine"), 3, "conclusion"),
        (("date: 2026-06-01", "date: 2026-13-01"), 6, ""),
        (("date: 2026-06-01", "date: 2026-06-01T10:00:00"), 6, "date"),
        (("until: 2027-05-31", "until: 2026-05-31"), 7, "lies before"),
        (("until: 2027-05-31", "until: 2029-05-31"), 7, "400 days"),
        (("by: Ada Example\n    date: 2026-06", "by: Ada Example\n    by: Ole\n    date: 2026-06"), 6, "second time"),
        (('"' + "0" * 64, '"' + "0" * 63), 9, "sha256"),
        (("The plan of June", "x" * 4001), 4, "statement"),
        (("answers:", "answer:"), 1, ""),
        (("answers:", "!!python/object:os.system\nanswers:"), 1, ""),
    ],
)
def test_refused_answers_name_file_line_and_entry(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    changed = ANSWERS.replace(*change, 1)
    assert changed != ANSWERS
    with pytest.raises(PeopleError) as refused:
        load(tmp_path, changed)
    message = str(refused.value)
    assert message.startswith(str(tmp_path / "answers.yaml"))
    assert f"line {line}" in message
    assert said in message


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("check: public-endpoint-without-auth", "check: public-endpont"), 3, "matches no check"),
        (("approver: Ada", "approver: Ole"), 6, "second person"),
        (("expires: 2026-12-31", "expires: 2028-12-31"), 9, "waiver_max_days"),
        (("    expires: 2026-12-31\n", ""), 2, "expires"),
        (("expires: 2026-12-31", "expires: 2026-09-30"), 9, "lies before"),
        (("A public catalogue, rate-limited and read only.", "short"), 7, "reason"),
    ],
)
def test_refused_waivers_name_file_line_and_entry(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    changed = WAIVERS.replace(*change, 1)
    assert changed != WAIVERS
    with pytest.raises(PeopleError) as refused:
        load(tmp_path, waivers=changed)
    assert f"waivers.yaml: line {line}" in str(refused.value)
    assert said in str(refused.value)


def test_a_waiver_of_everything_and_a_second_id_are_refused(tmp_path: Path) -> None:
    broad = WAIVERS.replace("public-endpoint-without-auth", "'***'").replace("orders-*", "'**'")
    with pytest.raises(PeopleError, match="would waive everything"):
        load(tmp_path, waivers=broad)
    with pytest.raises(PeopleError, match="taken by an earlier waiver"):
        load(tmp_path, waivers=WAIVERS + WAIVERS.partition("\n")[2])


def test_expiry_has_a_bound_of_days(tmp_path: Path) -> None:
    last = date(2026, 10, 1) + timedelta(days=365)
    load(tmp_path, waivers=WAIVERS.replace("2026-12-31", last.isoformat()))
    with pytest.raises(PeopleError, match="365 days"):
        load(tmp_path, waivers=WAIVERS.replace("2026-12-31", (last + timedelta(days=1)).isoformat()))
