"""The honest end of a report: what was not assessed, accepted risks, evidence, how to verify, what the words mean."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from ...assess import Assessment
from ...capture import ABSENT, OK, Capture
from ...model import Outcome, Status
from ..blocks import Block, Cell, badge, bullets, code, facts, heading, paragraph, raw, table
from ..exports.findings_json import shown
from .plans import left_out_by_plan
from .wording import STATUS_WORDS, noun

MOST_EVIDENCE = 400


def not_assessed(assessment: Assessment) -> list[Block]:
    """What could not be read, what it leaves open, what it would take; and controls that have no check yet."""
    rows: list[list[Cell]] = [
        [
            [code(each.call)],
            [code(each.permission or "none known")],
            each.reason,
            ", ".join(each.places),
            ", ".join(each.affects),
        ]
        for each in assessment.not_assessed
        if not each.by_plan
    ]
    blocks: list[Block] = [heading(2, "Not assessed: evidence is missing", "not-assessed")]
    if rows:
        blocks.append(
            paragraph(
                "These calls were not answered. Grant the permission, or fix the cause, and collect again. Until then the controls named are undetermined where they rest on them."
            )
        )
        blocks.append(
            table(["Call", "Permission", "Reason", "Where", "Leaves open"], rows, widths=[24, 24, 24, 20, 22])
        )
    else:
        left_out = any(each.by_plan for each in assessment.not_assessed)
        said = "Every call of the plan in use" if left_out else "Every call"
        blocks.append(paragraph(f"{said} that the assessed controls need was answered."))
    blocks += left_out_by_plan(assessment)
    pending = [each for each in assessment.controls if each.pending]
    waiting = [each for each in assessment.controls if each.awaits_person]
    if waiting:
        asked = [
            [each.control.id, each.control.question or "", each.answer_problem or "no answer yet"] for each in waiting
        ]
        blocks.append(heading(2, "Awaiting a person", "awaiting"))
        blocks.append(table(["Control", "Question", "State"], asked, widths=[10, 66, 24]))
    if pending:
        unbuilt = [[each.control.id, each.control.title, each.control.pending or ""] for each in pending]
        blocks.append(heading(2, "No check yet", "pending"))
        blocks.append(
            paragraph(f"Not decided by this version, and counted as undetermined: {noun('control', len(pending))}.")
        )
        blocks.append(table(["Control", "What is demanded", "What is missing"], unbuilt, widths=[10, 36, 54]))
    return blocks


def waivers(assessment: Assessment) -> list[Block]:
    """Accepted risks with owner, approver and expiry. They change no outcome."""
    if not assessment.waivers:
        return [heading(2, "Accepted risks", "waivers"), paragraph("No waiver was given.")]
    rows: list[list[Cell]] = []
    for use in assessment.waivers:
        tone = "not_applicable" if not use.findings else "pass" if use.valid else "fail"
        rows.append(
            [
                use.waiver.id,
                [code(use.waiver.check), f" on {use.waiver.subject}"],
                [badge(use.state, tone)],
                str(len(use.findings)),
                use.waiver.expires.isoformat(),
                f"{use.waiver.owner}; approved by {use.waiver.approver}",
                use.waiver.reason,
            ]
        )
    columns = ["Waiver", "Covers", "State", "Failures", "Expires", "Owner", "Reason"]
    return [
        heading(2, "Accepted risks", "waivers"),
        paragraph("A waiver records who accepted a risk and until when. It changes no outcome and raises no score."),
        table(columns, rows, align="lllrlll", widths=[12, 26, 18, 9, 12, 22, 34]),
    ]


def framework_views(assessment: Assessment) -> list[Block]:
    """For each framework: how many of the ids touched have what support. Never a statement of compliance."""
    status = {each.control.id: each.status for each in assessment.controls}
    by_framework: dict[str, dict[str, list[Status]]] = {}
    for practice in assessment.catalogue.practices:
        mine = [status[each.id] for each in practice.controls if each.id in status]
        for name, ids in practice.frameworks.items():
            for id in ids:
                by_framework.setdefault(name, {}).setdefault(id, []).extend(mine)
    rows: list[list[Cell]] = []
    for name in sorted(by_framework):
        framework = assessment.catalogue.frameworks[name]
        worst = Counter(_worst(each) for each in by_framework[name].values())
        rows.append(
            [framework.name, framework.version, str(len(by_framework[name])), *(str(worst[each]) for each in Status)]
        )
    columns = ["Framework", "Version", "Ids touched", *(STATUS_WORDS[each] for each in Status)]
    return [
        heading(2, "Framework views", "frameworks"),
        paragraph(
            "Each id is shown with the worst status of the practices that touch it.",
            " A mapping says that a practice intersects with a requirement; it is partial evidence and no statement of compliance.",
        ),
        table(columns, rows, align="llrrrrr", widths=[38, 14, 11, 9, 9, 15, 13]),
    ]


def _worst(statuses: Sequence[Status]) -> Status:
    for each in (Status.NOT_MET, Status.UNDETERMINED, Status.MET):
        if each in statuses:
            return each
    return Status.NOT_APPLICABLE


def parameters(assessment: Assessment) -> list[Block]:
    """Every threshold and declaration with its effective value."""
    rows: list[list[Cell]] = []
    for name, value in assessment.parameters.items():
        known = assessment.catalogue.parameters.get(name)
        origin = "engagement" if name in assessment.changed_parameters else "default" if known else "declaration"
        made = shown(value)
        text = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False, sort_keys=True)
        rows.append(
            [
                [code(name)],
                text if text not in ("", "[]", "{}", "null") else "none",
                origin,
                known.meaning if known else "",
            ]
        )
    return [
        heading(2, "Thresholds and declarations", "parameters"),
        table(["Name", "Value", "From", "Meaning"], rows, widths=[28, 30, 12, 40]),
    ]


def evidence_index(assessment: Assessment) -> list[Block]:
    """The captures that findings rest on: reference, call, where, when, state, records."""
    cited = {ref for each in assessment.findings if each.outcome is not Outcome.NOT_APPLICABLE for ref in each.evidence}
    listed = [each for each in assessment.captures if each.ref in cited or each.state not in (OK, ABSENT)]
    rows = [_evidence_row(each) for each in listed[:MOST_EVIDENCE]]
    said = (
        f"{len(assessment.captures):,} captures were sealed; the {len(listed):,} that results rest on, or that were not answered, are listed here by their reference"
        + (f", the first {MOST_EVIDENCE} of them." if len(listed) > MOST_EVIDENCE else ".")
    )
    return [
        heading(2, "Evidence index", "evidence"),
        paragraph(said),
        table(
            ["Ref", "Call", "Asked about", "Region", "State", "Records", "Answered (UTC)"],
            rows,
            align="lllllrl",
            widths=[8, 25, 35, 11, 11, 9, 16],
            total=len(listed),
        ),
    ]


def _evidence_row(each: Capture) -> list[Cell]:
    # Lists and filters among the parameters are the same in each request of a call; texts say what it is about.
    asked = ", ".join(value for value in each.params.values() if isinstance(value, str)) or "–"
    tone = {"ok": "pass", "absent": "not_applicable"}.get(each.state, "unknown")
    return [
        each.ref,
        [code(each.call)],
        asked[:120],
        each.target.region,
        [badge(each.state, tone)],
        str(each.records),
        each.at[:16].replace("T", " "),
    ]


def how_to_verify(assessment: Assessment) -> list[Block]:
    """The exact commands that check the seal and repeat the assessment."""
    return [
        heading(2, "How to verify", "verify"),
        paragraph(
            "With the evidence file (the seal) and the same version of the tool, anybody can check that no byte changed and repeat the assessment offline:"
        ),
        raw(
            f"assaybook --version    # {assessment.tool_version}\nassaybook verify evidence.seal\n"
            f"assaybook assess evidence.seal -c assess.toml -o again --as-at {assessment.as_at.isoformat()}"
        ),
        paragraph("The second command prints the digest of the evidence, which must be:"),
        facts([("Seal", [code(assessment.inputs["seal"])]), ("Catalogue", [code(assessment.inputs["catalogue"])])]),
        paragraph(
            "The findings.json of the repeated run is the same, byte for byte, given the same assess.toml, answers, waivers and choice of controls. A run without assess.toml leaves out -c."
        ),
    ]


def limits() -> list[Block]:
    """What this report does not say."""
    return [
        heading(2, "What this report does not say", "limits"),
        bullets(
            [
                "It speaks of the configuration at one point in time, as the provider's own interfaces described it.",
                "It rests on read-only configuration and static review. Nothing was exploited.",
                "A control that was not assessed is neither effective nor ineffective.",
                "It is neither an opinion nor a certification, and a mapping to a framework is not conformity with it.",
                "That nothing was found does not show that nothing is there: this version reads no function code, dependencies or templates, "
                "and what runs inside a function at run time is not seen.",
                "Automatic controls are decided by code. Hybrid and manual controls are concluded by the person named; they are not concluded by this tool.",
            ]
        ),
    ]


_WORDS = (
    ("Practice", "one of the guide's 21 practices, A1 to G3, or a challenge that cuts across them, XA to XE"),
    ("Control", "one statement under a practice that can be assessed"),
    ("Check", "a function that decides one row of evidence"),
    ("Exception", "a subject that failed a check"),
    ("Review", "an outcome that only a person can conclude"),
    (
        "Not known",
        "the evidence is missing: denied, failed, not supported, not told by a template, or out of scope. It is never a pass",
    ),
    (
        "Undetermined",
        "the status of a control that has no failure and something that is not known, not concluded or not built yet",
    ),
    ("Waiver", "a risk that a named person accepted until a date; it changes no outcome"),
    ("Seal", "the evidence file; its digest identifies what the assessment was made from"),
    ("Capture", "one call and its answer, as it was sealed"),
    ("As of", "when the latest evidence was collected"),
)


def glossary() -> list[Block]:
    """What the words mean."""
    return [heading(2, "Glossary", "glossary"), facts(list(_WORDS))]
