"""Area A in the code: what comes in is not run, parsed or taken for a path, and is checked against a schema first."""

from __future__ import annotations

import re

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.compute import Route
from ..tables.flows import EntryInput, InjectionFlow
from ..tables.gateway import RequestCheck
from ..watched import Watched
from .a_gateway import CHANGES
from .flow_words import HARM, nothing, starters, told

# What a person has to judge even where the path is plain: how bad it is hangs on what is not in the code.
FOR_A_PERSON = frozenset({"regex", "header"})
# Harm for whoever follows a link, not for the function and its data.
MILDER = frozenset({"xss", "redirect"})
# Of a record, that are read like its members.
METHODS = frozenset({"get", "items", "keys", "values", "pop", "copy", "update"})
# What an authorizer looks at, which is a token and not an input with a form of its own.
TOKEN = re.compile(
    r"event(?:\.(?:authorizationToken|identitySource|headers|multiValueHeaders|methodArn|routeArn|type|version)"
    r"(?:\[\])?(?:\.(?i:authorization|cookies?|x-api-key|x-auth-token)\b.*|\.(?:split|match|replace|startsWith|slice|trim)\b.*|\[\].*)?)?$"
)
SHOWN = re.compile(r"(?i)authorization|identitySource|api-key|auth-token")
BODY = ("event.body", "event.detail", "event.Records", "request.body", "request.json", "request.form")


@check("event-data-reaches-sink", over=InjectionFlow)
def event_data_reaches_sink(flow: InjectionFlow, evidence: Watched) -> Verdict:
    """No data of an event is run, parsed or taken for a path or a query without being made harmless first."""
    if not flow.kind:
        return nothing(flow, "nothing of an event is known to reach a place where it does harm")
    said = told(flow)
    harm = HARM.get(flow.kind, "")
    if flow.source_kind == "stored":
        return review(
            f"{said}, {harm}, if whoever writes {flow.resource or 'what is read back'} is not trusted; a person has to tell"
        )
    if not flow.certain:
        return review(f"{said}, {harm}, unless what stands between rules it out ({flow.why}); a person has to tell")
    if flow.kind in FOR_A_PERSON:
        return review(f"{said}, {harm}; a person has to tell how far that goes")
    _, who = starters(flow, evidence)
    if flow.kind in MILDER:
        return fail(f"{said}, {harm}{who}", severity=Severity.MEDIUM, used=frozenset({"internet"}))
    return fail(f"{said}, {harm}{who}")


@check("handler-input-not-validated", over=EntryInput)
def handler_input_not_validated(entry: EntryInput, evidence: Watched) -> Verdict:
    """A handler of requests checks what it is sent against a schema, unless the gateway has done so."""
    name = f"{entry.handler or entry.function} ({entry.where})"
    if entry.http is False:
        return na(f"{name} handles no requests")
    if not entry.reads:
        return na(f"{name} reads nothing of its event")
    if all(TOKEN.match(each) for each in entry.reads) and any(SHOWN.search(each) for each in entry.reads):
        return na(f"{name} reads nothing but what its caller shows to be let in")
    libraries = ", ".join(entry.validated)
    if entry.validated and entry.whole:
        return ok(f"{name} checks its event with {libraries} before it uses it")
    if entry.validated:
        return review(
            f"{name} checks a part of its event with {libraries}; whether the rest needs it, a person has to tell"
        )
    routes, gap = evidence.seen(Route, workload=entry.workload) if entry.workload else ((), None)
    if gap is not None:
        raise gap
    if routes and all(_gateway_checks(route, evidence) for route in routes):
        return ok(f"{name} is run by routes that the gateway checks, or that carry nothing to check")
    body = [each for each in entry.reads if each.startswith(BODY)]
    changing = [route for route in routes if route.method in CHANGES]
    if not body and not changing:
        return review(
            f"{name} uses {_some(entry.reads)} without a schema; whether that needs one, a person has to tell"
        )
    if entry.http is None or entry.guessed:
        return review(
            f"{name} uses {_some(body or entry.reads)} and no schema library checks it; whether it is sent by others, a person has to tell"
        )
    return fail(
        f"{name} uses {_some(body or entry.reads)} and neither a schema library nor the gateway checks it: each line behind it has to defend itself"
    )


def _gateway_checks(route: Route, evidence: Watched) -> bool:
    if route.method == "OPTIONS":
        return True
    checked = evidence.any(RequestCheck, api=route.api, method=route.method, path=route.path)
    if checked is None:
        return False
    if route.method in CHANGES:
        return bool(checked.schema)
    return checked.parameters_checked or not checked.parameters


def _some(names: tuple[str, ...] | list[str]) -> str:
    # The longest name of a branch says most.
    names = [each for each in names if each.rpartition(".")[2] not in METHODS]
    leaves = [each for each in names if not any(other.startswith(f"{each}.") for other in names)]
    return ", ".join(leaves[:3]) + (" and more" if len(leaves) > 3 else "")


@check("event-of-trigger-not-validated", over=EntryInput)
def event_of_trigger_not_validated(entry: EntryInput, evidence: Watched) -> Verdict:
    """A handler of queues, buckets, streams and rules treats its events as untrusted."""
    name = f"{entry.handler or entry.function} ({entry.where})"
    if entry.http is not False:
        return na(
            f"{name} handles requests" if entry.http else f"nothing tells that {name} handles anything but requests"
        )
    if not entry.reads:
        return na(f"{name} reads nothing of its event")
    libraries = ", ".join(entry.validated)
    if entry.validated and entry.whole:
        return ok(f"{name} checks its event with {libraries} before it uses it")
    if entry.unquoted is False:
        return review(
            f"{name} takes the key of an object as it comes, with its escapes, and {'checks only a part of its event' if libraries else 'checks it against nothing'}; "
            "whether a key can say something that it should not, a person has to tell"
        )
    part = f"checks a part of its event with {libraries}" if libraries else "checks its event against no schema"
    return review(
        f"{name} {part} ({_some(entry.reads)}); whether those who can send it are trusted, a person has to tell"
    )
