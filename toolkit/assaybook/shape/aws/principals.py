"""Every role and user of an account, with all that decides what it may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...tables.identity import Principal
from ..records import MALFORMED, Record, items, listing, loose_items, shaped, text
from ..tags import TagWords, tag_map
from .credentials import Credentials, moment
from .functions import functions
from .organisation import Levels, service_control
from .policy_texts import boundary_of, managed_policies, policies_of, trust_of

SERVICE_LINKED = "/aws-service-role/"


def shape_principals(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Principal rows."""
    runs = _Runs(captures, words)
    for capture in captures.expect("iam:GetAccountAuthorizationDetails", "aws", scope=GLOBAL):
        details = listing(capture)
        yield from details.holes(Principal)
        scene = _Scene(captures, capture, words, runs)
        for record in details.records:
            yield from shaped(capture, Principal, partial(scene.role, record))
        if details.gap is not None:
            continue
        users = listing(capture, "UserDetailList")
        yield from users.holes(Principal)
        for record in users.records:
            yield from shaped(capture, Principal, partial(scene.user, record))


class _Runs:
    """Which functions run under which role, and the gap where some functions could not be listed."""

    def __init__(self, captures: Captures, words: TagWords) -> None:
        self.by_role: defaultdict[str, set[str]] = defaultdict(set)
        self.gaps: dict[str, Gap] = {}
        for found, whole in functions(captures, words):
            if found.gap is not None:
                self.gaps.setdefault(found.capture.target.account, found.gap)
            for function in whole:
                role = function.record.get("Role")
                if isinstance(role, str) and role:
                    self.by_role[role].add(function.arn)

    def of(self, account: str, role: str) -> Any:
        """The functions under a role; the gap if none was seen and some could not be listed."""
        if role in self.by_role:
            return tuple(sorted(self.by_role[role]))
        return self.gaps.get(account, ())


class _Scene:
    """What all principals of one account have in common."""

    def __init__(self, captures: Captures, capture: Capture, words: TagWords, runs: _Runs) -> None:
        self._capture = capture
        self._words = words
        self._runs = runs
        self._managed = managed_policies(capture)
        self._groups = {str(each.get("GroupName")): each for each in _objects(capture.answer, "GroupDetailList")}
        self._limits: tuple[Levels, bool] = service_control(captures, capture.target)
        self._report = Credentials(captures, capture.target)

    def role(self, record: Record) -> Principal:
        """The row of a role. Raises one of MALFORMED if its record does not have the members that it needs."""
        arn, path = text(record, "Arn"), text(record, "Path")
        linked = path.startswith(SERVICE_LINKED)
        limits, known = ((), True) if linked else self._limits
        return Principal(
            **self._common(record, "role", text(record, "RoleName"), path),
            policies=policies_of(self._capture, record, self._managed, "RolePolicyList"),
            service_control=limits,
            service_control_known=known,
            trust=trust_of(self._capture, record),
            service_linked=linked,
            workloads=self._runs.of(self._capture.target.account, arn),
            last_used=self._role_last_used(record),
            console=False,
            groups=(),
        )

    def user(self, record: Record) -> Principal:
        """The row of a user. Raises one of MALFORMED if its record does not have the members that it needs."""
        groups = tuple(sorted(str(each) for each in items(record, "GroupList")))
        arn = text(record, "Arn")
        return Principal(
            **self._common(record, "user", text(record, "UserName"), text(record, "Path")),
            policies=self._policies_of_user(record, groups),
            service_control=self._limits[0],
            service_control_known=self._limits[1],
            trust=None,
            service_linked=False,
            workloads=(),
            last_used=self._report.last_used(arn),
            console=self._report.console(arn),
            groups=groups,
        )

    def _common(self, record: Record, kind: str, name: str, path: str) -> dict[str, Any]:
        arn, account = text(record, "Arn"), self._capture.target.account
        sources = (self._capture.ref, *(self._report.sources if kind == "user" else ()))
        return {
            "key": arn,
            "subject": Subject("aws", account, GLOBAL, kind, arn, name),
            "sources": tuple(each for each in sources if each),
            "setting": self._setting(record),
            "name": name,
            "kind": kind,
            "path": path,
            "boundary": boundary_of(self._capture, record, self._managed),
            "created": moment(record["CreateDate"]) if record.get("CreateDate") else None,
        }

    def _setting(self, record: Record) -> Setting:
        try:
            return self._words.setting(tag_map(record.get("Tags")))
        except MALFORMED:
            return Setting(sensitive=None)

    def _role_last_used(self, record: Record) -> Any:
        untold = self._capture.not_told(record, "RoleLastUsed")
        if untold is not None:
            return untold
        used = record.get("RoleLastUsed")
        if not isinstance(used, Mapping):
            return self._capture.unexpected("RoleLastUsed is missing")
        try:
            return moment(used["LastUsedDate"]) if used.get("LastUsedDate") else None
        except MALFORMED as problem:
            return self._capture.unexpected(f"{type(problem).__name__} {problem}")

    def _policies_of_user(self, record: Record, groups: tuple[str, ...]) -> Any:
        found = [policies_of(self._capture, record, self._managed, "UserPolicyList")]
        for name in groups:
            group = self._groups.get(name)
            if group is None:
                return self._capture.unexpected(f"it does not hold the group {name}")
            found.append(policies_of(self._capture, group, self._managed, "GroupPolicyList", name))
        lost = next((each for each in found if isinstance(each, Gap)), None)
        return tuple(one for each in found for one in each) if lost is None else lost


def _objects(answer: Record, name: str) -> Iterator[Record]:
    return (each for each in loose_items(answer, name) if isinstance(each, Mapping))
