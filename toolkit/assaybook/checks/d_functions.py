"""Area D, functions: they can log and do, their requests can be traced and joined, and production binds to what was published."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.identity import Permissions, permissions
from ..policy.truth import Truth, every, some
from ..tables.bindings import Binding, TracedEntry
from ..tables.functions import FunctionActivity, FunctionSettings
from ..tables.identity import Role
from ..tables.monitoring import LogGroup
from ..tables.scope import Region
from ..watched import Watched
from .naming import called, some_of

ACTIVE, JSON, LATEST = "Active", "JSON", "$LATEST"
# Any stream of a group; what it is called does not matter, only that it lies in the group.
STREAM = "2026/01/01/[$LATEST]00000000000000000000000000000000"
STAGE_VARIABLE = "${"


@check("function-without-logs", over=FunctionActivity)
def function_without_logs(activity: FunctionActivity, evidence: Watched) -> Verdict:
    """A function that runs may write to its log group, and does."""
    name, group = activity.name, activity.log_group
    if not activity.invocations:
        return na(f"{name} has not been invoked since {activity.since.date()}")
    elsewhere = evidence.parameter("logs_elsewhere").get(name)
    if elsewhere:
        return ok(f"{name} ships its logs elsewhere, as declared: {elsewhere}")
    account, region = activity.subject.account, activity.subject.region
    if evidence.any(LogGroup, name=group, account=account, region=region) is None:
        return fail(f"{name} was invoked {activity.invocations} times, and its log group {group} does not exist")
    may = _may_log(activity, evidence.one(Role, activity.role))
    if may is Truth.FALSE:
        return fail(f"the role of {name} may not create streams and put events in {group}, so that it runs unseen")
    if activity.log_events:
        return ok(f"{name} may write to {group}, and {activity.log_events} events came since {activity.since.date()}")
    if may is Truth.UNKNOWN:
        return review(f"whether {name} may write to {group} hangs on conditions, and no event came")
    return fail(
        f"{name} was invoked {activity.invocations} times since {activity.since.date()}, and {group} got nothing"
    )


def _may_log(activity: FunctionActivity, role: Role) -> Truth:
    boundary = role.boundary
    held = permissions([each.text for each in role.policies], boundary=boundary.text if boundary else None)
    subject = activity.subject
    partition = activity.workload.split(":")[1]
    group = f"arn:{partition}:logs:{subject.region}:{subject.account}:log-group:{activity.log_group}"
    return every(_allowed(held, action, group) for action in ("logs:CreateLogStream", "logs:PutLogEvents"))


def _allowed(held: Permissions, action: str, group: str) -> Truth:
    """Policies name a group by its ARN with or without the asterisk at the end, and both work for it."""
    return some(held.allows(action, each).granted for each in (group, f"{group}:log-stream:{STREAM}"))


# What helps to run and repair a function weighs the same wherever it can be reached from.
OPERATION = frozenset({"internet"})


@check("function-not-traced", over=FunctionSettings)
def function_not_traced(function: FunctionSettings, evidence: Watched) -> Verdict:
    """A function of production takes part in traces of its own accord."""
    if function.production is False:
        return na(f"{function.name} is not production")
    traced = _traced(function)
    if traced:
        return ok(f"{function.name} {traced}")
    upstream = _traced_upstream(function, evidence)
    if upstream:
        return review(
            f"{function.name} passes traces through, and {upstream} before it begins some; look up what is sampled"
        )
    return fail(
        f"{function.name} begins no trace and passes on only what others begin, so that its requests cannot be followed",
        used=OPERATION,
    )


def _traced(function: FunctionSettings) -> str:
    if function.tracing == ACTIVE:
        return "has active tracing"
    return f"carries the OpenTelemetry layer {function.telemetry[0]}" if function.telemetry else ""


def _traced_upstream(function: FunctionSettings, evidence: Watched) -> str:
    """An entry that begins traces and leads to the function; empty if none does."""
    here = {"account": function.subject.account, "region": function.subject.region}
    leading = evidence.all(
        Binding, lambda each: each.kind == "route" and each.active, workload=function.workload, **here
    )
    for api in sorted({each.via for each in leading}):
        entry = evidence.any(TracedEntry, lambda each: each.traced, api=api)
        if entry is not None:
            return entry.name
    return ""


@check("entry-not-traced", over=TracedEntry)
def entry_not_traced(entry: TracedEntry, evidence: Watched) -> Verdict:
    """A stage, a GraphQL API or a state machine of production begins a trace for the requests that it takes."""
    kind = {"rest": "the stage", "graphql": "the GraphQL API", "state machine": "the state machine"}[entry.kind]
    if entry.production is False:
        return na(f"{kind} {entry.name} is not production")
    if entry.traced:
        return ok(f"{kind} {entry.name} begins traces")
    return fail(
        f"{kind} {entry.name} has tracing switched off, so that a request is lost from sight where it enters",
        used=OPERATION,
    )


@check("records-not-joinable", over=Region)
def records_not_joinable(region: Region, evidence: Watched) -> Verdict:
    """The records that functions of production leave of one request can be joined, by its id and by time."""
    where = {"account": region.account, "region": region.region}
    functions = evidence.all(FunctionSettings, lambda each: each.production is not False, **where)
    if not functions:
        return na(f"no function of production is in {region.region} of account {region.account}")
    untraced = [each.name for each in functions if not _traced(each)]
    if untraced and not region.whole:
        return na(f"{region.region} of account {region.account} is seen in part only")
    if untraced:
        return fail(
            f"in {region.region}, {some_of(untraced, functions)} begin no trace, so that nothing which the platform records joins what "
            "they log of a request with what the next function logs"
        )
    # In plain text, too, CloudWatch stamps each event with its time, and the START and END lines of the platform enclose a request with its id.
    plain = [each.name for each in functions if each.log_format != JSON]
    said = f"all {len(functions)} functions of production in {region.region} pass on the id of a request by traces"
    return ok(
        f"{said}, and their events bear UTC times and its id"
        + (f", {len(plain)} of them as plain text" if plain else "")
    )


@check("trigger-bound-to-unpublished-code", over=Binding)
def trigger_bound_to_unpublished_code(binding: Binding, evidence: Watched) -> Verdict:
    """Event sources and stages of production invoke an alias or a published version."""
    name, source = binding.workload.rpartition(":")[2], called(binding.source)
    if not binding.exists:
        return na(f"{source} leads to {name}, which does not exist")
    if binding.production is False:
        return na(f"{name} is not production")
    if not binding.active:
        return na(f"{source} is switched off")
    if STAGE_VARIABLE in binding.qualifier:
        return review(f"{source} takes the alias of {name} from a stage variable, whose value was not kept")
    if binding.qualifier in ("", LATEST):
        return fail(
            f"{source} invokes {name} unpublished: what it runs changes with each upload, without a version to go back to",
            used=OPERATION,
        )
    return ok(f"{source} invokes {name}:{binding.qualifier}")
