"""The credential report: one line for each user of an account, the root user first."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ...capture import Capture, Captures, Target
from ...evidence import Gap
from ..records import MALFORMED, text
from .resources import sources

ROOT = "<root_account>"
Line = Mapping[str, str]
NEVER = ("N/A", "no_information", "not_supported", "")
_USES = ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")


def report_lines(capture: Capture) -> tuple[Line, ...] | Gap:
    """The lines of the report, or the gap if it was not answered or is none."""
    gap = capture.gap()
    if gap is not None:
        return gap
    try:
        lines = tuple(csv.DictReader(io.StringIO(text(capture.answer, "Content")), strict=True))
        if not lines or not {"user", "arn"} <= set(lines[0]):
            raise ValueError("it is no credential report")
    except (*MALFORMED, csv.Error) as problem:
        return capture.unexpected(f"{type(problem).__name__} {problem}")
    return lines


def said(line: Line, name: str) -> bool:
    """A column that is true or false. Raises KeyError if it is missing or says something else."""
    return {"true": True, "false": False}[line[name].lower()]


def time_of(value: str) -> datetime | None:
    """A time of the report; None where it says that there is none. Raises ValueError for anything else."""
    return None if value in NEVER else moment(value)


def moment(value: str) -> datetime:
    """A time as AWS writes it, in UTC. Raises ValueError if it is none."""
    return datetime.fromisoformat(value).astimezone(UTC)


class Credentials:
    """What the credential report of one account says of its users, by ARN."""

    def __init__(self, captures: Captures, target: Target) -> None:
        self._capture = captures.about("iam:GetCredentialReport", target)
        lines = report_lines(self._capture)
        self._lines = lines if isinstance(lines, Gap) else {str(each.get("arn")): each for each in lines}
        self.sources = sources(self._capture)

    def console(self, arn: str) -> Any:
        """Whether a user has a password; the gap."""
        return self._read(arn, lambda line: said(line, "password_enabled"))

    def last_used(self, arn: str) -> Any:
        """When a user last signed in or used a key, None for never; the gap."""
        return self._read(arn, _latest)

    def _read(self, arn: str, take: Any) -> Any:
        if isinstance(self._lines, Gap):
            return self._lines
        try:
            return take(self._lines[arn])
        except MALFORMED as problem:
            return self._capture.unexpected(f"{type(problem).__name__} {problem}")


def _latest(line: Line) -> datetime | None:
    used = [time_of(line[name]) for name in _USES]
    return max((each for each in used if each is not None), default=None)
