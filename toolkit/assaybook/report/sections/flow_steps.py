"""Flows through code, step by step: the worst in full, the others in a table."""

from __future__ import annotations

from collections.abc import Sequence

from ...assess import Assessment
from ...checks import ALL
from ...model import Finding, Outcome
from ...tables.code import CodePackage
from ...tables.flows import Flow, Step
from ..blocks import Block, Cell, badge, code, heading, paragraph, step, steps, table
from .code import name_of
from .wording import noun, worst_first

MOST_IN_FULL = 10
MOST_STEPS = 12
MOST_ROWS = 60
_OPEN = (Outcome.FAIL, Outcome.REVIEW)
# In the words of a reader; what is not here is called as the table does.
KINDS = {
    "command": "command execution",
    "code": "code execution",
    "sql": "SQL injection",
    "nosql": "NoSQL injection",
    "deserialisation": "unsafe deserialisation",
    "template": "template injection",
    "path": "path traversal",
    "xml": "XML entities",
    "ssrf": "request forgery",
    "xss": "script in a page",
    "redirect": "open redirect",
    "header": "header injection",
    "regex": "costly pattern",
    "log": "written to a log",
    "answer": "sent in an answer",
}


def flow_kind(kind: str) -> str:
    """What happens at the end of a flow, in words."""
    return KINDS.get(kind, kind.replace("-", " ").replace("_", " "))


def flow_of(assessment: Assessment, finding: Finding) -> Flow | None:
    """The flow that a finding is about; None if it is about something else, or about the absence of flows."""
    over = ALL[finding.check].over
    if not issubclass(over, Flow):
        return None
    row = assessment.evidence.find(over, finding.row)
    return row if row is not None and isinstance(row.steps, tuple) and row.kind and row.steps else None


def drawn_steps(flow: Flow, most: int = MOST_STEPS) -> list[dict[str, str]]:
    """The steps of a flow as blocks want them: the first is the source, the last the sink; of a very long flow its middle is only counted."""
    last = len(flow.steps) - 1
    made = [_step(each, number, last) for number, each in enumerate(flow.steps)]
    if len(made) <= most:
        return made
    head, tail = most // 2, most - most // 2 - 1
    return [*made[:head], step("…", f"{noun('further step', len(made) - head - tail)}"), *made[len(made) - tail :]]


def _step(each: Step, number: int, last: int) -> dict[str, str]:
    mark = "sink" if number == last else "source" if not number else "step"
    within = f" (in {each.function})" if each.function and each.function not in each.said else ""
    where = f"{each.file}:{each.line}" if each.line else each.file
    return step(where, f"{each.said.replace('`', '')}{within}", each.code, mark)


def flow_section(assessment: Assessment, most: int = MOST_IN_FULL) -> list[Block]:
    """The flows that failed or wait for a person, the worst first: some in full, the others one line each."""
    found = _open_flows(assessment)
    read = [each for each in assessment.captures if each.call == "code:Flows"]
    blocks: list[Block] = [heading(3, "Flows step by step", "flows")]
    if not read:
        return [*blocks, paragraph("No code was read, so nothing is known of flows through it.")]
    followed = [each for each in assessment.evidence.rows(CodePackage) if isinstance(each.parsed, int) and each.parsed]
    whole = len(followed)
    said = f"Code of {noun('package', len(read))} was looked at; {whole:,} of them hold code in a language that is followed."
    if not found:
        none = " No flow from a sender to a place where it does harm was found in what was read."
        return [*blocks, paragraph(said + none)]
    failed = sum(each.outcome is Outcome.FAIL for each, _ in found)
    blocks.append(
        paragraph(
            f"{said} {noun('flow', len(found))}: {failed:,} certain enough to fail, {len(found) - failed:,} for a person to judge. "
            "A double ring marks where data comes in, a filled square where it does harm."
        )
    )
    for number, (finding, flow) in enumerate(found[:most], 1):
        caption = f"{number}. {_titled(finding, flow)}: {flow.source.strip('`') or 'data'} reaches {flow.sink or flow.kind} ({_place(flow)})"
        blocks.append(steps(drawn_steps(flow), caption=caption))
        if flow.why:
            blocks.append(paragraph(f"Not certain: {flow.why}."))
    rest = found[most:]
    if rest:
        rows = [_row(finding, flow) for finding, flow in rest[:MOST_ROWS]]
        blocks.append(
            table(
                ["Severity", "", "What happens", "From", "To", "Where"],
                rows,
                caption="Further flows; findings.csv has all of them",
                total=len(rest),
                widths=[11, 11, 17, 24, 24, 24],
            )
        )
    return blocks


def _titled(finding: Finding, flow: Flow) -> str:
    kind = flow_kind(flow.kind)
    return f"{kind[:1].upper()}{kind[1:]}, {finding.severity.value}, {_word(finding)}"


def _place(flow: Flow) -> str:
    """Where a flow ends, with its package where that is no folder of the path."""
    name = name_of(flow.package)
    return f"{name}, {flow.where}" if ":function:" in flow.package or ":layer:" in flow.package else flow.where


def _word(finding: Finding) -> str:
    return "fails" if finding.outcome is Outcome.FAIL else "for review"


def _row(finding: Finding, flow: Flow) -> list[Cell]:
    return [
        [badge(finding.severity.value, finding.severity.value)],
        [badge(_word(finding), finding.outcome.value)],
        flow_kind(flow.kind),
        [code(flow.source.strip("`") or "–")],
        [code(flow.sink or flow.kind)],
        [code(_place(flow))],
    ]


def _open_flows(assessment: Assessment) -> Sequence[tuple[Finding, Flow]]:
    """Findings on flows with their rows: failures first, then by severity; a flow once, whatever number of checks look at it."""
    ordered = worst_first([each for each in assessment.findings if each.outcome in _OPEN])
    ordered.sort(key=lambda each: _OPEN.index(each.outcome))
    found: dict[str, tuple[Finding, Flow]] = {}
    for each in ordered:
        flow = flow_of(assessment, each)
        if flow is not None:
            found.setdefault(f"{type(flow).__name__} {flow.key}", (each, flow))
    return list(found.values())
