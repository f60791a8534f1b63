"""Typed rows, the gaps between them, and the watched view through which a check reads them.

A gap is a value: reading one raises `EvidenceGap`, which the runner turns into `unknown`. So a check cannot
pass on evidence that nobody has seen, and needs no error handling of its own.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from .facts import Facts
from .model import Missing, Subject

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that is missing, and why.

    `state` is the capture's state (denied, failed, unsupported), `not_asked` where the plan in use leaves the call out, or `out_of_scope` for what lies
    in another account or region that was not collected; `reason` is the kind within it (`not_collected` for a call that was never made for another reason).
    `evidence` is the reference of the capture that shows it.
    """

    call: str
    state: str
    reason: str = ""
    permission: str = ""
    account: str = ""
    region: str = ""
    evidence: str = ""

    def __str__(self) -> str:
        where = "/".join(part for part in (self.account, self.region) if part)
        if self.state == "not_asked":
            return f"{self.call}: {self.reason}"
        why = f"{self.state}: {self.reason}" if self.reason else self.state
        return f"{self.call} {why}" + (f" in {where}" if where else "")

    def missing(self) -> Missing:
        """The same as a value of the model."""
        return _missing(self)


@lru_cache(maxsize=1024)
def _missing(gap: Gap) -> Missing:
    """Made once for a gap: every check that meets it says the same."""
    return Missing(gap.call, gap.state, gap.reason, gap.permission, gap.account, gap.region)


PLACES = ("account", "region")
NOTED_IN_VAIN = 100


class EvidenceGap(Exception):
    """A check read a value that is missing; the runner answers with `unknown`."""

    def __init__(self, what: str, gap: Gap) -> None:
        super().__init__(f"{what} is not known ({gap})")
        self.gap = gap


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a row stands, for the severity: None means not known, which counts as the worse case.

    `production` is False only if a tag or the configuration says that the thing is not production.
    """

    internet: bool | None = False
    sensitive: bool | None = False
    production: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table. `key` is unique in its table; `sources` are the references of its captures.

    `SAID` names fields in words for the sentence that one is not known, where the field's own name makes no good noun.
    """

    SAID: ClassVar[Mapping[str, str]] = {}

    key: str
    subject: Subject
    sources: tuple[str, ...] = ()
    setting: Setting = field(default=Setting(), compare=False)


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a table that could not be read at all, such as the functions of a region where listing was denied.

    `parent` is the key of the one row that the missing rows belong to (the function whose URLs could not be listed); empty if it is not so narrow.
    """

    table: type[Row]
    gap: Gap
    subject: Subject
    parent: str = ""


def words(table: str) -> str:
    """What a row of a table is called in a sentence: `EnvironmentVariable` is an environment variable."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", table).lower()


def plural(table: type[Row]) -> str:
    """What the rows of a table are called in a sentence: environment variables, deliveries."""
    one = words(table.__name__)
    if one.endswith("y") and one[-2] not in "aeiou":
        return f"{one[:-1]}ies"
    if one.endswith("s"):
        return f"{one}es" if one.endswith(("ss", "us")) else one
    return one if one.endswith(("coverage", "logging")) else f"{one}s"


