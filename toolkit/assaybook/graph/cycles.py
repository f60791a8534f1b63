"""Loops that pass through more than one workload: what one writes starts the next, and the last starts the first again."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..evidence import Gap
from ..policy.document import ALLOW
from ..policy.match import action_matches
from ..tables.compute import Workload
from ..tables.graph import Feed
from .reaches import Roles
from .rights import Rights
from .stores import KINDS, Kind, Place, Shelf
from .turns import STOPPED_BY_PROVIDER, turn

# What may be written to and hands on what it gets. A bus is no store, so that no other part of the graph knows it.
# Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EventBridge".
WRITTEN: Mapping[str, Kind] = {
    **{name: KINDS[name] for name in ("bucket", "queue", "topic", "table", "stream")},
    "bus": Kind("bus", (), ("events:PutEvents",), "arn:aws:events:us-east-1:000000000000:event-bus/nobodys"),
}
# A pattern that fits more sources than these says how wide a role is, which has checks of its own, and nothing about what its code writes.
MOST_FITTED = 20
MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Cycle:
    """A loop as seen from one of its workloads. `told_at` names the workload under which it is told, empty if that is this one."""

    said: str
    proven: bool
    told_at: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """One workload starts another: by what it writes where, in words, and whether everything that it writes there does."""

    to: str
    said: str
    sure: bool
    stopped: bool


@dataclass
class Cycles:
    """The loops by workload, and for each workload behind which a role is not known, why."""

    found: dict[str, Cycle] = field(default_factory=dict)
    unknown: dict[str, Gap] = field(default_factory=dict)


def cycles(workloads: Sequence[Workload], feeds: Sequence[Feed], roles: Roles) -> Cycles:
    """Loops through at least two workloads. The work grows with the number of feeds and of grants that name what feeds something."""
    held = {each.key: each for each in workloads}
    steps, unread = _steps(held, [each for each in feeds if each.active and not _of_provider(each)], roles)
    made = Cycles()
    for proven in (True, False):
        ways = {key: [each for each in out if each.sure or not proven] for key, out in steps.items()}
        for members in _knots(ways):
            _tell(members, ways, held, made, proven)
    for key, gap in _behind(steps, unread).items():
        made.unknown[key] = gap
    return made


def _of_provider(feed: Feed) -> bool:
    """Whether a rule of a bus waits for events of AWS itself, in whose name nobody may put events."""
    return feed.kind == "bus" and feed.own_events_only and "pattern on account" not in feed.filters


def _steps(
    held: Mapping[str, Workload], feeds: Sequence[Feed], roles: Roles
) -> tuple[dict[str, list[_Step]], dict[str, Gap]]:
    """What each workload starts by what it may write, and those of whose roles that is not known."""
    onward: defaultdict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        onward[feed.source].append(feed)
    kinds = {feed.source: feed.kind for feed in feeds if feed.kind in WRITTEN}
    shelves = {
        name: Shelf(kind, [Place(source, source, False) for source, of in kinds.items() if of == name])
        for name, kind in WRITTEN.items()
    }
    steps: dict[str, list[_Step]] = {}
    unread: dict[str, Gap] = {}
    by_role: dict[str, list[_Step]] = {}
    ends: dict[str, tuple[tuple[Feed, ...], ...]] = {}
    for key, workload in sorted(held.items()):
        rights = roles.rights(workload.role)
        if isinstance(rights, Gap):
            unread[key] = rights
            continue
        if workload.role not in by_role:
            name = roles.name(workload.role)
            by_role[workload.role] = list(_of_role(rights, name, shelves, onward, held, ends))
        steps[key] = [each for each in by_role[workload.role] if each.to != key]
    return steps, unread


def _of_role(
    rights: Rights,
    role: str,
    shelves: Mapping[str, Shelf],
    onward: Mapping[str, Sequence[Feed]],
    held: Mapping[str, Workload],
    ends: dict[str, tuple[tuple[Feed, ...], ...]],
) -> Iterator[_Step]:
    seen: set[tuple[str, str]] = set()
    for shelf in shelves.values():
        for source in _named(rights, shelf):
            if source not in ends:
                ends[source] = tuple(_ways(source, onward, held))
            for way in ends[source]:
                first, last = way[0], way[-1]
                found = turn(first, last, rights, shelf, role)
                if found is not None and (first.key, last.target) not in seen:
                    seen.add((first.key, last.target))
                    started = held[last.target].name
                    stopped = all(each.kind in STOPPED_BY_PROVIDER for each in way)
                    sure = found.proven and not any(each.filters for each in way[1:])
                    said = f"may write to {found.through} ({found.by}), which starts {started}"
                    yield _Step(last.target, said, sure, stopped)


def _named(rights: Rights, shelf: Shelf) -> list[str]:
    """The sources of one kind that a statement names, and not only as one of all."""
    found: set[str] = set()
    for rule in rights.held.layers[0].rules:
        statement = rule.statement
        if statement.effect != ALLOW or not any(
            action_matches(pattern, action) for pattern in statement.actions or () for action in shelf.kind.writes
        ):
            continue
        for pattern in statement.resources or ():
            if not shelf.every(pattern):
                fits = shelf.matching(pattern)
                found.update(each.arn for each in fits if len(fits) <= MOST_FITTED)
    return sorted(found)


def _ways(
    source: str, onward: Mapping[str, Sequence[Feed]], held: Mapping[str, Workload]
) -> Iterator[tuple[Feed, ...]]:
    """The shortest way from a source to each workload that it starts, by each of the feeds that leave it."""
    for first in onward.get(source, ()):
        seen = {source}
        waiting: deque[tuple[Feed, ...]] = deque([(first,)])
        while waiting:
            way = waiting.popleft()
            at = way[-1].target
            if at in held:
                yield way
            elif at not in seen:
                seen.add(at)
                waiting.extend((*way, each) for each in onward.get(at, ()))


def _knots(ways: Mapping[str, Sequence[_Step]]) -> list[list[str]]:
    """The groups of two or more workloads in which each leads to every other (Tarjan's strongly connected components), in the order of their names."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    held: set[str] = set()
    found: list[list[str]] = []
    for root in sorted(ways):
        work = [(root, iter(ways[root]))] if root not in number else []
        while work:
            at, steps = work[-1]
            if at not in number:
                number[at] = low[at] = len(number)
                stack.append(at)
                held.add(at)
            new = next((each.to for each in steps if each.to in ways and _follow(each.to, at, number, low, held)), None)
            if new is not None:
                work.append((new, iter(ways[new])))
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[at])
            if low[at] == number[at]:
                cut = stack.index(at)
                members = stack[cut:]
                del stack[cut:]
                held.difference_update(members)
                if len(members) > 1:
                    found.append(sorted(members))
    return sorted(found)


