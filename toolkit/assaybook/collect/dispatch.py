"""Sending requests: each as soon as its bucket has a slot and a worker is free, so that no worker ever waits on a bucket.

One thread decides, some thirty send. A pool whose workers wait for slots is held up by its slowest bucket; an executor for each bucket needs
thousands of threads in an organisation.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from .buckets import Bucket

J = TypeVar("J")
A = TypeVar("A")
LONGEST_WAIT = 0.5


@dataclass(slots=True)
class _Lane(Generic[J]):
    """A bucket and the jobs that wait for it."""

    bucket: Bucket
    waiting: deque[J] = field(default_factory=deque)
    queued: bool = False


class Dispatcher(Generic[J, A]):
    """Runs jobs through their buckets.

    `start` is called in the dispatching thread and gives what a worker is to do; `finished` is called there with the result and may add jobs.
    What a worker raises is raised by `run`.
    """

    def __init__(
        self,
        *,
        workers: int,
        in_bucket: int,
        bucket: Callable[[Hashable], Bucket],
        start: Callable[[J], Callable[[], A]],
        finished: Callable[[J, A], None],
    ) -> None:
        self._workers, self._in_bucket = workers, in_bucket
        self._make, self._start, self._finished = bucket, start, finished
        self._lanes: dict[Hashable, _Lane[J]] = {}
        self._ready: list[tuple[float, int, Hashable]] = []
        self._later: list[tuple[float, int, Hashable, J]] = []
        self._done: SimpleQueue[tuple[Hashable, J, Future[A]]] = SimpleQueue()
        self._numbers = count()
        self._running = 0
        self.waiting = 0

    def bucket(self, key: Hashable) -> Bucket:
        """The bucket with this key."""
        return self._lane(key).bucket

    def add(self, key: Hashable, job: J, *, after: float = 0.0, first: bool = False) -> None:
        """Queue a job, to be sent no earlier than in `after` seconds; `first` puts it before those that wait."""
        self.waiting += 1
        if after > 0:
            heapq.heappush(self._later, (time.monotonic() + after, next(self._numbers), key, job))
            return
        lane = self._lane(key)
        if first:
            lane.waiting.appendleft(job)
        else:
            lane.waiting.append(job)
        self._queue(key, lane)

    def drain(self) -> list[J]:
        """Take out all jobs that are not under way."""
        jobs = [job for lane in self._lanes.values() for job in lane.waiting] + [each[3] for each in self._later]
        for lane in self._lanes.values():
            lane.waiting.clear()
        self._later.clear()
        self.waiting = 0
        return jobs

    def run(self, tick: Callable[[], None]) -> None:
        """Send all jobs and those that they lead to; `tick` is called at least twice a second."""
        pool = ThreadPoolExecutor(self._workers, thread_name_prefix="ask")
        try:
            while self.waiting or self._running:
                tick()
                self._send(pool)
                self._take(self._pause())
        finally:
            # Not waiting for what is under way: after an interruption nobody wants its answer.
            pool.shutdown(wait=False, cancel_futures=True)

    def _send(self, pool: ThreadPoolExecutor) -> None:
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            _, _, key, job = heapq.heappop(self._later)
            self.waiting -= 1
            self.add(key, job, first=True)
        while self._running < self._workers and self._ready and self._ready[0][0] <= now:
            _, _, key = heapq.heappop(self._ready)
            lane = self._lanes[key]
            lane.queued = False
            if not lane.waiting or lane.bucket.in_flight >= self._in_bucket:
                continue
            if lane.bucket.ready_at(now) <= now:
                self._submit(pool, key, lane, now)
                now = time.monotonic()
            self._queue(key, lane)

    def _submit(self, pool: ThreadPoolExecutor, key: Hashable, lane: _Lane[J], now: float) -> None:
        job = lane.waiting.popleft()
        self.waiting -= 1
        self._running += 1
        lane.bucket.sent(now)
        future = pool.submit(self._start(job))
        future.add_done_callback(lambda done: self._done.put((key, job, done)))

    def _take(self, wait: float) -> None:
        """Wait for a result, then handle all that are there."""
        try:
            key, job, future = self._done.get(timeout=wait) if wait > 0 else self._done.get_nowait()
        except Empty:
            return
        while True:
            lane = self._lanes[key]
            lane.bucket.in_flight -= 1
            self._running -= 1
            self._finished(job, future.result())
            self._queue(key, lane)
            try:
                key, job, future = self._done.get_nowait()
            except Empty:
                return

    def _pause(self) -> float:
        """How long nothing can be sent, unless a result comes."""
        if self._running >= self._workers:
            return LONGEST_WAIT
        times = [heap[0][0] for heap in (self._ready, self._later) if heap]
        return min([LONGEST_WAIT, *(max(0.0, each - time.monotonic()) for each in times)])

    def _queue(self, key: Hashable, lane: _Lane[J]) -> None:
        if lane.waiting and not lane.queued and lane.bucket.in_flight < self._in_bucket:
            lane.queued = True
            heapq.heappush(self._ready, (lane.bucket.ready_at(time.monotonic()), next(self._numbers), key))

    def _lane(self, key: Hashable) -> _Lane[J]:
        if key not in self._lanes:
            self._lanes[key] = _Lane(self._make(key))
        return self._lanes[key]
