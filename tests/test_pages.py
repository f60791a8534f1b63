"""The pages that are made from data are up to date, and what they say holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assaybook.call_use import ANSWERED_BY, NOT_ASKED_YET, operations, serving
from assaybook.catalogue import load_catalogue
from assaybook.checks import ALL
from assaybook.collect.plans import PREPARATION
from assaybook.pages import PAGES
from assaybook.pages.calls import decided, often
from assaybook.pages.peers import PeersError, load_peers, parse_peers
from assaybook.plan.aws import CALLS

DOCS = Path(__file__).resolve().parents[1] / "docs"
CATALOGUE = load_catalogue()
ASKED = {each.name for each in (*CALLS, *PREPARATION)} | {each.poll.start for each in CALLS if each.poll}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_its_data(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "make docs renews it"


def named() -> Iterator[tuple[str, str]]:
    for control in CATALOGUE.controls:
        if decided(control):
            for name in operations(control):
                yield control.id, name


@pytest.mark.parametrize(("control", "operation"), list(named()), ids=" ".join)
def test_what_a_control_names_as_evidence_is_asked_or_explained(control: str, operation: str) -> None:
    assert operation in ASKED or operation in ANSWERED_BY or operation in NOT_ASKED_YET, control


def test_what_is_explained_is_named_and_not_asked() -> None:
    names = {name for _, name in named()}
    for name in (*ANSWERED_BY, *NOT_ASKED_YET):
        assert name in names and name not in ASKED, name
    assert {each.partition(",")[0] for each in ANSWERED_BY.values()} <= ASKED


def test_a_call_serves_those_who_ask_about_its_records() -> None:
    serves = serving(CALLS, CATALOGUE)
    assert set(serves) == {each.key for each in CALLS}
    assert {"B3-02", "XE-01"} <= set(serves["s3:ListBuckets"])
    assert "C1-01" in serves["lambda:GetPolicy/alias"] and "A2-01" in serves["lambda:ListFunctions"]
    assert "C1-01" in serves["lambda:ListAliases"], "aliases are listed to ask for their policies"


def test_how_often_a_call_is_made_is_said_in_words() -> None:
    said = {each.key: often(each) for each in CALLS}
    assert said["lambda:ListFunctions"] == "once in each region"
    assert said["iam:GetAccountSummary"] == "once in each account"
    assert said["lambda:GetFunctionUrlConfig"].startswith("in place of `lambda:ListFunctionUrlConfigs`")
    assert said["sqs:GetQueueAttributes"] == "for each record of `sqs:ListQueues`"


def test_each_check_that_the_peers_page_names_is_there() -> None:
    peers = load_peers()
    names = {name for each in peers.checks for name in each.ours}
    assert names - set(ALL) == set()
    assert len(peers.checks) > 140 and len({each.service for each in peers.checks}) > 30
    assert len({(each.service, each.asks) for each in peers.checks}) == len(peers.checks)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{service: s, asks: a, by: {p: [x], q: [y]}, ours: [z]}", "fewer than 3"),
        ("{service: s, asks: a, by: {p: [x], q: [y], r: []}, ours: []}", "and not both"),
        ("{service: s, asks: a, by: {p: [x], q: [y], r: []}, ours: [z], not_ours: n}", "and not both"),
        ("{service: s, asks: a, by: {p: [x], q: [y], t: []}, ours: [z]}", "has t, which is unknown"),
        ("{service: s, asks: a, by: {p: [x], q: [y], r: []}, ours: [z], note: n}", "has note, which is unknown"),
        ("{service: s, asks: a, ours: [z]}", "lacks"),
    ],
)
def test_an_entry_that_is_not_as_it_must_be_is_refused(entry: str, message: str) -> None:
    text = f"title: t\nread: 2026-01-01\nrenew_within_days: 1\nsource: s\npeers: {{p: P, q: Q, r: R}}\nentries: [{entry}]\n"
    with pytest.raises(PeersError, match=message):
        parse_peers(text)
