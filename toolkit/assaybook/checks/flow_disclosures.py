"""Areas B, C and E in the code: what goes to logs, to callers and to other hosts, and what comes back from them."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, ok, review
from ..tables.flows import DisclosureFlow, ExternalFlow, LogFlow, RequestFlow
from ..watched import Watched
from .flow_words import HARM, nothing, starters, told

# Parts of a request that say who somebody is, or let whoever has them pose as them.
TELLING = (
    "headers",
    "authorization",
    "cookie",
    "identity",
    "authorizer",
    "password",
    "token",
    "secret",
    "email",
    "phone",
    "card",
    "ssn",
)
RUNS = frozenset({"code", "command", "deserialisation", "template"})


@check("request-to-address-from-event", over=RequestFlow)
def request_to_address_from_event(flow: RequestFlow, evidence: Watched) -> Verdict:
    """No event decides to which host code sends a request, unless the host is on a list."""
    if not flow.kind:
        return nothing(flow, "no event is known to decide where a request goes")
    said, harm = told(flow), HARM["ssrf"]
    if flow.source_kind == "stored":
        return review(
            f"{said}, {harm}, if whoever writes {flow.resource or 'what is read back'} is not trusted; a person has to tell"
        )
    if not flow.certain:
        return review(f"{said}, {harm}, unless what stands between rules it out ({flow.why}); a person has to tell")
    return fail(f"{said}, {harm}{starters(flow, evidence)[1]}")


@check("event-or-secret-in-log", over=LogFlow)
def event_or_secret_in_log(flow: LogFlow, evidence: Watched) -> Verdict:
    """Code writes neither whole requests nor secrets to its log."""
    if not flow.kind:
        return nothing(flow, "no event and no secret is known to be written to a log")
    said = told(flow)
    if flow.masked:
        return ok(f"{said}, and the policy {flow.masked} masks what is sensitive in that log")
    if flow.source_kind == "secret":
        return (
            fail(f"{said}: everyone who may read the log has it")
            if flow.certain
            else review(f"{said} ({flow.why}); a person has to tell")
        )
    if not flow.certain:
        return review(f"{said} ({flow.why}); whether that holds personal data or secrets, a person has to tell")
    path = flow.source.strip("`").lower()
    if any(word in path for word in TELLING):
        return fail(f"{said}, with what identifies people or lets others pose as them", used=frozenset({"internet"}))
    whole = path in ("event", "request", "event.body", "request.body")
    if whole and flow.http:
        return fail(
            f"{said}: whole requests hold tokens, cookies and whatever people type, and the log keeps them for everyone who may read it",
            severity=Severity.MEDIUM,
            used=frozenset({"internet"}),
        )
    return review(f"{said}; whether that holds personal data or secrets, a person has to tell")


@check("secret-in-answer", over=DisclosureFlow)
def secret_in_answer(flow: DisclosureFlow, evidence: Watched) -> Verdict:
    """No handler answers with credentials or secrets that it has read."""
    if not flow.kind:
        return nothing(flow, "no secret is known to be answered to a caller")
    said = told(flow)
    if not flow.certain:
        return review(f"{said} ({flow.why}); a person has to tell whether callers may have it")
    return fail(f"{said}{starters(flow, evidence)[1]}")


@check("external-answer-reaches-sink", over=ExternalFlow)
def external_answer_reaches_sink(flow: ExternalFlow, evidence: Watched) -> Verdict:
    """What an external API answers is checked before it is run, parsed or used to build a query."""
    if not flow.kind:
        return nothing(flow, "no answer of an external API is known to reach a place where it does harm")
    said = told(flow)
    harm = HARM.get(flow.kind, "").replace("whoever sends it", "whoever holds that API, or stands in between,")
    if flow.kind in RUNS and flow.certain:
        return fail(f"{said}, {harm}")
    doubt = f" ({flow.why})" if flow.why else ""
    return review(f"{said}, {harm}{doubt}; a person has to tell whether it is checked")
