"""The workpaper of a practice: objective, criteria, population, procedure, results with exceptions first, remedy, conclusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...assess import Assessment
from ...capture import NOT_ASKED
from ...catalogue import Control, Practice
from ...checks import ALL
from ...evidence import words
from ...model import Fact, Finding, Outcome, Status
from ...status import ControlResult
from ..blocks import (
    Block,
    Cell,
    Inline,
    badge,
    bullets,
    code,
    facts,
    finding,
    heading,
    link,
    paragraph,
    section,
    strong,
    table,
)
from ..exports.findings_json import shown
from .flow_steps import drawn_steps, flow_of
from .paths import CHECK as PATH_CHECK
from .paths import attack_paths, estate
from .remedies import remedy_blocks
from .wording import STATUS_WORDS, counted, kinds, noun, worst_first

MOST_CARDS = 8
MOST_DETAILS = 6
MOST_CARD_STEPS = 8
MOST_WORDS = 160


def practice_section(assessment: Assessment, id: str) -> Block:
    """The whole workpaper of one practice. Raises CatalogueError for an unknown id."""
    practice = assessment.catalogue.practice(id)
    results = [each for each in assessment.controls if each.control.id.startswith(f"{id}-")]
    blocks: list[Block] = [
        heading(2, f"{practice.id} {practice.title}", practice.id),
        paragraph(practice.objective),
        facts([("Criteria", _criteria(assessment, practice))]),
        _overview(results),
        *_drawings(assessment, practice),
    ]
    blocks += [control_section(assessment, result) for result in results if _has_workpaper(result)]
    return section("practice", blocks, practice=id)


def _drawings(assessment: Assessment, practice: Practice) -> list[Block]:
    """The estate as a drawing, in the practice of the control that looks at paths through it."""
    if assessment.catalogue.home(PATH_CHECK) not in practice.controls:
        return []
    return [*attack_paths(assessment), *estate(assessment)]


def _has_workpaper(result: ControlResult) -> bool:
    return bool(result.control.checks or result.answer)


def _criteria(assessment: Assessment, practice: Practice) -> str:
    named = assessment.catalogue.frameworks
    return "; ".join(f"{named[name].name} {', '.join(ids)}" for name, ids in practice.frameworks.items())


def _overview(results: Sequence[ControlResult]) -> Block:
    rows: list[list[Cell]] = []
    for each in results:
        control = each.control
        where = link(f"#{control.id}", control.id) if _has_workpaper(each) else code(control.id)
        rows.append(
            [
                [where],
                control.title,
                [badge(STATUS_WORDS[each.status], each.status.value)],
                [badge(each.severity.value, each.severity.value)],
                _first_upper(each.why),
            ]
        )
    return table(["Control", "What is demanded", "Status", "Severity", "Why"], rows, widths=[10, 32, 17, 13, 42])


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def control_section(assessment: Assessment, result: ControlResult) -> Block:
    """One control: what was tested on whom, and what came out, exceptions first."""
    control = result.control
    title: list[Block] = [heading(3, f"{control.id} {control.title}", control.id)]
    failed = [each for each in result.findings if each.outcome is Outcome.FAIL]
    blocks = [
        *title,
        paragraph(
            badge(STATUS_WORDS[result.status], result.status.value),
            " ",
            badge(result.severity.value, result.severity.value),
            " ",
            _headline(result, failed),
        ),
        facts(_workpaper(assessment, control, result)),
        *_exceptions(assessment, failed),
        *_undecided(result),
        *_answer(result),
    ]
    if failed:
        provider = failed[0].subject.provider
        blocks.append(paragraph(strong("Remedy. "), control.remedy_for(provider)))
        blocks += remedy_blocks(assessment, failed)
    return section("control", blocks, control=control.id, status=result.status.value)


def _headline(result: ControlResult, failed: Sequence[Finding]) -> str:
    if failed:
        subjects = len({each.subject.key for each in failed})
        return f"Exceptions: {subjects} of {noun(kinds(result.findings), result.population)}."
    return f"{_first_upper(result.why)}."


def _workpaper(
    assessment: Assessment, control: Control, result: ControlResult
) -> list[tuple[str, str | list[Inline | str]]]:
    rows: list[tuple[str, str | list[Inline | str]]] = [
        ("Why it matters", control.why),
        ("Population", f"{control.population_text} Here: {counted(dict(result.counts)) or 'nothing found'}."),
        ("Procedure", control.procedure),
    ]
    if control.checks:
        runs: list[Inline | str] = []
        for name in control.checks:
            check = ALL[name]
            runs += [code(name), f" {check.summary} (version {check.version}) "]
        rows.append(("Tests", runs))
    rows.append(("Passes when", control.passes))
    used = [name for name in control.parameters if name in assessment.parameters]
    if used:
        said = "; ".join(f"{name} = {_brief(assessment.parameters[name])}" for name in used)
        changed = [name for name in used if name in assessment.changed_parameters]
        rows.append(("Thresholds", said + (f" (changed by the engagement: {', '.join(changed)})" if changed else "")))
    refs = sorted({ref for each in result.findings for ref in each.evidence})
    if refs:
        rows.append(("Evidence", _short(refs)))
    return rows


def _short(refs: Sequence[str]) -> str:
    return ", ".join(refs) if len(refs) <= 12 else f"{', '.join(refs[:11])} … {refs[-1]} ({len(refs)} captures)"


def _exceptions(assessment: Assessment, failed: Sequence[Finding]) -> list[Block]:
    ordered = worst_first(failed)
    cards = [_card(assessment, each) for each in ordered[:MOST_CARDS]]
    rest = ordered[MOST_CARDS:]
    if not rest:
        return cards
    rows: list[list[Cell]] = [
        [
            [badge(each.severity.value, each.severity.value)],
            str(each.subject),
            _place(each),
            each.because,
            ", ".join(each.evidence[:3]),
        ]
        for each in rest
    ]
    caption = noun("further exception", len(rest))
    return [
        *cards,
        table(
            ["Severity", "Name", "Where", "What is wrong", "Evidence"],
            rows,
            caption=caption,
            widths=[12, 24, 24, 50, 14],
        ),
    ]


def _place(each: Finding) -> str:
    return "/".join(part for part in (each.subject.account, each.subject.region) if part)


def _named(fact: Fact, over: str) -> str:
    """A fact's name in words: the field of the row itself, else with the table that it is of."""
    said = fact.field.replace("_", " ")
    if fact.table == over:
        return said
    return f"threshold {said}" if fact.table == "parameter" else f"{words(fact.table)}: {said}"


