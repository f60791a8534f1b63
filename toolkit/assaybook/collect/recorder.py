"""From answers and errors to captures: what is kept of each request, redacted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jmespath.exceptions import JMESPathError

from ..capture import ABSENT, FAILED, OK, Capture
from ..plan import Call
from ..plan.permissions import permission_of
from .classify import Trouble
from .fanout import Request, Unaskable
from .paging import Paging, merged, search
from .redact import Redactor
from .scope import Clock

# Cut after redaction only: what is left of a secret that was cut does not look like one.
LONGEST_MESSAGE = 1000


@dataclass(slots=True)
class Job:
    """A request under way: its pages so far, and what it has cost."""

    request: Request
    paging: Paging = field(default_factory=Paging)
    pages: list[Mapping[str, Any]] = field(default_factory=list)
    token: tuple[Any, ...] | None = None
    tokens: set[str] = field(default_factory=set)
    attempts: int = 0
    throttles: int = 0
    retries: int = 0
    request_ids: list[str] = field(default_factory=list)
    generating_until: float = 0.0
    report: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A capture, and the answer in clear for as long as the collection runs, so that further requests can name what it lists."""

    capture: Capture
    answer: Mapping[str, Any] = field(default_factory=dict)


class Recorder:
    """Makes captures. Nothing that it gives has an unredacted text, but `Recorded.answer`, which is never written."""

    def __init__(self, redactor: Redactor, clock: Clock) -> None:
        self._redactor = redactor
        self._clock = clock

    def answered(self, job: Job) -> Recorded:
        """All pages were answered; members that the plan wants and the answer lacks make it a failed capture."""
        call = job.request.call
        answer = merged(job.paging, job.pages)
        records, problem = _records(call, answer)
        if problem:
            return self.troubled(job, Trouble(FAILED, "unexpected_shape", message=problem))
        try:
            kept = reduced(call, answer)
        except (JMESPathError, TypeError) as wrong:
            return self.troubled(
                job, Trouble(FAILED, "unexpected_shape", message=f"{call.keep or call.decode}: {wrong}")
            )
        return self._recorded(job, OK, kept, records=records)

    def troubled(self, job: Job, trouble: Trouble) -> Recorded:
        """A request that was not answered, or not to its end: what was read until then is kept, and is no population."""
        call = job.request.call
        partial: Mapping[str, Any] = {}
        records = 0
        if job.pages and trouble.state != ABSENT and trouble.reason != "unexpected_shape":
            answer = merged(job.paging, job.pages)
            records, problem = _records(call, answer)
            partial = {} if problem or call.keep else reduced(call, answer)
        if trouble.request_id:
            job.request_ids.append(trouble.request_id)
        return self._recorded(job, trouble.state, partial, trouble, records)

    def unaskable(self, found: Unaskable, at: str = "") -> Capture:
        """Stands for requests that could not be derived from a parent's answer."""
        call = found.call
        return Capture(
            call.key,
            found.target,
            {},
            FAILED,
            reason="unexpected_shape",
            message=self._redactor.text(found.problem)[:LONGEST_MESSAGE],
            permission=permission_of(call),
            at=at or self._clock().isoformat(),
            attempts=0,
        )

    def _recorded(
        self, job: Job, state: str, answer: Mapping[str, Any], trouble: Trouble | None = None, records: int = 0
    ) -> Recorded:
        request = job.request
        params, hidden = self._redactor.answer(request.params)
        redacted, count = self._redactor.answer(answer)
        capture = Capture(
            call=request.call.key,
            target=request.target,
            params=params,
            state=state,
            answer=redacted,
            reason=trouble.reason if trouble else "",
            code=self._redactor.text(trouble.code) if trouble else "",
            message=self._redactor.text(trouble.message)[:LONGEST_MESSAGE] if trouble else "",
            permission=permission_of(request.call),
            at=self._clock().isoformat(),
            pages=len(job.pages),
            records=records,
            attempts=job.attempts,
            request_ids=tuple(map(self._redactor.text, job.request_ids)),
            redactions=count + hidden,
        )
        return Recorded(capture, answer)


def _records(call: Call, answer: Mapping[str, Any]) -> tuple[int, str]:
    """How many records a listing gave, and what is wrong with its shape if anything is."""
    if not call.items:
        return 0, ""
    found = search(call.items, answer)
    if found is None:
        return 0, "" if call.may_omit else f"the answer has no {call.items}"
    if not isinstance(found, list):
        return 0, f"{call.items} is no list"
    return len(found), ""


def reduced(call: Call, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer without what the plan says never to keep. Raises JMESPathError or TypeError if `decode` or `keep` does not suit it."""
    for path in call.decode:
        answer = _decoded(answer, path.split("."))
    for path in call.drop:
        answer = without(answer, path.split("."))
    if not call.keep:
        return answer
    kept = search(call.keep, answer)
    if not isinstance(kept, dict):
        raise TypeError("it gives no members")
    return kept


def _decoded(value: Any, path: Sequence[str]) -> Any:
    """The value with the JSON text at a path read as what it says."""
    if not path:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as problem:
            raise TypeError("a text that should be JSON is none") from problem
    head, *rest = path
    if isinstance(value, list) and head == "*":
        return [_decoded(each, rest) for each in value]
    if isinstance(value, Mapping) and head in value:
        return {**value, head: _decoded(value[head], rest)}
    return value


def without(value: Any, path: Sequence[str]) -> Any:
    """The value without the members at a path; `*` stands for each record of a list, or each member."""
    head, *rest = path
    if isinstance(value, list):
        return [without(each, rest) if rest else each for each in value] if head == "*" else value
    if not isinstance(value, Mapping):
        return value
    if head == "*":
        return {name: without(each, rest) for name, each in value.items()} if rest else {}
    if head not in value:
        return value
    if not rest:
        return {name: each for name, each in value.items() if name != head}
    return {**value, head: without(value[head], rest)}
