"""Many accounts: each collected as a whole wherever an executor runs it, and all merged into one collection."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ..plan import Call
from .aws import session_for
from .collection import gather_aws, named, refuse_twice
from .errors import CollectError
from .order import order
from .scope import AssumedAccount, Clock, Collected, Limits
from .source.derive import ReadingOptions

OWN = "own"


@dataclass(frozen=True, slots=True)
class AccountTask:
    """What has to be known to collect one account somewhere else: how to make a session, and never a live one.

    Without a role the profile's own account is meant. The key is left out of the text form, which executors write to their logs.
    """

    profile: str
    role: AssumedAccount | None
    expected: str
    regions: tuple[str, ...]
    plan: str
    calls: tuple[Call, ...] | None
    key: bytes = field(repr=False)
    clock: Clock
    journal: Path
    resume: bool
    limits: Limits
    code: ReadingOptions | None = None


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
    code: ReadingOptions | None = None,
) -> Collected:
    """Collect what `collect_aws` collects, one task of the executor for each account; the result is the same.

    Any `concurrent.futures.Executor` will do: a ProcessPoolExecutor, or that of a Dask cluster (`Client.get_executor()`). A task makes its own
    session from `profile` (empty: the standard credential chain where the task runs), its own threads, buckets and journal
    (`journal` with the account's id added; to go on with `resume` on other machines, its folder has to be shared). `limits` hold for each
    account, and `clock` has to be a function that can be pickled if the executor pickles.
    Raises what `collect_aws` raises, and what the executor raises; the journals of accounts that were finished by then are kept.
    """
    refuse_twice([expected if own else "", *(each.account for each in accounts)])
    roles: list[AssumedAccount | None] = [*([None] if own else []), *accounts]
    if not roles:
        raise CollectError("there is no account to collect. Name the role of one, or collect the profile's own.")
    tasks = [
        AccountTask(
            profile=profile,
            role=each,
            expected=expected,
            regions=tuple(regions),
            plan=plan,
            calls=None if calls is None else tuple(calls),
            key=key,
            clock=clock,
            journal=_journal_of(journal, each),
            resume=resume,
            limits=limits or Limits(),
            code=code,
        )
        for each in roles
    ]
    return named(_merged(plan, list(executor.map(collect_account, tasks))), calls, key)


def collect_account(task: AccountTask) -> Collected:
    """Collect one account, with threads and buckets of its own. Runs wherever the executor runs it."""
    session = session_for(task.profile or None)
    session._session.register_component("data_loader", _models(task.profile))
    return gather_aws(
        session,
        regions=task.regions,
        plan=task.plan,
        key=task.key,
        clock=task.clock,
        journal=task.journal,
        resume=task.resume,
        progress=None,
        accounts=(task.role,) if task.role else (),
        own=task.role is None,
        expected=task.expected,
        limits=task.limits,
        calls=task.calls,
        code=task.code,
    )


@cache
def _models(profile: str) -> Any:
    """The loader of service models, kept between the accounts of a process: reading them is a third of what a small account costs."""
    return session_for(profile or None)._session.get_component("data_loader")


def _journal_of(journal: Path, role: AssumedAccount | None) -> Path:
    return journal.with_name(f"{journal.name}.{(role.account or role.role_arn.replace('/', '-')) if role else OWN}")


def _merged(plan: str, collected: Sequence[Collected]) -> Collected:
    """The collections of single accounts as one, in the order of the seal."""
    refuse_twice([account for each in collected for account in {capture.target.account for capture in each.captures}])
    return Collected(
        captures=tuple(sorted((capture for each in collected for capture in each.captures), key=order)),
        plan=plan,
        started=min(each.started for each in collected),
        finished=max(each.finished for each in collected),
        principals=tuple(sorted({principal for each in collected for principal in each.principals})),
    )
