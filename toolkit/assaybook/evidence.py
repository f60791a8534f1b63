"""Typed rows and the gaps between them.

A gap is a value: reading one (`watched`) raises `EvidenceGap`, which the runner turns into `unknown`. So a check cannot
pass on evidence that nobody has seen, and needs no error handling of its own.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from .model import Missing, Subject

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that is missing, and why.

    `state` is the capture's state (denied, failed, unsupported), `not_asked` where the plan in use leaves the call out, `unresolved` for what a template
    does not tell, or `out_of_scope` for what lies in another account or region that was not collected; `reason` is the kind within it (`not_collected`
    for a call that was never made for another reason).
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
        if self.state == "unresolved":
            return f"{self.call}: the template does not tell: {self.reason}"
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
    """A row of a table. `key` is unique in its table; `sources` are the references of its captures; `where` is a file and line (`app.py:12`) if it was read from one.

    `SAID` names fields in words for the sentence that one is not known, where the field's own name makes no good noun.
    """

    SAID: ClassVar[Mapping[str, str]] = {}

    key: str
    subject: Subject
    sources: tuple[str, ...] = ()
    setting: Setting = field(default=Setting(), compare=False)
    where: str = field(default="", compare=False)


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
                for held in values_of(getattr(row, name)) if name else ("",):
                    sorted_out[(*place, held)].append(row)
            index = {each: tuple(rows) for each, rows in sorted_out.items()}
            self._indexes[kind] = index
        return index

    def frame(self, table: type[Row]) -> pandas.DataFrame:
        """The table as a DataFrame, for people to explore: gaps show as their text."""
        import pandas

        names = [
            each.name
            for each in dataclasses.fields(table)
            if each.name not in ("subject", "setting", "sources", "where")
        ]
        rows = [[_shown(getattr(row, name)) for name in names] for row in self.rows(table)]
        return pandas.DataFrame(rows, columns=names)


def _by_parent(holes: Iterable[Hole]) -> Mapping[object, list[Hole]]:
    found: defaultdict[object, list[Hole]] = defaultdict(list)
    for each in holes:
        found[each.parent].append(each)
    return dict(found)


def _shown(value: object) -> object:
    return f"not known: {value}" if isinstance(value, Gap) else value


def values_of(held: object) -> tuple[object, ...]:
    """The values under which a field is looked up: those of a tuple each, `Gap` for one that is missing."""
    if isinstance(held, Gap):
        return (Gap,)
    return tuple(dict.fromkeys(held)) if isinstance(held, tuple) else (held,)
