"""Rows about what builds and deploys: pipelines, build projects and the variables of their environments."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class Pipeline(Row):
    """A pipeline. `deploys` names its actions that can change functions, in their order; `approved_before` says whether a person approves before the first of them."""

    name: str
    deploys: tuple[str, ...]
    approved_before: bool


@dataclass(frozen=True, kw_only=True)
class BuildVariable(Row):
    """One variable of a build project's environment that stands there in plain text. Its value was judged and dropped when it was recorded.

    The fields are those of an EnvironmentVariable; `project` names the build project.
    """

    project: str
    name: str
    secret: str
    placeholder: bool
    length: int
    fingerprint: str
    resource: str


@dataclass(frozen=True, kw_only=True)
class BuildTrigger(Row):
    """A build project that a repository starts by a webhook.

    `actors` are the patterns of ids of those whose pushes and pull requests are built, empty if anybody's are; `events` the kinds of event that start it.
    `pull_requests` says whether pull requests do.
    """

    project: str
    repository: str
    events: tuple[str, ...]
    actors: tuple[str, ...]
    pull_requests: bool
    approval: bool
