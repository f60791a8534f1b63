"""Agents of third parties on functions, by their layers, handlers and variables; and roles that trust a vendor's account.

That something shows is all that a configuration can tell: whether an agent works is not among it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from ...capture import GLOBAL, Capture, Captures
from ...dated import load_dated
from ...dated_entries import Scanner
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...policy.document import PolicyError, parse_policy
from ...tables.identity import PolicyText
from ...tables.vendors import Agent, VendorRole
from ..records import MALFORMED, Record, items, listing, loose_items, loose_part, part, place, shaped, text
from ..tags import TagWords
from .functions import LATEST, Function, functions, odd_functions


def shape_vendors(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Agent and VendorRole rows."""
    for found, whole in functions(captures, words):
        yield from found.holes(Agent)
        odd = odd_functions(found, whole)
        if odd is not None:
            yield Hole(Agent, odd, place(found.capture.target))
        for function in whole:
            yield from _agents(function)
    for capture in captures.expect("iam:GetAccountAuthorizationDetails", "aws", scope=GLOBAL):
        yield from _roles(capture)


def _agents(function: Function) -> Iterator[Agent | Hole]:
    yield from function.aliases.holes(Agent, about=function.subject)
    for version, _, record in function.releases:
        try:
            layers = [text(each, "Arn") for each in items(record, "Layers")]
            variables = set(part(part(record, "Environment"), "Variables"))
            handler = text(record, "Handler", "")
        except MALFORMED as problem:
            yield Hole(Agent, function.capture.unexpected(str(problem)), function.subject, function.arn)
            continue
        for name, scanner in load_dated("vulnerability_scanners").entries.items():
            yield from _shown(function, version, name, scanner, layers, variables, handler)


def _shown(
    function: Function,
    version: str,
    name: str,
    scanner: Scanner,
    layers: list[str],
    variables: set[str],
    handler: str,
) -> Iterator[Agent]:
    """One row for each layer of a product; where it has none, one for its handler or variables."""
    carried = [each for each in layers if any(pattern.fullmatch(each) for pattern in _patterns(scanner))]
    make = partial(_agent, function, version, name, scanner)
    for layer in carried:
        yield make(f"the layer {layer.rpartition(':layer:')[2]}", layer)
    if carried:
        return
    if handler in scanner.handlers:
        yield make(f"the handler {handler}", "")
    elif found := sorted(variables & {*scanner.variables, *scanner.enabled_by}):
        yield make(f"the variable {found[0]}", "")


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each) for each in patterns)


def _patterns(scanner: Scanner) -> tuple[re.Pattern[str], ...]:
    return _compiled(scanner.layers)


def _agent(function: Function, version: str, name: str, scanner: Scanner, sign: str, layer: str) -> Agent:
    layer_name, _, number = layer.rpartition(":layer:")[2].partition(":")
    release = function.subject if version == LATEST else replace(function.subject, release=version)
    return Agent(
        key=f"{function.arn}:{version}/{layer or name}",
        subject=release,
        sources=function.sources(),
        setting=function.setting,
        workload=function.arn,
        version=version,
        vendor=scanner.vendor,
        product=scanner.product,
        purpose=scanner.purpose,
        sign=sign,
        layer=layer,
        layer_version=int(number) if number.isdigit() else 0,
        superseded_below=_dated(scanner, layer_name, scanner.superseded_below),
        superseded_why=scanner.superseded_why,
        newest=_dated(scanner, layer_name, scanner.newest),
        keys=scanner.keys,
        ended=scanner.ended,
    )


def _dated(scanner: Scanner, layer: str, number: int | None) -> int | None:
    """A number of the dated list; None where that list says nothing of these layers."""
    named = bool(layer) and _compiled((scanner.released,))[0].fullmatch(layer) is not None
    return number if named else None


def _roles(capture: Capture) -> Iterator[VendorRole | Hole]:
    found = listing(capture)
    yield from found.holes(VendorRole)
    vendors = {
        account: scanner
        for scanner in load_dated("vulnerability_scanners").entries.values()
        for account in scanner.trusted_accounts
    }
    for record in found.records:
        trusted = _accounts(record) & set(vendors)
        for account in sorted(trusted):
            yield from shaped(
                capture, VendorRole, partial(_role, capture, record, account, vendors[account]), place(capture.target)
            )


def _accounts(record: Record) -> set[str]:
    """The accounts that a role's trust policy lets in; none if it cannot be read, which another check says."""
    try:
        policy = parse_policy(_as_text(record.get("AssumeRolePolicyDocument")))
    except (PolicyError, *MALFORMED):
        return set()
    names = [one.name for each in policy.statements if each.effect == "Allow" for one in each.principals or ()]
    return {found[0] for name in names if (found := re.findall(r"(?<!\d)\d{12}(?!\d)", name))}


def _role(capture: Capture, record: Record, account: str, scanner: Scanner) -> VendorRole:
    arn, name = text(record, "Arn"), text(record, "RoleName")
    managed = {
        str(each.get("Arn")): each for each in loose_items(capture.answer, "Policies") if isinstance(each, Mapping)
    }
    boundary = loose_part(record, "PermissionsBoundary").get("PermissionsBoundaryArn")
    inline = [
        PolicyText(text(each, "PolicyName"), _as_text(each["PolicyDocument"]))
        for each in items(record, "RolePolicyList")
    ]
    attached = [
        _document(capture, text(each, "PolicyArn"), managed) for each in items(record, "AttachedManagedPolicies")
    ]
    lost: Any = next((each for each in attached if isinstance(each, Gap)), None)
    return VendorRole(
        key=f"{arn}/{account}",
        subject=Subject("aws", capture.target.account, GLOBAL, "role", arn, name),
        sources=(capture.ref,) if capture.ref else (),
        name=name,
        vendor=scanner.vendor,
        product=scanner.product,
        account=account,
        policies=lost or (*inline, *attached),
        boundary=_document(capture, str(boundary), managed) if boundary else None,
    )


def _document(capture: Capture, arn: str, managed: Mapping[str, Record]) -> Any:
    """The version in force of a managed policy, or the gap if the answer does not hold it."""
    for version in loose_items(managed.get(arn) or {}, "PolicyVersionList"):
        if isinstance(version, Mapping) and version.get("IsDefaultVersion") is True and version.get("Document"):
            return PolicyText(arn.rpartition("/")[2], _as_text(version["Document"]), ":iam::aws:policy/" in arn, arn)
    return capture.unexpected(f"it does not hold the document of {arn}")


def _as_text(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document, sort_keys=True, ensure_ascii=False)
