"""The challenge of data exposure: what would make a store public at the next mistake."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok
from ..tables.data import DatabaseAddress, PublicAccessBlock
from ..watched import Watched


@check("public-access-not-blocked", over=PublicAccessBlock)
def public_access_not_blocked(block: PublicAccessBlock, evidence: Watched) -> Verdict:
    """Every way of making a bucket public is blocked, for the account or at least for each bucket."""
    declared = evidence.parameter("public_assets")
    what = f"the {block.kind} {block.name}"
    if not block.open_ways:
        return ok(f"Block Public Access closes {what} in all four ways")
    if block.kind == "account" and declared:
        return na(f"{what} has public assets that are declared, so that each bucket is looked at by itself")
    if block.name in declared:
        return ok(f"the bucket {block.name} is declared public")
    return fail(
        f"Block Public Access leaves {what} open in {len(block.open_ways)} of four ways ({', '.join(block.open_ways)}), "
        "so that one wrong policy or list makes data public",
        severity=Severity.MEDIUM,
    )


@check("database-with-public-address", over=DatabaseAddress)
def database_with_public_address(address: DatabaseAddress, evidence: Watched) -> Verdict:
    """No database has an address in the internet."""
    what = f"the {address.kind} {address.name}"
    if not address.public:
        return ok(f"{what} has no address in the internet")
    return fail(
        f"{what} has an address in the internet, so that a security group alone keeps strangers from its port",
        severity=Severity.HIGH,
    )
