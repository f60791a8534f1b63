"""Which resource says something of another: the policy of a bucket, the rotation of a secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..resources import Resource
from .answers import Answers, Record, Stack, entries, place_of, policy, untold, word

# A name of which nothing is known. One that is known in part names a thing with the same known parts.
OPEN = re.compile(r"\$\{[^{}]*\}")


def called(resource: Resource, *properties: str) -> str:
    """What a resource is called: by the first of these properties that is set, else by its name or logical id."""
    said = next((resource.properties[each] for each in properties if resource.properties.get(each) is not None), None)
    return word(said) or resource.name or resource.id


@dataclass(frozen=True, slots=True)
class Attached:
    """The resource that is attached to a thing, if one certainly is; else why it is not known whether one is, and where."""

    resource: Resource | None = None
    why: str = ""
    where: str = ""


def attached(
    stack: Stack, owner: Resource, types: tuple[str, ...], properties: tuple[str, ...], names: Callable[[Any], bool]
) -> Attached:
    """The first resource of some types one of whose properties names its owner, as `names` tells. One that hangs on a condition, or names nothing that is known, leaves it open."""
    doubt = Attached()
    for each in stack.of(*types):
        said = next((each.properties[name] for name in properties if name in each.properties), None)
        values = [said] if untold(said) else entries(said)
        if any(names(value) for value in values):
            if each.conditional:
                return Attached(None, f"{each.id} exists only if {each.conditional}", each.where)
            return Attached(each)
        # What another thing of the stack is called, though nobody knows how, names that thing.
        unknown = [word(one) for one in values if OPEN.fullmatch(word(one)) and stack.named(one, owner.type) is None]
        if unknown and not doubt.why:
            doubt = Attached(None, f"{each.id} may be for it: {', '.join(unknown)} is not resolved", each.where)
    return doubt


def tell_policy(
    answers: Answers, call: str, member: str, found: Attached, property: str, where: str, **params: Any
) -> Any:
    """Answers with the policy that the attached resource has in a property, or that there is none; gives its document where it is told."""
    resource = found.resource
    if resource is None:
        if found.why:
            answers.untold(call, found.why, found.where, **params)
        else:
            answers.absent(call, where, **params)
        return None
    document = resource.properties.get(property)
    if untold(document):
        answers.untold(call, f"{property} of {resource.id} is not resolved", resource.where, **params)
        return document
    answers.told(call, {member: policy(document or {})}, place_of(resource, property), **params)
    return document


def own_policy(answers: Answers, call: str, member: str, resource: Resource, property: str, **params: Any) -> None:
    """Answers with the policy that a resource holds itself, or that there is none."""
    found = Attached(resource) if resource.properties.get(property) is not None else Attached()
    tell_policy(answers, call, member, found, property, resource.where, **params)


def in_words(found: Attached, property: str, not_told: str) -> tuple[Record | str | None, str]:
    """A policy as a member of an answer, marked where it is not told, with its place; None where there is none."""
    if found.resource is None:
        return ({not_told: found.why}, found.where) if found.why else (None, "")
    document = found.resource.properties.get(property)
    where = place_of(found.resource, property)
    if untold(document):
        return {not_told: f"{property} of {found.resource.id} is not resolved"}, where
    return policy(document or {}), where
