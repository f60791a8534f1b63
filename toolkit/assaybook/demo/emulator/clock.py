"""A clock that stands still, so that recording the demo on another day gives the same bytes."""

from __future__ import annotations

import datetime as module
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import Any

_real = datetime
_now: list[datetime] = []


class _AnyDatetime(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _real)


class StandingDatetime(datetime, metaclass=_AnyDatetime):
    """`datetime` as modules see it that are imported while the clock stands; on a running clock it gives the real time."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        """The moment at which the clock stands."""
        if not _now:
            return _real.now(tz)
        return _now[-1].astimezone(tz) if tz else _now[-1].replace(tzinfo=None)

    @classmethod
    def utcnow(cls) -> Any:
        """The same without a time zone."""
        return cls.now(module.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Any:
        """The same without a time zone."""
        return cls.utcnow()


@contextmanager
def standing_clock(start: datetime) -> Iterator[None]:
    """Stop the clock for this process, in UTC: `datetime` and `time.time`. Modules that take `datetime` by name must be imported within."""
    running, zone = time.time, os.environ.get("TZ")
    _set_zone("UTC")
    _now.append(start)
    module.datetime = StandingDatetime  # type: ignore[misc]
    time.time = lambda: _now[-1].timestamp() if _now else running()
    try:
        yield
    finally:
        module.datetime = _real  # type: ignore[misc]
        time.time = running
        _now.clear()
        _set_zone(zone)


def _set_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()


@contextmanager
def at(day: str, hour: int = 9) -> Iterator[None]:
    """Set the standing clock to a day (UTC) while something is made."""
    moment = _real.fromisoformat(f"{day}T{hour:02d}:00:00+00:00") + timedelta(seconds=17)
    _now.append(moment)
    try:
        yield
    finally:
        _now.pop()
