"""Area F: whom the provider can reach, and evidence that lasts and can be trusted."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.monitoring import EvidenceStore, TrailArchive
from ..tables.process import SecurityContact
from ..watched import Watched

# Nobody shortens or lifts this lock, not even the account's own root. Source: Amazon S3 User Guide, "Locking objects with Object Lock".
UNBREAKABLE = "COMPLIANCE"


@check("security-contact-missing", over=SecurityContact)
def security_contact_missing(contact: SecurityContact, evidence: Watched) -> Verdict:
    """The account names a contact whom the provider tells of security matters."""
    if contact.security_contact:
        return ok(f"account {contact.account} names a security contact")
    return fail(
        f"account {contact.account} names no security contact, so that warnings of AWS go to the owner's mailbox only"
    )


@check("evidence-kept-too-short", over=EvidenceStore)
def evidence_kept_too_short(store: EvidenceStore, evidence: Watched) -> Verdict:
    """Trails and logs are kept for the set time, and can be searched for the first part of it."""
    if store.fixed_by_provider:
        return na(f"AWS sets how long the {store.kind} {store.name} keeps records")
    shortest, hot = evidence.parameter("log_retention_min_days"), evidence.parameter("log_hot_days")
    what = f"the {store.kind} {store.name}"
    if store.retention_days is not None and store.retention_days < shortest and store.sent_to:
        return review(
            f"{what} sends all records to {store.sent_to}; whether they are kept there for {shortest} days is not known, as here {store.because}"
        )
    if store.retention_days is not None and store.retention_days < shortest:
        return fail(f"{what} keeps records for less than {shortest} days: {store.because}")
    if store.searchable_days is not None and store.searchable_days < hot:
        return review(
            f"{what} moves records to {store.archived_to} after {store.searchable_days} days; whether they can be searched elsewhere for {hot} days is not known"
        )
    return ok(f"{what} keeps records long enough: {store.because}")


@check("evidence-not-protected", over=TrailArchive)
def evidence_not_protected(archive: TrailArchive, evidence: Watched) -> Verdict:
    """The records of a trail show changes, are protected from deletion, and lie in another account."""
    what = f"the trail {archive.trail}"
    if not archive.log_file_validation:
        return fail(f"{what} makes no digests, so that a changed log file cannot be told from a true one")
    own = archive.bucket_account == archive.subject.account
    if not (archive.lock or archive.versioned or archive.delete_needs_mfa):
        return fail(
            f"{what} writes to {archive.bucket}, where files can be deleted for good: no lock, no versioning, no second factor"
        )
    if own and archive.lock != UNBREAKABLE:
        return fail(
            f"{what} writes to {archive.bucket} in the same account, whose administrators can delete its records"
        )
    if own:
        return review(
            f"{what} writes to {archive.bucket} in the same account, locked in compliance mode; "
            "whether that makes up for a separate account, and whether the digests of the period validate, is for a person to conclude"
        )
    return review(
        f"{what} writes to {archive.bucket} in account {archive.bucket_account}, protected from deletion; whether the digests of the period validate was not read (aws cloudtrail validate-logs tells)"
    )