class Evidence:
    """All rows and holes of an assessment, in a defined order."""

    def __init__(self, shaped: Iterable[Row | Hole], as_of: datetime) -> None:
        rows: defaultdict[type[Row], dict[str, Row]] = defaultdict(dict)
        holes: defaultdict[type[Row], dict[tuple[str, str], Hole]] = defaultdict(dict)
        for item in shaped:
            if isinstance(item, Hole):
                holes[item.table].setdefault((item.subject.key, str(item.gap)), item)
            elif item.key in rows[type(item)]:
                raise ValueError(f"two rows of {type(item).__name__} have the key {item.key}")
            else:
                rows[type(item)][item.key] = item
        self.as_of = as_of
        self._by_key = {table: dict(sorted(found.items())) for table, found in rows.items()}
        self._rows = {table: tuple(found.values()) for table, found in self._by_key.items()}
        self._holes = {table: tuple(found[key] for key in sorted(found)) for table, found in holes.items()}
        self._holes_by_parent = {table: _by_parent(found) for table, found in self._holes.items()}
        self._indexes: dict[tuple[type[Row], str, bool, bool], dict[object, tuple[Row, ...]]] = {}

    @property
    def tables(self) -> tuple[type[Row], ...]:
        """Every table that has a row or a hole, by name."""
        return tuple(sorted({*self._rows, *self._holes}, key=lambda table: table.__name__))

    def rows(self, table: type[R]) -> tuple[R, ...]:
        """The rows of a table by key; no gap is raised here."""
        return cast("tuple[R, ...]", self._rows.get(table, ()))

    def holes(self, table: type[Row]) -> tuple[Hole, ...]:
        """The parts of a table that could not be read."""
        return self._holes.get(table, ())

    def holes_about(self, table: type[Row], parents: Iterable[object]) -> Iterator[Hole]:
        """The holes in which rows of these parents may be missing: those that have no parent, and those of these."""
        index = self._holes_by_parent.get(table, {})
        for parent in ("", *parents):
            yield from index.get(parent, ())

    def find(self, table: type[R], key: str) -> R | None:
        """The row with this key, or None."""
        return cast("R | None", self._by_key.get(table, {}).get(key))

    def having(
        self, table: type[R], name: str, value: object, account: object = None, region: object = None
    ) -> tuple[R, ...]:
        """The rows whose field has this value, by key, and those where it is a gap; in an account and region where these are given.

        Found through an index. A field that is a tuple has each of its members as a value; a frozenset means any of its members.
        """
        found, doubtful = self.looked_up(table, name, value, account, region)
        if not found or not doubtful:
            return found or doubtful
        return tuple(sorted({row.key: row for row in (*found, *doubtful)}.values(), key=lambda row: row.key))

    def looked_up(
        self, table: type[R], name: str, value: object, account: object = None, region: object = None
    ) -> tuple[tuple[R, ...], tuple[R, ...]]:
        """The rows whose field has this value, as `having` takes it, and apart from them those where it is a gap."""
        index = self._index(table, name, account, region)
        wanted = value if isinstance(value, frozenset) else (value,)
        parts = [index[key] for each in wanted if (key := (account, region, each)) in index]
        found = (
            parts[0]
            if len(parts) == 1
            else tuple(sorted({row.key: row for part in parts for row in part}.values(), key=lambda row: row.key))
        )
        return cast("tuple[R, ...]", found), cast("tuple[R, ...]", index.get((account, region, Gap), ()))

    def within(self, table: type[R], account: object = None, region: object = None) -> tuple[R, ...]:
        """The rows whose subjects lie in an account and region, where these are given, by key; found through an index."""
        if account is None and region is None:
            return self.rows(table)
        return cast("tuple[R, ...]", self._index(table, "", account, region).get((account, region, ""), ()))

    def _index(self, table: type[Row], name: str, account: object, region: object) -> Mapping[object, tuple[Row, ...]]:
        """Rows by account and region (None where it does not matter) and by the values of a field (empty for no field)."""
        kind = (table, name, account is None, region is None)
        index = self._indexes.get(kind)
        if index is None:
            sorted_out: defaultdict[object, list[Row]] = defaultdict(list)
            for row in self.rows(table):
                place = (
                    None if account is None else row.subject.account,
                    None if region is None else row.subject.region,
                )
                for held in _values_of(getattr(row, name)) if name else ("",):
                    sorted_out[(*place, held)].append(row)
            index = {each: tuple(rows) for each, rows in sorted_out.items()}
            self._indexes[kind] = index
        return index

    def frame(self, table: type[Row]) -> pandas.DataFrame:
        """The table as a DataFrame, for people to explore: gaps show as their text."""
        import pandas

        names = [each.name for each in dataclasses.fields(table) if each.name not in ("subject", "setting", "sources")]
        rows = [[_shown(getattr(row, name)) for name in names] for row in self.rows(table)]
        return pandas.DataFrame(rows, columns=names)


def _by_parent(holes: Iterable[Hole]) -> Mapping[object, list[Hole]]:
    found: defaultdict[object, list[Hole]] = defaultdict(list)
    for each in holes:
        found[each.parent].append(each)
    return dict(found)


def _shown(value: object) -> object:
    return f"not known: {value}" if isinstance(value, Gap) else value


def _values_of(held: object) -> tuple[object, ...]:
    if isinstance(held, Gap):
        return (Gap,)
    return tuple(dict.fromkeys(held)) if isinstance(held, tuple) else (held,)


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
                if not wanted.intersection(_values_of(getattr(row, name))):
                    return False
        return True

    def _whole(self, table: type[Row], scope: Mapping[str, object]) -> None:
        values = [value for name, value in scope.items() if name not in PLACES]
        parents = [each for value in values for each in (value if isinstance(value, frozenset) else (value,))]
        holes = self._evidence.holes_about(table, parents) if values else self._evidence.holes(table)
        for hole in holes:
            if _lies_in(hole.subject, scope, whole=""):
                raise EvidenceGap(f"The list of {plural(table)}", hole.gap)
