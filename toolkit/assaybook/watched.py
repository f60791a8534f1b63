"""The watched view through which a check reads rows: what it reads is noted, a gap raises, a search knows what it could not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, cast

from .evidence import PLACES, Evidence, EvidenceGap, Gap, R, Row, plural, values_of
from .facts import Facts
from .model import Subject

# How much of what a search read in vain is noted.
NOTED_IN_VAIN = 100


def _lies_in(subject: Subject, scope: Mapping[str, object], whole: str | None = None) -> bool:
    """Whether a subject lies in the account and region of a scope; `whole` is a word that stands for all of them."""
    return all(getattr(subject, name) in (whole, scope[name]) for name in PLACES if name in scope)


class _Reading:
    """A row as one check sees it: each field that is read is noted, a gap raises."""

    __slots__ = ("_read", "_row", "_watched")
    _row: Row
    _watched: Watched
    _read: dict[tuple[int, str], object]

    def __init__(self, row: Row, watched: Watched) -> None:
        put = object.__setattr__
        put(self, "_row", row)
        put(self, "_watched", watched)
        put(self, "_read", watched._read)

    def __getattr__(self, name: str) -> Any:
        row = self._row
        value = getattr(row, name)
        if isinstance(value, Gap):
            self._watched.note(row, name)
            raise EvidenceGap(f"{row.SAID.get(name) or name.replace('_', ' ')} of {row.subject}", value)
        # Most fields are read more than once; what is noted already costs one look-up.
        if (id(row), name) not in self._read and name in row.__dataclass_fields__:
            self._watched.note(row, name)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"rows are read only, {name} cannot be set")

    def __str__(self) -> str:
        return str(self._row.subject)


class Watched:
    """The evidence as one check sees it while it decides one row."""

    __slots__ = ("_evidence", "_parameters", "_read", "_sources")

    def __init__(self, evidence: Evidence, parameters: Mapping[str, object]) -> None:
        self._evidence = evidence
        self._parameters = parameters
        # By the identity of the owner: rows live as long as the evidence, and hashing a row looks at all its fields.
        self._read: dict[tuple[int, str], object] = {}
        self._sources: dict[str, None] = {}

    @property
    def as_of(self) -> datetime:
        """The time that the assessment speaks of."""
        return self._evidence.as_of

    @property
    def facts(self) -> Facts:
        """All that the check has read so far, in the order of reading."""
        return Facts(tuple(chain.from_iterable((owner, name) for (_, name), owner in self._read.items())))

    @property
    def sources(self) -> tuple[str, ...]:
        """References of the captures behind those facts."""
        return tuple(self._sources)

    def note(self, row: Row, name: str) -> None:
        """Record that a field was read."""
        if (id(row), name) not in self._read:
            self._read[(id(row), name)] = row
            for source in row.sources:
                self._sources[source] = None

    def watch(self, row: R) -> R:
        """The row with every reading noted."""
        return cast("R", _Reading(row, self))

    def parameter(self, name: str) -> Any:
        """An effective threshold. Raises KeyError for a name that the catalogue does not have."""
        value = self._parameters[name]
        self._read.setdefault((0, name), self._parameters)
        return value

    def one(self, table: type[R], key: str) -> R:
        """The row with this key. Raises EvidenceGap if it was not collected."""
        found = self._evidence.find(table, key)
        if found is not None:
            return self.watch(found)
        holes = self._evidence.holes(table)
        gap = holes[0].gap if holes else Gap("", "out_of_scope", f"no {table.__name__} {key} was collected")
        raise EvidenceGap(f"{table.__name__} {key}", gap)

    def any(self, table: type[R], where: Callable[[R], bool] | None = None, **scope: object) -> R | None:
        """A row for which `where` holds, or None if there is certainly none.

        A witness decides in spite of gaps elsewhere; without one, a hole in the population or a gap that
        `where` ran into raises EvidenceGap. `scope` names what is looked at only: account, region, or a field of the row
        with its value (`workload=...`), which is looked up and not searched, as `Evidence.having` does.
        """
        first: EvidenceGap | None = None
        for row in self._in_scope(table, scope):
            try:
                if self._chosen(row, where, scope):
                    return row
            except EvidenceGap as gap:
                first = first or gap
        if first is not None:
            raise first
        self._whole(table, scope)
        return None

    def all(self, table: type[R], where: Callable[[R], bool] | None = None, **scope: object) -> tuple[R, ...]:
        """Every row for which `where` holds, in a scope as `any` takes it. Raises EvidenceGap if the population was not seen completely."""
        self._whole(table, scope)
        return tuple(row for row in self._in_scope(table, scope) if self._chosen(row, where, scope))

    def _chosen(self, row: R, where: Callable[[R], bool] | None, scope: Mapping[str, object]) -> bool:
        """Whether a search finds a row. What was read of rows that it does not find is noted of the first ones only: thousands of them explain nothing."""
        read, sources = len(self._read), len(self._sources)
        if self._fits(row, scope) and (where is None or where(row)):
            return True
        if read > NOTED_IN_VAIN:
            for noted, before in ((self._read, read), (self._sources, sources)):
                while len(noted) > before:
                    noted.popitem()
        return False

    def seen(self, table: type[R], **scope: object) -> tuple[tuple[R, ...], EvidenceGap | None]:
        """The rows of a scope that could be read, and the first gap in their way.

        For a search in which one row may decide in spite of the gap; whoever finds none raises it.
        """
        gap: EvidenceGap | None = None
        found: list[R] = []
        for row in self._in_scope(table, scope):
            try:
                if self._fits(row, scope):
                    found.append(row)
            except EvidenceGap as problem:
                gap = gap or problem
        try:
            self._whole(table, scope)
        except EvidenceGap as problem:
            gap = gap or problem
        return tuple(found), gap

    def _in_scope(self, table: type[R], scope: Mapping[str, object]) -> Iterator[R]:
        account, region = scope.get("account"), scope.get("region")
        name = next((name for name in scope if name not in PLACES), "")
        if name:
            rows, doubtful = self._evidence.looked_up(table, name, scope[name], account, region)
            # Reading the field of the first row in doubt raises, so that the others need not be looked at.
            rows += doubtful[:1]
        else:
            rows = self._evidence.within(table, account, region)
        for row in rows:
            yield self.watch(row)

    @staticmethod
    def _fits(row: Row, scope: Mapping[str, object]) -> bool:
        """Whether the fields have the values looked for. Raises EvidenceGap for one that is a gap."""
        for name, value in scope.items():
            if name not in PLACES:
                wanted = value if isinstance(value, frozenset) else {value}
                if not wanted.intersection(values_of(getattr(row, name))):
                    return False
        return True

    def _whole(self, table: type[Row], scope: Mapping[str, object]) -> None:
        values = [value for name, value in scope.items() if name not in PLACES]
        parents = [each for value in values for each in (value if isinstance(value, frozenset) else (value,))]
        holes = self._evidence.holes_about(table, parents) if values else self._evidence.holes(table)
        for hole in holes:
            if _lies_in(hole.subject, scope, whole=""):
                raise EvidenceGap(f"The list of {plural(table)}", hole.gap)
