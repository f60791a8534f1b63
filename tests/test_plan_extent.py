"""What the plan in use leaves out is not known, for that reason, and said once."""

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from assaybook.assess import Assessment
from assaybook.capture import NOT_ASKED, NOT_COLLECTED, Captures, Target
from assaybook.catalogue import load_catalogue
from assaybook.collect.plans import PREPARATION
from assaybook.config import load_config
from assaybook.demo import collect_demo
from assaybook.engagement import assess, read_people
from assaybook.evidence import Gap
from assaybook.model import Outcome
from assaybook.plan.aws import CALLS
from assaybook.plan.extent import DERIVED, PLANS, asked, left_out, rank
from assaybook.report.display import Shown
from assaybook.report.sections import not_assessed
from assaybook.report.sections.practice import practice_section
from assaybook.seal import Seal, open_seal, write_seal


def sealed(folder: Path, plan: str) -> Seal:
    """The demo account as if it had been collected with a smaller plan."""
    collected = collect_demo()
    kept = {call.key for call in (*asked(CALLS, plan), *PREPARATION)}
    path = folder / f"{plan}.seal"
    write_seal(
        path,
        [each for each in collected.captures if each.call in kept],
        plan=plan,
        started=collected.started,
        as_of=collected.finished,
        principals=collected.principals,
        synthetic=True,
    )
    return open_seal(path)


@cache
def assessed(folder: Path, *plans: str) -> Assessment:
    catalogue, configuration = load_catalogue(), load_config(None)
    return assess(
        [sealed(folder, plan) for plan in plans], configuration, read_people(configuration, catalogue), catalogue
    )


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assessed(tmp_path_factory.mktemp("lean"), "lean")


def test_plans_grow() -> None:
    sizes = [len(asked(CALLS, plan)) for plan in PLANS]
    assert sizes == sorted(sizes) and len(set(sizes)) == len(PLANS) and sizes[-1] == len(CALLS)
    assert [rank(plan) for plan in ("", "thorough", *PLANS)] == [0, 0, 1, 2, 3]


def test_a_row_needs_no_row_of_a_larger_plan() -> None:
    """Else a plan would hold rows that it can never ask."""
    plans = {call.key: call.plan for call in CALLS}
    for call in CALLS:
        above = call.each or call.instead_of
        assert not above or rank(plans[above]) <= rank(call.plan), call.key


@pytest.mark.parametrize(
    ("plan", "call", "said"),
    [
        ("lean", "s3:ListBuckets", "the plan lean does not ask this; --plan standard does"),
        ("standard", "lambda:GetPolicy/unaliased", "the plan standard does not ask this; --plan full does"),
        ("lean", "lambda:GetPolicy/unaliased", "the plan lean does not ask this; --plan full does"),
        ("standard", "s3:ListBuckets", ""),
        ("full", "lambda:GetPolicy/unaliased", ""),
        ("", "s3:ListBuckets", ""),
        ("thorough", "s3:ListBuckets", ""),
        ("lean", "no:Such", ""),
    ],
)
def test_why_a_call_was_not_made(plan: str, call: str, said: str) -> None:
    assert left_out(plan, call) == said


def test_a_call_that_was_never_made_says_why() -> None:
    target = Target("aws", "111122223333", "eu-west-1")
    captures = Captures([], lambda call, where: "the plan" if (call, where) == ("s3:ListBuckets", target) else "")
    left, lost = captures.unmade("s3:ListBuckets", target), captures.unmade("kms:ListKeys", target)
    assert left.reason == lost.reason == NOT_COLLECTED
    assert left.gap() == Gap("s3:ListBuckets", NOT_ASKED, "the plan", "", "111122223333", "eu-west-1")
    assert str(left.gap()) == "s3:ListBuckets: the plan"
    assert lost.gap() == Gap("kms:ListKeys", "unsupported", NOT_COLLECTED, "", "111122223333", "eu-west-1")


def test_lean_is_honest(lean: Assessment) -> None:
    assert lean.plans == ("lean",)
    left = {each.call for each in lean.not_assessed if each.by_plan}
    assert {"s3:ListBuckets", "lambda:GetFunction", "sqs:ListQueues"} <= left
    smaller = {call.key for call in asked(CALLS, "lean")}
    assert not left & smaller, "what the plan asks is never said to be left out"
    for finding in lean.findings:
        if finding.missing is not None and finding.missing.call in {call.key for call in CALLS} - smaller:
            assert finding.missing.state == NOT_ASKED, finding.because
    assert not [
        each
        for each in lean.findings
        if each.check == "store-not-encrypted" and each.outcome is Outcome.PASS and each.subject.kind == "bucket"
    ]


def test_the_report_says_it_once(lean: Assessment) -> None:
    said = repr(Shown(not_assessed(lean)))
    assert said.count("Left out by the lean plan") == 1
    for call in CALLS:
        rows = [line for line in said.splitlines() if line.startswith(f"{call.key} |")]
        assert len(rows) == (0 if call.plan == "lean" else 1) or call.key in {
            each.call for each in lean.not_assessed
        }, call.key
    paper = repr(Shown([practice_section(lean, "D1")]))
    assert (
        "resourcegroupstaggingapi:GetResources: the plan lean does not ask this; --plan standard does. It leaves"
        in paper
    )
    assert paper.count("critical of") < 3, "one sentence, and not one for each function"


def test_the_largest_plan_counts_where_two_seals_cover_a_target(tmp_path: Path) -> None:
    both = assessed(tmp_path, "lean", "standard")
    assert not [each for each in both.not_assessed if each.by_plan and each.call.partition(":")[0] not in DERIVED]


def test_the_same_seal_says_the_same_again(lean: Assessment, tmp_path: Path) -> None:
    again = assessed(tmp_path, "lean")
    assert dataclasses.replace(again, evidence=lean.evidence, catalogue=lean.catalogue) == dataclasses.replace(lean)
