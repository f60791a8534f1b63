"""The estate as a drawing: who starts what and what that reaches, as a whole and path by path."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ...assess import Assessment
from ...evidence import Gap
from ...model import Finding, Outcome
from ...tables.flows import InjectionFlow
from ...tables.graph import (
    INTERNET_ANONYMOUS,
    INTERNET_AUTHENTICATED,
    ORGANISATION,
    OTHER_ACCOUNT,
    OWN_ACCOUNT,
    AttackPath,
)
from ..blocks import Block, chart, paragraph
from .flow_steps import flow_kind
from .wording import noun

CHECK = "attack-path"
MOST_PATHS = 12
FEW_PATHS = 5
UNKNOWN = "unknown"
OTHERS = "Others"
WHO: Mapping[str, str] = {
    INTERNET_ANONYMOUS: "Anyone on the internet",
    OTHER_ACCOUNT: "Other accounts",
    UNKNOWN: "Not known",
    INTERNET_AUTHENTICATED: "Identified callers",
    ORGANISATION: "The organisation",
    OWN_ACCOUNT: "The own account",
}
WHO_TONES: Mapping[str, str] = {
    INTERNET_ANONYMOUS: "high",
    OTHER_ACCOUNT: "medium",
    UNKNOWN: "unknown",
    INTERNET_AUTHENTICATED: "low",
    ORGANISATION: "low",
    OWN_ACCOUNT: "not_applicable",
}
# What a role reaches, the worst first, with the tone of its node.
REACHES: Mapping[str, str] = {
    "An administrator's rights": "high",
    "Every sensitive store of a kind": "medium",
    "Sensitive stores by name": "low",
    "Not known": "unknown",
    "No sensitive store": "not_applicable",
}
# What starts functions, in groups that a reader takes in at a glance.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "APIs, URLs and sign-in": ("url", "api", "resolver", "authorizer", "sign-in", "load balancer"),
    "Mail and devices": ("mail", "device rule"),
    "Grants to accounts, services": ("account", "service"),
    "Buckets": ("bucket",),
    "Queues, topics and streams": ("queue", "topic", "stream", "table", "broker", "database"),
    "Event buses and schedules": ("bus", "schedule"),
    "State machines": ("state machine",),
}
LEGEND: Mapping[str, str] = {"fail": "fails", "review": "for review", "unknown": "not known"}
_DRAWN = (Outcome.FAIL, Outcome.REVIEW, Outcome.UNKNOWN)


@dataclass
class _Drawing:
    """Nodes and links, each node once for what it says in its column."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    links: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    _places: dict[tuple[int, str], int] = field(default_factory=dict)

    def node(self, column: int, key: str, label: str, note: str = "", tone: str = "not_applicable") -> int:
        """The place of a node, made if it is new."""
        at = (column, key)
        if at not in self._places:
            self._places[at] = len(self.nodes)
            self.nodes.append({"column": column, "label": label, "note": note, "tone": tone})
        return self._places[at]

    def link(self, source: int, target: int, tone: str, weight: int = 1) -> None:
        """One more link; of two between the same nodes the one that came first gives the tone."""
        known = self.links.setdefault((source, target), {"source": source, "target": target, "weight": 0, "tone": tone})
        known["weight"] += weight

    def data(self, columns: Sequence[str], legend: Sequence[dict[str, str]] = (), *, weighted: bool) -> dict[str, Any]:
        """The data of a flow chart."""
        links = [each if weighted else {**each, "weight": 1} for each in self.links.values()]
        return {"columns": list(columns), "nodes": self.nodes, "links": links, "legend": list(legend)}


