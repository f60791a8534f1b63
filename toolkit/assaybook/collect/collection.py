"""A whole collection: who asks, where, then everything that the plan holds, in the order of the seal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from .. import __version__
from ..capture import ELSEWHERE, GLOBAL, OK, Capture, Target
from ..plan import Call
from ..plan.extent import rank
from .answers import well_formed
from .aws import Account, assumed_session
from .engine import Engine
from .errors import CollectError
from .fanout import Request, first_request
from .guard import read_only
from .journal import Journal
from .order import canonical_params, order
from .plans import IDENTITY, PREPARATION, REGIONS, calls_of
from .progress import Progress
from .redact import Redactor, unveiled
from .scope import AssumedAccount, Clock, Collected, Limits
from .source.derive import ReadingOptions
from .source.functions import CODE_CALLS, function_code

ALL = "all"
PREPARATION_SECONDS = 300.0


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
    code: ReadingOptions | None = None,
) -> Collected:
    """Ask everything that the plan holds (or `calls`), in the session's account and those whose roles it may assume.

    With `code`, and with the plan standard or a larger one, the packages of functions are fetched and read into facts.
    `own` says whether the session's own account is collected, and not only used to assume roles; `expected` is the account that it has to be.
    `key` makes the fingerprints of redacted values; `clock` gives the times (UTC). Every finished capture is at once in the journal.
    Raises CollectError if nothing can be collected at all, OSError if the journal cannot be written.
    """
    gathered = gather_aws(
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
        limits=limits or Limits(),
        calls=calls,
        code=code,
    )
    return named(gathered, calls, key)


def named(collected: Collected, calls: Sequence[Call] | None, key: bytes) -> Collected:
    """The collection with the names of its resources written beside the values that equal them, in whichever account they are."""
    asked = _rows(calls, collected.plan)
    return replace(collected, captures=unveiled(collected.captures, asked, Redactor(key)))


def gather_aws(
    session: boto3.Session,
    *,
    regions: Sequence[str],
    plan: str,
    key: bytes,
    clock: Clock,
    journal: Path,
    resume: bool,
    progress: Progress | None,
    accounts: Sequence[AssumedAccount],
    own: bool,
    expected: str,
    limits: Limits,
    calls: Sequence[Call] | None,
    code: ReadingOptions | None = None,
) -> Collected:
    """What `collect_aws` does, but for the names: of a part of the accounts, not all of them are known yet."""
    asked = _rows(calls, plan)
    redactor = Redactor(key)
    reading = code if rank(plan) >= rank("standard") else None
    with ExitStack() as stack:
        core = session._session
        stack.enter_context(read_only(core, (*PREPARATION, *asked, *(CODE_CALLS if reading else ()))))
        stack.enter_context(well_formed(core))
        started = clock().isoformat()
        caller = Account(core, limits)
        stack.callback(caller.close)
        first = Engine((), redactor, clock, replace(limits, seconds=PREPARATION_SECONDS))
        prepared, reached = _own(first, caller, expected, regions) if own else ([], [])
        for each in accounts:
            account = Account(assumed_session(core, each), limits, id=each.account)
            stack.callback(account.close)
            made, found = _further(first, account, each.regions or regions)
            prepared += made
            reached += _once(account, reached) if found else []
        captures: tuple[Capture, ...] = ()
        if reached:
            # Where nothing can be entered, a journal of an earlier day, when it could be, stays as it is.
            scope = _scope(asked, plan, reached, redactor)
            book = stack.enter_context(Journal(journal, scope, started, resume=resume))
            started = book.started
            for account in reached:
                account.day = datetime.fromisoformat(started).astimezone(UTC).date()
            captures = Engine(asked, redactor, clock, limits, book, progress).run(_roots(asked, reached))
            if reading is not None:
                read = [function_code(account, captures, reading, clock, limits, progress) for account in reached]
                captures = (*captures, *(each for facts in read for each in facts))
        finished = clock().isoformat()
    return Collected(
        captures=tuple(sorted([*prepared, *captures], key=order)),
        plan=plan,
        started=started,
        finished=finished,
        principals=tuple(sorted({each.principal for each in reached})),
    )


def _rows(calls: Sequence[Call] | None, plan: str) -> tuple[Call, ...]:
    return tuple(calls) if calls is not None else calls_of("aws", plan)


def _own(engine: Engine, caller: Account, expected: str, wanted: Sequence[str]) -> tuple[list[Capture], list[Account]]:
    """Who the session is, and its regions. Raises CollectError if its credentials do not work, or are of another account than expected."""
    who = ask(engine, caller, IDENTITY)
    if who.state != OK:
        raise CollectError(
            f"sts:GetCallerIdentity: the credentials cannot be used ({who.code or who.reason}: {who.message}). "
            "Sign in again, or name a profile with --profile."
        )
    named = known_as(caller, who)
    if expected and caller.id != expected:
        raise CollectError(
            f"the credentials are of account {caller.id}, and the configuration is about {expected}. "
            "Name another profile, or correct the configuration."
        )
    listed, problem = _regions(engine, caller, wanted)
    if problem:
        raise CollectError(problem)
    return [named, listed], [caller]


def _further(engine: Engine, account: Account, wanted: Sequence[str]) -> tuple[list[Capture], bool]:
    """Who asks in a further account, and whether it can be collected: what cannot be reached is a failed capture and stops nothing."""
    who = ask(engine, account, IDENTITY)
    if who.state != OK:
        return [who], False
    named = known_as(account, who)
    listed, problem = _regions(engine, account, wanted)
    return [named, listed], not problem


def _once(account: Account, reached: Sequence[Account]) -> list[Account]:
    refuse_twice([*(each.id for each in reached), account.id])
    return [account]


def refuse_twice(accounts: Sequence[str]) -> None:
    """Refuse to collect an account twice, as its captures would stand in the seal twice. Raises CollectError."""
    twice = next((each for each in accounts if each and accounts.count(each) > 1), "")
    if twice:
        raise CollectError(f"account {twice} is to be collected twice. Name each account once in the configuration.")


def ask(engine: Engine, account: Account, call: Call, params: Mapping[str, Any] | None = None) -> Capture:
    """Make one request by itself, in the account's home region."""
    request = Request(call, account, Target("aws", account.id, GLOBAL), account.home, params or {})
    return engine.one(request)


