"""Captures: one call and its answer each, as the recorder keeps them and the shapers read them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from .evidence import Gap

T = TypeVar("T")

OK, ABSENT, DENIED, FAILED, UNSUPPORTED = "ok", "absent", "denied", "failed", "unsupported"
STATES = (OK, ABSENT, DENIED, FAILED, UNSUPPORTED)
GLOBAL = "global"
# Of a call that was never made: in place of a reason, and what its gap is in if the plan in use leaves it out.
NOT_COLLECTED, NOT_ASKED = "not_collected", "not_asked"
# The scope of plan rows that are asked in the enabled regions outside the scope, and how their ids end.
ELSEWHERE = "elsewhere"
# Marks, in an answer that was made from a template, a value that the text alone does not tell.
UNRESOLVED = "$unresolved"
# The reason of a capture, and the state of a gap, that hangs on such a value; and the call that says where a template's resources are written.
UNTOLD, PLACES = "unresolved", "template:Places"
# The call whose answer tells what was read of a source tree as a whole.
TREE = "source:Tree"
# Marks, in an answer that was made from a template, a member that no template ever tells; with the reason.
NOT_TOLD = "$not_told"
# The reason of an answer that holds what a template declares, of a listing that may hold more; `code` says why.
PARTLY = "partly"
# The reason of an answer of a template of which a part could not be read; `code` says which.
BROKEN = "broken"
# What a template leaves open stands in a policy as a variable without a prefix (`${TableName}`, `${AWS::StackName}`), which no key of a request has.
_SYMBOL = re.compile(r"\$\{(?![*?$]\})(?:[^{}:]|::)+\}")
Unasked = Callable[[str, "Target"], str]


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Where a call is answered: provider, account, region (`global` for services that have none)."""

    provider: str
    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.account}/{self.region}"


@dataclass(frozen=True, slots=True)
class Capture:
    """One call and its answer.

    `call` is the id of the plan row, by default client:Operation (`lambda:GetPolicy`); `params` are the parameters sent,
    paging left out; `answer` the redacted members of all pages, merged; `at` the UTC time of the last page in ISO 8601;
    `reason` the kind within the state (throttled, transient, not_enabled, unexpected_shape ...); `code` and `message` the provider's
    own words; `permission` what the caller needs for it. `where` is the file and line that it was read from, if it was. `ref` numbers the capture within the evidence that is read (E-0001 ...).
    """

    call: str
    target: Target
    params: Mapping[str, Any]
    state: str
    answer: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    code: str = ""
    message: str = ""
    permission: str = ""
    at: str = ""
    pages: int = 0
    records: int = 0
    attempts: int = 1
    request_ids: tuple[str, ...] = ()
    redactions: int = 0
    where: str = ""
    ref: str = ""

    @property
    def outside(self) -> bool:
        """Whether it speaks of a region that is not in scope, and that nothing else was asked about."""
        return self.call.endswith(f"/{ELSEWHERE}")

    def gap(self) -> Gap | None:
        """None if the call was answered (also with "there is none"), else why it was not."""
        if self.state in (OK, ABSENT):
            return None
        said = self.code or self.reason
        if self.reason == NOT_COLLECTED and self.code:
            return Gap(self.call, NOT_ASKED, said, "", self.target.account, self.target.region)
        if self.reason == UNTOLD:
            return Gap(self.call, UNTOLD, said, "", self.target.account, self.target.region, self.ref)
        return Gap(self.call, self.state, said, self.permission, self.target.account, self.target.region, self.ref)

    def rest(self) -> Gap | None:
        """Why an answered listing may leave something out; None if it is whole."""
        if self.state == OK and self.reason == BROKEN:
            return Gap(self.call, FAILED, self.code, "", self.target.account, self.target.region, self.ref)
        if self.state != OK or self.reason != PARTLY:
            return None
        return Gap(self.call, NOT_ASKED, self.code, "", self.target.account, self.target.region)

    def not_told(self, record: object, member: str) -> Gap | None:
        """The gap of a member of an answer's record that no template tells; None for any other."""
        value = record.get(member) if isinstance(record, Mapping) else None
        if not isinstance(value, Mapping) or NOT_TOLD not in value:
            return None
        return self.never_told(str(value[NOT_TOLD]))

    def never_told(self, what: str) -> Gap:
        """The gap of something that no template ever tells."""
        said = f"no template tells this: {what}"
        return Gap(self.call, NOT_ASKED, said, "", self.target.account, self.target.region)

    def unexpected(self, problem: str) -> Gap:
        """The gap for an answer that does not have the shape that the provider documents."""
        where = self.target
        return Gap(
            self.call,
            FAILED,
            f"unexpected answer: {problem}",
            self.permission,
            where.account,
            where.region,
            self.ref,
        )

    def read(self, take: Callable[[Mapping[str, Any]], T]) -> T:
        """What `take` finds in the answer; a `Gap` in its place (typed as the value) if there is none to read.

        This is the one untyped door between captures and rows: a row holds the value or the gap, and only a watched row
        tells them apart.
        """
        gap = self.gap()
        if gap is None:
            try:
                return take(self.answer)
            except NotTold as problem:
                gap = self.never_told(str(problem))
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
                gap = self.unexpected(f"{type(problem).__name__} {problem}")
        return cast("T", gap)


