"""Derived captures: what the extractors find in each package, redacted like every answer, from the cache where it is known already."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from ...capture import FAILED, OK, Capture, Target
from ...code.extractors import EXTRACTORS, OWN_FILES, PACKAGE, extractor_version
from ...code.package import Package, Program, Reading, Refused
from ..progress import Progress, Silent
from ..redact import Redactor
from .cache import FactCache, key_of
from .claims import Unread

# A process takes longer to begin than these many files to read.
FEW_FILES = 150
Facts = Mapping[str, Mapping[str, Any]]


class Fetches(Protocol):
    """Gives the bytes of a package from its address; raises NotFetched, see `download`."""

    def fetch(self, address: str, size: int, sha256: str) -> bytes:
        """The bytes, which must be `size` many and have this digest."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How packages are read. `key` makes fingerprints; without `cache` nothing is kept; `processes` 0 takes what the machine has; `fetcher` takes the network's place."""

    key: bytes = field(repr=False)
    code_lines: bool = True
    cache: Path | None = None
    processes: int = 0
    fetcher: Fetches | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A package, where its captures belong, and what its facts are kept under (empty: they are not kept)."""

    package: Package | Unread
    target: Target
    key: str = ""


def mark_of(key: bytes) -> str:
    """What tells the fingerprints of one engagement from those of another, and from which nobody learns its key."""
    return hashlib.sha256(Redactor(key).fingerprint("assaybook facts").encode()).hexdigest()


def derive(
    packages: Sequence[tuple[Package | Unread, Target]],
    options: ReadingOptions,
    at: str,
    progress: Progress | None = None,
) -> tuple[Capture, ...]:
    """The captures of all extractors for each package, in the order of the packages."""
    mark = mark_of(options.key)
    items = [
        Item(
            package, target, "" if isinstance(package, Unread) else key_of(package, mark, code_lines=options.code_lines)
        )
        for package, target in packages
    ]
    told = progress or Silent()
    told.begin("packages")
    return derive_items(items, options, at, told)


def derive_items(
    items: Sequence[Item], options: ReadingOptions, at: str, progress: Progress, before: int = 0, known: int = 0
) -> tuple[Capture, ...]:
    """The captures of items whose keys are made. `before` of the `known` packages are done, for the progress."""
    made: dict[int, tuple[Capture, ...]] = {}
    cache = FactCache(options.cache)
    waiting: list[tuple[int, Package, str]] = []

    def finished(number: int, facts: Facts) -> None:
        item = items[number]
        made[number] = captures_of(item.package, item.target, facts, options, at)
        for each in made[number]:
            progress.noted(each)
        progress.update(before + len(made), known or len(items))

    for number, item in enumerate(items):
        if isinstance(item.package, Unread):
            finished(number, _unread(item.package, options))
            continue
        kept = cache.get(item.key) if item.key else None
        if kept is None:
            waiting.append((number, item.package, item.key))
        else:
            finished(number, kept)
    for number, key, facts in _read_all(waiting, options):
        if key and not any(each.get("broke") for each in facts.values()):
            cache.put(key, facts)
        finished(number, facts)
    cache.prune()
    return tuple(each for number in sorted(made) for each in made[number])


def _read_all(waiting: Sequence[tuple[int, Package, str]], options: ReadingOptions) -> Iterator[tuple[int, str, Facts]]:
    files = sum(len(package.files) for _, package, _ in waiting)
    processes = min(options.processes or _cores(), len(waiting))
    if processes < 2 or files < FEW_FILES:
        for number, package, key in waiting:
            yield number, key, facts_of(package, options)
        return
    # The largest first, so that no process is left alone with it at the end.
    ordered = sorted(waiting, key=lambda each: (-len(each[1].files), each[0]))
    lost: list[tuple[int, Package, str]] = []
    yield from _pooled(ordered, processes, options, lost)
    # Whatever ended a process may have been any package under way, so each is tried once more by itself.
    for each in lost:
        again: list[tuple[int, Package, str]] = []
        yield from _pooled([each], 1, options, again)
        for number, _, key in again:
            yield number, key, _failed("process ended", "the process that read the package ended", options, broke=True)


def _pooled(
    waiting: Sequence[tuple[int, Package, str]],
    processes: int,
    options: ReadingOptions,
    lost: list[tuple[int, Package, str]],
) -> Iterator[tuple[int, str, Facts]]:
    """Read packages in processes of their own, a few more than are at work being handed out at a time; what was under way when a process ended goes to `lost`."""
    rest = list(reversed(waiting))
    running: dict[Future[Facts], tuple[int, Package, str]] = {}
    # Spawned and not forked, as threads may be running.
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        while rest or running:
            try:
                while rest and len(running) < processes + 2:
                    running[pool.submit(facts_of, rest[-1][1], options)] = rest[-1]
                    rest.pop()
            except BrokenProcessPool:
                lost += running.values()
                break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                number, package, key = running.pop(future)
                try:
                    yield number, key, future.result()
                except BrokenProcessPool:
                    lost.append((number, package, key))
    if rest:
        yield from _pooled(list(reversed(rest)), processes, options, lost)


def facts_of(package: Package, options: ReadingOptions) -> Facts:
    """The facts of a package by call, redacted: the answer of each extractor, or why there is none."""
    from ...code.program import read_program

    checked = _checked(package)
    redactor = Redactor(options.key)
    try:
        program = read_program(checked)
    except Exception as error:  # noqa: BLE001 - code of strangers must not end a collection; nothing that was read is believed then
        return _failed("extractor broke", place_of_error(error), options, broke=True)
    reading = Reading(redactor.fingerprint, options.code_lines)
    alone = program.alone()
    return {
        call: _extracted(call, alone if call in OWN_FILES else program, reading, redactor)
        for call in sorted(EXTRACTORS)
    }


def _extracted(call: str, program: Program, reading: Reading, redactor: Redactor) -> Mapping[str, Any]:
    try:
        answer = EXTRACTORS[call](program, reading)
    except Exception as error:  # noqa: BLE001 - as above
        return {"state": FAILED, "reason": "extractor broke", "message": place_of_error(error), "broke": True}
    redacted, count = redactor.answer({**answer, "extractor": extractor_version()})
    return {"state": OK, "answer": redacted, "redactions": count}


def _checked(package: Package) -> Package:
    """The package without the files that do not give what they announce: so that no extractor has to know about them."""
    broken: list[Refused] = []
    good: dict[str, Callable[[], bytes]] = {}
    for path, read in package.files.items():
        try:
            read()
        except OSError as problem:
            said = str(problem.args[0]).rpartition(": ")[2] if problem.strerror is None else problem.strerror
            broken.append(Refused(path, said))
        else:
            good[path] = read
    if not broken:
        return package
    refused = tuple(sorted((*package.refused, *broken), key=lambda each: (each.path, each.why)))
    return replace(package, files=good, refused=refused)


def place_of_error(error: Exception) -> str:
    """The kind of an error and the line of ours at which it arose, and nothing of what it says: that may hold code."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if "assaybook" in PurePosixPath(each.filename).parts]
    last = (ours or frames)[-1]
    return f"{type(error).__name__} at {PurePosixPath(last.filename).name}:{last.lineno}"


