"""What other tools reported: which files, how much of it is filed under a control, and what is not."""

from __future__ import annotations

from collections.abc import Iterator

from ...assess import Assessment
from ...model import Outcome
from ...tables.imports import ImportedRun
from ..blocks import Block, Cell, code, heading, paragraph, table
from .wording import noun

PREFIX = "another-tool-reports-"


def imported_lines(assessment: Assessment) -> Iterator[str]:
    """One sentence for each run of another tool; none where nothing was imported."""
    for run in assessment.evidence.rows(ImportedRun):
        left = len(run.unmapped)
        said = f"{run.mapped} filed under controls, {run.dismissed} set aside in the tool"
        rest = f", {run.results - run.mapped} not mapped ({noun('rule', left)})" if left else ""
        failed = "" if run.complete else "; the tool says that its run failed"
        cut = f"; {run.cut} more were not read" if run.cut else ""
        yield f"imported from {run.tool} ({run.file}): {noun('result', run.results)}: {said}{rest}{failed}{cut}"


def imported_results(assessment: Assessment) -> list[Block]:
    """The runs of other tools, and the rules of theirs that fit no topic of ours; nothing where nothing was imported."""
    runs = assessment.evidence.rows(ImportedRun)
    if not runs:
        return []
    rows: list[list[Cell]] = [
        [
            [code(run.file)],
            f"{run.tool} {run.version}".strip(),
            str(run.results),
            str(run.mapped),
            str(run.dismissed),
            str(run.passed),
            _state(run),
        ]
        for run in runs
    ]
    found = [each for each in assessment.findings if each.check.startswith(PREFIX)]
    asked = sum(each.outcome is Outcome.REVIEW for each in found)
    blocks: list[Block] = [
        heading(2, "Results of other tools", "imported"),
        paragraph(
            "What another tool reports is set beside our own results under the control that it concerns. It makes nothing pass, and nothing fail by itself. "
            f"For a person to judge, as no check of ours found it: {noun('result', asked)}. "
            "What says that all is well was left out, as nobody here saw what it rests on."
        ),
        table(
            ["File", "Tool", "Results", "Filed", "Set aside", "Well", "State"],
            rows,
            align="llrrrrl",
            widths=[28, 22, 9, 9, 10, 8, 24],
        ),
    ]
    unmapped: list[list[Cell]] = [[run.tool, [code(run.file)], rule] for run in runs for rule in run.unmapped]
    if unmapped:
        blocks.append(paragraph("These rules fit no control of ours, so that nothing follows from their results here:"))
        blocks.append(table(["Tool", "File", "Rule (results)"], unmapped, widths=[20, 30, 50]))
    return blocks


def _state(run: ImportedRun) -> str:
    said = "read" if run.complete else "the tool says that its run failed"
    return f"{said}; {run.cut} more were not read" if run.cut else said
