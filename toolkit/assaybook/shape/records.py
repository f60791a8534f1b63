"""Reading lists out of captures: every record becomes a row, or a hole that says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..capture import ABSENT, NOT_TOLD, Capture, NotTold, Target
from ..evidence import Gap, Hole, Row
from ..model import Subject
from ..plan.aws import CALLS

R = TypeVar("R", bound=Row)
Record = Mapping[str, Any]
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)
_CALLS = {call.key: call for call in CALLS}


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing call gave: its records, and the gap if it was not answered or not all of it could be read."""

    capture: Capture
    records: tuple[Record, ...]
    gap: Gap | None = None

    def holes(self, *tables: type[Row], about: Subject | None = None) -> Iterator[Hole]:
        """One hole in each table if there is a gap; `about` is the one thing whose rows are missing, if it is so narrow."""
        if self.gap is not None:
            for table in tables:
                yield hole(table, self.gap, about or place(self.capture.target))


def place(target: Target, kind: str = "region") -> Subject:
    """The subject that stands for a whole target."""
    where = f"{target.account}/{target.region}"
    return Subject(target.provider, target.account, target.region, kind, where, where)


def hole(table: type[Row], gap: Gap, about: Subject) -> Hole:
    """A hole in a table: whole targets and accounts have no parent, anything else is the parent of the rows that are missing."""
    return Hole(table, gap, about, "" if about.kind in ("region", "account") else about.native)


def listing(capture: Capture, member: str = "") -> Listing:
    """The records of a capture, by default those of the member that its plan row names."""
    gap = capture.gap()
    if gap is not None or capture.state == ABSENT:
        return Listing(capture, (), gap)
    row = _CALLS.get(capture.call)
    path = member or (row.items if row else "")
    value: Any = capture.answer
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if value is None and row is not None and row.may_omit:
        return Listing(capture, ())
    if not isinstance(value, list):
        return Listing(capture, (), capture.unexpected(f"{path} is no list"))
    records = tuple(each for each in value if isinstance(each, Mapping))
    odd = len(value) - len(records)
    problem = capture.unexpected(f"{odd} records of {path} are no objects") if odd else None
    return Listing(capture, records, problem or capture.rest())


def shaped(capture: Capture, table: type[R], make: Callable[[], R], about: Subject | None = None) -> Iterator[R | Hole]:
    """The row that `make` gives, or a hole if the record does not have the members that a row needs."""
    try:
        yield make()
    except NotTold as problem:
        yield hole(table, capture.open_to(str(problem)), about or place(capture.target))
    except MALFORMED as problem:
        gap = capture.unexpected(f"{type(problem).__name__} {problem}")
        yield hole(table, gap, about or place(capture.target))


def text(record: Record, name: str, default: str | None = None) -> str:
    """A text member. Raises KeyError if it is missing and there is no default, TypeError if it is no text."""
    value = record.get(name)
    if value is None:
        if default is None:
            raise KeyError(name)
        return default
    if not isinstance(value, str):
        if isinstance(value, Mapping) and NOT_TOLD in value:
            raise NotTold(str(value[NOT_TOLD]))
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def flag(record: Record, name: str) -> bool:
    """A switch. Raises KeyError if it is missing, TypeError if it is no boolean."""
    value = record[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def part(record: Record, name: str) -> Record:
    """A member that is itself an object; empty if it is missing. Raises TypeError if it is something else."""
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def items(record: Record, name: str) -> list[Any]:
    """A member that is a list; empty if it is missing. Raises TypeError if it is something else."""
    value = record.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        if isinstance(value, Mapping) and NOT_TOLD in value:
            raise NotTold(str(value[NOT_TOLD]))
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def loose_part(record: Record, name: str) -> Record:
    """A member that is an object, or an empty one, whatever else it may be."""
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def loose_items(record: Record, name: str) -> list[Any]:
    """A member that is a list, or an empty one, whatever else it may be."""
    value = record.get(name)
    return value if isinstance(value, list) else []
