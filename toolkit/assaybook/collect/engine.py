"""The engine: asks everything that the plan holds, follows the fan-out, and keeps going when a call fails."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError

from ..capture import FAILED, OK, UNSUPPORTED, Capture, Target
from ..plan import Call, Poll
from .answers import plain
from .aws import emulated
from .buckets import Bucket, bucket_for, bucket_key
from .classify import TROUBLE, Trouble, classify
from .dispatch import Dispatcher
from .fanout import Request, Unaskable, child_requests
from .guard import issuing
from .journal import Journal
from .order import canonical_params
from .paging import Paging, paging_of
from .progress import Progress, Silent
from .recorder import Job, Recorder
from .redact import Redactor, names_in_clear
from .scope import Clock, Limits

Page = tuple[Mapping[str, Any], str]
Answer = Page | Trouble
POLL_SECONDS = 1.0


class Engine:
    """Turns requests into captures. One engine may run several times; it never asks the same thing twice."""

    def __init__(
        self,
        calls: Sequence[Call],
        redactor: Redactor,
        clock: Clock,
        limits: Limits,
        journal: Journal | None = None,
        progress: Progress | None = None,
        clear: Callable[[Request, Mapping[str, Any]], None] | None = None,
    ) -> None:
        """With `clear`, each answer is handed over as it came, for as long as nobody writes it: to fetch what it points to."""
        self._children: defaultdict[str, list[Call]] = defaultdict(list)
        self._substitutes: defaultdict[str, list[Call]] = defaultdict(list)
        for call in calls:
            for way in call.ways:
                if way.each:
                    self._children[way.each].append(way)
            if call.instead_of:
                self._substitutes[call.instead_of].append(call)
        self._recorder = Recorder(redactor, clock)
        self._redactor = redactor
        self._limits = limits
        self._journal = journal
        self._progress = progress or Silent()
        self._clear = clear
        self._kept = {_capture_key(each): each for each in (journal.kept if journal else ())}
        self._captures: dict[tuple[Target, str, str], Capture] = {}
        self._known: set[tuple[Target, str, str]] = set()
        self._pagings: dict[str, Paging] = {}
        self._emulator = emulated()
        self._deadline = time.monotonic() + limits.seconds
        # On an address of the user's own, AWS's documented rates say nothing: there the pace is learnt from throttling alone.
        rated = limits.rates and not self._emulator
        self._dispatcher: Dispatcher[Job, Answer] = Dispatcher(
            workers=limits.calls,
            in_bucket=limits.bucket_calls,
            bucket=partial(_bucket, documented=rated),
            start=self._start,
            finished=self._finished,
        )

    def run(self, requests: Iterable[Request]) -> tuple[Capture, ...]:
        """Ask all this and what it leads to; gives every capture so far. Raises OSError if the journal cannot be written."""
        for request in requests:
            self._submit(request)
        self._dispatcher.run(self._tick)
        self._tick()
        return tuple(self._captures.values())

    def one(self, request: Request) -> Capture:
        """Ask this alone."""
        self.run((request,))
        return self._captures[self._redacted_key(request)]

    def _submit(self, request: Request) -> None:
        if request.key in self._known:
            return
        self._known.add(request.key)
        kept = self._kept.get(self._redacted_key(request)) if self._kept else None
        # Further requests need names in clear, so a listing of which more was redacted than variables is asked again.
        if kept is not None and (names_in_clear(kept) or not self._children[request.call.key]):
            self._captures[_capture_key(kept)] = kept
            self._fan_out(request, kept.answer)
            self._substitute(request, kept.state)
            return
        self._dispatcher.add(bucket_key(request), Job(request))

    def _redacted_key(self, request: Request) -> tuple[Target, str, str]:
        params, _ = self._redactor.answer(request.params)
        return request.target, request.call.key, canonical_params(params)

    def _start(self, job: Job) -> Callable[[], Answer]:
        """What a worker is to do for the next page of a job (or to start the report that it waits for)."""
        request, call = job.request, job.request.call
        service, _, operation = call.name.partition(":")
        job.attempts += 1
        try:
            client = request.account.client(service, request.region)
        except (BotoCoreError, ValueError) as error:
            return partial(self._trouble, job, error)
        if call.name not in self._pagings:
            loader = request.account.session.get_component("data_loader")
            self._pagings[call.name] = paging_of(loader, client.meta.service_model.operation_model(operation))
        job.paging = self._pagings[call.name]
        if call.poll and not job.generating_until:
            job.generating_until = time.monotonic() + call.poll.seconds
        if call.poll and job.generating_until > 0 and not job.report:
            given = request.params if call.poll.carry else {}
            return partial(self._ask, job, client, call.poll.start, given)
        params = {call.poll.carry: job.report} if call.poll and job.report else dict(request.params)
        if job.token:
            params |= {name: value for name, value in zip(job.paging.sent, job.token, strict=True) if value is not None}
        return partial(self._ask, job, client, call.name, params)

    def _ask(self, job: Job, client: Any, name: str, params: Mapping[str, Any]) -> Answer:
        """Make one request; runs in a worker."""
        operation = name.partition(":")[2]
        try:
            with issuing(name):
                response = getattr(client, xform_name(operation))(**params)
            shape = client.meta.service_model.operation_model(operation).output_shape
            return plain(shape, response), str(response.get("ResponseMetadata", {}).get("RequestId", ""))
        except TROUBLE as error:
            return self._trouble(job, error)

    def _trouble(self, job: Job, error: Exception) -> Trouble:
        request = job.request
        service = request.call.name.partition(":")[0]
        return classify(
            request.call,
            error,
            emulator=self._emulator,
            home=request.region == request.account.home,
            known=partial(request.account.known_in, service, request.region),
        )

    def _finished(self, job: Job, answer: Answer) -> None:
        """Take a result in the dispatching thread: go on with the next page, try again, or record."""
        bucket = self._dispatcher.bucket(bucket_key(job.request))
        if isinstance(answer, Trouble):
            self._troubled(job, answer, bucket)
            return
        bucket.answered()
        page, request_id = answer
        poll = job.request.call.poll
        if poll and job.generating_until > 0 and self._generating(job, poll, page):
            return
        job.pages.append(page)
        if request_id:
            job.request_ids.append(request_id)
        job.throttles = job.retries = 0
        job.token = job.paging.token(page)
        if job.token is None:
            self._answered(job)
        else:
            self._next_page(job)

    def _generating(self, job: Job, poll: Poll, page: Mapping[str, Any]) -> bool:
        """Take an answer while a report is being made; whether it is no page of the report yet."""
        ready = page.get(poll.member) == poll.ready
        if poll.carry and not job.report:
            job.report = str(page.get(poll.carry) or "")
            if job.report:
                self._again(job)
            else:
                self._record_trouble(
                    job, Trouble(FAILED, "unexpected_shape", message=f"the answer has no {poll.carry}")
                )
            return True
        if ready:
            job.generating_until = -1.0
            if poll.carry:
                return False
            self._again(job)
        elif poll.failed and page.get(poll.member) == poll.failed:
            self._record_trouble(job, Trouble(FAILED, "report_failed", message="the report could not be generated"))
        elif time.monotonic() < job.generating_until:
            self._again(job, after=POLL_SECONDS)
        else:
            self._record_trouble(job, Trouble(FAILED, "not_ready", message="the report was not generated in time"))
        return True

    def _next_page(self, job: Job) -> None:
        token = repr(job.token)
        if not job.token:
            self._record_trouble(job, _cut("the answer says that there is more, and not where"))
        elif token in job.tokens:
            self._record_trouble(job, _cut("the same page token came twice"))
        elif len(job.pages) >= self._limits.pages:
            self._record_trouble(job, _cut(f"there are more than {self._limits.pages} pages"))
        else:
            job.tokens.add(token)
            if self._children[job.request.call.key]:
                self._fan_out(job.request, job.pages[-1], whole=False)
            self._again(job)

    def _troubled(self, job: Job, trouble: Trouble, bucket: Bucket) -> None:
        limits = self._limits
        if trouble.throttled:
            job.throttles += 1
            bucket.throttled(time.monotonic(), limits.pause)
            if job.throttles < limits.throttles:
                self._again(job)
                return
        elif trouble.transient:
            job.retries += 1
            if job.retries < limits.retries:
                self._again(job, after=limits.pause * 2 ** (job.retries - 1))
                return
            if not trouble.request_id:
                bucket.troubles += 1
        else:
            bucket.answered()
        self._record_trouble(job, trouble)
        if bucket.troubles >= limits.unreachable:
            self._give_up(trouble, bucket)

    def _again(self, job: Job, *, after: float = 0.0) -> None:
        self._dispatcher.add(bucket_key(job.request), job, after=after, first=True)

    def _give_up(self, trouble: Trouble, bucket: Bucket) -> None:
        """Record what still waits for a bucket that does not answer, without asking."""
        waiting = self._dispatcher.drain()
        for job in waiting:
            key = bucket_key(job.request)
            if self._dispatcher.bucket(key) is bucket:
                self._record_trouble(job, Trouble(FAILED, "unreachable", trouble.code, f"not asked: {trouble.message}"))
            else:
                self._dispatcher.add(key, job)

    def _tick(self) -> None:
        self._progress.update(len(self._captures), len(self._known))
        if time.monotonic() > self._deadline:
            for job in self._dispatcher.drain():
                self._record_trouble(job, Trouble(FAILED, "out_of_time", message="the collection's time was over"))

    def _answered(self, job: Job) -> None:
        recorded = self._recorder.answered(job)
        self._keep(recorded.capture)
        if recorded.capture.state == OK:
            if self._clear:
                self._clear(job.request, recorded.answer)
            self._fan_out(job.request, recorded.answer)

    def _record_trouble(self, job: Job, trouble: Trouble) -> None:
        self._keep(self._recorder.troubled(job, trouble).capture)
        self._substitute(job.request, trouble.state)

    def _substitute(self, request: Request, state: str) -> None:
        """Queue what is asked in place of a call that is not supported."""
        if state == UNSUPPORTED:
            for call in self._substitutes[request.call.key]:
                self._submit(replace(request, call=call))

    def _keep(self, capture: Capture) -> None:
        self._captures[_capture_key(capture)] = capture
        if self._journal:
            self._journal.add(capture)
        self._progress.noted(capture)

    def _fan_out(self, request: Request, answer: Mapping[str, Any], *, whole: bool = True) -> None:
        """Queue the requests that an answer leads to: page by page as a listing comes in, and once more over all of it."""
        for call in self._children[request.call.key]:
            if call.batch and not whole:
                continue
            for found in child_requests(call, request, answer, request.call.items):
                if isinstance(found, Request):
                    self._submit(found)
                elif whole:
                    self._unaskable(found)

    def _unaskable(self, found: Unaskable) -> None:
        capture = self._recorder.unaskable(found)
        if _capture_key(capture) not in self._captures:
            self._keep(capture)


def _bucket(key: Any, *, documented: bool) -> Bucket:
    return bucket_for(key[2], documented=documented)


def _cut(problem: str) -> Trouble:
    return Trouble(FAILED, "paging_cut", message=problem)


def _capture_key(capture: Capture) -> tuple[Target, str, str]:
    return capture.target, capture.call, canonical_params(capture.params)
