"""Packages of code, as the derived captures tell of them: which were read, how far, and to which workloads they belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from ...capture import ABSENT, OK, Capture, Captures, Target
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...tables.code import CodePackage
from ...tables.compute import Workload
from ..records import MALFORMED, Record, hole, items, loose_items, loose_part, shaped, text

PACKAGE, HABITS = "code:Package", "code:Habits"
MOST_NAMED = 3


@dataclass(frozen=True)
class Workloads:
    """The workloads that are known, by key: where a fact of code stands is where the workload stands that runs it."""

    rows: Mapping[str, Workload]

    @classmethod
    def of(cls, ground: Iterable[Row | Hole]) -> Workloads:
        """Those among all rows."""
        return cls({each.key: each for each in ground if isinstance(each, Workload)})

    def known(self, keys: Iterable[str]) -> tuple[Workload, ...]:
        """Those of these keys that are known."""
        return tuple(self.rows[key] for key in sorted(set(keys)) if key in self.rows)

    def setting(self, keys: Iterable[str]) -> Setting:
        """The worst place of several: what one of them is open to, the code is."""
        found = [each.setting for each in self.known(keys)]
        if not found:
            return Setting()
        return Setting(
            _worst([each.internet for each in found]),
            _worst([each.sensitive for each in found]),
            False if all(each.production is False for each in found) else None,
        )


def _worst(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def package_name(capture: Capture) -> str:
    """What the package of a derived capture is called."""
    return str(capture.params.get("package", ""))


def package_subject(capture: Capture, name: str) -> Subject:
    """The subject that stands for a package: the function itself where the package is called by its ARN."""
    target = capture.target
    if ":function:" in name:
        parts = name.split(":")
        return Subject(
            target.provider, target.account, target.region, "function", name, parts[6] if len(parts) > 6 else name
        )
    return Subject(target.provider, target.account, target.region, "package", name or "package", name or "package")


def starts(answer: Record) -> tuple[str, ...]:
    """The workloads that start in a package."""
    found = [str(each.get("workload") or "") for each in loose_items(answer, "entries") if isinstance(each, Mapping)]
    found += [each for each in loose_items(answer, "workloads") if isinstance(each, str)]
    return tuple(sorted({each for each in found if each}))


def shape_packages(captures: Captures, workloads: Workloads) -> Iterator[Row | Hole]:
    """CodePackage rows, and holes for packages that could not be read."""
    for capture in captures.of(PACKAGE):
        name = package_name(capture)
        subject = package_subject(capture, name)
        gap = capture.gap()
        if gap is not None:
            yield hole(CodePackage, gap, subject)
        elif capture.state != ABSENT:
            yield from shaped(capture, CodePackage, partial(_package, capture, name, workloads), subject)


def _package(capture: Capture, name: str, workloads: Workloads) -> CodePackage:
    answer = capture.answer
    started = starts(answer)
    known = workloads.known(started)
    return CodePackage(
        key=f"{capture.target}/{name}",
        subject=known[0].subject if len(known) == 1 and len(started) == 1 else package_subject(capture, name),
        sources=(capture.ref,) if capture.ref else (),
        setting=workloads.setting(started),
        where=text(answer, "located", ""),
        name=name,
        kind=text(answer, "kind", "folder"),
        sha256=text(answer, "sha256", ""),
        files=int(answer["files"]),
        parsed=int(answer["parsed"]),
        vendored=int(answer.get("vendored", 0)),
        unread=tuple(f"{each['path']}: {each['why']}" for key in ("unparsed", "partly") for each in items(answer, key)),
        languages=tuple(sorted(loose_part(answer, "languages"))),
        others=tuple(sorted(loose_part(answer, "others"))),
        workloads=started,
    )


def unread(capture: Capture) -> Gap | None:
    """The gap for what of a package was not read, though the package was; None if all was."""
    try:
        found = [(str(each["file"]), str(each["why"])) for each in items(capture.answer, "unread")]
    except MALFORMED as problem:
        return capture.unexpected(f"{type(problem).__name__} {problem}")
    if not found:
        return None
    named = "; ".join(f"{path} ({why})" for path, why in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    target = capture.target
    files = "file was" if len(found) == 1 else "files were"
    return Gap(
        capture.call,
        "unsupported",
        f"{len(found)} {files} not read: {named}{more}",
        "",
        target.account,
        target.region,
        capture.ref,
    )


def uncovered(captures: Captures, call: str, ground: Iterable[Row | Hole]) -> Iterator[tuple[Gap, Subject]]:
    """Gaps for workloads whose code nobody read: one for each target where none was, else one for each workload."""
    ground = tuple(ground)
    # Where functions themselves could not be listed, nobody read their code either.
    yield from ((each.gap, each.subject) for each in ground if isinstance(each, Hole) and each.table is Workload)
    rows = [each for each in ground if isinstance(each, Workload)]
    seen: set[str] = set()
    asked: set[Target] = set()
    for capture in captures.of(call):
        asked.add(capture.target)
        name = package_name(capture)
        seen.add(name)
        if capture.state == OK:
            seen.update(starts(capture.answer))
    by_target: dict[Target, list[Workload]] = {}
    for row in rows:
        target = Target(row.subject.provider, row.subject.account, row.subject.region)
        by_target.setdefault(target, []).append(row)
    for target, mine in sorted(by_target.items()):
        missing = [row for row in mine if row.key not in seen]
        gap = captures.unmade(call, target).gap()
        if gap is None or not missing:
            continue
        if len(missing) == len(mine) and target not in asked:
            where = f"{target.account}/{target.region}"
            yield gap, Subject(target.provider, target.account, target.region, "region", where, where)
        else:
            yield from ((gap, row.subject) for row in missing)
