"""What resources are called when they are deployed: the forms of their names, ARNs and attributes by type.

The fields in braces are the stack, the logical id, account, region and partition, made-up ids of a given length, `name`, `arn` and `ref` of the
resource itself, and any of its properties. Source: AWS CloudFormation Template Reference, "Return values" of each resource type; Service Authorization
Reference, "Resource types defined by" each service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .attributes_data import ATTRIBUTES, REFS
from .forms_data import IDS, NAMED


@dataclass(frozen=True, slots=True)
class Form:
    """How resources of a type are called. `named` is the property that holds the name, `made` the name where it holds none."""

    named: str = ""
    made: str = "{stack}-{logical}"
    ref: str = "{name}"
    arn: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def form(kind: str) -> Form:
    """The form of a type; of a type that is not known, one that knows no attributes."""
    named, made, arn = NAMED.get(kind) or ("", IDS.get(kind, ("", ""))[0], IDS.get(kind, ("", ""))[1])
    service = kind.split("::")[1].lower() if kind.count("::") == 2 else "cloudformation"
    whole = f"arn:{{partition}}:{arn}" if arn else f"arn:{{partition}}:{service}:{{region}}:{{account}}:{{name}}"
    attributes = dict(ATTRIBUTES.get(kind, {}))
    if arn:
        attributes.setdefault("Arn", "{arn}")
    return Form(named, made or "{stack}-{logical}", REFS.get(kind, "{name}"), whole, attributes)
