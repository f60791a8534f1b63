"""From scope to seal: collects what a configuration or command line names and seals it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import ConfigError, Configuration, Scope, load_config
from .seal import write_seal

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .collect import Collected
    from .collect.imports import Import
    from .collect.source import ReadingOptions

KEY_FILE = "engagement.key"
SEAL_FILE = "evidence.seal"
OSV_API = "osv-api"


def collect_to(
    path: Path,
    config: Path | None = None,
    *,
    regions: Sequence[str] = (),
    profile: str = "",
    plan: str = "standard",
    resume: bool = False,
    progress: Any = None,
    executor: Executor | None = None,
    source: Path | None = None,
    code: bool = True,
    code_lines: bool = True,
    cache: Path | None = None,
    cached: bool = True,
    advisories: Sequence[str] = (),
    imports: Sequence[Path] = (),
) -> str:
    """Collect with the standard credential chain and write the seal; gives its digest.

    With `source`, or a configuration that names one and no account, a source tree is read in place of an account; nothing is asked over the network then.
    `code` says whether the code of functions is read, `code_lines` whether single lines of it are kept; `cache` is where facts of unchanged code are kept (by
    default the user's folder for such things), unless `cached` is False.
    `advisories` name sources of known vulnerabilities beside those of the configuration; the public service is reached only where one of both names it.
    `imports` name files with results of other tools beside those of the configuration; one that cannot be used stops the run before anything is collected.
    Regions and profile of the command line come before those of the configuration. What was collected survives an interruption in a journal beside
    the seal. With an executor each account is a task of its own, which may run on another machine; progress is then the executor's to show.
    Raises ConfigError, CollectError or OSError.
    """
    from .collect import collect_accounts, collect_aws, session_for

    configuration = load_config(config)
    tree = source_of(configuration, source, regions=regions, profile=profile)
    if tree is not None and tree.resolve() == path.parent.resolve():
        raise ConfigError(f"{tree}: is the source, and the results are to go there too. Name another folder with -o.")
    path.parent.mkdir(parents=True, exist_ok=True)
    reading = _reading(path.parent, code_lines=code_lines, cache=cache, cached=cached, alone=tree is not None)
    beside = _imports(configuration, imports, reading.key)
    if tree is not None:
        read = _collect_tree(tree, configuration, reading, path.parent, code, progress)
        return seal_collected(path, _with_imports(_with_advisories(read, configuration, advisories), beside))
    scope = _scopes(configuration.scope, regions, profile)
    _refuse_several_sessions(scope, config)
    journal = path.with_name(f"{path.name}.journal")
    first = scope[0]
    asked: dict[str, Any] = {
        "regions": first.regions or ("all",),
        "plan": plan,
        "key": reading.key,
        "code": reading if code else None,
        "clock": _now,
        "journal": journal,
        "resume": resume,
        "accounts": _assumed(scope),
        "own": any(not each.role for each in scope),
        "expected": next((each.account for each in scope if not each.role), ""),
    }
    if executor is not None:
        collected = collect_accounts(first.profile, executor=executor, **asked)
    else:
        collected = collect_aws(session_for(first.profile or None), progress=progress, **asked)
    digest = seal_collected(path, _with_imports(_with_advisories(collected, configuration, advisories), beside))
    for each in (journal, *path.parent.glob(f"{escape(journal.name)}.*")):
        each.unlink(missing_ok=True)
    return digest


def source_of(
    configuration: Configuration, source: Path | None, *, regions: Sequence[str] = (), profile: str = ""
) -> Path | None:
    """The source tree to read; None if an account is to be asked. Raises ConfigError where both are named."""
    named = "--region" if regions else "--profile" if profile else ""
    if source is not None:
        if named:
            raise ConfigError(f"--source reads no account, and {named} is about one. Leave one of them out.")
        return source
    declared = configuration.source.path
    return configuration.folder / declared if declared and not configuration.scope and not named else None


def _reading(folder: Path, *, code_lines: bool, cache: Path | None, cached: bool, alone: bool) -> ReadingOptions:
    from .collect.source import ReadingOptions, default_folder

    kept = (cache or default_folder()) if cached else None
    return ReadingOptions(engagement_key(_key_folder(folder, kept if alone else None)), code_lines, kept)


def _key_folder(folder: Path, kept: Path | None) -> Path:
    """Where the key is: beside the seal, or with the cache, so that a pipeline that reads a source tree into a new folder each time finds the facts of the last run."""
    if kept is None or (folder / KEY_FILE).exists():
        return folder
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return folder
    return kept


def _collect_tree(
    path: Path, configuration: Configuration, reading: ReadingOptions, results: Path, code: bool, progress: Any
) -> Collected:
    from .collect.source import Exclusion, collect_source

    exclusions = [Exclusion(each.pattern, each.reason, each.reviewer) for each in configuration.source.exclude]
    images = [configuration.folder / each for each in configuration.source.images]
    return collect_source(
        path, reading, clock=_now, exclusions=exclusions, images=images, results=results, code=code, progress=progress
    )


def _with_advisories(collected: Collected, configuration: Configuration, named: Sequence[str]) -> Collected:
    """The collection with what sources of advisories say of the packages in it; as it is where none is named."""
    from .collect.advisories import Sources, advisories_for, components_of
    from .collect.order import order

    said, folder = configuration.advisories, configuration.folder
    paths = [folder / each for each in said.osv if each != OSV_API] + [Path(each) for each in named if each != OSV_API]
    sources = Sources(
        osv=tuple(paths),
        osv_api=OSV_API in (*said.osv, *named),
        registries=said.registries,
        vex=tuple(folder / each for each in said.vex),
        exploited=folder / said.exploited if said.exploited else None,
        likelihood=folder / said.likelihood if said.likelihood else None,
    )
    read = [each for each in collected.captures if each.call == "code:Dependencies"]
    if not sources or not read:
        return collected
    found = advisories_for(components_of(read), sources, _now, min(each.target for each in read))
    captures = tuple(sorted((*collected.captures, *found), key=order))
    return replace(collected, captures=captures, finished=_now().isoformat())


def _imports(configuration: Configuration, named: Sequence[Path], key: bytes) -> Sequence[Import]:
    """What other tools reported, read before anything is collected so that a file which cannot be used costs no collection."""
    from .collect.imports import read_imports

    return read_imports([*(configuration.folder / each for each in configuration.source.imports), *named], key)


def _with_imports(collected: Collected, read: Sequence[Import]) -> Collected:
    """The collection with what other tools reported."""
    from .collect.imports import imported
    from .collect.order import order

    targets = {each.target for each in collected.captures if not each.outside}
    if not read or not targets:
        return collected
    found = imported(read, targets, _now)
    return replace(collected, captures=tuple(sorted((*collected.captures, *found), key=order)))


def _now() -> datetime:
    return datetime.now(UTC)


def seal_collected(path: Path, collected: Collected, *, synthetic: bool = False) -> str:
    """Write the seal of a collection; gives its digest."""
    return write_seal(
        path,
        collected.captures,
        plan=collected.plan,
        started=collected.started,
        as_of=collected.finished,
        principals=collected.principals,
        synthetic=synthetic,
    )


def engagement_key(folder: Path) -> bytes:
    """The key that fingerprints are made with: kept beside the seal and never in it, readable only by its owner; made on first use."""
    path = folder / KEY_FILE
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        key = secrets.token_bytes(32)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(key.hex() + "\n")
        return key
    except ValueError as problem:
        raise ConfigError(f"{path}: is not a key of hexadecimal digits. Remove it and a new one is made.") from problem


def _scopes(declared: Sequence[Scope], regions: Sequence[str], profile: str) -> Sequence[Scope]:
    scopes = list(declared) or [Scope()]
    if regions or profile:
        changed = {"regions": tuple(regions) or scopes[0].regions, "profile": profile or scopes[0].profile}
        scopes[0] = scopes[0].model_copy(update=changed)
    return scopes


def _refuse_several_sessions(scopes: Sequence[Scope], config: Path | None) -> None:
    """One collection has one session; further accounts are reached from it by their roles."""
    others = {each.profile for each in scopes[1:]} - {"", scopes[0].profile}
    if others or sum(not each.role for each in scopes) > 1:
        raise ConfigError(
            f"{config}: several scopes have credentials of their own. Give all but the first a role to assume, or collect each with a configuration of its own."
        )


def _assumed(scopes: Sequence[Scope]) -> tuple[Any, ...]:
    from .collect import AssumedAccount

    return tuple(
        AssumedAccount(role_arn=each.role, external_id=each.external_id, regions=each.regions)
        for each in scopes
        if each.role
    )
