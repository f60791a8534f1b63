"""Remedy files are read strictly, each check has one, and a finding fills it with its own names."""

from pathlib import Path
from typing import Any

import pytest

from assaybook.checks import ALL
from assaybook.evidence import Evidence, Gap
from assaybook.model import Finding, Outcome, Severity, Subject
from assaybook.remedy import NOT_KNOWN, TOOLS, Remedy, RemedyError, filled, parse_remedy, remedy_of, values_of
from assaybook.remedy.reading import shown_fields
from assaybook.tables.compute import Delivery, LayerUse, Workload
from case_files import AS_OF, FOLDER, catalogue, load

FILES = Path(__file__).resolve().parents[1] / "toolkit" / "assaybook" / "remedies"
# Checks whose failure no command and no template mends, each with the reason.
NONE: dict[str, str] = {}


@pytest.mark.parametrize("check", ALL)
def test_each_check_has_a_remedy_or_a_reason(check: str) -> None:
    remedy = remedy_of(check)
    assert (remedy is None) == (check in NONE)
    if remedy is not None:
        assert remedy.check == check
        assert all(remedy.variants.values())


def test_each_file_belongs_to_a_check() -> None:
    assert {path.stem for path in FILES.glob("*")} == set(ALL) - set(NONE)
    assert {path.suffix for path in FILES.iterdir()} == {".yaml"}


@pytest.mark.parametrize("check", ALL)
def test_a_tool_that_is_left_out_is_explained_by_a_comment(check: str) -> None:
    remedy = remedy_of(check)
    assert remedy is not None
    text = (FILES / f"{check}.yaml").read_text(encoding="utf-8")
    said = " ".join(line for line in text.casefold().splitlines() if line.lstrip().startswith("#"))
    for variant, templates in remedy.variants.items():
        for tool in TOOLS:
            assert tool in templates or tool in said, (variant, tool)


@pytest.mark.parametrize("check", ALL)
def test_each_failing_case_can_be_filled(check: str) -> None:
    """The rows of the case files are those that a check fails: each has snippets, whatever its kind."""
    failing = [
        case
        for case in load(FOLDER / f"{check}.yaml")
        if case.kind == "bad" and case.outcome in (Outcome.FAIL, Outcome.REVIEW)
    ]
    assert failing or catalogue().home(check).severity == "info"
    for case in failing:
        finding = case.decided()
        snippets = filled(finding, Evidence([case.row], AS_OF))
        assert snippets, case.name
        assert not [each for each in snippets.values() if "[[" in each.replace("[[ ", "")]


def parsed(text: str) -> Remedy:
    return parse_remedy(text, "remedies/x.yaml", "x", Delivery)


def test_a_remedy_is_read() -> None:
    made = parsed("note: >-\n  two\n  lines\nterraform: |\n  a\ncli: |\n  aws [[row.source]]\n")
    assert (made.note, made.by, list(made.variants[""])) == ("two lines", "", ["cli", "terraform"])
    assert made.variants[""]["cli"].filled({"row.source": "a b"}) == "aws 'a b'\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cli: |\n  aws\npowershell: |\n  x\n", "remedies/x.yaml, line 3: there is no key powershell"),
        ("cli: |\n  aws\n  aws [[nme]]\n", "line 3: there is no placeholder [[nme]]"),
        ("cli: |\n  aws [[row.nothing]]\n", "line 2: there is no placeholder [[row.nothing]]"),
        ("cli: |\n  aws [[row.active]]\n", "line 2: there is no placeholder [[row.active]]"),
        ("cli: |\n  aws [[row.key]]\n", "line 2: there is no placeholder [[row.key]]"),
        ("note: x\ncloudformation: |\n  a: [\n", "line 3: is no YAML"),
        ("cli: |\n  cat <<E\n  [[name]]\n  E\n", "line 3: [[name]] stands in a here-document"),
        ("cli: 3\n", "line 1: cli must be a text"),
        ("cli: ''\n", "line 1: cli must be a text"),
        ("note: [x]\ncli: a\n", "line 1: note must be a text"),
        ("note: only\n", "line 1: must have one of the keys"),
        ("- cli\n", "line 1: must have keys"),
        ("cli: a\ncli: b\n", "line 2"),
        ("by: colour\nvariants: {a: {cli: x}}\n", "line 1: by must name a text of Delivery"),
        ("by: path\ncli: x\nvariants: {a: {cli: x}}\n", "line 2: beside by and note there is variants"),
        ("by: path\n", "line 1: beside by and note there is variants"),
        ("by: path\nvariants:\n  queue:\n    shell: x\n", "line 4: there is no key shell"),
        (
            "by: path\nvariants:\n  queue:\n    cli: |\n      a\n      [[nme]]\n",
            "line 6: there is no placeholder [[nme]]",
        ),
    ],
)
def test_what_a_remedy_may_not_say_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(RemedyError) as caught:
        parsed(text)
    assert message in str(caught.value)


def test_placeholders_name_texts_numbers_and_lists() -> None:
    assert shown_fields(Delivery) == ("workload", "path", "source", "failure_destination")
    assert "reserved_concurrency" in shown_fields(Workload) and "tracing" not in shown_fields(Workload)
    assert "tags" not in shown_fields(Workload) and "layer" in shown_fields(LayerUse)


def delivery(**changed: Any) -> Delivery:
    subject = Subject("aws", "111122223333", "eu-west-1", "function", "arn:f", "f\nevil", release="live")
    values: dict[str, Any] = {
        "workload": "w",
        "path": "queue",
        "source": "s",
        "failure_destination": "",
        "retries_bounded": True,
    }
    return Delivery(key="k", subject=subject, **{**values, **changed})


def finding(row: Delivery) -> Finding:
    return Finding("1", "failed-events-lost", row.subject, row.key, Outcome.FAIL, "why", Severity.HIGH)


def test_values_are_those_of_the_subject_and_its_row() -> None:
    row = delivery(source=Gap("x:Y", "denied"))
    values = values_of(finding(row), row)
    assert values["name"] == "f⟨U+000A⟩evil" and values["release"] == "live" and values["row.path"] == "queue"
    assert values["row.source"] == NOT_KNOWN


def test_a_row_that_is_gone_or_of_an_unforeseen_kind_has_no_snippet() -> None:
    assert filled(finding(delivery()), Evidence([], AS_OF)) == {}
    row = delivery(path="pigeon")
    assert filled(finding(row), Evidence([row], AS_OF)) == {}
