"""Rate buckets: how fast each group of calls may be sent, and what throttling teaches.

A bucket with a documented rate is filled at 97 % of it. A throttled answer lowers the rate (to the documented one first, then
by a third each time) and pauses the bucket; answers raise it again, slowly, and never above what is documented.
Only the dispatching thread touches buckets, so they need no locks.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

from ..plan import Call
from .fanout import Request

SHARE = 0.97
BURST_SECONDS = 0.8
LEAST_RATE = 0.5
LOWERED = 0.67
RAISED = 0.05
SLOW = 6.0
LONGEST_PAUSE = 8.0


@cache
def documented_rates() -> dict[str, float]:
    """Requests a second of the buckets that have a documented rate (data/aws_rate_limits.yaml has the sources)."""
    text = files("assaybook").joinpath("data", "aws_rate_limits.yaml").read_text(encoding="utf-8")
    return {name: float(rate) for name, rate in yaml.safe_load(text)["requests_a_second"].items()}


def bucket_name(call: Call) -> str:
    """The name of a row's bucket: its own, or the client's, which holds all operations without one."""
    return call.bucket or (call.name if call.name in documented_rates() else call.name.partition(":")[0])


def bucket_key(request: Request) -> tuple[str, str, str]:
    """Buckets are counted for each account and region."""
    return request.target.account, request.region, bucket_name(request.call)


@dataclass(slots=True)
class Bucket:
    """Pace of one bucket. `limit` is the documented rate (None: there is none), `rate` the present one (None: as fast as asked).

    Slots are given by the generic cell rate algorithm: `_next` is when an even flow would send the next request, and up to
    `BURST_SECONDS` of that flow may be sent ahead. `troubles` counts requests in a row that got no answer at all.
    """

    limit: float | None = None
    rate: float | None = None
    in_flight: int = 0
    paused_until: float = 0.0
    troubles: int = 0
    _next: float = 0.0
    _streak: int = 0
    _sent: deque[float] = field(default_factory=lambda: deque(maxlen=64))

    def ready_at(self, now: float) -> float:
        """When the next request may be sent, at the earliest `now`."""
        if self.rate is None:
            return max(now, self.paused_until)
        return max(now, self.paused_until, self._next - BURST_SECONDS)

    def sent(self, now: float) -> None:
        """A request is sent: take its slot."""
        self.in_flight += 1
        self._sent.append(now)
        if self.rate is not None:
            self._next = max(self._next, now) + 1 / self.rate

    def answered(self) -> None:
        """A request was answered, whatever the answer."""
        self.troubles, self._streak = 0, 0
        if self.rate is not None and (self.limit is None or self.rate < self.limit * SHARE):
            raised = self.rate * (1 + RAISED)
            self.rate = raised if self.limit is None else min(raised, self.limit * SHARE)

    def throttled(self, now: float, pause: float) -> None:
        """A request was refused because there were too many. Refusals of requests sent before the last pause teach nothing new."""
        if now < self.paused_until:
            return
        self._streak += 1
        if self.limit is not None and (self.rate is None or self.rate > self.limit * SHARE):
            self.rate = self.limit * SHARE
        else:
            self.rate = max(LEAST_RATE, (self.rate or self._observed(now)) * LOWERED)
        wait = min(LONGEST_PAUSE, pause * 2 ** (self._streak - 1))
        self.paused_until, self._next = now + wait, now + wait + BURST_SECONDS

    def _observed(self, now: float) -> float:
        """The rate of the last seconds, which was too high; that of a few requests says nothing."""
        recent = [each for each in self._sent if each > now - 2.0]
        return max(SLOW, len(recent) / 2.0)


def bucket_for(name: str, *, documented: bool) -> Bucket:
    """A bucket at its documented rate, or, if those are left aside, one that knows it and runs freely until it is throttled."""
    limit = documented_rates().get(name)
    return Bucket(limit, limit * SHARE if limit is not None and documented else None)
