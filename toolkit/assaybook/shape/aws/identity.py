"""Roles of workloads, and long-lived keys of people."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...policy.document import PolicyError
from ...policy.identity import permissions
from ...tables.identity import AccessKey, KeyHolder, PolicyText, Role
from ..records import MALFORMED, Record, hole, items, listing, loose_items, loose_part, place, shaped, text
from ..tags import TagWords, tag_map
from .functions import Function, functions

ROOT = "<root_account>"


def shape_identity(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Role, KeyHolder and AccessKey rows."""
    yield from _roles(captures, words)
    for capture in captures.expect("iam:GetCredentialReport", "aws", scope=GLOBAL):
        yield from _key_holders(capture)


def _roles(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    runs: defaultdict[str, list[Function]] = defaultdict(list)
    for found, whole in functions(captures, words):
        yield from found.holes(Role)
        for function in whole:
            role = function.record.get("Role")
            if isinstance(role, str) and role:
                runs[role].append(function)
    known: set[str] = set()
    for capture in captures.expect("iam:GetAccountAuthorizationDetails", "aws", scope=GLOBAL):
        details = listing(capture)
        yield from details.holes(Role)
        managed = _managed(capture)
        for record in details.records:
            arn = record.get("Arn")
            if isinstance(arn, str) and arn in runs and arn not in known:
                known.add(arn)
                yield from shaped(capture, Role, partial(_role, capture, record, runs[arn], managed, words))
        if details.gap is None:
            yield from _vanished(capture, runs, known)


def _vanished(capture: Capture, runs: Mapping[str, list[Function]], known: set[str]) -> Iterator[Hole]:
    target = capture.target
    for arn in sorted(set(runs) - known):
        if arn.split(":")[4:5] == [target.account]:
            named = ", ".join(sorted(function.name for function in runs[arn]))
            gap = Gap(
                capture.call,
                "out_of_scope",
                f"the role of {named} is not among the account's roles",
                "",
                target.account,
                "",
                capture.ref,
            )
            yield hole(Role, gap, _role_subject(target.account, arn))


def _role_subject(account: str, arn: str) -> Subject:
    return Subject("aws", account, GLOBAL, "role", arn, arn.rpartition("/")[2])


def _managed(capture: Capture) -> dict[str, Record]:
    return {str(each.get("Arn")): each for each in loose_items(capture.answer, "Policies") if isinstance(each, Mapping)}


def _role(
    capture: Capture, record: Record, runs: list[Function], managed: Mapping[str, Record], words: TagWords
) -> Role:
    arn = text(record, "Arn")
    boundary = loose_part(record, "PermissionsBoundary").get("PermissionsBoundaryArn")
    return Role(
        key=arn,
        subject=_role_subject(capture.target.account, arn),
        sources=tuple(
            dict.fromkeys(each for each in (capture.ref, *(function.capture.ref for function in runs)) if each)
        ),
        setting=_worst_setting(record, runs, words),
        name=text(record, "RoleName"),
        workloads=tuple(sorted({function.arn for function in runs})),
        policies=_policies(capture, record, managed),
        boundary=_document(capture, str(boundary), managed) if boundary else None,
        trust=PolicyText("trust policy", _as_text(record["AssumeRolePolicyDocument"])),
    )


def _policies(capture: Capture, record: Record, managed: Mapping[str, Record]) -> Any:
    inline = [
        _readable(capture, PolicyText(text(each, "PolicyName"), _as_text(each["PolicyDocument"])))
        for each in items(record, "RolePolicyList")
    ]
    attached = [
        _document(capture, text(each, "PolicyArn"), managed) for each in items(record, "AttachedManagedPolicies")
    ]
    made = []
    for found in (*inline, *attached):
        if isinstance(found, Gap):
            return found
        made.append(found)
    return tuple(made)


def _document(capture: Capture, arn: str, managed: Mapping[str, Record]) -> Any:
    """The default version of a managed policy, or the gap if the answer does not hold it."""
    record = managed.get(arn)
    for version in loose_items(record or {}, "PolicyVersionList"):
        if isinstance(version, Mapping) and version.get("IsDefaultVersion") is True and version.get("Document"):
            name = arn.rpartition("/")[2]
            return _readable(capture, PolicyText(name, _as_text(version["Document"]), ":iam::aws:policy/" in arn))
    return capture.unexpected(f"it does not hold the document of {arn}")


def _readable(capture: Capture, policy: PolicyText) -> Any:
    """The policy, or the gap if it cannot be read as one."""
    try:
        permissions({policy.name: policy.text})
    except PolicyError as problem:
        return capture.unexpected(str(problem))
    return policy


def _as_text(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document, sort_keys=True, ensure_ascii=False)


def _worst_setting(record: Record, runs: list[Function], words: TagWords) -> Setting:
    """A role stands where the most exposed of its functions stands."""
    places = [function.setting for function in runs]
    try:
        places.append(words.setting(tag_map(record.get("Tags"))))
    except MALFORMED:
        places.append(Setting(sensitive=None))
    environments = [each.production for each in places]
    return Setting(
        internet=_worst([each.internet for each in places]),
        sensitive=_worst([each.sensitive for each in places]),
        production=True if True in environments else False if set(environments[:-1]) == {False} else None,
    )


def _worst(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def _key_holders(capture: Capture) -> Iterator[Row | Hole]:
    gap = capture.gap()
    subject = place(capture.target, "account")
    if gap is None:
        try:
            lines = list(csv.DictReader(io.StringIO(text(capture.answer, "Content")), strict=True))
            if not lines or not {"user", "arn"} <= set(lines[0]):
                raise ValueError("it is no credential report")
        except (*MALFORMED, csv.Error) as problem:
            gap = capture.unexpected(f"{type(problem).__name__} {problem}")
    if gap is not None:
        yield hole(KeyHolder, gap, subject)
        yield hole(AccessKey, gap, subject)
        return
    if all(line.get("user") != ROOT for line in lines):
        yield hole(KeyHolder, capture.unexpected("the report leaves out the root user"), subject)
        yield hole(AccessKey, capture.unexpected("the report leaves out the root user"), subject)
    for line in lines:
        yield from shaped(capture, KeyHolder, partial(_holder, capture, line), subject)
        for slot in (1, 2):
            if _is(line, f"access_key_{slot}_active") or line.get(f"access_key_{slot}_last_rotated") not in (
                "N/A",
                None,
                "",
            ):
                yield from shaped(capture, AccessKey, partial(_key, capture, line, slot), subject)


def _user_subject(capture: Capture, line: Mapping[str, str], kind: str) -> Subject:
    user = line["user"]
    return Subject("aws", capture.target.account, GLOBAL, kind, line["arn"], "root" if user == ROOT else user)


def _holder(capture: Capture, line: Mapping[str, str]) -> KeyHolder:
    return KeyHolder(
        key=line["arn"],
        subject=_user_subject(capture, line, "user"),
        sources=(capture.ref,) if capture.ref else (),
        user="root" if line["user"] == ROOT else line["user"],
        root=line["user"] == ROOT,
        active_keys=sum(_boolean(line[f"access_key_{slot}_active"]) for slot in (1, 2)),
    )


def _key(capture: Capture, line: Mapping[str, str], slot: int) -> AccessKey:
    return AccessKey(
        key=f"{line['arn']}/access-key-{slot}",
        subject=_user_subject(capture, line, "access-key"),
        sources=(capture.ref,) if capture.ref else (),
        user="root" if line["user"] == ROOT else line["user"],
        root=line["user"] == ROOT,
        slot=slot,
        active=_boolean(line[f"access_key_{slot}_active"]),
        rotated=_time(line[f"access_key_{slot}_last_rotated"]),
        last_used=_time(line[f"access_key_{slot}_last_used_date"]),
    )


def _is(line: Mapping[str, str], name: str) -> bool:
    return str(line.get(name, "")).lower() == "true"


def _boolean(said: str) -> bool:
    return {"true": True, "false": False}[said.lower()]


def _time(said: str) -> datetime | None:
    """A time of the credential report; None where it says that there is none."""
    if said in ("N/A", "no_information", "not_supported", ""):
        return None
    return datetime.fromisoformat(said).astimezone(UTC)


def rights_of_role(capture: Capture, arn: str) -> tuple[Any, Any]:
    """The policies and the boundary (None without one) of any role of the account, as the account's details hold them; or the gap."""
    details = listing(capture)
    managed = _managed(capture)
    for record in details.records:
        if record.get("Arn") == arn:
            try:
                boundary = loose_part(record, "PermissionsBoundary").get("PermissionsBoundaryArn")
                limit = _document(capture, str(boundary), managed) if boundary else None
                return _policies(capture, record, managed), limit
            except MALFORMED as problem:
                gap = capture.unexpected(f"{type(problem).__name__} {problem}")
                return gap, gap
    target = capture.target
    gap = details.gap or Gap(
        capture.call, "out_of_scope", f"{arn} is not among the account's roles", "", target.account, "", capture.ref
    )
    return gap, gap
