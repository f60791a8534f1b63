"""Area D at the edge: who asked for what shows in a log before any code runs."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok
from ..tables.compute import Route
from ..tables.gateway import EdgeLog, StageLogging
from ..watched import Watched

INTERNET = frozenset({"internet"})
NEEDED = ("request id", "address", "status")
IDENTITY = "identity"


@check("stage-without-access-log", over=StageLogging)
def stage_without_access_log(stage: StageLogging, evidence: Watched) -> Verdict:
    """Each stage of an API writes an access log."""
    if not stage.access_log:
        return fail(
            f"{stage.subject} writes no access log, so that what was refused before any code ran leaves no trace",
            used=INTERNET,
        )
    return ok(f"{stage.subject} writes an access log to {stage.access_log.rpartition(':')[2]}")


@check("access-log-format-incomplete", over=StageLogging)
def access_log_format_incomplete(stage: StageLogging, evidence: Watched) -> Verdict:
    """An access log says who asked, from where, under which request id, and with what result."""
    if not stage.access_log:
        return na(f"{stage.subject} writes no access log, which is a finding of its own")
    held = stage.format_has
    missing = [each for each in NEEDED if each not in held]
    if IDENTITY not in held and _identified(stage, evidence):
        missing.append(IDENTITY)
    if missing:
        return fail(f"the access log of {stage.subject} lacks {', '.join(missing)}", used=INTERNET)
    return ok(f"the access log of {stage.subject} holds {', '.join(held)}")


def _identified(stage: StageLogging, evidence: Watched) -> bool:
    """Whether any caller of the API is identified at all, so that there is an identity to write down."""
    return evidence.any(Route, lambda each: each.auth != "none", api=stage.api) is not None


@check("edge-without-log", over=EdgeLog)
def edge_without_log(edge: EdgeLog, evidence: Watched) -> Verdict:
    """Whatever stands between callers and functions logs what it sees."""
    named = f"the {edge.kind} {edge.name}"
    if not edge.writes:
        return fail(f"{named} logs nothing{f' ({edge.lacks})' if edge.lacks else ''}", used=INTERNET)
    if edge.lacks:
        return fail(f"{named} logs {edge.writes}, but {edge.lacks}", used=INTERNET)
    return ok(f"{named} logs {edge.writes}")
