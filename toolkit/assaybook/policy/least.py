"""A policy narrowed to what its holder is known to use: what is granted, less services and actions without any record of use.

It removes and never adds: resources, conditions and Deny statements stay as they are. Source: IAM User Guide, "Refine permissions in AWS using last
accessed information", which also says that actions on data are recorded for the service as a whole, so an action counts as unused only where IAM tracks it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .document import ALLOW, parse_policy
from .match import action_covers, action_matches, action_overlaps, has_wildcard


@dataclass(frozen=True, slots=True)
class Use:
    """What is known of the use of rights: prefixes of used services, actions that are tracked and used, actions that are tracked and unused."""

    services: frozenset[str]
    used: frozenset[str]
    unused: frozenset[str]


def least_policy(documents: Iterable[str], use: Use) -> str:
    """One policy document as JSON text with what is left of all documents; empty if nothing is left to allow.

    The documents are identity policies that were read before. Raises ValueError if one is not JSON.
    """
    statements = [left for document in documents for left in _narrowed(json.loads(document), use)]
    unique = list({json.dumps(each, sort_keys=True): each for each in statements}.values())
    if not any(each["Effect"] == ALLOW for each in unique):
        return ""
    return json.dumps({"Version": "2012-10-17", "Statement": unique}, indent=2)


def names(documents: Iterable[str], action: str) -> bool:
    """Whether an Allow statement of the documents covers the action, whatever its resources and conditions."""
    return any(
        statement.effect == ALLOW
        and (
            any(action_matches(each, action) for each in statement.actions)
            if statement.actions is not None
            else not any(action_matches(each, action) for each in statement.not_actions or ())
        )
        for document in documents
        for statement in parse_policy(document).statements
    )


def _narrowed(document: Mapping[str, Any], use: Use) -> Iterator[dict[str, Any]]:
    listed = document["Statement"]
    for statement in listed if isinstance(listed, list) else [listed]:
        if statement["Effect"] != ALLOW or _spares_in_part(statement, use):
            yield dict(statement)
            continue
        actions = sorted({one for pattern in _patterns(statement, use) for one in _kept(pattern, use)})
        if actions:
            rest = {name: value for name, value in statement.items() if name not in ("Action", "NotAction", "Sid")}
            yield {"Effect": ALLOW, "Action": actions, **{name: rest[name] for name in rest if name != "Effect"}}


def _spares_in_part(statement: Mapping[str, Any], use: Use) -> bool:
    """Whether a statement allows all but some actions of a service that is used: no list of allowed actions says that, so it stays as it is."""
    return any(
        action_overlaps(spared, f"{service}:?*") and not action_covers(spared, f"{service}:?*")
        for spared in _texts(statement.get("NotAction", []))
        for service in use.services
    )


def _patterns(statement: Mapping[str, Any], use: Use) -> tuple[str, ...]:
    """The action patterns of a statement; of one that allows all but some, each used service of which it spares nothing whole."""
    if "Action" in statement:
        return _texts(statement["Action"])
    spared = _texts(statement["NotAction"])
    return tuple(
        f"{each}:*" for each in sorted(use.services) if not any(action_covers(one, f"{each}:?*") for one in spared)
    )


def _kept(pattern: str, use: Use) -> Iterator[str]:
    """What is left of one action pattern."""
    service = pattern.partition(":")[0].lower()
    if has_wildcard(service):
        yield from (
            f"{each}:*"
            for each in sorted(use.services)
            if action_matches(pattern, f"{each}:x") or pattern.strip("*") in ("", ":")
        )
    elif service in use.services and pattern.lower() not in use.unused:
        yield pattern


def _texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (str(value),)
