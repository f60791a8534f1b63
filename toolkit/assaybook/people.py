"""People's part: answers to what no code can conclude, reviews of single findings, and waivers, read from YAML files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from .canonical import digest
from .data_register import Register
from .errors import AssaybookError
from .model import Answer, Document, Finding, Outcome, Status, Waiver
from .refusals import first_refusal
from .strict_yaml import YamlError, line_of, load_yaml

LONGEST_ANSWER_DAYS = 400
Text = Annotated[str, Field(min_length=2, max_length=4000)]
Name = Annotated[str, Field(min_length=2, max_length=200)]


class PeopleError(AssaybookError):
    """An answers or waivers file cannot be used: file, line, entry, what is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _plain_date(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, (date, str)):
        raise ValueError("is a date such as 2026-11-30")
    return value


class _Document(_Strict):
    name: Name
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Answer(_Strict):
    control: Annotated[str, Field(pattern=r"^[A-G][1-9]-\d\d$|^X[A-E]-\d\d$")]
    conclusion: Literal["met", "not_met", "not_applicable"]
    statement: Text
    by: Name
    day: date = Field(alias="date")
    until: date
    finding: Annotated[str, Field(pattern=r"^([0-9a-f]{16})?$")] = ""
    documents: tuple[_Document, ...] = ()

    _dates = field_validator("day", "until", mode="before")(_plain_date)


class _Waiver(_Strict):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    check: Annotated[str, Field(pattern=r"^[a-z0-9*?-]{3,100}$")]
    subject: Name
    owner: Name
    approver: Name
    reason: Annotated[str, Field(min_length=10, max_length=4000)]
    day: date = Field(alias="date")
    expires: date
    ticket: Annotated[str, Field(max_length=200)] = ""
    compensating_control: Annotated[str, Field(max_length=2000)] = ""

    _dates = field_validator("day", "expires", mode="before")(_plain_date)


class _Answers(_Strict):
    answers: tuple[_Answer, ...]


class _Waivers(_Strict):
    waivers: tuple[_Waiver, ...]


