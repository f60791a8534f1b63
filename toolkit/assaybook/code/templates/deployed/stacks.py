"""A template as a stack: its resources by type, and by what others call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..resources import Resource, Template
from .written import word


@dataclass(frozen=True, slots=True)
class Stack:
    """A template as if it had been deployed: its resources by type, and by what they are called."""

    template: Template
    at: str
    by_type: Mapping[str, tuple[Resource, ...]] = field(repr=False)
    by_arn: Mapping[str, Resource] = field(repr=False)
    # What of the template could not be read and may be anything; empty if nothing.
    broken: str = ""
    _names: dict[tuple[str, tuple[str, ...]], Resource] = field(default_factory=dict, repr=False)

    @property
    def account(self) -> str:
        """Its made-up account."""
        return self.template.account

    @property
    def region(self) -> str:
        """Its region."""
        return self.template.region

    @property
    def partition(self) -> str:
        """The partition of its region."""
        region = self.region
        return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"

    def troubled(self, resource: Resource) -> bool:
        """Whether a part of a resource could not be read."""
        known = {resource.where, *resource.places.values()}
        return any(each.where in known for each in self.template.problems)

    def of(self, *types: str) -> tuple[Resource, ...]:
        """The resources of some types, in the order of the template within each type."""
        return tuple(each for kind in types for each in self.by_type.get(kind, ()))

    def arn(self, service: str, rest: str, *, region: bool = True, account: bool = True) -> str:
        """An ARN in the account and region of the stack."""
        return (
            f"arn:{self.partition}:{service}:{self.region if region else ''}:{self.account if account else ''}:{rest}"
        )

    def named(self, value: Any, *types: str) -> Resource | None:
        """The resource of one of these types that a value names, by its ARN, its name, or its logical id."""
        said = word(value)
        return self._names.get((said, types)) or self._find(said, types) if said else None

    def _find(self, said: str, types: tuple[str, ...]) -> Resource | None:
        found = self.of(*types)
        for names in (_exact, _last):
            for each in found:
                if said in names(each):
                    self._names[said, types] = each
                    return each
        return None

    def id_of(self, value: Any, *types: str) -> str:
        """The id of the resource that a value names, as `id_of` gives it; what it says if it names none of the stack."""
        found = self.named(value, *types)
        return id_of(found) if found else word(value)


def _exact(resource: Resource) -> tuple[str, ...]:
    return tuple(each for each in (resource.arn, resource.ref, resource.name, resource.id) if each)


def _last(resource: Resource) -> tuple[str, ...]:
    return (re.split(r"[/:]", resource.arn)[-1],) if resource.arn else ()


def id_of(resource: Resource) -> str:
    """The id that a service gives to a resource: what others call it by, or the last part of its ARN."""
    return (
        resource.ref
        if resource.ref and not resource.ref.startswith("arn:")
        else _last(resource)[0]
        if resource.arn
        else resource.id
    )


# Types that have no ARN of their own, but bear that of what they belong to.
BORROWED = frozenset({"AWS::Lambda::Url", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::Permission"})


def stack(template: Template, at: str) -> Stack:
    """The template, indexed."""
    by_type: dict[str, list[Resource]] = {}
    by_arn: dict[str, Resource] = {}
    for each in template.resources:
        by_type.setdefault(each.type, []).append(each)
        if each.arn and each.type not in BORROWED:
            by_arn.setdefault(each.arn, each)
    return Stack(template, at, {kind: tuple(found) for kind, found in by_type.items()}, by_arn, _broken(template))


def _broken(template: Template) -> str:
    known = {place for each in template.resources for place in (each.where, *each.places.values())}
    lost = [each for each in template.problems if each.where not in known]
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return f"a part of the template could not be read: {lost[0].why} ({lost[0].where}){more}" if lost else ""


def place_of(resource: Resource, *paths: str) -> str:
    """The line of the first of these properties that has one, else that of the resource."""
    return next((resource.places[path] for path in paths if path in resource.places), resource.where)
