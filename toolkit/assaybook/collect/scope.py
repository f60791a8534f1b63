"""What is collected from, and what a collection gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..capture import Capture

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class AssumedAccount:
    """A further account, reached by assuming a role with the session's credentials.

    Without regions, those of the session's own account are asked.
    """

    role_arn: str
    external_id: str = ""
    regions: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        """The account id that the role's ARN names; empty if it names none."""
        parts = self.role_arn.split(":")
        return parts[4] if len(parts) > 5 else ""


@dataclass(frozen=True, slots=True)
class Collected:
    """All captures of a collection in the order of the seal, and when and by whom they were made (UTC, ISO 8601)."""

    captures: tuple[Capture, ...]
    plan: str
    started: str
    finished: str
    principals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one collection may do, so that it ends whatever the other side does.

    seconds: of the whole collection; what was not asked by then becomes a failed capture.
    calls: at once, over all buckets. bucket_calls: at once in one bucket, so that an endpoint that hangs leaves room for others.
    throttles, retries: attempts at one page that was throttled, or that failed in transit.
    pages: of one listing. unreachable: failures in transit, without an answer between them, after which a bucket is given up.
    connect, read: seconds to wait for a connection and for bytes of an answer. pause: first delay before a retry, doubled each time.
    rates: False leaves the documented rates aside until a service throttles.
    """

    seconds: float = 6 * 3600.0
    calls: int = 32
    bucket_calls: int = 24
    throttles: int = 12
    retries: int = 3
    pages: int = 20_000
    unreachable: int = 8
    connect: float = 5.0
    read: float = 20.0
    pause: float = 0.25
    rates: bool = True
