"""Rows about how a function is set to run, whether it is used, what it leaves behind, and who signed its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class FunctionSettings(Row):
    """How the unpublished version of a function runs and tells about itself.

    `tracing` is Active or PassThrough, `telemetry` names layers that carry OpenTelemetry; `log_format` is JSON or Text. `timeout` is in seconds, `memory` in MB.
    `versions` are the published versions, oldest first; `kept` says whether one of them has the code of the unpublished version.
    """

    workload: str  # key of the Workload
    name: str
    package: str  # zip or image
    runtime: str
    production: bool | None
    tracing: str
    telemetry: tuple[str, ...]
    log_format: str
    timeout: int
    memory: int
    versions: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, kw_only=True)
class FunctionActivity(Row):
    """How often a function was invoked, and how much was written to its log group, between `since` and `until`.

    `last_invoked` is the end of the last week with an invocation, None if there was none. `existed` says that a version was published before `since`, so that
    the function is older than the window; where it is not, its age is not known. `changed` is the time of the last change to it.
    """

    workload: str
    name: str
    role: str
    log_group: str
    since: datetime
    until: datetime
    invocations: int
    last_invoked: datetime | None
    log_events: int
    existed: bool
    changed: datetime


@dataclass(frozen=True, kw_only=True)
class CodeProvenance(Row):
    """What makes sure that a function runs code of a known origin.

    For an archive: `enforcement` is Enforce or Warn, empty where no code signing configuration binds the function; `unfit_profiles` names the signing profiles
    that it trusts and that are no longer in force. For an image: `image` is the reference with which it was deployed, `pinned` whether that is a digest,
    `tags_fixed` whether its repository refuses to move tags, `signature` is complete, failed or none, as far as the registry itself signs.
    """

    workload: str
    name: str
    package: str
    enforcement: str
    unfit_profiles: tuple[str, ...]
    image: str
    pinned: bool
    tags_fixed: bool
    signature: str


@dataclass(frozen=True, kw_only=True)
class RecursionSetting(Row):
    """What the platform does with a loop that it detects (`loop`: Terminate or Allow), and what starts the function that a loop could pass (`through`).

    The platform detects loops through queues, topics and buckets only, so that nothing is asked of a function that none of them starts.
    """

    SAID: ClassVar[Mapping[str, str]] = {"through": "what starts the function", "loop": "the recursion setting"}

    workload: str
    name: str
    loop: str
    through: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RuntimeUpdates(Row):
    """When the runtime of a function gets its patches: Auto, FunctionUpdate, or Manual for one that is held on the version `held`."""

    workload: str
    name: str
    mode: str
    held: str
