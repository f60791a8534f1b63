"""Area E, functions: signed code, no orphans, bounds on concurrency and time, no endless loops."""

from __future__ import annotations

from datetime import timedelta

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.bindings import Binding, ConcurrencyBound
from ..tables.compute import Endpoint, Route
from ..tables.functions import CodeProvenance, FunctionActivity, FunctionSettings, RecursionSetting, RuntimeUpdates
from ..watched import Watched
from .naming import called

# Source: AWS Lambda Developer Guide, "Lambda quotas" (function timeout).
LONGEST = 900


# Only who may deploy can bring in unsigned code, so that it matters little who can call a function.
DEPLOYERS = frozenset({"internet"})


@check("code-not-signed", over=CodeProvenance)
def code_not_signed(code: CodeProvenance, evidence: Watched) -> Verdict:
    """The platform refuses code that no trusted signer signed; an image is fixed by its digest and signed."""
    if code.package == "image":
        return _image(code)
    if not code.enforcement:
        return fail(
            f"no code signing configuration binds {code.name}: it runs whatever a holder of the deploy right uploads",
            used=DEPLOYERS,
        )
    if code.enforcement != "Enforce":
        return fail(
            f"the code signing configuration of {code.name} only warns ({code.enforcement}), and lets unsigned code in",
            used=DEPLOYERS,
        )
    if code.unfit_profiles:
        return fail(
            f"{code.name} trusts signing profiles that are no longer in force: {', '.join(code.unfit_profiles)}"
        )
    return ok(f"{code.name} takes only code that a trusted profile signed")


def _image(code: CodeProvenance) -> Verdict:
    loose = []
    if not code.pinned:
        loose.append("was deployed by a tag and not by a digest")
    if not code.tags_fixed:
        loose.append("lies in a repository whose tags can be moved")
    if code.signature == "failed":
        loose.append("could not be signed by the registry")
    if loose:
        return fail(f"the image {code.image} of {code.name} {' and '.join(loose)}")
    if code.signature == "complete":
        return ok(f"the image of {code.name} is fixed by its digest, and the registry signed it")
    return review(
        f"the image of {code.name} is fixed by its digest; the registry did not sign it, and other signatures are not read"
    )


@check("function-not-invoked", over=FunctionActivity)
def function_not_invoked(activity: FunctionActivity, evidence: Watched) -> Verdict:
    """Each function is used."""
    name, days = activity.name, evidence.parameter("unused_days")
    standby = evidence.parameter("standby_functions").get(name)
    if standby:
        return na(f"{name} is declared to stand by: {standby}")
    last = activity.last_invoked
    if last is not None and last >= evidence.as_of - timedelta(days=days):
        return ok(f"{name} was invoked {activity.invocations} times since {activity.since.date()}")
    if last is None and activity.at_edge:
        return na(f"{name} runs at the edge, and its invocations are counted in the regions where it does")
    watched = (evidence.as_of - activity.since).days
    if last is None and watched < days:
        return review(
            f"{name} was not invoked for {watched} days; for the {days} that are set, its metric was not read"
        )
    if not activity.existed and activity.changed > evidence.as_of - timedelta(days=days):
        return na(f"{name} was last changed on {activity.changed.date()} and may be younger than {days} days")
    when = f"since {last.date()}" if last else f"since {activity.since.date()} at least"
    return fail(f"{name} was not invoked {when}; nobody would notice its misuse, and it can still be called")


@check("trigger-without-target", over=Binding)
def trigger_without_target(binding: Binding, evidence: Watched) -> Verdict:
    """Each trigger leads to a function, alias or version that exists."""
    name = binding.workload.rpartition(":")[2] + (f":{binding.qualifier}" if binding.qualifier else "")
    source = called(binding.source)
    if binding.exists:
        return ok(f"{source} leads to {name}, which exists")
    state = "" if binding.active else ", though switched off,"
    return fail(f"{source}{state} leads to {name}, which does not exist: whoever creates it gets the events")


