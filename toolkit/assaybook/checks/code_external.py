"""Calls of other parties in code: known to somebody, bounded in time, with answers that are looked at; and webhooks that prove who sends them."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.code import ExternalCall, Webhook
from ..watched import Watched
from .code_facts import nothing, package_of, told
from .e_external_apis import is_external, owner_of

_NO_CALL = "no call of another party over HTTP"


@check("host-in-code-unlisted", over=ExternalCall)
def host_in_code_unlisted(call: ExternalCall, evidence: Watched) -> Verdict:
    """Each external host that code calls is on the register of external APIs."""
    if not call.kind:
        return na(nothing(call, _NO_CALL))
    if not call.host or not is_external(call.host):
        return na(f"{told(call, '')} names no host outside AWS")
    register = evidence.parameter("external_apis")
    if register is None:
        return review(
            f"{told(call, '')}: no register of external APIs is declared, so a person has to know {call.host}"
        )
    owner = owner_of(call.host, register)
    if owner is None:
        return fail(
            f"{told(call, '')}: {call.host} is not on the register of external APIs, and nobody answers for what goes there"
        )
    return ok(f"{told(call, '')}: {call.host} is on the register ({owner})")


@check("external-answer-not-validated", over=ExternalCall)
def external_answer_not_validated(call: ExternalCall, evidence: Watched) -> Verdict:
    """Code parses the answer of another party against a schema before it uses it."""
    if not call.kind:
        return na(nothing(call, _NO_CALL))
    if call.dangerous:
        return fail(f"{told(call, '')}: the answer is given to {call.dangerous}, which runs what the other side sends")
    if not call.used:
        return na(f"{told(call, '')}: the content of the answer is not used here")
    if call.schema:
        return ok(f"{told(call, '')}: {package_of(call)} parses data against schemas")
    return review(f"{told(call, '')}: the answer is used, and nothing in {package_of(call)} parses it against a schema")


@check("external-call-without-timeout", over=ExternalCall)
def external_call_without_timeout(call: ExternalCall, evidence: Watched) -> Verdict:
    """Each call of another party has a timeout."""
    if not call.kind:
        return na(nothing(call, _NO_CALL))
    if call.timeout:
        return ok(f"{told(call, '')} has a timeout{', by default of its library' if call.by_default else ''}")
    if call.timeout is None:
        return review(f"{told(call, '')}: whether its options hold a timeout is decided elsewhere")
    return fail(
        f"{told(call, '')} has no timeout: while the other side is slow, the function waits until its own limit and fills the concurrency of the account"
    )


@check("webhook-sender-not-verified", over=Webhook)
def webhook_sender_not_verified(webhook: Webhook, evidence: Watched) -> Verdict:
    """A webhook verifies a signature in constant time, and refuses what is old or was sent before."""
    if not webhook.kind:
        return na(nothing(webhook, "no handler of a webhook"))
    if webhook.kind == "verified":
        if webhook.fresh:
            return ok(told(webhook, " and looks at its age"))
        return review(
            f"{told(webhook, '')}; nothing in it looks at the age or the id of what is sent, so that it can be sent again",
            severity=Severity.LOW,
            used=frozenset({"internet"}),
        )
    if webhook.kind == "compared":
        # To measure it over a network takes many tries.
        said = told(webhook, "")
        verdict = fail if webhook.certain else review
        more = "" if webhook.certain else "; a person has to conclude"
        return verdict(f"{said}{more}", severity=Severity.MEDIUM, used=frozenset({"internet"}))
    why = ", so that anybody can send it" if webhook.kind == "not-verified" else ""
    return fail(told(webhook, why)) if webhook.certain else review(f"{told(webhook, why)}; a person has to conclude")
