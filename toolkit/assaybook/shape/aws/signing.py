"""Who vouches for the code of functions: code signing configurations with their profiles, references of images, signatures in the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...tables.functions import CodeProvenance
from ..records import Listing, Record, items, listing, part, shaped, text
from .functions import Function, plain_arn
from .settings import about, listed_holes, package_of

IN_FORCE = "Active"
SIGNATURES = {"COMPLETE": "complete", "FAILED": "failed", "IN_PROGRESS": "none"}


@dataclass(frozen=True)
class _Signing:
    """Which configuration binds which function, by ARN, and where these facts come from."""

    bound: dict[str, Record]
    gap: Gap | None
    profiles: dict[str, str]
    profiles_gap: Gap | None
    captures: tuple[Capture, ...]


def shape_signing(found: Listing, whole: tuple[Function, ...], captures: Captures) -> Iterator[Row | Hole]:
    """CodeProvenance rows of a target."""
    yield from listed_holes(found, whole, CodeProvenance)
    signing = _signing(captures, found.capture.target)
    for function in whole:
        make = _image if package_of(function.record) == "image" else _archive
        yield from shaped(function.capture, CodeProvenance, partial(make, function, signing), function.subject)


def _signing(captures: Captures, target: Target) -> _Signing:
    configs = listing(captures.about("lambda:ListCodeSigningConfigs", target))
    profiles = listing(captures.about("signer:ListSigningProfiles", target, includeCanceled=True))
    bound: dict[str, Record] = {}
    gap, used = configs.gap, [configs.capture]
    for record in configs.records:
        arn = record.get("CodeSigningConfigArn")
        asked = captures.about("lambda:ListFunctionsByCodeSigningConfig", target, CodeSigningConfigArn=arn)
        used.append(asked)
        names: Any = [] if asked.state == ABSENT else asked.read(lambda answer: list(items(answer, "FunctionArns")))
        if isinstance(names, Gap):
            gap = gap or names
            continue
        bound.update({plain_arn(str(each)): record for each in names})
    states = {str(each.get("profileVersionArn")): str(each.get("status")) for each in profiles.records}
    return _Signing(bound, gap, states, profiles.gap, (*used, profiles.capture))


def _archive(function: Function, signing: _Signing) -> CodeProvenance:
    config = signing.bound.get(function.arn)
    enforcement: Any = ""
    unfit: Any = ()
    if config is None:
        enforcement = signing.gap or ""
    else:
        enforcement = text(part(config, "CodeSigningPolicies"), "UntrustedArtifactOnDeployment")
        trusted = [str(each) for each in items(part(config, "AllowedPublishers"), "SigningProfileVersionArns")]
        unfit = _unfit(trusted, signing)
    return CodeProvenance(
        **about(function, *signing.captures),
        package="zip",
        enforcement=enforcement,
        unfit_profiles=unfit,
        image="",
        pinned=False,
        tags_fixed=False,
        signature="none",
    )


def _unfit(trusted: list[str], signing: _Signing) -> Any:
    """Profiles, by name and version, that were cancelled or revoked; the gap if the state of one cannot be told, as of an earlier version."""
    for each in trusted:
        if each not in signing.profiles:
            unseen = Gap("signer:ListSigningProfiles", "out_of_scope", f"the profile {each} was not listed")
            return signing.profiles_gap or unseen
    states = [(each.partition(":/signing-profiles/")[2], signing.profiles[each]) for each in trusted]
    return tuple(sorted(f"{name} ({state.lower()})" for name, state in states if state != IN_FORCE))


def _image(function: Function, signing: _Signing) -> CodeProvenance:
    detail = function.about("lambda:GetFunction")
    image: Any = detail.read(lambda answer: text(part(answer, "Code"), "ImageUri"))
    resolved: Any = detail.read(lambda answer: text(part(answer, "Code"), "ResolvedImageUri", ""))
    known = not isinstance(image, Gap)
    fixed: Any = image
    signed = None
    if known:
        fixed, signed = _repository(function, image)
    status = _signature_capture(function, resolved) if known and resolved else None
    return CodeProvenance(
        **about(function, detail, *([signed] if signed else []), *([status] if status else [])),
        package="image",
        enforcement="",
        unfit_profiles=(),
        image=image,
        pinned="@sha256:" in image if known else image,
        tags_fixed=fixed,
        signature=image if not known else "none" if status is None else _signature(status),
    )


def _repository(function: Function, image: str) -> tuple[Any, Capture | None]:
    """Whether tags of the image's repository are fixed, or the gap."""
    host, _, path = image.partition("/")
    parts = host.split(".")
    if len(parts) < 6 or parts[1:3] != ["dkr", "ecr"]:
        raise ValueError(f"{host} is no registry of the account")
    name = path.partition("@")[0].partition(":")[0]
    target = Target("aws", parts[0], parts[3])
    capture = function.captures.about("ecr:DescribeRepositories", target)
    found = listing(capture)
    record = next((each for each in found.records if each.get("repositoryName") == name), None)
    if record is None:
        missing = Gap(capture.call, "out_of_scope", f"the repository {name} was not collected", "", parts[0], parts[3])
        return found.gap or missing, capture
    return text(record, "imageTagMutability", "MUTABLE").startswith("IMMUTABLE"), capture


def _signature_capture(function: Function, resolved: str) -> Capture:
    name = resolved.partition("/")[2]
    repository, _, digest = name.partition("@")
    asked = {"repositoryName": repository, "imageId": {"imageDigest": digest}, "registryId": resolved.partition(".")[0]}
    return function.captures.about("ecr:DescribeImageSigningStatus", function.capture.target, **asked)


def _signature(status: Capture) -> Any:
    return "none" if status.state == ABSENT else status.read(_worst)


def _worst(answer: Record) -> str:
    """The status that counts: failed before complete before none."""
    found = {SIGNATURES[text(each, "status")] for each in items(answer, "signingStatuses")}
    return next((each for each in ("failed", "complete") if each in found), "none")
