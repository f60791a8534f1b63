"""Flows step by step: the same in text, HTML and PDF, whatever stands in the code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.assess import Assessment
from assaybook.model import Outcome
from assaybook.report.blocks import finding, step, steps
from assaybook.report.display import Shown
from assaybook.report.document import Document
from assaybook.report.html import render_html
from assaybook.report.pdf import render_pdf
from assaybook.report.sections import (
    advisory_sources,
    bill_table,
    code_population,
    control_section,
    external_hosts,
    flow_section,
    written_secrets,
)
from assaybook.report.sections.flow_steps import MOST_IN_FULL, drawn_steps, flow_of
from assaybook.report.validate import BlockError, valid_block
from assaybook.tables.flows import InjectionFlow
from demo_run import assessed, demo_captures
from report_sample import AS_OF, HOSTILE

FLOW = [
    step("app.py:4", "reads event.body", "name = event['body']", "source"),
    step("app.py:9", "passes it to run"),
    step("tool.py:2", "runs it in a shell", "os.system(name)", "sink"),
]


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return assessed(demo_captures())


def document(*blocks: object) -> Document:
    return Document("Report", "", "CONFIDENTIAL", "DRAFT", AS_OF, "0" * 12, (), tuple(blocks))  # type: ignore[arg-type]


def test_steps_are_numbered_and_source_and_sink_are_named_in_words() -> None:
    block = steps(FLOW, caption="1. Command execution")
    assert repr(Shown([block])).splitlines() == [
        "1. Command execution",
        "  1. source: app.py:4 reads event.body",
        "     name = event['body']",
        "  2. app.py:9 passes it to run",
        "  3. sink: tool.py:2 runs it in a shell",
        "     os.system(name)",
    ]
    html = render_html(document(block))
    assert html.count('class="step-mark"') == 2
    assert 'class="step-source"' in html and 'class="step-sink"' in html
    assert render_pdf(document(block)).startswith(b"%PDF")


def test_a_finding_shows_the_steps_of_its_flow() -> None:
    card = finding(title="f", outcome="fail", severity="high", subject="f", because="it runs", steps=FLOW)
    assert '<ol class="steps">' in Shown([card]).html()
    assert "  3. sink: tool.py:2 runs it in a shell" in repr(Shown([card]))
    assert valid_block(card)["steps"] == FLOW


def test_a_finding_of_an_earlier_notebook_has_no_steps_and_is_shown() -> None:
    card = finding(title="f", outcome="fail", severity="high", subject="f", because="it runs")
    del card["steps"]
    assert valid_block(card)["steps"] == []


@pytest.mark.parametrize(
    "wrong", [{"where": 1, "said": ""}, {"said": "x"}, {"where": "a", "said": "b", "mark": "<b>"}, "text", None]
)
def test_what_is_no_step_is_refused(wrong: object) -> None:
    with pytest.raises(BlockError):
        valid_block({"kind": "steps", "steps": [wrong]})


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_code_is_data(name: str) -> None:
    text = HOSTILE[name]
    block = steps([step(text, text, text, "source"), step(text, text, text, "sink")], caption=text)
    html = render_html(document(block))
    assert "<script>alert" not in html and "<img src=x" not in html
    assert render_pdf(document(block)).startswith(b"%PDF")
    assert "\x1b" not in repr(Shown([block]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.builds(step, st.text(), st.text(), st.text(), st.sampled_from(["source", "step", "sink"])), max_size=8)
)
def test_any_steps_can_be_shown(made: list[dict[str, str]]) -> None:
    shown = Shown([steps(made, caption="c")])
    assert shown.html().count("<li class=") == len(made)
    assert repr(shown)


def test_the_flows_of_the_demo_are_drawn_the_worst_first(assessment: Assessment) -> None:
    blocks = flow_section(assessment)
    drawn = [each for each in blocks if each["kind"] == "steps"]
    assert 4 <= len(drawn) <= MOST_IN_FULL
    assert drawn[0]["caption"].startswith("1. ") and ", fails: " in drawn[0]["caption"]
    assert all(each["steps"][-1]["mark"] == "sink" for each in drawn)
    assert any("catalog-search, search.py:" in each["caption"] for each in drawn)


def test_beyond_the_first_flows_are_a_table(assessment: Assessment) -> None:
    whole = [each for each in flow_section(assessment) if each["kind"] == "steps"]
    blocks = flow_section(assessment, 2)
    (rest,) = [each for each in blocks if each["kind"] == "table"]
    assert rest["total"] == len(whole) - 2
    assert "findings.csv" in rest["caption"]


def test_a_long_flow_keeps_its_ends(assessment: Assessment) -> None:
    flow = next(each for each in assessment.evidence.rows(InjectionFlow) if len(each.steps) > 4)
    made = drawn_steps(flow, 4)
    assert len(made) == 4
    assert (made[0]["mark"], made[-1]["mark"]) == ("source", "sink")
    assert f"{len(flow.steps) - 3} further steps" in [each["said"] for each in made]


def test_cards_of_flows_have_steps_and_others_have_none(assessment: Assessment) -> None:
    failed = [each for each in assessment.findings if each.outcome is Outcome.FAIL]
    flows = [each for each in failed if flow_of(assessment, each)]
    assert flows and len(flows) < len(failed)
    section = control_section(assessment, assessment.result("A1-01"))
    cards = [each for each in section["blocks"] if each["kind"] == "finding"]
    assert cards and all(each["steps"] for each in cards)


def test_where_no_code_was_read_each_section_says_so() -> None:
    unread = assessed(tuple(each for each in demo_captures() if not each.call.startswith("code:")))
    said = repr(Shown([*flow_section(unread), *bill_table(unread), *external_hosts(unread), *code_population(unread)]))
    assert "No code was read, so nothing is known of flows" in said
    assert "No dependencies were read" in said
    assert "none is met" in said or "could not be read" in said


def test_the_population_of_code_counts_what_was_not_read(assessment: Assessment) -> None:
    said = repr(Shown(code_population(assessment)))
    assert "4 that could not be read" in said
    assert "compiled Java" in said
    assert "fraud-score | it is a container image, whose files are not fetched" in said


def test_secrets_are_told_by_place_and_never_by_value(assessment: Assessment) -> None:
    said = repr(Shown(written_secrets(assessment)))
    assert "storage.py:7 | ACCESS_KEY_ID | aws access key id" in said
    assert "••••" in said
    assert "".join(("AK", "IA", "DEMO")) not in said


def test_components_with_known_vulnerabilities_come_first(assessment: Assessment) -> None:
    (table,) = [each for each in bill_table(assessment) if each["kind"] == "table"]
    assert {row[0][0]["s"] for row in table["rows"][:5]} == {"axios", "lodash", "pyyaml", "requests", "urllib3"}
    said = repr(Shown(advisory_sources(assessment)))
    assert "a part" in said and "No database of advisories was given" in said


def test_hosts_that_are_decided_at_run_time_are_named_as_such(assessment: Assessment) -> None:
    said = repr(Shown(external_hosts(assessment)))
    assert "api.psp.example.com" in said and "decided at run time" in said
