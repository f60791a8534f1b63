"""What code does wrong by itself: transport without protection, weak cryptography, data that stays behind, errors that tell too much."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, review
from ..tables.code import CryptographicUse, ErrorAnswer, Leftover, UnprotectedCall
from ..watched import Watched
from .code_facts import free_of, told

_TRANSPORT = {
    "verification-off": ", so that whoever stands in between can pose as the other side",
    "old-protocol": ", whose protection is broken",
    "plaintext": ", so that whoever stands in between reads and changes what is sent",
    "plain-http": ", so that whoever stands in between reads and changes what is sent",
}
_CRYPTOGRAPHY = {
    "weak-hash": ", which can be forged or reversed by trying",
    "weak-cipher": ", which no longer keeps anything secret",
    "fixed-key": ", so that everybody who has the code has the key",
    "fixed-initial-value": ", so that equal texts are encrypted alike",
    "fixed-salt": ", so that one table of guesses serves for all",
    "few-rounds": ", too few to slow down whoever tries passwords",
    "short-key": ", which is too short",
    "predictable-random": "",
    "unsigned-token": "",
}


@check("call-without-verified-tls", over=UnprotectedCall)
def call_without_verified_tls(fact: UnprotectedCall, evidence: Watched) -> Verdict:
    """Outbound calls in code go over current TLS and verify the other side's certificate."""
    if not fact.kind:
        return free_of(fact, "no call without TLS or with its verification switched off")
    said = told(fact, _TRANSPORT.get(fact.kind, ""))
    if not fact.certain:
        return review(f"{said}; whether it is an outbound call, a person has to see")
    return fail(said, severity=Severity.MEDIUM) if fact.kind == "old-protocol" else fail(said)


@check("weak-cryptography-in-code", over=CryptographicUse)
def weak_cryptography_in_code(fact: CryptographicUse, evidence: Watched) -> Verdict:
    """Code uses no broken or misused cryptography for a purpose of security."""
    if not fact.kind:
        return free_of(fact, "no broken or misused cryptography")
    said = told(fact, _CRYPTOGRAPHY.get(fact.kind, ""))
    return fail(said) if fact.certain else review(f"{said}; whether security rests on it, a person has to conclude")


@check("request-data-left-behind", over=Leftover)
def request_data_left_behind(fact: Leftover, evidence: Watched) -> Verdict:
    """Code leaves no data of a request in variables of the module or in the temporary directory."""
    if not fact.kind:
        return free_of(fact, "nothing of a request that is kept in the execution environment")
    said = told(fact, ", where the next invocation finds it")
    return fail(said) if fact.certain else review(f"{said}; whether it is sensitive, a person has to conclude")


@check("error-details-returned", over=ErrorAnswer)
def error_details_returned(fact: ErrorAnswer, evidence: Watched) -> Verdict:
    """Code answers errors without stack trace, text of the error or content of the environment."""
    if not fact.kind:
        return free_of(fact, "no answer with the details of an error")
    if fact.kind == "debug":
        said = told(fact, ", so that errors are answered with their stack trace")
        return (
            fail(said) if fact.certain else review(f"{said} where the file is started by hand; in a function it is not")
        )
    said = told(fact, ", which shows the inside of the function")
    return (
        fail(said)
        if fact.certain
        else review(f"{said}; whether that text can tell a secret, a person has to conclude", severity=Severity.LOW)
    )
