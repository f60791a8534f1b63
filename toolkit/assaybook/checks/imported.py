"""What other tools report, set beside our own results: a person judges it, and it never makes anything pass."""

from __future__ import annotations

from ..check import Check, check
from ..model import Verdict, na, review
from ..tables.imports import (
    ImportedFinding,
    ReportedAccess,
    ReportedAdvisory,
    ReportedCryptography,
    ReportedEntry,
    ReportedErrorDetails,
    ReportedExposure,
    ReportedInjection,
    ReportedLogging,
    ReportedPlainStore,
    ReportedRequest,
    ReportedRights,
    ReportedSecret,
    ReportedToken,
    ReportedTransport,
    ReportedUnpinned,
)
from ..watched import Watched

# Levels at which a tool itself does not claim that something is wrong.
MILD = ("none", "note")
# A secret opens what it opens wherever it is written.
SECRET = "written-secret"


def _reported(topic: str, over: type[ImportedFinding], what: str) -> Check:
    """The check on what other tools report of one topic."""

    def decide(reported: ImportedFinding, evidence: Watched) -> Verdict:
        place = _place(reported)
        says = f"{reported.tool} {reported.rule}".strip()
        if reported.dismissed:
            return na(f"{says} at {place} was set aside in the tool ({reported.dismissed})")
        if reported.beside:
            return na(f"{reported.beside} is judged by itself; {says} reports it, too")
        if reported.tests and topic != SECRET:
            return na(f"{says} at {place} is about tests, which are not deployed")
        if reported.level in MILD:
            return na(f"{says} at {place} is no more than a note of the tool")
        words = f": {reported.said}" if reported.said else ""
        return review(
            f"{says} reports {what} at {place}, which no check of ours found{words}; a person has to judge it"
        )

    decide.__doc__ = f"No other tool reports {what} that ours did not judge and nobody set aside with a reason."
    return check(f"another-tool-reports-{topic}", over=over)(decide)


def _place(reported: ImportedFinding) -> str:
    if reported.path:
        return f"line {reported.line} of {reported.path}" if reported.line else reported.path
    return reported.resource or "a place that it does not name"


injection = _reported("injection", ReportedInjection, "an injection")
error_details = _reported("error-details", ReportedErrorDetails, "an error that gives details away")
written_secret = _reported("written-secret", ReportedSecret, "a written secret")
broad_rights = _reported("broad-rights", ReportedRights, "rights that are too broad")
unencrypted_store = _reported("unencrypted-store", ReportedPlainStore, "data at rest without encryption")
weak_cryptography = _reported("weak-cryptography", ReportedCryptography, "weak cryptography")
logged_data = _reported("logged-data", ReportedLogging, "data in a log that does not belong there")
unverified_transport = _reported("unverified-transport", ReportedTransport, "a connection that is not protected")
open_entry = _reported("open-entry", ReportedEntry, "a way in that knows no caller")
unverified_token = _reported("unverified-token", ReportedToken, "a token that is not verified")
unchecked_owner = _reported("unchecked-owner", ReportedAccess, "an object whose owner is not checked")
vulnerable_package = _reported("vulnerable-package", ReportedAdvisory, "a vulnerable package")
unpinned_package = _reported("unpinned-package", ReportedUnpinned, "a dependency that is not fixed")
request_forgery = _reported("request-forgery", ReportedRequest, "a request to an address from outside")
exposed_store = _reported("exposed-store", ReportedExposure, "a store that is open to everyone")
