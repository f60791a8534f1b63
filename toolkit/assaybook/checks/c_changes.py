"""Area C: who can change functions, and what a pipeline asks before it does."""

from __future__ import annotations

from functools import lru_cache, partial

from ..check import check
from ..code.secrets import is_secret_name
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.document import ALLOW
from ..policy.held import held
from ..policy.identity import Answer, Permissions
from ..policy.match import action_matches, matches
from ..policy.truth import Truth
from ..tables.compute import Workload
from ..tables.identity import Principal
from ..tables.pipelines import BuildTrigger, BuildVariable, Pipeline
from ..watched import Watched
from .a_secure_coding import CLOUD_KEYS
from .rights import is_named, request_by, unread_limits

# What changes the code, configuration, policy or triggers of a function. Source: Service Authorization Reference, AWS Lambda.
CHANGES = (
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:UpdateAlias",
    "lambda:DeleteFunction",
    "lambda:AddPermission",
    "lambda:CreateFunctionUrlConfig",
    "lambda:UpdateFunctionUrlConfig",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:CreateEventSourceMapping",
)
MAPPING = "lambda:CreateEventSourceMapping"
Found = tuple[str, str, Truth, str]


@check("function-changed-by-unexpected-principal", over=Principal)
def function_changed_by_unexpected_principal(principal: Principal, evidence: Watched) -> Verdict:
    """In production only deploy identities and those for emergencies can change functions."""
    who = f"{principal.kind} {principal.name}"
    if principal.service_linked:
        return na(f"{who} belongs to a service of AWS")
    found = _change(principal, evidence) if _reached(held(principal)) else None
    if found is None:
        return ok(f"{who} can change no production function")
    action, function, truth, why = found
    may = "can" if truth is Truth.TRUE else "may perhaps"
    said = f"{who} {may} call {action} on function {function}: {why.rstrip('.')}{unread_limits([principal])}"
    emergency = (*evidence.parameter("break_glass_users"), *(evidence.parameter("incident_response_roles") or ()))
    if is_named(principal, emergency):
        return ok(f"{said}; it is declared for emergencies")
    declared = evidence.parameter("deploy_roles")
    if declared is None:
        return review(f"{said}; no deploy roles are declared, so somebody has to say whether it is one")
    if is_named(principal, declared):
        return ok(f"{said}; it is declared as a deploy role")
    return fail(f"{said}, and is no deploy role") if truth is Truth.TRUE else review(f"{said}, and is no deploy role")


def _change(principal: Principal, evidence: Watched) -> Found | None:
    """A change of a production function that is surely allowed, else one that may be, else None."""
    for wanted in (Truth.TRUE, Truth.UNKNOWN):
        witness = evidence.any(Workload, partial(_changeable, principal, wanted), account=principal.subject.account)
        change = _first_change(principal, witness, wanted) if witness is not None else None
        if witness is not None and change is not None:
            return change[0], witness.name, wanted, change[1].because
    return None


def _changeable(principal: Principal, wanted: Truth, function: Workload) -> bool:
    reached = any(matches(each, function.key) for each in _reached(held(principal)))
    return reached and _first_change(principal, function, wanted) is not None and function.production is not False


@lru_cache(maxsize=4096)
def _reached(rights: Permissions) -> tuple[str, ...]:
    """The patterns of what own policies allow one of the changes on: a quick no for most principals and functions."""
    found: set[str] = set()
    for rule in rights.layers[0].rules:
        one = rule.statement
        named = one.actions is None or any(action_matches(each, action) for each in one.actions for action in CHANGES)
        if one.effect == ALLOW and named:
            found.update("*" if "${" in each else each for each in one.resources or ("*",))
    return tuple(sorted(found))


def _first_change(principal: Principal, function: Workload, wanted: Truth) -> tuple[str, Answer] | None:
    """The first change of a function of which the answer is the one that is wanted."""
    rights, arn = held(principal), function.key
    context = request_by(principal, function.subject.region, {"lambda:FunctionArn": arn})
    for action in CHANGES:
        answer = rights.allows(action, "*" if action == MAPPING else arn, context)
        if answer.granted is wanted:
            return action, answer
    return None


@check("pipeline-without-approval", over=Pipeline)
def pipeline_without_approval(pipeline: Pipeline, evidence: Watched) -> Verdict:
    """A person approves before a pipeline changes functions."""
    if not pipeline.deploys:
        return na(f"pipeline {pipeline.name} deploys nothing that may be a function")
    first = pipeline.deploys[0]
    if pipeline.approved_before:
        return ok(f"pipeline {pipeline.name} asks for an approval before {first}")
    return review(
        f"pipeline {pipeline.name} runs {first} without an approval in the pipeline; whether its repository demands a second person before a merge, "
        "somebody has to say"
    )


@check("plaintext-secret-in-build", over=BuildVariable)
def plaintext_secret_in_build(variable: BuildVariable, evidence: Watched) -> Verdict:
    """No variable of a build environment holds a secret in plain text."""
    named = f"{variable.name} of build project {variable.project}"
    if not variable.secret or variable.resource:
        kept = f"; it holds only the name of {variable.resource}" if variable.secret else ""
        return ok(f"{named} holds nothing that looks like a secret{kept}")
    if variable.placeholder and is_secret_name(variable.name):
        return ok(f"{named} holds a placeholder")
    return fail(
        f"{named} holds a value of {variable.length} characters that looks like a secret ({variable.secret}) in plain text; "
        "everyone who may read the project or its build logs reads it",
        severity=Severity.CRITICAL if variable.secret in CLOUD_KEYS else None,
    )


@check("build-started-by-strangers", over=BuildTrigger)
def build_started_by_strangers(trigger: BuildTrigger, evidence: Watched) -> Verdict:
    """A webhook builds what known people propose, and nothing of strangers."""
    project = f"build project {trigger.project}"
    if not trigger.pull_requests:
        return ok(f"{project} is not started by pull requests")
    if trigger.approval:
        return ok(f"{project} builds a pull request only after somebody with rights on the repository has approved it")
    loose = [each for each in trigger.actors if not _anchored(each)]
    if loose:
        return fail(
            f"{project} builds pull requests of every id that contains {loose[0]}, as the pattern has no ^ and $"
        )
    if trigger.actors:
        return ok(
            f"{project} builds pull requests of {len(trigger.actors)} known account{'s' if len(trigger.actors) > 1 else ''} only"
        )
    return review(
        f"{project} builds pull requests of everybody to {trigger.repository or 'its repository'} with its own role; whether strangers can open one there, "
        "somebody has to say"
    )


def _anchored(pattern: str) -> bool:
    return all(each.startswith("^") and each.endswith("$") for each in pattern.split("|")) or (
        pattern.startswith("^(") and pattern.endswith(")$")
    )