@dataclass(frozen=True)
class People:
    """All answers and waivers of an engagement, with the digests of what the files say, and its data register if it names one."""

    answers: tuple[Answer, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    answers_digest: str = digest([])
    waivers_digest: str = digest([])
    register: Register | None = None

    def answer(self, control: str, as_at: date) -> tuple[Answer | None, str]:
        """The latest valid answer on a control, or None and the reason why there is none."""
        given = [each for each in self.answers if each.control == control and not each.finding]
        return _latest(given, as_at)

    def conclusion(self, finding: str, as_at: date) -> Answer | None:
        """The latest valid conclusion on one finding that awaits review."""
        return _latest([each for each in self.answers if each.finding == finding], as_at)[0]


def _latest(given: Sequence[Answer], as_at: date) -> tuple[Answer | None, str]:
    if not given:
        return None, ""
    so_far = [each for each in given if each.on <= as_at]
    if not so_far:
        first = min(each.on for each in given)
        return None, f"the answer is dated {first.isoformat()}, after the date of the assessment"
    latest = max(so_far, key=lambda each: (each.on, each.until))
    if latest.until < as_at:
        return None, f"the answer of {latest.by} expired on {latest.until.isoformat()}"
    return latest, ""


@dataclass(frozen=True)
class WaiverUse:
    """What became of a waiver: the failed findings it covers, and why it does not hold if it does not."""

    waiver: Waiver
    valid: bool
    state: str
    findings: tuple[str, ...]


def waived(waivers: Iterable[Waiver], findings: Sequence[Finding], as_at: date) -> tuple[WaiverUse, ...]:
    """The use of each waiver: `in force`, `expired`, `not yet in force` or `unused`. Outcomes are not touched."""
    return tuple(_use(waiver, findings, as_at) for waiver in waivers)


def _use(waiver: Waiver, findings: Sequence[Finding], as_at: date) -> WaiverUse:
    covered = tuple(each.id for each in findings if each.outcome is Outcome.FAIL and _selects(waiver, each))
    if waiver.expires < as_at:
        return WaiverUse(waiver, False, f"expired on {waiver.expires.isoformat()}", covered)
    if waiver.on > as_at:
        return WaiverUse(waiver, False, f"not in force before {waiver.on.isoformat()}", covered)
    return WaiverUse(waiver, True, "in force" if covered else "unused: it covers no failure", covered)


def _selects(waiver: Waiver, finding: Finding) -> bool:
    names = (finding.subject.name, finding.subject.native, str(finding.subject))
    return fnmatchcase(finding.check, waiver.check) and any(fnmatchcase(name, waiver.subject) for name in names)


def load_people(
    answers: Path | None, waivers: Path | None, *, controls: Iterable[str], checks: Iterable[str], waiver_max_days: int
) -> People:
    """Read and validate both files; None for one that there is not. Raises PeopleError naming file, line and entry."""
    said = _read(answers, _Answers)
    accepted = _read(waivers, _Waivers)
    known, ids = frozenset(controls), frozenset(checks)
    for number, answer in enumerate(said.made.answers if said else ()):
        _demand(said, ("answers", number, "control"), answer.control in known, f"{answer.control} is no control")
        _demand(said, ("answers", number, "until"), answer.until >= answer.day, "lies before `date`")
        long = answer.until - answer.day > timedelta(days=LONGEST_ANSWER_DAYS)
        _demand(said, ("answers", number, "until"), not long, f"is more than {LONGEST_ANSWER_DAYS} days after `date`")
    for number, waiver in enumerate(accepted.made.waivers if accepted else ()):
        _check_waiver(accepted, number, waiver, ids, waiver_max_days)
    return People(
        tuple(_answer(each) for each in said.made.answers) if said else (),
        tuple(_waiver(each) for each in accepted.made.waivers) if accepted else (),
        digest(said.content if said else []),
        digest(accepted.content if accepted else []),
    )


F = TypeVar("F", _Answers, _Waivers)


@dataclass(frozen=True)
class _Loaded:
    path: Path
    text: str
    made: Any
    content: Any


def _read(path: Path | None, form: type[F]) -> _Loaded | None:
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8")
        document = load_yaml(text, str(path))
        made = form.model_validate(document if document is not None else {})
    except OSError as problem:
        raise PeopleError(f"{path}: cannot be read ({problem.strerror}).") from problem
    except UnicodeDecodeError as problem:
        raise PeopleError(f"{path}: is not UTF-8 text (byte {problem.start}).") from problem
    except YamlError as problem:
        raise PeopleError(str(problem)) from problem
    except ValidationError as problem:
        place, _, said = first_refusal(problem)
        raise PeopleError(_where(path, text, place, said)) from problem
    return _Loaded(path, text, made, made.model_dump(mode="json", by_alias=True))


def _where(path: Path, text: str, keys: Sequence[str | int], what: str) -> str:
    return f"{path}: line {line_of(text, keys)}: {'.'.join(map(str, keys))}: {what}."


def _demand(loaded: _Loaded | None, keys: Sequence[str | int], holds: bool, otherwise: str) -> None:
    if loaded is not None and not holds:
        raise PeopleError(_where(loaded.path, loaded.text, keys, otherwise))


def _check_waiver(loaded: _Loaded | None, number: int, waiver: _Waiver, checks: frozenset[str], longest: int) -> None:

    def here(key: str) -> tuple[str | int, ...]:
        return ("waivers", number, key)

    matches = any(fnmatchcase(check, waiver.check) for check in checks)
    _demand(loaded, here("check"), matches, f"{waiver.check} matches no check")
    _demand(loaded, here("expires"), waiver.expires >= waiver.day, "lies before `date`")
    short = waiver.expires - waiver.day <= timedelta(days=longest)
    _demand(loaded, here("expires"), short, f"is more than {longest} days (waiver_max_days) after `date`")
    _demand(loaded, here("approver"), waiver.approver != waiver.owner, "is the owner too; a second person approves")
    broad = not waiver.check.strip("*?-") and not waiver.subject.strip("*?")
    _demand(loaded, here("check"), not broad, "would waive everything; name a check or a subject")
    earlier = [each.id for each in (loaded.made.waivers[:number] if loaded else ())]
    _demand(loaded, here("id"), waiver.id not in earlier, f"{waiver.id} is taken by an earlier waiver")


def _answer(entry: _Answer) -> Answer:
    documents = tuple(Document(each.name, each.sha256) for each in entry.documents)
    said: Mapping[str, Any] = {
        name: getattr(entry, name) for name in ("control", "statement", "by", "until", "finding")
    }
    return Answer(conclusion=Status(entry.conclusion), on=entry.day, documents=documents, **said)


def _waiver(entry: _Waiver) -> Waiver:
    said = entry.model_dump()
    return Waiver(on=said.pop("day"), **said)
