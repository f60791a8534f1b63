"""What each role reaches, as rows: judged once for roles with the same policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..evidence import Gap, Hole
from ..policy.breadth import Breadth, broad_grants
from ..policy.document import PolicyError
from ..policy.truth import Truth
from ..tables.data import Share, Store
from ..tables.graph import Reach
from ..tables.identity import PolicyText, Role
from .rights import Judge, Rights, rights_of
from .stores import HIDES, KINDS, Place

MOST_NAMED = 3
MOST_SAID = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What a set of policies reaches, without the role's name."""

    power: Any
    power_if: Any
    stores: Any
    stores_said: Any
    sensitive: Any
    sensitive_named: Any
    by_wildcard: Any

    @classmethod
    def missing(cls, gap: Gap) -> Found:
        """What is not known at all."""
        return cls(gap, gap, gap, gap, gap, gap, gap)


class Roles:
    """The roles of workloads with what they reach."""

    def __init__(self, roles: Sequence[Role], holes: Sequence[Hole], judge: Judge) -> None:
        self._roles = {row.key: row for row in roles}
        self._holes = [hole for hole in holes if hole.table is Role]
        self._hidden: dict[tuple[str, str], Gap] = {}
        for hole in holes:
            if hole.table in (Store, Share):
                kind = HIDES.get(hole.gap.call.partition(":")[0], "")
                self._hidden.setdefault((hole.subject.account, kind), hole.gap)
        self._judge = judge
        self._rights: dict[object, Rights | Gap] = {}
        self._found: dict[object, Found] = {}
        self._strong = self._administrators()

    def rights(self, role: str) -> Rights | Gap:
        """What a role may do, or why that is not known."""
        row = self._roles.get(role)
        if row is None:
            return next((hole.gap for hole in self._holes if hole.subject.native == role), self._unread())
        return self._of(row)

    def name(self, role: str) -> str:
        """What a person calls the role."""
        row = self._roles.get(role)
        return row.name if row else role.rpartition("/")[2]

    def found(self, role: str) -> Found:
        """What a role reaches."""
        rights = self.rights(role)
        if isinstance(rights, Gap):
            return Found.missing(rights)
        row = self._roles[role]
        same = (_same(row), bool(self._strong - {role}))
        if same not in self._found:
            self._found[same] = self._judged(rights, bool(self._strong - {role}))
        return self._found[same]

    def rows(self) -> Iterator[Reach]:
        """One row for each role that was read."""
        for key, row in sorted(self._roles.items()):
            found = self.found(key)
            yield Reach(
                key=key,
                subject=row.subject,
                sources=row.sources,
                setting=row.setting,
                name=row.name,
                workloads=row.workloads,
                power=found.power,
                power_if=found.power_if,
                stores=found.stores,
                stores_said=found.stores_said,
                sensitive=found.sensitive,
                sensitive_named=found.sensitive_named,
                by_wildcard=found.by_wildcard,
            )

    def _unread(self) -> Gap:
        return self._holes[0].gap if self._holes else Gap("", "out_of_scope", "the role was not collected")

    def _of(self, row: Role) -> Rights | Gap:
        same = _same(row)
        if same not in self._rights:
            self._rights[same] = _rights(row)
        return self._rights[same]

    def _administrators(self) -> frozenset[str]:
        """Roles of workloads that are administrators."""
        strong = set()
        for key, row in self._roles.items():
            rights = self._of(row)
            if not isinstance(rights, Gap) and any(
                each.breadth is not Breadth.SERVICE and each.certain is Truth.TRUE for each in broad_grants(rights.held)
            ):
                strong.add(key)
        return frozenset(strong)

    def _judged(self, rights: Rights, strong: bool) -> Found:
        power, power_if = rights.power(strong)
        said: list[str] = []
        named: list[str] = []
        stores = sensitive = 0
        by_wildcard = False
        hidden: Gap | None = None
        hidden_wildcard: Gap | None = None
        for kind in KINDS:
            read, write = (self._judge.reached(rights, kind, writing=writing) for writing in (False, True))
            places = {each.arn: each for each in (*read.places, *write.places)}
            gap = self._hidden.get((rights.account, kind))
            if gap is not None and (read.granted or write.granted):
                hidden = hidden or gap
                hidden_wildcard = hidden_wildcard or (gap if read.every or write.every else None)
            if not places:
                continue
            stores += len(places)
            held = [each for each in places.values() if each.sensitive]
            sensitive += len(held)
            every = read.every or write.every
            by_wildcard = by_wildcard or (every and bool(held))
            said.append(_said(kind, list(places.values()), every))
            if len(named) < MOST_NAMED:
                readable = {each.arn for each in read.places}
                named += [
                    self._named(rights, kind, each, each.arn in readable) for each in held[: MOST_NAMED - len(named)]
                ]
        # What was found stands; that there is nothing, or nothing more, cannot be said of a kind of which a part is hidden.
        return Found(
            power,
            power_if,
            hidden or stores,
            tuple(said[:MOST_SAID]),
            sensitive or hidden or 0,
            tuple(named),
            by_wildcard or hidden_wildcard or False,
        )

    def _named(self, rights: Rights, kind: str, place: Place, readable: bool) -> str:
        shelf = self._judge.shelves[kind]
        actions = shelf.kind.reads if readable else shelf.kind.writes
        statement = rights.statement_for(actions, shelf, place)
        return f"{'reads' if readable else 'writes'} {kind} {place.name} ({statement})"


def _said(kind: str, places: Sequence[Place], every: bool) -> str:
    if every:
        return f"every {kind} ({len(places)})"
    return f"{kind} {places[0].name}" if len(places) == 1 else f"{len(places)} {kind}s"


def _same(row: Role) -> object:
    """What two roles have alike if they may do the same."""
    if isinstance(row.policies, Gap) or isinstance(row.boundary, Gap):
        return row.key
    texts: tuple[PolicyText, ...] = row.policies
    boundary = row.boundary.text if row.boundary else ""
    return (row.subject.account, tuple((each.name, each.text) for each in texts), boundary)


def _rights(row: Role) -> Rights | Gap:
    for value in (row.policies, row.boundary):
        if isinstance(value, Gap):
            return value
    try:
        return rights_of(row.policies, row.boundary, row.subject.account)
    except PolicyError as problem:
        return Gap("iam:GetAccountAuthorizationDetails", "failed", f"a policy of {row.name} cannot be read: {problem}")
