"""Area A at the gateway: requests are checked before code runs, errors tell nothing, stage variables hold no secrets."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.compute import Route
from ..tables.flows import EntryInput
from ..tables.gateway import ErrorAnswer, RequestCheck, StageVariable
from ..watched import Watched

CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE", "ANY", "$default"})
LIFE_OF_A_SOCKET = frozenset({"$connect", "$disconnect"})
INTERNET = frozenset({"internet"})
MOST_NAMED = 3


@check("request-not-validated", over=RequestCheck)
def request_not_validated(route: RequestCheck, evidence: Watched) -> Verdict:
    """A request that changes something is checked against a schema before anything acts on it."""
    where = str(route.subject)
    if route.kind == "graphql":
        return ok(f"{where}: the schema of the API gives each argument a type, and AppSync refuses what does not fit")
    if route.method == "OPTIONS" or route.target in ("mock", "none"):
        return na(f"{where} passes nothing on")
    if route.method in LIFE_OF_A_SOCKET:
        return na(f"{where} carries no message")
    changes = route.method in CHANGES or route.kind == "websocket"
    if not changes and not route.parameters:
        return na(f"{where} takes no body and no parameters")
    if route.kind == "rest" and _validated(route, changes):
        how = f"the model {route.schema}" if changes else "the parameters that it demands"
        return ok(f"{where} is checked by the gateway against {how}")
    handler = _handler(route, evidence) if route.target == "function" else ""
    if handler:
        return na(
            f"{where} is not validated at the gateway; what its handler {handler} checks instead is judged by itself"
        )
    return _unvalidated(route, where, changes)


def _handler(route: RequestCheck, evidence: Watched) -> str:
    """The handler that the route runs, if its code was read; empty else."""
    for each in evidence.seen(Route, api=route.api)[0]:
        if each.method == route.method and each.path == route.path and each.workload:
            for entry in evidence.seen(EntryInput, workload=each.workload)[0]:
                return entry.handler
    return ""


def _validated(route: RequestCheck, changes: bool) -> bool:
    return bool(route.schema) if changes else route.parameters_checked


def _unvalidated(route: RequestCheck, where: str, changes: bool) -> Verdict:
    if route.target == "function":
        return review(
            f"{where} is not validated at the gateway; whether its function validates the input has to be read in the code"
        )
    if route.kind != "rest" or route.target == "private" or not changes:
        return review(
            f"{where} is not validated at the gateway; whether what stands behind it validates the input has to be read there"
        )
    if route.target == "service":
        return fail(
            f"{where} hands whatever it is sent to a service of AWS: no model checks the body, and no code of ours stands between"
        )
    return fail(f"{where} hands whatever it is sent to a host on the internet: no model checks the body")


@check("error-response-leaks", over=ErrorAnswer)
def error_response_leaks(answer: ErrorAnswer, evidence: Watched) -> Verdict:
    """What a caller reads of an error says nothing about the inside."""
    where = f"{answer.what} of {answer.api}"
    if answer.production is False:
        return na(f"{answer.api} is tagged as not production")
    if answer.stack_trace:
        return fail(
            f"by {where} callers get the error object of the function as it is, with its message and stack trace",
            used=INTERNET,
        )
    inside = answer.inside
    if inside:
        return fail(
            f"by {where} callers get {', '.join(inside[:MOST_NAMED])}, which describes the inside", used=INTERNET
        )
    if answer.schema_hints:
        return review(
            f"by {where} callers learn which rule of the schema they broke ({', '.join(answer.schema_hints)}); whether they may is for a person to say"
        )
    return ok(f"by {where} callers learn nothing of the inside")


@check("plaintext-secret-in-stage-variable", over=StageVariable)
def plaintext_secret_in_stage_variable(variable: StageVariable, evidence: Watched) -> Verdict:
    """No stage variable holds a secret in plain text."""
    named = f"{variable.name} of {variable.api_name}/{variable.stage}"
    if not variable.secret:
        return ok(f"{named} holds nothing that looks like a secret")
    if variable.resource:
        return ok(f"{named} holds only the name of {variable.resource}")
    if variable.placeholder and variable.production is False:
        return ok(f"{named} holds a placeholder, outside production")
    kind = variable.secret.replace("-", " ")
    what = "a placeholder where a secret belongs" if variable.placeholder else f"a secret in plain text ({kind})"
    cloud = variable.secret in ("aws-access-key-id", "private-key")
    return fail(
        f"{named} holds {what} of {variable.length} characters; everyone who may read the stage reads it",
        severity=Severity.CRITICAL if cloud and not variable.placeholder else None,
    )