def _follow(to: str, at: str, number: Mapping[str, int], low: dict[str, int], held: set[str]) -> bool:
    """Whether a workload is new; one that is on the way already lowers how far back this one leads."""
    if to not in number:
        return True
    if to in held:
        low[at] = min(low[at], number[to])
    return False


def _tell(
    members: Sequence[str],
    ways: Mapping[str, Sequence[_Step]],
    held: Mapping[str, Workload],
    made: Cycles,
    proven: bool,
) -> None:
    """Note the loop of a knot at the first of its workloads that is in none yet; the others point to it."""
    fresh = [each for each in members if each not in made.found]
    if not fresh:
        return
    first = fresh[0]
    steps = _round(first, set(members), ways)
    shown = [f"{held[at].name} {each.said}" for at, each in steps[:MOST_SHOWN]]
    if len(steps) > MOST_SHOWN:
        shown.append(f"{len(steps) - MOST_SHOWN} more steps lead back to it")
    said = "; ".join(shown)
    if not all(each.stopped for _, each in steps):
        said += ", and AWS does not stop such a loop"
    made.found[first] = Cycle(said, proven)
    for other in fresh[1:]:
        made.found[other] = Cycle(said, proven, told_at=held[first].name)


def _round(start: str, members: set[str], ways: Mapping[str, Sequence[_Step]]) -> list[tuple[str, _Step]]:
    """The shortest way from a workload of a knot back to itself."""
    came: dict[str, tuple[str, _Step]] = {}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for step in ways[at]:
            if step.to in members and step.to not in came:
                came[step.to] = (at, step)
                waiting.append(step.to)
        if start in came:
            break
    back: list[tuple[str, _Step]] = []
    at = start
    while not back or at != start:
        back.append(came[at])
        at = came[at][0]
    return back[::-1]


def _behind(steps: Mapping[str, Sequence[_Step]], unread: Mapping[str, Gap]) -> dict[str, Gap]:
    """The workloads that start one whose role is not known, directly or through others, with why it is not."""
    before: defaultdict[str, list[str]] = defaultdict(list)
    for key, out in steps.items():
        for step in out:
            before[step.to].append(key)
    found: dict[str, Gap] = {}
    waiting = deque((key, gap) for key, gap in sorted(unread.items()))
    while waiting:
        key, gap = waiting.popleft()
        for each in before.get(key, ()):
            if each not in found:
                found[each] = gap
                waiting.append((each, gap))
    return found
