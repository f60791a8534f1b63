"""What resources of Terraform are in CloudFormation's terms: their types, and the names of their properties where those are not the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from ..forms_data import NAMED
from .kinds_data import LISTS, NAMES, TYPES
from .kinds_more import MORE_LISTS, MORE_NAMES, MORE_TYPES

# Resources of other providers that make nothing in an account.
ASIDE = frozenset(
    {
        "archive", "cloudinit", "docker", "external", "http", "local", "null", "random", "template", "terraform", "time", "tls", "github", "gitlab", "utils",
    }
)  # fmt: skip
UNREAD = "Terraform::"


@dataclass(frozen=True)
class Kind:
    """A type of Terraform in CloudFormation's terms.

    `names` maps arguments, by dotted path, to the properties that they are where those are not the same words; `-` for those that are none. `lists` are
    inner blocks of which there may be several.
    """

    type: str
    names: Mapping[str, str] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()

    def name(self, argument: str, path: str = "") -> str:
        """The property that an argument is."""
        whole = f"{path}.{argument}" if path else argument
        return self.names.get(whole) or self.names.get(f"*.{argument}") or camel(argument)

    def is_list(self, path: str) -> bool:
        """Whether there may be several of an inner block."""
        return path in self.lists or f"*.{path.rpartition('.')[2]}" in self.lists

    @property
    def named(self) -> str:
        """The property that holds its name."""
        return NAMED.get(self.type, ("", "", ""))[0]

    @property
    def argument(self) -> str:
        """The argument that holds its name."""
        return next((each for each, name in self.names.items() if name == self.named and "." not in each), "name")


@cache
def kind_of(resource: str) -> Kind | None:
    """The kind of a type of Terraform; None of one that is not read."""
    known = TYPES.get(resource) or MORE_TYPES.get(resource)
    if known is None:
        return None
    names = {**NAMES.get(resource, {}), **MORE_NAMES.get(resource, {})}
    return Kind(known, names, frozenset({*LISTS.get(resource, ()), *MORE_LISTS.get(resource, ())}))


@cache
def camel(name: str) -> str:
    """A name of Terraform as CloudFormation writes it."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