def attack_paths(assessment: Assessment, most: int = MOST_PATHS) -> list[Block]:
    """The worst paths, link by link: what starts a function, the function, its role, what that reaches."""
    found = _open_paths(assessment)
    if found is None:
        return []
    if not found:
        return [
            paragraph(
                "No path leads from a sender who is not trusted to rights or data that matter, as far as was seen."
            )
        ]
    shown = found[:most]
    flows = {finding.id: _flow_of(assessment, finding) for finding, _ in shown}
    # The column of code is there only if some code is known to let something through.
    role = 3 if any(flows.values()) else 2
    drawing = _Drawing()
    sentences = []
    for finding, path in shown:
        entry, reach = _entry(path), _reached(path)
        tone = finding.outcome.value
        flow = flows[finding.id]
        places = [
            drawing.node(0, f"{path.key}{entry}", *entry, tone=WHO_TONES[_who(path)]),
            drawing.node(1, path.workload, path.subject.name, f"function, {path.subject.region}", tone),
            *([drawing.node(2, flow.key, flow.where, flow_kind(flow.kind), tone)] if flow else []),
            drawing.node(role, path.role, path.role, "role"),
            drawing.node(role + 1, "|".join(reach[:2]), *reach),
        ]
        for source, target in pairwise(places):
            drawing.link(source, target, tone)
        through = f", whose code at {flow.where} lets through what is sent ({flow_kind(flow.kind)})," if flow else ""
        sentences.append(
            f"{entry[0]} ({entry[1].lower()}) starts {path.subject.name}{through} under role {path.role}, which reaches {reach[0]}: {LEGEND[tone]}"
        )
    tones = Counter(finding.outcome.value for finding, _ in found)
    said = ", ".join(f"{number} {_many(tone, number)}" for tone, number in tones.items())
    caption = f"Attack paths: {said}" + (f"; the worst {len(shown)} are drawn" if len(shown) < len(found) else "")
    legend = [
        {"tone": tone, "label": LEGEND[tone]} for tone in LEGEND if any(each.outcome.value == tone for each, _ in shown)
    ]
    columns = [
        "What starts it",
        "Function",
        *(["Code"] if role == 3 else []),
        "Role",
        "What it reaches" if role == 3 else "What the role reaches",
    ]
    return [
        chart("flow", drawing.data(columns, legend, weighted=False), alt=". ".join(sentences) + ".", caption=caption)
    ]


def _flow_of(assessment: Assessment, finding: Finding) -> InjectionFlow | None:
    """The flow that a finding on a path rests on: the one whose sink it tells; None if it rests on none."""
    told = [each.key for each in finding.relied_on if each.table == InjectionFlow.__name__ and each.field == "sink"]
    return assessment.evidence.find(InjectionFlow, told[-1]) if told else None


def _many(tone: str, number: int) -> str:
    be = "is" if number == 1 else "are"
    return {"fail": "fails" if number == 1 else "fail", "review": f"{be} for review", "unknown": f"{be} not known"}[
        tone
    ]


def _open_paths(assessment: Assessment) -> list[tuple[Finding, AttackPath]] | None:
    """Findings on paths that failed, wait for a person or are not known, the worst first, with their rows; None if no path was judged at all."""
    findings = [each for each in assessment.findings if each.check == CHECK]
    if not findings:
        return None
    found = []
    for each in findings:
        row = assessment.evidence.find(AttackPath, each.row) if each.outcome in _DRAWN else None
        if row is not None:
            found.append((each, row))
    return sorted(found, key=lambda pair: (_DRAWN.index(pair[0].outcome), -_weight(pair[1]), pair[1].key))


def _weight(path: AttackPath) -> int:
    """How much a path puts at stake, for the order."""
    order = list(REACHES)
    who = list(WHO)
    return 10 * (len(order) - order.index(_reach(path))) + len(who) - who.index(_who(path))


def _who(path: AttackPath) -> str:
    return UNKNOWN if isinstance(path.trust, Gap) else path.trust


def _entry(path: AttackPath) -> tuple[str, str]:
    more = path.entry_count - 1
    first = path.entries[0] if path.entries else "what starts it"
    if path.kind == "url" and "://" in first:
        first = f"function URL {first.partition('://')[2][:8]}…"
    return (f"{first} and {more} more" if more > 0 else first), WHO[_who(path)]