def _card(assessment: Assessment, each: Finding) -> Block:
    waiver = assessment.waiver_of(each)
    accepted = (
        f"Risk accepted until {waiver.expires.isoformat()}: {waiver.reason} ({waiver.id}, approved by {waiver.approver})"
        if waiver
        else ""
    )
    over = ALL[each.check].over.__name__
    flow = flow_of(assessment, each)
    # The steps are drawn, so they need not be told again.
    facts = [fact for fact in each.relied_on if fact.field not in ("key", "subject", "where", "steps")]
    details = [(_named(fact, over), _brief(fact.value)) for fact in facts[:MOST_DETAILS]]
    if each.severity_why:
        details.append(("severity", each.severity_why))
    return finding(
        title=str(each.subject),
        outcome=each.outcome.value,
        severity=each.severity.value,
        subject=each.subject.native,
        where=each.where or _place(each),
        because=each.because,
        check=each.check,
        id=each.id,
        evidence=each.evidence[:6],
        details=details,
        waiver=accepted,
        steps=drawn_steps(flow, MOST_CARD_STEPS) if flow else (),
    )


def _brief(value: object) -> str:
    """A fact in few words: `yes`, `none`, `a, b`, `name: value; name: value`."""
    text = _said(shown(value)) if value is not None else "none"
    return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS]}… ({len(text):,} characters)"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_said(each)}" for name, each in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _undecided(result: ControlResult) -> list[Block]:
    blocks: list[Block] = []
    for outcome, caption in (
        (Outcome.ERROR, "Checks that broke"),
        (Outcome.REVIEW, "Awaiting a person's review"),
        (Outcome.UNKNOWN, "Not known: evidence is missing"),
    ):
        found = worst_first([each for each in result.findings if each.outcome is outcome and not _by_plan(each)])
        if not found:
            continue
        rows = [
            [str(each.subject), _place(each), each.because, each.missing.permission if each.missing else each.id]
            for each in found
        ]
        last = "Permission that would answer" if outcome is Outcome.UNKNOWN else "Finding"
        blocks.append(table(["Name", "Where", "Why", last], rows, caption=caption, widths=[24, 24, 50, 24]))
    return blocks + _left_out(result)


def _by_plan(each: Finding) -> bool:
    return each.missing is not None and each.missing.state == NOT_ASKED


def _left_out(result: ControlResult) -> list[Block]:
    """What the plan in use left open: one sentence for each call, however many things it concerns."""
    things = Counter(
        (each.missing.call, each.missing.reason)
        for each in result.findings
        if each.missing is not None and _by_plan(each)
    )
    runs: list[list[Inline | str]] = [
        [code(call), f": {reason}. It leaves {noun('result', number)} open."]
        for (call, reason), number in sorted(things.items())
    ]
    return [paragraph(strong("Left out by the plan.")), bullets(runs)] if runs else []


def _answer(result: ControlResult) -> list[Block]:
    control, answer = result.control, result.answer
    if control.kind == "auto" and answer is None:
        return []
    if answer is None:
        if result.status is Status.NOT_APPLICABLE:
            return []
        reason = f" ({result.answer_problem})" if result.answer_problem else ""
        return [
            section(
                "answer",
                [
                    paragraph(strong("Question. "), control.question or ""),
                    paragraph(badge("NOT ANSWERED", "unknown"), reason),
                ],
            )
        ]
    documents = ", ".join(f"{each.name} (SHA-256 {each.sha256[:12]}…)" for each in answer.documents) or "none"
    rows: list[tuple[str, Cell]] = [
        ("Question", control.question or ""),
        ("Conclusion", [badge(STATUS_WORDS[answer.conclusion], answer.conclusion.value)]),
        ("Statement", answer.statement),
        ("By", f"{answer.by}, {answer.on.isoformat()}, valid until {answer.until.isoformat()}"),
        ("Documents", documents),
    ]
    return [section("answer", [facts(rows)])]


def answer_section(result: ControlResult) -> Block:
    """The question of a control and its answer, or that there is none."""
    blocks = _answer(result) or [paragraph("This control needs no answer.")]
    return section("answer", [paragraph(strong(f"{result.control.id} {result.control.title}")), *blocks])
