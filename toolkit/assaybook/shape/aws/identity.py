"""Roles of workloads, and long-lived keys of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...tables.identity import AccessKey, KeyHolder, Role
from ..records import MALFORMED, Record, hole, listing, place, shaped, text
from ..tags import TagWords, tag_map
from .credentials import ROOT, report_lines, said, time_of
from .functions import Function, functions
from .organisation import Levels, service_control
from .policy_texts import boundary_of, managed_policies, policies_of, trust_of


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
        managed, limits = managed_policies(capture), service_control(captures, capture.target)
        for record in details.records:
            arn = record.get("Arn")
            if isinstance(arn, str) and arn in runs and arn not in known:
                known.add(arn)
                yield from shaped(capture, Role, partial(_role, capture, record, runs[arn], managed, words, limits))
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


def _role(
    capture: Capture,
    record: Record,
    runs: list[Function],
    managed: Mapping[str, Record],
    words: TagWords,
    limits: tuple[Levels, bool],
) -> Role:
    arn = text(record, "Arn")
    return Role(
        key=arn,
        subject=_role_subject(capture.target.account, arn),
        sources=tuple(
            dict.fromkeys(each for each in (capture.ref, *(function.capture.ref for function in runs)) if each)
        ),
        setting=worst_setting(record, runs, words),
        name=text(record, "RoleName"),
        workloads=tuple(sorted({function.arn for function in runs})),
        policies=policies_of(capture, record, managed, "RolePolicyList"),
        boundary=boundary_of(capture, record, managed),
        trust=trust_of(capture, record),
        service_control=limits[0],
        service_control_known=limits[1],
    )


def worst_setting(record: Record, runs: list[Function], words: TagWords) -> Setting:
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
    lines, subject = report_lines(capture), place(capture.target, "account")
    if isinstance(lines, Gap):
        yield hole(KeyHolder, lines, subject)
        yield hole(AccessKey, lines, subject)
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
        active_keys=sum(said(line, f"access_key_{slot}_active") for slot in (1, 2)),
    )


def _key(capture: Capture, line: Mapping[str, str], slot: int) -> AccessKey:
    return AccessKey(
        key=f"{line['arn']}/access-key-{slot}",
        subject=_user_subject(capture, line, "access-key"),
        sources=(capture.ref,) if capture.ref else (),
        user="root" if line["user"] == ROOT else line["user"],
        root=line["user"] == ROOT,
        slot=slot,
        active=said(line, f"access_key_{slot}_active"),
        rotated=time_of(line[f"access_key_{slot}_last_rotated"]),
        last_used=time_of(line[f"access_key_{slot}_last_used_date"]),
    )


def _is(line: Mapping[str, str], name: str) -> bool:
    return str(line.get(name, "")).lower() == "true"