def _reach(path: AttackPath) -> str:
    """What the role reaches, as one of REACHES."""
    names = list(REACHES)
    if isinstance(path.power, Gap) or isinstance(path.sensitive, Gap):
        return names[3]
    if path.power or path.power_if:
        return names[0]
    if path.sensitive:
        return names[1] if path.by_wildcard else names[2]
    return names[4]


def _reached(path: AttackPath) -> tuple[str, str, str]:
    """Words, a note and a tone for what a path ends at."""
    name = _reach(path)
    tone = REACHES[name]
    if isinstance(path.power, Gap) or isinstance(path.sensitive, Gap):
        return "Not known", "the role could not be read", tone
    if path.power or path.power_if:
        said, _, statement = (path.power or path.power_if).rpartition(" (")
        what = (
            "Every action on every resource"
            if "every action on every" in said
            else said.removeprefix("may ").capitalize()
        )
        return what, statement.partition(", statement")[0].rstrip(")") + ("" if path.power else ", on conditions"), tone
    first = path.sensitive_named[0].partition(" (")[0].partition(" ")[2] if path.sensitive_named else "sensitive stores"
    more = path.sensitive - 1
    return first, f"and {more:,} more sensitive" if more else "sensitive", tone


def estate(assessment: Assessment) -> list[Block]:
    """All functions in groups: who starts them, through what, and what their roles reach. As readable for four thousand as for forty."""
    paths = [each for each in assessment.evidence.rows(AttackPath) if each.kind != "none"]
    if not paths:
        return []
    functions: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    first: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    second: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for each in paths:
        who, group, reach = _who(each), _group(each.kind), _reach(each)
        for at in ((0, who), (1, group), (2, reach)):
            functions[at].add(each.workload)
        first[who, group].add(each.workload)
        second[group, reach].add(each.workload)
    drawing = _Drawing()
    groups = [name for name in (*GROUPS, OTHERS) if functions[1, name]]
    for who in (name for name in WHO if functions[0, name]):
        drawing.node(0, who, WHO[who], noun("function", len(functions[0, who])), WHO_TONES[who])
    for group in groups:
        drawing.node(1, group, group, noun("function", len(functions[1, group])))
    for reach in (name for name in REACHES if functions[2, name]):
        drawing.node(2, reach, reach, noun("function", len(functions[2, reach])), REACHES[reach])
    for who in WHO:
        for group in groups:
            if first[who, group]:
                link = drawing.node(0, who, ""), drawing.node(1, group, "")
                drawing.link(*link, WHO_TONES[who], len(first[who, group]))
    for group in groups:
        for reach, tone in REACHES.items():
            if second[group, reach]:
                link = drawing.node(1, group, ""), drawing.node(2, reach, "")
                drawing.link(*link, tone, len(second[group, reach]))
    alone = sum(each.kind == "none" for each in assessment.evidence.rows(AttackPath))
    said = [f"{WHO[who]}: {noun('function', len(functions[0, who]))}" for who in WHO if functions[0, who]]
    ends = [
        f"{reach[:1].lower()}{reach[1:]}: {noun('function', len(functions[2, reach]))}"
        for reach in REACHES
        if functions[2, reach]
    ]
    rest = f" Nothing is known to start {noun('function', alone)}." if alone else ""
    return [
        chart(
            "flow",
            drawing.data(["Who can start functions", "Through what", "What their roles reach"], weighted=True),
            alt=f"Functions by who can start them: {'; '.join(said)}. By what their roles reach: {'; '.join(ends)}.{rest}",
            caption=f"The estate: who can start {noun('function', len({each.workload for each in paths}))}, and what their roles reach",
        )
    ]


def _group(kind: str) -> str:
    """The group that a kind of trigger is drawn in."""
    return next((name for name, kinds in GROUPS.items() if kind in kinds), OTHERS)
