"""Area G: the provider's own security services, and who scans functions for vulnerabilities."""

from __future__ import annotations

import re

from ..check import check
from ..dated import load_dated
from ..dated_entries import Scanner
from ..model import Verdict, fail, ok, review
from ..tables.compute import EnvironmentVariable, LayerUse, Workload
from ..tables.data import Store
from ..tables.services import Detection, ScanCoverage
from ..watched import Watched

FUNCTIONS, OBJECTS = "LAMBDA_NETWORK_LOGS", "S3_DATA_EVENTS"
# Words of Inspector for why it does not scan. Source: Amazon Inspector User Guide, "Assessing coverage".
REASONS = {
    "EXCLUDED_BY_TAG": "a tag excludes it",
    "UNSUPPORTED_RUNTIME": "it does not know the runtime",
    "UNSUPPORTED_CODE_ARTIFACTS": "it cannot read the package",
    "STALE_INVENTORY": "the function was not used for long",
}


@check("threat-detection-off", over=Detection)
def threat_detection_off(detection: Detection, evidence: Watched) -> Verdict:
    """Threat detection runs in the region, watches functions, and watches objects where buckets exist."""
    account = detection.subject.account
    where = f"{detection.region} of account {account}"
    if not detection.threat_detection:
        return fail(f"GuardDuty is off in {where}, so that stolen credentials and odd calls of functions go unseen")
    if FUNCTIONS not in detection.features:
        return fail(f"GuardDuty is on in {where}, but does not watch the network activity of functions ({FUNCTIONS})")
    if OBJECTS in detection.features:
        return ok(f"GuardDuty is on in {where}, with functions and objects watched")
    bucket = evidence.any(Store, kind="bucket", account=account, region=detection.region)
    if bucket is not None:
        return fail(
            f"GuardDuty is on in {where}, but does not watch access to objects ({OBJECTS}), and {bucket.name} lies there"
        )
    return ok(f"GuardDuty is on in {where} with functions watched, and no bucket lies there")


@check("workload-without-vulnerability-scan", over=Workload)
def workload_without_vulnerability_scan(workload: Workload, evidence: Watched) -> Verdict:
    """A scanner looks at the function's package for known vulnerabilities."""
    account, region = workload.subject.account, workload.subject.region
    scanned = evidence.any(
        ScanCoverage, lambda each: each.active, workload=workload.key, account=account, region=region
    )
    if scanned is not None:
        return ok(f"{scanned.scanner} scans {workload.name}")
    declared = evidence.parameter("declared_scanner")
    if declared:
        return review(
            f"{workload.name} is scanned by {declared}, as the configuration declares; its coverage report shows whether it is"
        )
    if workload.package == "image":
        return review(
            f"{workload.name} runs an image, which is scanned, if at all, in its registry; that was not asked"
        )
    found = _sign(workload, evidence)
    if found:
        return review(f"{found} on {workload.name}; that shows that it is installed, and not that it scans")
    idle = evidence.any(ScanCoverage, workload=workload.key, account=account, region=region)
    said = ""
    if idle is not None:
        why = REASONS.get(idle.reason, idle.reason)
        said = f" ({idle.scanner} knows it and does not scan it{f': {why}' if why else ''})"
    return fail(f"no vulnerability scanner covers {workload.name}{said}")


def _sign(workload: Workload, evidence: Watched) -> str:
    """A sign of a security product on the function, in words; empty if there is none."""
    account, region = workload.subject.account, workload.subject.region
    scanners = load_dated("vulnerability_scanners").entries
    layers = evidence.all(LayerUse, workload=workload.key, account=account, region=region)
    variables = {
        each.name for each in evidence.all(EnvironmentVariable, workload=workload.key, account=account, region=region)
    }
    for scanner in scanners.values():
        switched_on = scanner.purpose == "protection" or bool(variables & set(scanner.enabled_by))
        if switched_on and (layer := _layer(scanner, [each.layer for each in layers])):
            return f"the layer {layer} of {scanner.product} is"
        if switched_on and (named := sorted(variables & {*scanner.variables, *scanner.enabled_by})):
            return f"the variable {named[0]} of {scanner.product} is"
    return ""


def _layer(scanner: Scanner, layers: list[str]) -> str:
    return next(
        (
            each.rpartition(":layer:")[2]
            for each in layers
            if any(re.fullmatch(pattern, each) for pattern in scanner.layers)
        ),
        "",
    )
