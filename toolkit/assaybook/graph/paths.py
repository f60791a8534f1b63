"""What comes of edges and rights together: attack paths, the blast radius of each workload, and loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..evidence import Gap
from ..tables.compute import Workload
from ..tables.graph import INTERNET_ANONYMOUS, OWN_ACCOUNT, TRUSTS, AttackPath, BlastRadius, Feed, Loop, Trigger
from .cycles import Cycles, cycles
from .reaches import Roles
from .stores import Shelf
from .turns import turn
from .unseen import Unseen

MOST_ENTRIES = 4
MOST_SOURCES = 6
NONE = "none"
LOOPED = frozenset({"bucket", "queue", "topic", "table", "stream"})


def rank(trigger: Trigger) -> float:
    """The least trusted ranks highest; what is not known ranks between the own organisation and strangers, what is declared as trusted lowest."""
    if trigger.declared:
        return 0.0
    return 1.5 if isinstance(trigger.trust, Gap) else float(TRUSTS.index(trigger.trust))


def attack_paths(
    workloads: Sequence[Workload], started: Mapping[str, Sequence[Trigger]], roles: Roles, unseen: Unseen
) -> Iterator[AttackPath]:
    """One row for each workload and kind of trigger."""
    for workload in workloads:
        kinds: defaultdict[str, list[Trigger]] = defaultdict(list)
        for trigger in started.get(workload.key, ()):
            if trigger.active:
                kinds[trigger.kind].append(trigger)
        if not kinds and unseen.behind(workload):
            # That nothing starts it cannot be said; the hole stands for it.
            continue
        for kind, found in sorted(kinds.items()) or [(NONE, [])]:
            yield _path(workload, kind, found, roles, unseen)


def _path(workload: Workload, kind: str, found: Sequence[Trigger], roles: Roles, unseen: Unseen) -> AttackPath:
    top = max(map(rank, found), default=0.0)
    least = [each for each in found if rank(each) == top]
    trust: Any = least[0].trust if top else OWN_ACCOUNT
    if trust != INTERNET_ANONYMOUS:
        # Someone less trusted may come through what could not be read.
        trust = unseen.behind(workload, frozenset({kind})) or trust
    reach = roles.found(workload.role)
    return AttackPath(
        key=f"{workload.key}|{kind}",
        subject=workload.subject,
        sources=tuple(
            dict.fromkeys((*workload.sources, *(ref for each in least[:MOST_ENTRIES] for ref in each.sources)))
        ),
        setting=workload.setting,
        workload=workload.key,
        kind=kind,
        entries=tuple(entry_name(each) for each in least[:MOST_ENTRIES]),
        entry_count=len(least),
        trust=trust,
        because=least[0].because if least else "nothing is known to start it",
        direct=bool(least) and least[0].direct,
        senders=tuple(sorted({sender for each in least for sender in each.senders})),
        role=roles.name(workload.role),
        power=reach.power,
        power_if=reach.power_if,
        sensitive=reach.sensitive,
        sensitive_named=reach.sensitive_named,
        by_wildcard=reach.by_wildcard,
    )


def entry_name(trigger: Trigger) -> str:
    """A trigger by name; an API with its first routes."""
    if trigger.kind == "api" and trigger.filters:
        more = f" and {len(trigger.filters) - 2} more" if len(trigger.filters) > 2 else ""
        return f"{trigger.source_name} ({', '.join(trigger.filters[:2])}{more})"
    return trigger.source_name


def blast_radii(
    workloads: Sequence[Workload], started: Mapping[str, Sequence[Trigger]], roles: Roles, unseen: Unseen
) -> Iterator[BlastRadius]:
    """One row for each workload."""
    for workload in workloads:
        active = [each for each in started.get(workload.key, ()) if each.active]
        least = max(active, key=rank, default=None)
        exposure = (
            OWN_ACCOUNT
            if least is None or not rank(least)
            else "unknown"
            if isinstance(least.trust, Gap)
            else least.trust
        )
        if exposure != INTERNET_ANONYMOUS and unseen.behind(workload):
            exposure = "unknown"
        reach = roles.found(workload.role)
        yield BlastRadius(
            key=workload.key,
            subject=workload.subject,
            sources=workload.sources,
            setting=workload.setting,
            workload=workload.key,
            exposure=exposure,
            role=roles.name(workload.role),
            power=reach.power,
            stores=reach.stores,
            stores_said=reach.stores_said,
            sensitive=reach.sensitive,
            sensitive_named=reach.sensitive_named,
        )


def loops(
    workloads: Sequence[Workload], feeds: Sequence[Feed], roles: Roles, shelves: Mapping[str, Shelf], unseen: Unseen
) -> Iterator[Loop]:
    """One row for each workload."""
    to: defaultdict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        if feed.active:
            to[feed.target].append(feed)
    around = cycles(workloads, feeds, roles)
    for workload in workloads:
        starting = [(each, each) for each in to.get(workload.key, ())] + list(_behind(workload.key, to))
        watched = [(each, last) for each, last in starting if each.kind in LOOPED]
        made = _loop(workload, watched, roles, shelves, around)
        hidden = unseen.behind(workload, LOOPED) or (unseen.between(workload) if watched else None)
        known = isinstance(made.possible, Gap) or made.proven or made.possible or workload.key in around.found
        # What is proven or possible stays so, whatever else may be hidden.
        yield made if known or hidden is None else _with_gap(made, hidden)


def _with_gap(made: Loop, hidden: Any) -> Loop:
    return replace(made, possible=hidden)


def _behind(workload: str, to: Mapping[str, Sequence[Feed]]) -> Iterator[tuple[Feed, Feed]]:
    """What feeds the sources of a workload through something in between, each once, with the last feed before the workload."""
    seen = {feed.source for feed in to.get(workload, ())}
    waiting = [(feed.source, feed) for feed in to.get(workload, ())]
    while waiting:
        at, last = waiting.pop()
        for feed in to.get(at, ()):
            if feed.source not in seen:
                seen.add(feed.source)
                waiting.append((feed.source, last))
                yield feed, last


def _loop(
    workload: Workload,
    watched: Sequence[tuple[Feed, Feed]],
    roles: Roles,
    shelves: Mapping[str, Shelf],
    around: Cycles,
) -> Loop:
    proven: Any = ()
    possible: Any = ()
    if watched:
        rights = roles.rights(workload.role)
        if isinstance(rights, Gap):
            proven = possible = rights
        else:
            name = roles.name(workload.role)
            found = (turn(feed, last, rights, shelves[feed.kind], name) for feed, last in watched)
            turns = [each for each in found if each is not None]
            proven = tuple(dict.fromkeys(each.said for each in turns if each.proven))
            possible = tuple(dict.fromkeys(each.said for each in turns if not each.proven))
    cycle = around.found.get(workload.key)
    # A role that is not known may close a loop only for a workload that something starts.
    hidden: Any = around.unknown.get(workload.key) if watched else None
    return Loop(
        key=workload.key,
        subject=workload.subject,
        starters=tuple(dict.fromkeys(feed.source_name for feed, _ in watched))[:MOST_SOURCES],
        sources=tuple(
            dict.fromkeys((*workload.sources, *(ref for feed, _ in watched[:MOST_SOURCES] for ref in feed.sources)))
        ),
        setting=workload.setting,
        workload=workload.key,
        proven=proven,
        possible=possible,
        around=cycle.said if cycle else hidden or "",
        around_proven=bool(cycle and cycle.proven),
        told_at=cycle.told_at if cycle else "",
    )
