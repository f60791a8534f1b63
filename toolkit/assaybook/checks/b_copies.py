"""Area B: copies of data are as safe as the data, and there is one to go back to."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok
from ..tables.copies import Copy, Recovery, Retention
from ..watched import Watched

# As long as DynamoDB and RDS themselves can go back. Source: Amazon DynamoDB Developer Guide, "Point-in-time backups"; Amazon RDS User Guide, "Backup retention period".
LONGEST_BACK = 35


@check("backup-not-encrypted", over=Copy)
def backup_not_encrypted(copy: Copy, evidence: Watched) -> Verdict:
    """Snapshots, exports and replicas are encrypted at rest."""
    of = f" of {copy.of}" if copy.of and copy.of not in copy.name else ""
    if copy.encrypted:
        return ok(f"the {copy.kind} {copy.name}{of} is encrypted" + (f" with {copy.how}" if copy.how else ""))
    return fail(
        f"the {copy.kind} {copy.name}{of} is not encrypted, so whoever gets a copy of it reads all that was in the original"
    )


@check("store-without-recovery", over=Recovery)
def store_without_recovery(recovery: Recovery, evidence: Watched) -> Verdict:
    """A table, database or bucket of production can be restored after a loss."""
    what = f"the {recovery.kind} {recovery.name}"
    if recovery.production is False:
        return na(f"{what} is not production")
    if recovery.by:
        return ok(f"{what} can be restored by {' and '.join(recovery.by)}")
    if recovery.kind == "bucket" and (brief := _brief(recovery, evidence)):
        return na(f"{what} holds nothing for longer than {brief.days} days: {brief.rule}")
    # Objects of a bucket are mostly written once, so that losing them takes more than one faulty write of a program.
    severity = Severity.LOW if recovery.kind == "bucket" else Severity.MEDIUM
    last = recovery.backed_up
    if last is not None:
        age = (evidence.as_of - last).days
        if age <= LONGEST_BACK:
            return ok(f"a backup service copied {what} {age} days ago")
        return fail(f"{what} has no recovery of its own, and its last backup is {age} days old", severity=severity)
    return fail(
        f"{what} has {_nothing(recovery)}, so that a faulty write or a deletion loses data for good", severity=severity
    )


def _brief(recovery: Recovery, evidence: Watched) -> Retention | None:
    """The rule that deletes all that a bucket holds before a backup would have grown old, if there is one."""
    where = recovery.subject
    return evidence.any(
        Retention,
        lambda each: each.kind == "bucket" and each.days is not None and each.days <= LONGEST_BACK,
        account=where.account,
        region=where.region,
        name=recovery.name,
    )


def _nothing(recovery: Recovery) -> str:
    way = {"table": "point-in-time recovery", "bucket": "versions"}.get(recovery.kind, "automatic backups")
    return f"neither {way} nor a backup in AWS Backup"


@check("store-without-deletion-protection", over=Recovery)
def store_without_deletion_protection(recovery: Recovery, evidence: Watched) -> Verdict:
    """A table or database of production refuses to be deleted until somebody allows it first."""
    what = f"the {recovery.kind} {recovery.name}"
    if recovery.kind == "bucket":
        return na(f"{what} can be deleted only when it is empty")
    if recovery.production is False:
        return na(f"{what} is not production")
    if recovery.deletion_protected:
        return ok(f"{what} is protected against deletion")
    return fail(
        f"one call, or a stack that is removed, deletes {what}: its deletion protection is off", severity=Severity.LOW
    )
