"""What the text of a Terraform file says, before anything in it is worked out. Source: HCL Native Syntax Specification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


class Malformed(Exception):
    """A text that is not HCL; says why, and in which line."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text without anything to fill in, true, false or null."""

    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text with something to fill in; texts in a row, of which some are worked out."""

    parts: tuple[Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Name:
    """The beginning of a reference (`var`, `local`, `aws_s3_bucket`, a name that `for` gives)."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Member:
    """What a value holds under a name."""

    of: Expression
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """What a value holds under a key or number that is worked out."""

    of: Expression
    key: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Each:
    """The same steps from each member of a list (`[*].arn`); `steps` are worked out with the member in place of `Name("")`."""

    of: Expression
    steps: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given; `spread` says that the last is a list of further arguments."""

    name: str
    given: tuple[Expression, ...]
    spread: bool
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two values, by a condition."""

    condition: Expression
    then: Expression
    otherwise: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One or two values and an operator between or before them."""

    operator: str
    values: tuple[Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Tuple:
    """A list as it is written."""

    items: tuple[Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Object:
    """A mapping as it is written: keys, values, and the line of each."""

    items: tuple[tuple[Expression, Expression, int], ...]
    line: int


@dataclass(frozen=True, slots=True)
class For:
    """A list or mapping made from another. `key` is none where a list is made."""

    names: tuple[str, ...]
    over: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouped: bool
    line: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part of a text that is repeated (`%{ for x in y }`)."""

    names: tuple[str, ...]
    over: Expression
    body: Expression
    line: int


Expression = Literal | Text | Name | Member | Item | Each | Call | Choice | Operation | Tuple | Object | For | Repeated


@dataclass(frozen=True, slots=True)
class Written:
    """A block of a file with its labels, or what stands within one: its attributes and inner blocks, in their order."""

    kind: str
    labels: tuple[str, ...]
    line: int
    file: str
    attributes: dict[str, tuple[Expression, int]] = field(default_factory=dict)
    blocks: list[Written] = field(default_factory=list)

    def of(self, kind: str) -> Sequence[Written]:
        """The inner blocks of a kind."""
        return [each for each in self.blocks if each.kind == kind]