def known_as(account: Account, who: Capture) -> Capture:
    """Fill in who the account is by its own answer."""
    arn = str(who.answer.get("Arn", ""))
    parts = arn.split(":")
    if len(parts) < 6 or not str(who.answer.get("Account", "")).isdigit():
        raise CollectError(f"sts:GetCallerIdentity: the answer names no account ({arn!r}). Check AWS_ENDPOINT_URL.")
    account.id, account.principal, account.partition = str(who.answer["Account"]), arn, parts[1]
    return replace(who, target=Target("aws", account.id, GLOBAL))


def _regions(engine: Engine, account: Account, wanted: Sequence[str]) -> tuple[Capture, str]:
    """Settle the regions to ask, or say why they cannot be.

    The list is asked for and recorded also where regions were named, so that a report can say what was left out.
    """
    listed = ask(engine, account, REGIONS)
    enabled = tuple(sorted(_enabled(listed.answer))) if listed.state == OK else ()
    if wanted and ALL not in wanted:
        account.regions = tuple(sorted(set(wanted)))
        account.others = tuple(each for each in enabled if each not in account.regions)
        return listed, ""
    account.regions = enabled
    if account.regions:
        return listed, ""
    why = listed.code or listed.reason or "the answer lists none"
    return listed, (
        f"ec2:DescribeRegions in account {account.id}: the enabled regions cannot be told ({why}). "
        "Name them with --region, or allow ec2:DescribeRegions."
    )


def _enabled(answer: Mapping[str, Any]) -> Iterator[str]:
    for each in answer.get("Regions", ()):
        if (
            isinstance(each, Mapping)
            and isinstance(each.get("RegionName"), str)
            and each.get("OptInStatus") != "not-opted-in"
        ):
            yield each["RegionName"]


def _roots(calls: Sequence[Call], accounts: Iterable[Account]) -> Iterator[Request]:
    """The requests that need no other answer."""
    for account in accounts:
        for call in calls:
            if call.each or call.instead_of:
                continue
            where = {GLOBAL: (account.home,), ELSEWHERE: account.others}.get(call.scope, account.regions)
            for region in where:
                if not call.regions or region in call.regions:
                    yield first_request(call, account, region)


def _scope(calls: Sequence[Call], plan: str, accounts: Sequence[Account], redactor: Redactor) -> dict[str, Any]:
    """What a journal must agree on to be gone on with."""
    rows = hashlib.sha256(canonical_params({"rows": [repr(call) for call in calls]}).encode()).hexdigest()
    return {
        "tool version": __version__,
        "plan": plan,
        "rows": rows,
        "accounts": {each.id: list(each.regions) for each in accounts},
        "key": redactor.fingerprint("assaybook journal"),
    }
