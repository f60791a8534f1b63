"""The challenges that cut across: regions in which nobody looks."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, ok
from ..tables.scope import OtherRegion
from ..watched import Watched


@check("workload-outside-scope", over=OtherRegion)
def workload_outside_scope(region: OtherRegion, evidence: Watched) -> Verdict:
    """No function exists in an enabled region that is not in scope, or a policy of the organisation closes the region."""
    where = f"{region.region} of account {region.account}"
    if region.denied_by:
        return ok(f"{region.denied_by} denies the reader {where}, which is evidence that the region is closed")
    count = region.workloads
    if count:
        said = "1 function exists" if count == 1 else f"{count} functions exist"
        return fail(f"{said} in {where}, which is enabled and not in scope: nobody looks there")
    return ok(f"no function exists in {where}")
