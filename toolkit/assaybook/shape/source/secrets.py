"""Secrets that are written into files, from what was read of packages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...capture import Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.secrets import WrittenSecret
from ..records import MALFORMED, flag, hole, items, text
from .packages import package_subject, uncovered

CALL = "code:Secrets"


def shape_written_secrets(captures: Captures, ground: Iterable[Row | Hole] = ()) -> Iterator[Row | Hole]:
    """A row for each secret, one of kind `none` for each package without, and a hole for what was not searched, code of workloads that nobody read included."""
    yield from (hole(WrittenSecret, gap, about) for gap, about in uncovered(captures, CALL, ground))
    for capture in captures.of(CALL):
        yield from _of_package(capture)


def _of_package(capture: Capture) -> Iterator[Row | Hole]:
    package = str(capture.params.get("package", ""))
    about = package_subject(capture, package)
    gap = capture.gap()
    if gap is None:
        try:
            workloads = tuple(sorted({str(each) for each in items(capture.answer, "workloads")} - {""}))
            skipped = items(capture.answer, "skipped")
            rows = tuple(_rows(capture, package, workloads))
        except MALFORMED as problem:
            gap = capture.unexpected(f"{type(problem).__name__} {problem}")
        else:
            yield from rows
            for each in skipped:
                said = each if isinstance(each, Mapping) else {}
                gap = Gap(CALL, "failed", f"{said.get('file')}: {said.get('why')}", evidence=capture.ref)
                yield hole(WrittenSecret, gap, about)
            return
    yield hole(WrittenSecret, gap, about)


def _rows(capture: Capture, package: str, workloads: tuple[str, ...]) -> Iterator[WrittenSecret]:
    answer = capture.answer
    searched = answer["searched"]
    located = str(answer.get("located") or "")
    seen: Counter[str] = Counter()
    for each in items(answer, "secrets"):
        path, line = text(each, "file"), each["line"]
        whole = f"{located}/{path}" if located else path
        # Never the line, as a secret stays the same finding when lines are put before it; nor its fingerprint, which is made with a key that each engagement has for itself.
        name = "|".join((package, path, text(each, "name"), text(each, "kind")))
        seen[name] += 1
        yield _row(
            capture, each, package, workloads, path=whole, line=line, key=f"{name}|{seen[name]}", searched=searched
        )
    if not seen:
        nothing: Mapping[str, Any] = {
            "name": "",
            "kind": "none",
            "length": 0,
            "fingerprint": "",
            "certain": True,
            "code": "",
        }
        yield _row(capture, nothing, package, workloads, path="", line=0, key=f"{package}|none", searched=searched)


def _row(
    capture: Capture,
    each: Mapping[str, Any],
    package: str,
    workloads: tuple[str, ...],
    *,
    path: str,
    line: int,
    key: str,
    searched: int,
) -> WrittenSecret:
    place = (f"{path}:{line}" if line else path) if path else ""
    return WrittenSecret(
        key=key,
        subject=_subject(capture, path or package, () if path and capture.target.provider == "source" else workloads),
        sources=(capture.ref,),
        where=place,
        package=package,
        workloads=workloads,
        path=path,
        line=line,
        name=text(each, "name"),
        kind=text(each, "kind"),
        length=int(each["length"]),
        fingerprint=text(each, "fingerprint"),
        certain=flag(each, "certain"),
        code=text(each, "code"),
        searched=searched,
    )


def _subject(capture: Capture, name: str, workloads: tuple[str, ...]) -> Subject:
    """The function where one alone runs the package, else the file or package."""
    target = capture.target
    if len(workloads) == 1 and workloads[0].startswith("arn:"):
        parts = workloads[0].split(":")
        return Subject(
            target.provider if target.provider != "source" else "aws",
            parts[4],
            parts[3],
            "function",
            workloads[0],
            parts[-1],
        )
    return Subject(target.provider, target.account, target.region, "file", name, name)
