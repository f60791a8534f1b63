"""The combined report: cover, summary, the notebooks' sections in order, and the honest end."""

from __future__ import annotations

from collections.abc import Sequence

import nbformat

from ..assess import Assessment
from .blocks import Block, code, error, heading, note, strong
from .document import Document
from .notebook_blocks import notebook_blocks
from .ran import Ran
from .sections import summary_section
from .sections.source_scope import scope_of

_LAST = "99-summary"


def compose(assessment: Assessment, ran: Sequence[Ran]) -> Document:
    """The document of an assessment and its executed notebooks.

    The notebooks stand in the order of their names, the summary's appendices last. A notebook that did not finish shows as a render error and makes the
    report a draft; its results still stand, since notebooks decide nothing.
    """
    broken = [each.name for each in ran if each.problem]
    blocks: list[Block] = [summary_section(assessment, broken)]
    for each in sorted(ran, key=lambda one: (one.name == _LAST, one.name)):
        if each.problem:
            blocks += [
                heading(1, f"{each.name}: render error"),
                error("render error", each.problem),
                note("alert", "This section could not be rendered. The results of its controls are in findings.json."),
            ]
            continue
        found = notebook_blocks(nbformat.read(each.path, as_version=4))
        blocks += [block for block in found if not _is_summary(block)] if each.name == _LAST else found
    looked = scope_of(assessment)
    banners = [word for word, shown in (("SYNTHETIC ACCOUNT", assessment.synthetic), ("DRAFT", True)) if shown]
    return Document(
        title="Serverless security assessment",
        subtitle=assessment.engagement.get("system", "") or ", ".join((*looked.accounts, *looked.trees)),
        classification="CONFIDENTIAL",
        banner=" · ".join(banners),
        as_of=assessment.as_of,
        run_id=assessment.inputs["seal"][:12],
        facts=tuple(_facts(assessment)),
        blocks=tuple(blocks),
    )


def _is_summary(block: Block) -> bool:
    return block.get("kind") == "section" and block.get("role") == "summary"


def _facts(assessment: Assessment) -> list[tuple[str, list[dict[str, object]]]]:
    engagement, looked = assessment.engagement, scope_of(assessment)
    said = [
        ("Client", engagement.get("client", "")),
        ("System", engagement.get("system", "")),
        ("Reference", engagement.get("reference", "")),
        ("Accounts", ", ".join(looked.accounts)),
        ("Source", ", ".join(looked.trees)),
        ("Templates", ", ".join(looked.templates.values())),
        ("Evidence as of", assessment.as_of.strftime("%Y-%m-%d %H:%M UTC")),
        ("Prepared by", engagement.get("assessor", "") or "not declared"),
        ("Reviewed by", "not signed"),
        ("Distribution", engagement.get("distribution", "")),
    ]
    facts: list[tuple[str, list[dict[str, object]]]] = [
        (name, [{"t": "text", "s": value}]) for name, value in said if value
    ]
    facts.append(
        ("Rating", [strong(assessment.automatic.rating.value), {"t": "text", "s": f" ({assessment.automatic.why})"}])
    )
    facts.append(("Evidence digest", [code(assessment.inputs["seal"])]))
    facts.append(("Tool", [{"t": "text", "s": f"assaybook {assessment.tool_version}"}]))
    return facts