@check("concurrency-not-bounded", over=ConcurrencyBound)
def concurrency_not_bounded(bound: ConcurrencyBound, evidence: Watched) -> Verdict:
    """A function behind a public URL or a queue cannot take up the concurrency of the whole region."""
    name = str(bound.subject)
    if not bound.active:
        return na(f"the mapping of {bound.source} to {name} is switched off")
    if bound.kind == "queue":
        if bound.maximum is not None:
            return ok(f"the queue {_last(bound.source)} runs {name} at most {bound.maximum} times at once")
        return fail(
            f"the mapping of the queue {_last(bound.source)} to {name} has no maximum concurrency: a full queue takes up to "
            f"{bound.pool} executions, which all functions of the region share"
        )
    if not bound.public:
        return na(f"the URL of {name} admits only signed requests of known callers")
    if bound.reserved is not None:
        return ok(f"at most {bound.reserved} executions of {name} are reserved and allowed behind its public URL")
    if bound.sharers == 1:
        return ok(
            f"{name} has a public URL and no reservation, and no other function of the region shares the pool of {bound.pool}"
        )
    return fail(
        f"{name} has a public URL and no reserved concurrency: callers can take up the {bound.pool} executions that "
        f"{bound.sharers} functions of the region share",
        used=frozenset({"internet"}),
    )


def _last(arn: str) -> str:
    return arn.rpartition(":")[2]


@check("timeout-too-long", over=FunctionSettings)
def timeout_too_long(function: FunctionSettings, evidence: Watched) -> Verdict:
    """No function runs on after its caller has stopped waiting, nor for the longest time behind a public door."""
    name, here = function.name, {"account": function.subject.account, "region": function.subject.region}
    routes = evidence.all(Binding, lambda each: each.waits is not None, workload=function.workload, **here)
    slow = [each for each in routes if each.waits is not None and function.timeout > each.waits]
    if slow:
        first = min(slow, key=lambda each: (each.waits or 0, each.key))
        return fail(
            f"{name} may run {function.timeout} s, and {first.source} waits {first.waits:g} s for it: the rest is paid and lost",
            used=frozenset({"internet"}),
        )
    if function.timeout >= LONGEST and _public(function, evidence):
        reason = evidence.parameter("long_timeouts").get(name)
        if reason:
            return ok(f"{name} may run {function.timeout} s behind a public trigger, as declared: {reason}")
        return fail(
            f"{name} may run {function.timeout} s behind a public trigger: one request can cost as much as hundreds"
        )
    if routes:
        return ok(f"{name} may run {function.timeout} s, no longer than the APIs before it wait")
    return ok(f"{name} may run {function.timeout} s, and no API waits for it")


def _public(function: FunctionSettings, evidence: Watched) -> bool:
    door = evidence.any(Endpoint, lambda each: each.public and each.auth == "none", workload=function.workload)
    return door is not None or evidence.any(Route, lambda each: each.public, workload=function.workload) is not None


@check("recursive-loop-allowed", over=RecursionSetting)
def recursive_loop_allowed(setting: RecursionSetting, evidence: Watched) -> Verdict:
    """The platform stops a loop in which a function causes its own next invocation."""
    if not setting.through:
        return na(f"no queue, topic or bucket starts {setting.name}")
    if setting.loop == "Terminate":
        return ok(f"a loop through {setting.name} is stopped when it is detected")
    return fail(
        f"{setting.name}, which {' and '.join(setting.through)} may start, is set to let loops run on: it may invoke itself without end"
    )


@check("runtime-held-back", over=RuntimeUpdates)
def runtime_held_back(updates: RuntimeUpdates, evidence: Watched) -> Verdict:
    """The patches of a runtime reach each function."""
    if updates.mode == "Manual":
        return fail(
            f"{updates.name} is held on version {updates.held} of its runtime, and gets no patches until that is undone"
        )
    when = "as they come" if updates.mode == "Auto" else "when the function is updated"
    return ok(f"{updates.name} gets the patches of its runtime {when}")
