"""What the parts of a service share while its resources are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .located import Block, Series, block, located, over
from .resources import Problem
from .values import text_of


@dataclass
class Service:
    """A service while its resources are made; `resources` are CloudFormation's, by logical id."""

    path: str
    name: str
    stage: str
    region: str
    said: Block
    resources: Block
    problems: list[Problem] = field(default_factory=list)
    plugins: frozenset[str] = frozenset()
    statements: list[tuple[Any, int]] = field(default_factory=list)
    code: dict[str, str] = field(default_factory=dict)

    @property
    def provider(self) -> Block:
        """The provider's settings."""
        return block(self.said.get("provider"))

    @property
    def prefix(self) -> str:
        """How names of the service begin."""
        return f"{self.name}-{self.stage}"

    def add(self, logical: str, kind: str, properties: Mapping[str, Any], at: At, **attributes: Any) -> None:
        """Add a resource, which stands where `at` says."""
        made = Block(at.file, at.line)
        made.put("Type", kind, at.line)
        made.put("Properties", said(properties, at), at.line)
        for key, value in attributes.items():
            made.put(key, located(value, at.file, at.line), at.line)
        self.resources.put(logical, made, at.line)
        if at.file != self.resources.file:
            self.resources.files[logical] = at.file

    def problem(self, at: At, why: str) -> None:
        """Say that something was left out."""
        self.problems.append(Problem(f"{at.file}:{at.line}", why))


@dataclass(frozen=True, slots=True)
class At:
    """Where something of a service stands."""

    file: str
    line: int


def at_key(value: Block, key: str) -> At:
    """Where a key of a mapping stands."""
    return At(value.files.get(key, value.file), value.lines.get(key, value.line))


def said(properties: Mapping[str, Any], at: At) -> Block:
    """Properties as a located mapping, without those that are None. Values that come with their own lines keep them, and give their line to their key."""
    made = Block(at.file, at.line)
    for key, value in properties.items():
        if value is None:
            continue
        line = value.line if isinstance(value, Block | Series) and value.file == at.file and value.line else at.line
        made.put(key, located(value, at.file, at.line), line)
    return made


def logical(name: str) -> str:
    """A name as the framework writes it into logical ids."""
    text = name.replace("-", "Dash").replace("_", "Underscore")
    text = "".join(each for each in text if each.isalnum())
    return text[:1].upper() + text[1:]


def function_id(name: str) -> str:
    """The logical id of a function."""
    return f"{logical(name)}LambdaFunction"


def arn_of(logical_id: str) -> dict[str, Any]:
    """The ARN of a resource of the same template."""
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def items(value: Any) -> list[tuple[Any, int]]:
    """The items of a list with their lines; a single value is a list of one."""
    if isinstance(value, Series):
        return list(zip(value, value.lines, strict=True))
    if value is None:
        return []
    return [(value, value.line if isinstance(value, Block) else 0)]


def merged(value: Any, file: str) -> Block:
    """A mapping, or a list of mappings, as one mapping: the later ones add to the earlier ones."""
    made = Block(file, value.line if isinstance(value, Block | Series) else 0)
    for each, _ in items(value):
        if isinstance(each, Block):
            made.file = each.file if not made else made.file
            for key, item in each.items():
                old = made.get(key)
                if isinstance(old, Block) and isinstance(item, Block):
                    made.take(made, key, over(old, item))
                else:
                    made.take(each, key, item)
    return made


def is_on(value: Any) -> bool:
    """Whether a switch is on."""
    return value is True or text_of(value).lower() in ("true", "active", "yes")
