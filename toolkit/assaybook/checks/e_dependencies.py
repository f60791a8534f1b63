"""Area E: runtimes, layers, and limits on public interfaces."""

from __future__ import annotations

from datetime import date, timedelta

from ..check import check
from ..dated import layer_publisher, load_dated
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.compute import ApiStage, LayerUse, Release
from ..tables.scope import Account
from ..watched import Watched

MOST_NAMED = 3


@check("unsupported-runtime", over=Release)
def unsupported_runtime(release: Release, evidence: Watched) -> Verdict:
    """Every release in use runs on a runtime that its provider maintains, and will for a while."""
    if release.package == "image":
        return review(
            f"{release.subject} is a container image, whose base system is not read; look up until when that is maintained"
        )
    known = load_dated("aws_runtimes").entries.get(release.runtime)
    if known is None or known.deprecated is None:
        why = (
            "is not in the dated list of runtimes"
            if known is None
            else "has no published end of support in the dated list"
        )
        return review(f"{release.subject} runs on {release.runtime or 'an unnamed runtime'}, which {why}")
    today, until = evidence.as_of.date(), known.deprecated
    next_step = f"; move to {known.successor}" if known.successor else ""
    if until <= today:
        return fail(
            f"{release.subject} runs on {release.runtime}, not maintained since {until.isoformat()}{_blocked(known.update_blocked, today)}{next_step}"
        )
    warning = evidence.parameter("runtime_warning_days")
    if until - today < timedelta(days=warning):
        left = (until - today).days
        return fail(
            f"{release.subject} runs on {release.runtime}, maintained for {left} more days, until {until.isoformat()}{next_step}",
            # It is patched to this day: a date to plan for, wherever the function can be reached from.
            severity=Severity.MEDIUM,
            used=frozenset({"internet", "sensitive"}),
        )
    return ok(f"{release.subject} runs on {release.runtime}, maintained until {until.isoformat()}")


def _blocked(day: date | None, today: date) -> str:
    return f"; its functions cannot be updated since {day.isoformat()}" if day and day <= today else ""


@check("untrusted-layer", over=LayerUse)
def untrusted_layer(layer: LayerUse, evidence: Watched) -> Verdict:
    """Every layer comes from the account itself, from the cloud provider, or from a declared account."""
    if layer.own:
        return ok(f"{layer.subject} uses {layer.layer} of its own account")
    declared = evidence.parameter("trusted_layer_accounts")
    if layer.owner in declared:
        return ok(
            f"{layer.subject} uses {layer.layer} of {layer.owner}, declared as {declared[layer.owner] or 'trusted'}"
        )
    publisher = layer_publisher(layer.owner)
    if publisher is not None and publisher.kind == "provider":
        return ok(f"{layer.subject} uses {layer.layer}, published by {publisher.owner} ({publisher.product})")
    if evidence.any(Account, lambda each: each.account == layer.owner) is not None:
        return ok(f"{layer.subject} uses {layer.layer} of {layer.owner}, which is assessed too")
    whose = f", published by {publisher.owner} ({publisher.product})" if publisher else ""
    return fail(
        f"{layer.subject} runs {layer.layer}{whose}; account {layer.owner} is not among the trusted layer accounts"
    )


@check("layer-version-missing", over=LayerUse)
def layer_version_missing(layer: LayerUse, evidence: Watched) -> Verdict:
    """Every layer version in use still exists, so that the function can be built again and patched."""
    if layer.refused:
        return na(f"{layer.layer} belongs to {layer.owner}, which does not let other accounts read it")
    if layer.exists:
        return ok(f"{layer.layer} exists")
    return fail(f"{layer.subject} runs {layer.layer}, which was deleted: it can neither be rebuilt nor inspected")


@check("public-api-without-throttle", over=ApiStage)
def public_api_without_throttle(stage: ApiStage, evidence: Watched) -> Verdict:
    """Every public API limits the rate of requests by more than the account's default."""
    if not stage.public:
        return na(f"{stage.api_name} is not reachable from the internet")
    open_routes = stage.unthrottled
    if not open_routes and stage.rate is not None:
        return ok(f"{stage.subject} is throttled, at {stage.rate:g} requests a second where it is tightest")
    if stage.web_acl_rate_rule:
        return ok(f"{stage.subject} stands behind a rate rule of the web ACL {stage.web_acl}")
    if not open_routes and stage.usage_plan:
        return ok(f"{stage.subject} is throttled by the usage plan {stage.usage_plan}")
    if stage.rate is not None or stage.usage_plan:
        named = ", ".join(open_routes[:MOST_NAMED]) + (
            f" and {len(open_routes) - MOST_NAMED} more" if len(open_routes) > MOST_NAMED else ""
        )
        return fail(
            f"{stage.subject} leaves routes without a throttle of their own: {named}", used=frozenset({"internet"})
        )
    return fail(
        f"{stage.subject} has no throttle of its own, no usage plan and no rate rule; only the account's default, shared by all its APIs, limits it",
        used=frozenset({"internet"}),
    )
