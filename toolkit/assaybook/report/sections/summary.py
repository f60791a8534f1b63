"""The page that a stakeholder reads: where we stand, how sure we are, what to fix first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ...assess import Assessment
from ...capture import ABSENT, OK
from ...model import Finding, Outcome, Severity, Status
from ...score import Rating, Score
from ...status import OPEN, ControlResult
from ..blocks import Block, Cell, badge, bullets, chart, heading, link, note, paragraph, section, strong, table
from .paths import FEW_PATHS, attack_paths
from .scope import evidence_marks
from .wording import STATUS_WORDS, kinds, noun, severity_word, share, worst_first

FIX_FIRST = 5
_STATUSES = (Status.NOT_MET, Status.UNDETERMINED, Status.MET, Status.NOT_APPLICABLE)


def summary_section(assessment: Assessment, broken: Sequence[str] = ()) -> Block:
    """The summary; `broken` names the sections that could not be rendered."""
    blocks: list[Block] = [heading(1, "Summary", "summary")]
    blocks += _warnings(assessment, broken)
    blocks += [paragraph(strong(conclusion(assessment)))]
    blocks += _figures(assessment)
    blocks += _fix_first(assessment)
    blocks += attack_paths(assessment, FEW_PATHS)
    blocks += [_areas_chart(assessment), _heat(assessment)]
    return section("summary", blocks, **evidence_marks(assessment))


def conclusion(assessment: Assessment) -> str:
    """Where we stand in one sentence."""
    score = assessment.automatic
    if not any(each.outcome in (Outcome.PASS, Outcome.FAIL) for each in assessment.findings):
        return "Nothing could be assessed, so nothing is said about the security of this account."
    failed = {each.subject.key for each in assessment.findings if each.outcome is Outcome.FAIL}
    not_met = sum(each.status is Status.NOT_MET for each in assessment.controls)
    worst = severity_word(score.worst_open)
    if not failed:
        return f"Rating: {score.rating}. No failure was found in what could be assessed ({score.why})."
    return (
        f"Rating: {score.rating} ({score.why}). {noun('subject', len(failed))} failed at least one check, "
        f"{noun('control', not_met)} {'is' if not_met == 1 else 'are'} not met, and the worst open severity is {worst}."
    )


def _warnings(assessment: Assessment, broken: Sequence[str]) -> list[Block]:
    blocks = []
    decided = any(each.outcome in (Outcome.PASS, Outcome.FAIL) for each in assessment.findings)
    if not decided:
        answered = any(each.state in (OK, ABSENT) for each in assessment.captures)
        said = (
            "No automatic check could decide anything about what was found. "
            if answered
            else "No call was answered: each was denied or failed. "
        )
        more = "The table of what was not assessed names each call and permission."
        blocks.append(note("alert", strong("Nothing was assessed. "), said, more))
    if broken:
        blocks.append(
            note("alert", strong("Render error. "), f"These sections could not be rendered: {', '.join(broken)}.")
        )
    if assessment.stale:
        blocks.append(note("warning", strong("Data that has aged. "), " ".join(assessment.stale)))
    if assessment.selection:
        said = f"Only {noun('control', len(assessment.controls))} of {len(assessment.catalogue.controls)} were selected for this run."
        blocks.append(note("info", said))
    if assessment.tags:
        said = f"Only workloads tagged {' or '.join(assessment.tags)} were assessed, and what belongs to no workload."
        blocks.append(note("info", said))
    if assessment.synthetic:
        blocks.append(
            note(
                "info",
                strong("Synthetic account. "),
                "All evidence in this report is demo data; no real account was read.",
            )
        )
    return blocks


def _figures(assessment: Assessment) -> list[Block]:
    automatic, whole = assessment.automatic, assessment.whole
    rows = [
        _row(f"Automatic controls with checks ({automatic.controls})", automatic),
        _row(f"The whole guide ({whole.controls})", whole),
    ]
    columns = ["Over", "Conformity", "Bounds", "Coverage", "Worst open", "Rating"]
    explained = (
        "Conformity is the share that passed of what could be decided, weighted by severity. The bounds say what it would be if all that is not "
        "known had failed, or passed; the rating comes from the lower one. Coverage is the share of what did not fail that is known to have passed."
    )
    return [
        chart(
            "gauge",
            _gauge(automatic),
            alt=_gauge_words(automatic),
            caption="Automatic controls: conformity with bounds, and coverage",
        ),
        table(columns, rows, align="lrrrll", widths=[34, 12, 16, 12, 13, 18]),
        paragraph(explained),
        *_unseen(assessment),
    ]


def _row(name: str, score: Score) -> list[Cell]:
    bounds = f"{share(score.lower)} – {share(score.upper)}" if score.lower is not None else "none"
    rating = badge(score.rating.value, score.rating.name.lower())
    worst = badge(score.worst_open.value, score.worst_open.value) if score.worst_open else "none"
    return [name, share(score.conformity), bounds, share(score.coverage), [worst], [rating]]


def _gauge(score: Score) -> dict[str, object]:
    return {
        "value": score.conformity,
        "low": score.lower,
        "high": score.upper,
        "coverage": score.coverage,
        "label": score.rating.value,
        "tone": score.rating.name.lower(),
    }


def _gauge_words(score: Score) -> str:
    return (
        f"Conformity {share(score.conformity)}, between {share(score.lower)} and {share(score.upper)}; "
        f"coverage {share(score.coverage)}; rating {score.rating.value}"
    )


def _unseen(assessment: Assessment) -> list[Block]:
    pending = [each for each in assessment.controls if each.pending]
    waiting = [each for each in assessment.controls if each.awaits_person]
    blind = [each for each in assessment.controls if each.counts.get(Outcome.UNKNOWN) or not each.tally.seen]
    items = []
    if blind:
        items.append(
            f"{noun('control', len(blind))} without evidence that was asked for and not given (see Not assessed)."
        )
    if waiting:
        items.append(f"{noun('control', len(waiting))} waiting for a person's conclusion.")
    if pending:
        items.append(f"{noun('control', len(pending))} without any check in this version, counted as undetermined.")
    if not items or assessment.whole.rating is not Rating.NOT_RATED:
        return [bullets(items)] if items else []
    return [paragraph("Why the whole guide is not rated yet:"), bullets(items)]


def _fix_first(assessment: Assessment) -> list[Block]:
    groups: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        if finding.outcome is Outcome.FAIL and assessment.waiver_of(finding) is None:
            groups.setdefault(finding.check, []).append(finding)
    if not groups:
        return []

    def urgency(check: str) -> tuple[int, int, int, str]:
        # What is grave by itself comes before what is so for where it stands, and then what is so in more places.
        worst = max(each.severity.rank for each in groups[check])
        as_bad = sum(each.severity.rank == worst for each in groups[check])
        return -worst, -assessment.catalogue.home(check).severity.rank, -as_bad, check

    ranked = [(check, groups[check]) for check in sorted(groups, key=urgency)]
    rows: list[list[Cell]] = []
    for place, (check, findings) in enumerate(ranked[:FIX_FIRST], 1):
        home = assessment.catalogue.home(check)
        worst = worst_first(findings)
        result = next(each for each in assessment.controls if each.control.id == home.id)
        rows.append(
            [
                str(place),
                [badge(worst[0].severity.value, worst[0].severity.value)],
                [strong(home.title), f": {_example(worst, result)}"],
                home.remedy_for(worst[0].subject.provider),
                [link(f"#{home.id}", home.id)],
            ]
        )
    return [
        heading(2, "What to fix first", "fix-first"),
        table(
            ["", "Severity", "What is demanded, and what was found", "What to do", "Control"],
            rows,
            widths=[4, 12, 46, 40, 11],
        ),
    ]


def _example(findings: Sequence[Finding], result: ControlResult) -> str:
    first = findings[0].because.rstrip(".")
    subjects = len({each.subject.key for each in findings})
    if subjects == 1:
        return f"{first}."
    return f"{first}; {subjects:,} of {noun(kinds(findings), result.population)} failed."


def _areas_chart(assessment: Assessment) -> Block:
    rows: list[Mapping[str, Any]] = []
    for area in assessment.catalogue.areas:
        found = Counter(each.status for each in assessment.controls if each.control.id.startswith(area.area))
        if found:
            rows.append({"label": f"{area.area} {area.title}", "values": [found.get(each, 0) for each in _STATUSES]})
    series = [{"label": STATUS_WORDS[each], "tone": each.value} for each in _STATUSES]
    totals = Counter(each.status for each in assessment.controls)
    words = ", ".join(f"{totals.get(each, 0)} {STATUS_WORDS[each]}" for each in _STATUSES)
    data = {"series": series, "rows": rows, "unit": "controls"}
    return chart(
        "stacked", data, alt=f"Controls by status and area. In all: {words}.", caption="Controls by area and status"
    )


def _heat(assessment: Assessment) -> Block:
    order = list(Severity)
    rows: list[Mapping[str, Any]] = []
    for area in assessment.catalogue.areas:
        mine = [each for each in assessment.controls if each.control.id.startswith(area.area)]
        if not mine:
            continue
        failed = [each for result in mine for each in result.findings if each.outcome is Outcome.FAIL]
        unknown = {each.subject.key for result in mine for each in result.findings if each.outcome in OPEN} - {
            each.subject.key for each in failed
        }
        cells = [
            {"value": number, "tone": severity.value if number else "none"}
            for severity in order[:4]
            for number in [len({each.subject.key for each in failed if each.severity is severity})]
        ]
        cells.append({"value": len(unknown), "tone": "unknown" if unknown else "none"})
        rows.append({"label": f"{area.area} {area.title}", "cells": cells})
    columns = [*(each.value for each in order[:4]), "undecided"]
    alt = "Subjects that failed, by area and severity: " + "; ".join(
        f"{row['label']}: "
        + ", ".join(f"{cell['value']} {name}" for cell, name in zip(row["cells"], columns, strict=True))
        for row in rows
    )
    return chart(
        "heat", {"columns": columns, "rows": rows}, alt=alt, caption="Subjects that failed, by area and severity"
    )
