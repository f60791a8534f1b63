"""What a check read, kept as references to the rows and made into facts when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from .model import Fact

PARAMETER = "parameter"


class Facts(Sequence[Fact]):
    """The facts behind one finding, in the order in which they were read.

    There are several for each finding, and hundreds of thousands of findings in a large account: holding where a value
    stands takes a third of the memory of holding a fact. `read` has owner and name in turn; an owner is a row, or the mapping of all thresholds.
    """

    __slots__ = ("_read",)

    def __init__(self, read: tuple[Any, ...]) -> None:
        self._read = read

    def __len__(self) -> int:
        return len(self._read) // 2

    @overload
    def __getitem__(self, at: int) -> Fact: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Fact, ...]: ...
    def __getitem__(self, at: int | slice) -> Fact | tuple[Fact, ...]:
        return tuple(self)[at]

    def __iter__(self) -> Iterator[Fact]:
        return map(_fact, self._read[::2], self._read[1::2])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple((fact.table, fact.key, fact.field) for fact in self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def _fact(owner: Any, name: str) -> Fact:
    if isinstance(owner, Mapping):
        return Fact(PARAMETER, "", name, owner[name])
    return Fact(type(owner).__name__, owner.key, name, getattr(owner, name))
