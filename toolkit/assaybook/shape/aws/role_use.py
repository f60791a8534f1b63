"""What the roles of functions have used of their rights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...policy.least import Use, least_policy, names
from ...tables.identity import ActionUse, RoleUse, ServiceUse
from ..records import Record, hole, items, listing, shaped, text
from ..tags import TagWords
from .credentials import moment
from .functions import functions
from .identity import worst_setting
from .policy_texts import managed_policies, policies_of
from .resources import sources

CALL = "iam:GetServiceLastAccessedDetails"


def shape_role_use(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """RoleUse rows: one for each role under which functions run."""
    reports = {str(each.params.get("Arn")): each for each in reversed(captures.of(CALL))}
    runs: dict[str, list[Any]] = {}
    for found, whole in functions(captures, words):
        yield from found.holes(RoleUse)
        for function in whole:
            role = function.record.get("Role")
            if isinstance(role, str) and role:
                runs.setdefault(role, []).append(function)
    for capture in captures.expect("iam:GetAccountAuthorizationDetails", "aws", scope=GLOBAL):
        yield from listing(capture).holes(RoleUse)
        for record in listing(capture).records:
            arn = record.get("Arn")
            if isinstance(arn, str) and arn in runs:
                setting = worst_setting(record, runs[arn], words)
                yield from _role(capture, record, arn, reports.get(arn), setting, captures)


def _role(
    capture: Capture, record: Record, arn: str, report: Capture | None, setting: Setting, captures: Captures
) -> Iterator[Row | Hole]:
    subject = Subject("aws", capture.target.account, GLOBAL, "role", arn, arn.rpartition("/")[2])
    asked = report or captures.about(CALL, capture.target, Arn=arn)
    gap = asked.gap()
    if asked.state == ABSENT:
        return
    if gap is not None:
        yield hole(RoleUse, gap, subject)
        return
    found = listing(asked)
    yield from found.holes(RoleUse, about=subject)
    if found.gap is None:
        yield from shaped(asked, RoleUse, partial(_made, capture, record, asked, subject, setting), subject)


def _made(capture: Capture, record: Record, report: Capture, subject: Subject, setting: Setting) -> RoleUse:
    policies: Any = policies_of(capture, record, managed_policies(capture), "RolePolicyList")
    documents = None if isinstance(policies, Gap) else [each.text for each in policies]
    found = (_service(each, documents) for each in report.answer["ServicesLastAccessed"])
    services = tuple(sorted(found, key=lambda each: each.service))
    actions = [(f"{each.service}:{one.name}".lower(), one.last) for each in services for one in each.actions]
    use = Use(
        frozenset(each.service for each in services if each.last is not None),
        frozenset(name for name, last in actions if last is not None),
        frozenset(name for name, last in actions if last is None),
    )
    suggested: Any = policies if documents is None else least_policy(documents, use)
    return RoleUse(
        key=subject.native,
        subject=subject,
        sources=sources(capture, report),
        setting=setting,
        name=text(record, "RoleName"),
        created=moment(record["CreateDate"]) if record.get("CreateDate") else None,
        services=services,
        suggested_policy=suggested,
    )


def _service(record: Record, documents: list[str] | None) -> ServiceUse:
    """One service of the report, with those of its tracked actions that the role's policies name, if these are known."""
    service = text(record, "ServiceNamespace")
    actions = [
        ActionUse(text(each, "ActionName"), _when(each, "LastAccessedTime"))
        for each in items(record, "TrackedActionsLastAccessed")
    ]
    named = [each for each in actions if documents is None or names(documents, f"{service}:{each.name}")]
    return ServiceUse(service, _when(record, "LastAuthenticated"), tuple(sorted(named, key=lambda each: each.name)))


def _when(record: Record, name: str) -> datetime | None:
    return moment(record[name]) if record.get(name) else None
