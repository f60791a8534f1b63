"""How long 30,000 (check, row) pairs take, against calling the same checks on the same rows, with nothing judged, counted or ordered."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime

from assaybook.assess import run_checks
from assaybook.capture import Capture, Captures
from assaybook.catalogue import load_catalogue
from assaybook.checks import ALL
from assaybook.config import load_config
from assaybook.demo import collect_demo
from assaybook.evidence import Evidence, EvidenceGap
from assaybook.people import People
from assaybook.shape import shape
from assaybook.status import judge_all
from assaybook.watched import Watched

PAIRS = 30_000
AS_OF = datetime(2026, 11, 16, 9, tzinfo=UTC)


def accounts(captures: tuple[Capture, ...], count: int) -> list[Capture]:
    """The demo account, `count` times under other account ids."""
    own = captures[0].target.account
    made = []
    for number in range(count):
        other = f"{900_000_000_000 + number}"
        for each in captures:
            answer, params = json.loads(json.dumps([each.answer, each.params]).replace(own, other))
            made.append(replace(each, target=replace(each.target, account=other), answer=answer, params=params))
    return made


def pairs_of(evidence: Evidence) -> int:
    """How many findings the checks will give."""
    return sum(len(evidence.rows(check.over)) + len(evidence.holes(check.over)) for check in ALL.values())


def plainly(evidence: Evidence, parameters: dict[str, object]) -> None:
    """The baseline: every check called on every row."""
    for check in ALL.values():
        for row in evidence.rows(check.over):
            view = Watched(evidence, parameters)
            try:
                check.decide(view.watch(row), view)
            except EvidenceGap:
                continue


def main() -> None:
    """Print the seconds of each stage."""
    catalogue, configuration = load_catalogue(), load_config(None)
    parameters = {**catalogue.effective({}), **configuration.declared()}
    captures = collect_demo().captures
    one = Evidence(shape(Captures(captures), parameters), AS_OF)
    cold = time.perf_counter()
    run_checks(ALL, catalogue, one, parameters)
    print(f"one account, dated data read on the way: {time.perf_counter() - cold:.2f} s for {pairs_of(one):,} pairs")
    count = -(-PAIRS // pairs_of(one))
    many = Captures(accounts(captures, count))
    start = time.perf_counter()
    evidence = Evidence(shape(many, parameters), AS_OF)
    shaped = time.perf_counter()
    findings = run_checks(ALL, catalogue, evidence, parameters)
    judge_all(catalogue.controls, findings, People(), AS_OF.date())
    judged = time.perf_counter()
    plainly(evidence, parameters)
    plain = time.perf_counter() - judged
    print(f"{count} demo accounts, {len(many.all):,} captures, {len(findings):,} pairs")
    print(f"shape  {shaped - start:6.2f} s")
    print(
        f"assess {judged - shaped:6.2f} s, {(judged - shaped) / len(findings) * PAIRS:.2f} s for {PAIRS:,} pairs (bound: 1 s)"
    )
    print(f"plain  {plain:6.2f} s, ratio {(judged - shaped) / plain:.2f}")


if __name__ == "__main__":
    main()
