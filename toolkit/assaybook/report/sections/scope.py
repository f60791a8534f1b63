"""What was looked at, by whom, when, and how complete it is."""

from __future__ import annotations

from collections import Counter

from ...assess import Assessment
from ...capture import ABSENT, OK
from ...evidence import Gap
from ...plan.extent import SOURCE
from ...tables.scope import Population
from ..blocks import Block, Cell, Inline, badge, code, facts, heading, note, paragraph, section, table
from .source_scope import Looked, scope_of, tree_blocks
from .wording import moment, noun


def scope_card(assessment: Assessment, title: str, objective: str = "") -> Block:
    """The card at the head of a workpaper: accounts, time, digest, gaps."""
    states = Counter(each.state for each in assessment.captures)
    answered = states[OK] + states[ABSENT]
    unanswered = sum(states.values()) - answered
    looked = scope_of(assessment)
    outside = sorted({each.target.region for each in assessment.captures if each.outside})
    rows: list[tuple[str, Cell]] = [
        *_looked_at(looked),
        *([("Regions outside the scope", f"{len(outside)}, looked into for functions only")] if outside else []),
        ("As of", moment(assessment.as_of)),
        ("Evidence", [code(assessment.inputs["seal"])]),
        ("Calls", f"{answered:,} answered, {unanswered:,} not answered"),
    ]
    blocks: list[Block] = [heading(1, title), *([paragraph(objective)] if objective else []), facts(rows)]
    if unanswered:
        said = f"{noun('call', unanswered)} {'was' if unanswered == 1 else 'were'} denied, failed or not supported. What rests on them is unknown, never passed."
        blocks.append(note("warning", said))
    return section("scope", blocks, **evidence_marks(assessment))


def _looked_at(looked: Looked) -> list[tuple[str, Cell]]:
    """What was looked at, in words of its own for accounts and for source trees."""
    rows: list[tuple[str, Cell]] = []
    if looked.accounts or not looked.trees:
        rows += [("Accounts", ", ".join(looked.accounts) or "none"), ("Regions", ", ".join(looked.regions) or "none")]
    if looked.trees:
        rows.append(("Source", [code(", ".join(looked.trees))]))
        rows.append(
            ("Templates", [code(", ".join(looked.templates.values()))] if looked.templates else "none was found")
        )
    return rows


def evidence_marks(assessment: Assessment) -> dict[str, str]:
    """What a workpaper that is exported alone must still say of its evidence: of when it is, and whether it is synthetic."""
    return {"as_of": assessment.as_of.isoformat(), "synthetic": "yes" if assessment.synthetic else "no"}


def scope_section(assessment: Assessment) -> list[Block]:
    """Targets, principals and the inputs that the result was made from."""
    engagement = {name: value for name, value in assessment.engagement.items() if value}
    inputs = [(name.capitalize(), [code(value)]) for name, value in assessment.inputs.items()]
    targets = sorted({each.target for each in assessment.captures if not each.outside})
    looked = scope_of(assessment)
    rows: list[list[Cell]] = []
    for target in targets:
        states = Counter(each.state for each in assessment.captures if each.target == target)
        latest = max((each.at for each in assessment.captures if each.target == target), default="")
        answered = states[OK] + states[ABSENT]
        rows.append(
            [
                target.provider,
                looked.called(target.account),
                target.region,
                f"{answered:,}",
                f"{sum(states.values()) - answered:,}",
                latest,
            ]
        )
    return [
        heading(2, "Engagement", "engagement"),
        facts(
            [(name.capitalize(), value) for name, value in engagement.items()]
            or [("Engagement", "not declared in assess.toml")]
        ),
        heading(2, "Accounts and regions" if looked.accounts else "Source and templates", "targets"),
        table(
            [
                "Provider",
                "Account" if looked.accounts else "Tree or template",
                "Region",
                "Answered",
                "Not answered",
                "Last answer (UTC)",
            ],
            rows,
            align="lllrrl",
        ),
        *_asked_by(assessment),
        *tree_blocks(assessment),
        heading(2, "What this result was made from", "inputs"),
        paragraph("The same tool version and the same digests give the same result, byte for byte."),
        facts([("Tool", f"assaybook {assessment.tool_version}"), *inputs, ("Judged at", assessment.as_at.isoformat())]),
    ]


def _asked_by(assessment: Assessment) -> list[Block]:
    """Who asked the accounts."""
    blocks: list[Block] = []
    plans = [each for each in assessment.plans if each != SOURCE]
    if plans:
        blocks.append(paragraph("Asked by ", *_joined(assessment.principals), f" with the {' and '.join(plans)} plan."))
    return blocks


def _joined(names: tuple[str, ...]) -> list[Inline | str]:
    runs: list[Inline | str] = []
    for name in names or ("nobody who is recorded",):
        runs += [", ", code(name)] if runs else [code(name)]
    return runs


def completeness(assessment: Assessment) -> list[Block]:
    """Each population with its source, and a second source's count where there is one."""
    looked = scope_of(assessment)
    rows: list[list[Cell]] = []
    for row in assessment.evidence.rows(Population):
        second = f"{_count(row.second_count)} by {row.second_source}" if row.second_source else "none"
        rows.append(
            [
                row.population,
                looked.called(row.subject.account),
                row.subject.region,
                [code(row.call)],
                _count(row.pages),
                _count(row.records),
                second,
                [_agreement(row)],
            ]
        )
    holes = [
        [hole.gap.call, looked.called(hole.subject.account), hole.subject.region, str(hole.gap)]
        for hole in assessment.evidence.holes(Population)
    ]
    blocks: list[Block] = [
        heading(2, "Completeness and accuracy", "completeness"),
        paragraph(
            "Every population is read in full, never sampled. Where the provider counts the same thing in another way, both counts are compared; a difference is an exception."
        ),
        table(
            ["Population", "Account", "Region", "Read by", "Pages", "Records", "Second count", ""],
            rows,
            align="llllrrll",
            widths=[15, 16, 12, 23, 7, 9, 18, 16],
        ),
    ]
    if holes:
        blocks.append(
            table(
                ["Call", "Account", "Region", "Why it could not be counted"],
                holes,
                caption="Populations that could not be read",
            )
        )
    return blocks


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "not known"


def _agreement(row: Population) -> Inline:
    if not row.second_source:
        return badge("no second source", "not_applicable")
    if isinstance(row.second_count, Gap) or isinstance(row.records, Gap):
        return badge("not known", "unknown")
    return badge("agrees", "pass") if row.second_count == row.records else badge("differs", "fail")
