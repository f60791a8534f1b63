"""The challenge of data exposure: state that is in transit between functions."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok
from ..tables.orchestration import Passage
from ..watched import Watched


@check("sensitive-state-in-logs-or-plain-queue", over=Passage)
def sensitive_state_in_logs_or_plain_queue(passage: Passage, evidence: Watched) -> Verdict:
    """Sensitive state between functions waits encrypted and is not copied into logs."""
    what = f"the {passage.kind} {passage.name}"
    if not passage.sensitive:
        return na(f"{what} is not tagged sensitive")
    if not passage.encrypted:
        return fail(f"{what} is tagged sensitive and keeps its messages in plaintext")
    if passage.logs_data:
        return fail(
            f"{what} is tagged sensitive and writes input and output of its executions into its log (includeExecutionData)",
            used=frozenset({"sensitive"}),
        )
    return ok(f"{what} is tagged sensitive; what waits in it is encrypted, and its log holds no execution data")
