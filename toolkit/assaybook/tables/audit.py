"""Rows about records: who changed functions, where their logs go, which queries are ready."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class FunctionChange(Row):
    """Changes of one kind that one principal made to one function in one way, within the time that the provider's history reaches back.

    `what` is code, configuration or policy; `who` names the principal, `person` says whether a person stands behind it (as far as the kind of
    principal tells), `console` whether it was done in the console. `times` counts them, `last` is the day of the latest.
    """

    workload: str
    what: str
    who: str
    person: bool
    console: bool
    times: int
    last: str
    production: bool | None


@dataclass(frozen=True, kw_only=True)
class LogForwarding(Row):
    """Where the log group of a workload sends its events, by the key of the workload. `exists` is false before the function has logged for the first time.

    `whole` are destinations that get every event, `partly` those that get what matches a pattern.
    """

    group: str
    exists: bool
    whole: tuple[str, ...]
    partly: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SavedQueries(Row):
    """The saved queries of one place: Logs Insights of a region, or a workgroup of Athena."""

    place: str
    count: int