def _failed(reason: str, message: str, options: ReadingOptions, *, state: str = FAILED, broke: bool = False) -> Facts:
    said = Redactor(options.key).text(message)
    return {call: {"state": state, "reason": reason, "message": said, "broke": broke} for call in sorted(EXTRACTORS)}


def _unread(package: Unread, options: ReadingOptions) -> Facts:
    facts = dict(_failed(package.reason, package.why, options, state=package.state))
    answer = {
        "entries": [
            {
                "workload": each.workload,
                "handler": each.handler,
                "runtime": each.runtime,
                "provider": each.provider,
                "guessed": each.guessed,
            }
            for each in package.entries
        ],
        "extractor": extractor_version(),
    }
    facts[PACKAGE] = {**facts[PACKAGE], "answer": Redactor(options.key).answer(answer)[0]}
    return facts


def captures_of(
    package: Package | Unread, target: Target, facts: Facts, options: ReadingOptions, at: str
) -> tuple[Capture, ...]:
    """The captures that the facts of a package make."""
    unread = package if isinstance(package, Unread) else None
    name = Redactor(options.key).text(package.name)
    return tuple(
        Capture(
            call=call,
            target=target,
            params={"package": name},
            state=str(said["state"]),
            answer=said.get("answer", {}),
            reason=str(said.get("reason", "")),
            code=unread.code if unread else "",
            message=str(said.get("message", "")),
            permission=unread.permission if unread else "",
            at=at,
            pages=1,
            redactions=int(said.get("redactions", 0)),
            where=unread.where if unread else "",
        )
        for call, said in sorted(facts.items())
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