class NotTold(TypeError):
    """A member of an answer that no template tells was read; its text says what is not told."""


class Captures:
    """All captures of an assessment, indexed for shaping.

    `unasked` says why a call was not made in a target if the plan in use leaves it out, and nothing otherwise.
    """

    def __init__(self, captures: Iterable[Capture], unasked: Unasked = lambda call, target: "") -> None:
        self.all = tuple(captures)
        self._unasked = unasked
        self._by_call: defaultdict[str, list[Capture]] = defaultdict(list)
        self._by_place: defaultdict[tuple[str, Target], list[Capture]] = defaultdict(list)
        self._made: dict[object, object] = {}
        self._by_params: dict[tuple[str, Target, tuple[tuple[str, str], ...]], Capture] = {}
        for capture in self.all:
            self._by_call[capture.call].append(capture)
            self._by_place[(capture.call, capture.target)].append(capture)
            self._by_params[(capture.call, capture.target, _frozen(capture.params))] = capture
        self._stacks = frozenset(each.target.account for each in self.of(PLACES))
        self._targets = tuple(sorted({each.target for each in self.all if not each.outside}))

    def declared(self, account: str) -> bool:
        """Whether an account is that of a template: what it holds was declared, and nothing was asked of a provider."""
        return account in self._stacks

    def only(self, wanted: Callable[[Capture], bool]) -> Captures:
        """Some of the captures."""
        return Captures((each for each in self.all if wanted(each)), self._unasked)

    def mapped(self, change: Callable[[Capture], Capture]) -> Captures:
        """The captures, each changed in its answer alone, so that they are found as before."""
        made = copy(self)
        new = {id(each): change(each) for each in self.all}
        made.all = tuple(new.values())
        made._by_call = defaultdict(
            list, {key: [new[id(each)] for each in held] for key, held in self._by_call.items()}
        )
        made._by_place = defaultdict(
            list, {key: [new[id(each)] for each in held] for key, held in self._by_place.items()}
        )
        made._by_params = {key: new[id(each)] for key, each in self._by_params.items()}
        made._made = {}
        return made

    def targets(self, provider: str, *, scope: str = "regional") -> tuple[Target, ...]:
        """The targets of a provider that are in scope and were asked anything: regional ones, or the `global` one of each account."""
        found = (each for each in self._targets if each.provider == provider)
        return tuple(each for each in found if (each.region == GLOBAL) is (scope == GLOBAL))

    def of(self, call: str, target: Target | None = None) -> tuple[Capture, ...]:
        """The captures of a call, in the order of the seal."""
        return tuple(self._by_call.get(call, ()) if target is None else self._by_place.get((call, target), ()))

    def once(self, name: object, make: Callable[[], T]) -> T:
        """What `make` gives, made once for these captures: several shapers start from the same functions or buckets."""
        if name not in self._made:
            self._made[name] = make()
        return cast("T", self._made[name])

    def expect(self, call: str, provider: str, *, scope: str = "regional") -> Iterator[Capture]:
        """At least one capture of a listing call for each target; where none was made, one that says so."""
        for target in self.targets(provider, scope=scope):
            found = self.of(call, target)
            yield from found or (self.unmade(call, target),)

    def about(self, call: str, target: Target, **params: object) -> Capture:
        """The capture of a call with exactly these parameters; where none was made, one that says so."""
        found = self._by_params.get((call, target, _frozen(params)))
        return found or self.unmade(call, target, params)

    def unmade(self, call: str, target: Target, params: Mapping[str, Any] | None = None) -> Capture:
        """Stands for a call that was never made, so that its absence is a gap and not a silence; it says so if the plan in use leaves it out."""
        said = self._unasked(call, target)
        return Capture(call, target, params or {}, UNSUPPORTED, reason=NOT_COLLECTED, code=said)


def has_symbol(text: str) -> bool:
    """Whether a text holds the name of something that a template leaves open."""
    return "${" in text and _SYMBOL.search(text) is not None


def is_symbol(text: str) -> bool:
    """Whether a text is nothing but the name of something that a template leaves open, which may be anything."""
    return _SYMBOL.fullmatch(text) is not None


def _frozen(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in params.items()))


def numbered(captures: Iterable[Capture]) -> Iterator[Capture]:
    """The same captures with references E-0001, E-0002 ... in this order."""
    for number, capture in enumerate(captures, 1):
        yield replace(capture, ref=f"E-{number:04d}")
