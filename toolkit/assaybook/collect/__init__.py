"""Collecting: asks for everything and judges nothing. The only part that opens a socket; SDKs are imported when something is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import CollectError
from .scope import AssumedAccount, Clock, Collected, Limits

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import boto3

    from ..plan import Call
    from .progress import Progress

__all__ = ["AssumedAccount", "CollectError", "Collected", "Limits", "collect_accounts", "collect_aws", "session_for"]


def session_for(profile: str | None = None) -> boto3.Session:
    """A session with the standard credential chain, or with a profile. Raises CollectError for a profile that cannot be used."""
    from .aws import session_for as made

    return made(profile)


def collect_aws(
    session: boto3.Session,
    *,
    regions: Sequence[str],
    plan: str,
    key: bytes,
    clock: Clock,
    journal: Path,
    resume: bool = False,
    progress: Progress | None = None,
    accounts: Sequence[AssumedAccount] = (),
    own: bool = True,
    expected: str = "",
    limits: Limits | None = None,
    calls: Sequence[Call] | None = None,
) -> Collected:
    """Collect from AWS; see `collection.collect_aws`."""
    from .collection import collect_aws as collect

    return collect(
        session,
        regions=regions,
        plan=plan,
        key=key,
        clock=clock,
        journal=journal,
        resume=resume,
        progress=progress,
        accounts=accounts,
        own=own,
        expected=expected,
        limits=limits,
        calls=calls,
    )


def collect_accounts(
    profile: str,
    *,
    executor: Executor,
    regions: Sequence[str],
    plan: str,
    key: bytes,
    clock: Clock,
    journal: Path,
    resume: bool = False,
    accounts: Sequence[AssumedAccount] = (),
    own: bool = True,
    expected: str = "",
    limits: Limits | None = None,
    calls: Sequence[Call] | None = None,
) -> Collected:
    """Collect many accounts of AWS, each where an executor runs it; see `accounts.collect_accounts`."""
    from .accounts import collect_accounts as collect

    return collect(
        profile,
        executor=executor,
        regions=regions,
        plan=plan,
        key=key,
        clock=clock,
        journal=journal,
        resume=resume,
        accounts=accounts,
        own=own,
        expected=expected,
        limits=limits,
        calls=calls,
    )
