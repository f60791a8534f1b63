"""The one form that all templates are read into: CloudFormation's resource types and properties, resolved as far as the text allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...capture import UNRESOLVED


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A value that the text does not tell, such as a parameter without default or an import of another stack.

    `symbol` is a text that stands for it, the same wherever the same thing is meant (`${OrdersTableName}`, `${Stage}-orders` for a text of which a part is known);
    `why` says what it hangs on and `where` at which file and line; `no_echo` says that the template calls the value a secret.
    """

    symbol: str
    why: str
    where: str
    no_echo: bool = False

    def document(self) -> Mapping[str, str]:
        """As plain JSON, for captures."""
        said = {UNRESOLVED: self.symbol, "why": self.why, "where": self.where}
        return {**said, "no_echo": "true"} if self.no_echo else said


@dataclass(frozen=True)
class Resource:
    """One resource, in CloudFormation's terms.

    `type` and the names of `properties` are CloudFormation's, whatever the template is written in; values are plain JSON, or `Unresolved` in place of any of them.
    `id` is the logical id (the address in Terraform); `arn` and `name` are what it would be called when deployed, made up where the template leaves the
    name to the provider; `places` tells the line of each property by dotted path, the resource's own under the empty one. `ref` is what other
    resources call it by, where that is neither its name nor its ARN. `conditional` says that a condition which cannot be decided makes it.
    """

    type: str
    id: str
    name: str
    arn: str
    properties: Mapping[str, Any]
    where: str  # file:line
    attributes: Mapping[str, Any] = field(default_factory=dict)  # DependsOn, Metadata, DeletionPolicy
    places: Mapping[str, str] = field(default_factory=dict, repr=False)
    conditional: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Problem:
    """Something in a template that could not be read, and where; what it hides is not assessed."""

    where: str
    why: str


@dataclass(frozen=True)
class Template:
    """A template, or a set of files that are deployed together (a Terraform module, a Serverless service).

    `account` and `region` are what pseudo parameters resolve to and in which its resources are assessed; `code` maps the ids of functions and layers to the folder or
    file (relative to the root of the source tree, `.` for the root itself) that their code comes from, with an empty text where it is not in the tree. Code that stands in the template
    has the folder `inline:<id>`, and `inline` maps `inline:<id>/index.py` (or `.js`, by the runtime) to its text. Nested stacks whose
    templates are in the tree are read into the template that makes them; their ids begin with that of the stack and a slash.
    """

    path: str
    format: str  # cloudformation, sam, cdk, serverless, terraform
    account: str
    region: str
    resources: tuple[Resource, ...]
    problems: tuple[Problem, ...] = ()
    code: Mapping[str, str] = field(default_factory=dict)
    inline: Mapping[str, str] = field(default_factory=dict, repr=False)
